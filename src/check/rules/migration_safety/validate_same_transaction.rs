//! # migration-safety/validate-same-transaction
//!
//! A constraint is added NOT VALID and validated in the same transaction.
//!
//! ## Why
//!
//! The strong lock of ADD CONSTRAINT (ACCESS EXCLUSIVE for a check, SHARE ROW EXCLUSIVE on both tables for a
//! foreign key) is kept to the end of the transaction, so all rows are read under it: nothing is won over
//! adding the constraint at once.
//!
//! ## Fix
//!
//! VALIDATE CONSTRAINT in a later transaction: in a file of its own.
//!
//! ```sql bad {also=migration-safety/lock-window}
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD CONSTRAINT email_at CHECK (email LIKE '%@%') NOT VALID;
//! ALTER TABLE users VALIDATE CONSTRAINT email_at;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD CONSTRAINT email_at CHECK (email LIKE '%@%') NOT VALID;
//! -- migration:
//! ALTER TABLE users VALIDATE CONSTRAINT email_at;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{Ident, ObjectId, QualifiedName};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/validate-same-transaction",
    level: Level::Warning,
    docs: include_str!("validate_same_transaction.rs"),
    options: &[],
};

pub(in crate::check) struct ValidateSameTransaction;

impl Rule for ValidateSameTransaction {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        for (n, act) in all.acts.iter().enumerate() {
            for (table, name) in constraints(act, true) {
                if act.facts().locks.is_empty() {
                    continue;
                }
                let with = std::iter::once(act).chain(all.later_about(n, &table));
                let same = |later: &&Act<'_>| {
                    let validated = constraints(later, false);
                    validated.contains(&(table.clone(), name.clone()))
                };
                let Some(later) = { with }.find(same) else {
                    continue;
                };
                let headline = format!("{name} of {table} is validated where it was added");
                let finding = later.finding(cx, ObjectId::constraint(&table, &name), headline);
                let note = "the lock of ADD CONSTRAINT is kept while all rows are read";
                let help = "VALIDATE CONSTRAINT in a later transaction: in a file of its own";
                let finding = finding.and_at(act.span(), "added here");
                out.push(finding.note(note).help(help));
            }
        }
    }
}

/// The constraints that a statement adds NOT VALID, or those that it validates.
fn constraints(act: &Act<'_>, added: bool) -> Vec<(QualifiedName, Ident)> {
    let Some(Statement::Alter {
        target, actions, ..
    }) = &act.told.statement
    else {
        return Vec::new();
    };
    let table = act.qualified(&target.name);
    let names = actions.iter().filter_map(|action| match action {
        AlterAction::AddConstraint(c) if added && c.not_valid => Some(c.name.clone()),
        AlterAction::ValidateConstraint(name) if !added => Some(name.clone()),
        _ => None,
    });
    names.map(|name| (table.clone(), name)).collect()
}
