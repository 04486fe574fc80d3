//! Indexes seen alike, whether they stand on their own or a constraint keeps them.

use std::borrow::Cow;

use super::Context;
use crate::dialect::Dialect;
use crate::expr::{Lexer, TokenKind, unquote_identifier};
use crate::model::{
    Constraint, ConstraintKind, Deferral, Expr, Ident, Index, IndexElement, NullsOrder, SortOrder,
    Table,
};

/// What an index comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum PathSource<'a> {
    Index(&'a Index),
    Constraint(&'a Constraint),
}

/// An index of a table.
#[derive(Clone, Debug)]
pub(super) struct AccessPath<'a> {
    pub(super) table: &'a Table,
    pub(super) source: PathSource<'a>,
    pub(super) elements: Cow<'a, [IndexElement]>,
    pub(super) include: &'a [Ident],
    pub(super) predicate: Option<&'a Expr>,
    pub(super) unique: bool,
    pub(super) nulls_not_distinct: bool,
}

impl<'a> AccessPath<'a> {
    fn of_index(table: &'a Table, index: &'a Index) -> Self {
        Self {
            table,
            source: PathSource::Index(index),
            elements: Cow::Borrowed(&index.elements),
            include: &index.include,
            predicate: index.predicate.as_ref(),
            unique: index.unique,
            nulls_not_distinct: index.nulls_not_distinct,
        }
    }

    /// The index of a primary key or unique constraint.
    fn of_constraint(table: &'a Table, constraint: &'a Constraint) -> Option<Self> {
        let (columns, include, nulls_not_distinct, temporal) = match &constraint.kind {
            ConstraintKind::PrimaryKey {
                columns,
                include,
                without_overlaps,
                ..
            } => (columns, include, false, *without_overlaps),
            ConstraintKind::Unique {
                columns,
                include,
                nulls_not_distinct,
                without_overlaps,
                ..
            } => (columns, include, *nulls_not_distinct, *without_overlaps),
            _ => return None,
        };
        // A temporal key is kept by a GiST index.
        (!temporal).then(|| Self {
            table,
            source: PathSource::Constraint(constraint),
            elements: columns
                .iter()
                .map(|c| IndexElement::column(c.clone()))
                .collect(),
            include,
            predicate: None,
            unique: true,
            nulls_not_distinct,
        })
    }

    pub(super) fn name(&self) -> &'a Ident {
        match self.source {
            PathSource::Index(index) => &index.name,
            PathSource::Constraint(constraint) => &constraint.name,
        }
    }

    pub(super) fn method(&self) -> &'a str {
        match self.source {
            PathSource::Index(index) if !index.method.is_empty() => &index.method,
            _ => "btree",
        }
    }

    /// The key columns, where all of them are plain columns.
    pub(super) fn plain_columns(&self) -> Option<Vec<&Ident>> {
        self.elements.iter().map(|e| e.column.as_ref()).collect()
    }

    /// Whether it holds every row apart from every other by these columns and no others, at every
    /// moment: what a foreign key may reference.
    pub(super) fn is_key_of(&self, columns: &[Ident]) -> bool {
        let deferrable = match self.source {
            PathSource::Constraint(c) => c.deferral != Deferral::NotDeferrable,
            PathSource::Index(_) => false,
        };
        let same_set = || {
            self.plain_columns().is_some_and(|own| {
                own.len() == columns.len() && columns.iter().all(|c| own.contains(&c))
            })
        };
        self.unique && !deferrable && self.predicate.is_none() && same_set()
    }

    /// One text per key; equal texts mean equal column or expression, operator class, collation
    /// and order.
    pub(super) fn key_signatures(&self) -> Vec<String> {
        self.elements
            .iter()
            .map(|e| signature(self.table, e))
            .collect()
    }

    /// Whether it belongs to an index of the partitioned table and cannot go on its own.
    pub(super) fn is_attached(&self) -> bool {
        matches!(self.source, PathSource::Index(index) if index.parent.is_some())
    }
}

