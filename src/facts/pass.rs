//! In what order the server carries out the actions of one ALTER TABLE.
//!
//! Source: `AlterTablePass` and `ATPrepCmd` in `src/backend/commands/tablecmds.c`.

use crate::dialect::serial_integer;
use crate::source::{AlterAction, ColumnAction};

/// When an action of a joined ALTER TABLE runs, earliest first; what has one pass runs as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    Drop,
    AlterType,
    AddColumn,
    SetExpression,
    ColumnAttributes,
    AddKey,
    AddOther,
    Misc,
}

/// The pass of an action; `None` where it is better off alone, or has to be.
pub fn pass_of(action: &AlterAction) -> Option<Pass> {
    use AlterAction as A;
    Some(match action {
        A::DropColumn { .. } | A::DropConstraint { .. } => Pass::Drop,
        A::AddColumn { .. } => Pass::AddColumn,
        A::AddConstraint(found) if found.has_index() => Pass::AddKey,
        A::AddConstraintUsingIndex { .. } => Pass::AddKey,
        A::AddConstraint(_) => Pass::AddOther,
        A::Column { action, .. } => of_column(action),
        A::AlterConstraint { .. }
        | A::Owner(_)
        | A::SetStorage(_)
        | A::ResetStorage(_)
        | A::SetLogged(_)
        | A::SetAccessMethod(_)
        | A::SetTablespace(_)
        | A::ClusterOn(_)
        | A::ReplicaIdentity(_)
        | A::RowSecurity(_)
        | A::ForceRowSecurity(_)
        | A::Trigger { .. }
        | A::Rule { .. }
        | A::Inherit(_)
        | A::NoInherit(_)
        | A::OfType(_)
        | A::Options(_) => Pass::Misc,
        // VALIDATE waits until rows are no longer looked at under a stronger lock.
        _ => return None,
    })
}

fn of_column(action: &ColumnAction) -> Pass {
    use ColumnAction as C;
    match action {
        C::Default(None) | C::NotNull(false) => Pass::Drop,
        C::DropIdentity { .. } | C::DropExpression { .. } => Pass::Drop,
        C::Type { .. } => Pass::AlterType,
        C::SetExpression(_) => Pass::SetExpression,
        C::NotNull(true) | C::NotNullNotValid | C::SetIdentity { .. } => Pass::ColumnAttributes,
        C::Default(Some(_)) | C::AddIdentity(_) => Pass::AddOther,
        C::Statistics(_) | C::Storage(_) | C::Compression(_) => Pass::Misc,
        C::SetOptions(_) | C::ResetOptions(_) | C::ForeignOptions(_) => Pass::Misc,
    }
}

/// Whether one statement with the actions of both, in their order, does what the two do.
pub fn can_join(first: &[AlterAction], second: &[AlterAction]) -> bool {
    let passes = |actions: &[AlterAction]| actions.iter().map(pass_of).collect::<Option<Vec<_>>>();
    // A sequence belongs to who owns the table when it is made, and is tied to the column at the end.
    let owned = second.iter().any(|a| matches!(a, AlterAction::Owner(_)));
    if owned && first.iter().any(brings_sequence) {
        return false;
    }
    match (passes(first), passes(second)) {
        (Some(first), Some(second)) => first.iter().max() <= second.iter().min(),
        _ => false,
    }
}

fn brings_sequence(action: &AlterAction) -> bool {
    match action {
        AlterAction::AddColumn { column, .. } => {
            column.identity.is_some() || serial_integer(&column.data_type).is_some()
        }
        AlterAction::Column { action, .. } => matches!(action, ColumnAction::AddIdentity(_)),
        _ => false,
    }
}
