//! Indexes of partitioned tables: which indexes of the partitions are parts of them.
//!
//! Source: src/backend/commands/indexcmds.c (`DefineIndex`), src/backend/commands/tablecmds.c
//! (`AttachPartitionEnsureIndexes`): the server takes an index of a partition that does the same,
//! and makes one where there is none. Those it makes are no objects here, unless the partitions'
//! indexes are named at all.

use std::collections::BTreeMap;

use super::drop_column::index_uses;
use super::fold::Fold;
use super::implicit;
use super::partition_parts::{partition_index_name, partition_key_name};
use crate::model::{Constraint, Ident, Index, ObjectId, ObjectKind, QualifiedName};
use crate::source::Target;

impl Fold {
    /// An index that was just created on a partitioned table takes the partitions' equal ones.
    pub(super) fn take_equal_indexes(&mut self, table: &QualifiedName, index: &Index) {
        if index.only || !self.parents.contains(table) {
            return;
        }
        for partition in self.partitions_of(table) {
            self.attach_equal(table, index, &partition);
        }
    }

    /// An index over a column of another type is made anew, and not of its table alone.
    pub(super) fn rebuild_indexes(&mut self, table: &QualifiedName, column: &Ident) {
        let dialect = self.dialect();
        let found = self.catalog.tables.get_mut(table);
        let parted = found.filter(|t| t.partition_by.is_some());
        for index in parted.into_iter().flat_map(|t| &mut t.indexes) {
            if index.only && index_uses(index, column, dialect) {
                index.only = false;
            }
        }
    }

    /// A table that becomes a partition brings indexes that do the same as the parent's.
    pub(super) fn bring_equal_indexes(&mut self, parent: &QualifiedName, child: &QualifiedName) {
        let found = self.catalog.tables.get(parent);
        let indexes = found.map_or_else(Vec::new, |t| t.indexes.clone());
        // Those of the parent alone, too: `AttachPartitionEnsureIndexes` takes what it finds.
        for index in &indexes {
            self.attach_equal(parent, index, child);
        }
    }

    /// What a partition gets of the keys and indexes that its parent has alone: the server makes them
    /// under names of its own, and they are none that go without saying.
    pub(super) fn bring_parts_of_parent_alone(
        &mut self,
        parent: &QualifiedName,
        child: &QualifiedName,
    ) {
        let dialect = self.dialect();
        let (Some(above), true) = (self.catalog.tables.get(parent), self.now.in_order) else {
            return;
        };
        let keys: Vec<Constraint> = above
            .constraints
            .iter()
            .filter(|c| c.only)
            .cloned()
            .collect();
        let indexes: Vec<Index> = above.indexes.iter().filter(|i| i.only).cloned().collect();
        for key in keys {
            let name = partition_key_name(child, &key);
            if let (Some(name), Some(table)) = (name, self.catalog.tables.get_mut(child))
                && !table.constraints.iter().any(|c| c.kind == key.kind)
            {
                let made = Constraint {
                    only: false,
                    comment: None,
                    index_comment: None,
                    ..key
                };
                table.constraints.push(Constraint { name, ..made });
            }
        }
        for index in indexes {
            let of = parent.sibling(index.name.clone());
            let made = Index {
                name: partition_index_name(child, &index, dialect),
                parent: Some(of.clone()),
                only: false,
                comment: None,
                statistics: BTreeMap::new(),
                ..index
            };
            let Some(table) = self.catalog.tables.get_mut(child) else {
                continue;
            };
            let attached = table.indexes.iter().any(|i| i.parent.as_ref() == Some(&of));
            if !attached && table.index(&made.name).is_none() {
                let full = child.sibling(made.name.clone());
                table.indexes.push(made);
                self.relations.insert(full.clone(), ObjectKind::Index);
                self.index_owner.insert(full, child.clone());
            }
        }
    }

    /// Whether a key is added to a partitioned table alone, beside partitions that are there by then: what
    /// other files declare may as well come later.
    pub(super) fn is_only(&self, table: &QualifiedName, constraint: &Constraint) -> bool {
        if constraint.only || !self.now.only || !constraint.has_index() {
            return constraint.only && constraint.has_index();
        }
        let here = self.now.span.file;
        let comes_before = |partition: &QualifiedName| {
            let place = self.map.of(&ObjectId::table(partition));
            self.now.in_order || place.is_some_and(|span| span.file == here)
        };
        self.partitions_of(table).iter().any(comes_before)
    }

    pub(super) fn partitions_of(&self, parent: &QualifiedName) -> Vec<QualifiedName> {
        let tables = self.catalog.tables.values();
        tables
            .filter(|t| t.partition_of.as_ref().is_some_and(|p| p.parent == *parent))
            .map(|t| t.name.clone())
            .collect()
    }

    /// Attaches the first index of the partition that does the same. Only what stands in order:
    /// between files, what comes first is not said.
    fn attach_equal(&mut self, parent: &QualifiedName, index: &Index, child: &QualifiedName) {
        let (in_order, here) = (self.now.in_order, self.now.span.file);
        let map = &self.map;
        let Some(table) = self.catalog.tables.get_mut(child) else {
            return;
        };
        let comes_before = |found: &Index| {
            let id = ObjectId::index(&child.sibling(found.name.clone()));
            in_order || map.of(&id).is_some_and(|span| span.file == here)
        };
        let free = table.indexes.iter_mut().find(|found| {
            found.parent.is_none() && found.does_the_same(index) && comes_before(found)
        });
        if let Some(found) = free {
            found.parent = Some(parent.sibling(index.name.clone()));
        }
    }

