//! # migration-safety/lock-window
//!
//! A transaction keeps a table locked while it does something else.
//!
//! ## Why
//!
//! Locks are kept to the end of their transaction. Whatever runs after ACCESS EXCLUSIVE was taken (a query, an update, an index, a
//! second table's lock that has to be waited for) adds to the time in which nobody can use the first table; two
//! transactions that lock two tables in different order end in a deadlock.
//!
//! ## Fix
//!
//! A file for each table, and files of their own for what takes long.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY);
//! -- migration:
//! ALTER TABLE users ADD COLUMN email text;
//! ALTER TABLE tasks ADD COLUMN title text;
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN age int;
//! UPDATE users SET age = 30 WHERE id = 1;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! CREATE VIEW emails AS SELECT email FROM users;
//! -- migration:
//! DROP VIEW emails;
//! ALTER TABLE users ALTER COLUMN email TYPE varchar(100);
//! CREATE VIEW emails AS SELECT email FROM users;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY);
//! -- migration:
//! ALTER TABLE users ADD COLUMN email text;
//! -- migration:
//! ALTER TABLE tasks ADD COLUMN title text;
//! ```

use std::collections::BTreeSet;

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{ObjectId, ObjectKind, QualifiedName};
use crate::source::Statement;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/lock-window",
    level: Level::Warning,
    docs: include_str!("lock_window.rs"),
    options: &[],
};

pub(in crate::check) struct LockWindow;

impl Rule for LockWindow {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        let mut held = Held::default();
        for act in all.acts {
            held.enter(act);
            // What needs the same lock for itself keeps it no longer than it has to.
            let kept = held.tables.iter().find(|(table, _)| !locks(act, table));
            // What no transaction takes is said by another rule.
            if let Some((table, span)) = kept.filter(|_| act.facts().transactional)
                && let Some((what, note)) = adds(act, &held.waited)
            {
                let headline = format!("{table} stays locked while {what}");
                let finding = act.finding(cx, ObjectId::table(table), headline);
                let help =
                    "give it a file of its own, before or after the one that locks the table";
                out.push(finding.and_at(*span, "locked here").note(note).help(help));
            }
            held.take(act);
        }
    }
}

/// The tables that a transaction keeps from everyone else.
#[derive(Default)]
struct Held {
    transaction: Option<u32>,
    tables: Vec<(QualifiedName, Span)>,
    known: BTreeSet<QualifiedName>,
    /// Those whose locks it has waited for already.
    waited: BTreeSet<QualifiedName>,
}

impl Held {
    fn enter(&mut self, act: &Act<'_>) {
        if act.transaction.is_none() || act.transaction != self.transaction {
            self.tables.clear();
            self.known.clear();
            self.waited.clear();
            self.transaction = act.transaction;
        }
    }

    fn take(&mut self, act: &Act<'_>) {
        let locks = act.facts().locks.iter();
        for lock in locks.filter(|l| l.mode.blocks_writes()) {
            self.waited.insert(lock.relation.clone());
            // Nobody uses what is gone when the transaction ends.
            if !lock.mode.blocks_reads() || drops(act, &lock.relation) {
                continue;
            }
            if self.known.insert(lock.relation.clone()) {
                self.tables.push((lock.relation.clone(), act.span()));
            }
        }
    }
}

fn drops(act: &Act<'_>, relation: &QualifiedName) -> bool {
    let Some(Statement::Drop { targets, .. }) = &act.told.statement else {
        return false;
    };
    let mut dropped = targets.iter().filter(|t| t.kind != ObjectKind::Index);
    dropped.any(|t| act.qualified(&t.name) == *relation)
}

/// Whether a statement keeps a table from everyone by itself.
fn locks(act: &Act<'_>, table: &QualifiedName) -> bool {
    let locks = &act.facts().locks;
    locks
        .iter()
        .any(|l| l.relation == *table && l.mode.blocks_reads())
}

/// What a statement adds to the time in which tables are locked, and why.
fn adds(act: &Act<'_>, waited: &BTreeSet<QualifiedName>) -> Option<(String, &'static str)> {
    let facts = act.facts();
    let mut locks = facts.locks.iter().filter(|l| l.mode.blocks_writes());
    if let Some(other) = locks.find(|l| !waited.contains(&l.relation)) {
        return Some((
            format!("a lock on {} is waited for", other.relation),
            "two transactions that lock two tables in different order end in a deadlock",
        ));
    }
    let long = "nobody reads or writes the table until the transaction ends";
    let read = facts
        .rewrites
        .first()
        .or(facts.scans.first().map(|s| &s.relation));
    if let Some(relation) = read {
        return Some((format!("{relation} is read or written whole"), long));
    }
    let rows = matches!(
        act.word(0),
        "select" | "insert" | "update" | "delete" | "merge" | "with" | "do" | "call" | "copy"
    );
    let setting = act.has_word("set_config") || act.has_word("setval");
    (rows && !setting).then(|| ("rows are read or written".to_owned(), long))
}
