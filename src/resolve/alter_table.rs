//! The actions of ALTER TABLE that change more than a column.

use super::fold::Fold;
use crate::diagnostic::{Facet, nearest};
use crate::dialect::object_name;
use crate::model::{
    Column, Constraint, ConstraintKind, Ident, ObjectId, PartitionOf, QualifiedName,
    ReplicaIdentity, Table,
};
use crate::source::AlterAction;

impl Fold {
    pub(super) fn alter_table(&mut self, name: &QualifiedName, action: AlterAction) {
        match action {
            AlterAction::AddColumn {
                column,
                constraints,
                if_not_exists,
            } => {
                self.add_column(name, *column, constraints, if_not_exists);
            }
            AlterAction::DropColumn {
                name: column,
                if_exists,
                cascade,
            } => {
                self.drop_column(name, &column, if_exists, cascade);
            }
            AlterAction::Column {
                name: column,
                action,
            } => self.alter_column(name, &column, action),
            AlterAction::AddConstraint(constraint) => self.add_constraint(name, *constraint),
            AlterAction::AddConstraintUsingIndex { constraint, index } => {
                self.constraint_using_index(name, *constraint, &index);
            }
            AlterAction::DropConstraint {
                name: constraint,
                if_exists,
                cascade,
            } => {
                if self.known_constraint(name, &constraint, if_exists) {
                    self.drop_constraint(name, &constraint, cascade);
                }
            }
            AlterAction::AlterConstraint {
                name: constraint,
                deferral,
                enforced,
            } => {
                self.with_constraint(name, &constraint, |c| {
                    c.deferral = deferral.unwrap_or(c.deferral);
                    c.not_enforced = enforced.map_or(c.not_enforced, |e| !e);
                });
            }
            AlterAction::ValidateConstraint(constraint)
                if self.is_not_null_constraint(name, &constraint)
                    || self.validates_inherited(name, &constraint) => {}
            AlterAction::ValidateConstraint(constraint) => {
                self.with_constraint(name, &constraint, |c| c.not_valid = false);
            }
            AlterAction::RenameColumn { from, to } => self.rename_column(name, &from, &to),
            AlterAction::RenameConstraint { from, to } => self.rename_constraint(name, &from, &to),
            AlterAction::AttachPartition { partition, bound } => {
                let child = self.relation_name(&partition);
                if self.refuse_partition(&child, name) {
                    return;
                }
                self.merge_into_parent(&child, name);
                if let (Some(table), Some(bound)) = (self.catalog.tables.get_mut(&child), bound) {
                    table.partition_of = Some(PartitionOf {
                        parent: name.clone(),
                        bound,
                    });
                }
                self.bring_equal_indexes(name, &child);
                self.bring_parts_of_parent_alone(name, &child);
                self.take_equal_foreign_keys(name, &child);
            }
            AlterAction::DetachPartition {
                partition,
                concurrently,
            } => {
                let child = self.relation_name(&partition);
                self.detach_partition(name, &child, concurrently);
            }
            AlterAction::Inherit(parent) => {
                let parent = self.relation_name(&parent);
                if self.refuse_child(name, &parent) {
                    return;
                }
                self.merge_into_parent(name, &parent);
                if let Some(child) = self.catalog.tables.get_mut(name) {
                    child.inherits.push(parent);
                }
            }
            AlterAction::SetLogged(logged) => self.set_logged(name, logged),
            AlterAction::NoInherit(parent) => self.no_inherit(name, &parent),
            other => self.alter_table_facts(name, other),
        }
    }

