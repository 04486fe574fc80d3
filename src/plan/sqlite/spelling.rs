//! Names in one spelling: SQLite compares them without regard to case.
//!
//! Invariant: after [`respelled`], what SQLite takes for the same name or type is equal, so that the
//! rest of the plan compares with `==`.

use std::collections::BTreeMap;

use crate::model::{Catalog, Column, ConstraintKind, Ident, QualifiedName, Table, Trigger};

/// The catalog without what SQLite does not store.
pub(super) fn plain(mut catalog: Catalog) -> Catalog {
    for table in catalog.tables.values_mut() {
        table.facets = Default::default();
        for column in &mut table.columns {
            column.comment = None;
        }
        for constraint in &mut table.constraints {
            constraint.comment = None;
            constraint.index_comment = None;
        }
        for index in &mut table.indexes {
            index.comment = None;
        }
        for trigger in &mut table.triggers {
            trigger.comment = None;
        }
    }
    for view in catalog.views.values_mut() {
        view.facets = Default::default();
        view.column_comments.clear();
        for trigger in &mut view.triggers {
            trigger.comment = None;
        }
    }
    for table in catalog.virtual_tables.values_mut() {
        table.comment = None;
    }
    catalog
}

/// The catalog with its names spelled as the other one spells them.
pub(super) fn respelled(catalog: Catalog, like: &Catalog) -> Catalog {
    let spelling = Spelling::of(like);
    let mut out = Catalog {
        tables: BTreeMap::new(),
        views: BTreeMap::new(),
        virtual_tables: BTreeMap::new(),
        ..catalog.clone()
    };
    for (_, mut table) in catalog.tables {
        spelling.table(&mut table);
        out.tables.insert(table.name.clone(), table);
    }
    for (_, mut view) in catalog.views {
        spelling.relation(&mut view.name);
        spelling.triggers(&view.name, &mut view.triggers);
        out.views.insert(view.name.clone(), view);
    }
    for (_, mut table) in catalog.virtual_tables {
        spelling.relation(&mut table.name);
        out.virtual_tables.insert(table.name.clone(), table);
    }
    out
}

struct Spelling<'a> {
    catalog: &'a Catalog,
    relations: BTreeMap<String, &'a QualifiedName>,
    /// Indexes and triggers.
    parts: BTreeMap<String, &'a Ident>,
}

impl<'a> Spelling<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let tables = catalog.tables.keys().chain(catalog.views.keys());
        let relations = tables.chain(catalog.virtual_tables.keys());
        let table_parts = catalog.tables.values().flat_map(|t| {
            let indexes = t.indexes.iter().map(|i| &i.name);
            indexes.chain(t.triggers.iter().map(|t| &t.name))
        });
        let views = catalog.views.values().flat_map(|v| &v.triggers);
        let parts = table_parts.chain(views.map(|t| &t.name));
        Self {
            catalog,
            relations: relations.map(|n| (n.name.to_lowercase(), n)).collect(),
            parts: parts.map(|n| (n.to_lowercase(), n)).collect(),
        }
    }

    fn relation(&self, name: &mut QualifiedName) {
        if let Some(found) = self.relations.get(&name.name.to_lowercase()) {
            *name = (*found).clone();
        }
    }

    fn part(&self, name: &mut Ident) {
        if let Some(found) = self.parts.get(&name.to_lowercase()) {
            *name = (*found).clone();
        }
    }

    fn columns<'n>(&self, table: &QualifiedName, names: impl Iterator<Item = &'n mut Ident>) {
        let Some(table) = self.catalog.tables.get(table) else {
            return;
        };
        for name in names {
            if let Some(found) = column_like(table, name) {
                *name = found.name.clone();
            }
        }
    }

    fn triggers(&self, relation: &QualifiedName, triggers: &mut [Trigger]) {
        for trigger in triggers {
            self.part(&mut trigger.name);
            self.columns(relation, trigger.update_of.iter_mut());
        }
    }

    fn table(&self, table: &mut Table) {
        self.relation(&mut table.name);
        let name = table.name.clone();
        self.columns(&name, table.columns.iter_mut().map(|c| &mut c.name));
        let like = self.catalog.tables.get(&name);
        for column in &mut table.columns {
            if let Some(like) = like.and_then(|t| column_like(t, &column.name)) {
                self.column(column, like);
            }
        }
        for constraint in &mut table.constraints {
            let named = like.map(|t| t.constraints.iter()).into_iter().flatten();
            let mut named = named.map(|c| &c.name);
            if let Some(found) = named.find(|n| n.eq_ignore_ascii_case(&constraint.name)) {
                constraint.name = found.clone();
            }
            match &mut constraint.kind {
                ConstraintKind::PrimaryKey { columns, .. }
                | ConstraintKind::Unique { columns, .. } => {
                    self.columns(&name, columns.iter_mut());
                }
                ConstraintKind::ForeignKey(fk) => {
                    self.relation(&mut fk.target);
                    self.columns(&name, fk.columns.iter_mut());
                    self.columns(&fk.target, fk.target_columns.iter_mut());
                }
                ConstraintKind::Check { .. } | ConstraintKind::Exclusion { .. } => {}
            }
        }
        for index in &mut table.indexes {
            self.part(&mut index.name);
            let columns = index.elements.iter_mut();
            self.columns(&name, columns.filter_map(|e| e.column.as_mut()));
            let like = like.and_then(|t| t.index(&index.name));
            let pairs = like.map(|l| index.elements.iter_mut().zip(&l.elements));
            for (element, like) in pairs.into_iter().flatten() {
                alike(&mut element.collation, &like.collation);
            }
        }
        self.triggers(&name, &mut table.triggers);
    }

    /// Types and collations are names as well.
    fn column(&self, column: &mut Column, like: &Column) {
        let (own, other) = (&mut column.data_type, &like.data_type);
        let bare = |name: &Ident| -> String {
            let letters = name.chars().filter(|c| !c.is_whitespace());
            letters.flat_map(char::to_lowercase).collect()
        };
        if own.modifiers == other.modifiers && bare(&own.name.name) == bare(&other.name.name) {
            own.name = other.name.clone();
        }
        alike(&mut column.collation, &like.collation);
    }
}

fn alike(own: &mut Option<QualifiedName>, other: &Option<QualifiedName>) {
    if let (Some(own), Some(other)) = (own, other)
        && own.name.eq_ignore_ascii_case(&other.name)
    {
        *own = other.clone();
    }
}

fn column_like<'t>(table: &'t Table, name: &str) -> Option<&'t Column> {
    let exact = table.column(name);
    let like = || {
        let mut columns = table.columns.iter();
        columns.find(|c| c.name.eq_ignore_ascii_case(name))
    };
    exact.or_else(like)
}

#[cfg(test)]
mod tests {
    use super::super::testing::catalog;
    use super::*;

    #[test]
    fn case_and_white_space_of_names_and_types_are_the_other_side_s() {
        let before = catalog(
            "CREATE TABLE Users (Id integer PRIMARY KEY, Name varchar (10) COLLATE nocase);
             CREATE INDEX By_Name ON users (NAME);
             CREATE TABLE logs (u REFERENCES users (id));",
        );
        let after = catalog(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(10) COLLATE NOCASE);
             CREATE INDEX by_name ON users (name);
             CREATE TABLE logs (u REFERENCES users (id));",
        );
        assert_eq!(respelled(before, &after), after);
    }
}