fn signature(table: &Table, element: &IndexElement) -> String {
    let key = match (&element.column, &element.expression) {
        (Some(column), _) => format!("c {column}"),
        (None, Some(expression)) => format!("e {}", expression.key()),
        (None, None) => String::new(),
    };
    let column = element.column.as_ref().and_then(|c| table.column(c));
    let own = column.and_then(|c| c.collation.as_ref());
    let collation = element.collation.as_ref().filter(|c| Some(*c) != own);
    let nulls = element.nulls.unwrap_or(match element.order {
        SortOrder::Ascending => NullsOrder::Last,
        SortOrder::Descending => NullsOrder::First,
    });
    let (order, opclass) = (element.order, &element.opclass);
    let parameters = &element.opclass_parameters;
    format!("{key}\u{0}{collation:?}{opclass:?}{parameters:?}{order:?}{nulls:?}")
}

/// The indexes of a table: those of its primary key and unique constraints, then its own.
pub(super) fn access_paths(table: &Table) -> Vec<AccessPath<'_>> {
    let keys = table.constraints.iter();
    let keys = keys.filter_map(|c| AccessPath::of_constraint(table, c));
    let own = table.indexes.iter().map(|i| AccessPath::of_index(table, i));
    keys.chain(own).collect()
}

/// How many levels of partitions are looked through; PostgreSQL itself knows no limit, people do.
const MAX_DEPTH: usize = 32;

/// The indexes that a table has by itself and by the tables that it is a partition of.
pub(super) fn effective_paths<'a>(cx: &Context<'a>, table: &'a Table) -> Vec<AccessPath<'a>> {
    let mut paths = access_paths(table);
    let mut partition = table;
    for _ in 0..MAX_DEPTH {
        let parent = partition.partition_of.as_ref();
        let Some(parent) = parent.and_then(|p| cx.table(&p.parent)) else {
            break;
        };
        paths.extend(access_paths(parent));
        partition = parent;
    }
    paths
}

/// The columns of a predicate that says nothing but `a IS NOT NULL AND b IS NOT NULL ...`.
pub(super) fn not_null_columns(predicate: &Expr, dialect: Dialect) -> Option<Vec<String>> {
    let text = predicate.text();
    let tokens = Lexer::tokens(text, dialect).ok()?;
    let words: Vec<String> = tokens
        .iter()
        .filter(|t| !matches!(t.text(text), "(" | ")"))
        .map(|t| match t.kind {
            TokenKind::Word => t.text(text).to_lowercase(),
            TokenKind::QuotedIdent => unquote_identifier(t.text(text)),
            _ => t.text(text).to_owned(),
        })
        .collect();
    let mut columns = Vec::new();
    for part in words.split(|word| word == "and") {
        match part {
            [column, is, not, null] if is == "is" && not == "not" && null == "null" => {
                columns.push(column.clone());
            }
            _ => return None,
        }
    }
    Some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::expression;

    #[test]
    fn only_plain_conjunctions_of_not_null_are_read() {
        let read = |text| {
            let predicate = expression(text, Dialect::Postgres);
            not_null_columns(&predicate, Dialect::Postgres)
        };
        assert_eq!(read("(a IS NOT NULL)"), Some(vec!["a".to_owned()]));
        assert_eq!(
            read("((\"A\" IS NOT NULL) AND (b IS NOT NULL))"),
            Some(vec!["A".to_owned(), "b".to_owned()])
        );
        for other in [
            "NOT (a IS NOT NULL)",
            "a IS NULL",
            "a IS NOT NULL OR b > 0",
            "a > 0",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn default_orders_have_the_signature_of_spelled_ones() {
        let table = Table::default();
        let plain = IndexElement::column("a");
        let spelled = IndexElement {
            nulls: Some(NullsOrder::Last),
            ..plain.clone()
        };
        let descending = IndexElement {
            order: SortOrder::Descending,
            ..plain.clone()
        };
        assert_eq!(signature(&table, &plain), signature(&table, &spelled));
        assert_ne!(signature(&table, &plain), signature(&table, &descending));
    }
}
