//! What holds the rows of a table together: keys, indexes and constraints, in one list.

use serde::Serialize;

use super::page::is_lean;
use crate::model::{Constraint, ConstraintKind, QualifiedName, ReferentialAction, Table};
use crate::render::markdown::context::{Context, Place};
use crate::render::markdown::definition::{constraint, index_keys};
use crate::render::markdown::indexes;
use crate::render::markdown::table_page::on_delete;
use crate::render::markdown::text::code;
use crate::render::relations::{Edge, join};

/// A key, an index or a constraint; every string is Markdown.
#[derive(Serialize)]
pub(super) struct KeyRow {
    name: String,
    definition: String,
    /// What it is, and what follows from it.
    kind: String,
    said: String,
}

/// Keys, foreign keys, indexes, then the rest.
pub(super) fn rows(context: &Context<'_>, table: &Table, node: usize) -> Vec<KeyRow> {
    let is_key = |c: &&Constraint| {
        let kind = &c.kind;
        matches!(
            kind,
            ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. }
        )
    };
    let lean = is_lean(context);
    let keys = table.constraints.iter().filter(is_key);
    let keys = keys.filter(|c| !(lean && is_plain(context, table, c)));
    let mut rows: Vec<KeyRow> = keys.map(|c| own_key(context, &table.name, c)).collect();
    let edges = context.relations.outgoing[node].iter();
    let edges = edges.map(|e| &context.relations.edges[*e]);
    let edges = edges.filter(|edge| !(lean && is_plain(context, table, edge.constraint)));
    rows.extend(edges.map(|edge| foreign_key(context, edge)));
    rows.extend(table.indexes.iter().map(|index| KeyRow {
        name: code(&index.name),
        definition: index_keys(index, context.report.dialect),
        kind: index_kind(&indexes::kind(index)),
        said: indexes::reason(context, table, index),
    }));
    let others = table.constraints.iter();
    let others = others.filter(|c| !is_key(c) && c.as_foreign_key().is_none());
    rows.extend(others.map(|c| KeyRow {
        name: code(&c.name),
        definition: constraint(c, context.report.dialect),
        kind: String::new(),
        said: said(context, &table.name, c),
    }));
    rows
}

/// A key that says no more than its columns do: of the name that it gets by itself, on one column
/// where it references another one, and without a word of its author's.
fn is_plain(context: &Context<'_>, table: &Table, key: &Constraint) -> bool {
    let table = &table.name.name;
    let columns = key.columns();
    let made = match &key.kind {
        ConstraintKind::PrimaryKey { .. } => format!("{table}_pkey"),
        ConstraintKind::ForeignKey(_) if columns.len() == 1 => {
            format!("{table}_{}_fkey", columns[0])
        }
        _ => return false,
    };
    let clause = constraint(key, context.report.dialect);
    let only_columns = match &key.kind {
        ConstraintKind::PrimaryKey { .. } => {
            clause == code(&format!("PRIMARY KEY ({})", join(columns)))
        }
        _ => ![
            "DEFERRABLE",
            "NOT VALID",
            "ON UPDATE",
            "MATCH",
            "SET NULL (",
            "SET DEFAULT (",
        ]
        .iter()
        .any(|words| clause.contains(words)),
    };
    (key.name.is_empty() || key.name == made.as_str()) && only_columns && key.comment.is_none()
}

fn said(context: &Context<'_>, table: &QualifiedName, constraint: &Constraint) -> String {
    context.said_in_cell(constraint.comment.as_deref(), table, Place::Table)
}

/// A primary key or unique constraint; its clause where that is more than its columns.
fn own_key(context: &Context<'_>, table: &QualifiedName, key: &Constraint) -> KeyRow {
    let columns = join(key.columns());
    let clause = constraint(key, context.report.dialect);
    let (kind, words) = match key.is_primary_key() {
        true => ("primary key", "PRIMARY KEY"),
        false => ("unique", "UNIQUE"),
    };
    let plain = clause == code(&format!("{words} ({columns})"));
    KeyRow {
        name: code(&key.name),
        definition: if plain { code(&columns) } else { clause },
        kind: kind.to_owned(),
        said: said(context, table, key),
    }
}

/// `foreign key, many to one, on delete cascade`.
fn foreign_key(context: &Context<'_>, edge: &Edge<'_>) -> KeyRow {
    let target = context.column_text(&edge.key.target, &edge.key.target_columns);
    let cardinality = if edge.child_unique {
        "one to one"
    } else {
        "many to one"
    };
    let optional = if edge.parent_optional { " or none" } else { "" };
    let deletes = match edge.key.on_delete {
        ReferentialAction::NoAction => String::new(),
        _ => format!(", on delete {}", on_delete(edge.key)),
    };
    KeyRow {
        name: code(&edge.constraint.name),
        definition: format!("{} → {}", code(&edge.columns()), code(&target)),
        kind: format!("{cardinality}{optional}{deletes}"),
        said: said(
            context,
            context.relations.nodes[edge.child].name,
            edge.constraint,
        ),
    }
}

/// `unique index`, `index, partial`, `gin index`.
fn index_kind(kind: &str) -> String {
    let mut words: Vec<&str> = kind.split(", ").collect();
    let method = words.pop().unwrap_or_default();
    let unique = words.first() == Some(&"unique");
    let mut text = String::new();
    if unique {
        text.push_str("unique ");
        words.remove(0);
    }
    if method != "btree" {
        text.push_str(&format!("{method} "));
    }
    text.push_str("index");
    for word in words {
        text.push_str(&format!(", {word}"));
    }
    text
}

/// Who references the table, with what is not usual about it.
pub(super) fn referenced_by(context: &Context<'_>, node: usize) -> Vec<String> {
    let edges = context.relations.incoming[node].iter();
    edges
        .map(|e| {
            let edge = &context.relations.edges[*e];
            let child = context.relations.nodes[edge.child].name;
            let link = context.column_link(child, &edge.key.columns, Place::Top);
            let mut unusual = Vec::new();
            if edge.child_unique {
                unusual.push("at most one".to_owned());
            }
            if edge.key.on_delete != ReferentialAction::NoAction {
                unusual.push(format!("on delete {}", on_delete(edge.key)));
            }
            match unusual.as_slice() {
                [] => link,
                unusual => format!("{link} ({})", unusual.join(", ")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_indexes() {
        assert_eq!(index_kind("btree"), "index");
        assert_eq!(
            index_kind("unique, partial, btree"),
            "unique index, partial"
        );
        assert_eq!(index_kind("partial, gin"), "gin index, partial");
    }
}
