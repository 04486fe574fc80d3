//! # migration-safety/add-check
//!
//! A check is added to a table that is in use, and every row is verified at once.
//!
//! ## Why
//!
//! The statement takes ACCESS EXCLUSIVE and keeps it while it reads the whole table; one row that does not satisfy the
//! check makes it fail.
//!
//! ## Fix
//!
//! `ADD CONSTRAINT ... CHECK (...) NOT VALID` is done at once, and holds for new rows. `VALIDATE CONSTRAINT`, in a
//! later transaction, reads the table while others use it.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD CONSTRAINT email_at CHECK (email LIKE '%@%');
//! ```
//!
//! ```sql bad
//! CREATE DOMAIN amount AS integer;
//! CREATE TABLE orders (id bigint PRIMARY KEY, total amount);
//! -- migration:
//! ALTER DOMAIN amount ADD CHECK (value >= 0);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users ADD CONSTRAINT email_at CHECK (email LIKE '%@%') NOT VALID;
//! -- migration:
//! ALTER TABLE users VALIDATE CONSTRAINT email_at;
//! ```

use super::{constraint_finding, of_domain};
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::source::AlterAction;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/add-check",
    level: Level::Warning,
    docs: include_str!("add_check.rs"),
    options: &[],
};

pub(in crate::check) struct AddCheck;

impl Rule for AddCheck {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let adds = |a: &AlterAction| matches!(a, AlterAction::AddConstraint(c) if !c.not_valid);
        out.extend(of_domain(cx, at, adds, "a check"));
        for (table, constraint, column) in at.added_constraints() {
            if !(constraint.as_check().is_some() && !constraint.not_valid && at.reads_whole(&table))
            {
                continue;
            }
            let headline = format!("nobody reads or writes {table} while a check is verified");
            let finding = constraint_finding(cx, at, (&table, constraint, column), headline);
            let note = "it takes ACCESS EXCLUSIVE, reads all rows, and fails on the first that does not satisfy it";
            let help = "add it NOT VALID, and VALIDATE CONSTRAINT in a later transaction";
            out.push(finding.note(note).help(help));
        }
    }
}
