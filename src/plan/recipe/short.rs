//! The short forms: one transaction, but for what cannot be in it.

use std::collections::BTreeSet;

use super::{Parts, Piece};
use crate::facts::Told;
use crate::model::QualifiedName;
use crate::plan::step::Step;
use crate::source::{AlterAction, Statement};

/// Steps as they are, in as few transactions as they can share.
pub(in crate::plan) fn short(steps: &[Step], told: &[Told]) -> Vec<Piece> {
    let mut parts = Parts::default();
    let mut changed = BTreeSet::new();
    for (at, step) in steps.iter().enumerate() {
        let Some(told) = told.get(at) else {
            parts.main.push(piece(step.clone()));
            continue;
        };
        let step = Step {
            facts: told.facts.clone(),
            ..step.clone()
        };
        let statement = told.statement.as_ref();
        match adds_value(statement, &changed) {
            true => parts.early.push(piece(step)),
            false => parts.main.push(piece(step)),
        }
        changed.extend(statement.and_then(made_type));
    }
    parts.into_pieces()
}

fn piece(step: Step) -> Piece {
    Piece { step, apart: false }
}

/// A value can be used only when the transaction that adds it is over. A type that the plan itself
/// makes or renames is an exception: its values come with it.
pub(super) fn adds_value(statement: Option<&Statement>, changed: &BTreeSet<QualifiedName>) -> bool {
    match statement {
        Some(Statement::Alter {
            target, actions, ..
        }) => {
            let adds = |a: &AlterAction| matches!(a, AlterAction::AddValue { .. });
            actions.iter().any(adds) && !changed.contains(&target.name)
        }
        _ => false,
    }
}

/// The type that a statement creates or gives another name or value.
pub(super) fn made_type(statement: &Statement) -> Option<QualifiedName> {
    use crate::model::Object;
    match statement {
        Statement::Create {
            object: Object::Enum(found),
            ..
        } => Some(found.name.clone()),
        Statement::Alter {
            target, actions, ..
        } if target.kind.is_type() => actions.iter().find_map(|action| match action {
            AlterAction::Rename(new) => Some(target.name.sibling(new.clone())),
            AlterAction::RenameValue { .. } => Some(target.name.clone()),
            _ => None,
        }),
        _ => None,
    }
}
