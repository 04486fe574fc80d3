//! ALTER of the kinds that few schemas have: routines, operators, text search, foreign data,
//! publications, extensions, event triggers, statistics.

use super::alter::depends_on_extension;
use super::alter_table::{rename, shared_action};
use super::cursor::{Cursor, Parsed};
use super::foreign::{alter_server, alter_wrapper};
use super::operator::{alter_family, alter_operator};
use super::publication::{alter_publication, alter_subscription};
use super::routine::alter_routine;
use super::rule::{alter_event_trigger, alter_statistics};
use super::text_search::alter_text_search;
use crate::model::ObjectKind;
use crate::source::AlterAction;

/// The actions of a kind that has no file of its own.
pub(super) fn actions(c: &mut Cursor<'_>, kind: ObjectKind) -> Parsed<Vec<AlterAction>> {
    let mut actions = Vec::new();
    // Foreign-data wrappers and servers take several clauses in one statement, without commas.
    while let Some(found) = action(c, kind)? {
        actions.push(found);
        if c.at_end() || !takes_several(kind) {
            break;
        }
    }
    if actions.is_empty() {
        return Err(c.unmodelled(&format!("this ALTER of a {kind}")));
    }
    Ok(actions)
}

fn takes_several(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::ForeignDataWrapper | ObjectKind::ForeignServer
    )
}

fn action(c: &mut Cursor<'_>, kind: ObjectKind) -> Parsed<Option<AlterAction>> {
    // What other kinds read as storage parameters comes first.
    if let Some(found) = own_action(c, kind)? {
        return Ok(Some(found));
    }
    if let Some(found) = shared_action(c)? {
        return Ok(Some(found));
    }
    if let Some(found) = depends_on_extension(c)? {
        return Ok(Some(found));
    }
    if c.accept("rename") {
        return Ok(Some(rename(c)?));
    }
    Ok(None)
}

/// What only this kind has.
fn own_action(c: &mut Cursor<'_>, kind: ObjectKind) -> Parsed<Option<AlterAction>> {
    match kind {
        ObjectKind::Function | ObjectKind::Procedure if !c.are("set schema") => alter_routine(c),
        ObjectKind::Operator => alter_operator(c),
        ObjectKind::OperatorFamily => alter_family(c),
        ObjectKind::TextSearch => alter_text_search(c),
        ObjectKind::ForeignDataWrapper => alter_wrapper(c),
        ObjectKind::ForeignServer => alter_server(c),
        ObjectKind::Publication => alter_publication(c),
        ObjectKind::Subscription => alter_subscription(c),
        ObjectKind::EventTrigger => Ok(alter_event_trigger(c)),
        ObjectKind::Statistics => alter_statistics(c),
        ObjectKind::Extension => extension(c),
        ObjectKind::Collation if c.accept("refresh version") => Ok(Some(AlterAction::Nothing)),
        _ => Ok(None),
    }
}

/// `UPDATE [TO version]`
fn extension(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    if !c.accept("update") {
        return Ok(None);
    }
    let version = if c.accept("to") {
        let text = if c.is_string() {
            c.string()?
        } else {
            c.ident()?.to_string()
        };
        Some(text.into())
    } else {
        None
    };
    Ok(Some(AlterAction::Version(version)))
}
