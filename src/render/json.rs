//! The catalog for programs, for `schemagen render json`: every object with its SQL, what it needs,
//! and what the keys of the YAML format say of it. Keys are only ever added.
//!
//! Invariant: every statement of `schema.sql` is there once, at the object that it makes or changes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Report;
use super::yaml::Definitions;
use crate::ddl;
use crate::model::{Column, ObjectId, ObjectRef, Table};

/// The catalog as pretty-printed JSON.
pub fn json(report: &Report<'_>) -> String {
    let mut statements: BTreeMap<ObjectId, Vec<String>> = BTreeMap::new();
    for ddl in ddl::statements(report.catalog, report.graph, report.dialect) {
        statements.entry(ddl.object).or_default().push(ddl.sql);
    }
    let definitions = Definitions::new(report);
    let mut needs: BTreeMap<&ObjectId, Vec<String>> = BTreeMap::new();
    for (from, to) in report.graph.edges() {
        needs.entry(from).or_default().push(to.to_string());
    }
    let objects = report.catalog.objects().into_iter().map(|(id, object)| {
        let mut map = Map::new();
        map.insert("kind".into(), json!(id.kind.as_str()));
        map.insert("path".into(), json!(id.path()));
        map.insert("schema".into(), json!(id.name.schema.as_deref()));
        map.insert("name".into(), json!(id.name.name.as_str()));
        map.insert("member".into(), json!(id.member.as_deref()));
        if let ObjectRef::Table(table) = object {
            map.insert("columns".into(), columns(table, report));
        }
        if let ObjectRef::Constraint(_, constraint) = object {
            let clause = ddl::constraint_clause(constraint, report.dialect);
            map.insert("clause".into(), json!(clause));
        }
        if let Some(definition) = definitions.of(object) {
            map.insert("definition".into(), definition);
        }
        map.insert(
            "sql".into(),
            json!(statements.remove(&id).unwrap_or_default()),
        );
        map.insert(
            "depends_on".into(),
            json!(needs.remove(&id).unwrap_or_default()),
        );
        if report.catalog.is_external(&id.name) {
            map.insert("external".into(), json!(true));
        }
        Value::Object(map)
    });
    let objects: Vec<Value> = objects.collect();
    // What is kept verbatim makes no object.
    let kept: Vec<String> = statements.into_values().flatten().collect();
    let value = json!({
        "version": 1,
        "dialect": report.dialect.as_str(),
        "target": report.version.label(),
        "objects": objects,
        "kept": kept,
    });
    // A JSON value always prints.
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn columns(table: &Table, report: &Report<'_>) -> Value {
    let column = |column: &Column| {
        json!({
            "name": column.name.as_str(),
            "type": report.dialect.print_type(&column.data_type),
            "not_null": column.not_null,
            "default": column.default.as_ref().map(|d| d.text()),
            "comment": column.comment,
        })
    };
    table.columns.iter().map(column).collect()
}
