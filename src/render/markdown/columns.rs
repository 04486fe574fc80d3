//! The rows of a table's columns.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::context::{Context, Links, Place};
use super::table_page::on_delete;
use super::text::{cell, code, inline, list};
use crate::model::{Column, Identity, Notes, ObjectId, ReferentialAction, Table};
use crate::render::relations::unique_sets;

/// The mark of a key, and of a column that may be null.
const MARK: &str = "✓";

/// A row: every string is Markdown, ready for a cell.
#[derive(Serialize)]
pub(super) struct ColumnRow {
    name: String,
    type_name: String,
    nullable: &'static str,
    primary_key: &'static str,
    foreign_key: String,
    /// Where no two rows have the same value of this column.
    unique: &'static str,
    default: String,
    description: String,
}

pub(super) fn rows(context: &Context<'_>, table: &Table, node: usize) -> Vec<ColumnRow> {
    let primary = table.primary_key_columns();
    let mut references: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for edge in &context.relations.outgoing[node] {
        let edge = &context.relations.edges[*edge];
        for (n, column) in edge.key.columns.iter().enumerate() {
            let target = edge.key.target_columns.get(n);
            let target = target.map_or(&[][..], std::slice::from_ref);
            let mut text = context.column_link(&edge.key.target, target, Place::Table);
            // Documents of files have a table of foreign keys besides.
            if context.links == Links::Anchors && edge.key.on_delete != ReferentialAction::NoAction
            {
                text.push_str(&format!(" on delete {}", on_delete(edge.key)));
            }
            let links = references.entry(column.as_str()).or_default();
            if !links.contains(&text) {
                links.push(text);
            }
        }
    }
    let alone: BTreeSet<&str> = unique_sets(table)
        .filter_map(|set| match set.as_slice() {
            [column] => Some(column.as_str()),
            _ => None,
        })
        .collect();
    let row = |column: &Column| {
        let in_key = primary.contains(&column.name);
        ColumnRow {
            name: code(&column.name),
            type_name: context.type_link(&column.data_type, Place::Table),
            nullable: if column.not_null || in_key { "" } else { MARK },
            primary_key: if in_key { MARK } else { "" },
            foreign_key: references
                .remove(column.name.as_str())
                .unwrap_or_default()
                .join("<br>"),
            unique: match alone.contains(column.name.as_str()) && !(in_key && primary.len() == 1) {
                true => MARK,
                false => "",
            },
            default: default(column),
            description: description(context, table, column),
        }
    };
    table.columns.iter().map(row).collect()
}

/// What a row gets where a statement gives no value.
fn default(column: &Column) -> String {
    if let Some(identity) = &column.identity {
        return identity_text(identity).to_owned();
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored {
            "generated"
        } else {
            "computed"
        };
        return format!("{kind}: {}", code(generated.expression.text()));
    }
    if column.autoincrement {
        return "autoincrement".to_owned();
    }
    column
        .default
        .as_ref()
        .map_or_else(String::new, |default| code(default.text()))
}

fn identity_text(identity: &Identity) -> &'static str {
    match identity.always {
        true => "identity",
        false => "identity, by default",
    }
}

/// The comment, then what the author notes about the column.
fn description(context: &Context<'_>, table: &Table, column: &Column) -> String {
    let mut parts = Vec::new();
    if let Some(comment) = column.comment.as_deref().filter(|c| !c.trim().is_empty()) {
        parts.push(cell(comment));
    }
    let id = ObjectId::column(&table.name, &column.name);
    if let Some(notes) = context.report.catalog.notes(&id) {
        note_parts(notes, context.links, &mut parts);
    }
    if let Some(collation) = &column.collation {
        parts.push(format!("Collation {}.", code(&context.display(collation))));
    }
    // A comment need not end in a stop where nothing follows it.
    if let [first, _, ..] = parts.as_mut_slice()
        && first.ends_with(|c: char| c.is_alphanumeric())
    {
        first.push('.');
    }
    parts.join(" ")
}

fn note_parts(notes: &Notes, links: Links, parts: &mut Vec<String>) {
    if let Some(text) = &notes.deprecated {
        parts.push(format!("**Deprecated:** {}", cell(text)));
    }
    let kept = match (notes.encrypted, notes.hashed) {
        (true, _) => ", encrypted",
        (_, true) => ", hashed",
        _ => "",
    };
    if notes.sensitive {
        parts.push(format!("**Sensitive**{kept}."));
    } else if let Some(kept) = kept.strip_prefix(", ") {
        parts.push(format!("Stored {kept}."));
    }
    if notes.shape.is_some() && links == Links::Files {
        parts.push("[Shape](#json-shapes).".to_owned());
    }
    if let Some(retention) = &notes.retention {
        parts.push(format!("Kept for {}.", inline(retention)));
    }
    if !notes.examples.is_empty() {
        let examples: Vec<String> = notes.examples.iter().map(|e| code(e)).collect();
        parts.push(format!("For example {}.", list(&examples)));
    }
}
