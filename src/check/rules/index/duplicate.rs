//! # index/duplicate
//!
//! Two indexes of a table that are the same in everything but the name.
//!
//! ## Why
//!
//! Each index is written on every INSERT and on most UPDATEs, takes disk space and memory, and has
//! to be vacuumed. The second of two equal indexes answers no query that the first one does not.
//!
//! Equal means: the same access method, keys in the same order, operator classes, collations, sort
//! orders, included columns and predicate, and both unique or both not. Storage parameters and
//! tablespaces are not compared. Two unique constraints are compared in the same way.
//!
//! ## Fix
//!
//! Drop one of them.
//!
//! ```sql bad
//! CREATE TABLE tasks (id bigint PRIMARY KEY, due date);
//! CREATE INDEX tasks_due_idx ON tasks (due);
//! CREATE INDEX tasks_due_again ON tasks USING btree (due ASC NULLS LAST);
//! ```
//!
//! ```sql good
//! CREATE TABLE tasks (id bigint PRIMARY KEY, due date);
//! CREATE INDEX tasks_due_idx ON tasks (due);
//! CREATE INDEX tasks_open_idx ON tasks (due) WHERE due IS NOT NULL;
//! CREATE INDEX tasks_late_idx ON tasks (due DESC NULLS LAST);
//! ```

use std::collections::BTreeMap;

use super::{drop_help, is_pinned};
use crate::check::access_path::{AccessPath, PathSource, access_paths};
use crate::check::rules::subject::{path_finding, path_id, path_words};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "index/duplicate",
    level: Level::Warning,
    docs: include_str!("duplicate.rs"),
    options: &[],
};

pub(in crate::check) struct Duplicate;

impl Rule for Duplicate {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables() {
            let paths = access_paths(table);
            if paths.len() < 2 {
                continue;
            }
            let mut groups: BTreeMap<String, Vec<&AccessPath<'_>>> = BTreeMap::new();
            for path in paths.iter().filter(|p| !p.is_attached()) {
                groups.entry(identity(path)).or_default().push(path);
            }
            for group in groups.values_mut().filter(|g| g.len() > 1) {
                // What is needed for something else stays; sorting is stable.
                group.sort_by_key(|path| !is_pinned(path));
                for path in &group[1..] {
                    out.push(finding(cx, group[0], path));
                }
            }
        }
    }
}

/// Equal texts mean equal indexes.
fn identity(path: &AccessPath<'_>) -> String {
    let mut include: Vec<&str> = path.include.iter().map(|c| c.as_str()).collect();
    include.sort_unstable();
    let deferral = match path.source {
        PathSource::Index(_) => None,
        PathSource::Constraint(constraint) => Some(constraint.deferral),
    };
    format!(
        "{}\u{1}{}\u{1}{}\u{1}{deferral:?}\u{1}{:?}\u{1}{}\u{1}{}",
        path.method(),
        path.unique,
        path.nulls_not_distinct,
        path.predicate.map(|p| p.key()),
        include.join("\u{0}"),
        path.key_signatures().join("\u{1}"),
    )
}

fn finding(cx: &Context<'_>, kept: &AccessPath<'_>, path: &AccessPath<'_>) -> Diagnostic {
    let headline = format!(
        "{} of {} repeats {}",
        path_words(path),
        path.table.name,
        path_words(kept)
    );
    let mut finding = path_finding(cx, path, headline)
        .note("both are kept up to date on every write, and one of them answers every query")
        .help(drop_help(cx, path));
    if let Some(span) = cx.source_map.of(&path_id(kept)) {
        finding = finding.and_at(span, "the same index");
    }
    finding
}
