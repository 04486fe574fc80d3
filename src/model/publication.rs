//! Logical replication.

use super::{Expr, Facets, Ident, Parameters, QualifiedName};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    pub name: Ident,
    pub all_tables: bool,
    /// `FOR TABLES IN SCHEMA`, sorted.
    pub schemas: Vec<Ident>,
    /// Sorted by name.
    pub tables: Vec<PublicationTable>,
    /// `WITH (publish = ...)`.
    pub options: Parameters,
    pub facets: Facets,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicationTable {
    pub name: QualifiedName,
    /// Column list; empty means all.
    pub columns: Vec<Ident>,
    pub filter: Option<Expr>,
    pub only: bool,
}

/// A subscription. Its connection text may hold a password: it is never printed in messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    pub name: Ident,
    pub connection: Box<str>,
    pub publications: Vec<Ident>,
    pub options: Parameters,
    pub facets: Facets,
}
