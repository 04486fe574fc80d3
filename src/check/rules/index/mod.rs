//! Indexes: those that are missing, and those that do nothing.

pub(in crate::check) mod duplicate;
pub(in crate::check) mod fk_unindexed;
pub(in crate::check) mod redundant_prefix;
pub(in crate::check) mod shadows_constraint;

use std::collections::BTreeSet;

use crate::check::Context;
use crate::check::access_path::{AccessPath, PathSource};
use crate::model::{Ident, ReplicaIdentity};

/// Whether something beside queries needs the index: it clusters the table or identifies its rows
/// for replication, or is part of an index of the partitioned table.
fn is_pinned(path: &AccessPath<'_>) -> bool {
    let name = path.name();
    path.is_attached()
        || path.table.cluster_on.as_ref() == Some(name)
        || matches!(&path.table.replica_identity, ReplicaIdentity::Index(i) if i == name)
}

/// Whether every row that `a` covers is in `b` too, and the other way round.
fn same_rows(a: &AccessPath<'_>, b: &AccessPath<'_>) -> bool {
    a.predicate == b.predicate
}

/// Whether `b` has in its pages all the columns that `a` carries along.
fn carries_includes(b: &AccessPath<'_>, a: &AccessPath<'_>) -> bool {
    let keys = b.elements.iter().filter_map(|e| e.column.as_ref());
    let there: BTreeSet<&Ident> = keys.chain(b.include).collect();
    a.include.iter().all(|column| there.contains(column))
}

/// How an index goes, in SQL and YAML.
fn drop_help(cx: &Context<'_>, path: &AccessPath<'_>) -> String {
    match path.source {
        PathSource::Index(index) => {
            let name = path.table.name.sibling(index.name.clone());
            format!(
                "drop it: `DROP INDEX {};` (or take its entry out of the table's `indexes:`)",
                cx.dialect.quote_name(&name)
            )
        }
        PathSource::Constraint(constraint) if constraint.name.is_empty() => {
            "take it out of the table".to_owned()
        }
        PathSource::Constraint(constraint) => format!(
            "drop it: `ALTER TABLE {} DROP CONSTRAINT {};` (or take it out of the table)",
            cx.dialect.quote_name(&path.table.name),
            cx.dialect.quote(&constraint.name)
        ),
    }
}
