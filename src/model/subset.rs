//! A catalog without some of its objects.

use super::{Catalog, ObjectId, QualifiedName};

impl Catalog {
    /// Removes every object that is named so, with its members and notes. What refers to it stays,
    /// and refers to something that others keep.
    pub fn retain(&mut self, keep: impl Fn(&QualifiedName) -> bool) {
        self.collations.retain(|name, _| keep(name));
        self.shell_types.retain(|name, _| keep(name));
        self.enums.retain(|name, _| keep(name));
        self.domains.retain(|name, _| keep(name));
        self.composites.retain(|name, _| keep(name));
        self.ranges.retain(|name, _| keep(name));
        self.sequences.retain(|name, _| keep(name));
        self.routines.retain(|(name, _), _| keep(name));
        self.aggregates.retain(|(name, _), _| keep(name));
        self.operators.retain(|(name, _), _| keep(name));
        self.operator_families.retain(|(name, _), _| keep(name));
        self.operator_classes.retain(|(name, _), _| keep(name));
        self.conversions.retain(|name, _| keep(name));
        self.text_search.retain(|(_, name), _| keep(name));
        self.tables.retain(|name, _| keep(name));
        self.virtual_tables.retain(|name, _| keep(name));
        self.views.retain(|name, _| keep(name));
        self.statistics.retain(|name, _| keep(name));
        self.opaque.retain(|(_, name), _| keep(name));
        self.notes.retain(|id: &ObjectId, _| keep(&id.name));
    }

    /// What this schema owns: without the objects of external schemas, and without these schemas.
    #[must_use]
    pub fn owned(&self) -> Self {
        let mut owned = self.clone();
        owned.retain(|name| !self.is_external(name));
        owned.schemas.retain(|_, schema| !schema.external);
        owned
    }

    /// Takes out the comments of relations and of what is in them: a database without COMMENT ON
    /// does not hold them, so a migration cannot either.
    #[must_use]
    pub fn without_comments(mut self) -> Self {
        for table in self.tables.values_mut() {
            table.facets.comment = None;
            table.columns.iter_mut().for_each(|c| c.comment = None);
            table.constraints.iter_mut().for_each(|c| c.comment = None);
            table.indexes.iter_mut().for_each(|i| i.comment = None);
            table.triggers.iter_mut().for_each(|t| t.comment = None);
        }
        for table in self.virtual_tables.values_mut() {
            table.comment = None;
        }
        for view in self.views.values_mut() {
            view.facets.comment = None;
            view.column_comments.clear();
            view.triggers.iter_mut().for_each(|t| t.comment = None);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ident, Schema, Table};

    #[test]
    fn objects_of_external_schemas_are_not_owned() {
        let mut catalog = Catalog::default();
        for (name, external) in [("auth", true), ("public", false)] {
            let schema = Schema {
                name: Ident::from(name),
                external,
                ..Schema::default()
            };
            catalog.schemas.insert(Ident::from(name), schema);
            let name = QualifiedName::new(name, "users");
            catalog.tables.insert(name, Table::default());
        }
        let owned = catalog.owned();
        assert_eq!(owned.schemas.len(), 1);
        let names: Vec<String> = owned.tables.keys().map(ToString::to_string).collect();
        assert_eq!(names, ["public.users"]);
        assert_ne!(owned, catalog);
    }
}
