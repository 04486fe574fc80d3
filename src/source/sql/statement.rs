//! Which grammar reads a statement: the one place where first words are looked at.

use super::alter::alter;
use super::cursor::{Cursor, Parsed};
use super::drop::{comment, drop_statement};
use super::index::create_index;
use super::schema::{create_extension, create_schema};
use super::sequence::create_sequence;
use super::session::{BodiesChange, RoleChange, bodies_change, is_off, role_change};
use super::table::{create_foreign_table, create_table};
use super::trigger::{create_policy, create_trigger};
use super::type_definition::{create_collation, create_domain, create_type};
use super::view::{create_materialized_view, create_view};
use crate::expr::unquote_string;
use crate::model::{Ident, KeptStatement, Persistence};
use crate::source::{SkipReason, Statement};

/// What a statement turned out to be.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one outcome lives at a time, on the stack"
)]
pub(super) enum Outcome {
    Statement(Statement),
    /// Says nothing about the schema.
    Skip(SkipReason),
    /// Changes the search path for what follows; `None` resets it.
    SearchPath(Option<Vec<Ident>>),
    /// Changes who runs what follows.
    Role(RoleChange),
    /// Changes whether the bodies of routines are read.
    Bodies(BodiesChange),
    /// The server may take it, the model does not.
    Opaque,
}

impl From<Option<Statement>> for Outcome {
    fn from(statement: Option<Statement>) -> Self {
        statement.map_or(Self::Opaque, Self::Statement)
    }
}

/// Reads one statement.
pub(super) fn statement(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    let word = c.text().to_ascii_lowercase();
    Ok(match word.as_str() {
        "create" => {
            c.advance();
            create(c)?
        }
        "alter" => {
            c.advance();
            alter_statement(c)?
        }
        "drop" => {
            c.advance();
            drop_or_skip(c)?
        }
        "comment" => {
            c.advance();
            c.expect("on")?;
            comment(c)?.map_or(Outcome::Skip(SkipReason::Cluster), Outcome::Statement)
        }
        "grant" | "revoke" => super::grant::grant(c)?,
        "set" => match role_change(&mut c.clone()) {
            Some(change) => Outcome::Role(change),
            None => setting(c),
        },
        "reset" if c.is_at(1, "role") || c.is_at(1, "session") => {
            role_change(c).map_or(Outcome::Skip(SkipReason::Setting), Outcome::Role)
        }
        "reset" => {
            let path = c.is_at(1, "search_path") || c.is_at(1, "all");
            if path {
                Outcome::SearchPath(None)
            } else if c.is_at(1, "check_function_bodies") {
                Outcome::Bodies(BodiesChange {
                    local: false,
                    unread: false,
                })
            } else {
                Outcome::Skip(SkipReason::Setting)
            }
        }
        "select" | "with" | "values" | "table" => query(c),
        "insert" | "update" | "delete" | "do" | "call" | "merge" | "replace" => kept(c, &word),
        "security" => kept(c, &word),
        "copy" => Outcome::Skip(SkipReason::Data),
        "truncate" => kept(c, &word),
        "begin" | "start" | "commit" | "end" | "rollback" | "savepoint" | "release" | "abort" => {
            Outcome::Skip(SkipReason::TransactionControl)
        }
        "pragma" => Outcome::Skip(SkipReason::Pragma),
        "analyze" | "vacuum" | "refresh" | "reindex" | "checkpoint" | "cluster" | "lock"
        | "show" | "explain" | "discard" | "notify" | "listen" | "unlisten" | "load"
        | "deallocate" | "prepare" | "execute" => Outcome::Skip(SkipReason::Maintenance),
        "reassign" => Outcome::Skip(SkipReason::Cluster),
        "import" => Outcome::Opaque,
        _ => {
            let mut error = c.error(format!("`{}` does not begin a SQL statement", c.text()));
            error.help = Some("check the line before it for a missing semicolon or quote".into());
            return Err(error);
        }
    })
}

fn create(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    let or_replace = c.accept("or replace");
    c.accept_any(&["global", "local"]);
    let persistence = if c.accept("temporary") || c.accept("temp") {
        Persistence::Temporary
    } else if c.accept("unlogged") {
        Persistence::Unlogged
    } else {
        Persistence::Permanent
    };
    let statement = if c.accept("table") {
        return Ok(create_table(c, persistence)?.into());
    } else if c.accept("unique index") {
        create_index(c, true)?
    } else if c.accept("index") {
        create_index(c, false)?
    } else if c.accept("recursive view") {
        create_view(c, or_replace, true)?
    } else if c.accept("view") {
        create_view(c, or_replace, false)?
    } else if c.accept("materialized view") {
        create_materialized_view(c)?
    } else if c.accept("sequence") {
        create_sequence(c, persistence)?
    } else if c.accept("type") {
        create_type(c)?
    } else if c.accept("domain") {
        create_domain(c)?
    } else if c.accept("collation") {
        create_collation(c)?
    } else if c.accept("constraint trigger") {
        create_trigger(c, or_replace, true)?
    } else if c.accept("trigger") {
        create_trigger(c, or_replace, false)?
    } else if c.accept("policy") {
        create_policy(c)?
    } else if c.accept("schema") {
        create_schema(c)?
    } else if c.accept("extension") {
        create_extension(c)?
    } else if c.accept("foreign table") {
        create_foreign_table(c)?
    } else if c.is_sqlite() && c.accept("virtual table") {
        super::sqlite::create_virtual_table(c)?
    } else {
        return super::create_other::create(c, or_replace);
    };
    Ok(Outcome::Statement(statement))
}

