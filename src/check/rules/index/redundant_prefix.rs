//! # index/redundant-prefix
//!
//! A btree index whose keys are the first keys of another one.
//!
//! ## Why
//!
//! A btree over `(a, b)` answers what one over `(a)` answers, at nearly the same cost, so the
//! shorter one mostly costs writes, disk space and memory. It is a hint and not more: a much
//! smaller index can be worth its price where the longer one is wide.
//!
//! Keys count as equal with equal operator classes, collations and sort orders; predicates have to
//! be equal, what the shorter one includes has to be in the longer one, and a unique index is never
//! redundant, because it is a rule and not only an access path.
//!
//! ## Fix
//!
//! Drop the shorter index, or say why it stays: `allow: [{ rule: index/redundant-prefix, reason: ... }]`.
//!
//! ```sql bad
//! CREATE TABLE tasks (id bigint PRIMARY KEY, owner bigint, due date);
//! CREATE INDEX tasks_owner_idx ON tasks (owner);
//! CREATE INDEX tasks_owner_due_idx ON tasks (owner, due);
//! ```
//!
//! ```sql good
//! CREATE TABLE tasks (id bigint PRIMARY KEY, owner bigint, due date);
//! CREATE INDEX tasks_due_idx ON tasks (due);
//! CREATE INDEX tasks_owner_due_idx ON tasks (owner, due);
//! CREATE INDEX tasks_owned_idx ON tasks (owner) WHERE due IS NULL;
//! ```

use std::collections::BTreeMap;

use super::{carries_includes, drop_help, is_pinned, same_rows};
use crate::check::access_path::{AccessPath, access_paths};
use crate::check::rules::subject::{path_finding, path_id, path_words};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "index/redundant-prefix",
    level: Level::Info,
    docs: include_str!("redundant_prefix.rs"),
    options: &[],
};

pub(in crate::check) struct RedundantPrefix;

impl Rule for RedundantPrefix {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables().filter(|t| !t.indexes.is_empty()) {
            let paths = access_paths(table);
            let btrees: Vec<(&AccessPath<'_>, Vec<String>)> = paths
                .iter()
                .filter(|p| p.method() == "btree")
                .map(|p| (p, p.key_signatures()))
                .collect();
            // By its first key, so that only indexes that can be prefixes are compared.
            let mut by_first: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (n, (_, keys)) in btrees.iter().enumerate() {
                if let Some(first) = keys.first() {
                    by_first.entry(first).or_default().push(n);
                }
            }
            for (path, keys) in btrees.iter().filter(|(p, _)| !p.unique && !is_pinned(p)) {
                let same_first = keys.first().and_then(|first| by_first.get(first.as_str()));
                let others = same_first.into_iter().flatten().map(|n| &btrees[*n]);
                let mut longer =
                    others.filter(|(other, other_keys)| is_prefix(path, keys, other, other_keys));
                if let Some((other, _)) = longer.next() {
                    out.push(finding(cx, other, path));
                }
            }
        }
    }
}

fn is_prefix(
    path: &AccessPath<'_>,
    keys: &[String],
    other: &AccessPath<'_>,
    other_keys: &[String],
) -> bool {
    // Equal keys are a prefix where the other index includes more and is not unique; where it is,
    // index/shadows-constraint says so.
    let more = other_keys.len() > keys.len()
        || (!other.unique && other.include.len() > path.include.len());
    more && other_keys.starts_with(keys) && same_rows(path, other) && carries_includes(other, path)
}

fn finding(cx: &Context<'_>, other: &AccessPath<'_>, path: &AccessPath<'_>) -> Diagnostic {
    let headline = format!(
        "{} of {} has only the first keys of {}",
        path_words(path),
        path.table.name,
        path_words(other)
    );
    let mut finding = path_finding(cx, path, headline)
        .note("the longer index answers the same queries, so the shorter one mostly costs writes")
        .help(drop_help(cx, path));
    if let Some(span) = cx.source_map.of(&path_id(other)) {
        finding = finding.and_at(span, "this index begins with the same keys");
    }
    finding
}