    /// Actions that set one fact of the table.
    fn alter_table_facts(&mut self, name: &QualifiedName, mut action: AlterAction) {
        if let AlterAction::OfType(Some(of)) = &mut action
            && let Some(found) = self.names.data_type(of, &self.now.path)
        {
            *of = found;
        }
        if let AlterAction::ClusterOn(Some(index))
        | AlterAction::ReplicaIdentity(ReplicaIdentity::Index(index)) = &action
        {
            self.place_named(&ObjectId::table(name), index);
        }
        let Some(table) = self.catalog.tables.get_mut(name) else {
            return;
        };
        match action {
            AlterAction::SetStorage(pairs) => table.storage.extend(pairs),
            AlterAction::ResetStorage(keys) => table.storage.retain(|k, _| !keys.contains(k)),
            AlterAction::SetAccessMethod(method) => table.access_method = Some(method),
            AlterAction::SetTablespace(space) => table.tablespace = Some(space),
            AlterAction::ClusterOn(index) => table.cluster_on = index,
            AlterAction::ReplicaIdentity(identity) => table.replica_identity = identity,
            AlterAction::RowSecurity(on) => table.row_security = on,
            AlterAction::ForceRowSecurity(on) => table.force_row_security = on,
            AlterAction::OfType(of_type) => {
                for column in &mut table.columns {
                    column.inherited = of_type.is_some();
                }
                table.of_type = of_type;
            }
            AlterAction::Trigger { name, enabled, .. } => {
                for trigger in &mut table.triggers {
                    if name.as_ref().is_none_or(|n| trigger.name == *n) {
                        trigger.enabled = enabled;
                    }
                }
            }
            AlterAction::Rule { name, enabled } => {
                for rule in table.rules.iter_mut().filter(|r| r.name == name) {
                    rule.enabled = enabled;
                }
            }
            AlterAction::Options(changes) => {
                if let Some(foreign) = &mut table.foreign {
                    change_options(&mut foreign.options, changes);
                }
            }
            _ => self.unsupported("a table"),
        }
    }

    fn add_column(
        &mut self,
        name: &QualifiedName,
        mut column: Column,
        constraints: Vec<Constraint>,
        if_not_exists: bool,
    ) {
        let exists = self
            .catalog
            .tables
            .get(name)
            .is_some_and(|t| t.column(&column.name).is_some());
        if exists {
            if !if_not_exists {
                let headline = format!("column `{}` of `{name}` exists already", column.name);
                self.refuse("resolve/duplicate", headline);
            }
            return;
        }
        if let Some(of) = self.partition_parent(name) {
            let headline = format!("a column cannot be added to `{name}`, a partition");
            let help = format!("add it to `{of}`, and its partitions follow");
            self.refuse("resolve/unsupported-alter", headline).help = Some(help);
            return;
        }
        self.resolve_column(name, &mut column);
        let id = ObjectId::column(name, &column.name);
        self.map.insert(id, Facet::Whole, self.now.span);
        let children: Vec<QualifiedName> = self.children(name);
        let mut grown = children.clone();
        grown.push(name.clone());
        self.spell_out_columns(&grown);
        for child in children {
            let mut copy = column.clone();
            copy.inherited = true;
            copy.identity = None;
            if let Some(table) = self.catalog.tables.get_mut(&child) {
                match table.column_mut(&copy.name) {
                    Some(own) => {
                        own.inherited = true;
                        own.not_null |= copy.not_null;
                    }
                    None => table.columns.push(copy),
                }
            }
        }
        if let Some(table) = self.catalog.tables.get_mut(name) {
            // The sequence of a serial belongs to whom the table belongs to.
            let owner = table.facets.owner.clone();
            let of = (name.clone(), column.name.clone());
            let mut sequences = self.catalog.sequences.values_mut();
            if let Some(sequence) =
                sequences.find(|s| owner.is_some() && s.owned_by.as_ref() == Some(&of))
            {
                sequence.facets.owner = owner;
            }
            table.columns.push(column);
        }
        for constraint in constraints {
            self.add_constraint(name, constraint);
        }
    }

    /// Partitions and inheritance children, all the way down.
    pub(super) fn children(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        if !self.parents.contains(name) {
            return Vec::new();
        }
        let is_child = |t: &Table, of: &QualifiedName| {
            t.partition_of.as_ref().is_some_and(|p| p.parent == *of) || t.inherits.contains(of)
        };
        let mut found: Vec<QualifiedName> = Vec::new();
        let mut queue = vec![name.clone()];
        while let Some(parent) = queue.pop() {
            for table in self
                .catalog
                .tables
                .values()
                .filter(|t| is_child(t, &parent))
            {
                if !found.contains(&table.name) {
                    found.push(table.name.clone());
                    queue.push(table.name.clone());
                }
            }
        }
        found
    }