    /// `ON ONLY` says nothing where there are no partitions (indexcmds.c, `DefineIndex`), and nothing any
    /// more once every partition has an index attached. Where some
    /// partitions' indexes are named, the server has made the others.
    pub(super) fn complete_partitioned_indexes(&mut self) {
        let attached_keys = std::mem::take(&mut self.attached_keys);
        let mut attached = attached_keys.clone();
        let mut partitions: BTreeMap<QualifiedName, usize> = BTreeMap::new();
        for table in self.catalog.tables.values() {
            for parent in table.indexes.iter().filter_map(|i| i.parent.clone()) {
                *attached.entry(parent).or_default() += 1;
            }
            if let Some(partition) = &table.partition_of {
                *partitions.entry(partition.parent.clone()).or_default() += 1;
            }
        }
        let mut incomplete: Vec<(QualifiedName, Index)> = Vec::new();
        for table in self.catalog.tables.values_mut() {
            let count = partitions.get(&table.name).copied().unwrap_or(0);
            for key in table.constraints.iter_mut().filter(|c| c.only) {
                let name = table.name.sibling(key.name.clone());
                key.only = count > 0 && attached.get(&name) != Some(&count);
            }
            for index in &mut table.indexes {
                let name = table.name.sibling(index.name.clone());
                if index.only {
                    index.only = count > 0 && attached.get(&name) != Some(&count);
                } else if attached.get(&name).is_some_and(|n| *n < count)
                    && !attached_keys.contains_key(&name)
                {
                    incomplete.push((table.name.clone(), index.clone()));
                }
            }
        }
        for (table, index) in incomplete {
            self.make_missing(&table, &index);
        }
    }

    /// An index that the server made for a partition, by the name that it gave it: named by a statement,
    /// it is an object like others.
    pub(super) fn locate_given_index(&mut self, target: &Target) -> Option<ObjectId> {
        if target.kind != ObjectKind::Index || !self.now.in_order {
            return None;
        }
        let full = self.relation_name(&target.name);
        let (above, index, partitions) = self.given_index(&full)?;
        // Where partitions have partitions, the indexes between are named with it.
        let mut parent = above.sibling(index.name.clone());
        for partition in partitions {
            let table = self.catalog.tables.get_mut(&partition)?;
            let mut own = table.indexes.iter();
            if let Some(named) = own.find(|i| i.parent.as_ref() == Some(&parent)) {
                parent = partition.sibling(named.name.clone());
                continue;
            }
            let name = partition_index_name(&partition, &index, self.version.dialect);
            let made = partition.sibling(name.clone());
            table.indexes.push(Index {
                name,
                parent: Some(parent),
                comment: None,
                ..index.clone()
            });
            self.relations.insert(made.clone(), ObjectKind::Index);
            self.index_owner.insert(made.clone(), partition);
            parent = made;
        }
        (parent == full).then(|| ObjectId::index(&full))
    }

    /// The index of a partitioned table for which the server made one of this name, its table, and the
    /// partitions on the way to the one that has it.
    pub(super) fn given_index(
        &self,
        full: &QualifiedName,
    ) -> Option<(QualifiedName, Index, Vec<QualifiedName>)> {
        let dialect = self.dialect();
        let tables = &self.catalog.tables;
        for table in tables.values().filter(|t| t.name.schema == full.schema) {
            let mut way = vec![table.name.clone()];
            let mut of = table.partition_of.as_ref();
            while let Some(above) = of.and_then(|of| tables.get(&of.parent)) {
                let named = |index: &Index| {
                    let mut own = table.indexes.iter();
                    own.any(|i| i.parent.is_some() && i.does_the_same(index))
                };
                let found = above.indexes.iter().find(|index| {
                    let made = partition_index_name(&table.name, index, dialect);
                    !index.only && made == full.name && !named(index)
                });
                if let Some(found) = found {
                    way.reverse();
                    return Some((above.name.clone(), found.clone(), way));
                }
                if way.contains(&above.name) {
                    break;
                }
                way.push(above.name.clone());
                of = above.partition_of.as_ref();
            }
        }
        None
    }

    /// Makes the indexes that the server made for the partitions without one of their own.
    fn make_missing(&mut self, parent: &QualifiedName, index: &Index) {
        let parent_index = parent.sibling(index.name.clone());
        for partition in self.partitions_of(parent) {
            let Some(table) = self.catalog.tables.get(&partition) else {
                continue;
            };
            let attached = |i: &Index| i.parent.as_ref() == Some(&parent_index);
            if table.indexes.iter().any(attached) {
                continue;
            }
            let mut made = Index {
                name: Ident::default(),
                parent: Some(parent_index.clone()),
                comment: None,
                ..index.clone()
            };
            made.name = Ident::from(implicit::index_name(self, &partition, &made));
            let full = partition.sibling(made.name.clone());
            self.relations.insert(full.clone(), ObjectKind::Index);
            self.index_owner.insert(full, partition.clone());
            if let Some(table) = self.catalog.tables.get_mut(&partition) {
                table.indexes.push(made.clone());
            }
        }
    }
}
