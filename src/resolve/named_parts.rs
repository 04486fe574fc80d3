//! What one object names of another, looked at when all of a schema is there: tables that are published
//! and that own sequences, columns with privileges of their own, the indexes that tables are sorted by.
//!
//! Invariants: what an external object has is not known, and what a statement that is kept mentions may be
//! there.

use super::fold::Fold;
use crate::diagnostic::Facet;
use crate::model::{AclItem, Ident, ObjectId, ObjectKind, QualifiedName, ReplicaIdentity, Table};

/// A column that an object names, and the table that should have it.
type Named = (ObjectId, QualifiedName, Ident);

impl Fold {
    /// The server publishes tables that are there, and has them own sequences.
    pub(super) fn check_named_tables(&mut self) {
        let mut missing = Vec::new();
        for sequence in self.catalog.sequences.values() {
            let owner = sequence.owned_by.as_ref().map(|(table, _)| table);
            let unknown = owner.filter(|t| self.catalog.relation(t).is_none());
            let id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
            missing.extend(unknown.map(|table| (id.clone(), "belongs to", table.clone())));
        }
        for publication in self.catalog.publications.values() {
            let tables = publication.tables.iter().map(|t| &t.name);
            let known = |t: &QualifiedName| {
                self.catalog.relation(t).is_some() || self.is_mentioned(&t.name)
            };
            let unknown = tables.filter(|t| !known(t));
            let id = bare(ObjectKind::Publication, &publication.name);
            missing.extend(unknown.map(|table| (id.clone(), "publishes", table.clone())));
        }
        for (id, does, table) in missing {
            let headline = format!("{id} {does} `{table}`, which does not exist");
            self.miss_table(&id, &table, headline);
        }
    }

    /// Columns that publications list, and that sequences belong to, and that their tables do not have.
    pub(super) fn columns_named_elsewhere(&self) -> Vec<Named> {
        let sequences = self.catalog.sequences.values().filter_map(|sequence| {
            let (table, column) = sequence.owned_by.clone()?;
            let id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
            Some((id, table, column))
        });
        let publications = self.catalog.publications.values().flat_map(|publication| {
            let id = bare(ObjectKind::Publication, &publication.name);
            let tables = publication.tables.iter();
            tables.flat_map(move |t| {
                let (id, name) = (id.clone(), t.name.clone());
                t.columns
                    .iter()
                    .map(move |c| (id.clone(), name.clone(), c.clone()))
            })
        });
        let missing = |(_, table, column): &Named| {
            let found = self.catalog.tables.get(table);
            let known = !self.catalog.is_external(table);
            found.is_some_and(|t| known && t.column(column).is_none())
        };
        let granted = self.catalog.tables.values().flat_map(granted_columns);
        let named = sequences.chain(publications).chain(granted);
        named.filter(missing).collect()
    }

    pub(super) fn place_granted(&mut self, id: &ObjectId, items: &[AclItem]) {
        for column in items.iter().filter_map(|i| i.column.as_ref()) {
            self.place_named(id, column);
        }
    }

    /// Remembers where an object names a part that is not there, or not there yet.
    pub(super) fn place_named(&mut self, id: &ObjectId, name: &Ident) {
        let there = self.catalog.tables.get(&id.name).is_some_and(|t| {
            t.column(name).is_some() || t.index(name).is_some() || t.constraint(name).is_some()
        });
        if !there {
            let facet = Facet::Part(name.clone());
            self.map.insert(id.clone(), facet, self.now.span);
        }
    }

    /// CLUSTER ON and REPLICA IDENTITY USING INDEX name indexes of the table. Those of partitions may
    /// come from above, under names that the server gives.
    pub(super) fn check_marks(&mut self) {
        let mut missing = Vec::new();
        for table in self.catalog.tables.values() {
            if table.partition_of.is_some() || self.catalog.is_external(&table.name) {
                continue;
            }
            let has = |n: &Ident| table.index(n).is_some() || table.constraint(n).is_some();
            let marks = marks(table).filter(|(_, name)| !has(name) && !self.is_mentioned(name));
            let id = ObjectId::table(&table.name);
            missing.extend(marks.map(|(does, name)| (id.clone(), does, name.clone())));
        }
        for view in self.catalog.views.values() {
            let by = view.cluster_on.as_ref();
            let by = by.filter(|n| view.indexes.iter().all(|i| i.name != **n));
            let id = ObjectId::new(ObjectKind::MaterializedView, view.name.clone());
            let by = by.filter(|n| !self.is_mentioned(n));
            missing.extend(by.map(|name| (id, SORTED, name.clone())));
        }
        for (id, does, index) in missing {
            let headline = format!("{id} {does} index `{index}`, which it does not have");
            let help = "name an index of its own, or create this one";
            self.report_named(&id, &index, "resolve/unknown-index", headline, help);
        }
    }
}

const SORTED: &str = "is clustered on";

fn marks(table: &Table) -> impl Iterator<Item = (&'static str, &Ident)> {
    let told_by = match &table.replica_identity {
        ReplicaIdentity::Index(index) => Some(("has for its replica identity", index)),
        _ => None,
    };
    let by = table.cluster_on.as_ref().map(|index| (SORTED, index));
    by.into_iter().chain(told_by)
}

fn granted_columns(table: &Table) -> impl Iterator<Item = Named> {
    let acl = &table.facets.acl;
    let columns = acl.granted.iter().chain(&acl.revoked);
    let columns = columns.filter_map(|item| item.column.clone());
    columns.map(|column| (ObjectId::table(&table.name), table.name.clone(), column))
}

fn bare(kind: ObjectKind, name: &Ident) -> ObjectId {
    ObjectId::new(kind, QualifiedName::bare(name.clone()))
}
