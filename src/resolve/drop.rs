//! DROP.

use super::dependents::{Gone, Rest};
use super::fold::Fold;
use crate::model::{Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::Target;

impl Fold {
    /// Drops objects by one statement: what rests on one of them may be another.
    pub(super) fn drop_targets(&mut self, targets: &[Target], if_exists: bool, cascade: bool) {
        let mut going = Vec::new();
        for target in targets {
            match self.locate(target) {
                Some(id) if self.refuse_elsewhere(&id, "dropped") => {}
                Some(id) => going.push(id),
                None if if_exists => self.pass_over(target.clone()),
                None => {
                    let missing = self.missing_target(target);
                    self.diagnostics.extend(missing);
                }
            }
        }
        if !cascade && self.refuse_dependents(&going) {
            return;
        }
        for id in going {
            self.cascade(&id);
            self.remove(&id);
        }
    }

    /// Whether something rests on objects that go, and does not go with them.
    fn refuse_dependents(&mut self, going: &[ObjectId]) -> bool {
        let mut all = going.to_vec();
        let partitions = going.iter().flat_map(|id| self.partitions_going(id));
        all.extend(partitions.collect::<Vec<_>>());
        for id in &all {
            let goes = |rest: &ObjectId| {
                all.iter()
                    .any(|id| id == rest || (id.member.is_none() && id.name == rest.name))
            };
            let keys = match self.index_owner.get(&id.name).cloned() {
                Some(table) => self.foreign_keys_on(&table, &id.name.name),
                None => Vec::new(),
            };
            let inside = self.inside(id).into_iter().chain(keys);
            let rests = self.rests(&Gone::Object(id.clone()));
            let mut rests = inside
                .chain(rests.iter().map(Rest::id))
                .filter(|r| !goes(r));
            if let Some(first) = rests.next() {
                let more = rests.count();
                self.refuse_drop(id, &first, more);
                return true;
            }
        }
        false
    }

    pub(super) fn refuse_drop(&mut self, id: &ObjectId, dependent: &ObjectId, more: usize) {
        let (others, depends) = match more {
            0 => (String::new(), "depends"),
            n => (format!(" and {n} more"), "depend"),
        };
        let headline =
            format!("{id} cannot be dropped, because {dependent}{others} {depends} on it");
        let help = format!("drop {dependent} first, or say CASCADE");
        self.refuse("resolve/dependents", headline).help = Some(help);
    }

    /// What is in a schema: it goes only with CASCADE.
    fn inside(&self, id: &ObjectId) -> Vec<ObjectId> {
        if id.kind != ObjectKind::Schema {
            return Vec::new();
        }
        let objects = self.catalog.objects().into_iter().map(|(id, _)| id);
        let inside = objects.filter(|o| {
            let part = o.member.is_some()
                || matches!(o.kind, ObjectKind::DefaultPrivileges | ObjectKind::Index);
            !part && o.name.schema.as_ref() == Some(&id.name.name)
        });
        inside.collect()
    }

    /// The partitions of a table, which go with it.
    fn partitions_going(&self, id: &ObjectId) -> Vec<ObjectId> {
        if id.kind != ObjectKind::Table {
            return Vec::new();
        }
        let children = self.children(&id.name).into_iter();
        let partition = |name: &QualifiedName| {
            let table = self.catalog.tables.get(name);
            table.is_some_and(|t| t.partition_of.is_some())
        };
        let partitions = children.filter(partition);
        partitions.map(|name| ObjectId::table(&name)).collect()
    }

    /// Takes out what rests on an object, and what rests on that.
    fn cascade(&mut self, id: &ObjectId) {
        let mut all = self.partitions_going(id);
        all.extend(self.inside(id));
        all.push(id.clone());
        for id in all {
            self.release(&Gone::Object(id));
        }
    }

    pub(super) fn release(&mut self, gone: &Gone) {
        for rest in self.rests(gone) {
            match rest {
                Rest::Object(id) => {
                    self.cascade(&id);
                    self.remove(&id);
                }
                Rest::Default(table, column) => {
                    let table = self.catalog.tables.get_mut(&table);
                    if let Some(column) = table.and_then(|t| t.column_mut(&column)) {
                        column.default = None;
                    }
                }
                Rest::Column(relation, column) => {
                    self.release(&Gone::Column(relation.clone(), column.clone()));
                    match self.catalog.composites.get_mut(&relation) {
                        Some(composite) => {
                            composite.attributes.retain(|(n, ..)| *n != column);
                            composite.attribute_comments.remove(&column);
                        }
                        None => self.take_column(&relation, &column),
                    }
                }
            }
        }
    }

    pub(super) fn drop_constraint(&mut self, table: &QualifiedName, name: &Ident, cascade: bool) {
        let id = ObjectId::constraint(table, name);
        for key in self.foreign_keys_on(table, name) {
            if !cascade {
                return self.refuse_drop(&id, &key, 0);
            }
            self.remove_member(&key);
        }
        self.remove_member(&id);
    }

    /// The foreign keys that rest on a key: those of its columns, where no other key has the same.
    pub(super) fn foreign_keys_on(&mut self, table: &QualifiedName, key: &Ident) -> Vec<ObjectId> {
        let Some(found) = self.catalog.tables.get(table) else {
            return Vec::new();
        };
        let sorted = |columns: Vec<&Ident>| {
            let mut columns: Vec<Ident> = columns.into_iter().cloned().collect();
            columns.sort();
            columns
        };
        let constraints = found.constraints.iter().filter(|c| c.has_index());
        let of_constraints = constraints.map(|c| (&c.name, sorted(c.columns().iter().collect())));
        let indexes = found.indexes.iter().filter(|i| i.unique);
        let of_indexes = indexes.filter_map(|i| Some((&i.name, sorted(i.plain_columns()?))));
        let keys: Vec<_> = of_constraints.chain(of_indexes).collect();
        let Some((_, columns)) = keys.iter().find(|(name, _)| *name == key) else {
            return Vec::new();
        };
        if keys.iter().filter(|(_, other)| other == columns).count() > 1 {
            return Vec::new();
        }
        let columns = columns.clone();
        let gone = Gone::Object(ObjectId::table(table));
        let mut holders = self.holders(&gone);
        holders.push(super::mentions::Holder::Table(table.clone()));
        let mut found = Vec::new();
        for holder in holders {
            let super::mentions::Holder::Table(name) = holder else {
                continue;
            };
            let Some(other) = self.catalog.tables.get(&name) else {
                continue;
            };
            for (constraint, fk) in other.foreign_keys() {
                if fk.target == *table && sorted(fk.target_columns.iter().collect()) == columns {
                    found.push(ObjectId::constraint(&name, &constraint.name));
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// Takes an object out, with what is part of it.
    pub(super) fn remove(&mut self, id: &ObjectId) {
        match id.kind {
            ObjectKind::Table => self.remove_table(&id.name),
            ObjectKind::View | ObjectKind::MaterializedView => {
                if let Some(view) = self.catalog.views.remove(&id.name) {
                    for index in &view.indexes {
                        let name = id.name.sibling(index.name.clone());
                        self.relations.remove(&name);
                        self.index_owner.remove(&name);
                    }
                }
            }
            ObjectKind::Index => self.remove_index(&id.name),
            ObjectKind::Schema => self.remove_schema(id),
            ObjectKind::Constraint
            | ObjectKind::Trigger
            | ObjectKind::Rule
            | ObjectKind::Policy => {
                self.remove_member(id);
            }
            _ => self.catalog.remove(id),
        }
        if id.member.is_none() && id.kind.is_relation() {
            self.relations.remove(&id.name);
        }
        self.catalog.notes.remove(id);
    }

    fn remove_table(&mut self, name: &QualifiedName) {
        let Some(table) = self.catalog.tables.remove(name) else {
            return;
        };
        for constraint in &table.constraints {
            let full = name.sibling(constraint.name.clone());
            self.constraint_names.remove(&full);
            if constraint.has_index() {
                self.relations.remove(&full);
            }
        }
        for index in &table.indexes {
            let full = name.sibling(index.name.clone());
            self.relations.remove(&full);
            self.index_owner.remove(&full);
        }
        for column in table.columns.iter().filter(|c| c.identity.is_some()) {
            let implicit =
                name.sibling(crate::dialect::object_name(&name.name, &column.name, "seq"));
            let sequence = column.identity.as_ref().and_then(|i| i.sequence.clone());
            self.relations.remove(&sequence.unwrap_or(implicit));
        }
        let owned: Vec<QualifiedName> = self
            .catalog
            .sequences
            .values()
            .filter(|s| s.owned_by.as_ref().is_some_and(|(t, _)| t == name))
            .map(|s| s.name.clone())
            .collect();
        for sequence in owned {
            self.catalog.sequences.remove(&sequence);
            self.relations.remove(&sequence);
        }
        self.catalog.statistics.retain(|_, s| s.table != *name);
        let partitions: Vec<QualifiedName> = self
            .catalog
            .tables
            .values()
            .filter(|t| t.partition_of.as_ref().is_some_and(|p| p.parent == *name))
            .map(|t| t.name.clone())
            .collect();
        for partition in partitions {
            self.remove(&ObjectId::table(&partition));
        }
        if self.dialect().drop_leaves_references() {
            return;
        }
        // CASCADE takes foreign keys that point here.
        for other in self.catalog.tables.values_mut() {
            other
                .constraints
                .retain(|c| c.as_foreign_key().is_none_or(|fk| fk.target != *name));
        }
    }

    fn remove_index(&mut self, name: &QualifiedName) {
        if let Some(owner) = self.index_owner.remove(name) {
            if let Some(table) = self.catalog.tables.get_mut(&owner) {
                table.indexes.retain(|i| i.name != name.name);
                if table.partition_by.is_some() {
                    self.remove_attached(name);
                }
            } else if let Some(view) = self.catalog.views.get_mut(&owner) {
                view.indexes.retain(|i| i.name != name.name);
            }
            return;
        }
        let headline =
            format!("index `{name}` belongs to a constraint and cannot be dropped by itself");
        self.refuse("resolve/dependents", headline).help =
            Some("drop the constraint instead".into());
    }

    /// The indexes of partitions that are attached to an index go with it.
    fn remove_attached(&mut self, parent: &QualifiedName) {
        let tables = self.catalog.tables.values();
        let attached: Vec<QualifiedName> = tables
            .flat_map(|t| t.indexes.iter().map(|i| (&t.name, i)))
            .filter(|(_, index)| index.parent.as_ref() == Some(parent))
            .map(|(table, index)| table.sibling(index.name.clone()))
            .collect();
        for index in attached {
            self.relations.remove(&index);
            self.remove_index(&index);
        }
    }

    fn remove_schema(&mut self, id: &ObjectId) {
        let schema = id.name.name.clone();
        let inside: Vec<ObjectId> = self
            .catalog
            .objects()
            .into_iter()
            .filter(|(o, _)| o.member.is_none() && o.name.schema.as_ref() == Some(&schema))
            .map(|(o, _)| o)
            .collect();
        for object in inside {
            if object.kind != ObjectKind::Index {
                self.remove(&object);
            }
        }
        self.catalog.schemas.remove(&schema);
    }

    pub(super) fn remove_member(&mut self, id: &ObjectId) {
        let Some(member) = &id.member else { return };
        if let Some(domain) = self.catalog.domains.get_mut(&id.name) {
            domain.checks.retain(|c| c.name != *member);
            return;
        }
        if let Some(view) = self.catalog.views.get_mut(&id.name) {
            view.triggers
                .retain(|t| id.kind != ObjectKind::Trigger || t.name != *member);
            view.rules
                .retain(|r| id.kind != ObjectKind::Rule || r.name != *member);
            return;
        }
        let Some(table) = self.catalog.tables.get_mut(&id.name) else {
            return;
        };
        match id.kind {
            ObjectKind::Constraint => {
                let had_index = table.constraint(member).is_some_and(|c| c.has_index());
                table.constraints.retain(|c| c.name != *member);
                let full = id.name.sibling(member.clone());
                self.constraint_names.remove(&full);
                if had_index {
                    self.relations.remove(&full);
                }
            }
            ObjectKind::Trigger => table.triggers.retain(|t| t.name != *member),
            ObjectKind::Rule => table.rules.retain(|r| r.name != *member),
            _ => table.policies.retain(|p| p.name != *member),
        }
    }
}
