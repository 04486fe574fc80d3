//! RENAME and SET SCHEMA: what refers to the object follows, as it does in the server.

use super::fold::Fold;
use super::rewrite::follow_in_table;
use crate::expr::{expression, query, rename_in_text};
use crate::model::{Expr, Ident, Object, ObjectId, ObjectKind, QualifiedName, Table};

impl Fold {
    pub(super) fn rename(&mut self, id: &mut ObjectId, to: Ident) {
        if let Some(member) = id.member.clone() {
            self.rename_member(id, &member, &to);
            id.member = Some(to);
            return;
        }
        if self.refuse_rename(id, &to) {
            return;
        }
        if id.kind == ObjectKind::Schema {
            self.move_schema(&id.name.name.clone(), &to);
        }
        let new = id.name.sibling(to);
        self.move_object(id, new);
    }

    /// Everything in a schema goes along; parts and owned sequences with what they are part of.
    fn move_schema(&mut self, from: &Ident, to: &Ident) {
        let objects = self.catalog.objects();
        let inside = objects.into_iter().map(|(id, _)| id).filter(|id| {
            let part = id.member.is_some() || id.kind == ObjectKind::Index;
            id.name.schema.as_ref() == Some(from) && !part
        });
        let inside: Vec<ObjectId> = inside.collect();
        self.respell_relations(from, &|name| {
            let moved = name.schema.as_ref() == Some(from);
            moved.then(|| QualifiedName::new(to.clone(), name.name.clone()))
        });
        self.follow_default_privileges(from, to);
        for mut id in inside {
            let new = QualifiedName::new(to.clone(), id.name.name.clone());
            self.move_alone(&mut id, new);
        }
    }

    pub(super) fn set_schema(&mut self, id: &mut ObjectId, schema: Ident) {
        if id.kind == ObjectKind::Extension {
            if let Some(extension) = self.catalog.extensions.get_mut(&id.name.name) {
                let default = self.version.dialect.default_schema();
                extension.schema = Some(schema).filter(|s| Some(s.as_str()) != default);
            }
            return;
        }
        if self.refuse_owned(id, "go into another schema") {
            return;
        }
        let new = QualifiedName::new(schema, id.name.name.clone());
        self.move_object(id, new);
    }

    fn move_object(&mut self, id: &mut ObjectId, new: QualifiedName) {
        if id.kind.is_relation() && id.kind != ObjectKind::Index && id.name != new {
            let old = id.name.clone();
            let moved = |name: &QualifiedName| (*name == old).then(|| new.clone());
            self.respell_relations(&old.name, &moved);
        }
        if id.kind == ObjectKind::Range && id.name != new {
            self.keep_multirange_name(id);
        }
        self.move_alone(id, new);
    }

    /// What reads it has its new name already.
    fn move_alone(&mut self, id: &mut ObjectId, new: QualifiedName) {
        let old = id.name.clone();
        if old == new {
            return;
        }
        if id.kind.is_relation() && self.relations.contains_key(&new) {
            let headline = format!("relation `{new}` exists already");
            self.refuse("resolve/duplicate", headline);
            return;
        }
        if self.refuse_taken_name(id, &new) {
            return;
        }
        let named = id.kind.is_relation() && id.kind != ObjectKind::Index || id.kind.is_type();
        if named && self.has_namesake(id.kind, &new) {
            return;
        }
        match id.kind {
            ObjectKind::Table => self.move_table(&old, &new),
            ObjectKind::Index => self.move_index(&old, &new),
            ObjectKind::Sequence if self.rename_identity_sequence(&old, &new) => {}
            _ => self.move_other(id, &new),
        }
        self.move_indexes(&old, &new);
        if let Some(kind) = self.relations.remove(&old) {
            self.relations.insert(new.clone(), kind);
        }
        if id.kind.is_relation() || id.kind.is_type() {
            self.follow(&old, &new);
            self.follow_type(&old, &new);
        }
        self.follow_rare(id, &old, &new);
        if matches!(id.kind, ObjectKind::Collation | ObjectKind::OperatorClass) {
            self.follow_sorted(id.kind, &old, &new);
        }
        let routine = [
            ObjectKind::Function,
            ObjectKind::Procedure,
            ObjectKind::Aggregate,
        ];
        if routine.contains(&id.kind) {
            self.follow_routine(&old, &new);
        }
        if let Some(notes) = self.catalog.notes.remove(id) {
            self.catalog.notes.insert(
                ObjectId {
                    name: new.clone(),
                    ..id.clone()
                },
                notes,
            );
        }
        id.name = new;
        self.place(id);
    }

    /// The indexes of a materialized view, as those of a table, go where it goes.
    fn move_indexes(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let owned = self.index_owner.iter().filter(|(_, owner)| *owner == old);
        let owned: Vec<QualifiedName> = owned.map(|(index, _)| index.clone()).collect();
        for from in owned {
            let to = new.sibling(from.name.clone());
            self.index_owner.remove(&from);
            self.index_owner.insert(to.clone(), new.clone());
            if let Some(kind) = self.relations.remove(&from) {
                self.relations.insert(to, kind);
            }
        }
    }

