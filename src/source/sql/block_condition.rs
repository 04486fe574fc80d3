//! Conditions of `IF` in a block: the version of the server, and whether something is there.
//!
//! Invariant: what cannot be read exactly is no verdict, so that its block is kept as it is.

use super::cursor::Cursor;
use crate::dialect::TargetVersion;
use crate::expr::Token;
use crate::model::QualifiedName;
use crate::source::{InSchema, Presence, PresenceKind};

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    Known(bool),
    /// It holds where this is there, or (`false`) where it is not.
    Asks(Presence, bool),
}

/// Parentheses and NOT are read to this depth.
const DEPTH: u32 = 16;

pub(super) fn verdict(source: &str, tokens: &[Token], version: TargetVersion) -> Option<Verdict> {
    let mut c = Cursor::new(source, tokens, version);
    let found = any(&mut c, 0)?;
    c.at_end().then_some(found)
}

fn any(c: &mut Cursor<'_>, depth: u32) -> Option<Verdict> {
    let mut found = all(c, depth)?;
    while c.accept("or") {
        found = joined(found, all(c, depth)?, true)?;
    }
    Some(found)
}

fn all(c: &mut Cursor<'_>, depth: u32) -> Option<Verdict> {
    let mut found = one(c, depth)?;
    while c.accept("and") {
        found = joined(found, one(c, depth)?, false)?;
    }
    Some(found)
}

/// AND and OR of two, where one of them decides, or leaves it to the other.
fn joined(left: Verdict, right: Verdict, decides: bool) -> Option<Verdict> {
    match (left, right) {
        (Verdict::Known(known), other) | (other, Verdict::Known(known)) => {
            Some(if known == decides {
                Verdict::Known(known)
            } else {
                other
            })
        }
        _ => None,
    }
}

fn one(c: &mut Cursor<'_>, depth: u32) -> Option<Verdict> {
    if depth > DEPTH {
        return None;
    }
    if c.accept("not") {
        return Some(match one(c, depth + 1)? {
            Verdict::Known(known) => Verdict::Known(!known),
            Verdict::Asks(presence, wanted) => Verdict::Asks(presence, !wanted),
        });
    }
    if c.accept("exists (") {
        let presence = super::block_query::query(c)?;
        return c.accept(")").then_some(Verdict::Asks(presence, true));
    }
    if c.accept("true") {
        return Some(Verdict::Known(true));
    }
    if c.accept("false") {
        return Some(Verdict::Known(false));
    }
    if c.is_any(&["to_regclass", "to_regtype"]) {
        return looked_up(c);
    }
    let start = c.position();
    if let Some(found) = compared(c) {
        return Some(found);
    }
    c.seek(start);
    if c.accept("(") {
        c.accept("select");
        let found = any(c, depth + 1)?;
        return c.accept(")").then_some(found);
    }
    None
}

/// `current_setting('server_version_num')::int >= 140000`
fn compared(c: &mut Cursor<'_>) -> Option<Verdict> {
    server_version(c, 0)?;
    let operator = c.text();
    c.advance();
    let wanted = c.integer().ok()?;
    // The minor version is not known.
    let lowest = i64::from(c.version.major) * 10_000;
    let highest = lowest + 9_999;
    let (least, below) = (lowest >= wanted, highest < wanted);
    let (more, at_most) = (lowest > wanted, highest <= wanted);
    let known = |yes: bool, no: bool| (yes || no).then_some(Verdict::Known(yes));
    match operator {
        ">=" => known(least, below),
        "<" => known(below, least),
        ">" => known(more, at_most),
        "<=" => known(at_most, more),
        "=" => known(false, more || below),
        "<>" | "!=" => known(more || below, false),
        _ => None,
    }
}

/// The number of the server's version, as a number.
fn server_version(c: &mut Cursor<'_>, depth: u32) -> Option<()> {
    if depth > DEPTH {
        return None;
    }
    if c.accept("cast (") {
        server_version(c, depth + 1)?;
        c.accept("as").then_some(())?;
        c.accept_any(INTEGERS)?;
        return c.accept(")").then_some(());
    }
    if c.accept("(") {
        c.accept("select");
        server_version(c, depth + 1)?;
        c.accept(")").then_some(())?;
    } else {
        let _ = c.accept("pg_catalog .");
        c.accept("current_setting (").then_some(())?;
        (c.string().ok()? == "server_version_num").then_some(())?;
        c.accept(")").then_some(())?;
    }
    if c.accept("::") {
        c.accept_any(INTEGERS)?;
    }
    Some(())
}

const INTEGERS: &[&str] = &["int", "integer", "int4", "bigint", "int8"];

/// `to_regclass('name') IS [NOT] NULL`
fn looked_up(c: &mut Cursor<'_>) -> Option<Verdict> {
    let kind = match c.accept("to_regtype") {
        true => PresenceKind::Type,
        false => {
            c.advance();
            PresenceKind::Relation
        }
    };
    c.accept("(").then_some(())?;
    let name = name_in(&c.string().ok()?, c.version)?;
    if c.accept("::") {
        c.accept_any(&["text", "cstring"])?;
    }
    c.accept(")").then_some(())?;
    c.accept("is").then_some(())?;
    let wanted = c.accept("not");
    c.accept("null").then_some(())?;
    let presence = Presence {
        kind,
        schema: InSchema::of(name.schema.as_ref()),
        table: None,
        name: name.name,
    };
    Some(Verdict::Asks(presence, wanted))
}

/// A name as `regclass` reads it.
pub(super) fn name_in(text: &str, version: TargetVersion) -> Option<QualifiedName> {
    super::fragment::qualified_name(text, version).ok()
}
