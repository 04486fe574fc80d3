//! Views and materialized views.

use std::collections::BTreeMap;

use super::{Expr, Facets, Ident, Index, Parameters, QualifiedName, Query, Rule, Trigger};

/// A view or materialized view.
///
/// Equality sees the names of its columns, and whether it is recursive, in the key of its query: where
/// the author says them is no part of what the server keeps.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub name: QualifiedName,
    pub materialized: bool,
    /// Column names given in parentheses; empty where the query names them.
    pub columns: Vec<Ident>,
    pub query: Query,
    /// A query with the same columns, where `query` reads the view itself: the view is made with it and
    /// then replaced. No part of what the server keeps.
    pub shell: Option<Query>,
    /// `CREATE RECURSIVE VIEW`.
    pub recursive: bool,
    /// View options (`security_barrier`, `security_invoker`) or storage parameters.
    pub options: Parameters,
    /// `local` or `cascaded`.
    pub check_option: Option<Box<str>>,
    /// `WITH NO DATA`.
    pub no_data: bool,
    pub access_method: Option<Ident>,
    pub tablespace: Option<Ident>,
    /// Column defaults set by `ALTER VIEW`.
    pub defaults: BTreeMap<Ident, Expr>,
    /// Statistics targets of a materialized view's columns.
    pub column_statistics: BTreeMap<Ident, i32>,
    pub column_comments: BTreeMap<Ident, Box<str>>,
    pub indexes: Vec<Index>,
    pub triggers: Vec<Trigger>,
    pub rules: Vec<Rule>,
    pub cluster_on: Option<Ident>,
    pub facets: Facets,
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        let flags = |v: &Self| (v.materialized, v.no_data);
        self.name == other.name
            && flags(self) == flags(other)
            && self.query == other.query
            && self.options == other.options
            && self.check_option == other.check_option
            && self.access_method == other.access_method
            && self.tablespace == other.tablespace
            && self.defaults == other.defaults
            && self.column_statistics == other.column_statistics
            && self.column_comments == other.column_comments
            && self.indexes == other.indexes
            && self.triggers == other.triggers
            && self.rules == other.rules
            && self.cluster_on == other.cluster_on
            && self.facets == other.facets
    }
}

impl Eq for View {}
