//! The declared shapes of JSON columns: a JSON Schema as a table of fields.

use serde::Serialize;
use serde_json::Value;

use super::columns::is_brief;
use super::context::Context;
use super::text::{cell, code, fence};
use crate::model::{ObjectId, Table};

/// No shape is followed deeper, and no longer one is listed whole.
const MAX_DEPTH: usize = 12;
const MAX_FIELDS: usize = 300;

/// The shape of one column.
#[derive(Serialize)]
pub(super) struct Shape {
    column: String,
    fields: Vec<Field>,
    /// The schema itself, where it has no fields to list.
    verbatim: String,
    examples: Vec<String>,
}

#[derive(Serialize)]
struct Field {
    path: String,
    type_name: String,
    required: &'static str,
    description: String,
}

pub(super) fn of_table(context: &Context<'_>, table: &Table) -> Vec<Shape> {
    let catalog = context.report.catalog;
    let shapes = table.columns.iter().filter_map(|column| {
        let notes = catalog.notes(&ObjectId::column(&table.name, &column.name))?;
        let mut shape = of_column(&column.name, notes.shape.as_deref()?);
        let long = notes.examples.iter().filter(|e| !is_brief(e));
        shape.examples = long.map(|e| fence("json", &pretty(e))).collect();
        Some(shape)
    });
    shapes.collect()
}

fn of_column(column: &str, text: &str) -> Shape {
    let schema: Option<Value> = serde_json::from_str(text).ok();
    let mut fields = Vec::new();
    if let Some(schema) = &schema {
        walk(schema, "", MAX_DEPTH, &mut fields);
    }
    let verbatim = match fields.is_empty() {
        false => String::new(),
        true => {
            let pretty = schema.and_then(|s| serde_json::to_string_pretty(&s).ok());
            fence("json", pretty.as_deref().unwrap_or(text))
        }
    };
    Shape {
        column: code(column),
        fields,
        verbatim,
        examples: Vec::new(),
    }
}

/// JSON on lines of its own; what is no JSON as it is.
fn pretty(text: &str) -> String {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    pretty.unwrap_or_else(|| text.to_owned())
}

fn walk(schema: &Value, prefix: &str, depth: usize, fields: &mut Vec<Field>) {
    if depth == 0 {
        return;
    }
    if let Some(items) = schema.get("items") {
        walk(items, &format!("{prefix}[]"), depth - 1, fields);
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let required = schema.get("required").and_then(Value::as_array);
    for (name, property) in properties {
        if fields.len() >= MAX_FIELDS {
            return;
        }
        let path = match prefix {
            "" => name.clone(),
            prefix => format!("{prefix}.{name}"),
        };
        let is_required = required.is_some_and(|r| r.iter().any(|n| n.as_str() == Some(name)));
        fields.push(Field {
            path: code(&path),
            type_name: cell(&type_name(property)),
            required: if is_required { "✓" } else { "" },
            description: description(property),
        });
        walk(property, &path, depth - 1, fields);
    }
}

/// `string`, `number or null`, `array of string`.
fn type_name(schema: &Value) -> String {
    let base = match schema.get("type") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            names.join(" or ")
        }
        _ => return String::new(),
    };
    let items = schema.get("items").and_then(|i| i.get("type"));
    match (base.as_str(), items.and_then(Value::as_str)) {
        ("array", Some(item)) => format!("array of {item}"),
        _ => base,
    }
}

fn description(schema: &Value) -> String {
    let mut parts = Vec::new();
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        parts.push(cell(text));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values.iter().map(|v| code(&v.to_string())).collect();
        parts.push(format!("One of {}.", values.join(", ")));
    }
    for (key, words) in [
        ("format", "Format"),
        ("pattern", "Pattern"),
        ("minimum", "At least"),
        ("maximum", "At most"),
        ("default", "Default"),
    ] {
        if let Some(value) = schema.get(key) {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            parts.push(format!("{words} {}.", code(&text)));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_fields_have_paths() {
        let shape = of_column(
            "metadata",
            r#"{"type":"object","required":["estimate"],"properties":{
                "estimate":{"type":"number","description":"Hours","minimum":0},
                "labels":{"type":"array","items":{"type":"object","properties":{
                    "name":{"type":["string","null"],"enum":["a|b",null]}}}}}}"#,
        );
        let rows: Vec<_> = shape
            .fields
            .iter()
            .map(|f| (&*f.path, &*f.type_name, f.required, &*f.description))
            .collect();
        assert_eq!(
            rows,
            [
                ("`estimate`", "number", "✓", "Hours At least `0`."),
                ("`labels`", "array of object", "", ""),
                (
                    "`labels[].name`",
                    "string or null",
                    "",
                    "One of <code>&#34;a&#124;b&#34;</code>, `null`."
                ),
            ]
        );
        assert_eq!(shape.verbatim, "");
    }

    #[test]
    fn what_has_no_fields_is_shown_as_it_is() {
        let shape = of_column("tags", r#"{"type":"array","items":{"type":"string"}}"#);
        assert!(shape.fields.is_empty());
        assert!(shape.verbatim.starts_with("```json\n{\n"));
        assert_eq!(
            of_column("x", "{no json").verbatim,
            "```json\n{no json\n```"
        );
    }

    #[test]
    fn depth_is_limited() {
        let mut text = String::from(r#"{"type":"string"}"#);
        for _ in 0..40 {
            text = format!(r#"{{"type":"object","properties":{{"a":{text}}}}}"#);
        }
        assert_eq!(of_column("x", &text).fields.len(), MAX_DEPTH);
    }
}
