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

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::facts::proves_not_null;
use crate::model::{Column, Constraint, ConstraintKind, Ident, ObjectId, QualifiedName, Table};
use crate::source::AlterAction;

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

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let actions = at.actions();
        for (table, action) in &actions {
            let AlterAction::DropConstraint { name, .. } = action else {
                continue;
            };
            let known = at.scene.table(table);
            let constraint = known.and_then(|t| t.constraint(name));
            let said_elsewhere = known
                .zip(constraint)
                .is_some_and(|(t, c)| is_said_by_columns(t, c, at.dialect()));
            if said_elsewhere || is_new(at, table, name) || comes_back(&actions, name) {
                continue;
            }
            let words = constraint.map_or("constraint", kind_words);
            let headline = format!("{words} {name} of {table} is dropped");
            let id = ObjectId::constraint(table, name);
            let mut note = "rows that it kept out come in, and then it cannot come back".to_owned();
            if let Some(fk) = constraint.and_then(Constraint::as_foreign_key) {
                note.push_str(&format!(
                    "; nobody reads or writes {} meanwhile either",
                    fk.target
                ));
            }
            let finding = at.finding_on(cx, id, name, headline).note(note);
            let help = "add what replaces it NOT VALID, validate that, and drop this one last; \
                        where nothing does, say why: `-- schemagen:allow \
                        migration-safety/drop-constraint: reason`";
            out.push(finding.help(help));
        }
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

/// Whether the same migration has added it.
fn is_new(at: &At<'_>, table: &QualifiedName, name: &Ident) -> bool {
    let before = at.before.tables.get(table);
    let after = at.scene.table(table);
    after.is_some_and(|t| t.constraint(name).is_some())
        && before.is_some_and(|t| t.constraint(name).is_none())
}

/// Whether the same statement adds one of its name.
fn comes_back(actions: &[(QualifiedName, &AlterAction)], name: &Ident) -> bool {
    actions.iter().any(|(_, action)| match action {
        AlterAction::AddConstraint(c) => c.name == *name,
        AlterAction::AddConstraintUsingIndex { constraint, .. } => constraint.name == *name,
        _ => false,
    })
}
