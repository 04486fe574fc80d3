//! Data types: references to them, and the types that a schema defines.

use super::{Expr, Facets, Ident, QualifiedName};

/// A reference to a data type.
///
/// Built-in types carry the name that PostgreSQL's `format_type` prints (`integer`,
/// `character varying`, `timestamp with time zone`) and no schema; types of the schema are
/// qualified once resolved; a type of an extension may stay unqualified. In SQLite `name` is the
/// declared type text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataType {
    pub name: QualifiedName,
    /// Modifiers in source form: `255`, or `10` and `2`, or `Point` and `4326`. The fields of an
    /// interval (`year to month`) come first among them.
    pub modifiers: Vec<Box<str>>,
    /// Number of array dimensions as written; PostgreSQL enforces none, so any above zero are equal
    /// to it, but they are kept for printing.
    pub dimensions: u8,
}

impl DataType {
    /// A built-in type by its `format_type` name.
    pub fn builtin(name: &str) -> Self {
        Self {
            name: QualifiedName::bare(name),
            ..Self::default()
        }
    }

    pub fn is_array(&self) -> bool {
        self.dimensions > 0
    }

    /// Whether this is the built-in type `name`, not an array of it.
    pub fn is(&self, name: &str) -> bool {
        self.name.schema.is_none() && self.name.name == name && self.dimensions == 0
    }
}

/// An enumerated type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnumType {
    pub name: QualifiedName,
    /// Labels in their sort order.
    pub values: Vec<Box<str>>,
    pub facets: Facets,
}

/// A domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domain {
    pub name: QualifiedName,
    pub base: DataType,
    pub collation: Option<QualifiedName>,
    pub default: Option<Expr>,
    pub not_null: bool,
    /// Sorted by name once resolved.
    pub checks: Vec<DomainCheck>,
    pub facets: Facets,
}

/// A CHECK constraint of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainCheck {
    pub name: Ident,
    pub expression: Expr,
    pub not_valid: bool,
    pub comment: Option<Box<str>>,
}

/// A composite type; attributes in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompositeType {
    pub name: QualifiedName,
    /// Attribute name, type, collation.
    pub attributes: Vec<(Ident, DataType, Option<QualifiedName>)>,
    pub attribute_comments: std::collections::BTreeMap<Ident, Box<str>>,
    pub facets: Facets,
}

/// A range type: `options` as in `CREATE TYPE ... AS RANGE (...)`, keys in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeType {
    pub name: QualifiedName,
    pub subtype: DataType,
    pub options: std::collections::BTreeMap<Box<str>, Expr>,
    pub facets: Facets,
}

/// A base type (`CREATE TYPE name (INPUT = ...)`) or, without options, a shell type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShellType {
    pub name: QualifiedName,
    pub options: std::collections::BTreeMap<Box<str>, Expr>,
    pub facets: Facets,
}

/// A collation: `options` as in `CREATE COLLATION (...)`, or `from` another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collation {
    pub name: QualifiedName,
    pub options: std::collections::BTreeMap<Box<str>, Expr>,
    pub from: Option<QualifiedName>,
    pub facets: Facets,
}

/// An extended statistics object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub name: QualifiedName,
    pub table: QualifiedName,
    /// `ndistinct`, `dependencies`, `mcv`; sorted; empty means all.
    pub kinds: Vec<Box<str>>,
    /// Columns and parenthesised expressions, in order.
    pub elements: Vec<Expr>,
    pub target: Option<i32>,
    pub facets: Facets,
}
