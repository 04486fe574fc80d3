//! What rules ask about a catalog again and again, computed once a run.

use std::collections::BTreeMap;

use super::words;
use crate::model::{Catalog, Constraint, ForeignKey, QualifiedName, Table};

/// A foreign key with the table that holds it.
#[derive(Clone, Copy, Debug)]
pub struct ForeignKeyRef<'a> {
    pub table: &'a Table,
    pub constraint: &'a Constraint,
    pub key: &'a ForeignKey,
}

/// Maps over a catalog that the catalog itself does not keep.
#[derive(Clone, Debug, Default)]
pub struct Relations<'a> {
    foreign_keys_to: BTreeMap<&'a QualifiedName, Vec<ForeignKeyRef<'a>>>,
    tables_by_bare_name: BTreeMap<&'a str, Vec<&'a Table>>,
    tables_by_entity: BTreeMap<String, Vec<&'a Table>>,
    relation_of_index: BTreeMap<QualifiedName, &'a QualifiedName>,
}

impl<'a> Relations<'a> {
    pub fn of(catalog: &'a Catalog) -> Self {
        let mut relations = Self::default();
        for (name, table) in &catalog.tables {
            for (constraint, key) in table.foreign_keys() {
                let reference = ForeignKeyRef {
                    table,
                    constraint,
                    key,
                };
                let to = relations.foreign_keys_to.entry(&key.target);
                to.or_default().push(reference);
            }
            let named = relations.tables_by_bare_name.entry(name.name.as_str());
            named.or_default().push(table);
            let entity = relations.tables_by_entity.entry(words::entity(&name.name));
            entity.or_default().push(table);
            for index in &table.indexes {
                let index = name.sibling(index.name.clone());
                relations.relation_of_index.insert(index, name);
            }
        }
        for (name, view) in &catalog.views {
            for index in &view.indexes {
                let index = name.sibling(index.name.clone());
                relations.relation_of_index.insert(index, name);
            }
        }
        relations
    }

    /// The foreign keys that reference a table, by the name of the table that holds them.
    pub fn foreign_keys_to(&self, target: &QualifiedName) -> &[ForeignKeyRef<'a>] {
        self.foreign_keys_to.get(target).map_or(&[], Vec::as_slice)
    }

    /// The tables of a name, whatever their schema.
    pub fn tables_named(&self, name: &str) -> &[&'a Table] {
        self.tables_by_bare_name
            .get(name)
            .map_or(&[], Vec::as_slice)
    }

    /// The tables of an entity (`order_item`), whatever their schema, case and number.
    pub fn tables_of_entity(&self, entity: &str) -> &[&'a Table] {
        self.tables_by_entity.get(entity).map_or(&[], Vec::as_slice)
    }

    /// The relation that an index belongs to.
    pub fn relation_of_index(&self, index: &QualifiedName) -> Option<&'a QualifiedName> {
        self.relation_of_index.get(index).copied()
    }
}
