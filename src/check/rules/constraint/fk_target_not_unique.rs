//! # constraint/fk-target-not-unique
//!
//! A foreign key references columns that no key of the other table consists of.
//!
//! ## Why
//!
//! PostgreSQL refuses such a foreign key when it is created; SQLite takes it and then fails on the
//! first write to either table. What counts as a key: the primary key, a unique constraint that
//! is not deferrable, or a unique index on plain columns without a predicate, over exactly the
//! referenced columns in any order.
//!
//! ## Fix
//!
//! Reference the primary key, or add a unique constraint to the referenced columns.
//!
//! ```sql bad {dialect=sqlite}
//! CREATE TABLE users (id integer PRIMARY KEY, email text);
//! CREATE TABLE tasks (id integer PRIMARY KEY, owner text REFERENCES users (email));
//! CREATE INDEX tasks_owner_idx ON tasks (owner);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);
//! CREATE TABLE tasks (id bigint PRIMARY KEY, owner text REFERENCES users (email));
//! ```

use crate::check::access_path::effective_paths;
use crate::check::rules::remedy::{alter_table, column_list};
use crate::check::rules::subject::{constraint_finding, constraint_words};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::dialect::Capability;
use crate::model::{ForeignKey, Table};

static INFO: RuleInfo = RuleInfo {
    id: "constraint/fk-target-not-unique",
    level: Level::Error,
    docs: include_str!("fk_target_not_unique.rs"),
    options: &[],
};

pub(in crate::check) struct FkTargetNotUnique;

impl Rule for FkTargetNotUnique {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables() {
            for (constraint, key) in table.foreign_keys() {
                let Some(target) = cx.table(&key.target).filter(|t| is_known(cx, t)) else {
                    continue;
                };
                // A temporal key ends in a period; it is checked when the key is made.
                if key.period || has_key(cx, target, key) {
                    continue;
                }
                let referenced = match key.target_columns.as_slice() {
                    [] => "no columns, and it has no primary key".to_owned(),
                    columns => format!("({})", column_list(cx.dialect, columns)),
                };
                let headline = format!(
                    "{} of {} references {} {referenced}, where nothing makes rows unique",
                    constraint_words(constraint),
                    table.name,
                    target.name
                );
                out.push(
                    constraint_finding(cx, table, constraint, headline)
                        .note("a foreign key has to find one row: it may reference a primary key, a unique constraint or a full unique index")
                        .help(help(cx, target, key)),
                );
            }
        }
    }
}

/// Whether all keys of the table are known: a platform's table is declared as far as it is used.
fn is_known(cx: &Context<'_>, target: &Table) -> bool {
    !cx.catalog.is_external(&target.name) || !target.constraints.is_empty()
}

fn has_key(cx: &Context<'_>, target: &Table, key: &ForeignKey) -> bool {
    let columns = match key.target_columns.as_slice() {
        [] => target.primary_key_columns(),
        columns => columns,
    };
    !columns.is_empty()
        && effective_paths(cx, target)
            .iter()
            .any(|p| p.is_key_of(columns))
}

fn help(cx: &Context<'_>, target: &Table, key: &ForeignKey) -> String {
    let columns = key.target_columns.as_slice();
    let primary_key = target.primary_key_columns();
    let mut help = if columns.is_empty() {
        format!("give {} a primary key", target.name)
    } else if cx.version.has(Capability::AddConstraint) {
        let list = column_list(cx.dialect, columns);
        format!(
            "`{}`",
            alter_table(cx, target, &format!("ADD UNIQUE ({list})"))
        )
    } else {
        let list = column_list(cx.dialect, columns);
        let table = cx.dialect.quote_name(&target.name);
        let name = cx
            .dialect
            .quote(&format!("{}_key", target.name.name))
            .into_owned();
        format!("`CREATE UNIQUE INDEX {name} ON {table} ({list});`")
    };
    if !columns.is_empty() && primary_key.len() == columns.len() {
        let list = column_list(cx.dialect, primary_key);
        help.push_str(&format!(", or reference its primary key ({list})"));
    }
    help
}
