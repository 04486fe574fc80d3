//! # index/fk-unindexed
//!
//! A foreign key whose columns no index of the referencing table leads with.
//!
//! ## Why
//!
//! The server indexes the referenced side of a foreign key, never the referencing one. Without an
//! index there, every DELETE of a referenced row, and every UPDATE of its key, reads the whole
//! referencing table to look for rows that point to it, holding locks meanwhile; joins and lists
//! of children read it whole too.
//!
//! An index covers a foreign key of n columns when it is a btree whose first n keys are these
//! columns, in any order (or, for one column, a hash index), with the collation of the column, and
//! is not partial or leaves out null keys only. Primary keys and unique constraints count.
//!
//! ## Fix
//!
//! Add the index. On a table that is in use, create it with CONCURRENTLY. In YAML a column with
//! `references:` has an index unless it says `index: false`.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (
//!     id bigint PRIMARY KEY,
//!     user_id bigint NOT NULL REFERENCES users (id)
//! );
//! CREATE INDEX tasks_recent_idx ON tasks (user_id) WHERE id > 1000;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (
//!     id bigint PRIMARY KEY,
//!     user_id bigint REFERENCES users (id)
//! );
//! CREATE INDEX tasks_user_id_idx ON tasks (user_id) WHERE user_id IS NOT NULL;
//! ```

use std::collections::BTreeSet;

use crate::check::access_path::{AccessPath, effective_paths, not_null_columns};
use crate::check::rules::remedy::{column_list, create_index, yaml_list};
use crate::check::rules::subject::{constraint_finding, constraint_words, path_words};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::model::{Constraint, ForeignKey, Ident, IndexElement, Table};

static INFO: RuleInfo = RuleInfo {
    id: "index/fk-unindexed",
    level: Level::Warning,
    docs: include_str!("fk_unindexed.rs"),
    options: &[],
};

pub(in crate::check) struct FkUnindexed;

impl Rule for FkUnindexed {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables().filter(|t| t.foreign.is_none()) {
            let mut keys = table.foreign_keys().peekable();
            if keys.peek().is_none() {
                continue;
            }
            let paths = effective_paths(cx, table);
            // Two foreign keys over the same columns need one index.
            let mut seen: BTreeSet<BTreeSet<&Ident>> = BTreeSet::new();
            for (constraint, key) in keys {
                // The rows of a temporal foreign key are found by a GiST index.
                if key.period || !seen.insert(key.columns.iter().collect()) {
                    continue;
                }
                if !paths.iter().any(|path| covers(cx, table, path, key)) {
                    out.push(finding(cx, table, constraint, key, &paths));
                }
            }
        }
    }
}

/// Whether the index finds the rows of a key.
fn covers(cx: &Context<'_>, table: &Table, path: &AccessPath<'_>, key: &ForeignKey) -> bool {
    method_serves(path, key)
        && leads_with(path, key)
        && path.elements[..key.columns.len()]
            .iter()
            .all(|e| compares_alike(cx, table, e))
        && has_every_row(cx.dialect, table, path, key)
}

fn method_serves(path: &AccessPath<'_>, key: &ForeignKey) -> bool {
    match path.method() {
        "btree" => true,
        "hash" => key.columns.len() == 1,
        _ => false,
    }
}

fn leads_with(path: &AccessPath<'_>, key: &ForeignKey) -> bool {
    let Some(first) = path.elements.get(..key.columns.len()) else {
        return false;
    };
    let is_in = |column: &Ident| first.iter().any(|e| e.column.as_ref() == Some(column));
    key.columns.iter().all(is_in)
}

/// Whether the index answers the equality of the foreign key: any operator class of the server
/// does but the one that compares bytes of images; an own collation or class may not.
fn compares_alike(cx: &Context<'_>, table: &Table, element: &IndexElement) -> bool {
    let column = element.column.as_ref().and_then(|c| table.column(c));
    let own_collation = column.and_then(|c| c.collation.as_ref());
    let same_collation = element.collation.is_none() || element.collation.as_ref() == own_collation;
    let known_class = element.opclass.as_ref().is_none_or(|class| {
        class.name != "record_image_ops"
            && !cx
                .catalog
                .operator_classes
                .keys()
                .any(|(name, _)| name == class)
    });
    same_collation && known_class
}

/// Whether the index has all rows that a foreign key asks for: those whose keys are not null.
fn has_every_row(dialect: Dialect, table: &Table, path: &AccessPath<'_>, key: &ForeignKey) -> bool {
    let Some(predicate) = path.predicate else {
        return true;
    };
    let always = |name: &str| table.column(name).is_some_and(|c| c.not_null);
    not_null_columns(predicate, dialect).is_some_and(|c| {
        c.iter()
            .all(|c| always(c) || key.columns.iter().any(|k| k == c.as_str()))
    })
}

fn finding(
    cx: &Context<'_>,
    table: &Table,
    constraint: &Constraint,
    key: &ForeignKey,
    paths: &[AccessPath<'_>],
) -> Diagnostic {
    let columns = column_list(cx.dialect, &key.columns);
    let headline = format!(
        "{} of {} has no index on ({columns})",
        constraint_words(constraint),
        table.name
    );
    let mut note = format!(
        "every DELETE and every change of a key in {} reads all of {} to look for rows that refer to it",
        key.target, table.name
    );
    if let Some((path, why)) = near_miss(cx, table, key, paths) {
        note.push_str(&format!("; {} does not help: {why}", path_words(path)));
    }
    constraint_finding(cx, table, constraint, headline)
        .note(note)
        .help(format!(
            "`{}` (in YAML, under `indexes:`, `- {{ columns: {} }}`)",
            create_index(cx, table, &key.columns),
            yaml_list(&key.columns)
        ))
}

/// An index that has the columns and still does not cover the foreign key, and why.
fn near_miss<'p, 'a>(
    cx: &Context<'_>,
    table: &Table,
    key: &ForeignKey,
    paths: &'p [AccessPath<'a>],
) -> Option<(&'p AccessPath<'a>, &'static str)> {
    let has_all = |path: &&AccessPath<'_>| {
        let has = |c: &Ident| path.elements.iter().any(|e| e.column.as_ref() == Some(c));
        key.columns.iter().all(has)
    };
    let path = paths.iter().find(has_all)?;
    let why = if !method_serves(path, key) {
        "its access method cannot look rows up by equality"
    } else if !leads_with(path, key) {
        "other columns come before these"
    } else if !has_every_row(cx.dialect, table, path, key) {
        "it is partial"
    } else {
        "it has another collation or operator class"
    };
    Some((path, why))
}
