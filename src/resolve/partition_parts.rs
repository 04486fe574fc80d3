//! What a partition has because its parent has it: the indexes of the parent's keys and indexes, and
//! its foreign keys. Under the names that the server makes they are no objects of their own, so that a
//! dump, which lists them all, is the schema that an author writes.
//!
//! Source: src/backend/commands/indexcmds.c (`DefineIndex`), src/backend/commands/tablecmds.c
//! (`AttachPartitionEnsureIndexes`, `tryAttachPartitionForeignKey`).

use std::collections::{BTreeMap, BTreeSet};

use super::fold::Fold;
use super::implicit;
use crate::dialect::{Dialect, constraint_name};
use crate::model::{
    Constraint, ConstraintKind, ForeignKey, Ident, Index, QualifiedName, ReplicaIdentity, Table,
};

/// The name that the server gives to the index of a partition, where nothing else has it.
pub(crate) fn partition_index_name(
    partition: &QualifiedName,
    index: &Index,
    dialect: Dialect,
) -> Ident {
    let names = implicit::key_names(index, dialect);
    let columns: Vec<&str> = names.iter().map(String::as_str).collect();
    Ident::from(constraint_name(&partition.name, &columns, "idx", |_| false))
}

/// The same for a key; `None` where it is none.
pub(crate) fn partition_key_name(partition: &QualifiedName, key: &Constraint) -> Option<Ident> {
    let (columns, label): (Vec<&str>, &str) = match &key.kind {
        ConstraintKind::PrimaryKey { .. } => (Vec::new(), "pkey"),
        ConstraintKind::Unique {
            columns, include, ..
        } => (
            columns.iter().chain(include).map(Ident::as_str).collect(),
            "key",
        ),
        _ => return None,
    };
    let name = constraint_name(&partition.name, &columns, label, |_| false);
    Some(Ident::from(name))
}

impl Fold {
    /// Takes out what the server makes again by itself.
    pub(super) fn forget_parts_of_partitions(&mut self) {
        let partitions = self.catalog.tables.values();
        if !partitions.clone().any(|t| t.partition_of.is_some()) {
            return;
        }
        // A partitioned partition's index goes when those that are attached to it are gone.
        while self.forget_attached_indexes() {}
        let targets: BTreeSet<(QualifiedName, Vec<Ident>)> = self
            .catalog
            .tables
            .values()
            .flat_map(Table::foreign_keys)
            .map(|(_, fk)| (fk.target.clone(), fk.target_columns.clone()))
            .collect();
        let mut gone: Vec<(QualifiedName, Ident)> = Vec::new();
        for table in self.catalog.tables.values() {
            for key in table.constraints.iter().filter(|c| c.has_index()) {
                // Foreign keys that refer to it by name of the partition have nothing else to refer to.
                let target = (table.name.clone(), key.columns().to_vec());
                let speaks = is_marked(table, &key.name) || targets.contains(&target);
                if !speaks && self.is_of_an_ancestor(table, key) {
                    gone.push((table.name.clone(), key.name.clone()));
                }
            }
        }
        for (table, name) in gone {
            if let Some(table) = self.catalog.tables.get_mut(&table) {
                table.constraints.retain(|c| c.name != name);
            }
        }
    }

    fn is_of_an_ancestor(&self, table: &Table, key: &Constraint) -> bool {
        let made = partition_key_name(&table.name, key).is_some_and(|name| name == key.name);
        if !made || key.comment.is_some() || key.index_comment.is_some() {
            return false;
        }
        let same = |c: &Constraint| !c.only && c.kind == key.kind && c.deferral == key.deferral;
        let mut above = self.catalog.partition_lineage(&table.name).skip(1);
        above.any(|ancestor| ancestor.constraints.iter().any(same))
    }

    /// One level of attached indexes; whether there were any to take out.
    fn forget_attached_indexes(&mut self) -> bool {
        let dialect = self.dialect();
        let mut indexes: BTreeMap<QualifiedName, &Index> = BTreeMap::new();
        let mut attached: BTreeMap<QualifiedName, Vec<(&Table, &Index)>> = BTreeMap::new();
        for table in self.catalog.tables.values() {
            for index in &table.indexes {
                indexes.insert(table.name.sibling(index.name.clone()), index);
                if let Some(parent) = &index.parent {
                    attached
                        .entry(parent.clone())
                        .or_default()
                        .push((table, index));
                }
            }
        }
        let is_made = |parent: &Index, table: &Table, index: &Index| {
            let full = table.name.sibling(index.name.clone());
            let as_made = Index {
                name: index.name.clone(),
                parent: index.parent.clone(),
                only: false,
                comment: None,
                statistics: BTreeMap::new(),
                ..parent.clone()
            };
            *index == as_made
                && index.name == partition_index_name(&table.name, index, dialect)
                && !is_marked(table, &index.name)
                && !attached.contains_key(&full)
        };
        let mut gone: Vec<(QualifiedName, Ident)> = Vec::new();
        for (name, parts) in &attached {
            let Some(parent) = indexes.get(name).filter(|i| !i.only) else {
                continue;
            };
            if parts
                .iter()
                .all(|(table, index)| is_made(parent, table, index))
            {
                let parts = parts.iter();
                gone.extend(parts.map(|(t, i)| (t.name.clone(), i.name.clone())));
            }
        }
        for (table, name) in &gone {
            if let Some(table) = self.catalog.tables.get_mut(table) {
                table.indexes.retain(|i| i.name != *name);
            }
        }
        !gone.is_empty()
    }

    /// The foreign keys that a partition has already become its parent's, where they are the same.
    pub(super) fn take_equal_foreign_keys(
        &mut self,
        parent: &QualifiedName,
        child: &QualifiedName,
    ) {
        let Some(table) = self.catalog.tables.get(parent) else {
            return;
        };
        let keys: Vec<Constraint> = table.foreign_keys().map(|(c, _)| c.clone()).collect();
        let partition = self.catalog.tables.get_mut(child);
        let Some(partition) = partition.filter(|t| t.partition_of.is_some()) else {
            return;
        };
        for key in keys {
            let same = |c: &Constraint| {
                let pair = c.as_foreign_key().zip(key.as_foreign_key());
                !c.not_valid && c.deferral == key.deferral && pair.is_some_and(is_same_key)
            };
            if let Some(at) = partition.constraints.iter().position(same) {
                partition.constraints.remove(at);
            }
        }
    }
}

/// Target columns may still be left to the target's primary key.
fn is_same_key((one, other): (&ForeignKey, &ForeignKey)) -> bool {
    let bare = |fk: &ForeignKey| ForeignKey {
        target_columns: Vec::new(),
        ..fk.clone()
    };
    let left = one.target_columns.is_empty() || other.target_columns.is_empty();
    bare(one) == bare(other) && (left || one.target_columns == other.target_columns)
}

/// Whether the table speaks of the index by its name.
fn is_marked(table: &Table, index: &Ident) -> bool {
    table.cluster_on.as_ref() == Some(index)
        || matches!(&table.replica_identity, ReplicaIdentity::Index(name) if name == index)
}