fn alter_statement(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    if c.accept("default privileges") {
        return super::grant::default_privileges(c);
    }
    if c.is_any(&[
        "role",
        "user",
        "group",
        "database",
        "system",
        "tablespace",
        "large",
    ]) && !c.are("user mapping")
    {
        return Ok(Outcome::Skip(SkipReason::Cluster));
    }
    let start = c.position();
    match alter(c)? {
        Some(statement) => Ok(Outcome::Statement(statement)),
        None => {
            c.seek(start);
            super::create_other::unknown(c, "ALTER")
        }
    }
}

fn drop_or_skip(c: &mut Cursor<'_>) -> Parsed<Outcome> {
    if c.is_any(&["role", "user", "group", "database", "tablespace", "owned"])
        && !c.are("user mapping")
    {
        return Ok(Outcome::Skip(SkipReason::Cluster));
    }
    let start = c.position();
    match drop_statement(c)? {
        Some(statement) => Ok(Outcome::Statement(statement)),
        None => {
            c.seek(start);
            super::create_other::unknown(c, "DROP")
        }
    }
}

/// `SET [SESSION | LOCAL] name ...`
fn setting(c: &mut Cursor<'_>) -> Outcome {
    c.advance();
    let local = c.accept("local");
    let _ = local || c.accept("session");
    if let Some(change) = bodies_change(c, local) {
        return Outcome::Bodies(change);
    }
    if !(c.accept("search_path") || c.accept("schema")) {
        return Outcome::Skip(SkipReason::Setting);
    }
    let _ = c.accept("to") || c.accept("=");
    if c.accept("default") {
        return Outcome::SearchPath(None);
    }
    let mut path = Vec::new();
    while !c.at_end() {
        if c.is_string() {
            path.push(Ident::from(c.string().unwrap_or_default()));
        } else if let Ok(name) = c.ident() {
            path.push(name);
        } else {
            c.advance();
        }
    }
    Outcome::SearchPath(Some(schemas_of(path)))
}

/// The schemas of a search path that can hold a user's objects.
fn schemas_of(path: Vec<Ident>) -> Vec<Ident> {
    path.into_iter()
        .filter(|s| !s.is_empty() && *s != "$user" && *s != "pg_catalog" && *s != "pg_temp")
        .collect()
}

/// A query: `set_config('search_path', ...)` is heeded, one that calls a function is kept, since it
/// may make objects (`select create_hypertable(...)`), the rest is nobody's result.
fn query(c: &mut Cursor<'_>) -> Outcome {
    let calls = |name: &str| {
        c.is_at(1, name) && c.is_at(2, "(") || c.is_at(1, "pg_catalog") && c.is_at(3, name)
    };
    if calls("set_config") {
        let at = if c.is_at(1, "set_config") { 3 } else { 5 };
        let value = unquote_string(c.text_at(at + 2)).unwrap_or_default();
        if unquote_string(c.text_at(at)).as_deref() == Some("search_path") {
            let names = value
                .split(',')
                .map(|s| Ident::from(s.trim().trim_matches('"').to_owned()));
            return Outcome::SearchPath(Some(schemas_of(names.collect())));
        }
        if unquote_string(c.text_at(at)).as_deref() == Some("check_function_bodies") {
            let unread = is_off(&value);
            return Outcome::Bodies(BodiesChange {
                local: false,
                unread,
            });
        }
        return Outcome::Skip(SkipReason::Setting);
    }
    if calls("setval") {
        return Outcome::Statement(Statement::SetValue(c.rest().into()));
    }
    let text = c.slice(0, c.position()).len();
    let _ = text;
    let calls_function = c.text().eq_ignore_ascii_case("select") && {
        let mut probe = c.clone();
        probe.advance();
        probe.name().is_ok() && probe.is("(")
    };
    if calls_function {
        kept(c, "select")
    } else {
        Outcome::Skip(SkipReason::Maintenance)
    }
}

fn kept(c: &mut Cursor<'_>, verb: &str) -> Outcome {
    let text = c.rest();
    Outcome::Statement(Statement::Kept(KeptStatement {
        text: text.into(),
        verb: Ident::new(verb),
        search_path: Vec::new(),
    }))
}
