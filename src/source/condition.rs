//! On what it depends whether a statement of a `DO` block runs: what is there by then.

use super::declaration::Statement;
use crate::diagnostic::Span;
use crate::model::{Ident, Object, ObjectKind, QualifiedName};
use crate::source::AlterAction;

/// A statement runs where something is there, or where it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub presence: Presence,
    /// Whether it has to be there.
    pub wanted: bool,
    /// Where the question stands: it is asked once, before the first statement that depends on it.
    pub at: Span,
}

/// The question whether something is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Presence {
    pub kind: PresenceKind,
    pub schema: InSchema,
    /// The table that it is part of; `None` where the question names none.
    pub table: Option<QualifiedName>,
    pub name: Ident,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PresenceKind {
    Type,
    Relation,
    Column,
    Constraint,
    Schema,
    Extension,
    Routine,
    Policy,
    Trigger,
    Publication,
}

/// Where something is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InSchema {
    Any,
    /// The first schema of the search path.
    Path,
    Named(Ident),
}

impl InSchema {
    pub fn of(schema: Option<&Ident>) -> Self {
        schema.map_or(Self::Path, |schema| Self::Named(schema.clone()))
    }
}

/// The conditions of PL/pgSQL that the server raises where the kind is there already.
fn raised(kind: PresenceKind) -> &'static [&'static str] {
    match kind {
        PresenceKind::Relation => &["duplicate_table"],
        PresenceKind::Column => &["duplicate_column"],
        PresenceKind::Schema => &["duplicate_schema"],
        PresenceKind::Routine => &["duplicate_function"],
        // A key of the table has an index, whose name is a relation's.
        PresenceKind::Constraint => &["duplicate_object", "duplicate_table"],
        _ => &["duplicate_object"],
    }
}

/// What a statement makes, where a handler for these conditions passes over its being there.
pub(super) fn passed_over(statement: &Statement, handled: &[String]) -> Option<Presence> {
    let made = made_by(statement)?;
    let is_handled = |name: &str| handled.iter().any(|h| h == name || h == "others");
    raised(made.kind)
        .iter()
        .all(|name| is_handled(name))
        .then_some(made)
}

fn made_by(statement: &Statement) -> Option<Presence> {
    use PresenceKind as Kind;
    let plain = |kind: Kind, name: &QualifiedName| Presence {
        kind,
        schema: InSchema::of(name.schema.as_ref()),
        table: None,
        name: name.name.clone(),
    };
    let bare = |kind: Kind, name: &Ident| Presence {
        kind,
        schema: InSchema::Any,
        table: None,
        name: name.clone(),
    };
    let part = |kind: Kind, table: &QualifiedName, name: &Ident| Presence {
        kind,
        schema: InSchema::of(table.schema.as_ref()),
        table: Some(table.clone()),
        name: name.clone(),
    };
    match statement {
        Statement::Create { object, .. } => Some(match object {
            Object::Enum(o) => plain(Kind::Type, &o.name),
            Object::Domain(o) => plain(Kind::Type, &o.name),
            Object::Range(o) => plain(Kind::Type, &o.name),
            Object::Composite(o) => plain(Kind::Type, &o.name),
            Object::Table(o) => plain(Kind::Relation, &o.name),
            Object::View(o) => plain(Kind::Relation, &o.name),
            Object::Sequence(o) => plain(Kind::Relation, &o.name),
            Object::Schema(o) => bare(Kind::Schema, &o.name),
            Object::Extension(o) => bare(Kind::Extension, &o.name),
            Object::Publication(o) => bare(Kind::Publication, &o.name),
            Object::Policy(table, o) => part(Kind::Policy, table, &o.name),
            Object::Trigger(table, o) => part(Kind::Trigger, table, &o.name),
            Object::Index(table, o) if !o.name.is_empty() => Presence {
                table: None,
                ..part(Kind::Relation, table, &o.name)
            },
            _ => return None,
        }),
        Statement::Alter {
            target, actions, ..
        } if target.kind == ObjectKind::Table => match actions.as_slice() {
            [AlterAction::AddConstraint(c)] if !c.name.is_empty() => {
                Some(part(Kind::Constraint, &target.name, &c.name))
            }
            [AlterAction::AddColumn { column, .. }] => {
                Some(part(Kind::Column, &target.name, &column.name))
            }
            _ => None,
        },
        _ => None,
    }
}
