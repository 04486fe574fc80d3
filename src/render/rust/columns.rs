//! The columns of a table as fields, keys and foreign keys followed to the types of their targets.
//!
//! Invariants: a column that refers to the key of another table has the type of that key, wherever
//! the chain of foreign keys ends; of a ring of keys that refer to each other the first table has
//! the type; a foreign key between different types keeps the plain types.

use super::Models;
use super::escape::rust_ident;
use super::names::{Names, Unique};
use super::types::{RustType, Types};
use super::words::snake;
use crate::model::{Catalog, Column, ForeignKey, Ident, QualifiedName, Table};

/// Longest chain of foreign keys that is followed.
const CHAIN: usize = 64;

/// A column as a field of the generated structs.
pub(super) struct Field<'a> {
    pub(super) column: &'a Column,
    /// The identifier, raw where it has to be.
    pub(super) ident: String,
    /// The identifier without `r#`, as part of other names.
    pub(super) stem: String,
    /// The column in SQL.
    pub(super) sql: String,
    /// The type of its values, NULL aside.
    pub(super) data_type: RustType,
    pub(super) nullable: bool,
    pub(super) insert: Insert,
    /// Whether it is (part of) the primary key.
    pub(super) key: bool,
    pub(super) sensitive: bool,
}

/// What an insert gives for a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Insert {
    /// A value.
    Required,
    /// A value or NULL.
    Nullable,
    /// A value or the default.
    Defaulted,
    /// Nothing: the server makes the value.
    Never,
}

impl Field<'_> {
    /// The type of the field in a row.
    pub(super) fn row_type(&self) -> String {
        optional(&self.data_type.name, self.nullable)
    }

    /// The type of the field in an insert.
    pub(super) fn insert_type(&self) -> String {
        optional(&self.row_type(), self.insert == Insert::Defaulted)
    }

    pub(super) fn patch_type(&self) -> String {
        optional(&self.row_type(), true)
    }

    /// A placeholder with the cast that the type needs: `$1::text::inet`.
    pub(super) fn placeholder(&self, number: usize) -> String {
        match &self.data_type.write {
            Some(cast) => format!("${number}::{cast}"),
            None => format!("${number}"),
        }
    }

    /// A placeholder for an array of such values; `None` where the type is an array itself.
    pub(super) fn any(&self) -> Option<String> {
        let written = self.data_type.write.as_ref().map(|write| {
            let steps: Vec<String> = write.split("::").map(|s| format!("{s}[]")).collect();
            format!("$1::{}", steps.join("::"))
        });
        let nested = self.data_type.name.starts_with("Vec<");
        (!nested).then(|| written.unwrap_or_else(|| "$1".to_owned()))
    }

    /// The column in a SELECT list.
    pub(super) fn selected(&self) -> String {
        match &self.data_type.read {
            Some(cast) => format!("{}::{cast} AS {}", self.sql, self.sql),
            None => self.sql.clone(),
        }
    }
}

fn optional(name: &str, optional: bool) -> String {
    if optional {
        format!("Option<{name}>")
    } else {
        name.to_owned()
    }
}

