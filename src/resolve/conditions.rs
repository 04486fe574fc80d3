//! Whether a statement of a `DO` block runs: what is there when its branch is reached.
//!
//! Invariant: a question is asked once, before the first statement that depends on it, so that what a
//! branch makes does not end it.

use std::collections::BTreeMap;

use super::fold::Fold;
use crate::model::{Ident, QualifiedName};
use crate::source::{Condition, Declaration, InSchema, Presence, PresenceKind, SearchPath};

/// A question: where it stands, and what is asked.
type Question = ((u32, u32), Presence);

/// The answers so far.
#[derive(Debug, Default)]
pub(super) struct Answers(BTreeMap<Question, bool>);

fn asked(condition: &Condition) -> Question {
    let at = condition.at;
    ((at.file.0, at.start), condition.presence.clone())
}

impl Fold {
    /// Whether all that a statement depends on holds.
    pub(super) fn runs(&self, declaration: &Declaration) -> bool {
        declaration.conditions.iter().all(|condition| {
            let known = self.answers.0.get(&asked(condition)).copied();
            let is_there = || self.is_there(&condition.presence, &declaration.search_path);
            known.unwrap_or_else(is_there) == condition.wanted
        })
    }

    /// Folds a declaration where it runs.
    pub(super) fn apply(&mut self, declaration: Declaration) {
        for condition in &declaration.conditions {
            let question = asked(condition);
            if !self.answers.0.contains_key(&question) {
                let answer = self.is_there(&condition.presence, &declaration.search_path);
                self.answers.0.insert(question, answer);
            }
        }
        if self.runs(&declaration) {
            self.fold(declaration);
        }
    }

    fn is_there(&self, presence: &Presence, path: &SearchPath) -> bool {
        let catalog = &self.catalog;
        let name = &presence.name;
        let is = |full: &QualifiedName| full.name == *name && is_in(full, presence, path);
        match presence.kind {
            PresenceKind::Schema => catalog.schemas.contains_key(name),
            PresenceKind::Extension => catalog.extensions.contains_key(name),
            PresenceKind::Publication => catalog.publications.contains_key(name),
            PresenceKind::Relation => self.relations.keys().any(is),
            PresenceKind::Routine => {
                let routines = catalog.routines.keys().map(|(name, _)| name);
                let aggregates = catalog.aggregates.keys().map(|(name, _)| name);
                routines.chain(aggregates).any(is)
            }
            PresenceKind::Type => {
                let own = catalog.enums.keys().chain(catalog.domains.keys());
                let own = own.chain(catalog.ranges.keys());
                let own = own.chain(catalog.shell_types.keys());
                let rows = catalog.composites.keys().chain(catalog.tables.keys());
                own.chain(rows).chain(catalog.views.keys()).any(is)
            }
            _ => self.has_part(presence, path),
        }
    }

    fn has_part(&self, presence: &Presence, path: &SearchPath) -> bool {
        let name = &presence.name;
        let whose = |relation: &QualifiedName| {
            let same = presence
                .table
                .as_ref()
                .is_none_or(|t| t.name == relation.name);
            same && is_in(relation, presence, path)
        };
        let catalog = &self.catalog;
        let mut tables = catalog.tables.values().filter(|t| whose(&t.name));
        match presence.kind {
            PresenceKind::Column => tables.any(|t| t.column(name).is_some()),
            PresenceKind::Constraint => {
                let mut domains = catalog.domains.values();
                tables.any(|t| named(name, t.constraints.iter().map(|c| &c.name)))
                    || presence.table.is_none()
                        && domains.any(|d| named(name, d.checks.iter().map(|c| &c.name)))
            }
            PresenceKind::Policy => tables.any(|t| named(name, t.policies.iter().map(|p| &p.name))),
            _ => {
                let mut views = catalog.views.values().filter(|v| whose(&v.name));
                tables.any(|t| named(name, t.triggers.iter().map(|t| &t.name)))
                    || views.any(|v| named(name, v.triggers.iter().map(|t| &t.name)))
            }
        }
    }
}

/// Whether something of this name is where the question looks.
fn is_in(full: &QualifiedName, presence: &Presence, path: &SearchPath) -> bool {
    match &presence.schema {
        InSchema::Any => true,
        InSchema::Named(schema) => full.schema.as_ref() == Some(schema),
        InSchema::Path => full.schema.as_ref() == path.first(),
    }
}

fn named<'a>(name: &Ident, mut names: impl Iterator<Item = &'a Ident>) -> bool {
    names.any(|n| n == name)
}
