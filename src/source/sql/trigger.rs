//! Triggers of both dialects, and policies.

use super::constraint::deferral;
use super::cursor::{Cursor, Parsed};
use crate::expr::{TokenKind, expression, unquote_string};
use crate::model::{Ident, Object, Policy, PolicyCommand, Trigger};
use crate::source::{AlterAction, Statement};

/// What follows `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`.
pub(super) fn create_trigger(
    c: &mut Cursor<'_>,
    or_replace: bool,
    constraint: bool,
) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut trigger = Trigger {
        name: c.given_name()?.name,
        constraint,
        ..Trigger::default()
    };
    trigger.timing = match c.accept_any(&["before", "after", "instead of"]) {
        Some(timing) => timing.to_uppercase().into(),
        None if c.is_sqlite() => "BEFORE".into(),
        None => return Err(c.expected("BEFORE, AFTER or INSTEAD OF")),
    };
    events(c, &mut trigger)?;
    c.expect("on")?;
    let relation = c.name()?;
    if c.is_sqlite() {
        sqlite_tail(c, &mut trigger)?;
    } else {
        postgres_tail(c, &mut trigger)?;
    }
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Trigger(relation, Box::new(trigger)),
        or_replace,
        if_not_exists,
        like: Vec::new(),
    })
}

fn events(c: &mut Cursor<'_>, trigger: &mut Trigger) -> Parsed<()> {
    loop {
        let Some(event) = c.accept_any(&["insert", "update", "delete", "truncate"]) else {
            return Err(c.expected("INSERT, UPDATE, DELETE or TRUNCATE"));
        };
        trigger.events.push(event.to_uppercase().into());
        if event == "update" && c.accept("of") {
            trigger.update_of = c.comma_separated(Cursor::ident)?;
        }
        if !c.accept("or") {
            break;
        }
    }
    // The order of pg_get_triggerdef.
    let rank = |e: &str| {
        ["INSERT", "DELETE", "UPDATE", "TRUNCATE"]
            .iter()
            .position(|x| *x == e)
    };
    trigger.events.sort_by_key(|e| rank(e));
    trigger.events.dedup();
    Ok(())
}

fn postgres_tail(c: &mut Cursor<'_>, trigger: &mut Trigger) -> Parsed<()> {
    loop {
        if c.accept("from") {
            trigger.from = Some(c.name()?);
        } else if let Some(found) = deferral(c)? {
            trigger.deferral = found;
        } else if c.accept("referencing") {
            referencing(c, trigger)?;
        } else if c.accept("for") {
            c.accept("each");
            trigger.for_each_row = match c.accept_any(&["row", "statement"]) {
                Some(word) => word == "row",
                None => return Err(c.expected("ROW or STATEMENT")),
            };
        } else if c.accept("when") {
            trigger.when = Some(c.parenthesized()?);
        } else {
            break;
        }
    }
    c.expect("execute")?;
    if c.accept_any(&["function", "procedure"]).is_none() {
        return Err(c.expected("FUNCTION or PROCEDURE"));
    }
    trigger.function = c.name()?;
    trigger.arguments = c.list(argument)?;
    Ok(())
}

fn referencing(c: &mut Cursor<'_>, trigger: &mut Trigger) -> Parsed<()> {
    while let Some(side) = c.accept_any(&["old table", "new table"]) {
        c.accept("as");
        let name = Some(c.ident()?);
        if side == "old table" {
            trigger.old_table = name;
        } else {
            trigger.new_table = name;
        }
    }
    Ok(())
}

/// An argument: whatever it is, the function gets it as text.
fn argument(c: &mut Cursor<'_>) -> Parsed<Box<str>> {
    let Some(token) = c.peek() else {
        return Err(c.expected("an argument"));
    };
    let raw = c.text();
    let value = match token.kind {
        TokenKind::String | TokenKind::DollarString => unquote_string(raw).unwrap_or_default(),
        TokenKind::Word | TokenKind::QuotedIdent => return Ok(c.ident()?.as_str().into()),
        TokenKind::Number => raw.to_owned(),
        _ => return Ok(c.until(&[])?.into()),
    };
    c.advance();
    Ok(value.into())
}

fn sqlite_tail(c: &mut Cursor<'_>, trigger: &mut Trigger) -> Parsed<()> {
    // SQLite has row triggers only; `sqlite_master` keeps whether it was said.
    trigger.for_each_row = c.accept("for each row");
    if c.accept("when") {
        trigger.when = Some(c.expression_until(&["begin"])?);
    }
    if !c.is("begin") {
        return Err(c.expected("BEGIN"));
    }
    let text = c.rest();
    trigger.body = Some(expression(text, c.dialect()));
    Ok(())
}

/// What follows `CREATE POLICY`.
pub(super) fn create_policy(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let mut policy = Policy {
        name: c.ident()?,
        ..Policy::default()
    };
    c.expect("on")?;
    let table = c.name()?;
    if c.accept("as") {
        policy.restrictive = match c.accept_any(&["permissive", "restrictive"]) {
            Some(word) => word == "restrictive",
            None => return Err(c.expected("PERMISSIVE or RESTRICTIVE")),
        };
    }
    if c.accept("for") {
        policy.command = match c.accept_any(&["all", "select", "insert", "update", "delete"]) {
            Some("select") => PolicyCommand::Select,
            Some("insert") => PolicyCommand::Insert,
            Some("update") => PolicyCommand::Update,
            Some("delete") => PolicyCommand::Delete,
            Some(_) => PolicyCommand::All,
            None => return Err(c.expected("ALL, SELECT, INSERT, UPDATE or DELETE")),
        };
    }
    if let AlterAction::Policy {
        roles,
        using,
        with_check,
    } = policy_clauses(c)?
    {
        policy.roles = roles.unwrap_or_default();
        policy.using = using;
        policy.with_check = with_check;
    }
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Policy(table, Box::new(policy)),
        or_replace: false,
        if_not_exists: false,
        like: Vec::new(),
    })
}

/// `TO roles`, `USING (...)`, `WITH CHECK (...)`.
pub(super) fn policy_clauses(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    let mut roles = None;
    if c.accept("to") {
        let mut names: Vec<Ident> = c.comma_separated(Cursor::ident)?;
        names.sort();
        names.dedup();
        // PUBLIC is the default, and swallows any other.
        if names.iter().any(|n| *n == "public") {
            names.clear();
        }
        roles = Some(names);
    }
    let using = if c.accept("using") {
        Some(c.parenthesized()?)
    } else {
        None
    };
    let with_check = if c.accept("with check") {
        Some(c.parenthesized()?)
    } else {
        None
    };
    Ok(AlterAction::Policy {
        roles,
        using,
        with_check,
    })
}
