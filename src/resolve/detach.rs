//! DETACH PARTITION and NO INHERIT: what a table had from its parent is its own from then on.
//!
//! Source: `DetachPartitionFinalize` and `RemoveInheritance` in `src/backend/commands/tablecmds.c`.

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
        let bound = self.bound_of(child, table).filter(|_| concurrently);
        let (constraints, indexes) = self.of_all_above(table);
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
        let attached = |of: &QualifiedName| {
            let mut own = partition.indexes.iter();
            own.any(|o| o.parent.as_ref() == Some(of))
        };
        let unnamed = indexes.into_iter().filter(|(name, _)| !attached(name));
        let unnamed: Vec<Index> = unnamed.map(|(_, index)| index).collect();
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

    /// The constraints and indexes of a table and of those whose partition it is, the nearest first: what
    /// the server makes for it of theirs is no object of its own.
    fn of_all_above(&self, table: &Table) -> (Vec<Constraint>, Vec<(QualifiedName, Index)>) {
        let mut constraints: Vec<Constraint> = Vec::new();
        let mut indexes: Vec<(QualifiedName, Index)> = Vec::new();
        for table in self.catalog.lineage(&table.name) {
            for constraint in table.constraints.iter().filter(|c| !c.only) {
                let has = |c: &Constraint| {
                    c.name == constraint.name || (c.kind == constraint.kind && c.has_index())
                };
                if !constraints.iter().any(has) {
                    constraints.push(constraint.clone());
                }
            }
            for index in table.indexes.iter().filter(|i| !i.only) {
                let name = table.name.sibling(index.name.clone());
                let part = |(_, i): &(QualifiedName, Index)| i.parent.as_ref() == Some(&name);
                if !indexes.iter().any(part) {
                    indexes.push((name, index.clone()));
                }
            }
        }
        (constraints, indexes)
    }

    /// What no other parent has becomes the table's own: its columns, and its checks.
    pub(super) fn no_inherit(&mut self, name: &QualifiedName, parent: &QualifiedName) {
        let parent = self.relation_name(parent);
        let held: Vec<Constraint> = self.catalog.inherited_checks(name).cloned().collect();
        let Some(child) = self.catalog.tables.get_mut(name) else {
            return;
        };
        child.inherits.retain(|p| *p != parent);
        let others = child.inherits.clone();
        let tables = &self.catalog.tables;
        let others = others.iter().filter_map(|p| tables.get(p));
        let kept: Vec<Ident> = others
            .flat_map(|t| t.columns.iter().map(|c| c.name.clone()))
            .collect();
        let still: Vec<Ident> = self
            .catalog
            .inherited_checks(name)
            .map(|c| c.name.clone())
            .collect();
        let lost = held.into_iter().filter(|c| !still.contains(&c.name));
        let holding = &self.catalog.holding;
        let lost: Vec<Constraint> = lost
            .map(|mut check| {
                check.not_valid &= !holding.contains(&(name.clone(), check.name.clone()));
                check.comment = None;
                check
            })
            .collect();
        let Some(child) = self.catalog.tables.get_mut(name) else {
            return;
        };
        for column in &mut child.columns {
            column.inherited &= kept.contains(&column.name);
        }
        for check in lost {
            if child.constraint(&check.name).is_none() {
                child.constraints.push(check);
            }
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
