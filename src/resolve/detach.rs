//! DETACH PARTITION: what the partition had from its parent is its own from then on.
//!
//! Source: `DetachPartitionFinalize` in `src/backend/commands/tablecmds.c`.

use super::fold::Fold;
use super::implicit;
use crate::model::{Constraint, Ident, Index, ObjectKind, QualifiedName};

impl Fold {
    pub(super) fn detach_partition(&mut self, parent: &QualifiedName, child: &QualifiedName) {
        let Some(table) = self.catalog.tables.get(parent) else {
            return;
        };
        let (constraints, indexes) = (table.constraints.clone(), table.indexes.clone());
        let Some(partition) = self.catalog.tables.get_mut(child) else {
            return;
        };
        partition.partition_of = None;
        for column in &mut partition.columns {
            column.inherited = false;
        }
        let has = |c: &Constraint| {
            let mut own = partition.constraints.iter();
            own.any(|o| o.name == c.name || (o.kind == c.kind && c.has_index()))
        };
        let missing: Vec<Constraint> = constraints.into_iter().filter(|c| !has(c)).collect();
        let attached = |i: &Index| {
            let of = parent.sibling(i.name.clone());
            partition
                .indexes
                .iter()
                .any(|o| o.parent.as_ref() == Some(&of))
        };
        let unnamed: Vec<Index> = indexes.into_iter().filter(|i| !attached(i)).collect();
        for index in &mut partition.indexes {
            index.parent = None;
        }
        for mut constraint in missing {
            // Its index has a name that the server made when the partition came.
            if constraint.has_index() {
                constraint.name = Ident::default();
            }
            constraint.comment = None;
            constraint.index_comment = None;
            self.add_constraint(child, constraint);
        }
        for index in unnamed {
            self.add_detached_index(child, index);
        }
    }

    fn add_detached_index(&mut self, child: &QualifiedName, mut index: Index) {
        index.name = Ident::default();
        index.name = Ident::from(implicit::index_name(self, child, &index));
        index.parent = None;
        index.only = false;
        index.comment = None;
        let full = child.sibling(index.name.clone());
        self.relations.insert(full.clone(), ObjectKind::Index);
        self.index_owner.insert(full, child.clone());
        if let Some(table) = self.catalog.tables.get_mut(child) {
            table.indexes.push(index);
        }
    }
}
