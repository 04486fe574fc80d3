//! # migration-safety/drop-constraint
//!
//! A constraint is dropped.
//!
//! ## Why
//!
//! What it kept out of the table comes in from then on, and the constraint cannot come back while such rows are
//! there. Dropping a foreign key locks the referenced table as strongly as its own, and with a key its index
//! is gone.
//!
//! ## Fix
//!
//! Where it is replaced, add the new one NOT VALID first, validate it, and drop the old one last. Where it really
//! goes, say why above the statement.
//!
//! ```sql bad
//! CREATE TABLE items (id bigint PRIMARY KEY, n int, CONSTRAINT positive CHECK (n > 0));
//! -- migration:
//! ALTER TABLE items DROP CONSTRAINT positive;
//! ```
//!
//! ```sql good
//! CREATE TABLE items (id bigint PRIMARY KEY, n int, CONSTRAINT positive CHECK (n > 0));
//! -- migration:
//! ALTER TABLE items DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (n >= 0) NOT VALID;
//! ```
//!
//! ```sql good
//! CREATE TABLE items (id bigint PRIMARY KEY, n int, CONSTRAINT n_set CHECK (n IS NOT NULL));
//! -- migration:
//! ALTER TABLE items ALTER COLUMN n SET NOT NULL;
//! ALTER TABLE items DROP CONSTRAINT n_set;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::facts::proves_not_null;
use crate::model::{
    Column, Constraint, ConstraintKind, Ident, ObjectId, ObjectKind, QualifiedName, Table,
};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/drop-constraint",
    level: Level::Warning,
    docs: include_str!("drop_constraint.rs"),
    options: &[],
};

pub(in crate::check) struct DropConstraint;

impl Rule for DropConstraint {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        for (n, act) in all.acts.iter().enumerate() {
            let Some((table, actions)) = altered(act) else {
                continue;
            };
            for action in actions {
                let AlterAction::DropConstraint { name, .. } = action else {
                    continue;
                };
                let known = all.before.tables.get(&table);
                let constraint = known.and_then(|t| t.constraint(name));
                // The migration itself has added it.
                let is_new = known.is_some() && constraint.is_none();
                let with = std::iter::once(act).chain(all.later_about(n, &table));
                if is_new || { with }.any(|a| adds(a, &table, name)) {
                    continue;
                }
                let after = all.after.tables.get(&table);
                let said_by_columns = after
                    .zip(constraint)
                    .is_some_and(|(t, c)| is_said_by_columns(t, c, act.dialect));
                if !said_by_columns {
                    out.push(finding(cx, act, (&table, name), constraint));
                }
            }
        }
    }
}

fn finding(
    cx: &Ruling<'_>,
    act: &Act<'_>,
    (table, name): (&QualifiedName, &Ident),
    constraint: Option<&Constraint>,
) -> Diagnostic {
    let words = constraint.map_or("constraint", kind_words);
    let headline = format!("{words} {name} of {table} is dropped");
    let mut note = "rows that it kept out come in, and then it cannot come back".to_owned();
    if let Some(fk) = constraint.and_then(Constraint::as_foreign_key) {
        note.push_str(&format!(
            "; nobody reads or writes {} meanwhile either",
            fk.target
        ));
    }
    cx.finding_anywhere(headline)
        .at(act.span_of(name), "")
        .about(ObjectId::constraint(table, name))
        .note(note)
        .help(
            "add what replaces it NOT VALID, validate that, and drop this one last; where nothing \
             does, say why: `-- schemagen:allow migration-safety/drop-constraint: reason`",
        )
}

/// The table that a statement alters, and how.
fn altered<'a>(act: &'a Act<'_>) -> Option<(QualifiedName, &'a [AlterAction])> {
    match &act.told.statement {
        Some(Statement::Alter {
            target, actions, ..
        }) if target.kind == ObjectKind::Table => {
            let table = act.qualified(&target.name);
            let in_use = act.facts().locks.iter().any(|l| l.relation == table);
            in_use.then_some((table, actions))
        }
        _ => None,
    }
}

fn kind_words(constraint: &Constraint) -> &'static str {
    match constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "primary key",
        ConstraintKind::Unique { .. } => "unique constraint",
        ConstraintKind::Exclusion { .. } => "exclusion constraint",
        ConstraintKind::ForeignKey(_) => "foreign key",
        ConstraintKind::Check { .. } => "check",
    }
}

/// Whether it only says that columns are not null, and they are.
fn is_said_by_columns(table: &Table, constraint: &Constraint, dialect: Dialect) -> bool {
    let Some(check) = constraint.as_check() else {
        return false;
    };
    let proved = |c: &&Column| proves_not_null(check.text(), &c.name, dialect);
    let mut columns = table.columns.iter().filter(proved).peekable();
    let alone = !check.text().to_lowercase().contains(" and ");
    alone && columns.peek().is_some() && columns.all(|c| c.not_null)
}

/// Whether a statement adds one of the same name.
fn adds(act: &Act<'_>, table: &QualifiedName, name: &Ident) -> bool {
    let Some((other, actions)) = altered(act) else {
        return false;
    };
    other == *table
        && actions.iter().any(|action| match action {
            AlterAction::AddConstraint(c) => c.name == *name,
            AlterAction::AddConstraintUsingIndex { constraint, .. } => constraint.name == *name,
            _ => false,
        })
}
