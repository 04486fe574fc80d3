//! # migration-safety/rename-column
//!
//! A column gets another name.
//!
//! ## Why
//!
//! Programs that run name the old one: from the commit on their queries fail. Object mappers read the columns of
//! a table when they start, and fail until they start again.
//!
//! ## Fix
//!
//! Expand and contract: add the new column, write both by a trigger, fill it, release programs that use the
//! new one, drop the old one (`strategy: expand-contract`). Or keep the column, and give programs a view.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users RENAME COLUMN email TO mail;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users ADD COLUMN mail text;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;
use crate::source::AlterAction;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/rename-column",
    level: Level::Warning,
    docs: include_str!("rename_column.rs"),
    options: &[],
};

pub(in crate::check) struct RenameColumn;

impl Rule for RenameColumn {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, action) in at.actions() {
            let AlterAction::RenameColumn { from, to } = action else {
                continue;
            };
            let before = at.before.tables.get(&table);
            if before.is_some_and(|t| t.column(from).is_none()) {
                continue;
            }
            let headline = format!("column {table}.{from} is renamed to {to}");
            let finding = at.finding_on(cx, ObjectId::column(&table, from), from, headline);
            let note = "programs that run know the old name, and fail until they are replaced";
            let help = "add the new column beside it, write both, and drop the old one later";
            out.push(finding.note(note).help(help));
        }
    }
}
