//! What an author says about an object that the database does not store.

use super::Ident;

/// Annotations of one object or column; not part of a catalog's equality.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Group for documents and diagrams.
    pub group: Option<Box<str>>,
    /// The former name, for a rename.
    pub renamed_from: Option<Ident>,
    /// The object it replaces without being a rename of it.
    pub replaces: Option<Ident>,
    /// Why an index exists.
    pub reason: Option<Box<str>>,
    pub retention: Option<Box<str>>,
    /// Whether `audit: true` made a history table and trigger; the history table's name.
    pub audit_table: Option<Ident>,
    /// The column that marks a deleted row.
    pub soft_delete: Option<Ident>,
    /// Whether the table keeps the short forms of migrations (`online: false`).
    pub offline: bool,
    /// Whether a change of the column goes by `strategy: expand-contract`.
    pub expands: bool,
    /// The expression that gives a column's values when its type changes, in terms of the old row.
    pub using: Option<Box<str>>,
    /// The same for the way back.
    pub using_back: Option<Box<str>>,
    pub sensitive: bool,
    /// The column holds ciphertext.
    pub encrypted: bool,
    /// The column holds a hash.
    pub hashed: bool,
    /// The JSON Schema of a JSON column, as compact JSON text.
    pub shape: Option<Box<str>>,
    pub examples: Vec<Box<str>>,
    pub deprecated: Option<Box<str>>,
    /// Functional dependencies of a table.
    pub dependencies: Vec<FunctionalDependency>,
    /// Columns that are denormalized on purpose, with the reason.
    pub denormalized: Vec<(Vec<Ident>, Box<str>)>,
    /// Suppressions of rules.
    pub allow: Vec<Allow>,
}

/// `from -> to`: equal values in `from` mean equal values in `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionalDependency {
    pub from: Vec<Ident>,
    pub to: Vec<Ident>,
}

/// A suppression of a rule on an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    pub rule: Box<str>,
    pub reason: Option<Box<str>>,
    /// `YYYY-MM-DD`: the first day on which it no longer counts.
    pub until: Option<Box<str>>,
}
