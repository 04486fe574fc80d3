//! # naming/identifier-too-long
//!
//! A name is longer than the database keeps: PostgreSQL cuts names to 63 bytes.
//!
//! ## Why
//!
//! PostgreSQL cuts a longer name with a notice that no tool shows. Two names that differ only
//! after byte 63 are the same name, and what looks a name up by its full text finds nothing.
//! A letter outside ASCII is two bytes or more.
//!
//! A name that PostgreSQL makes (`{table}_{columns}_fkey` and the like) is cut too, in the middle;
//! it is reported as a hint, because it works, but is not the name that people and tools expect.
//! SQLite has no limit.
//!
//! ## Fix
//!
//! Shorten the name, or name the constraint or index yourself.
//!
//! ```sql bad
//! CREATE TABLE a_table_with_a_name_that_goes_on_until_it_is_longer_than_63_bytes (
//!     id bigint CONSTRAINT pk PRIMARY KEY
//! );
//! ```
//!
//! ```sql bad
//! CREATE TABLE monthly_reconciliation_adjustments_of_partners (
//!     id bigint PRIMARY KEY,
//!     external_reference_number text UNIQUE
//! );
//! ```
//!
//! ```sql good
//! CREATE TABLE monthly_reconciliation_adjustments_of_partners (
//!     id bigint PRIMARY KEY,
//!     external_reference_number text CONSTRAINT adjustments_reference_key UNIQUE
//! );
//! ```
//!
//! ```sql good {dialect=sqlite}
//! CREATE TABLE a_table_with_a_name_that_goes_on_until_it_is_longer_than_63_bytes (
//!     id INTEGER PRIMARY KEY
//! ) STRICT;
//! ```

use super::named_objects;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::constraint_name;
use crate::model::{ConstraintKind, Ident, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "naming/identifier-too-long",
    level: Level::Error,
    docs: include_str!("identifier_too_long.rs"),
    options: &[],
};

pub(in crate::check) struct IdentifierTooLong;

impl Rule for IdentifierTooLong {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let Some(max) = cx.dialect.max_identifier_bytes() else {
            return;
        };
        for (id, name) in named_objects(cx).filter(|(_, n)| n.len() > max) {
            let headline = format!("the name of {id} has {} bytes, {max} are kept", name.len());
            let mut end = max;
            while !name.is_char_boundary(end) {
                end -= 1;
            }
            let kept = &name[..end];
            let finding = cx
                .finding(id, headline)
                .note(format!(
                    "the database cuts it to `{kept}`, and says so only in a notice"
                ))
                .help("shorten it");
            out.push(finding);
        }
        for table in cx.tables().filter(|t| t.name.name.len() <= max) {
            check_made_names(cx, table, max, out);
        }
    }
}

/// Names that the database made of the table's and the columns' names, and had to cut.
fn check_made_names(cx: &Context<'_>, table: &Table, max: usize, out: &mut Vec<Diagnostic>) {
    for constraint in &table.constraints {
        let label = match &constraint.kind {
            ConstraintKind::Unique { .. } => "key",
            ConstraintKind::ForeignKey(_) => "fkey",
            ConstraintKind::PrimaryKey { .. } => "pkey",
            ConstraintKind::Exclusion { .. } | ConstraintKind::Check { .. } => continue,
        };
        let columns: &[Ident] = match label {
            "pkey" => &[],
            _ => constraint.columns(),
        };
        let id = ObjectId::constraint(&table.name, &constraint.name);
        let made = Made {
            table,
            columns,
            label,
            max,
        };
        out.extend(made.finding(cx, id, &constraint.name));
    }
    for index in &table.indexes {
        let Some(columns) = index.plain_columns() else {
            continue;
        };
        let columns: Vec<Ident> = columns.into_iter().cloned().collect();
        let id = ObjectId::index(&table.name.sibling(index.name.clone()));
        let made = Made {
            table,
            columns: &columns,
            label: "idx",
            max,
        };
        out.extend(made.finding(cx, id, &index.name));
    }
}

/// What a name was made of.
struct Made<'a> {
    table: &'a Table,
    columns: &'a [Ident],
    label: &'a str,
    max: usize,
}

impl Made<'_> {
    fn finding(&self, cx: &Context<'_>, id: ObjectId, name: &Ident) -> Option<Diagnostic> {
        let columns: Vec<&str> = self.columns.iter().map(Ident::as_str).collect();
        let mut parts = vec![self.table.name.name.as_str()];
        parts.extend(&columns);
        parts.push(self.label);
        let whole = parts.join("_");
        // A name that its author chose is not the one that the server would make.
        let made = constraint_name(&self.table.name.name, &columns, self.label, |_| false);
        if whole.len() <= self.max || *name != made.as_str() {
            return None;
        }
        let kind = id.kind;
        let headline = format!("the name made for a {kind} is cut to `{made}`");
        let mut finding = cx
            .finding(id, headline)
            .note(format!(
                "in full it would be `{whole}`, of {} bytes",
                whole.len()
            ))
            .help(format!("give the {kind} a shorter name of your own"));
        finding.severity = finding.severity.min(Severity::Info);
        Some(finding)
    }
}
