//! The indexes of a table, those of constraints included, with the reason for each.

use serde::Serialize;

use super::context::{Context, Place};
use super::definition::index_keys;
use super::text::{code, list};
use crate::model::{Constraint, ConstraintKind, Index, ObjectId, Table};
use crate::render::relations::join;

/// A row: every string is Markdown, ready for a cell.
#[derive(Serialize)]
pub(super) struct IndexRow {
    name: String,
    keys: String,
    kind: String,
    reason: String,
}

pub(super) fn rows(context: &Context<'_>, table: &Table) -> Vec<IndexRow> {
    let of_constraints = table.constraints.iter().filter_map(of_constraint);
    let own = table.indexes.iter().map(|index| row(context, table, index));
    of_constraints.chain(own).collect()
}

/// The index that the server keeps for a key.
fn of_constraint(constraint: &Constraint) -> Option<IndexRow> {
    let (columns, kind) = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } => (columns, "primary key"),
        ConstraintKind::Unique { columns, .. } => (columns, "unique"),
        _ => return None,
    };
    let reason = match kind {
        "unique" => format!("no two rows with the same {}", code(&join(columns))),
        _ => "identifies a row".to_owned(),
    };
    Some(IndexRow {
        name: code(&constraint.name),
        keys: code(&join(columns)),
        kind: kind.to_owned(),
        reason,
    })
}

fn row(context: &Context<'_>, table: &Table, index: &Index) -> IndexRow {
    IndexRow {
        name: code(&index.name),
        keys: index_keys(index, context.report.dialect),
        kind: kind(index),
        reason: reason(context, table, index),
    }
}

pub(in crate::render) fn kind(index: &Index) -> String {
    let mut words = Vec::new();
    if index.unique {
        words.push("unique".to_owned());
    }
    if index.predicate.is_some() {
        words.push("partial".to_owned());
    }
    words.push(match index.method.as_str() {
        "" => "btree".to_owned(),
        method => super::text::inline(method),
    });
    words.join(", ")
}

/// The reason its author gives, else the comment, else the foreign keys that it serves.
pub(in crate::render) fn reason(context: &Context<'_>, table: &Table, index: &Index) -> String {
    let id = ObjectId::index(&table.name.sibling(index.name.clone()));
    let notes = context.report.catalog.notes(&id);
    let said = notes
        .and_then(|n| n.reason.as_deref())
        .or(index.comment.as_deref());
    if let Some(said) = said {
        return context.said_in_cell(Some(said), &table.name, Place::Table);
    }
    let served: Vec<String> = table
        .foreign_keys()
        .filter(|(_, key)| supports(index, &key.columns))
        .map(|(constraint, _)| code(&constraint.name))
        .collect();
    match served.as_slice() {
        [] => String::new(),
        [one] => format!("supports foreign key {one}"),
        more => format!("supports foreign keys {}", list(more)),
    }
}

/// Whether the foreign key's columns are the first keys of a whole B-tree, in any order.
fn supports(index: &Index, columns: &[crate::model::Ident]) -> bool {
    let Some(keys) = index.plain_columns() else {
        return false;
    };
    index.predicate.is_none()
        && matches!(index.method.as_str(), "" | "btree" | "hash")
        && keys.len() >= columns.len()
        && keys[..columns.len()]
            .iter()
            .all(|key| columns.contains(key))
}