    fn move_table(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let Some(mut table) = self.catalog.tables.remove(old) else {
            return;
        };
        table.name = new.clone();
        // Indexes and owned sequences go into the new schema with their table.
        for index in &table.indexes {
            let (from, to) = (
                old.sibling(index.name.clone()),
                new.sibling(index.name.clone()),
            );
            self.relations.remove(&from);
            self.index_owner.remove(&from);
            self.relations.insert(to.clone(), ObjectKind::Index);
            self.index_owner.insert(to, new.clone());
        }
        for constraint in &table.constraints {
            let from = old.sibling(constraint.name.clone());
            self.constraint_names.remove(&from);
            if constraint.has_index() {
                self.relations.remove(&from);
            }
            self.register_constraint(new, constraint);
        }
        self.keep_identity_names(&mut table, old);
        let ids: Vec<ObjectId> = self
            .catalog
            .notes
            .keys()
            .filter(|id| id.name == *old && id.member.is_some())
            .cloned()
            .collect();
        for id in ids {
            if let Some(notes) = self.catalog.notes.remove(&id) {
                self.catalog.notes.insert(
                    ObjectId {
                        name: new.clone(),
                        ..id
                    },
                    notes,
                );
            }
        }
        for column in &table.columns {
            let (from, to) = (
                ObjectId::column(old, &column.name),
                ObjectId::column(new, &column.name),
            );
            if let Some(span) = self.map.of(&from) {
                self.map.insert(to, crate::diagnostic::Facet::Name, span);
            }
        }
        self.catalog.tables.insert(new.clone(), table);
        let owned: Vec<QualifiedName> = self
            .catalog
            .sequences
            .values()
            .filter(|s| s.owned_by.as_ref().is_some_and(|(t, _)| t == old))
            .map(|s| s.name.clone())
            .collect();
        for name in owned {
            if let Some(sequence) = self.catalog.sequences.get_mut(&name)
                && let Some((table, _)) = &mut sequence.owned_by
            {
                *table = new.clone();
            }
            if name.schema != new.schema {
                let moved = new.sibling(name.name.clone());
                let mut id = ObjectId::new(ObjectKind::Sequence, name);
                self.move_object(&mut id, moved);
            }
        }
    }

    /// A renamed table's identity sequences keep their names, which are no longer the implicit ones.
    fn keep_identity_names(&mut self, table: &mut Table, old: &QualifiedName) {
        for column in &mut table.columns {
            let Some(identity) = &mut column.identity else {
                continue;
            };
            let implicit = crate::dialect::object_name(&old.name, &column.name, "seq");
            let now = crate::dialect::object_name(&table.name.name, &column.name, "seq");
            let name = identity
                .sequence
                .take()
                .map_or(implicit, |s| s.name.to_string());
            identity.sequence = (name != now).then(|| table.name.sibling(name.as_str()));
        }
    }

    fn move_index(&mut self, old: &QualifiedName, new: &QualifiedName) {
        match self.index_owner.remove(old) {
            Some(owner) => {
                self.follow_marked(&owner, &old.name, Some(&new.name));
                if let Some(index) = self.index_mut(&owner, &old.name) {
                    index.name = new.name.clone();
                }
                self.index_owner.insert(new.clone(), owner);
            }
            // The index of a constraint: the constraint is renamed with it.
            None => {
                let tables = self.catalog.tables.values();
                let of = tables.filter(|t| t.name.schema == old.schema);
                let mut of = of.filter(|t| t.constraint(&old.name).is_some_and(|c| c.has_index()));
                if let Some(table) = of.next().map(|t| t.name.clone()) {
                    self.follow_marked(&table, &old.name, Some(&new.name));
                }
                for table in self
                    .catalog
                    .tables
                    .values_mut()
                    .filter(|t| t.name.schema == old.schema)
                {
                    for c in table
                        .constraints
                        .iter_mut()
                        .filter(|c| c.has_index() && c.name == old.name)
                    {
                        c.name = new.name.clone();
                    }
                }
            }
        }
        for table in self.catalog.tables.values_mut() {
            for index in &mut table.indexes {
                if index.parent.as_ref() == Some(old) {
                    index.parent = Some(new.clone());
                }
            }
        }
    }

    fn move_other(&mut self, id: &ObjectId, new: &QualifiedName) {
        if let Some(object) = self.catalog.take(id) {
            let object = renamed(object, new);
            self.catalog.insert(object);
        }
    }

    /// Everything that names a relation or type by its old name.
    fn follow(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let dialect = self.dialect();
        let rewrite = |e: &Expr| {
            rename_in_text(e.text(), old, new, dialect).map(|text| expression(&text, dialect))
        };
        if self.parents.contains(old) {
            self.parents.insert(new.clone());
        }
        for table in self.catalog.tables.values_mut() {
            follow_in_table(table, old, new, &rewrite);
        }
        for view in self.catalog.views.values_mut() {
            if let Some(text) = rename_in_text(view.query.text(), old, new, dialect) {
                view.query = query(&text, dialect);
            }
        }
        for composite in self.catalog.composites.values_mut() {
            for (_, data_type, _) in &mut composite.attributes {
                if data_type.name == *old {
                    data_type.name = new.clone();
                }
            }
        }
        self.follow_published(old, new);
        for statistics in self.catalog.statistics.values_mut() {
            if statistics.table == *old {
                statistics.table = new.clone();
            }
        }
        for domain in self.catalog.domains.values_mut() {
            if domain.base.name == *old {
                domain.base.name = new.clone();
            }
        }
        let routines = std::mem::take(&mut self.catalog.routines);
        for ((name, _), mut routine) in routines {
            for argument in &mut routine.arguments {
                if argument.data_type.name == *old {
                    argument.data_type.name = new.clone();
                }
            }
            if let Some(crate::model::Returns::Type(t) | crate::model::Returns::SetOf(t)) =
                &mut routine.returns
                && t.name == *old
            {
                t.name = new.clone();
            }
            let signature = routine.signature().into();
            self.catalog.routines.insert((name, signature), routine);
        }
    }
}

/// The object under a new name.
pub(super) fn renamed(mut object: Object, new: &QualifiedName) -> Object {
    if let Some(name) = object.name_mut() {
        *name = new.clone();
    } else if let Some(name) = object.bare_name_mut() {
        *name = new.name.clone();
    }
    object
}
