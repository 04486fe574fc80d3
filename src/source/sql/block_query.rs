//! `EXISTS (SELECT ... FROM pg_type WHERE typname = '...')`: what a block asks the catalog for.
//!
//! Invariant: every column that the query compares is known, or it is no question that we can answer.

use super::block_condition::name_in;
use super::cursor::Cursor;
use crate::dialect::TargetVersion;
use crate::expr::TokenKind;
use crate::model::{Ident, QualifiedName};
use crate::source::{InSchema, Presence, PresenceKind};

/// What a catalog has one row of, and the columns that say which.
struct Listing {
    relation: &'static str,
    kind: PresenceKind,
    name: &'static str,
    schema: &'static str,
    table: &'static str,
}

const fn listing(
    relation: &'static str,
    kind: PresenceKind,
    name: &'static str,
    schema: &'static str,
    table: &'static str,
) -> Listing {
    Listing {
        relation,
        kind,
        name,
        schema,
        table,
    }
}

/// `nspname` is of the namespace that is joined; `""` is none.
const LISTINGS: &[Listing] = &[
    listing("pg_type", PresenceKind::Type, "typname", "nspname", ""),
    listing("pg_class", PresenceKind::Relation, "relname", "nspname", ""),
    listing(
        "pg_tables",
        PresenceKind::Relation,
        "tablename",
        "schemaname",
        "",
    ),
    listing(
        "pg_views",
        PresenceKind::Relation,
        "viewname",
        "schemaname",
        "",
    ),
    listing(
        "pg_matviews",
        PresenceKind::Relation,
        "matviewname",
        "schemaname",
        "",
    ),
    listing(
        "pg_indexes",
        PresenceKind::Relation,
        "indexname",
        "schemaname",
        "",
    ),
    listing(
        "pg_constraint",
        PresenceKind::Constraint,
        "conname",
        "nspname",
        "conrelid",
    ),
    listing("pg_trigger", PresenceKind::Trigger, "tgname", "", "tgrelid"),
    listing(
        "pg_policies",
        PresenceKind::Policy,
        "policyname",
        "schemaname",
        "tablename",
    ),
    listing("pg_policy", PresenceKind::Policy, "polname", "", "polrelid"),
    listing("pg_proc", PresenceKind::Routine, "proname", "nspname", ""),
    listing("pg_extension", PresenceKind::Extension, "extname", "", ""),
    listing("pg_namespace", PresenceKind::Schema, "nspname", "", ""),
    listing(
        "pg_publication",
        PresenceKind::Publication,
        "pubname",
        "",
        "",
    ),
    listing(
        "pg_attribute",
        PresenceKind::Column,
        "attname",
        "nspname",
        "attrelid",
    ),
    listing(
        "tables",
        PresenceKind::Relation,
        "table_name",
        "table_schema",
        "",
    ),
    listing(
        "views",
        PresenceKind::Relation,
        "table_name",
        "table_schema",
        "",
    ),
    listing(
        "columns",
        PresenceKind::Column,
        "column_name",
        "table_schema",
        "table_name",
    ),
    listing("schemata", PresenceKind::Schema, "schema_name", "", ""),
    listing(
        "routines",
        PresenceKind::Routine,
        "routine_name",
        "routine_schema",
        "",
    ),
    listing(
        "table_constraints",
        PresenceKind::Constraint,
        "constraint_name",
        "table_schema",
        "table_name",
    ),
];

/// `SELECT ... FROM pg_type WHERE typname = '...'`, up to the parenthesis behind it.
pub(super) fn query(c: &mut Cursor<'_>) -> Option<Presence> {
    c.accept("select").then_some(())?;
    while !c.is("from") {
        // Columns and constants; a query in the list may do anything.
        if c.at_end() || c.is_any(&["(", ")", "select"]) {
            return None;
        }
        c.advance();
    }
    c.advance();
    let listing = relation(c)?;
    let mut said = Vec::new();
    loop {
        let _ = c.accept("inner") || c.accept("left");
        if !c.accept("join") {
            break;
        }
        joined_relation(c)?;
        c.accept("on").then_some(())?;
        terms(c, &mut said)?;
    }
    if c.accept("where") {
        terms(c, &mut said)?;
    }
    if c.accept("limit") {
        c.integer().ok().filter(|n| *n > 0)?;
    }
    presence(listing, &said, c.version)
}

