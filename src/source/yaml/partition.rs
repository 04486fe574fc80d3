//! `partition_by:` and `partitions:`.

use super::column::texts;
use super::node::{Entry, Node};
use super::reader::{Document, Reader, Said, create};
use crate::model::{
    Expr, Ident, IndexElement, Notes, Object, ObjectKind, PartitionBound, PartitionBy, PartitionOf,
    QualifiedName, Table,
};
use crate::source::{Part, Target, sql};

/// Partitions of partitions.
const MAX_LEVELS: usize = 8;

impl<'a> Reader<'a> {
    /// `range (created_at)`, or `{ range: [created_at] }`.
    pub(super) fn partition_by(&mut self, node: &Node) -> Option<PartitionBy> {
        if node.text().is_some() {
            return self.fragment(node, sql::partition_by);
        }
        let [entry] = node.entries() else {
            self.error(
                "`partition_by` takes one strategy",
                node.span,
                "write it as `{ range: [created_at] }`",
            );
            return None;
        };
        let strategy = entry.key.to_ascii_lowercase();
        if !["range", "list", "hash"].contains(&strategy.as_str()) {
            self.error(
                format!("`{}` is not a way to partition", entry.key),
                entry.key_span,
                "one of range, list, hash",
            );
            return None;
        }
        let single = entry.value.text().map(|_| &entry.value);
        let keys: Vec<IndexElement> = single
            .into_iter()
            .chain(entry.value.items())
            .filter_map(|item| self.index_element(item, &[]))
            .collect();
        Some(PartitionBy {
            strategy: strategy.into(),
            keys,
        })
    }

    /// Declares the partitions of a table, and theirs.
    pub(super) fn partitions(
        &mut self,
        node: &Node,
        parent: &QualifiedName,
        document: &Document<'a>,
        level: usize,
    ) {
        let Some(partitions) = node.entry("partitions") else {
            return;
        };
        if node.get("partition_by").is_none() {
            self.error(
                "A table with partitions needs `partition_by`",
                partitions.key_span,
                "say how rows are divided: `partition_by: { range: [created_at] }`",
            );
            return;
        }
        if level >= MAX_LEVELS {
            let headline = format!("Partitions nest deeper than {MAX_LEVELS} levels");
            self.error(
                headline,
                partitions.key_span,
                "divide the rows in fewer steps",
            );
            return;
        }
        for entry in partitions.value.entries() {
            self.partition(entry, parent, document, level);
        }
    }

    fn partition(
        &mut self,
        entry: &Entry,
        parent: &QualifiedName,
        document: &Document<'a>,
        level: usize,
    ) {
        let node = &entry.value;
        let mut name = self.name(&entry.key, entry.key_span);
        if name.schema.is_none() {
            name.schema.clone_from(&parent.schema);
        }
        let Some(bound) = self.bound(entry) else {
            return;
        };
        let table = Table {
            name: name.clone(),
            partition_of: Some(PartitionOf {
                parent: parent.clone(),
                bound,
            }),
            partition_by: node
                .get("partition_by")
                .and_then(|by| self.partition_by(by)),
            storage: texts(node.get("storage")),
            tablespace: node.get("tablespace").and_then(Node::text).map(Ident::new),
            facets: self.facets(node),
            ..Table::default()
        };
        let mut said = Said::named(entry);
        let notes: Notes = self.notes(node);
        said.note(Part::Object, notes, node);
        let object = Object::Table(Box::new(table));
        self.declare_with(document, create(object), entry.span(), said);
        let target = Target::new(ObjectKind::Table, name.clone());
        self.grants(node, &target, document);
        self.partitions(node, &name, document, level + 1);
    }

    pub(super) fn bound(&mut self, entry: &Entry) -> Option<PartitionBound> {
        let node = &entry.value;
        let is_default =
            node.text().is_some() || node.get("default").and_then(Node::boolean) == Some(true);
        if is_default {
            return Some(PartitionBound::Default);
        }
        let number = |key: &str| {
            let value = node.get(key).and_then(Node::integer)?;
            u32::try_from(value).ok()
        };
        if let (Some(from), Some(to)) = (node.get("from"), node.get("to")) {
            return Some(PartitionBound::Range {
                from: self.values(from),
                to: self.values(to),
            });
        }
        if let Some(values) = node.get("in") {
            return Some(PartitionBound::List(self.values(values)));
        }
        if let (Some(modulus), Some(remainder)) = (number("modulus"), number("remainder")) {
            return Some(PartitionBound::Hash { modulus, remainder });
        }
        self.error(
            format!("Partition `{}` has no bound", entry.key),
            entry.key_span,
            "give it `from:` and `to:`, `in:`, `modulus:` and `remainder:`, or `default: true`",
        );
        None
    }

    fn values(&mut self, node: &Node) -> Vec<Expr> {
        let single = node.text().map(|_| node);
        single
            .into_iter()
            .chain(node.items())
            .filter_map(|value| self.partition_value(value))
            .collect()
    }

    /// A value of a bound. A plain date such as 2026-01-01 is arithmetic in SQL, never what is
    /// meant.
    fn partition_value(&mut self, node: &Node) -> Option<Expr> {
        let text = node.text()?;
        let is_date = text.len() >= 10
            && text.as_bytes()[..10]
                .iter()
                .enumerate()
                .all(|(n, b)| match n {
                    4 | 7 => *b == b'-',
                    _ => b.is_ascii_digit(),
                });
        if is_date {
            let literal = self.dialect().literal(text);
            return Some(crate::expr::expression(&literal, self.dialect()));
        }
        self.expression(node)
    }
}
