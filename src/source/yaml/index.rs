//! Indexes, and the names that are made for them.

use super::column::texts;
use super::node::{Kind, Node};
use super::reader::{Reader, Said};
use crate::dialect::cut_identifier;
use crate::model::{Ident, Index, IndexElement, Notes, NullsOrder, SortOrder};
use crate::source::{Part, sql};

impl Reader<'_> {
    /// One item of `indexes:`: a column, a list of columns, or the long form.
    pub(super) fn index(&mut self, node: &Node, columns: &[&str]) -> Option<(Index, Said)> {
        let mut index = Index {
            method: Ident::new("btree"),
            ..Index::default()
        };
        let Kind::Mapping(_) = &node.kind else {
            index.elements = self.index_elements(node, columns)?;
            return Some((index, Said::default()));
        };
        let flag = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        if let Some(method) = node.get("using").and_then(Node::text) {
            index.method = Ident::from(method.to_lowercase());
        }
        if let Some(keys) = node.get("columns") {
            index.elements = self.index_elements(keys, columns)?;
        }
        if let Some(expressions) = node.get("expressions") {
            let single = expressions.text().map(|_| expressions);
            for item in single.into_iter().chain(expressions.items()) {
                let expression = self.expression(item)?;
                index.elements.push(IndexElement::expression(expression));
            }
        }
        if index.elements.is_empty() {
            self.error(
                "The index has no columns",
                node.span,
                "give it `columns:` or `expressions:`",
            );
            return None;
        }
        index.name = Ident::new(node.get("name").and_then(Node::text).unwrap_or_default());
        index.unique = flag("unique");
        index.only = flag("only");
        index.nulls_not_distinct = flag("nulls_not_distinct");
        index.predicate = self.expression_of(node, "where");
        index.include = self.names(node.get("include"));
        index.storage = texts(node.get("storage"));
        index.tablespace = node.get("tablespace").and_then(Node::text).map(Ident::new);
        index.comment = self.comment(node);
        index.parent = node
            .get("attach_to")
            .and_then(Node::text)
            .map(super::names::qualified);
        for entry in node.get("statistics").map_or(&[][..], Node::entries) {
            let target = entry.value.integer().and_then(|n| i32::try_from(n).ok());
            match (entry.key.parse(), target) {
                (Ok(column), Some(target)) => drop(index.statistics.insert(column, target)),
                _ => self.error(
                    "Statistics targets are numbers by the number of the expression",
                    entry.key_span,
                    "write them as `{ 1: 500 }`",
                ),
            }
        }
        let mut said = Said::default();
        let notes: Notes = self.notes(node);
        said.note(Part::Object, notes, node);
        said.place_comment(Part::Comment, node);
        if let Some(name) = node.get("name") {
            said.parts.push((Part::Name, name.span));
        }
        Some((index, said))
    }

    fn index_elements(&mut self, node: &Node, columns: &[&str]) -> Option<Vec<IndexElement>> {
        let single = node.text().map(|_| node);
        let mut elements = Vec::new();
        for item in single.into_iter().chain(node.items()) {
            elements.push(self.index_element(item, columns)?);
        }
        if elements.is_empty() {
            self.error(
                "The index has no columns",
                node.span,
                "list at least one column",
            );
            return None;
        }
        Some(elements)
    }

    /// A column by its name, SQL (`due_date desc`, `lower(email)`), or the long form.
    pub(super) fn index_element(&mut self, node: &Node, columns: &[&str]) -> Option<IndexElement> {
        if let Some(text) = node.text() {
            if columns.contains(&text) {
                return Some(IndexElement::column(text));
            }
            return self.fragment(node, sql::index_element);
        }
        let mut element = match (node.get("column"), node.get("expression")) {
            (Some(column), None) => IndexElement::column(column.text()?),
            (None, Some(expression)) => IndexElement::expression(self.expression(expression)?),
            _ => {
                self.error(
                    "A key of an index is either a column or an expression",
                    node.span,
                    "give it one of `column:` and `expression:`",
                );
                return None;
            }
        };
        let text = |key: &str| node.get(key).and_then(Node::text);
        element.collation = text("collation").map(super::names::qualified);
        element.opclass = text("opclass").map(super::names::qualified);
        element.opclass_parameters = texts(node.get("opclass_parameters"));
        if text("order").is_some_and(|o| o.eq_ignore_ascii_case("desc")) {
            element.order = SortOrder::Descending;
        }
        // The default of the order is not kept, as in SQL.
        element.nulls = match (
            text("nulls").map(str::to_ascii_lowercase).as_deref(),
            element.order,
        ) {
            (Some("first"), SortOrder::Ascending) => Some(NullsOrder::First),
            (Some("last"), SortOrder::Descending) => Some(NullsOrder::Last),
            _ => None,
        };
        Some(element)
    }

    /// Names the indexes that have none: `{table}_{columns}_idx`, numbered where that is taken.
    pub(super) fn name_indexes<'i>(
        &self,
        table: &str,
        indexes: impl Iterator<Item = &'i mut Index>,
    ) {
        let mut indexes: Vec<&mut Index> = indexes.collect();
        let mut taken: Vec<Ident> = indexes.iter().map(|i| i.name.clone()).collect();
        for index in indexes.iter_mut().filter(|i| i.name.is_empty()) {
            let base = made_name(table, index);
            let mut name = cut_identifier(self.dialect(), &base);
            let mut n = 0;
            while taken.iter().any(|t| *t == name.as_str()) {
                n += 1;
                name = cut_identifier(self.dialect(), &format!("{base}{n}"));
            }
            index.name = Ident::from(name);
            taken.push(index.name.clone());
        }
    }
}

/// As the server makes it, expressions standing as `expr`, but never cut.
fn made_name(table: &str, index: &Index) -> String {
    let mut name = table.to_owned();
    for element in &index.elements {
        name.push('_');
        match (&element.column, &element.expression) {
            (Some(column), _) => name.push_str(column),
            (None, Some(expression)) => name.push_str(&expression_name(expression.text())),
            (None, None) => name.push_str("expr"),
        }
    }
    name.push_str("_idx");
    name
}

/// The name of a function call is the function's, that of any other expression `expr`.
///
/// Source: `FigureIndexColname`, src/backend/parser/parse_target.c.
fn expression_name(text: &str) -> String {
    let head = text.split('(').next().unwrap_or_default();
    let is_call = text.ends_with(')')
        && !head.is_empty()
        && head
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    if is_call && closes_at_end(text) {
        head.rsplit('.').next().unwrap_or(head).to_lowercase()
    } else {
        "expr".to_owned()
    }
}

/// Whether the first parenthesis is closed by the last byte.
fn closes_at_end(text: &str) -> bool {
    let mut depth = 0_i32;
    for (n, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return n + 1 == text.len();
        }
    }
    false
}
