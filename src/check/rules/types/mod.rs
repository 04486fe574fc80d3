//! Types: those that overflow, lose a time zone, or round money.

pub(in crate::check) mod bigint_key;
pub(in crate::check) mod float_money;
pub(in crate::check) mod prefer_identity;
pub(in crate::check) mod prefer_timestamptz;

use crate::model::Column;

/// Whether the server numbers the column: identity, or the next value of a sequence.
fn is_numbered(column: &Column) -> bool {
    column.identity.is_some() || sequence_of_default(column).is_some()
}

/// The name within `nextval('name')`, as its author wrote it.
fn sequence_of_default(column: &Column) -> Option<&str> {
    let key = column.default.as_ref()?.key();
    let literal = key.strip_prefix("pg_catalog.").unwrap_or(key);
    let literal = literal.strip_prefix("nextval('")?;
    literal.split_once('\'').map(|(name, _)| name)
}
