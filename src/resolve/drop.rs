//! What leaves a catalog with an object.

use super::fold::Fold;
use super::identity::identity_sequences;
use crate::model::{ObjectId, ObjectKind, QualifiedName};

impl Fold {
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
        for sequence in identity_sequences(&table) {
            self.relations.remove(&sequence.name);
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
        for publication in self.catalog.publications.values_mut() {
            publication.tables.retain(|t| t.name != *name);
        }
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
            self.follow_marked(&owner, &name.name, None);
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
        let privileges = &mut self.catalog.default_privileges;
        privileges.retain(|_, given| given.schema.as_ref() != Some(&schema));
        self.catalog.schemas.remove(&schema);
        for publication in self.catalog.publications.values_mut() {
            publication.schemas.retain(|s| *s != schema);
        }
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
                    self.follow_marked(&id.name, member, None);
                }
            }
            ObjectKind::Trigger => table.triggers.retain(|t| t.name != *member),
            ObjectKind::Rule => table.rules.retain(|r| r.name != *member),
            _ => table.policies.retain(|p| p.name != *member),
        }
    }
}
