//! What rests on columns that go or change their type.
//!
//! Source: `ATExecAlterColumnType` and `ATExecDropColumn` in
//! `src/backend/commands/tablecmds.c`: the server rebuilds indexes and plain constraints by itself
//! and refuses where views, rules, policies, triggers or generated columns use the column.

use std::collections::BTreeSet;

use super::closure::Closing;
use super::columns::{self, HardColumn};
use crate::dialect::Dialect;
use crate::expr::mentions_all;
use crate::model::{Constraint, ConstraintKind, Ident, IndexElement, ObjectId, ObjectRef, Table};

impl Closing<'_, '_> {
    /// What rests on columns that go or change their type.
    pub(super) fn follow_columns(&mut self, id: &ObjectId) {
        let (Some(ObjectRef::Table(before)), Some(ObjectRef::Table(after))) =
            (self.pair.before.object(id), self.pair.after.object(id))
        else {
            return;
        };
        let mut hard = columns::hard(before, after, &self.closure, self.version);
        let names = |hard: &[HardColumn<'_>]| -> Vec<Ident> {
            hard.iter().map(|h| h.name.clone()).collect()
        };
        let none = BTreeSet::new();
        let again = self
            .closure
            .generated
            .get(&before.name)
            .unwrap_or(&none)
            .clone();
        for column in before
            .columns
            .iter()
            .filter(|c| after.column(&c.name).is_some())
        {
            let Some(generated) = &column.generated else {
                continue;
            };
            let said = self.texts.of_columns(&before.name, &generated.expression);
            let reads = |n: &Ident| said.column(&before.name, n);
            if again.contains(&column.name) || names(&hard).iter().any(reads) {
                let of = self
                    .closure
                    .generated
                    .entry(before.name.clone())
                    .or_default();
                of.insert(column.name.clone());
                if !hard.iter().any(|h| *h.name == column.name) {
                    hard.push(HardColumn {
                        name: &column.name,
                        keeps_operators: false,
                        goes: true,
                    });
                }
            }
        }
        if after
            .columns
            .iter()
            .any(|c| before.column(&c.name).is_none())
        {
            self.follow_stars(id);
        }
        if hard.is_empty() {
            return;
        }
        for dependent in self.pair.before.dependents(id).to_vec() {
            if let Some(ObjectRef::Publication(publication)) = self.pair.before.object(&dependent) {
                let named = |h: &HardColumn<'_>| {
                    let mut tables = publication.tables.iter();
                    tables.any(|t| self.publishes(t, &before.name, h.name))
                };
                if hard.iter().any(named) {
                    self.unpublish(&dependent, &before.name);
                }
            } else if self.rests_on_columns(&dependent, before, &hard) {
                self.replace(&dependent);
            }
        }
        self.follow_own_checks(before, &hard);
    }

    /// What reads attributes that go or change their type. Where values of the type are stored, the
    /// server retypes none: it is replaced.
    pub(super) fn follow_attributes(&mut self, id: &ObjectId) {
        let (Some(ObjectRef::Composite(before)), Some(ObjectRef::Composite(after))) =
            (self.pair.before.object(id), self.pair.after.object(id))
        else {
            return;
        };
        let stays = |name: &Ident| after.attributes.iter().any(|(n, ..)| n == name);
        let same = |a| after.attributes.contains(a);
        let changed = before.attributes.iter().filter(|a| !same(a));
        let changed: Vec<&Ident> = changed.map(|(name, ..)| name).collect();
        let dependents = self.pair.before.dependents(id).to_vec();
        let stored = dependents.iter().any(|d| match self.pair.before.object(d) {
            Some(ObjectRef::Table(table)) => table
                .columns
                .iter()
                .any(|c| c.data_type.name == before.name),
            Some(ObjectRef::Domain(_) | ObjectRef::Composite(_)) => true,
            _ => false,
        });
        if stored && changed.iter().any(|name| stays(name)) {
            return self.replace(id);
        }
        for dependent in dependents {
            let object = self.pair.before.object(&dependent);
            let said = object.and_then(|object| self.texts.object(&dependent, object));
            let reads = |name: &&Ident| {
                let said = said.as_ref();
                said.is_some_and(|said| said.column(&before.name, name))
            };
            if changed.iter().any(reads) {
                self.replace(&dependent);
            }
        }
    }

    /// A view that says `*` has the columns that its table had when it was created.
    fn follow_stars(&mut self, id: &ObjectId) {
        for dependent in self.pair.before.dependents(id).to_vec() {
            if let Some(ObjectRef::View(view)) = self.pair.before.object(&dependent)
                && mentions_all(view.query.text(), Dialect::Postgres)
            {
                self.replace(&dependent);
            }
        }
    }

    /// Checks stand with their table in the graph.
    fn follow_own_checks(&mut self, table: &Table, hard: &[HardColumn<'_>]) {
        let mut touched_ones = Vec::new();
        let over = |e| self.texts.of_columns(&table.name, e);
        for constraint in &table.constraints {
            let id = ObjectId::constraint(&table.name, &constraint.name);
            let touched = hard.iter().filter(|h| !h.keeps_operators).any(|h| {
                { constraint.expressions().into_iter() }
                    .any(|e| over(e).column(&table.name, h.name))
                    || (constraint.columns().contains(h.name)
                        && (constraint.as_foreign_key().is_some() || h.goes))
                    || (h.goes && is_beside(constraint, h.name))
            });
            if touched {
                touched_ones.push(id);
            }
        }
        for id in touched_ones {
            self.replace(&id);
        }
    }

    fn rests_on_columns(&self, id: &ObjectId, table: &Table, hard: &[HardColumn<'_>]) -> bool {
        let Some(object) = self.pair.before.object(id) else {
            return false;
        };
        let said = self.texts.object(id, object);
        let reads = |h: &HardColumn<'_>| {
            let said = said.as_ref();
            said.is_some_and(|said| said.column(&table.name, h.name))
        };
        let mut changed = hard.iter().filter(|h| !h.keeps_operators);
        match object {
            ObjectRef::View(_)
            | ObjectRef::Rule(..)
            | ObjectRef::Policy(..)
            | ObjectRef::Routine(_) => hard.iter().any(reads),
            ObjectRef::Trigger(relation, trigger) => {
                let own = *relation == table.name;
                let named = |h: &HardColumn<'_>| own && trigger.update_of.contains(h.name);
                hard.iter().any(|h| reads(h) || named(h))
            }
            ObjectRef::Index(_, index) => {
                let keyed = |h: &HardColumn<'_>, e: &IndexElement| {
                    let classed = h.goes || e.opclass.is_some();
                    e.column.as_ref() == Some(h.name) && classed
                };
                changed.any(|h| reads(h) || index.elements.iter().any(|e| keyed(h, e)))
                    || hard.iter().any(|h| {
                        h.goes
                            && (index.include.contains(h.name)
                                || index.elements.iter().any(|e| keyed(h, e)))
                    })
            }
            // Its columns take it along when they go, and come back without it.
            ObjectRef::Statistics(statistics) if statistics.table == table.name => {
                let mut gone = hard.iter().filter(|h| h.goes);
                gone.any(reads)
            }
            ObjectRef::Constraint(_, constraint) => {
                let changed = |columns: &[Ident]| {
                    let mut all = hard.iter().filter(|h| !h.keeps_operators);
                    all.any(|h| columns.contains(h.name))
                };
                constraint.as_foreign_key().is_some_and(|fk| {
                    (fk.target == table.name && changed(&fk.target_columns))
                        || (id.name == table.name && changed(&fk.columns))
                })
            }
            _ => false,
        }
    }
}

/// Whether an index of the constraint holds the column otherwise than as a plain column of a key.
fn is_beside(constraint: &Constraint, column: &Ident) -> bool {
    let excluded = match &constraint.kind {
        ConstraintKind::Exclusion { elements, .. } => elements.as_slice(),
        _ => &[],
    };
    let mut keyed = excluded.iter().filter_map(|e| e.element.column.as_ref());
    constraint.included().contains(column) || keyed.any(|c| c == column)
}
