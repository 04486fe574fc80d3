//! # constraint/fk-set-null-on-not-null
//!
//! A foreign key sets columns to null, or to their default, that cannot take it.
//!
//! ## Why
//!
//! The server accepts `ON DELETE SET NULL` on a NOT NULL column. The DELETE of a referenced row
//! then fails, with an error about a null value in a table that the statement does not name. So
//! does `SET DEFAULT` on a NOT NULL column without a default.
//!
//! ## Fix
//!
//! Let the column be null, or choose another action: CASCADE, RESTRICT or NO ACTION. Where only some
//! columns of the key may be null, `SET NULL (columns)` names them.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (
//!     id bigint PRIMARY KEY,
//!     owner bigint NOT NULL REFERENCES users (id) ON DELETE SET NULL
//! );
//! CREATE INDEX tasks_owner_idx ON tasks (owner);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (
//!     id bigint PRIMARY KEY,
//!     owner bigint REFERENCES users (id) ON DELETE SET NULL,
//!     tester bigint NOT NULL DEFAULT 0 REFERENCES users (id) ON DELETE SET DEFAULT
//! );
//! ```

use super::is_required;
use crate::check::rules::remedy::{alter_table, in_words};
use crate::check::rules::subject::{constraint_finding, constraint_words};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::dialect::Capability;
use crate::model::{Constraint, ForeignKey, Ident, ReferentialAction, Table};

static INFO: RuleInfo = RuleInfo {
    id: "constraint/fk-set-null-on-not-null",
    level: Level::Error,
    docs: include_str!("fk_set_null_on_not_null.rs"),
    options: &[],
};

pub(in crate::check) struct FkSetNullOnNotNull;

impl Rule for FkSetNullOnNotNull {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables() {
            for (constraint, key) in table.foreign_keys() {
                let on_delete = match key.on_delete_columns.as_slice() {
                    [] => &key.columns,
                    _ => &key.on_delete_columns,
                };
                let delete = ("ON DELETE", key.on_delete, on_delete);
                let update = ("ON UPDATE", key.on_update, &key.columns);
                for (event, action, columns) in [delete, update] {
                    let refusing = refusing(table, action, columns);
                    if !refusing.is_empty() {
                        let clause = format!("{event} {}", action.as_sql());
                        out.push(finding(cx, table, constraint, key, &clause, &refusing));
                    }
                }
            }
        }
    }
}

/// The columns that cannot take what the action writes.
fn refusing<'a>(table: &Table, action: ReferentialAction, columns: &'a [Ident]) -> Vec<&'a Ident> {
    let has_no_default = |name: &Ident| {
        table.column(name).is_none_or(|c| {
            let default = c.default.as_ref();
            default.is_none_or(|d| d.text().eq_ignore_ascii_case("null"))
                && c.identity.is_none()
                && c.generated.is_none()
        })
    };
    let refuses = |name: &Ident| match action {
        ReferentialAction::SetNull => is_required(table, name),
        ReferentialAction::SetDefault => is_required(table, name) && has_no_default(name),
        _ => false,
    };
    columns.iter().filter(|name| refuses(name)).collect()
}

fn finding(
    cx: &Context<'_>,
    table: &Table,
    constraint: &Constraint,
    key: &ForeignKey,
    clause: &str,
    refusing: &[&Ident],
) -> Diagnostic {
    let names = in_words(refusing);
    let missing = match clause.ends_with("DEFAULT") {
        true => "NOT NULL and without a default",
        false => "NOT NULL",
    };
    let headline = format!(
        "{} of {} says {clause}, but {names} {} {missing}",
        constraint_words(constraint),
        table.name,
        if refusing.len() == 1 { "is" } else { "are" },
    );
    let event = if clause.starts_with("ON DELETE") {
        "deleting"
    } else {
        "changing the key of"
    };
    let mut finding = constraint_finding(cx, table, constraint, headline)
        .note(format!(
            "{event} a row of {} that is referred to fails with a not-null violation in {}",
            key.target, table.name
        ))
        .help(help(cx, table, refusing));
    finding.discriminator.push_str(clause);
    finding
}

fn help(cx: &Context<'_>, table: &Table, refusing: &[&Ident]) -> String {
    let in_key = refusing
        .iter()
        .any(|c| table.primary_key_columns().contains(c));
    if in_key || !cx.version.has(Capability::AddConstraint) {
        return "choose CASCADE or RESTRICT for the foreign key".to_owned();
    }
    let drops: Vec<String> = refusing
        .iter()
        .map(|c| format!("ALTER COLUMN {} DROP NOT NULL", cx.dialect.quote(c)))
        .collect();
    format!(
        "`{}` (in YAML, `nullable: true`), or choose CASCADE or RESTRICT",
        alter_table(cx, table, &drops.join(", "))
    )
}
