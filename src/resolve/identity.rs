//! The sequences of identity columns, which statements name like any other.

use super::fit::altered_sequence;
use super::fold::Fold;
use crate::dialect::{identity_sequence, sequence_name};
use crate::model::{Column, Facets, ObjectId, ObjectKind, QualifiedName, Table};
use crate::source::AlterAction;

/// The sequences of a table's identity columns.
pub(super) fn identity_sequences(table: &Table) -> Vec<ObjectId> {
    let identities = table.columns.iter().filter(|c| c.identity.is_some());
    let names = identities.map(|c| identity_sequence(&table.name, c));
    names
        .map(|name| ObjectId::new(ObjectKind::Sequence, name))
        .collect()
}

impl Fold {
    /// Owner, comment and privileges of an object, the sequences of identity columns among them.
    pub(super) fn facets_of(&mut self, id: &ObjectId) -> Option<&mut Facets> {
        if id.kind != ObjectKind::Sequence || self.catalog.sequences.contains_key(&id.name) {
            return self.catalog.facets_mut(id);
        }
        let tables = self.catalog.tables.values_mut();
        let mut near = tables.filter(|t| t.name.schema == id.name.schema);
        near.find_map(|table| {
            let of =
                |c: &&Column| c.identity.is_some() && identity_sequence(&table.name, c) == id.name;
            let found = table.columns.iter().find(of);
            let name = found?.name.clone();
            let identity = table.column_mut(&name)?.identity.as_mut()?;
            Some(&mut identity.facets)
        })
    }

    /// Gives the sequence of an identity column another name; whether it is one.
    pub(super) fn rename_identity_sequence(
        &mut self,
        old: &QualifiedName,
        new: &QualifiedName,
    ) -> bool {
        let tables = self.catalog.tables.values_mut();
        for table in tables.filter(|t| t.name.schema == old.schema) {
            let of =
                |c: &&Column| c.identity.is_some() && identity_sequence(&table.name, c) == *old;
            let Some(column) = table.columns.iter().find(of).map(|c| c.name.clone()) else {
                continue;
            };
            let made = sequence_name(&table.name, &column) == *new;
            let column = table.column_mut(&column);
            if let Some(identity) = column.and_then(|c| c.identity.as_mut()) {
                identity.sequence = (!made).then(|| new.clone());
                return true;
            }
        }
        false
    }

    /// ALTER SEQUENCE of an identity column's: its options are the column's.
    pub(super) fn alter_identity_sequence(&mut self, name: &QualifiedName, action: AlterAction) {
        let AlterAction::Sequence { options, given } = action else {
            return;
        };
        let tables = self.catalog.tables.values_mut();
        for table in tables.filter(|t| t.name.schema == name.schema) {
            let of =
                |c: &&Column| c.identity.is_some() && identity_sequence(&table.name, c) == *name;
            let Some(column) = table.columns.iter().find(of).map(|c| c.name.clone()) else {
                continue;
            };
            let Some(column) = table.column_mut(&column) else {
                continue;
            };
            let of = column.data_type.clone();
            if let Some(identity) = column.identity.as_mut()
                && let Some(new) = altered_sequence(&identity.options, &of, &options, &given)
            {
                identity.options = new;
            }
        }
    }

    /// The sequences that came with a table.
    pub(super) fn sequences_of(&self, id: &ObjectId) -> Vec<ObjectId> {
        let Some(table) = self
            .catalog
            .tables
            .get(&id.name)
            .filter(|_| id.kind == ObjectKind::Table)
        else {
            return Vec::new();
        };
        let mut ids = identity_sequences(table);
        let sequences = self.catalog.sequences.values();
        let owned = sequences.filter(|s| s.owned_by.as_ref().is_some_and(|(t, _)| *t == id.name));
        ids.extend(owned.map(|s| ObjectId::new(ObjectKind::Sequence, s.name.clone())));
        ids
    }
}
