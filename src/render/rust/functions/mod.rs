//! The functions of one table: signatures and SQL, decided; the templates hold their bodies.
//!
//! Invariants: a function reads a table by the columns that were known when it was written; every
//! value reaches the server as a parameter, never as text of the statement.

mod keys;
mod lookups;
mod parents;
mod writes;

use serde::Serialize;

use self::keys::{KeyFunctions, key_functions};
use self::lookups::{Group, Lookup, groups, lookups};
use self::parents::{Parent, parents};
use self::writes::{InsertFunctions, Upsert, inserts, upserts};
use super::columns::Field;
use super::layout;
use super::names::Unique;
use super::table::{Context, doc_block, in_format};
use super::types::Use;

/// Names of functions that are there for every table.
static FUNCTIONS: &[&str] = &[
    "clone",
    "delete",
    "find",
    "find_many",
    "insert",
    "insert_many",
    "key",
    "list",
    "restore",
    "soft_delete",
    "update",
    "upsert",
];

const CLIENT: &str = "client: &impl GenericClient";

#[derive(Debug, Default, Serialize)]
pub(super) struct Functions {
    /// Whether there is any: an `impl` block without functions is left out.
    any: bool,
    /// How a body passes the key to a statement: `&[&id]` or `&key.params()`.
    key: Option<KeyFunctions>,
    lookups: Vec<Lookup>,
    groups: Vec<Group>,
    insert: Option<InsertFunctions>,
    upserts: Vec<Upsert>,
    parents: Vec<Parent>,
    #[serde(skip)]
    pub(super) uses: Vec<Use>,
}

/// A function with one statement.
#[derive(Debug, Serialize)]
struct Statement {
    doc: String,
    signature: String,
    sql: String,
}

pub(super) fn functions(context: &Context<'_>) -> Functions {
    let mut all = Functions::default();
    if context.fields.is_empty() {
        return all;
    }
    let mut taken = Unique::new(FUNCTIONS.iter().copied());
    let key = context.key();
    all.key = (!key.is_empty()).then(|| key_functions(context, &key));
    all.lookups = lookups(context, &mut taken);
    all.groups = groups(context, &mut taken, &mut all.uses);
    all.insert = Some(inserts(context));
    all.upserts = upserts(context, &mut taken);
    all.parents = parents(context, &mut taken, &mut all.uses);
    all.any = true;
    collect_uses(context, &mut all);
    all
}

fn uses_of(path: &'static str, names: &[&str]) -> Vec<Use> {
    let make = |name: &&str| Use {
        path,
        name: (*name).to_owned(),
    };
    names.iter().map(make).collect()
}

/// What the bodies in the template name.
fn collect_uses(context: &Context<'_>, all: &mut Functions) {
    let mut support = Vec::new();
    let many_keys = all.key.as_ref().is_some_and(|k| k.find_many.is_some());
    if all.key.is_some() || !all.lookups.is_empty() {
        support.push("one");
    }
    if all.key.is_some() || !all.groups.is_empty() || many_inserts(all) {
        support.push("many");
    }
    if !all.groups.is_empty() {
        support.push("group");
    }
    if many_keys || !all.groups.is_empty() {
        all.uses.extend(uses_of("std::collections", &["HashMap"]));
    }
    if all.insert.as_ref().is_some_and(|i| i.count > 0) {
        support.push("values");
    }
    if many_inserts(all) {
        support.push("MAX_PARAMS");
    }
    let assembled =
        all.key.as_ref().is_some_and(|k| k.update.is_some()) && context.key().len() == 1;
    if assembled || all.lookups.iter().any(|l| l.params_let.is_some()) {
        support.push("Param");
    }
    all.uses.extend(uses_of("super::support", &support));
    all.uses.extend(uses_of("super", &["Error"]));
    all.uses
        .extend(uses_of("tokio_postgres", &["GenericClient"]));
}

fn many_inserts(all: &Functions) -> bool {
    all.insert.as_ref().is_some_and(|i| i.many.is_some())
}

fn statement(doc: &str, head: &str, arguments: &[String], output: &str, sql: String) -> Statement {
    Statement {
        doc: doc_block(4, "///", &[doc.to_owned()]),
        signature: layout::signature(4, &format!("pub async fn {head}"), arguments, output),
        sql,
    }
}

/// `a = $1 AND b = $2`, ready for a literal that `format!` reads.
fn equals(fields: &[&Field<'_>]) -> String {
    let parts = fields
        .iter()
        .enumerate()
        .map(|(i, f)| format!("{} = {}", f.sql, f.placeholder(i + 1)));
    in_format(&parts.collect::<Vec<_>>().join(" AND "))
}

fn joined(fields: &[&Field<'_>], part: impl Fn(usize, &Field<'_>) -> String) -> String {
    let parts: Vec<String> = fields.iter().enumerate().map(|(i, f)| part(i, f)).collect();
    in_format(&parts.join(", "))
}

/// A column in ORDER BY: what is selected by a cast has the same name there, so that the table has
/// to be named for the order of its own values.
fn ordered(context: &Context<'_>, field: &Field<'_>) -> String {
    match &field.data_type.read {
        Some(_) => format!(
            "{}.{}",
            context.models.types.dialect.quote(&context.table.name.name),
            field.sql
        ),
        None => field.sql.clone(),
    }
}

fn order(context: &Context<'_>, key: &[&Field<'_>]) -> String {
    joined(key, |_, f| ordered(context, f))
}

fn select(context: &Context<'_>, rest: &[String]) -> Vec<String> {
    let mut pieces = vec![format!("SELECT {{COLUMNS}} FROM {}", context.sql)];
    pieces.extend(rest.iter().cloned());
    pieces
}

/// Function names of many columns are cut.
fn short(name: &str) -> String {
    crate::dialect::cut_identifier(crate::dialect::Dialect::Postgres, name)
}
