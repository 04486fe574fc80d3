//! Rules about what a migration does to those who use the database while it runs, and afterwards.

pub(in crate::check) mod add_check;
pub(in crate::check) mod add_exclusion;
pub(in crate::check) mod add_foreign_key;
pub(in crate::check) mod add_generated_identity;
pub(in crate::check) mod add_primary_key;
pub(in crate::check) mod add_required_column;
pub(in crate::check) mod add_unique;
pub(in crate::check) mod ambiguous_rename;
pub(in crate::check) mod cluster;
pub(in crate::check) mod concurrent_in_transaction;
pub(in crate::check) mod create_table_fk_lock;
pub(in crate::check) mod data_narrowing;
pub(in crate::check) mod dml_without_where;
pub(in crate::check) mod drop_column;
pub(in crate::check) mod drop_constraint;
pub(in crate::check) mod drop_enum_value;
pub(in crate::check) mod drop_not_null;
pub(in crate::check) mod drop_schema;
pub(in crate::check) mod drop_table;
pub(in crate::check) mod enum_add_value;
pub(in crate::check) mod index_not_concurrent;
pub(in crate::check) mod invalid_index_left;
pub(in crate::check) mod irreversible;
pub(in crate::check) mod lock_timeout;
pub(in crate::check) mod lock_window;
pub(in crate::check) mod merge_alters;
pub(in crate::check) mod not_rerunnable;
pub(in crate::check) mod partition_attach;
pub(in crate::check) mod partition_detach;
pub(in crate::check) mod refresh_matview;
pub(in crate::check) mod reindex;
pub(in crate::check) mod rename_column;
pub(in crate::check) mod rename_enum_value;
pub(in crate::check) mod rename_schema;
pub(in crate::check) mod rename_table;
pub(in crate::check) mod set_not_null;
pub(in crate::check) mod set_storage;
pub(in crate::check) mod sqlite_table_rebuild;
pub(in crate::check) mod transaction_control;
pub(in crate::check) mod trigger_change;
pub(in crate::check) mod truncate;
pub(in crate::check) mod type_change_incompatible;
pub(in crate::check) mod type_change_rewrite;
pub(in crate::check) mod unqualified_name;
pub(in crate::check) mod unread_block;
pub(in crate::check) mod vacuum_full;
pub(in crate::check) mod validate_same_transaction;
pub(in crate::check) mod volatile_default;

use crate::check::Ruling;
use crate::check::migration::{Act, At};
use crate::diagnostic::Diagnostic;
use crate::model::{Column, Constraint, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, Statement};

/// How a loss is allowed, as the end of a help.
fn allow_loss(object: &ObjectId) -> String {
    format!(
        "then allow it by name: `--allow deletes-data:{}`",
        object.path()
    )
}

/// Whether a column has a sequence of its own, as `serial` makes it.
fn is_serial(column: &Column) -> bool {
    let name = &column.data_type.name;
    let serial = [
        "serial",
        "bigserial",
        "smallserial",
        "serial2",
        "serial4",
        "serial8",
    ];
    name.schema.is_none() && serial.contains(&name.name.as_str())
}

/// Whether a statement before has dropped an index, if it was there.
fn drops_before(earlier: &[Act<'_>], index: &QualifiedName) -> bool {
    earlier.iter().any(|act| match &act.told.statement {
        Some(Statement::Drop {
            targets,
            if_exists: true,
            ..
        }) => targets
            .iter()
            .any(|t| t.kind == ObjectKind::Index && act.qualified(&t.name) == *index),
        _ => false,
    })
}

/// A finding about a constraint of a domain: the tables that have columns of it are read.
fn of_domain(
    cx: &Ruling<'_>,
    at: &At<'_>,
    adds: impl Fn(&AlterAction) -> bool,
    what: &str,
) -> Option<Diagnostic> {
    let Some(Statement::Alter {
        target, actions, ..
    }) = &at.act.told.statement
    else {
        return None;
    };
    let scans = at.facts().scans.iter();
    let read: Vec<QualifiedName> = scans.map(|s| s.relation.clone()).collect();
    if target.kind != ObjectKind::Domain || read.is_empty() || !actions.iter().any(adds) {
        return None;
    }
    let name = at.act.qualified(&target.name);
    let tables = listed(&read);
    let headline = format!("nobody writes to {tables} while {what} of domain {name} is verified");
    let finding = at.finding(cx, ObjectId::new(ObjectKind::Domain, name), headline);
    Some(
        finding
            .note("it takes SHARE on every table that uses the domain, and reads all of their rows")
            .help("add a check NOT VALID, and VALIDATE CONSTRAINT in a later transaction"),
    )
}

/// A finding about a constraint that a statement adds, which may have no name yet.
fn constraint_finding(
    cx: &Ruling<'_>,
    at: &At<'_>,
    (table, constraint, column): (&QualifiedName, &Constraint, Option<&Column>),
    headline: String,
) -> Diagnostic {
    let name = &constraint.name;
    if name.is_empty() {
        let first = column.map(|c| &c.name).or(constraint.columns().first());
        return match (first, column) {
            (Some(first), Some(_)) => {
                at.finding_on(cx, ObjectId::column(table, first), first, headline)
            }
            _ => at.finding(cx, ObjectId::table(table), headline),
        };
    }
    at.finding_on(cx, ObjectId::constraint(table, name), name, headline)
}

/// The names of relations in a sentence.
fn listed(names: &[QualifiedName]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
