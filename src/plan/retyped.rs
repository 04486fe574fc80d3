//! What rests on columns that go or change their type.
//!
//! Source: `ATExecAlterColumnType` and `ATExecDropColumn` in
//! `src/backend/commands/tablecmds.c`: the server rebuilds indexes and plain constraints by itself
//! and refuses where views, rules, policies, triggers or generated columns use the column.

use std::collections::BTreeSet;

use super::closure::{Closing, texts_of};
use super::columns::{self, HardColumn};
use crate::expr::{mentions, mentions_all, mentions_column};
use crate::model::{Expr, Ident, Index, IndexElement, ObjectId, ObjectRef, RoutineBody, Table};

impl Closing<'_, '_> {
    /// What rests on columns that go or change their type.
    pub(super) fn follow_columns(&mut self, id: &ObjectId) {
        let (Some(ObjectRef::Table(before)), Some(ObjectRef::Table(after))) =
            (self.pair.before.object(id), self.pair.after.object(id))
        else {
            return;
        };
        let mut hard = columns::hard(before, after, &self.closure.swapped);
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
            let reads = |n: &Ident| mentions(generated.expression.text(), n, self.dialect);
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
            if self.rests_on_columns(&dependent, before, &hard) {
                self.replace(&dependent);
            }
        }
        self.follow_own_checks(before, &hard);
    }

    /// A view that says `*` has the columns that its table had when it was created.
    fn follow_stars(&mut self, id: &ObjectId) {
        for dependent in self.pair.before.dependents(id).to_vec() {
            if let Some(ObjectRef::View(view)) = self.pair.before.object(&dependent)
                && mentions_all(view.query.text(), self.dialect)
            {
                self.replace(&dependent);
            }
        }
    }

    /// Checks stand with their table in the graph.
    fn follow_own_checks(&mut self, table: &Table, hard: &[HardColumn<'_>]) {
        for constraint in &table.constraints {
            let id = ObjectId::constraint(&table.name, &constraint.name);
            let touched = hard.iter().filter(|h| !h.keeps_operators).any(|h| {
                texts_of(constraint)
                    .into_iter()
                    .any(|e| mentions(e.text(), h.name, self.dialect))
                    || (constraint.columns().contains(h.name)
                        && (constraint.as_foreign_key().is_some() || h.goes))
            });
            if touched {
                self.replace(&id);
            }
        }
    }

    fn rests_on_columns(&self, id: &ObjectId, table: &Table, hard: &[HardColumn<'_>]) -> bool {
        let any = |text: &str| {
            hard.iter()
                .any(|h| mentions_column(text, h.name, self.dialect))
        };
        let hardest = |text: &str| {
            let mut changed = hard.iter().filter(|h| !h.keeps_operators);
            changed.any(|h| mentions_column(text, h.name, self.dialect))
        };
        match self.pair.before.object(id) {
            Some(ObjectRef::View(view)) => any(view.query.text()),
            Some(ObjectRef::Rule(_, rule)) => {
                any(rule.action.text()) || rule.condition.iter().any(|e| any(e.text()))
            }
            Some(ObjectRef::Policy(_, policy)) => {
                let mut texts = policy.using.iter().chain(&policy.with_check);
                texts.any(|e| any(e.text()))
            }
            Some(ObjectRef::Trigger(_, trigger)) => {
                trigger.when.iter().any(|e| any(e.text()))
                    || hard.iter().any(|h| trigger.update_of.contains(h.name))
            }
            Some(ObjectRef::Routine(routine)) => match &routine.body {
                RoutineBody::Standard(body) => any(body.text()),
                _ => false,
            },
            Some(ObjectRef::Index(_, index)) => {
                index_texts(index).into_iter().any(|e| hardest(e.text()))
                    || hard.iter().any(|h| {
                        let keyed = |e: &IndexElement| {
                            e.column.as_ref() == Some(h.name) && (h.goes || e.opclass.is_some())
                        };
                        (!h.keeps_operators && index.elements.iter().any(keyed))
                            || (h.goes && index.include.contains(h.name))
                    })
            }
            Some(ObjectRef::Constraint(_, constraint)) => {
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

fn index_texts(index: &Index) -> Vec<&Expr> {
    let keys = index.elements.iter().filter_map(|e| e.expression.as_ref());
    keys.chain(&index.predicate).collect()
}
