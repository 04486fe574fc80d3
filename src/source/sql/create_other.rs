//! CREATE of the kinds that few schemas have; each has a file of its own.

use super::cursor::{Cursor, Parsed};
use super::statement::Outcome;
use crate::source::SkipReason;

/// What follows `CREATE [OR REPLACE]` when no common kind does.
pub(super) fn create(c: &mut Cursor<'_>, or_replace: bool) -> Parsed<Outcome> {
    if c.is_any(&["role", "user", "group", "database", "tablespace"]) && !c.are("user mapping") {
        return Ok(Outcome::Skip(SkipReason::Cluster));
    }
    let _ = or_replace;
    Ok(Outcome::Opaque)
}
