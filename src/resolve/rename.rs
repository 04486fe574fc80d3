//! RENAME and SET SCHEMA: what refers to the object follows, as it does in the server.

use super::fold::Fold;
use super::rewrite::{follow_in_table, rename_column_in, rename_in};
use crate::expr::{expression, query, rename_in_text};
use crate::model::{
    ConstraintKind, Expr, Ident, Object, ObjectId, ObjectKind, QualifiedName, Table,
};

impl Fold {
    pub(super) fn rename(&mut self, id: &mut ObjectId, to: Ident) {
        if let Some(member) = id.member.clone() {
            self.rename_member(id, &member, &to);
            id.member = Some(to);
            return;
        }
        let new = id.name.sibling(to);
        self.move_object(id, new);
    }

    pub(super) fn set_schema(&mut self, id: &mut ObjectId, schema: Ident) {
        if id.kind == ObjectKind::Extension {
            if let Some(extension) = self.catalog.extensions.get_mut(&id.name.name) {
                extension.schema = Some(schema);
            }
            return;
        }
        let new = QualifiedName::new(schema, id.name.name.clone());
        self.move_object(id, new);
    }

    fn move_object(&mut self, id: &mut ObjectId, new: QualifiedName) {
        let old = id.name.clone();
        if old == new {
            return;
        }
        if id.kind.is_relation() && self.relations.contains_key(&new) {
            self.refuse(
                "resolve/duplicate",
                format!("relation `{new}` exists already"),
            );
            return;
        }
        let named = id.kind.is_relation() && id.kind != ObjectKind::Index || id.kind.is_type();
        if named && self.has_namesake(id.kind, &new) {
            return;
        }
        match id.kind {
            ObjectKind::Table => self.move_table(&old, &new),
            ObjectKind::Index => self.move_index(&old, &new),
            _ => self.move_other(id, &new),
        }
        if let Some(kind) = self.relations.remove(&old) {
            self.relations.insert(new.clone(), kind);
        }
        if id.kind.is_relation() || id.kind.is_type() {
            self.follow(&old, &new);
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
                if let Some(index) = self.index_mut(&owner, &old.name) {
                    index.name = new.name.clone();
                }
                self.index_owner.insert(new.clone(), owner);
            }
            // The index of a constraint: the constraint is renamed with it.
            None => {
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

    fn rename_member(&mut self, id: &ObjectId, from: &Ident, to: &Ident) {
        match id.kind {
            ObjectKind::Constraint => self.rename_constraint(&id.name, from, to),
            ObjectKind::Column => self.rename_column(&id.name, from, to),
            _ if self.member_is_taken(id, to) => self.refuse_taken(id.kind.as_str(), &id.name, to),
            _ => {
                let table = self.catalog.tables.get_mut(&id.name);
                if let Some(table) = table {
                    for t in table
                        .triggers
                        .iter_mut()
                        .filter(|t| id.kind == ObjectKind::Trigger && t.name == *from)
                    {
                        t.name = to.clone();
                    }
                    for r in table
                        .rules
                        .iter_mut()
                        .filter(|r| id.kind == ObjectKind::Rule && r.name == *from)
                    {
                        r.name = to.clone();
                    }
                    for p in table
                        .policies
                        .iter_mut()
                        .filter(|p| id.kind == ObjectKind::Policy && p.name == *from)
                    {
                        p.name = to.clone();
                    }
                } else if let Some(view) = self.catalog.views.get_mut(&id.name) {
                    for t in view
                        .triggers
                        .iter_mut()
                        .filter(|t| id.kind == ObjectKind::Trigger && t.name == *from)
                    {
                        t.name = to.clone();
                    }
                }
            }
        }
    }

    /// Whether a relation has a trigger, rule or policy of a name.
    fn member_is_taken(&self, id: &ObjectId, name: &Ident) -> bool {
        let table = self.catalog.tables.get(&id.name);
        let view = self.catalog.views.get(&id.name);
        match id.kind {
            ObjectKind::Trigger => {
                let triggers = table.map(|t| &t.triggers).or(view.map(|v| &v.triggers));
                triggers.is_some_and(|all| all.iter().any(|t| t.name == *name))
            }
            ObjectKind::Rule => table.is_some_and(|t| t.rules.iter().any(|r| r.name == *name)),
            ObjectKind::Policy => table.is_some_and(|t| t.policies.iter().any(|p| p.name == *name)),
            _ => false,
        }
    }

    pub(super) fn rename_constraint(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        let Some(found) = self.catalog.tables.get_mut(table) else {
            return;
        };
        if found.constraints.iter().any(|c| c.name == *to) {
            return self.refuse_taken("constraint", table, to);
        }
        let Some(constraint) = found.constraints.iter_mut().find(|c| c.name == *from) else {
            let headline = format!("constraint `{from}` of `{table}` does not exist");
            self.refuse("resolve/unknown-object", headline);
            return;
        };
        constraint.name = to.clone();
        let (constraint, old) = (constraint.clone(), table.sibling(from.clone()));
        self.constraint_names.remove(&old);
        if constraint.has_index() {
            self.relations.remove(&old);
        }
        self.register_constraint(table, &constraint);
    }

    pub(super) fn rename_column(&mut self, name: &QualifiedName, from: &Ident, to: &Ident) {
        let dialect = self.dialect();
        if self
            .catalog
            .tables
            .get(name)
            .is_none_or(|t| t.column(from).is_none())
        {
            self.refuse_unknown_column(name, from);
            return;
        }
        if let Some(parent) = self.inherited_from(name, from) {
            return self.refuse_inherited(name, from, &parent, "renamed");
        }
        let mut tables = self.children(name);
        tables.push(name.clone());
        let has = |t: &&QualifiedName| {
            self.catalog
                .tables
                .get(*t)
                .is_some_and(|t| t.column(to).is_some())
        };
        if let Some(taken) = tables.iter().find(has) {
            return self.refuse_taken("column", &taken.clone(), to);
        }
        for table in &tables {
            if let Some(found) = self.catalog.tables.get_mut(table) {
                rename_column_in(found, from, to, dialect);
            }
            let (old, new) = (ObjectId::column(table, from), ObjectId::column(table, to));
            if let Some(notes) = self.catalog.notes.remove(&old) {
                self.catalog.notes.insert(new.clone(), notes);
            }
            if let Some(span) = self.map.of(&old) {
                self.map.insert(new, crate::diagnostic::Facet::Name, span);
            }
        }
        for other in self.catalog.tables.values_mut() {
            for constraint in &mut other.constraints {
                if let ConstraintKind::ForeignKey(fk) = &mut constraint.kind
                    && fk.target == *name
                {
                    rename_in(&mut fk.target_columns, from, to);
                }
            }
        }
        for sequence in self.catalog.sequences.values_mut() {
            if let Some((table, column)) = &mut sequence.owned_by
                && table == name
                && column == from
            {
                *column = to.clone();
            }
        }
    }
}

/// The object under a new name.
fn renamed(mut object: Object, new: &QualifiedName) -> Object {
    if let Some(name) = object.name_mut() {
        *name = new.clone();
    } else if let Some(name) = object.bare_name_mut() {
        *name = new.name.clone();
    }
    object
}