    pub(super) fn refuse_unknown_column(&mut self, table: &QualifiedName, column: &Ident) {
        let known: Vec<String> = self
            .catalog
            .tables
            .get(table)
            .map(|t| t.columns.iter().map(|c| c.name.to_string()).collect())
            .unwrap_or_default();
        let near = nearest(column, known.iter().map(String::as_str))
            .map(|n| format!("did you mean `{n}`?"));
        let headline = format!("column `{column}` of `{table}` does not exist");
        self.refuse("resolve/unknown-column", headline).help = near;
    }

    fn known_constraint(
        &mut self,
        table: &QualifiedName,
        constraint: &Ident,
        if_exists: bool,
    ) -> bool {
        let known = self
            .catalog
            .tables
            .get(table)
            .is_some_and(|t| t.constraint(constraint).is_some());
        if !known && !if_exists {
            let names: Vec<String> = self
                .catalog
                .tables
                .get(table)
                .map(|t| t.constraints.iter().map(|c| c.name.to_string()).collect())
                .unwrap_or_default();
            let near = nearest(constraint, names.iter().map(String::as_str))
                .map(|n| format!("did you mean `{n}`?"));
            let headline = format!("constraint `{constraint}` of `{table}` does not exist");
            self.refuse("resolve/unknown-object", headline).help = near;
        }
        known
    }

    /// From PostgreSQL 18 on every NOT NULL is a constraint, which has no object here.
    fn is_not_null_constraint(&self, table: &QualifiedName, name: &Ident) -> bool {
        let found = self.catalog.tables.get(table);
        let mut columns = found.into_iter().flat_map(|t| &t.columns);
        self.version.major >= 18
            && columns
                .any(|c| c.not_null && object_name(&table.name, &c.name, "not_null") == **name)
    }

    fn with_constraint(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        change: impl FnOnce(&mut Constraint),
    ) {
        if !self.known_constraint(table, name, false) {
            return;
        }
        let found = self.catalog.tables.get_mut(table);
        if let Some(constraint) =
            found.and_then(|t| t.constraints.iter_mut().find(|c| c.name == *name))
        {
            change(constraint);
        }
    }

    /// `ADD CONSTRAINT ... USING INDEX`: the index becomes the constraint's and takes its name.
    fn constraint_using_index(
        &mut self,
        table: &QualifiedName,
        mut constraint: Constraint,
        index: &Ident,
    ) {
        let full = table.sibling(index.clone());
        let found = self
            .catalog
            .tables
            .get(table)
            .and_then(|t| t.index(index))
            .cloned();
        let Some(found) = found else {
            let headline = format!("index `{index}` of `{table}` does not exist");
            self.refuse("resolve/unknown-object", headline);
            return;
        };
        let Some(keys) = found.plain_columns() else {
            self.refuse(
                "resolve/unsupported-alter",
                format!("index `{index}` has expressions, so it cannot be a constraint's"),
            );
            return;
        };
        let keys: Vec<Ident> = keys.into_iter().cloned().collect();
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey {
                columns,
                include,
                storage,
                ..
            }
            | ConstraintKind::Unique {
                columns,
                include,
                storage,
                ..
            } => {
                *columns = keys;
                *include = found.include.clone();
                storage.extend(found.storage.clone());
            }
            _ => {}
        }
        if let ConstraintKind::Unique {
            nulls_not_distinct, ..
        } = &mut constraint.kind
        {
            *nulls_not_distinct = found.nulls_not_distinct;
        }
        if constraint.name.is_empty() {
            constraint.name = index.clone();
        }
        self.remove(&ObjectId::index(&full));
        self.relations.remove(&full);
        let name = constraint.name.clone();
        self.add_constraint(table, constraint);
        self.note_made_of(table, &name, index);
    }
}

/// Applies `OPTIONS (ADD|SET|DROP ...)`.
pub(super) fn change_options(
    options: &mut crate::model::GenericOptions,
    changes: Vec<(Box<str>, Box<str>, Box<str>)>,
) {
    for (verb, name, value) in changes {
        if &*verb == "drop" {
            options.remove(&name);
        } else {
            options.insert(name, value);
        }
    }
}