fn relation(c: &mut Cursor<'_>) -> Option<&'static Listing> {
    let name = c.name().ok()?;
    let schema = name.schema.as_deref();
    let of_schema = |l: &&Listing| match l.relation.starts_with("pg_") {
        true => schema.is_none_or(|s| s == "pg_catalog"),
        false => schema == Some("information_schema"),
    };
    let found = LISTINGS.iter().filter(|l| *name.name == *l.relation);
    let mut found = found.filter(of_schema);
    alias(c);
    found.next()
}

/// A catalog that only says whose it is.
fn joined_relation(c: &mut Cursor<'_>) -> Option<()> {
    let name = c.name().ok()?;
    alias(c);
    (&*name.name == "pg_namespace" || &*name.name == "pg_class").then_some(())
}

fn alias(c: &mut Cursor<'_>) {
    let ends = ["where", "join", "inner", "left", "on", ")", "limit"];
    if c.accept("as") || !c.is_any(&ends) && !c.at_end() {
        c.advance();
    }
}

/// A column and what it has to be.
enum Said {
    Is(String, String),
    /// `current_schema()`
    InPath(String),
    /// Two columns, or what is so anyway.
    Nothing,
}

fn terms(c: &mut Cursor<'_>, said: &mut Vec<Said>) -> Option<()> {
    loop {
        said.push(term(c)?);
        if !c.accept("and") {
            return Some(());
        }
    }
}

fn term(c: &mut Cursor<'_>) -> Option<Said> {
    if c.accept("not") {
        return (column(c)? == "attisdropped").then_some(Said::Nothing);
    }
    let name = column(c)?;
    if name == "attnum" && c.accept(">") {
        return (c.integer().ok()? == 0).then_some(Said::Nothing);
    }
    c.accept("=").then_some(())?;
    if c.is_string() {
        let text = c.string().ok()?;
        if c.accept("::") {
            c.accept_any(&["regclass", "regnamespace", "text", "name"])?;
        }
        return Some(Said::Is(name, text));
    }
    if c.accept("current_schema") {
        let _ = c.accept("( )");
        return Some(Said::InPath(name));
    }
    let joins =
        |name: &str| name == "oid" || name.ends_with("namespace") || name.ends_with("relid");
    let other = column(c)?;
    (joins(&name) && joins(&other)).then_some(Said::Nothing)
}

/// A column, with or without its relation.
fn column(c: &mut Cursor<'_>) -> Option<String> {
    let is_word = |c: &Cursor<'_>| c.peek().is_some_and(|t| t.kind == TokenKind::Word);
    is_word(c).then_some(())?;
    let mut name = c.text().to_ascii_lowercase();
    c.advance();
    if c.accept(".") {
        is_word(c).then_some(())?;
        name = c.text().to_ascii_lowercase();
        c.advance();
    }
    Some(name)
}

/// What is asked for, where every column that is compared is known.
fn presence(listing: &Listing, said: &[Said], version: TargetVersion) -> Option<Presence> {
    let (mut name, mut schema, mut table) = (None, InSchema::Any, None);
    for said in said {
        match said {
            Said::Nothing => {}
            Said::InPath(column) if *column == listing.schema => schema = InSchema::Path,
            Said::InPath(_) => return None,
            Said::Is(column, text) if *column == listing.name => name = Some(text),
            Said::Is(column, text)
                if *column == listing.schema || column.ends_with("namespace") =>
            {
                schema = InSchema::Named(Ident::new(text));
            }
            Said::Is(column, text) if *column == listing.table => {
                table = Some(match column.ends_with("relid") {
                    true => name_in(text, version)?,
                    false => QualifiedName::bare(Ident::new(text)),
                });
            }
            Said::Is(column, text) if column == "relname" && listing.table.ends_with("relid") => {
                table = Some(QualifiedName::bare(Ident::new(text)));
            }
            // The server keeps names apart whatever kind of relation, type or constraint they are of.
            Said::Is(column, _) if ["relkind", "typtype", "contype"].contains(&column.as_str()) => {
            }
            Said::Is(..) => return None,
        }
    }
    if let Some(owner) = table.as_ref().and_then(|t| t.schema.clone()) {
        schema = InSchema::Named(owner);
    }
    Some(Presence {
        kind: listing.kind,
        schema,
        table,
        name: Ident::new(name?),
    })
}
