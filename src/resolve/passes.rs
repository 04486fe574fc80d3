//! The order in which the server runs the actions of one ALTER TABLE: in passes, and within a pass as they
//! are written.
//!
//! Source: the `AT_PASS_` numbers and `ATPrepCmd` in src/backend/commands/tablecmds.c.

use crate::model::ConstraintKind;
use crate::source::{AlterAction, ColumnAction};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    Drop,
    AlterType,
    SetExpression,
    AddColumn,
    ColumnAttributes,
    AddIndexConstraint,
    AddOtherConstraint,
    Rest,
}

/// Puts actions into the server's order.
pub(super) fn in_passes(mut actions: Vec<AlterAction>) -> Vec<AlterAction> {
    if actions.len() > 1 {
        actions.sort_by_key(pass);
    }
    actions
}

fn pass(action: &AlterAction) -> Pass {
    match action {
        AlterAction::DropColumn { .. } | AlterAction::DropConstraint { .. } => Pass::Drop,
        AlterAction::AddColumn { .. } => Pass::AddColumn,
        AlterAction::AddConstraintUsingIndex { .. } => Pass::AddIndexConstraint,
        AlterAction::AddConstraint(constraint) => match constraint.kind {
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {
                Pass::AddOtherConstraint
            }
            _ => Pass::AddIndexConstraint,
        },
        AlterAction::Column { action, .. } => pass_of_column(action),
        _ => Pass::Rest,
    }
}

fn pass_of_column(action: &ColumnAction) -> Pass {
    match action {
        ColumnAction::Default(None)
        | ColumnAction::NotNull(false)
        | ColumnAction::DropIdentity { .. }
        | ColumnAction::DropExpression { .. } => Pass::Drop,
        ColumnAction::Type { .. } => Pass::AlterType,
        ColumnAction::SetExpression(_) => Pass::SetExpression,
        ColumnAction::NotNull(true)
        | ColumnAction::NotNullNotValid
        | ColumnAction::SetIdentity { .. } => Pass::ColumnAttributes,
        ColumnAction::Default(Some(_)) | ColumnAction::AddIdentity(_) => Pass::AddOtherConstraint,
        _ => Pass::Rest,
    }
}
