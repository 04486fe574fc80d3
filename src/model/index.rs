//! Indexes that stand on their own, not those of constraints.

use std::collections::BTreeMap;

use super::{Expr, Ident, Parameters, QualifiedName};

/// An index of a table or materialized view; it lives in its relation's schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Empty in a declaration where the server would choose the name.
    pub name: Ident,
    pub unique: bool,
    /// `btree` unless said otherwise, in lower case.
    pub method: Ident,
    pub elements: Vec<IndexElement>,
    pub include: Vec<Ident>,
    pub nulls_not_distinct: bool,
    pub predicate: Option<Expr>,
    pub storage: Parameters,
    pub tablespace: Option<Ident>,
    /// Made with `ON ONLY`: on a partitioned table, invalid until its partitions' are attached.
    pub only: bool,
    /// The partitioned index this one is attached to.
    pub parent: Option<QualifiedName>,
    /// Statistics targets by expression column number, from 1.
    pub statistics: BTreeMap<u16, i32>,
    pub comment: Option<Box<str>>,
}

impl Index {
    /// The key columns, in order, where all are plain columns.
    pub fn plain_columns(&self) -> Option<Vec<&Ident>> {
        self.elements.iter().map(|e| e.column.as_ref()).collect()
    }

    /// Its keys that are no plain columns, and its predicate.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let keys = self.elements.iter().filter_map(|e| e.expression.as_ref());
        keys.chain(&self.predicate)
    }

    /// Whether the server would take one for the other on a partition (`CompareIndexInfo`): the
    /// order of the keys and the storage do not count.
    pub fn does_the_same(&self, other: &Self) -> bool {
        let key = |e: &IndexElement| IndexElement {
            order: SortOrder::default(),
            nulls: None,
            opclass_parameters: Parameters::default(),
            ..e.clone()
        };
        self.unique == other.unique
            && self.method == other.method
            && self.nulls_not_distinct == other.nulls_not_distinct
            && self.include == other.include
            && self.predicate == other.predicate
            && self.elements.len() == other.elements.len()
            && self
                .elements
                .iter()
                .zip(&other.elements)
                .all(|(a, b)| key(a) == key(b))
    }
}

/// A key of an index, exclusion constraint or partition key: a column or an expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexElement {
    /// Present for a plain column.
    pub column: Option<Ident>,
    /// Present for an expression, without the outer parentheses.
    pub expression: Option<Expr>,
    pub collation: Option<QualifiedName>,
    pub opclass: Option<QualifiedName>,
    pub opclass_parameters: Parameters,
    pub order: SortOrder,
    /// `None` is the default of the order: last for ascending, first for descending.
    pub nulls: Option<NullsOrder>,
}

impl IndexElement {
    pub fn column(name: impl Into<Ident>) -> Self {
        Self {
            column: Some(name.into()),
            ..Self::default()
        }
    }

    pub fn expression(expression: Expr) -> Self {
        Self {
            expression: Some(expression),
            ..Self::default()
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortOrder {
    #[default]
    Ascending,
    Descending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NullsOrder {
    First,
    Last,
}
