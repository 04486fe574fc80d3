//! What the server refuses of a statement of a migration by what it is about: an object of another kind,
//! words that do not go together, a privilege, parameter or option that the kind does not have.
//!
//! Invariants: what is refused here, every server refuses whatever rows there are; what extensions or kept
//! statements may have made is not known, and nothing is said of it.

mod column;
mod declared;
mod foreign;
mod index;
mod kind;
mod made_of;
mod parameter;
mod policy;
mod privilege;
mod publication;
mod returned;
mod sequence;
mod table;
mod text;
mod trigger;
mod view;

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::model::{Object, ObjectKind};
use crate::source::{AlterAction, Declaration, Statement, Target};

pub(super) use sequence::altered_sequence;

impl Fold {
    /// What is wrong with a statement as the catalog stands before it.
    pub(super) fn unfit(&self, declaration: &Declaration) -> Option<Diagnostic> {
        match &declaration.statement {
            Statement::Create {
                object, or_replace, ..
            } => self.unfit_object(object, *or_replace),
            Statement::Alter {
                target, actions, ..
            } => self
                .unfit_foreign(target)
                .or_else(|| self.altered_as_other(target, actions))
                .or_else(|| self.unfit_alter(target, actions)),
            Statement::Drop { targets, .. } => {
                let mut targets = targets.iter();
                targets.find_map(|target| {
                    let other = self.unfit_foreign(target);
                    let other = other.or_else(|| self.dropped_as_own(target));
                    let other = other.or_else(|| self.of_other_kind(target));
                    other.or_else(|| self.kept_by_identity(target))
                })
            }
            Statement::Comment { target, .. } => self
                .of_other_kind(target)
                .or_else(|| self.unfit_column(target)),
            Statement::Grant {
                targets,
                items,
                revoke,
                ..
            } => self.unfit_privileges(targets, items, *revoke),
            Statement::DefaultPrivileges {
                kind,
                items,
                schemas,
                revoke,
                ..
            } => self.unfit_defaults(*kind, items, schemas, *revoke),
            _ => None,
        }
    }

    fn unfit_object(&self, object: &Object, or_replace: bool) -> Option<Diagnostic> {
        match object {
            Object::Trigger(relation, trigger) => self.unfit_trigger(relation, trigger, or_replace),
            Object::Index(relation, index) => self.unfit_index(relation, index),
            Object::Policy(table, policy) => self.unfit_policy(table, policy),
            Object::Rule(relation, rule) => self.unfit_rule(relation, rule),
            Object::Sequence(sequence) => self.unfit_sequence(sequence),
            Object::Table(table) => self.unfit_table(table),
            Object::View(view) => self.unfit_view(view, or_replace),
            Object::Enum(found) => self.unfit_enum(found),
            Object::Composite(found) => self.unfit_composite(found),
            Object::Domain(found) => self.unfit_domain(found),
            Object::Cast(cast) => self.unfit_cast(cast),
            Object::Operator(operator) => self.unfit_operator(operator),
            Object::Aggregate(aggregate) => self.unfit_aggregate(aggregate),
            Object::EventTrigger(trigger) => self.unfit_event_trigger(trigger),
            Object::Routine(routine) => self.unfit_arguments(routine),
            other => self.unfit_rare(other),
        }
    }

    fn unfit_alter(&self, target: &Target, actions: &[AlterAction]) -> Option<Diagnostic> {
        let mut each = actions.iter();
        match target.kind {
            ObjectKind::Policy => return each.find_map(|a| self.unfit_policy_change(target, a)),
            ObjectKind::Publication => {
                return each.find_map(|a| self.unfit_publication_change(target, a));
            }
            ObjectKind::ForeignDataWrapper
            | ObjectKind::ForeignServer
            | ObjectKind::UserMapping => {
                return each.find_map(|a| self.unfit_options(target, a));
            }
            ObjectKind::ShellType | ObjectKind::Domain => {
                return each.find_map(|a| self.unfit_type_change(&target.name, a));
            }
            ObjectKind::Statistics => return each.find_map(|a| self.taken_statistics(target, a)),
            _ => {}
        }
        let (name, kind) = self.relation_kind(&target.name)?;
        if let [AlterAction::Rename(to)] = actions
            && target.member.is_none()
            && *to == name.name
        {
            return Some(self.taken("relation", to));
        }
        match kind {
            ObjectKind::Sequence => each.find_map(|a| self.unfit_sequence_change(target, a)),
            ObjectKind::View | ObjectKind::MaterializedView => {
                each.find_map(|a| self.unfit_view_change(&name, a))
            }
            ObjectKind::Index => each.find_map(|a| self.unfit_index_change(&name, a)),
            _ => {
                let table = self.catalog.tables.get(&name)?;
                each.find_map(|a| {
                    let unfit = self.unfit_table_change(table, a, actions);
                    unfit.or_else(|| self.unfit_options(target, a))
                })
            }
        }
    }

    /// What is said about a statement that cannot be as it is.
    pub(super) fn cannot(&self, headline: String, help: &str) -> Option<Diagnostic> {
        Some(self.refusal("resolve/unfit", headline, help))
    }
}
