//! Schemas and extensions.

use super::{Catalog, Facets, Ident};

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

impl Extension {
    /// Whether its schema goes, and nothing says where it is to be: extensions that choose their schema
    /// themselves stay where they are as long as it does.
    pub(crate) fn is_stranded(&self, after: &Self, catalog: &Catalog) -> bool {
        let schema = self.schema.as_ref();
        after.schema.is_none() && schema.is_some_and(|s| !catalog.schemas.contains_key(s))
    }
}
