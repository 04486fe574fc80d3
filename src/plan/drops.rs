//! What goes: before anything is altered, and when everything is.

use super::fate::Fate;
use super::round::{Round, joined};
use super::table;
use crate::ddl::{self, alter};
use crate::expr::types_made_of;
use crate::model::{Acl, ForeignKey, ObjectId, ObjectKind, ObjectRef, QualifiedName, Table};

impl Round<'_, '_> {
    fn goes(&self, id: &ObjectId) -> bool {
        matches!(self.fate(id), Some(Fate::Drop | Fate::Replace))
    }

    pub(super) fn drop_early(&mut self) {
        let order = || self.sides.before.going.iter();
        // Foreign keys rest on keys of other tables, which the order of tables says nothing about.
        for id in order().filter(|id| self.closure.early.contains(*id)) {
            if self.is_foreign_key(id) {
                self.drop(id);
            }
        }
        for (id, statements) in &self.closure.freed {
            self.push(id, statements.iter().cloned());
        }
        for id in order() {
            if self.closure.early.contains(id) && !self.is_foreign_key(id) {
                self.drop(id);
            }
            self.release(id);
        }
        let dialect = self.version.dialect;
        for (name, old) in &self.closure.swapped {
            let from = dialect.quote_name(name);
            let to = dialect.quote(&old.name);
            let id = self.type_id(name);
            let word = type_word(&id);
            self.push(&id, [format!("ALTER {word} {from} RENAME TO {to}")]);
        }
        for (name, old) in &self.closure.recollated {
            let (from, to) = (dialect.quote_name(name), dialect.quote(&old.name));
            let id = ObjectId::new(ObjectKind::Collation, name.clone());
            self.push(&id, [format!("ALTER COLLATION {from} RENAME TO {to}")]);
        }
    }

    /// A table that stays leaves its parents and what its columns use.
    fn release(&mut self, id: &ObjectId) {
        let dialect = self.version.dialect;
        let (Some(ObjectRef::Table(before)), false) = (self.sides.before.object(id), self.goes(id))
        else {
            return;
        };
        let after = match self.sides.after.object(id) {
            Some(ObjectRef::Table(after)) => Some(after),
            _ => None,
        };
        if let Some(after) = after {
            // The next round gives back a parent that is replaced.
            let goes = |parent: &QualifiedName| self.goes(&ObjectId::table(parent));
            self.push(id, table::leaves(before, after, goes, dialect));
        }
        let actions = table::early(before, after, self.closure, dialect);
        if !actions.is_empty() {
            let alter = ddl::alter_table(before, dialect);
            self.push(id, [joined(&alter, &actions)]);
        }
    }

    fn is_foreign_key(&self, id: &ObjectId) -> bool {
        let object = self.sides.before.object(id);
        matches!(object, Some(ObjectRef::Constraint(_, c)) if c.as_foreign_key().is_some())
    }

    fn type_id(&self, name: &QualifiedName) -> ObjectId {
        let types = self.sides.before.objects.keys();
        let mut same = types.filter(|id| id.kind.is_type() && id.name == *name);
        let found = same.next().cloned();
        found.unwrap_or_else(|| ObjectId::new(ObjectKind::Enum, name.clone()))
    }

    pub(super) fn drop_late(&mut self) {
        for id in &self.sides.before.going {
            if self.fate(id) == Some(Fate::Drop) && !self.closure.early.contains(id) {
                self.drop(id);
            }
        }
        let dialect = self.version.dialect;
        for (name, old) in &self.closure.handed_over {
            let id = ObjectId::new(ObjectKind::Sequence, name.clone());
            self.push(&id, [format!("DROP SEQUENCE {}", dialect.quote_name(old))]);
        }
        let place = |name: &QualifiedName| self.sides.before.places.get(&self.type_id(name));
        let mut swapped: Vec<_> = self.closure.swapped.iter().collect();
        swapped.sort_by_key(|(name, _)| place(name).copied());
        for (name, old) in swapped {
            let id = self.type_id(name);
            let word = type_word(&id);
            self.push(&id, [format!("DROP {word} {}", dialect.quote_name(old))]);
        }
        for (name, old) in &self.closure.recollated {
            let id = ObjectId::new(ObjectKind::Collation, name.clone());
            self.push(&id, [format!("DROP COLLATION {}", dialect.quote_name(old))]);
        }
    }

