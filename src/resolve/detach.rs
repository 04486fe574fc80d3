//! DETACH PARTITION: what the partition had from its parent is its own from then on.
//!
//! Source: `DetachPartitionFinalize` in `src/backend/commands/tablecmds.c`.

use super::fold::Fold;
use super::implicit;
use crate::expr::{key_of, partition_condition};
use crate::model::{
    Constraint, ConstraintKind, Expr, Ident, Index, ObjectKind, QualifiedName, Table,
};

impl Fold {
    pub(super) fn detach_partition(
        &mut self,
        parent: &QualifiedName,
        child: &QualifiedName,
        concurrently: bool,
    ) {
        let Some(table) = self.catalog.tables.get(parent) else {
            return;
        };
        let (constraints, indexes) = (table.constraints.clone(), table.indexes.clone());
        let bound = self.bound_of(child, table).filter(|_| concurrently);
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
        if let Some(expression) = bound {
            self.keep_bound(child, expression);
        }
    }

    fn bound_of(&self, child: &QualifiedName, parent: &Table) -> Option<Expr> {
        let condition = |child: &QualifiedName, parent: &Table| {
            let of = self.catalog.tables.get(child)?.partition_of.as_ref()?;
            partition_condition(parent.partition_by.as_ref()?, &of.bound, self.dialect())
        };
        // A partition of a partition says what all of them say, the outermost first.
        let mut texts = vec![condition(child, parent)?];
        let mut at = parent;
        while let Some(of) = &at.partition_of {
            let above = self.catalog.tables.get(&of.parent)?;
            texts.insert(0, condition(&at.name, above)?);
            at = above;
        }
        let text = texts.join(" AND ");
        Some(crate::expr::expression(&text, self.dialect()))
    }

    /// What is detached concurrently keeps its bound as a check, unless it has that already.
    fn keep_bound(&mut self, child: &QualifiedName, expression: Expr) {
        let found = self.catalog.tables.get(child);
        let says_so = |c: &Constraint| {
            let own = c.as_check().map(|e| key_of(e.text(), self.dialect()));
            own.is_some_and(|own| own == key_of(expression.text(), self.dialect()))
        };
        if found.is_some_and(|t| t.constraints.iter().any(says_so)) {
            return;
        }
        let check = Constraint::new("", ConstraintKind::Check { expression });
        self.add_constraint(child, check);
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
