//! # migration-safety/add-exclusion
//!
//! An exclusion constraint is added to a table that is in use.
//!
//! ## Why
//!
//! Its index is built and each row is compared with the others while nobody can read or write the table. There is no
//! way to do this concurrently.
//!
//! ## Fix
//!
//! Create the table with the constraint and copy the rows, or take a moment when nobody needs the table, with
//! a `lock_timeout`.
//!
//! ```sql bad
//! CREATE TABLE stays (id bigint PRIMARY KEY, during tstzrange);
//! -- migration:
//! ALTER TABLE stays ADD EXCLUDE USING gist (during WITH &&);
//! ```
//!
//! ```sql good
//! -- migration:
//! CREATE TABLE stays (id bigint PRIMARY KEY, during tstzrange);
//! ALTER TABLE stays ADD EXCLUDE USING gist (during WITH &&);
//! ```

use super::constraint_finding;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/add-exclusion",
    level: Level::Warning,
    docs: include_str!("add_exclusion.rs"),
    options: &[],
};

pub(in crate::check) struct AddExclusion;

impl Rule for AddExclusion {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, constraint, column) in at.added_constraints() {
            if !matches!(
                constraint.kind,
                crate::model::ConstraintKind::Exclusion { .. }
            ) {
                continue;
            }
            let headline = format!("nobody reads or writes {table} while its rows are compared");
            let finding = constraint_finding(cx, at, (&table, constraint, column), headline);
            let note =
                "it takes ACCESS EXCLUSIVE for the whole build, and cannot be made concurrently";
            let help = "take a moment when nobody needs the table, or create the table anew with the constraint";
            out.push(finding.note(note).help(help));
        }
    }
}
