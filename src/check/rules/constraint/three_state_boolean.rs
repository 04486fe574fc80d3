//! # constraint/three-state-boolean
//!
//! A boolean column can be NULL.
//!
//! ## Why
//!
//! It has three states then, and most queries know of two: neither `WHERE active` nor
//! `WHERE NOT active` returns the rows where it is NULL. A default does not help against a NULL
//! that is written.
//!
//! Columns of views, foreign tables and composite types are left out.
//!
//! ## Fix
//!
//! Add NOT NULL, with a default. If "not known yet" is a state, say so with an enum, or allow
//! this rule on the column with the reason.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, is_active boolean DEFAULT true);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, is_active boolean NOT NULL DEFAULT true);
//! ```

use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet};
use crate::model::{Column, Ident, ObjectId};

static INFO: RuleInfo = RuleInfo {
    id: "constraint/three-state-boolean",
    level: Level::Warning,
    docs: include_str!("three_state_boolean.rs"),
    options: &[],
};

pub(in crate::check) struct ThreeStateBoolean;

impl Rule for ThreeStateBoolean {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for (table, column) in cx.columns() {
            let in_key = table.primary_key_columns().contains(&column.name);
            let settled = column.not_null || in_key || column.generated.is_some();
            if settled || table.foreign.is_some() || !is_boolean(column) {
                continue;
            }
            let id = ObjectId::column(&table.name, &column.name);
            let headline = format!("boolean {id} can be NULL");
            let name = Ident::as_str(&column.name);
            let finding = cx
                .finding_at(id, Facet::Name, headline, "true, false or NULL")
                .note(format!(
                    "neither `WHERE {name}` nor `WHERE NOT {name}` returns the rows where it is NULL"
                ))
                .help(match &column.default {
                    Some(_) => "add NOT NULL: the default does not stop a NULL that is written",
                    None => "add NOT NULL and a default",
                });
            out.push(finding);
        }
    }
}

/// `boolean`; in SQLite the declared word, which is one of two.
fn is_boolean(column: &Column) -> bool {
    let name = column.data_type.name.name.to_ascii_lowercase();
    !column.data_type.is_array() && matches!(name.as_str(), "boolean" | "bool")
}
