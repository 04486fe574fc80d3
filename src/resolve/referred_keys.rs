//! Which key a foreign key rests on, where several have its columns.
//!
//! Source: `transformFkeyCheckAttrs` in src/backend/commands/tablecmds.c: the first unique index, by the order in
//! which they were made. That order is known of what a migration makes, and not of what was there before it.

use std::collections::HashMap;

use super::fold::Fold;
use crate::model::{Constraint, Deferral, Ident, ObjectId, QualifiedName, Table};

/// When keys, unique indexes and foreign keys were made; nothing is known of the order once one of them, or
/// its table, got another name.
#[derive(Default)]
pub(super) struct Made {
    count: usize,
    at: HashMap<(QualifiedName, Ident), usize>,
    renamed: bool,
}

impl Made {
    pub(super) fn renamed(&mut self) {
        self.renamed = true;
    }

    fn note(&mut self, table: &QualifiedName, name: &Ident) {
        self.count += 1;
        self.at.insert((table.clone(), name.clone()), self.count);
    }

    /// Zero for what was there before.
    fn when(&self, table: &QualifiedName, name: &Ident) -> usize {
        let key = (table.clone(), name.clone());
        self.at.get(&key).copied().unwrap_or(0)
    }

    /// Whether a foreign key rests on `key` of all that have its columns, as far as that is known.
    fn rests(
        &self,
        (table, key): (&QualifiedName, &Ident),
        (from, constraint): (&QualifiedName, &Ident),
        keys: &[&Ident],
    ) -> bool {
        if let [only] = keys {
            return *only == key;
        }
        if self.renamed {
            return false;
        }
        let when = self.when(from, constraint);
        let made = |name: &Ident| self.when(table, name);
        let before = keys.iter().filter(|k| made(k) <= when);
        let first = before.clone().map(|k| made(k)).min();
        made(key) <= when
            && Some(made(key)) == first
            && before.filter(|k| made(k) == made(key)).count() == 1
    }
}

impl Fold {
    /// Takes down that a key, a unique index or a foreign key is made.
    pub(super) fn note_made(&mut self, table: &QualifiedName, name: &Ident) {
        if self.now.in_order {
            self.made.note(table, name);
        }
    }

    /// What is made of an index is as old as that.
    pub(super) fn note_made_of(
        &mut self,
        table: &QualifiedName,
        constraint: &Ident,
        index: &Ident,
    ) {
        let at = self.made.when(table, index);
        self.made.at.insert((table.clone(), constraint.clone()), at);
    }

    /// The foreign keys that rest on a key, or an index.
    pub(super) fn foreign_keys_on(&mut self, table: &QualifiedName, key: &Ident) -> Vec<ObjectId> {
        let Some(found) = self.catalog.tables.get(table) else {
            return Vec::new();
        };
        let keys = keys_of(found);
        let Some((_, columns)) = keys.iter().find(|(name, _)| **name == *key) else {
            return Vec::new();
        };
        let columns = columns.clone();
        let same = keys.iter().filter(|(_, other)| *other == columns);
        let same: Vec<Ident> = same.map(|(name, _)| (*name).clone()).collect();
        let same: Vec<&Ident> = same.iter().collect();
        let mut found = Vec::new();
        for name in self.tables_near(table) {
            let Some(other) = self.catalog.tables.get(&name) else {
                continue;
            };
            for (constraint, fk) in other.foreign_keys() {
                if fk.target == *table
                    && sorted(fk.target_columns.iter()) == columns
                    && self
                        .made
                        .rests((table, key), (&name, &constraint.name), &same)
                {
                    found.push(ObjectId::constraint(&name, &constraint.name));
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

/// What foreign keys can rest on, each with its columns in the order of their names.
fn keys_of(table: &Table) -> Vec<(&Ident, Vec<Ident>)> {
    let at_once = |c: &&Constraint| c.has_index() && c.deferral == Deferral::NotDeferrable;
    let constraints = table.constraints.iter().filter(at_once);
    let of_constraints = constraints.map(|c| (&c.name, sorted(c.columns().iter())));
    let indexes = { table.indexes.iter() }.filter(|i| i.unique && i.predicate.is_none());
    let of_indexes =
        indexes.filter_map(|i| Some((&i.name, sorted(i.plain_columns()?.into_iter()))));
    of_constraints.chain(of_indexes).collect()
}

fn sorted<'c>(columns: impl Iterator<Item = &'c Ident>) -> Vec<Ident> {
    let mut columns: Vec<Ident> = columns.cloned().collect();
    columns.sort();
    columns
}
