//! Constraints: keys that are missing, and foreign keys that cannot work.

pub(in crate::check) mod fk_cycle;
pub(in crate::check) mod fk_set_null_on_not_null;
pub(in crate::check) mod fk_target_not_unique;
pub(in crate::check) mod fk_type_mismatch;
pub(in crate::check) mod missing_foreign_key;
pub(in crate::check) mod missing_primary_key;
pub(in crate::check) mod three_state_boolean;

use crate::check::Context;
use crate::model::{DataType, Ident, Table};

/// How many domains over domains are looked through.
const MAX_DOMAINS: usize = 32;

/// A type with domains replaced by what they are based on.
fn base_type<'a>(cx: &Context<'a>, data_type: &'a DataType) -> &'a DataType {
    let mut base = data_type;
    for _ in 0..MAX_DOMAINS {
        match cx.catalog.domains.get(&base.name) {
            Some(domain) if !base.is_array() => base = &domain.base,
            _ => break,
        }
    }
    base
}

/// Whether the column takes no null, by itself or as a part of the primary key.
fn is_required(table: &Table, column: &Ident) -> bool {
    table.column(column).is_some_and(|c| c.not_null) || table.primary_key_columns().contains(column)
}
