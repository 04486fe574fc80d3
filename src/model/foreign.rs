//! Foreign data: wrappers, servers, user mappings, and what a foreign table adds to a table.

use super::{Facets, Grantee, Ident, Parameters, QualifiedName};

/// `OPTIONS (name 'value')`.
pub type GenericOptions = Parameters;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignDataWrapper {
    pub name: Ident,
    pub handler: Option<QualifiedName>,
    pub validator: Option<QualifiedName>,
    pub options: GenericOptions,
    pub facets: Facets,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignServer {
    pub name: Ident,
    pub server_type: Option<Box<str>>,
    pub version: Option<Box<str>>,
    pub wrapper: Ident,
    pub options: GenericOptions,
    pub facets: Facets,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserMapping {
    /// A role, `Public`, or a role named `current_user`.
    pub user: Grantee,
    pub server: Ident,
    pub options: GenericOptions,
}

/// What makes a table foreign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignTableSpec {
    pub server: Ident,
    pub options: GenericOptions,
}
