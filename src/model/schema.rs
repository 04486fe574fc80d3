//! Schemas and extensions.

use super::{Facets, Ident};

/// A schema (namespace).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    pub name: Ident,
    /// Whether the platform owns it: referenced, never created, changed or dropped.
    pub external: bool,
    /// Whether it exists before anything is created (`public`, those of a `--setup` file).
    pub implicit: bool,
    pub facets: Facets,
}

/// An installed extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    pub name: Ident,
    pub schema: Option<Ident>,
    pub version: Option<Box<str>>,
    pub comment: Option<Box<str>>,
}
