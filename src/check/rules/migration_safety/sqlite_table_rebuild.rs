//! # migration-safety/sqlite-table-rebuild
//!
//! A SQLite table is rebuilt: made anew, filled, and put in the old one's place.
//!
//! ## Why
//!
//! SQLite changes little of a table in place, so the rows are copied. Where `foreign_keys` is on, dropping the old table deletes what refers to it
//! by ON DELETE CASCADE; its indexes and triggers go with it; and a rename rewrites views and triggers that name it.
//!
//! ## Fix
//!
//! The order of SQLite's own manual: foreign keys off before the transaction, create, copy, drop, rename, then indexes and triggers
//! again, `PRAGMA foreign_key_check`, commit, foreign keys on. Plans of schemagen do so.
//!
//! ```sql bad {dialect=sqlite}
//! CREATE TABLE users (id INTEGER PRIMARY KEY, age TEXT);
//! -- migration:
//! CREATE TABLE users_new (id INTEGER PRIMARY KEY, age INTEGER);
//! INSERT INTO users_new (id, age) SELECT id, age FROM users;
//! DROP TABLE users;
//! ALTER TABLE users_new RENAME TO users;
//! ```
//!
//! ```sql good {dialect=sqlite}
//! CREATE TABLE users (id INTEGER PRIMARY KEY);
//! -- migration:
//! ALTER TABLE users ADD COLUMN age INTEGER;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::dialect::Capability;
use crate::model::{ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/sqlite-table-rebuild",
    level: Level::Info,
    docs: include_str!("sqlite_table_rebuild.rs"),
    options: &[],
};

pub(in crate::check) struct SqliteTableRebuild;

impl Rule for SqliteTableRebuild {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        if !all.version.has(Capability::RowidTables) {
            return;
        }
        for (n, act) in all.acts.iter().enumerate() {
            let Some(name) = dropped(act) else { continue };
            let later = &all.acts[n + 1..];
            if !later.iter().any(|later| takes_name(later, &name)) {
                continue;
            }
            let headline = format!("table {name} is rebuilt: its rows are copied");
            let id = ObjectId::table(&act.qualified(&name));
            let off = all.acts[..n].iter().any(|a| {
                a.begins(&["pragma", "foreign_keys"]) && (a.has_word("off") || a.has_word("0"))
            });
            let note = match off {
                true => "the table is locked until all rows are copied",
                false => {
                    "foreign keys may be on: dropping the old table then deletes the rows that refer \
                     to it by ON DELETE CASCADE"
                }
            };
            let help = "foreign keys off before the transaction; create, copy, drop, rename, indexes \
                        and triggers again; PRAGMA foreign_key_check before the commit";
            out.push(act.finding(cx, id, headline).note(note).help(help));
        }
    }
}

fn dropped(act: &Act<'_>) -> Option<QualifiedName> {
    match &act.told.statement {
        Some(Statement::Drop { targets, .. }) => {
            let table = targets.iter().find(|t| t.kind == ObjectKind::Table);
            table.map(|t| t.name.clone())
        }
        _ => None,
    }
}

fn takes_name(act: &Act<'_>, name: &QualifiedName) -> bool {
    match &act.told.statement {
        Some(Statement::Alter { actions, .. }) => actions
            .iter()
            .any(|a| matches!(a, AlterAction::Rename(new) if *new == name.name)),
        _ => false,
    }
}
