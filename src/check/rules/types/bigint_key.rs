//! # type/bigint-key
//!
//! A primary key that counts up has a type of two or four bytes.
//!
//! ## Why
//!
//! `integer` ends at 2,147,483,647 and `smallint` at 32,767. Rolled back inserts, upserts and caches
//! of sequences use numbers up too, so tables run out long before they have that many rows, and
//! then every INSERT fails. The change to `bigint` rewrites the table and everything that refers to
//! it under a lock that nothing passes; at the start it costs four bytes a row.
//!
//! Reported are keys of one column that are numbered by the server or named `id` or `..._id`.
//! Columns that are foreign keys follow their target, and only the target is reported.
//!
//! ## Fix
//!
//! Declare the key as `bigint`, and the columns that reference it.
//!
//! ```sql bad
//! CREATE TABLE tasks (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
//! ```
//!
//! ```sql good
//! CREATE TABLE tasks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
//! CREATE TABLE years (year integer PRIMARY KEY);
//! ```

use super::is_numbered;
use crate::check::rules::remedy::alter_table;
use crate::check::{Context, Level, Rule, RuleInfo, words};
use crate::diagnostic::{Diagnostic, Facet};
use crate::dialect::Capability;
use crate::model::{Column, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "type/bigint-key",
    level: Level::Warning,
    docs: include_str!("bigint_key.rs"),
    options: &[],
};

pub(in crate::check) struct BigintKey;

impl Rule for BigintKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        if !cx.version.has(Capability::SizedIntegers) {
            return;
        }
        for table in cx.tables().filter(|t| t.foreign.is_none()) {
            let [key] = table.primary_key_columns() else {
                continue;
            };
            let Some(column) = table.column(key).filter(|c| !c.inherited) else {
                continue;
            };
            let is_reference = table.foreign_keys().any(|(_, fk)| fk.columns.contains(key));
            if !is_reference
                && is_counter(column)
                && let Some(limit) = limit(column)
            {
                out.push(finding(cx, table, column, limit));
            }
        }
    }
}

fn is_counter(column: &Column) -> bool {
    is_numbered(column)
        || words::tokens(&column.name)
            .last()
            .is_some_and(|word| word == "id")
}

/// The last number of a type that is too small.
fn limit(column: &Column) -> Option<&'static str> {
    let data_type = &column.data_type;
    if data_type.is("integer") {
        Some("2,147,483,647")
    } else if data_type.is("smallint") {
        Some("32,767")
    } else {
        None
    }
}

fn finding(cx: &Context<'_>, table: &Table, column: &Column, limit: &str) -> Diagnostic {
    let name = cx.dialect.print_type(&column.data_type);
    let headline = format!(
        "key {}.{} is {name} and ends at {limit}",
        table.name, column.name
    );
    let action = format!(
        "ALTER COLUMN {} TYPE bigint",
        cx.dialect.quote(&column.name)
    );
    let mut help = format!("`{}`", alter_table(cx, table, &action));
    let mut referencing: Vec<String> = cx
        .relations
        .foreign_keys_to(&table.name)
        .iter()
        .filter(|r| r.key.target_columns.contains(&column.name))
        .map(|r| r.table.name.to_string())
        .collect();
    referencing.dedup();
    if !referencing.is_empty() {
        let more = referencing.len().saturating_sub(3);
        referencing.truncate(3);
        help.push_str(&format!(
            ", and the columns that reference it in {}",
            referencing.join(", ")
        ));
        if more > 0 {
            help.push_str(&format!(" and {more} more"));
        }
    }
    cx.finding_at(ObjectId::column(&table.name, &column.name), Facet::Type, headline, "too small")
        .note("numbers are used up by failed and repeated inserts too; changing the type later rewrites the table under an exclusive lock")
        .help(help)
}
