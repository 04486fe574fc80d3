//! Views and materialized views.

use std::collections::BTreeMap;

use super::{Expr, Facets, Ident, Index, Parameters, QualifiedName, Query, Rule, Trigger};

/// A view or materialized view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub name: QualifiedName,
    pub materialized: bool,
    /// Column names given in parentheses; empty where the query names them.
    pub columns: Vec<Ident>,
    pub query: Query,
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
