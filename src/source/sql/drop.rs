//! DROP and COMMENT.

use super::cursor::{Cursor, Parsed};
use super::target::{object_kind, target};
use crate::model::ObjectKind;
use crate::source::Statement;

/// What follows `DROP`; `None` where the kind is not one of the database's.
pub(super) fn drop_statement(c: &mut Cursor<'_>) -> Parsed<Option<Statement>> {
    let Some((kind, words)) = object_kind(c) else {
        return Ok(None);
    };
    c.accept("concurrently");
    let if_exists = c.accept("if exists");
    let targets = c.comma_separated(|c| target(c, kind, words))?;
    let cascade = c.accept("cascade");
    c.accept("restrict");
    c.expect_end()?;
    Ok(Some(Statement::Drop {
        targets,
        if_exists,
        cascade,
    }))
}

/// What follows `COMMENT ON`; `None` for what is not of the database (a role, a tablespace).
pub(super) fn comment(c: &mut Cursor<'_>) -> Parsed<Option<Statement>> {
    if c.is_any(&["database", "role", "tablespace", "large"]) {
        return Ok(None);
    }
    let Some((kind, words)) = object_kind(c) else {
        return Err(c.expected("a kind of object"));
    };
    let target = match kind {
        // A domain's comment reads like any name's.
        ObjectKind::Domain => target(c, ObjectKind::Domain, words)?,
        kind => target(c, kind, words)?,
    };
    c.expect("is")?;
    let text: Option<Box<str>> = if c.accept("null") {
        None
    } else {
        Some(c.string()?.into())
    };
    c.expect_end()?;
    // An empty comment removes it.
    let text = match text.as_deref() {
        Some("") => None,
        _ => text,
    };
    Ok(Some(Statement::Comment { target, text }))
}
