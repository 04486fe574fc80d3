//! ALTER of the kinds that few schemas have: routines, operators, text search, foreign data,
//! publications, extensions, event triggers, statistics.

use super::alter::depends_on_extension;
use super::alter_table::{rename, shared_action};
use super::cursor::{Cursor, Parsed};
use crate::model::ObjectKind;
use crate::source::AlterAction;

/// The actions of a kind that has no file of its own.
pub(super) fn actions(c: &mut Cursor<'_>, kind: ObjectKind) -> Parsed<Vec<AlterAction>> {
    if let Some(found) = shared_action(c)? {
        return Ok(vec![found]);
    }
    if let Some(found) = depends_on_extension(c)? {
        return Ok(vec![found]);
    }
    if c.accept("rename") {
        return Ok(vec![rename(c)?]);
    }
    Err(c.unmodelled(&format!("this ALTER of a {kind}")))
}
