//! DROP: refused where something rests on what goes, or, with CASCADE, taking it along.

use super::dependents::{Gone, Rest};
use super::fold::Fold;
use super::identity::identity_sequences;
use crate::model::{Constraint, Ident, ObjectId, ObjectKind, QualifiedName, Table};
use crate::source::Target;

impl Fold {
    /// Drops objects by one statement: what rests on one of them may be another.
    pub(super) fn drop_targets(&mut self, targets: &[Target], if_exists: bool, cascade: bool) {
        let mut going = Vec::new();
        for target in targets {
            match self.locate(target) {
                Some(id) if self.refuse_elsewhere(&id, "dropped") => {}
                Some(id) if self.refuse_other_kind(target, &id, true) => {}
                Some(id) if going.contains(&id) => {}
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
        let along = going.iter().flat_map(|id| self.going_along(id));
        all.extend(along.collect::<Vec<_>>());
        for id in &all {
            // A user mapping has the name of its server, and is no part of it.
            let part = |id: &ObjectId, rest: &ObjectId| {
                id.member.is_none() && id.name == rest.name && rest.kind != ObjectKind::UserMapping
            };
            let goes = |rest: &ObjectId| all.iter().any(|id| id == rest || part(id, rest));
            let keys = match self.index_owner.get(&id.name).cloned() {
                Some(table) => self.foreign_keys_on(&table, &id.name.name),
                None => Vec::new(),
            };
            let keys = keys.into_iter().chain(self.keys_over_partition(id));
            let inside = self.inside(id).into_iter().chain(keys);
            let inside = inside.chain(self.behind(id));
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

    /// The foreign keys to the table that a partition is part of: they refer to each partition as well.
    fn keys_over_partition(&self, id: &ObjectId) -> Vec<ObjectId> {
        let mut found = Vec::new();
        let mut at = self.partition_parent(&id.name);
        while let (ObjectKind::Table, Some(parent)) = (id.kind, at) {
            for table in self.catalog.tables.values() {
                let keys = table.foreign_keys().filter(|(_, fk)| fk.target == parent);
                found.extend(keys.map(|(c, _)| ObjectId::constraint(&table.name, &c.name)));
            }
            at = self.partition_parent(&parent);
        }
        found
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
        let extensions = self.catalog.extensions.values();
        let extensions = extensions.filter(|e| e.schema.as_ref() == Some(&id.name.name));
        let extensions = extensions
            .map(|e| ObjectId::new(ObjectKind::Extension, QualifiedName::bare(e.name.clone())));
        inside.chain(extensions).collect()
    }

    /// The partitions of a table, and their sequences, which go with it.
    fn going_along(&self, id: &ObjectId) -> Vec<ObjectId> {
        if id.kind != ObjectKind::Table {
            return Vec::new();
        }
        let partition = |name: &QualifiedName| {
            let table = self.catalog.tables.get(name);
            table.is_some_and(|t| t.partition_of.is_some())
        };
        let mut tables = self.children(&id.name);
        tables.retain(partition);
        let mut all: Vec<ObjectId> = tables.iter().map(ObjectId::table).collect();
        tables.push(id.name.clone());
        let sequences = self.catalog.sequences.values();
        let owned = sequences.filter(|s| {
            let owner = s.owned_by.as_ref();
            owner.is_some_and(|(table, _)| tables.contains(table))
        });
        all.extend(owned.map(|s| ObjectId::new(ObjectKind::Sequence, s.name.clone())));
        let found = tables
            .iter()
            .filter_map(|name| self.catalog.tables.get(name));
        all.extend(found.flat_map(identity_sequences));
        all
    }

    /// Takes out what rests on an object, and what rests on that.
    fn cascade(&mut self, id: &ObjectId) {
        // A type and its functions rest on each other.
        if self.now.going.contains(id) {
            return;
        }
        self.now.going.push(id.clone());
        let mut all = self.going_along(id);
        all.extend(self.inside(id));
        all.push(id.clone());
        for behind in self.behind(id) {
            self.cascade(&behind);
            self.remove(&behind);
        }
        for id in all {
            self.release(&Gone::Object(id));
        }
        self.now.going.pop();
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
                Rest::Published(publication, table) => {
                    let found = self.catalog.publications.get_mut(&publication);
                    if let Some(found) = found {
                        found.tables.retain(|t| t.name != table);
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
        if self.now.only {
            self.leave_check(table, name);
        }
        self.remove_member(&id);
    }

    /// DROP CONSTRAINT of a table alone: those that inherit from it keep the check as their own.
    fn leave_check(&mut self, table: &QualifiedName, name: &Ident) {
        let passes = |t: &Table| t.passed_on_checks().find(|c| c.name == *name).cloned();
        let Some(check) = self.catalog.tables.get(table).and_then(passes) else {
            return;
        };
        let heirs = { self.catalog.tables.values() }.filter(|t| t.inherits.contains(table));
        let heirs: Vec<QualifiedName> = heirs.map(|t| t.name.clone()).collect();
        for heir in heirs {
            let of_another = |t: &Table| t.name != *table && passes(t).is_some();
            if self.catalog.lineage(&heir).any(of_another) {
                continue;
            }
            let holds = self.catalog.holding.contains(&(heir.clone(), name.clone()));
            if let Some(own) = self.catalog.tables.get_mut(&heir) {
                own.constraints.push(Constraint {
                    not_valid: check.not_valid && !holds,
                    comment: None,
                    ..check.clone()
                });
            }
        }
    }
}
