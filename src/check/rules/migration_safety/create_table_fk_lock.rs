//! # migration-safety/create-table-fk-lock
//!
//! A new table refers to one that is in use.
//!
//! ## Why
//!
//! CREATE TABLE ... REFERENCES takes SHARE ROW EXCLUSIVE on the referenced table, to add the triggers of the foreign key:
//! it waits for everyone who writes to it, and who writes later waits behind it. It is done at once when it has
//! the lock.
//!
//! ## Fix
//!
//! `SET LOCAL lock_timeout = '3s'` before it, so that it gives up rather than stop the table.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! -- migration:
//! CREATE TABLE tasks (id bigint PRIMARY KEY, owner bigint REFERENCES users (id));
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! CREATE TABLE tasks (id bigint PRIMARY KEY, owner bigint REFERENCES users (id));
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{Object, ObjectId};
use crate::source::Statement;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/create-table-fk-lock",
    level: Level::Info,
    docs: include_str!("create_table_fk_lock.rs"),
    options: &[],
};

pub(in crate::check) struct CreateTableFkLock;

impl Rule for CreateTableFkLock {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let Some(Statement::Create {
            object: Object::Table(table),
            ..
        }) = &at.act.told.statement
        else {
            return;
        };
        if at.act.timeouts.lock.is_some() {
            return;
        }
        for (_, fk) in table.foreign_keys() {
            let target = at.scene.relation(&fk.target);
            let locked = at.facts().locks.iter().any(|l| l.relation == target);
            if locked {
                let headline = format!("nobody writes to {target} while {} is created", table.name);
                let finding = at.finding(cx, ObjectId::table(&target), headline);
                let note = "REFERENCES takes SHARE ROW EXCLUSIVE on it, and waits for who writes";
                out.push(
                    finding
                        .note(note)
                        .help("SET LOCAL lock_timeout = '3s' before it"),
                );
            }
        }
    }
}
