//! Types that are replaced while columns have them.
//!
//! Invariants: the old one keeps its values under another name until every column has the new one, and so
//! does whatever type is made of it; they go in the end, each before what it is made of.
//!
//! Source: `ATExecAlterColumnType` in `src/backend/commands/tablecmds.c`, which wants both types.

use std::collections::BTreeSet;

use super::closure::Closing;
use super::fate::Fate;
use crate::model::{DataType, ObjectId, ObjectKind, QualifiedName, Table};

impl Closing<'_, '_> {
    /// A type that columns have cannot be dropped beneath them: it gets another name until they
    /// have the new one.
    pub(super) fn swap(&mut self, id: &ObjectId) {
        if id.kind == ObjectKind::Collation {
            return self.recollate(id);
        }
        if !id.kind.is_type() || self.fate(id) != Some(Fate::Replace) {
            return;
        }
        let made_of_it = self.made_of(&id.name);
        let used = |table: &Table| {
            let stays = !matches!(
                self.fate(&ObjectId::table(&table.name)),
                Some(Fate::Drop | Fate::Replace)
            );
            let mut columns = table.columns.iter();
            stays && columns.any(|c| made_of_it.contains(&c.data_type.name))
        };
        if !self.pair.before.catalog.tables.values().any(used) {
            return;
        }
        let old = meanwhile(&id.name);
        self.closure.swapped.insert(id.name.clone(), old);
        self.alter_dependents(id);
    }

    /// A collation that columns have, likewise.
    fn recollate(&mut self, id: &ObjectId) {
        let uses = |table: &Table| {
            let mut columns = table.columns.iter();
            columns.any(|c| c.collation.as_ref() == Some(&id.name))
        };
        let mut tables = self.pair.before.catalog.tables.values();
        if self.fate(id) != Some(Fate::Replace) || !tables.any(uses) {
            return;
        }
        let old = meanwhile(&id.name);
        self.closure.recollated.insert(id.name.clone(), old);
        self.alter_dependents(id);
    }

    /// The tables whose columns change with what they have.
    fn alter_dependents(&mut self, id: &ObjectId) {
        let tables: Vec<ObjectId> = self
            .pair
            .before
            .dependents(id)
            .iter()
            .filter(|d| d.kind == ObjectKind::Table)
            .cloned()
            .collect();
        for table in tables {
            if self.fate(&table).is_none() {
                self.closure.fates.insert(table.clone(), Fate::Alter);
            }
            self.wait(table);
        }
    }

    /// A type, and the types that are made of it: they keep it as long as columns have them.
    fn made_of(&self, name: &QualifiedName) -> BTreeSet<QualifiedName> {
        let catalog = self.pair.before.catalog;
        let mut all = BTreeSet::from([name.clone()]);
        loop {
            let of = |t: &DataType| all.contains(&t.name);
            let domains = catalog.domains.values().filter(|d| of(&d.base));
            let domains = domains.map(|d| &d.name);
            let composites = catalog.composites.values();
            let composites = composites.filter(|c| c.attributes.iter().any(|(_, t, _)| of(t)));
            let ranges = catalog.ranges.values().filter(|r| of(&r.subtype));
            let more = domains.chain(composites.map(|c| &c.name));
            let more: Vec<QualifiedName> = more
                .chain(ranges.map(|r| &r.name))
                .filter(|name| !all.contains(*name))
                .cloned()
                .collect();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }
}

/// The name that it has meanwhile.
fn meanwhile(name: &QualifiedName) -> QualifiedName {
    let short: String = name.name.chars().take(50).collect();
    name.sibling(format!("{short}_before"))
}
