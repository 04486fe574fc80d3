//! The rows of a table's columns.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::context::{Context, Links, Place};
use super::table_page::on_delete;
use super::text::{code, inline, list};
use crate::model::{Column, ConstraintKind, Identity, Notes, ObjectId, ReferentialAction, Table};
use crate::render::relations::unique_sets;
use crate::render::rust::value_lists;

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
    /// All but the name and the type, in words.
    in_words: String,
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
    let lists = lists(context, table);
    let row = |column: &Column| {
        let in_key = primary.contains(&column.name);
        let mut row = ColumnRow {
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
            default: default(context, table, column),
            description: description(context, table, &lists, column),
            in_words: String::new(),
        };
        row.in_words = in_words(&row);
        row
    };
    table.columns.iter().map(row).collect()
}

/// The description, and what the other columns would show.
fn in_words(row: &ColumnRow) -> String {
    let mut facts = Vec::new();
    if !row.primary_key.is_empty() {
        facts.push("primary key".to_owned());
    }
    if !row.unique.is_empty() {
        facts.push("unique".to_owned());
    }
    if !row.foreign_key.is_empty() {
        facts.push(format!(
            "references {}",
            row.foreign_key.replace("<br>", ", ")
        ));
    }
    if !row.nullable.is_empty() {
        facts.push("may be null".to_owned());
    }
    if !row.default.is_empty() {
        let is_code = row.default.starts_with(['`', '<']);
        let word = if is_code { "default " } else { "" };
        facts.push(format!("{word}{}", row.default));
    }
    match (row.description.is_empty(), facts.is_empty()) {
        (_, true) => row.description.clone(),
        (true, false) => facts.join(", "),
        (false, false) => format!("{} ({})", row.description, facts.join(", ")),
    }
}

/// Whether the default is the next number of a sequence of the column's own.
fn is_serial(context: &Context<'_>, table: &Table, column: &Column) -> bool {
    let default = column.default.as_ref().map_or("", |d| d.text());
    if !default.starts_with("nextval(") {
        return false;
    }
    let name = format!("{}_{}_seq", table.name.name, column.name);
    let sequence = context
        .report
        .catalog
        .sequences
        .get(&table.name.sibling(name.as_str()));
    let owner = sequence.and_then(|sequence| sequence.owned_by.as_ref());
    let owned = owner.is_some_and(|(of, owner)| *of == table.name && *owner == column.name);
    owned && default.contains(&name)
}

/// What a row gets where a statement gives no value.
fn default(context: &Context<'_>, table: &Table, column: &Column) -> String {
    if is_serial(context, table, column) {
        return "serial".to_owned();
    }
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
fn description(context: &Context<'_>, table: &Table, lists: &Lists, column: &Column) -> String {
    let mut parts = Vec::new();
    if let Some(comment) = column.comment.as_deref().filter(|c| !c.trim().is_empty()) {
        parts.push(context.said_in_cell(Some(comment), &table.name, Place::Table));
    }
    let id = ObjectId::column(&table.name, &column.name);
    if let Some(notes) = context.report.catalog.notes(&id) {
        note_parts(context, table, notes, &mut parts);
    }
    // The page with everything has the types beside the tables.
    if context.links != Links::Anchors
        && let Some(values) = values(context, lists, column)
    {
        parts.push(values);
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

/// What a column may hold, where its type or a check lists that.
fn values(context: &Context<'_>, lists: &Lists, column: &Column) -> Option<String> {
    /// Longer lists are cut, and say how long they are.
    const MOST: usize = 12;
    let of_type = context.report.catalog.enums.get(&column.data_type.name);
    let values: Vec<&str> = match of_type {
        Some(of_type) => of_type.values.iter().map(|v| &**v).collect(),
        None => lists
            .get(column.name.as_str())?
            .iter()
            .map(String::as_str)
            .collect(),
    };
    let shown: Vec<String> = values.iter().take(MOST).map(|v| code(v)).collect();
    let each = match column.data_type.dimensions {
        0 => "One",
        _ => "Each one",
    };
    Some(match values.len().saturating_sub(MOST) {
        0 => format!("{each} of {}.", shown.join(", ")),
        more => format!("{each} of {} and {more} more.", shown.join(", ")),
    })
}

/// The values that checks list, by column.
type Lists = BTreeMap<String, Vec<String>>;

fn lists(context: &Context<'_>, table: &Table) -> Lists {
    let checks = table.constraints.iter().filter_map(|c| match &c.kind {
        ConstraintKind::Check { expression } => Some(expression.text()),
        _ => None,
    });
    checks
        .flat_map(|text| value_lists(text, context.report.dialect))
        .collect()
}

/// Whether an example has room in a cell; others of JSON stand below the table, with their shape.
pub(super) fn is_brief(example: &str) -> bool {
    example.len() <= 40
}

fn note_parts(context: &Context<'_>, table: &Table, notes: &Notes, parts: &mut Vec<String>) {
    if let Some(text) = &notes.deprecated {
        parts.push(format!(
            "**Deprecated:** {}",
            context.said_in_cell(Some(text), &table.name, Place::Table)
        ));
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
    if notes.shape.is_some() && context.links == Links::Files {
        parts.push("[Shape](#json-shapes).".to_owned());
    }
    if let Some(retention) = &notes.retention {
        parts.push(format!("Kept for {}.", inline(retention)));
    }
    let below = notes.shape.is_some() && context.links != Links::Anchors;
    let shown = notes.examples.iter().filter(|e| !below || is_brief(e));
    let examples: Vec<String> = shown.map(|e| code(e)).collect();
    if !examples.is_empty() {
        parts.push(format!("For example {}.", list(&examples)));
    }
}
