//! # migration-safety/add-foreign-key
//!
//! A foreign key is added to a table that is in use, and every row is verified at once.
//!
//! ## Why
//!
//! Both tables are locked against writes (SHARE ROW EXCLUSIVE) until every row is looked up in the other table. A new column
//! without a default is not verified: it refers to nothing yet.
//!
//! ## Fix
//!
//! `ADD CONSTRAINT ... FOREIGN KEY (...) REFERENCES ... NOT VALID` holds for new rows at once. `VALIDATE CONSTRAINT`, in a
//! later transaction, reads the table while others write to both.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY, owner bigint);
//! -- migration:
//! ALTER TABLE tasks ADD CONSTRAINT tasks_owner_fkey FOREIGN KEY (owner) REFERENCES users (id);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY, owner bigint);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE tasks ADD CONSTRAINT tasks_owner_fkey FOREIGN KEY (owner) REFERENCES users (id) NOT VALID;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE tasks ADD COLUMN owner bigint REFERENCES users (id);
//! ```

use super::constraint_finding;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/add-foreign-key",
    level: Level::Warning,
    docs: include_str!("add_foreign_key.rs"),
    options: &[],
};

pub(in crate::check) struct AddForeignKey;

impl Rule for AddForeignKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, constraint, column) in at.added_constraints() {
            if !(constraint.as_foreign_key().is_some()
                && !constraint.not_valid
                && at.reads_whole(&table))
            {
                continue;
            }
            let headline = format!(
                "nobody writes to {table}, nor to the table that it refers to, while a foreign key is verified"
            );
            let finding = constraint_finding(cx, at, (&table, constraint, column), headline);
            let note = "it takes SHARE ROW EXCLUSIVE on both, and fails on the first row that refers to none";
            let help = "add it NOT VALID, and VALIDATE CONSTRAINT in a later transaction";
            out.push(finding.note(note).help(help));
        }
    }
}
