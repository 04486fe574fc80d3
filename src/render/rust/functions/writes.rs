//! Inserts, one by one and many at once, and inserts that update.

use serde::Serialize;

use super::super::columns::{Field, Insert};
use super::super::escape::{code, rust_str_inner};
use super::super::layout;
use super::super::names::Unique;
use super::super::table::{Context, doc_block};
use super::lookups::{and_name, unique_keys};
use super::{CLIENT, Statement, joined, short, statement};
use crate::model::{ConstraintKind, Deferral, Ident};

#[derive(Debug, Serialize)]
pub(super) struct InsertFunctions {
    pub(super) one: Statement,
    pub(super) many: Option<Statement>,
    /// Parameters a row.
    pub(super) count: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Upsert {
    doc: String,
    signature: String,
    keep: String,
    sql: String,
}

pub(super) fn inserts(context: &Context<'_>) -> InsertFunctions {
    let count = context.inserted().count();
    let table = &context.sql;
    if count == 0 {
        let sql = [
            format!("INSERT INTO {table} DEFAULT VALUES"),
            "RETURNING {COLUMNS}".to_owned(),
        ];
        let sql = layout::sql(8, true, &sql);
        let arguments = [CLIENT.to_owned()];
        let one = statement(
            "Inserts a row of defaults.",
            "insert",
            &arguments,
            "Result<Self, Error>",
            sql,
        );
        return InsertFunctions {
            one,
            many: None,
            count,
        };
    }
    let pieces = [
        format!("INSERT INTO {table} ({{INSERT_COLUMNS}}) VALUES {{values}}"),
        "RETURNING {COLUMNS}".to_owned(),
    ];
    let new = &context.names.new;
    let one = statement(
        "Inserts one row.",
        "insert",
        &[CLIENT.to_owned(), format!("new: &{new}")],
        "Result<Self, Error>",
        layout::sql(8, true, &pieces),
    );
    let many = statement(
        "Inserts rows, as many to a statement as fit: all or none in a transaction only.",
        "insert_many",
        &[CLIENT.to_owned(), format!("new: &[{new}]")],
        "Result<Vec<Self>, Error>",
        layout::sql(12, true, &pieces),
    );
    InsertFunctions {
        one,
        many: Some(many),
        count,
    }
}

pub(super) fn upserts(context: &Context<'_>, taken: &mut Unique) -> Vec<Upsert> {
    let table = context.table;
    if !context.has_patch || table.foreign.is_some() {
        return Vec::new();
    }
    let mut all = Vec::new();
    let primary = table.primary_key().filter(|c| {
        let overlaps = matches!(
            c.kind,
            ConstraintKind::PrimaryKey {
                without_overlaps: true,
                ..
            }
        );
        c.deferral == Deferral::NotDeferrable && !overlaps
    });
    if let Some(primary) = primary {
        all.extend(upsert(
            context,
            "upsert".to_owned(),
            &context.key(),
            &primary.name,
        ));
    }
    for key in unique_keys(table).into_iter().filter(|k| k.arbiter) {
        let columns: Vec<Ident> = key.columns.iter().map(|c| (*c).clone()).collect();
        let fields = context.named(&columns);
        let name = short(&format!("upsert_by_{}", and_name(&fields)));
        if !fields.is_empty() && fields.iter().all(|f| f.insert != Insert::Never) {
            all.extend(upsert(context, taken.claim(&name), &fields, key.name));
        }
    }
    all
}

fn upsert(
    context: &Context<'_>,
    name: String,
    fields: &[&Field<'_>],
    key: &Ident,
) -> Option<Upsert> {
    if fields.is_empty() || fields.iter().any(|f| f.insert == Insert::Never) {
        return None;
    }
    let names = context.names;
    let columns = joined(fields, |_, f| f.sql.clone());
    let pieces = [
        format!(
            "INSERT INTO {} AS t ({{INSERT_COLUMNS}}) VALUES {{values}}",
            context.sql
        ),
        format!("ON CONFLICT ({columns}) DO UPDATE SET {{set}}"),
        "RETURNING {COLUMNS}".to_owned(),
    ];
    let first = fields.first()?;
    let keep = format!("\"{0} = t.{0}\"", rust_str_inner(&first.sql));
    let doc = format!(
        "Inserts one row or, where {} is taken, applies `patch` to the row that has it.",
        code(key)
    );
    let arguments = [
        CLIENT.to_owned(),
        format!("new: &{}", names.new),
        format!("patch: &{}", names.patch),
    ];
    Some(Upsert {
        doc: doc_block(4, "///", &[doc]),
        signature: layout::signature(
            4,
            &format!("pub async fn {name}"),
            &arguments,
            "Result<Self, Error>",
        ),
        keep: layout::call(12, "set.push_str", &[keep], ";"),
        sql: layout::sql(8, true, &pieces),
    })
}
