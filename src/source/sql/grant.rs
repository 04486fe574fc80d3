//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

use super::cursor::{Cursor, Parsed};
use super::statement::Outcome;

/// A whole GRANT or REVOKE.
pub(super) fn grant(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    Err(c.unmodelled("GRANT"))
}

/// What follows `ALTER DEFAULT PRIVILEGES`.
pub(super) fn default_privileges(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    Err(c.unmodelled("ALTER DEFAULT PRIVILEGES"))
}
