//! # migration-safety/add-unique
//!
//! A unique constraint is added to a table that is in use.
//!
//! ## Why
//!
//! Its index is built of all rows while nobody can read or write the table, and two rows of the same key make
//! the statement fail at the end of that.
//!
//! ## Fix
//!
//! Look for duplicates first. Then `CREATE UNIQUE INDEX CONCURRENTLY`, outside of a transaction, and `ADD CONSTRAINT ...
//! UNIQUE USING INDEX`, which is done at once.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;
//! ```

use super::constraint_finding;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/add-unique",
    level: Level::Error,
    docs: include_str!("add_unique.rs"),
    options: &[],
};

pub(in crate::check) struct AddUnique;

impl Rule for AddUnique {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, constraint, column) in at.added_constraints() {
            if !constraint.is_unique() || !at.reads_whole(&table) {
                continue;
            }
            let headline = format!("nobody reads or writes {table} while its keys are indexed");
            let finding = constraint_finding(cx, at, (&table, constraint, column), headline);
            let note =
                "it takes ACCESS EXCLUSIVE, reads all rows, and fails where two have the same key";
            let help =
                "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX";
            out.push(finding.note(note).help(help));
        }
    }
}