/// Builds the fields of tables.
pub(super) struct Fields<'a> {
    catalog: &'a Catalog,
    names: &'a Names<'a>,
    types: &'a Types<'a>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(models: &Models<'a>) -> Self {
        Self {
            catalog: models.types.catalog,
            names: models.types.names,
            types: models.types,
        }
    }

    pub(super) fn of(&self, table: &'a Table) -> Vec<Field<'a>> {
        let mut idents = Unique::default();
        let key = table.primary_key_columns();
        table
            .columns
            .iter()
            .map(|column| {
                let stem = idents.claim(&snake(&column.name));
                let in_key = key.contains(&column.name);
                let not_null =
                    column.not_null || in_key || self.types.is_not_null_domain(&column.data_type);
                Field {
                    column,
                    ident: rust_ident(&stem),
                    sql: self.types.dialect.quote(&column.name).into_owned(),
                    data_type: self.type_of(table, column),
                    nullable: !not_null,
                    insert: self.insert(column, not_null),
                    key: in_key,
                    sensitive: self.notes(table, column).is_some_and(|n| n.sensitive),
                    stem,
                }
            })
            .collect()
    }

    fn notes(&self, table: &Table, column: &Column) -> Option<&'a crate::model::Notes> {
        let id = crate::model::ObjectId::column(&table.name, &column.name);
        self.catalog.notes(&id)
    }

    fn insert(&self, column: &Column, not_null: bool) -> Insert {
        let always = column.identity.as_ref().is_some_and(|i| i.always);
        let domain = self.catalog.domains.get(&column.data_type.name);
        let domain_default =
            column.data_type.dimensions == 0 && domain.is_some_and(|d| d.default.is_some());
        if always || column.generated.is_some() {
            Insert::Never
        } else if column.default.is_some() || column.identity.is_some() || domain_default {
            Insert::Defaulted
        } else if not_null {
            Insert::Required
        } else {
            Insert::Nullable
        }
    }

    /// The column's type: the key that it is, or that it refers to, else that of its SQL type.
    pub(super) fn type_of(&self, table: &Table, column: &Column) -> RustType {
        let plain = self.types.resolve(&column.data_type);
        match self.key_owner(table, &column.name) {
            Some(owner) => match self.names.tables.get(owner) {
                Some(names) => RustType {
                    uses: RustType::of_models(&names.key).uses,
                    shape: super::types::Shape::Other,
                    ..plain.renamed(names.key.clone())
                },
                None => plain,
            },
            None => plain,
        }
    }

    /// The table whose key type the column has.
    pub(super) fn key_owner(&self, table: &Table, column: &Ident) -> Option<&'a QualifiedName> {
        let mut at = (self.catalog.tables.get(&table.name)?, column.clone());
        let mut chain: Vec<(&'a Table, Ident)> = Vec::new();
        for _ in 0..CHAIN {
            if let Some(start) = chain
                .iter()
                .position(|(t, c)| t.name == at.0.name && *c == at.1)
            {
                // A ring: its first table that has a key of this one column.
                let ring = chain[start..].iter().filter(|(t, c)| is_key(t, c));
                if let Some(first) = ring.map(|(t, _)| &t.name).min() {
                    return Some(first);
                }
                break;
            }
            chain.push(at.clone());
            match self.target(at.0, &at.1) {
                Some(next) => at = next,
                None => break,
            }
        }
        let keys = chain.iter().rev().filter(|(t, c)| is_key(t, c));
        let mut names = keys.map(|(t, _)| &t.name);
        names.find(|name| self.names.tables.contains_key(name))
    }

    /// The column that a foreign key over `column` refers to, of the same type; a foreign key of
    /// one column goes before others.
    fn target(&self, table: &'a Table, column: &Ident) -> Option<(&'a Table, Ident)> {
        let own = self.types.resolve(&table.column(column)?.data_type);
        let mut keys: Vec<&ForeignKey> = table.foreign_keys().map(|(_, fk)| fk).collect();
        keys.sort_by_key(|fk| fk.columns.len() > 1);
        keys.into_iter().filter(|fk| !fk.period).find_map(|fk| {
            let at = fk.columns.iter().position(|c| c == column)?;
            let target = self.catalog.tables.get(&fk.target)?;
            self.names.tables.get(&target.name)?;
            let name = target_columns(fk, target).get(at)?;
            let same = self.types.resolve(&target.column(name)?.data_type) == own;
            same.then(|| (target, name.clone()))
        })
    }
}

/// The columns that a foreign key refers to.
pub(super) fn target_columns<'t>(fk: &'t ForeignKey, target: &'t Table) -> &'t [Ident] {
    if fk.target_columns.is_empty() {
        target.primary_key_columns()
    } else {
        &fk.target_columns
    }
}

fn is_key(table: &Table, column: &Ident) -> bool {
    table.primary_key_columns() == std::slice::from_ref(column)
}