    fn drop(&mut self, id: &ObjectId) {
        let Some(object) = self.sides.before.object(id) else {
            return;
        };
        let kept = match id.kind {
            ObjectKind::Collation => self.closure.recollated.contains_key(&id.name),
            kind => kind.is_type() && self.closure.swapped.contains_key(&id.name),
        };
        if kept {
            return;
        }
        if self.goes_along(id, object) || self.goes_with_type(id, object) {
            return;
        }
        let dialect = self.version.dialect;
        if let (ObjectRef::Sequence(_), Some(old)) =
            (object, self.closure.handed_over.get(&id.name))
        {
            let (from, to) = (dialect.quote_name(&id.name), dialect.quote(&old.name));
            return self.push(id, [format!("ALTER SEQUENCE {from} RENAME TO {to}")]);
        }
        if let ObjectRef::Table(table) = object {
            self.set_free(table);
        }
        let statements: Vec<String> = match object {
            ObjectRef::DefaultPrivileges(defaults) => {
                let mut back = defaults.clone();
                back.acl = alter::acl_difference(&defaults.acl, &Acl::default());
                ddl::default_privileges(&back, dialect)
            }
            ObjectRef::Opaque(opaque) if opaque.undo().is_some() => {
                opaque.undo().unwrap_or_default()
            }
            ObjectRef::Index(_, index) if index.parent.is_some() => {
                // The server drops it with the index that it is attached to, and only so.
                let parent = index.parent.as_ref().map(ObjectId::index);
                match parent.is_some_and(|p| self.goes(&p)) {
                    true => Vec::new(),
                    false => ddl::drop_statement(object, dialect).into_iter().collect(),
                }
            }
            ObjectRef::Table(table) if self.is_referenced_partition(table) => {
                let detach = table.partition_of.as_ref().map(|of| {
                    let (parent, name) = (
                        dialect.quote_name(&of.parent),
                        dialect.quote_name(&table.name),
                    );
                    format!("ALTER TABLE {parent} DETACH PARTITION {name}")
                });
                detach
                    .into_iter()
                    .chain(ddl::drop_statement(object, dialect))
                    .collect()
            }
            ObjectRef::ShellType(_) | ObjectRef::Range(_) if self.has_own_functions(id) => {
                let drop = ddl::drop_statement(object, dialect);
                drop.map(|drop| format!("{drop} CASCADE"))
                    .into_iter()
                    .collect()
            }
            _ => ddl::drop_statement(object, dialect).into_iter().collect(),
        };
        self.push(id, statements);
    }

    /// Whether functions and the type rest on each other, so that only CASCADE drops them.
    fn has_own_functions(&self, of: &ObjectId) -> bool {
        let routines = self.sides.before.catalog.routines.iter();
        let mut routines = routines.filter(|(_, r)| r.has_type(&of.name));
        routines.any(|((name, signature), _)| {
            let id = ObjectId::overload(ObjectKind::Function, name.clone(), signature.clone());
            types_made_of(self.sides.before.catalog, &id).contains(of)
        })
    }

    /// Whether a function goes with the type that rests on it as it rests on the type.
    fn goes_with_type(&self, id: &ObjectId, object: ObjectRef<'_>) -> bool {
        let ObjectRef::Routine(routine) = object else {
            return false;
        };
        let types = types_made_of(self.sides.before.catalog, id);
        types
            .iter()
            .any(|of| self.goes(of) && routine.has_type(&of.name))
    }

    /// The sequences that outlive the table that owns them.
    fn set_free(&mut self, table: &Table) {
        let sequences = self.sides.before.catalog.sequences.values();
        let owned =
            sequences.filter(|s| s.owned_by.as_ref().is_some_and(|(t, _)| *t == table.name));
        for sequence in owned {
            let id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
            if !self.goes(&id) && self.closure.early.contains(&ObjectId::table(&table.name)) {
                let name = self.version.dialect.quote_name(&sequence.name);
                self.push(&id, [format!("ALTER SEQUENCE {name} OWNED BY NONE")]);
            }
        }
    }

