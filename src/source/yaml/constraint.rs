//! Constraints of tables: keys, checks, foreign keys, exclusions.

use super::column::{action, deferral, match_type, texts};
use super::draft::Draft;
use super::node::{Kind, Node};
use super::reader::{Document, Reader};
use crate::model::{Constraint, ConstraintKind, ExclusionElement, ForeignKey, Ident, Notes};
use crate::source::Part;

impl<'a> Reader<'a> {
    /// Every constraint that a table or mixin lists.
    pub(super) fn constraints(
        &mut self,
        draft: &mut Draft<'a>,
        node: &Node,
        document: &Document<'a>,
    ) {
        if let Some(key) = node.get("primary_key") {
            let constraint = self.key(key, true);
            self.add(draft, constraint, key);
        }
        self.uniques(draft, node.get("unique"));
        if let Some(checks) = node.get("checks") {
            for check in checks.items() {
                if let Some(constraint) = self.check(check) {
                    self.add(draft, constraint, check);
                }
            }
            for entry in checks.entries() {
                if let Some(mut constraint) = self.check(&entry.value) {
                    constraint.name = Ident::new(&entry.key);
                    self.add(draft, constraint, &entry.value);
                }
            }
        }
        for item in node.get("foreign_keys").map_or(&[][..], Node::items) {
            self.foreign_key(draft, item, document);
        }
        for item in node.get("exclusions").map_or(&[][..], Node::items) {
            if let Some(constraint) = self.exclusion(item) {
                self.add(draft, constraint, item);
            }
        }
    }

    fn add(&mut self, draft: &mut Draft<'a>, mut constraint: Constraint, node: &Node) {
        let n = u16::try_from(draft.table.constraints.len()).unwrap_or(u16::MAX);
        let part = Part::Constraint(n);
        if let Some(name) = node.get("name").and_then(Node::text) {
            constraint.name = Ident::new(name);
        }
        constraint.comment = self.comment(node);
        let of_index = node
            .get("index_description")
            .and_then(super::said::written_text);
        constraint.index_comment = of_index.map(Box::from);
        draft.said.parts.push((part.clone(), node.span));
        let notes = Notes {
            allow: self.notes(node).allow,
            ..Notes::default()
        };
        draft.said.note(part, notes, node);
        draft.table.constraints.push(constraint);
    }

    /// `[a, b]`, or a mapping with `columns:`.
    fn key(&mut self, node: &Node, primary: bool) -> Constraint {
        let columns = self.names(node.get("columns").or(Some(node)));
        let include = self.names(node.get("include"));
        if columns.is_empty() {
            self.error("A key needs columns", node.span, "list its columns: [a, b]");
        }
        let tablespace = node.get("tablespace").and_then(Node::text).map(Ident::new);
        let without_overlaps = node.get("without_overlaps").and_then(Node::boolean) == Some(true);
        let kind = if primary {
            ConstraintKind::PrimaryKey {
                columns,
                include,
                storage: texts(node.get("storage")),
                tablespace,
                without_overlaps,
            }
        } else {
            ConstraintKind::Unique {
                columns,
                include,
                nulls_not_distinct: node.get("nulls_not_distinct").and_then(Node::boolean)
                    == Some(true),
                storage: texts(node.get("storage")),
                tablespace,
                without_overlaps,
            }
        };
        let mut constraint = Constraint::new("", kind);
        constraint.deferral = deferral(node);
        constraint.only = node.get("only").and_then(Node::boolean) == Some(true);
        constraint
    }

    fn uniques(&mut self, draft: &mut Draft<'a>, node: Option<&Node>) {
        let Some(node) = node else {
            return;
        };
        let names = node.items().iter().filter(|i| i.text().is_some()).count();
        if names == node.items().len() || node.text().is_some() {
            let constraint = self.key(node, false);
            self.add(draft, constraint, node);
            return;
        }
        if names > 0 {
            self.error(
                "`unique` mixes column names with whole constraints",
                node.span,
                "[a, b] is one constraint over both columns, [[a], [b]] are two",
            );
            return;
        }
        for item in node.items() {
            let constraint = self.key(item, false);
            self.add(draft, constraint, item);
        }
    }

    /// An expression, or a mapping with `expression:` and a name.
    pub(super) fn check(&mut self, node: &Node) -> Option<Constraint> {
        let expression = match &node.kind {
            Kind::Mapping(_) => self.expression_of(node, "expression")?,
            _ => self.expression(node)?,
        };
        let flag = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        let name = node.get("name").and_then(Node::text).unwrap_or_default();
        let mut constraint = Constraint::new(name, ConstraintKind::Check { expression });
        constraint.no_inherit = flag("no_inherit");
        constraint.not_valid = flag("not_valid");
        constraint.not_enforced = flag("not_enforced");
        constraint.comment = self.comment(node);
        Some(constraint)
    }

    fn foreign_key(&mut self, draft: &mut Draft<'a>, node: &Node, document: &Document<'a>) {
        let Some(reference) = node.get("references") else {
            return;
        };
        let Some(target) = self.target(reference, document) else {
            return;
        };
        let columns = self.names(node.get("columns"));
        if !target.columns.is_empty() && target.columns.len() != columns.len() {
            self.error(
                format!(
                    "The foreign key has {} columns, its target {}",
                    columns.len(),
                    target.columns.len()
                ),
                reference.span,
                "name as many target columns, in the same order: `projects(id, owner_id)`",
            );
            return;
        }
        let part = Part::Reference(target.table.clone());
        draft.said.parts.push((part, reference.span));
        if node.get("index").and_then(Node::boolean) != Some(false) {
            draft.want_index(columns.clone(), node.span, false);
        }
        let word = |key: &str| node.get(key).and_then(Node::text).and_then(action);
        let mut constraint = Constraint::new(
            "",
            ConstraintKind::ForeignKey(ForeignKey {
                columns,
                target: target.table,
                target_columns: target.columns,
                match_type: match_type(node),
                on_delete: word("on_delete").unwrap_or_default(),
                on_update: word("on_update").unwrap_or_default(),
                on_delete_columns: self.names(node.get("set_columns")),
                period: node.get("period").and_then(Node::boolean) == Some(true),
            }),
        );
        constraint.deferral = deferral(node);
        let flag = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        constraint.not_valid = flag("not_valid");
        constraint.not_enforced = flag("not_enforced");
        self.add(draft, constraint, node);
    }

    fn exclusion(&mut self, node: &Node) -> Option<Constraint> {
        let mut elements = Vec::new();
        for item in node.get("elements").map_or(&[][..], Node::items) {
            let operator = item.get("with").and_then(Node::text).unwrap_or_default();
            elements.push(ExclusionElement {
                element: self.index_element(item, &[])?,
                operator: operator.trim().into(),
            });
        }
        let method = node.get("using").and_then(Node::text).unwrap_or("gist");
        let mut constraint = Constraint::new(
            "",
            ConstraintKind::Exclusion {
                method: Ident::from(method.to_lowercase()),
                elements,
                include: self.names(node.get("include")),
                predicate: self.expression_of(node, "where"),
                storage: texts(node.get("storage")),
                tablespace: node.get("tablespace").and_then(Node::text).map(Ident::new),
            },
        );
        constraint.deferral = deferral(node);
        Some(constraint)
    }
}
