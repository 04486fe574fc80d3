//! What removes or replaces something that another file made.
//!
//! The files of a schema are in no order, so such a statement would mean one thing or another by the
//! names of the files: it is an error. Migrations are in order, and within one file the order is that
//! of the file.

use super::fold::Fold;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::model::{Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, AttributeChange, ColumnAction, SearchPath, Target};

/// A target that IF EXISTS passed over, and where: whether another file makes it is known at the end.
pub(super) struct PassedOver {
    target: Target,
    span: Span,
    path: SearchPath,
}

impl Fold {
    /// Reports what this statement may not do to the object, because another file made it.
    pub(super) fn refuse_elsewhere(&mut self, id: &ObjectId, done: &str) -> bool {
        let now = self.now.span;
        let Some(made) = self.made_elsewhere(id, now.file) else {
            return false;
        };
        if self.now.in_order {
            return false;
        }
        self.diagnostics.push(
            Diagnostic::error(
                "resolve/other-file",
                format!("{id} is made in another file and cannot be {done} here"),
            )
            .at(now, "in this statement")
            .and_at(made, "made here")
            .note(
                "the files of a schema are in no order: what comes out would depend on their names",
            )
            .help(
                "change the file that makes it; or keep both as migrations, in a folder whose \
                 files run in the order of their versions (`0001_name.up.sql`, `V1__name.sql`)",
            ),
        );
        true
    }

    /// The place where a file other than `here` made the object; objects of `--setup` are there
    /// before any file.
    fn made_elsewhere(&self, id: &ObjectId, here: FileId) -> Option<Span> {
        if self.catalog.external.contains(&id.name) {
            return None;
        }
        let made = self.map.of(id).or_else(|| {
            let of = |kind| self.map.of(&ObjectId::new(kind, id.name.clone()));
            match &id.member {
                Some(_) => of(ObjectKind::Table).or_else(|| of(ObjectKind::View)),
                // The sequence of a serial column stands with its table.
                None => {
                    let sequence = self.catalog.sequences.get(&id.name)?;
                    let (table, _) = sequence.owned_by.as_ref()?;
                    self.map.of(&ObjectId::table(table))
                }
            }
        })?;
        (made.file != here).then_some(made)
    }

    /// Whether the action may be done: it adds, or this file made what it changes.
    pub(super) fn may_alter(&mut self, id: &ObjectId, action: &AlterAction) -> bool {
        let Some((removed, done)) = self.removed(id, action) else {
            return true;
        };
        if let (Some(member), true) = (&removed.member, passes_over(action))
            && !self.has_member(&removed)
        {
            let mut target = Target::new(removed.kind, removed.name.clone());
            target.member = Some(member.clone());
            self.pass_over(target);
            return true;
        }
        !self.refuse_elsewhere(&removed, done)
    }

    /// What an action takes away or replaces, and the word for it; `None` where it only adds.
    fn removed(&self, id: &ObjectId, action: &AlterAction) -> Option<(ObjectId, &'static str)> {
        let column = |name: &Ident| ObjectId::column(&id.name, name);
        let constraint = |name: &Ident| ObjectId::constraint(&id.name, name);
        let table = self.catalog.tables.get(&id.name);
        Some(match action {
            AlterAction::Rename(_) | AlterAction::RenameValue { .. } => (id.clone(), "renamed"),
            AlterAction::SetSchema(_) => (id.clone(), "moved to another schema"),
            AlterAction::DropColumn { name, .. } => (column(name), "dropped"),
            AlterAction::RenameColumn { from, .. } => (column(from), "renamed"),
            AlterAction::DropConstraint { name, .. } => (constraint(name), "dropped"),
            AlterAction::RenameConstraint { from, .. } => (constraint(from), "renamed"),
            AlterAction::Column { name, action } => {
                let now = table.and_then(|t| t.column(name));
                let has_default = now.is_some_and(|c| c.default.is_some());
                (column(name), replaced_in_column(action, has_default)?)
            }
            AlterAction::DetachPartition {
                partition: name, ..
            }
            | AlterAction::NoInherit(name) => {
                let child = match action {
                    AlterAction::NoInherit(_) => id.name.clone(),
                    _ => self.relation_name(name),
                };
                (ObjectId::table(&child), "detached")
            }
            AlterAction::Attribute {
                change: AttributeChange::Drop { .. } | AttributeChange::Alter(..),
                ..
            } => (id.clone(), "changed"),
            AlterAction::DomainDefault(None) | AlterAction::DomainNotNull(false) => {
                (id.clone(), "changed")
            }
            AlterAction::RowSecurity(false) if table.is_some_and(|t| t.row_security) => {
                (id.clone(), "opened")
            }
            AlterAction::ForceRowSecurity(false) if table.is_some_and(|t| t.force_row_security) => {
                (id.clone(), "opened")
            }
            AlterAction::Policy { .. } | AlterAction::DropItems(_) => (id.clone(), "changed"),
            AlterAction::Publication { verb, .. }
            | AlterAction::SubscriptionPublications { verb, .. }
            | AlterAction::Mapping { verb, .. }
                if !verb.eq_ignore_ascii_case("add") =>
            {
                (id.clone(), "changed")
            }
            _ => return None,
        })
    }

    fn has_member(&self, id: &ObjectId) -> bool {
        let Some(table) = self.catalog.tables.get(&id.name) else {
            return true;
        };
        let member = id.member.clone().unwrap_or_default();
        match id.kind {
            ObjectKind::Column => table.column(&member).is_some(),
            _ => table.constraint(&member).is_some(),
        }
    }

    /// Remembers what IF EXISTS found missing.
    pub(super) fn pass_over(&mut self, target: Target) {
        if !self.now.in_order {
            self.passed_over.push(PassedOver {
                target,
                span: self.now.span,
                path: self.now.path.clone(),
            });
        }
    }

    /// What IF EXISTS passed over because the file that makes it came later.
    pub(super) fn check_passed_over(&mut self) {
        for passed in std::mem::take(&mut self.passed_over) {
            self.now.span = passed.span;
            self.now.path = passed.path;
            self.now.in_order = false;
            let found = match &passed.target.member {
                Some(member) if passed.target.kind == ObjectKind::Column => {
                    let name: QualifiedName = self.relation_name(&passed.target.name);
                    Some(ObjectId::column(&name, member)).filter(|id| self.has_member(id))
                }
                _ => self.locate(&passed.target),
            };
            if let Some(id) = found {
                self.refuse_elsewhere(&id, "dropped");
            }
        }
    }
}

fn passes_over(action: &AlterAction) -> bool {
    matches!(
        action,
        AlterAction::DropColumn {
            if_exists: true,
            ..
        } | AlterAction::DropConstraint {
            if_exists: true,
            ..
        }
    )
}

fn replaced_in_column(action: &ColumnAction, has_default: bool) -> Option<&'static str> {
    Some(match action {
        ColumnAction::Type { .. } => "given another type",
        ColumnAction::Default(_) if has_default => "given another default",
        ColumnAction::NotNull(false) => "made nullable",
        ColumnAction::DropIdentity { .. }
        | ColumnAction::DropExpression { .. }
        | ColumnAction::SetExpression(_) => "changed",
        _ => return None,
    })
}
