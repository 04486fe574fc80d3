//! # migration-safety/set-not-null
//!
//! SET NOT NULL reads the whole table while nobody can use it.
//!
//! ## Why
//!
//! The server looks at every row under ACCESS EXCLUSIVE: reads and writes wait as long as that takes, and
//! one null makes it fail. Since PostgreSQL 12 it looks at none where a valid CHECK constraint says
//! that the column is not null.
//!
//! ## Fix
//!
//! Four steps: `ADD CONSTRAINT ... CHECK (c IS NOT NULL) NOT VALID`; in a later transaction `VALIDATE
//! CONSTRAINT`, which blocks nobody; then `SET NOT NULL`, and drop the check.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ALTER COLUMN email SET NOT NULL;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (
//!     id bigint PRIMARY KEY,
//!     email text,
//!     CONSTRAINT email_set CHECK (email IS NOT NULL)
//! );
//! -- migration:
//! ALTER TABLE users ALTER COLUMN email SET NOT NULL;
//! ```

use super::of_domain;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;
use crate::source::{AlterAction, ColumnAction};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/set-not-null",
    level: Level::Warning,
    docs: include_str!("set_not_null.rs"),
    options: &[],
};

pub(in crate::check) struct SetNotNull;

impl Rule for SetNotNull {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let sets = |a: &AlterAction| matches!(a, AlterAction::DomainNotNull(true));
        out.extend(of_domain(cx, at, sets, "NOT NULL"));
        for (n, (table, action)) in at.actions().into_iter().enumerate() {
            let AlterAction::Column {
                name,
                action: ColumnAction::NotNull(true),
            } = action
            else {
                continue;
            };
            let column = at.scene.table(&table).and_then(|t| t.column(name));
            let is_set = column.is_some_and(|c| c.not_null);
            // Where the rows are written again anyhow, they are looked at on the way.
            if is_set || !at.reads_whole(&table) || at.rewrites(&table) {
                continue;
            }
            let headline = format!("{table} is read whole to set {name} NOT NULL");
            let finding = at.finding_in(cx, ObjectId::column(&table, name), (n, name), headline);
            out.push(
                finding
                    .note("nobody reads or writes the table meanwhile, and one null makes it fail")
                    .help(format!(
                        "add CHECK ({name} IS NOT NULL) NOT VALID, validate it in a later \
                         transaction, then SET NOT NULL and drop the check"
                    )),
            );
        }
    }
}
