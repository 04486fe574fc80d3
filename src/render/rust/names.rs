//! Names: PostgreSQL's as Rust's, and no two alike.
//!
//! Invariants: every name is a valid identifier of edition 2024; names are given in the order of
//! the catalog, so that the same schema gets the same names; a table keeps its name when others of
//! unlike names come and go.

use std::collections::{BTreeMap, BTreeSet};

use super::escape::rust_ident;
use super::words::{pascal, singular};
use crate::dialect::{Dialect, cut_identifier};
use crate::model::{Catalog, Ident, QualifiedName, Table};

/// Type names that the generated modules use for something else.
static TAKEN_TYPES: &str = "\
    Assignments BTreeMap Box Cell Checks Clone Constraint Copy DateTime Debug Decimal Default \
    Deserialize Deserializer Display Eq Err Error Fn FnMut FnOnce FromSql GenericClient Given \
    Hash HashMap Into Iterator NaiveDate NaiveDateTime NaiveTime None Ok Option Ord Param \
    PartialEq PartialOrd Result Row Self Send Serialize Some String Sync ToSql ToString TryFrom \
    Utc Uuid Value Vec Violation";

/// Modules that are there whatever the schema.
static TAKEN_MODULES: &[&str] = &["composites", "constraints", "enums", "mod", "support"];

/// What the types and the module of one table are called.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct TableNames {
    pub(super) module: String,
    pub(super) row: String,
    pub(super) new: String,
    pub(super) patch: String,
    /// `TaskId` for a key of one column, `TaskKey` for more.
    pub(super) key: String,
}

/// The names of everything that gets code.
pub(super) struct Names<'a> {
    pub(super) tables: BTreeMap<&'a QualifiedName, TableNames>,
    pub(super) enums: BTreeMap<&'a QualifiedName, String>,
    pub(super) composites: BTreeMap<&'a QualifiedName, String>,
}

impl<'a> Names<'a> {
    /// `folder` is the last part of the folder that the modules go to: a module of its own name
    /// inside would be confusing (and clippy says so).
    pub(super) fn of(catalog: &'a Catalog, folder: &str) -> Self {
        let several = catalog.schemas.values().filter(|s| !s.external).count() > 1;
        let prefix = |name: &QualifiedName| match &name.schema {
            Some(schema) if several && schema != "public" => format!("{schema}_"),
            _ => String::new(),
        };
        let mut types = Unique::new(TAKEN_TYPES.split_whitespace());
        let mut modules = Unique::new(TAKEN_MODULES.iter().copied().chain([folder]));
        let mut names = Self {
            tables: BTreeMap::new(),
            enums: BTreeMap::new(),
            composites: BTreeMap::new(),
        };
        for table in catalog.tables.values().filter(|t| has_code(catalog, t)) {
            let full = prefix(&table.name) + &table.name.name;
            let module = modules.claim_module(&module_name(&full));
            let row = types.claim_row(&full);
            let named = TableNames {
                module,
                new: format!("New{row}"),
                patch: format!("{row}Patch"),
                key: format!("{row}{}", key_suffix(table.primary_key_columns())),
                row,
            };
            names.tables.insert(&table.name, named);
        }
        for declared in catalog.enums.values().filter(|e| !e.values.is_empty()) {
            let full = prefix(&declared.name) + &declared.name.name;
            names
                .enums
                .insert(&declared.name, types.claim(&pascal(&full)));
        }
        for composite in catalog.composites.values() {
            let full = prefix(&composite.name) + &composite.name.name;
            names
                .composites
                .insert(&composite.name, types.claim(&pascal(&full)));
        }
        names
    }
}

/// Partitions are written to through their parents, and what another owns is left to that owner.
fn has_code(catalog: &Catalog, table: &Table) -> bool {
    table.partition_of.is_none() && !catalog.is_external(&table.name)
}

fn key_suffix(columns: &[Ident]) -> &'static str {
    if columns.len() == 1 { "Id" } else { "Key" }
}

/// Names in use in one scope.
#[derive(Default)]
pub(super) struct Unique {
    taken: BTreeSet<String>,
}

impl Unique {
    pub(super) fn new<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            taken: taken.into_iter().map(str::to_owned).collect(),
        }
    }

    /// `wanted`, or with the first number behind it that is free.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            let joint = if wanted.ends_with(|c: char| c.is_ascii_digit()) {
                "_"
            } else {
                ""
            };
            name = format!("{wanted}{joint}{number}");
            number += 1;
        }
        name
    }

    /// `wanted`, or with `_table` behind it, or numbered.
    fn claim_module(&mut self, wanted: &str) -> String {
        if self.taken.contains(wanted) {
            self.claim(&format!("{wanted}_table"))
        } else {
            self.claim(wanted)
        }
    }

    /// The type of a table's rows, with room for the types that are named after it: the singular,
    /// else the name as it is, else with `Row` behind it, else numbered.
    fn claim_row(&mut self, table: &str) -> String {
        let singular = pascal(&singular(table));
        let plain = pascal(table);
        let row = format!("{plain}Row");
        let numbered = (2..).map(|n| format!("{plain}Row{n}"));
        let wanted = [singular, plain.clone(), row].into_iter().chain(numbered);
        for name in wanted {
            // The other names are longer; room is left for the longest.
            let name = cut_identifier(Dialect::Postgres, &name);
            let family = [
                name.clone(),
                format!("New{name}"),
                format!("{name}Patch"),
                format!("{name}Id"),
                format!("{name}Key"),
            ];
            if family.iter().all(|n| !self.taken.contains(n)) {
                self.taken.extend(family);
                return name;
            }
        }
        // The numbers never end.
        plain
    }
}

/// A module is a file, so that a raw identifier would be odd.
fn module_name(name: &str) -> String {
    let ident = rust_ident(name);
    match ident.strip_prefix("r#") {
        Some(word) => format!("{word}_"),
        None => ident,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colliding_tables_get_types_of_their_own() {
        let mut types = Unique::new(TAKEN_TYPES.split_whitespace());
        let claimed = ["user", "users", "Users", "errors", "new_user", "options"]
            .map(|table| types.claim_row(table));
        assert_eq!(
            claimed,
            [
                "User",
                "Users",
                "UsersRow",
                "Errors",
                "NewUserRow",
                "Options"
            ]
        );
    }

    #[test]
    fn taken_names_are_numbered() {
        let mut unique = Unique::default();
        assert_eq!(unique.claim("a"), "a");
        assert_eq!(unique.claim("a"), "a2");
        assert_eq!(unique.claim("a2"), "a2_2");
    }
}
