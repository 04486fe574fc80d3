//! # migration-safety/add-primary-key
//!
//! A primary key is added to a table that is in use.
//!
//! ## Why
//!
//! Its index is built, and its columns are verified not to be null, while nobody can read or write the table.
//!
//! ## Fix
//!
//! Set the columns NOT NULL by way of a validated check, build the index with `CREATE UNIQUE INDEX CONCURRENTLY`, and
//! `ADD CONSTRAINT ... PRIMARY KEY USING INDEX`.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint NOT NULL, email text);
//! -- migration:
//! ALTER TABLE users ADD PRIMARY KEY (id);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint NOT NULL, email text);
//! -- migration, outside of a transaction:
//! CREATE UNIQUE INDEX CONCURRENTLY users_pkey ON users (id);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey;
//! ```

use super::constraint_finding;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/add-primary-key",
    level: Level::Warning,
    docs: include_str!("add_primary_key.rs"),
    options: &[],
};

pub(in crate::check) struct AddPrimaryKey;

impl Rule for AddPrimaryKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, constraint, column) in at.added_constraints() {
            if !constraint.is_primary_key() || !at.reads_whole(&table) {
                continue;
            }
            let headline =
                format!("nobody reads or writes {table} while its primary key is indexed");
            let finding = constraint_finding(cx, at, (&table, constraint, column), headline);
            let note = "it takes ACCESS EXCLUSIVE, reads all rows, and fails on a null or a key that is there twice";
            let help = "set the columns NOT NULL first, CREATE UNIQUE INDEX CONCURRENTLY, then ADD ... USING INDEX";
            out.push(finding.note(note).help(help));
        }
    }
}
