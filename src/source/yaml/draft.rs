//! A table in the making: its own entries and those of the mixins that it includes.

use super::reader::{Document, Said};
use crate::diagnostic::Span;
use crate::model::{Expr, Ident, Index, IndexElement, Policy, QualifiedName, Table, Trigger};

/// What a table comes to be, before it is declared.
pub(super) struct Draft<'a> {
    pub(super) document: Document<'a>,
    pub(super) table: Table,
    pub(super) said: Said,
    pub(super) indexes: Vec<(Index, Said, Span)>,
    pub(super) triggers: Vec<(Trigger, Said, Span)>,
    pub(super) policies: Vec<(Policy, Said, Span)>,
    /// Columns that a trigger sets on each update.
    pub(super) on_update: Vec<(Ident, Expr, Span)>,
    /// Columns of references, with whether an index was asked for in so many words.
    wanted: Vec<(Vec<Ident>, Span, bool)>,
    /// Whether a column could not be read, so that errors about columns would mislead.
    pub(super) broken: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(name: QualifiedName, document: Document<'a>) -> Self {
        Self {
            document,
            table: Table {
                name,
                ..Table::default()
            },
            said: Said::default(),
            indexes: Vec::new(),
            triggers: Vec::new(),
            policies: Vec::new(),
            on_update: Vec::new(),
            wanted: Vec::new(),
            broken: false,
        }
    }

    /// Whether another table or a type gives the columns, so that they need no type here.
    pub(super) fn takes_columns(&self) -> bool {
        self.table.of_type.is_some()
            || self.table.partition_of.is_some()
            || !self.table.inherits.is_empty()
    }

    pub(super) fn want_index(&mut self, columns: Vec<Ident>, span: Span, always: bool) {
        self.wanted.push((columns, span, always));
    }

    /// The indexes of references that no key or other index leads with already.
    pub(super) fn make_wanted_indexes(&mut self) {
        for (columns, span, always) in std::mem::take(&mut self.wanted) {
            if self.indexes.iter().any(|(i, ..)| is_exactly(i, &columns))
                || (!always && self.is_led_by(&columns))
            {
                continue;
            }
            let index = Index {
                method: Ident::new("btree"),
                elements: columns.into_iter().map(IndexElement::column).collect(),
                ..Index::default()
            };
            self.indexes.push((index, Said::default(), span));
        }
    }

    /// Whether a key or a whole index has these columns first, in any order.
    fn is_led_by(&self, columns: &[Ident]) -> bool {
        let leads = |key: &[&Ident]| {
            key.len() >= columns.len() && key[..columns.len()].iter().all(|k| columns.contains(k))
        };
        let by_key = self.table.constraints.iter().any(|c| {
            (c.is_primary_key() || c.is_unique()) && leads(&c.columns().iter().collect::<Vec<_>>())
        });
        by_key
            || self.indexes.iter().any(|(index, ..)| {
                index.predicate.is_none()
                    && index.method == "btree"
                    && leads(&leading_columns(index))
            })
    }
}

fn is_exactly(index: &Index, columns: &[Ident]) -> bool {
    index.predicate.is_none()
        && index.method == "btree"
        && index
            .plain_columns()
            .is_some_and(|found| found.into_iter().eq(columns))
}

/// The plain columns that an index begins with.
fn leading_columns(index: &Index) -> Vec<&Ident> {
    index
        .elements
        .iter()
        .map_while(|e| e.column.as_ref())
        .collect()
}
