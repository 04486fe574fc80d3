//! CREATE of the kinds that few schemas have; each has a file of its own.

use super::aggregate::create_aggregate;
use super::cursor::{Cursor, Parsed};
use super::foreign::{create_server, create_user_mapping, create_wrapper};
use super::operator::{
    create_access_method, create_cast, create_class, create_conversion, create_family,
    create_operator,
};
use super::publication::{create_publication, create_subscription};
use super::routine::create_routine;
use super::rule::{create_event_trigger, create_language, create_rule, create_statistics};
use super::statement::Outcome;
use super::text_search::create_text_search;
use crate::model::RoutineKind;
use crate::source::SkipReason;

/// What follows `CREATE [OR REPLACE]` when no common kind does.
pub(super) fn create(c: &mut Cursor<'_>, or_replace: bool) -> Parsed<Outcome> {
    if c.is_any(&["role", "user", "group", "database", "tablespace"]) && !c.are("user mapping") {
        return Ok(Outcome::Skip(SkipReason::Cluster));
    }
    if c.is_sqlite() {
        return unknown(c, "CREATE");
    }
    let statement = if c.accept("function") {
        create_routine(c, RoutineKind::Function, or_replace)?
    } else if c.accept("procedure") {
        create_routine(c, RoutineKind::Procedure, or_replace)?
    } else if c.accept("aggregate") {
        create_aggregate(c, or_replace)?
    } else if c.accept("rule") {
        create_rule(c, or_replace)?
    } else if c.accept("event trigger") {
        create_event_trigger(c)?
    } else if c.accept("statistics") {
        create_statistics(c)?
    } else if c.accept("publication") {
        create_publication(c)?
    } else if c.accept("subscription") {
        create_subscription(c)?
    } else if c.accept("text search") {
        create_text_search(c)?
    } else if c.accept("foreign data wrapper") {
        create_wrapper(c)?
    } else if c.accept("server") {
        create_server(c)?
    } else if c.accept("user mapping") {
        create_user_mapping(c)?
    } else {
        return operators_and_languages(c, or_replace);
    };
    Ok(Outcome::Statement(statement))
}

fn operators_and_languages(c: &mut Cursor<'_>, or_replace: bool) -> Parsed<Outcome> {
    let statement = if c.accept("operator class") {
        create_class(c)?
    } else if c.accept("operator family") {
        create_family(c)?
    } else if c.accept("operator") {
        create_operator(c)?
    } else if c.accept("cast") {
        create_cast(c)?
    } else if c.accept("default conversion") {
        create_conversion(c, true)?
    } else if c.accept("conversion") {
        create_conversion(c, false)?
    } else if c.accept("access method") {
        create_access_method(c)?
    } else {
        let before = c.position();
        let trusted = c.accept("trusted");
        c.accept("procedural");
        if !c.accept("language") {
            c.seek(before);
            return unknown(c, "CREATE");
        }
        create_language(c, trusted, or_replace)?
    };
    Ok(Outcome::Statement(statement))
}

/// What the server has and the model does not hold.
const UNMODELLED: &[&str] = &[
    "transform",
    "assertion",
    "property graph",
    "table all in",
    "index all in",
    "materialized view all in",
];

/// What people mean when they misspell a kind.
const KINDS: &[&str] = &[
    "table",
    "index",
    "view",
    "sequence",
    "type",
    "domain",
    "function",
    "procedure",
    "trigger",
    "policy",
    "schema",
    "extension",
    "aggregate",
    "rule",
    "operator",
    "cast",
    "materialized",
    "unique",
    "collation",
    "publication",
    "subscription",
    "statistics",
    "server",
    "language",
];

/// A kind that the model does not hold is kept; a word that is no kind at all is a mistake.
pub(super) fn unknown(c: &Cursor<'_>, verb: &str) -> Parsed<Outcome> {
    if UNMODELLED.iter().any(|words| c.are(words)) {
        return Ok(Outcome::Opaque);
    }
    let mut error = c.expected(&format!("a kind of object after {verb}"));
    let word = c.text().to_ascii_lowercase();
    error.help = crate::diagnostic::nearest(&word, KINDS.iter().copied())
        .map(|near| format!("did you mean `{}`?", near.to_uppercase()));
    Err(error)
}
