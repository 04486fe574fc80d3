//! # migration-safety/volatile-default
//!
//! A new column has a default that gives each row a value of its own.
//!
//! ## Why
//!
//! A default that is the same for all rows is stored once. One that is not (`gen_random_uuid()`, `clock_timestamp()`,
//! `nextval(...)`, a volatile function) makes the server write every row again while nobody can read or write the
//! table. `now()` is stable: it is the same for all.
//!
//! ## Fix
//!
//! Add the column without a default, then `SET DEFAULT`, which counts for new rows, and fill the old ones in
//! batches.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN created timestamptz DEFAULT now();
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::is_volatile;
use crate::model::{Expr, ObjectId};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/volatile-default",
    level: Level::Error,
    docs: include_str!("volatile_default.rs"),
    options: &[],
};

pub(in crate::check) struct VolatileDefault;

impl Rule for VolatileDefault {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, column) in at.added_columns() {
            let domain = at.scene.domain(&column.data_type);
            let of_domain = domain.and_then(|d| d.default.as_ref());
            let default = column.default.as_ref().or(of_domain);
            let volatile = |d: &&Expr| is_volatile(d.text(), at.scene.catalog, at.dialect());
            let Some(default) = default.filter(volatile).filter(|_| at.rewrites(&table)) else {
                continue;
            };
            let name = &column.name;
            let headline = format!("every row of {table} is written again to give it a {name}");
            let finding = at.finding_on(cx, ObjectId::column(&table, name), name, headline);
            let note = format!(
                "{} is another value for each row; nobody reads or writes the table meanwhile",
                default.text()
            );
            let help = "add the column without it, SET DEFAULT, and fill the rows in batches";
            out.push(finding.note(note).help(help));
        }
    }
}
