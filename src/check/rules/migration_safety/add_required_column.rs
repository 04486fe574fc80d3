//! # migration-safety/add-required-column
//!
//! A NOT NULL column without a default is added to a table that is in use.
//!
//! ## Why
//!
//! The rows that are there have no value for it: the statement fails unless the table is empty. Where it
//! succeeds, every INSERT of a program that does not know the column fails.
//!
//! ## Fix
//!
//! Give it a DEFAULT that is not volatile: the server stores it once and writes no row. Or add the
//! column nullable, fill it in batches, and set NOT NULL by way of a validated check.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! -- migration:
//! ALTER TABLE users ADD COLUMN email text NOT NULL;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! -- migration:
//! ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT '';
//! ```
//!
//! ```sql good
//! -- migration:
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! ALTER TABLE users ADD COLUMN email text NOT NULL;
//! ```

use super::is_serial;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/add-required-column",
    level: Level::Error,
    docs: include_str!("add_required_column.rs"),
    options: &[],
};

pub(in crate::check) struct AddRequiredColumn;

impl Rule for AddRequiredColumn {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, column) in at.added_columns() {
            let domain = at.scene.domain(&column.data_type);
            let of_domain = domain.and_then(|d| d.default.as_ref());
            let default = column.default.as_ref().or(of_domain);
            let filled = default.is_some_and(|d| !d.text().eq_ignore_ascii_case("null"))
                || column.identity.is_some()
                || column.generated.is_some()
                || is_serial(column);
            let required = column.not_null || domain.is_some_and(|d| d.not_null);
            if filled || !required {
                continue;
            }
            let name = &column.name;
            let headline =
                format!("{table}.{name} is NOT NULL and has no value for rows there are");
            let finding = at.finding_on(cx, ObjectId::column(&table, name), name, headline);
            out.push(
                finding
                    .note(format!("it fails unless {table} is empty"))
                    .help(
                        "give it a DEFAULT that is not volatile; or add it nullable, fill it in \
                         batches, and set NOT NULL by way of a validated check",
                    ),
            );
        }
    }
}
