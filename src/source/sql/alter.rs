//! ALTER of every kind: which actions belong to which.

use super::alter_column::alter_column;
use super::alter_table::{rename, shared_action, table_actions};
use super::cursor::{Cursor, Parsed};
use super::sequence::alter_sequence_options;
use super::target::{object_kind, target};
use super::trigger::policy_clauses;
use super::type_definition::{alter_domain, alter_type};
use crate::model::ObjectKind;
use crate::source::{AlterAction, Statement};

/// What follows `ALTER`; `None` for kinds without a grammar.
pub(super) fn alter(c: &mut Cursor<'_>) -> Parsed<Option<Statement>> {
    let Some((kind, words)) = object_kind(c) else {
        return Ok(None);
    };
    if c.are("all in tablespace") {
        return Ok(None);
    }
    let if_exists = c.accept("if exists");
    let only = c.accept("only");
    let target = target(c, kind, words)?;
    c.accept("*");
    let actions = actions(c, kind)?;
    c.expect_end()?;
    Ok(Some(Statement::Alter {
        target,
        if_exists,
        only,
        actions,
    }))
}

fn actions(c: &mut Cursor<'_>, kind: ObjectKind) -> Parsed<Vec<AlterAction>> {
    match kind {
        ObjectKind::Table => table_actions(c),
        ObjectKind::View | ObjectKind::MaterializedView => c.comma_separated(view_action),
        ObjectKind::Index => c.comma_separated(index_action),
        ObjectKind::Sequence => sequence_actions(c),
        ObjectKind::Policy => {
            if c.accept("rename") {
                return Ok(vec![rename(c)?]);
            }
            Ok(vec![policy_clauses(c)?])
        }
        ObjectKind::ShellType => c.comma_separated(type_action),
        ObjectKind::Domain => Ok(vec![domain_action(c)?]),
        _ => super::alter_other::actions(c, kind),
    }
}

fn view_action(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if let Some(found) = shared_action(c)? {
        return Ok(found);
    }
    if c.accept("rename") {
        return rename(c);
    }
    if c.accept("alter") {
        c.accept("column");
        return alter_column(c);
    }
    Err(c.expected("an action of ALTER VIEW"))
}

fn index_action(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if let Some(found) = shared_action(c)? {
        return Ok(found);
    }
    if c.accept("rename") {
        return rename(c);
    }
    if c.accept("attach partition") {
        let partition = c.name()?;
        return Ok(AlterAction::AttachPartition {
            partition,
            bound: None,
        });
    }
    if c.accept("alter") {
        c.accept("column");
        return alter_column(c);
    }
    if let Some(found) = depends_on_extension(c)? {
        return Ok(found);
    }
    Err(c.expected("an action of ALTER INDEX"))
}

/// `[NO] DEPENDS ON EXTENSION name`
pub(super) fn depends_on_extension(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    let remove = c.accept("no depends on extension");
    if !remove && !c.accept("depends on extension") {
        return Ok(None);
    }
    let extension = c.ident()?;
    Ok(Some(AlterAction::DependsOnExtension { extension, remove }))
}

fn sequence_actions(c: &mut Cursor<'_>) -> Parsed<Vec<AlterAction>> {
    if let Some(found) = shared_action(c)? {
        return Ok(vec![found]);
    }
    if c.accept("rename") {
        return Ok(vec![rename(c)?]);
    }
    let actions = alter_sequence_options(c)?;
    if actions.is_empty() && c.at_end() {
        return Ok(vec![AlterAction::Nothing]);
    }
    Ok(actions)
}

fn type_action(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if let Some(found) = alter_type(c)? {
        return Ok(found);
    }
    if let Some(found) = shared_action(c)? {
        return Ok(found);
    }
    if c.accept("rename") {
        return rename(c);
    }
    Err(c.expected("an action of ALTER TYPE"))
}

fn domain_action(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if let Some(found) = alter_domain(c)? {
        return Ok(found);
    }
    if let Some(found) = shared_action(c)? {
        return Ok(found);
    }
    if c.accept("rename") {
        return rename(c);
    }
    if c.accept("validate constraint") {
        return Ok(AlterAction::ValidateConstraint(c.ident()?));
    }
    if c.accept("drop constraint") {
        let if_exists = c.accept("if exists");
        let name = c.ident()?;
        let cascade = c.accept("cascade");
        c.accept("restrict");
        return Ok(AlterAction::DropConstraint {
            name,
            if_exists,
            cascade,
        });
    }
    Err(c.expected("an action of ALTER DOMAIN"))
}
