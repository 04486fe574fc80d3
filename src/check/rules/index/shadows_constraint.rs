//! # index/shadows-constraint
//!
//! An index that has the keys of a primary key, a unique constraint or a unique index.
//!
//! ## Why
//!
//! The server keeps an index for every primary key and unique constraint. Another one over the
//! same columns in the same order answers no query that it does not, and costs every write.
//!
//! ## Fix
//!
//! Drop the index; the constraint stays.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);
//! CREATE INDEX users_email_idx ON users (email);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);
//! CREATE INDEX users_lower_email_idx ON users (lower(email));
//! CREATE INDEX users_email_pattern_idx ON users (email text_pattern_ops);
//! ```

use std::collections::BTreeMap;

use super::{carries_includes, drop_help, is_pinned, same_rows};
use crate::check::access_path::{AccessPath, PathSource, access_paths};
use crate::check::rules::subject::{path_finding, path_id, path_words};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "index/shadows-constraint",
    level: Level::Warning,
    docs: include_str!("shadows_constraint.rs"),
    options: &[],
};

pub(in crate::check) struct ShadowsConstraint;

impl Rule for ShadowsConstraint {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables().filter(|t| !t.indexes.is_empty()) {
            let paths = access_paths(table);
            let mut by_keys: BTreeMap<Vec<String>, Vec<&AccessPath<'_>>> = BTreeMap::new();
            for path in paths.iter().filter(|p| p.unique && p.method() == "btree") {
                by_keys.entry(path.key_signatures()).or_default().push(path);
            }
            if by_keys.is_empty() {
                continue;
            }
            for path in paths
                .iter()
                .filter(|p| p.method() == "btree" && !is_pinned(p))
            {
                let same_keys = by_keys.get(&path.key_signatures());
                let same_keys = same_keys.map_or(&[][..], Vec::as_slice);
                if let Some(kept) = same_keys.iter().find(|kept| shadows(path, kept)) {
                    out.push(finding(cx, kept, path));
                }
            }
        }
    }
}

/// Whether an index does nothing beside one of the same keys.
fn shadows(path: &AccessPath<'_>, kept: &AccessPath<'_>) -> bool {
    let does_more_than = match (path.source, kept.source) {
        // Two unique constraints or two unique indexes: index/duplicate.
        (PathSource::Constraint(_), _) => return false,
        (PathSource::Index(_), PathSource::Index(_)) => path.unique,
        // A unique index that takes two nulls for equal says more than the constraint.
        (PathSource::Index(_), PathSource::Constraint(c)) => {
            path.unique
                && !c.is_primary_key()
                && path.nulls_not_distinct
                && !kept.nulls_not_distinct
        }
    };
    !does_more_than && same_rows(path, kept) && carries_includes(kept, path)
}

fn finding(cx: &Context<'_>, kept: &AccessPath<'_>, path: &AccessPath<'_>) -> Diagnostic {
    let headline = format!(
        "{} of {} repeats the index of {}",
        path_words(path),
        path.table.name,
        path_words(kept)
    );
    let mut finding = path_finding(cx, path, headline)
        .note("a key has an index of its own; a second one over the same columns only costs writes")
        .help(drop_help(cx, path));
    if let Some(span) = cx.source_map.of(&path_id(kept)) {
        finding = finding.and_at(span, "this keeps an index of the same columns");
    }
    finding
}
