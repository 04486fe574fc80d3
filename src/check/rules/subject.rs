//! What findings about constraints are about: SQLite's constraints mostly have no name.

use crate::check::Context;
use crate::check::access_path::{AccessPath, PathSource};
use crate::diagnostic::Diagnostic;
use crate::model::{Constraint, ConstraintKind, Ident, ObjectId, Table};

/// A finding about a constraint. One without a name is told from others by its columns, and is
/// about its column where it has only one, else about its table.
pub(super) fn constraint_finding(
    cx: &Context<'_>,
    table: &Table,
    constraint: &Constraint,
    headline: String,
) -> Diagnostic {
    let mut finding = cx.finding(constraint_id(table, constraint), headline);
    if constraint.name.is_empty() {
        finding.discriminator = joined(constraint.columns());
    }
    finding
}

/// A finding about an index or the constraint that keeps it.
pub(super) fn path_finding(
    cx: &Context<'_>,
    path: &AccessPath<'_>,
    headline: String,
) -> Diagnostic {
    match path.source {
        PathSource::Index(_) => cx.finding(path_id(path), headline),
        PathSource::Constraint(c) => constraint_finding(cx, path.table, c, headline),
    }
}

pub(super) fn path_id(path: &AccessPath<'_>) -> ObjectId {
    match path.source {
        PathSource::Index(index) => ObjectId::index(&path.table.name.sibling(index.name.clone())),
        PathSource::Constraint(constraint) => constraint_id(path.table, constraint),
    }
}

pub(super) fn constraint_id(table: &Table, constraint: &Constraint) -> ObjectId {
    match constraint.columns() {
        [column] if constraint.name.is_empty() => ObjectId::column(&table.name, column),
        _ if constraint.name.is_empty() => ObjectId::table(&table.name),
        _ => ObjectId::constraint(&table.name, &constraint.name),
    }
}

/// `foreign key tasks_user_id_fkey`, or `the foreign key (user_id)` where it has no name.
pub(super) fn constraint_words(constraint: &Constraint) -> String {
    let kind = match constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "primary key",
        ConstraintKind::Unique { .. } => "unique constraint",
        ConstraintKind::Exclusion { .. } => "exclusion constraint",
        ConstraintKind::ForeignKey(_) => "foreign key",
        ConstraintKind::Check { .. } => "check",
    };
    if constraint.name.is_empty() {
        format!("the {kind} ({})", joined(constraint.columns()))
    } else {
        format!("{kind} `{}`", constraint.name)
    }
}

/// `index tasks_due_idx`, `unique constraint users_email_key`.
pub(super) fn path_words(path: &AccessPath<'_>) -> String {
    match path.source {
        PathSource::Index(index) if index.unique => format!("unique index `{}`", index.name),
        PathSource::Index(index) => format!("index `{}`", index.name),
        PathSource::Constraint(constraint) => constraint_words(constraint),
    }
}

fn joined(columns: &[Ident]) -> String {
    columns
        .iter()
        .map(Ident::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
