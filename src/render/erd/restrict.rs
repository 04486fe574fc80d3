//! A schema of some of its tables: what documents of a choice are made of.
//!
//! Invariant: what a chosen table cannot be understood without stays (its partitions, the types of
//! its columns, what its triggers and policies call), and so does what reads it; what else it refers
//! to is named, and no part of the documents.

use std::collections::BTreeSet;

use super::Selection;
use crate::graph::Graph;
use crate::model::{Catalog, DataType, ObjectKind, QualifiedName, Table};

impl Selection {
    /// The schema without the tables that are not chosen, and without what is only theirs.
    pub fn restrict(&self, catalog: &Catalog, graph: &Graph) -> Catalog {
        let mut tables: BTreeSet<QualifiedName> = self.tables.clone();
        let partitions = catalog.tables.values();
        let partitions = partitions.filter(|table| self.has_root_of(catalog, table));
        tables.extend(partitions.map(|table| table.name.clone()));
        let mut kept = tables.clone();
        for name in &tables {
            if let Some(table) = catalog.tables.get(name) {
                let indexes = table.indexes.iter();
                kept.extend(indexes.map(|index| name.sibling(index.name.clone())));
                for column in &table.columns {
                    types_of(catalog, &column.data_type, &mut kept);
                }
            }
        }
        for (from, to) in graph.edges() {
            let code = |kind| {
                matches!(
                    kind,
                    ObjectKind::View
                        | ObjectKind::MaterializedView
                        | ObjectKind::Function
                        | ObjectKind::Procedure
                )
            };
            if tables.contains(&to.name) && code(from.kind) {
                kept.insert(from.name.clone());
            }
            if tables.contains(&from.name) && code(to.kind) {
                kept.insert(to.name.clone());
            }
        }
        let mut restricted = catalog.clone();
        restricted.retain(|name| kept.contains(name));
        restricted.extensions.clear();
        restricted
    }

    /// Whether a table is a partition of a chosen one, at whatever remove.
    fn has_root_of(&self, catalog: &Catalog, table: &Table) -> bool {
        let mut table = table;
        // Nothing is its own partition, but a broken catalog must not hold us up.
        for _ in 0..catalog.tables.len() {
            let Some(of) = &table.partition_of else {
                return false;
            };
            if self.tables.contains(&of.parent) {
                return true;
            }
            match catalog.tables.get(&of.parent) {
                Some(parent) => table = parent,
                None => return false,
            }
        }
        false
    }
}

/// A type and those that it is made of.
fn types_of(catalog: &Catalog, of: &DataType, kept: &mut BTreeSet<QualifiedName>) {
    let mut waiting = vec![of];
    while let Some(of) = waiting.pop() {
        let name = &of.name;
        let declared = catalog.enums.contains_key(name)
            || catalog.domains.contains_key(name)
            || catalog.composites.contains_key(name)
            || catalog.ranges.contains_key(name);
        if !declared || !kept.insert(name.clone()) {
            continue;
        }
        waiting.extend(catalog.domains.get(name).map(|domain| &domain.base));
        waiting.extend(catalog.ranges.get(name).map(|range| &range.subtype));
        if let Some(composite) = catalog.composites.get(name) {
            waiting.extend(composite.attributes.iter().map(|(_, of, _)| of));
        }
    }
}