    /// A partition whose siblings stay, of a table that foreign keys refer to: the server would see
    /// them refer to the partition as well.
    fn is_referenced_partition(&self, table: &Table) -> bool {
        let Some(of) = &table.partition_of else {
            return false;
        };
        let tables = self.sides.before.catalog.tables.values();
        let mut keys = tables.flat_map(|t| t.foreign_keys());
        !self.goes(&ObjectId::table(&of.parent)) && keys.any(|(_, fk)| fk.target == of.parent)
    }

    /// Whether dropping something else takes the object along.
    fn goes_along(&self, id: &ObjectId, object: ObjectRef<'_>) -> bool {
        let before = &self.sides.before;
        if let ObjectRef::Sequence(sequence) = object
            && let Some((table, column)) = &sequence.owned_by
        {
            let stays = self.sides.after.catalog.tables.get(table);
            let column_goes = stays.is_some_and(|t| t.column(column).is_none());
            if column_goes && !self.closure.early.contains(id) {
                return true;
            }
        }
        if let ObjectRef::Table(Table {
            partition_of: Some(of),
            ..
        }) = object
        {
            let early = |id: &ObjectId| self.closure.early.contains(id);
            return early(&ObjectId::table(&of.parent)) && !early(id);
        }
        let Some(relation) = before.relation_of(id).filter(|r| self.goes(r)) else {
            return false;
        };
        match object {
            ObjectRef::Constraint(_, constraint) => match constraint.as_foreign_key() {
                Some(fk) => {
                    self.key_goes_along(id, &relation, &ObjectId::table(&fk.target))
                        && !self.retyped_before(fk, &relation)
                }
                None => true,
            },
            // Its partitions are no needs of an index that could go before it.
            ObjectRef::Index(..) => !before
                .needs(id)
                .iter()
                .any(|need| need.kind != ObjectKind::Table && self.goes_before(need, &relation)),
            _ => !before.needs(id).iter().any(|need| {
                self.goes_before(need, &relation) || self.changes_before(need, &relation)
            }),
        }
    }

    /// A table whose columns change does so before tables go, and with them what reads it from them.
    fn changes_before(&self, need: &ObjectId, relation: &ObjectId) -> bool {
        let columns = |table: Option<ObjectRef<'_>>| match table {
            Some(ObjectRef::Table(table)) => table.columns.clone(),
            _ => Vec::new(),
        };
        let sides = &self.sides;
        need != relation
            && self.fate(need) == Some(Fate::Alter)
            && !self.closure.early.contains(relation)
            && columns(sides.before.object(need)) != columns(sides.after.object(need))
    }

    /// A foreign key stands in the way where its target, one of its target's partitions or the key
    /// that it refers to goes before its own table does.
    fn key_goes_along(&self, id: &ObjectId, relation: &ObjectId, target: &ObjectId) -> bool {
        let table = self.sides.before.catalog.tables.get(&target.name);
        let partitioned = table.is_some_and(|t| t.partition_by.is_some());
        target == relation
            || !(self.closure.unkeyed.contains(id)
                || (self.goes(target) && (partitioned || self.goes_before(target, relation))))
    }

    /// Whether the columns that a foreign key refers to change before its own table goes.
    fn retyped_before(&self, fk: &ForeignKey, relation: &ObjectId) -> bool {
        let [before, after] = [&self.sides.before, &self.sides.after].map(|side| {
            let table = side.catalog.tables.get(&fk.target);
            let types = { fk.target_columns.iter() }.map(|c| Some(&table?.column(c)?.data_type));
            types.collect::<Vec<_>>()
        });
        let target = ObjectId::table(&fk.target);
        let altered = target != *relation && self.fate(&target) == Some(Fate::Alter);
        altered && before != after && !self.closure.early.contains(relation)
    }

    fn goes_before(&self, id: &ObjectId, relation: &ObjectId) -> bool {
        let place = |id: &ObjectId| self.sides.before.places.get(id).copied();
        let early = |id: &ObjectId| self.closure.early.contains(id);
        id != relation
            && self.goes(id)
            && match (early(id), early(relation)) {
                (true, false) => true,
                (false, true) => false,
                _ => place(id) < place(relation),
            }
    }
}

fn type_word(id: &ObjectId) -> &'static str {
    match id.kind {
        ObjectKind::Domain => "DOMAIN",
        _ => "TYPE",
    }
}
