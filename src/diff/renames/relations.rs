//! Tables and views after the renames, with their parts.

use std::collections::HashMap;

use super::spelling::{Columns, Spelling, rename};
use crate::model::{
    Acl, Constraint, ConstraintKind, Ident, Index, ObjectId, ObjectKind, Policy, QualifiedName,
    ReplicaIdentity, Rule, Table, Trigger, View,
};

/// The renamed columns by table.
pub(super) type ColumnsOf = HashMap<QualifiedName, Columns>;

impl Spelling<'_> {
    /// The table under its new name; `all` holds the renamed columns under old names of tables.
    pub(super) fn table(&self, table: &mut Table, all: &ColumnsOf) {
        let (old, none) = (table.name.clone(), Columns::new());
        let columns = all.get(&old).unwrap_or(&none);
        self.name(&mut table.name);
        table.inherits.iter_mut().for_each(|n| self.name(n));
        table.of_type.iter_mut().for_each(|n| self.name(n));
        if let Some(partition) = &mut table.partition_of {
            self.name(&mut partition.parent);
        }
        if let Some(partition_by) = &mut table.partition_by {
            let keys = partition_by.keys.iter_mut();
            keys.for_each(|key| self.element(key, columns));
        }
        self.columns(table, &old, columns);
        for constraint in &mut table.constraints {
            self.member(&mut constraint.name, ObjectKind::Constraint, &old);
            self.constraint(constraint, columns, all);
        }
        let in_index = |name: &Ident| {
            let id = ObjectId::constraint(&old, name);
            match self.renames.new_member(&id) {
                Some(new) => new.clone(),
                None => self.index_name(&old, name),
            }
        };
        if let ReplicaIdentity::Index(name) = &mut table.replica_identity {
            *name = in_index(name);
        }
        if let Some(name) = &mut table.cluster_on {
            *name = in_index(name);
        }
        self.indexes(&mut table.indexes, &old, columns);
        self.triggers(&mut table.triggers, &old, columns);
        self.rules(&mut table.rules, &old, columns);
        for policy in &mut table.policies {
            self.policy(policy, &old, columns);
        }
        table.constraints.sort_by(|a, b| {
            (a.rank(), &a.name, a.columns()).cmp(&(b.rank(), &b.name, b.columns()))
        });
        table.policies.sort_by(|a, b| a.name.cmp(&b.name));
        acl(&mut table.facets.acl, columns);
    }

    fn columns(&self, table: &mut Table, old: &QualifiedName, columns: &Columns) {
        for column in &mut table.columns {
            let former = column.name.clone();
            rename(&mut column.name, columns);
            self.data_type(&mut column.data_type);
            column.collation.iter_mut().for_each(|n| self.name(n));
            column
                .default
                .iter_mut()
                .for_each(|e| self.expression(e, columns));
            if let Some(generated) = &mut column.generated {
                self.expression(&mut generated.expression, columns);
            }
            // The sequence of an identity column keeps its name, which is no longer the implicit one.
            if let Some(identity) = &mut column.identity {
                let made = crate::dialect::sequence_name;
                let mut sequence = identity
                    .sequence
                    .take()
                    .unwrap_or_else(|| made(old, &former));
                self.name(&mut sequence);
                // It moves into a new schema with its table.
                sequence.schema.clone_from(&table.name.schema);
                let implicit = made(&table.name, &column.name);
                identity.sequence = (sequence != implicit).then_some(sequence);
            }
        }
    }

    fn constraint(&self, constraint: &mut Constraint, columns: &Columns, all: &ColumnsOf) {
        let each = |list: &mut Vec<Ident>| list.iter_mut().for_each(|c| rename(c, columns));
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey {
                columns, include, ..
            }
            | ConstraintKind::Unique {
                columns, include, ..
            } => {
                each(columns);
                each(include);
            }
            ConstraintKind::ForeignKey(fk) => {
                each(&mut fk.columns);
                each(&mut fk.on_delete_columns);
                if let Some(columns) = all.get(&fk.target) {
                    fk.target_columns
                        .iter_mut()
                        .for_each(|c| rename(c, columns));
                }
                self.name(&mut fk.target);
            }
            ConstraintKind::Check { expression } => self.expression(expression, columns),
            ConstraintKind::Exclusion {
                elements,
                include,
                predicate,
                ..
            } => {
                each(include);
                predicate
                    .iter_mut()
                    .for_each(|e| self.expression(e, columns));
                for element in elements {
                    self.element(&mut element.element, columns);
                }
            }
        }
    }

    fn member(&self, name: &mut Ident, kind: ObjectKind, of: &QualifiedName) {
        let id = ObjectId::member(kind, of.clone(), name.clone());
        if let Some(new) = self.renames.new_member(&id) {
            *name = new.clone();
        }
    }

    fn index_name(&self, relation: &QualifiedName, name: &Ident) -> Ident {
        let old = relation.sibling(name.clone());
        self.renames.new_name(ObjectKind::Index, &old).name
    }

    fn indexes(&self, indexes: &mut [Index], relation: &QualifiedName, columns: &Columns) {
        for index in &mut *indexes {
            index.name = self.index_name(relation, &index.name);
            let elements = index.elements.iter_mut();
            elements.for_each(|e| self.element(e, columns));
            index.include.iter_mut().for_each(|c| rename(c, columns));
            index
                .predicate
                .iter_mut()
                .for_each(|e| self.expression(e, columns));
            if let Some(parent) = &mut index.parent {
                *parent = self.renames.new_name(ObjectKind::Index, parent);
            }
        }
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn triggers(&self, triggers: &mut [Trigger], relation: &QualifiedName, columns: &Columns) {
        for trigger in &mut *triggers {
            self.member(&mut trigger.name, ObjectKind::Trigger, relation);
            trigger
                .update_of
                .iter_mut()
                .for_each(|c| rename(c, columns));
            trigger.from.iter_mut().for_each(|n| self.name(n));
            trigger
                .when
                .iter_mut()
                .for_each(|e| self.expression(e, columns));
            trigger
                .body
                .iter_mut()
                .for_each(|e| self.expression(e, columns));
            self.routine(&mut trigger.function);
        }
        triggers.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn rules(&self, rules: &mut [Rule], relation: &QualifiedName, columns: &Columns) {
        for rule in &mut *rules {
            self.member(&mut rule.name, ObjectKind::Rule, relation);
            rule.condition
                .iter_mut()
                .for_each(|e| self.expression(e, columns));
            self.expression(&mut rule.action, columns);
        }
        rules.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn policy(&self, policy: &mut Policy, table: &QualifiedName, columns: &Columns) {
        self.member(&mut policy.name, ObjectKind::Policy, table);
        policy
            .using
            .iter_mut()
            .for_each(|e| self.expression(e, columns));
        policy
            .with_check
            .iter_mut()
            .for_each(|e| self.expression(e, columns));
    }

    pub(super) fn view(&self, view: &mut View) {
        let (old, none) = (view.name.clone(), Columns::new());
        self.name(&mut view.name);
        self.query(&mut view.query);
        for default in view.defaults.values_mut() {
            self.expression(default, &none);
        }
        if let Some(name) = &mut view.cluster_on {
            *name = self.index_name(&old, name);
        }
        self.indexes(&mut view.indexes, &old, &none);
        self.triggers(&mut view.triggers, &old, &none);
        self.rules(&mut view.rules, &old, &none);
    }
}

/// Privileges on columns.
fn acl(acl: &mut Acl, columns: &Columns) {
    if columns.is_empty() {
        return;
    }
    for items in [&mut acl.granted, &mut acl.revoked] {
        let old = std::mem::take(items);
        items.extend(old.into_iter().map(|mut item| {
            item.column.iter_mut().for_each(|c| rename(c, columns));
            item
        }));
    }
}
