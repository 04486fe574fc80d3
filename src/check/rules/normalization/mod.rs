//! Normal forms: hints from names, and exact findings from declared functional dependencies.

pub(in crate::check) mod copied_parent_column;
pub(in crate::check) mod fd_bcnf;
pub(in crate::check) mod fd_partial_dependency;
pub(in crate::check) mod fd_redundant;
pub(in crate::check) mod fd_transitive_dependency;
pub(in crate::check) mod multi_valued_text;
pub(in crate::check) mod repeating_group;

mod declared;
mod proposal;

use std::collections::BTreeSet;

use crate::check::Context;
use crate::dialect::sqlite_affinity;
use crate::model::{Column, Ident, ObjectId, Table};

/// The columns that the author declares as denormalized on purpose.
fn denormalized<'a>(cx: &Context<'a>, table: &Table) -> BTreeSet<&'a Ident> {
    let notes = cx.catalog.notes(&ObjectId::table(&table.name));
    let declared = notes.map_or(&[][..], |n| n.denormalized.as_slice());
    declared.iter().flat_map(|(columns, _)| columns).collect()
}

/// Whether a column holds text of any length that a list would fit in.
fn is_text(column: &Column) -> bool {
    let data_type = &column.data_type;
    if data_type.is_array() || data_type.name.schema.is_some() {
        return false;
    }
    let name = data_type.name.name.as_str();
    let limit = data_type
        .modifiers
        .first()
        .and_then(|n| n.parse::<u32>().ok());
    match name {
        "text" | "citext" => true,
        "character varying" | "character" => limit.is_none_or(|n| n > 8),
        // A declared type of SQLite.
        _ => sqlite_affinity(name) == "TEXT" && name.bytes().all(|b| !b.is_ascii_lowercase()),
    }
}
