//! What has to wait for what is made late, when everything else is done.

use super::online::Work;
use crate::expr::mentions;
use crate::model::{Constraint, Ident, ObjectId, ObjectKind, QualifiedName, ReplicaIdentity};
use crate::plan::step::Step;
use crate::source::{AlterAction, Statement};

impl Work<'_> {
    pub(super) fn index_is_late(&mut self, name: &Ident) {
        self.late_indexes.insert(name.clone());
    }

    pub(super) fn constraint_is_late(&mut self, table: &QualifiedName, found: &Constraint) {
        if found.has_index() {
            self.index_is_late(&found.name);
        }
        let id = (table.clone(), found.name.clone());
        self.late_constraints.insert(id);
    }

    /// Whether a step speaks of what is made late, and does not make it itself.
    pub(super) fn is_late(&self, step: &Step, statement: &Statement) -> bool {
        let ObjectId {
            kind, name, member, ..
        } = &step.object;
        let key = |table: &QualifiedName, name: &Ident| (table.clone(), name.clone());
        let (target, actions) = match statement {
            Statement::Alter {
                target, actions, ..
            } => (Some(target), &actions[..]),
            _ => (None, &[][..]),
        };
        let makes = |name: &Ident| {
            let mut actions = actions.iter();
            actions.any(|a| matches!(a, AlterAction::AddConstraint(c) if c.name == *name))
        };
        let own = match (kind, member) {
            (ObjectKind::Index, _) => self.late_indexes.contains(&name.name),
            (ObjectKind::Constraint, Some(member)) => {
                self.late_constraints.contains(&key(name, member)) && !makes(member)
            }
            _ => false,
        };
        own || target.is_some_and(|target| {
            self.late_indexes.contains(&target.name.name) && target.kind == ObjectKind::Index
                || actions.iter().any(|action| match action {
                    AlterAction::ClusterOn(Some(index))
                    | AlterAction::ReplicaIdentity(ReplicaIdentity::Index(index))
                    | AlterAction::AddConstraintUsingIndex { index, .. } => {
                        self.late_indexes.contains(index)
                    }
                    AlterAction::AlterConstraint { name, .. }
                    | AlterAction::ValidateConstraint(name)
                    | AlterAction::DropConstraint { name, .. }
                    | AlterAction::RenameConstraint { from: name, .. } => {
                        self.late_constraints.contains(&key(&target.name, name))
                    }
                    _ => false,
                })
        })
    }

    /// Whether a text calls a routine that is dropped and made again.
    pub(super) fn calls_replaced(&self, text: &str) -> bool {
        let mut replaced = self.replaced.iter();
        replaced.any(|name| mentions(text, &name.name, self.dialect()))
    }

    /// Whether it drops what an index rests on that is dropped late: its function or type, or an
    /// extension, which may have its operator class.
    pub(super) fn drops_beneath(&self, statement: &Statement) -> bool {
        let Statement::Drop { targets, .. } = statement else {
            return false;
        };
        targets.iter().any(|target| match target.kind {
            ObjectKind::Extension => !self.dropped_late.is_empty(),
            ObjectKind::Function | ObjectKind::Collation | ObjectKind::OperatorClass => {
                // What takes its name cannot wait for it.
                let mut routines = self.pair.after.routines.keys();
                let again = routines.any(|(name, _)| *name == target.name);
                let mut texts = self.dropped_late.iter();
                !again && texts.any(|text| mentions(text, &target.name.name, self.dialect()))
            }
            _ => false,
        })
    }

    /// Whether it needs a key or a column that is made late.
    pub(super) fn rests_on_late(&self, statement: &Statement) -> bool {
        let Statement::Alter {
            target, actions, ..
        } = statement
        else {
            return false;
        };
        actions.iter().any(|action| match action {
            AlterAction::AddConstraint(found) => {
                let fk = found.as_foreign_key();
                fk.is_some_and(|fk| fk.target != target.name && self.late_keys.contains(&fk.target))
            }
            AlterAction::ReplicaIdentity(ReplicaIdentity::Index(_)) => self
                .late_columns
                .get(&target.name)
                .is_some_and(|c| !c.is_empty()),
            _ => false,
        })
    }
}
