//! The indexes that a table is sorted by and that tell its rows apart: the table has them by name, and they go
//! and are renamed; and what else follows a table that changes.

use super::fold::Fold;
use crate::model::{Ident, ObjectId, Persistence, QualifiedName, ReplicaIdentity};

impl Fold {
    /// An index, or the constraint that has one, is gone or has another name.
    pub(super) fn follow_marked(
        &mut self,
        relation: &QualifiedName,
        old: &Ident,
        new: Option<&Ident>,
    ) {
        if let Some(table) = self.catalog.tables.get_mut(relation) {
            if table.cluster_on.as_ref() == Some(old) {
                table.cluster_on = new.cloned();
            }
            if table.replica_identity == ReplicaIdentity::Index(old.clone()) {
                let index = new.cloned().map(ReplicaIdentity::Index);
                table.replica_identity = index.unwrap_or_default();
            }
        } else if let Some(view) = self.catalog.views.get_mut(relation)
            && view.cluster_on.as_ref() == Some(old)
        {
            view.cluster_on = new.cloned();
        }
    }

    /// SET LOGGED and SET UNLOGGED: from version 15 on the sequences of a table's columns go with it.
    pub(super) fn set_logged(&mut self, name: &QualifiedName, logged: bool) {
        let persistence = match logged {
            true => Persistence::Permanent,
            false => Persistence::Unlogged,
        };
        if let Some(table) = self.catalog.tables.get_mut(name) {
            table.persistence = persistence;
        }
        if self.version.major < 15 {
            return;
        }
        for sequence in self.catalog.sequences.values_mut() {
            let of = sequence.owned_by.as_ref().map(|(table, _)| table);
            if of == Some(name) {
                sequence.persistence = persistence;
            }
        }
    }

    /// Publications know tables by number.
    pub(super) fn follow_published(&mut self, old: &QualifiedName, new: &QualifiedName) {
        for publication in self.catalog.publications.values_mut() {
            let mut tables = publication.tables.iter_mut();
            if let Some(table) = tables.find(|t| t.name == *old) {
                table.name = new.clone();
            }
        }
    }

    /// What else names a column: lists of publications, and privileges on it.
    pub(super) fn follow_column(&mut self, relation: &QualifiedName, from: &Ident, to: &Ident) {
        for publication in self.catalog.publications.values_mut() {
            let tables = publication.tables.iter_mut();
            for table in tables.filter(|t| t.name == *relation) {
                super::rewrite::rename_in(&mut table.columns, from, to);
            }
        }
        let Some(kind) = self.relations.get(relation) else {
            return;
        };
        let id = ObjectId::new(*kind, relation.clone());
        let Some(facets) = self.catalog.facets_mut(&id) else {
            return;
        };
        for items in [&mut facets.acl.granted, &mut facets.acl.revoked] {
            let renamed = std::mem::take(items).into_iter().map(|mut item| {
                if item.column.as_ref() == Some(from) {
                    item.column = Some(to.clone());
                }
                item
            });
            *items = renamed.collect();
        }
    }
}
