//! `references:` of a column: the foreign key, and the type that the column takes from its target.

use super::column::{action, deferral, match_type};
use super::draft::Draft;
use super::node::{Entry, Node};
use super::reader::{Document, Reader};
use crate::diagnostic::Diagnostic;
use crate::dialect::serial_integer;
use crate::model::{Constraint, ConstraintKind, DataType, ForeignKey, Ident};
use crate::source::{Part, sql};

impl<'a> Reader<'a> {
    pub(super) fn column_reference(
        &mut self,
        draft: &mut Draft<'a>,
        name: &Ident,
        node: &Node,
        document: &Document<'a>,
    ) -> Option<Constraint> {
        let Some(reference) = node.get("references") else {
            for key in ["on_delete", "match", "deferrable"] {
                if let Some(entry) = node.entry(key) {
                    self.error(
                        format!("`{key}` says something about a reference, and there is none"),
                        entry.key_span,
                        "add `references: table.column`",
                    );
                }
            }
            return None;
        };
        let target = self.target(reference, document)?;
        if target.columns.len() > 1 {
            self.error(
                "A column can refer to one column only",
                reference.span,
                "put keys over several columns under `foreign_keys:` of the table",
            );
            return None;
        }
        let part = Part::Reference(target.table.clone());
        draft.said.parts.push((part, reference.span));
        if node.get("index").and_then(Node::boolean) != Some(false) {
            draft.want_index(vec![name.clone()], reference.span, false);
        }
        let word = |key: &str| node.get(key).and_then(Node::text).and_then(action);
        let mut constraint = Constraint::new(
            "",
            ConstraintKind::ForeignKey(ForeignKey {
                columns: vec![name.clone()],
                target: target.table,
                target_columns: target.columns,
                match_type: match_type(node),
                on_delete: word("on_delete").unwrap_or_default(),
                on_update: word("on_update").unwrap_or_default(),
                ..ForeignKey::default()
            }),
        );
        constraint.deferral = deferral(node);
        Some(constraint)
    }

    /// The type of the column that a reference names, where the YAML files declare it; `None`
    /// leaves it to `resolve/`, which knows the SQL files too.
    pub(super) fn referenced_type(
        &mut self,
        node: &Node,
        document: &Document<'a>,
    ) -> Option<DataType> {
        let mut target = super::names::quiet_target(self, node, document)?;
        let mut document = document.clone();
        // A chain of references ends somewhere, or is a circle that resolve/ will tell.
        for _ in 0..32 {
            let placed = self.known_table(&target.table, &document)?.clone();
            let column = match target.columns.first() {
                Some(column) => column.clone(),
                None => self.single_primary_key(placed.node)?,
            };
            let Some(entry) = self.find_column(placed.node, &column) else {
                self.unknown_target_column(node, &target.table, &column, placed.node);
                return None;
            };
            if let Some(text) = entry.value.text() {
                let (found, _) = sql::column_definition(&column, text, self.version).ok()?;
                return Some(without_sequence(found.data_type));
            }
            if let Some(text) = entry.value.get("type").and_then(Node::text) {
                return sql::data_type(text, self.version)
                    .ok()
                    .map(without_sequence);
            }
            document = placed.document;
            target = super::names::quiet_target(self, entry.value.get("references")?, &document)?;
        }
        None
    }

    /// The one column that is a table's primary key.
    fn single_primary_key(&self, table: &Node) -> Option<Ident> {
        if let Some(key) = table.get("primary_key") {
            let columns = self.names(key.get("columns").or(Some(key)));
            return (columns.len() == 1).then(|| columns[0].clone());
        }
        let is_key = |entry: &&Entry| match entry.value.text() {
            Some(text) => text.to_ascii_lowercase().contains("primary key"),
            None => entry.value.get("primary_key").and_then(Node::boolean) == Some(true),
        };
        let found = table.get("columns")?.entries().iter().find(is_key)?;
        Some(Ident::new(&found.key))
    }

    fn unknown_target_column(
        &mut self,
        node: &Node,
        table: &crate::model::QualifiedName,
        column: &Ident,
        target: &'a Node,
    ) {
        // What it inherits or copies is not known here.
        if target.get("inherits").is_some() || target.get("like").is_some() {
            return;
        }
        let known = self.column_names(target);
        let mut diagnostic = Diagnostic::error(
            "resolve/unknown-column",
            format!("Table `{table}` has no column `{column}`"),
        )
        .at(node.span, "refers to nothing");
        diagnostic = match crate::diagnostic::nearest(column, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{table}.{near}`?")),
            None => diagnostic.help(format!("its columns are {}", known.join(", "))),
        };
        self.report(diagnostic);
    }
}

/// The type that a reference to a serial column has: the number, not the sequence.
fn without_sequence(mut data_type: DataType) -> DataType {
    if let Some(plain) = serial_integer(&data_type) {
        data_type.name.name = Ident::new(plain);
    }
    data_type
}
