//! # migration-safety/index-not-concurrent
//!
//! An index is created or dropped in a way that keeps others from using its table.
//!
//! ## Why
//!
//! CREATE INDEX takes SHARE: nobody writes to the table until the index is built. DROP INDEX takes ACCESS
//! EXCLUSIVE: it waits for everyone who uses the table, and everyone who comes later waits behind it.
//!
//! ## Fix
//!
//! CONCURRENTLY, outside of a transaction, in a file of its own. Indexes of partitioned tables: create
//! it `ON ONLY` the parent, concurrently on each partition, and attach those.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! CREATE INDEX users_email_idx ON users (email);
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! CREATE INDEX users_email_idx ON users (email);
//! -- migration:
//! DROP INDEX users_email_idx;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
//! ```
//!
//! ```sql good
//! -- migration:
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! CREATE INDEX users_email_idx ON users (email);
//! ```

use crate::check::migration::{Act, At, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::{Lock, LockMode, ScanKind};
use crate::model::{Object, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/index-not-concurrent",
    level: Level::Warning,
    docs: include_str!("index_not_concurrent.rs"),
    options: &[],
};

pub(in crate::check) struct IndexNotConcurrent;

impl Rule for IndexNotConcurrent {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let Some(Statement::Create {
            object: Object::Index(relation, index),
            ..
        }) = &at.act.told.statement
        else {
            return;
        };
        let facts = at.facts();
        let builds = facts.scans.iter().any(|s| s.kind == ScanKind::BuildIndex);
        if !facts.transactional || !builds {
            return;
        }
        let relation = at.scene.relation(relation);
        let partitioned = at
            .scene
            .table(&relation)
            .and_then(|t| t.partition_by.as_ref());
        let name = relation.sibling(index.name.clone());
        let headline = format!("nobody writes to {relation} while an index on it is built");
        let help = match partitioned {
            Some(_) => {
                "create it ON ONLY the parent, CONCURRENTLY on each partition, and attach those"
            }
            None => "CREATE INDEX CONCURRENTLY, outside of a transaction, in a file of its own",
        };
        let finding = at.finding(cx, ObjectId::index(&name), headline);
        let note = "it takes SHARE, which conflicts with every INSERT, UPDATE and DELETE";
        out.push(finding.note(note).help(help));
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        for (n, act) in all.acts.iter().enumerate() {
            let Some(Statement::Drop { targets, .. }) = &act.told.statement else {
                continue;
            };
            let facts = act.facts();
            let strong = |l: &&Lock| l.mode == LockMode::AccessExclusive;
            let Some(lock) = facts.locks.iter().find(strong) else {
                continue;
            };
            for target in targets.iter().filter(|t| t.kind == ObjectKind::Index) {
                let name = act.qualified(&target.name);
                let mut later = all.later_about(n, &name);
                let swapped = later.any(|later| takes_name(later, &name));
                if swapped || is_locked_anyhow(all, n, &lock.relation) {
                    continue;
                }
                let headline = format!("index {name} is dropped while {} is in use", lock.relation);
                let finding = act.finding(cx, ObjectId::index(&name), headline);
                let note =
                    "it waits for everyone who uses the table, and who comes later waits too";
                let help =
                    "DROP INDEX CONCURRENTLY, outside of a transaction, in a file of its own";
                out.push(finding.note(note).help(help));
            }
        }
    }
}

/// Whether another statement of its transaction keeps the table from everyone too.
fn is_locked_anyhow(all: &Migration<'_>, n: usize, relation: &QualifiedName) -> bool {
    all.together_about(n, relation).any(|act| {
        let drops = matches!(act.told.statement, Some(Statement::Drop { .. }));
        let strong = |l: &Lock| l.relation == *relation && l.mode == LockMode::AccessExclusive;
        !drops && act.facts().locks.iter().any(strong)
    })
}

/// Whether another index gets the name: the short end of building it anew.
fn takes_name(act: &Act<'_>, name: &QualifiedName) -> bool {
    match &act.told.statement {
        Some(Statement::Alter {
            target, actions, ..
        }) if target.kind == ObjectKind::Index => actions
            .iter()
            .any(|a| matches!(a, AlterAction::Rename(new) if *new == name.name)),
        _ => false,
    }
}
