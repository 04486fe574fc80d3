//! `shape:` of a JSON column: what of its JSON Schema the database can check.
//!
//! The kind of the document, its required keys, and the kinds of its top-level properties. The
//! rest is documentation, and types in the models.

use super::draft::Draft;
use super::node::Node;
use super::reader::Reader;
use crate::dialect::cut_identifier;
use crate::expr::expression;
use crate::model::{Column, Constraint, ConstraintKind, Ident};
use crate::source::Part;

/// JSON Schema's kinds and those of `jsonb_typeof`.
const KINDS: [(&str, &str); 7] = [
    ("object", "object"),
    ("array", "array"),
    ("string", "string"),
    ("number", "number"),
    ("integer", "number"),
    ("boolean", "boolean"),
    ("null", "null"),
];

impl<'a> Reader<'a> {
    pub(super) fn shape_check(&mut self, draft: &mut Draft<'a>, column: &Column, shape: &Node) {
        self.check_kinds(shape);
        let data_type = column.data_type.name.name.to_lowercase();
        let is_json = matches!(data_type.as_str(), "json" | "jsonb");
        if self.has_schemas() && !is_json {
            if !column.data_type.name.name.is_empty() {
                self.error(
                    format!(
                        "Column `{}` is not json or jsonb, so it has no shape",
                        column.name
                    ),
                    shape.span,
                    "give it the type jsonb, or remove `shape:`",
                );
            }
            return;
        }
        let conditions = if self.has_schemas() {
            let name = self.dialect().quote(&column.name).into_owned();
            let value = if data_type == "json" {
                format!("{name}::jsonb")
            } else {
                name
            };
            self.postgres_conditions(&value, shape)
        } else {
            self.sqlite_conditions(&column.name, shape)
        };
        if conditions.is_empty() {
            return;
        }
        let text = conditions.join(" AND ");
        let table = &draft.table.name.name;
        let name = cut_identifier(self.dialect(), &format!("{table}_{}_shape", column.name));
        let kind = ConstraintKind::Check {
            expression: expression(&text, self.dialect()),
        };
        // The check of the column follows its other constraints: they are added after this one.
        let n = u16::try_from(draft.table.constraints.len()).unwrap_or(u16::MAX);
        draft.said.parts.push((Part::Constraint(n), shape.span));
        let constraint = Constraint::new(Ident::from(name), kind);
        draft.table.constraints.push(constraint);
    }

    fn postgres_conditions(&self, value: &str, shape: &Node) -> Vec<String> {
        let literal = |text: &str| self.dialect().literal(text);
        let mut conditions = Vec::new();
        conditions.extend(kind_is(&format!("jsonb_typeof({value})"), shape, &KINDS));
        let required = required(shape);
        if !required.is_empty() {
            let keys: Vec<String> = required.iter().map(|k| literal(k)).collect();
            conditions.push(format!("{value} ?& ARRAY[{}]", keys.join(", ")));
        }
        for property in shape.get("properties").map_or(&[][..], Node::entries) {
            let place = format!("jsonb_typeof({value} -> {})", literal(&property.key));
            conditions.extend(kind_is(&place, &property.value, &KINDS));
        }
        conditions
    }

    fn sqlite_conditions(&self, column: &str, shape: &Node) -> Vec<String> {
        /// The kinds of `json_type`; a number is one of two, a boolean too.
        const SQLITE: [(&str, &str); 6] = [
            ("object", "object"),
            ("array", "array"),
            ("string", "text"),
            ("integer", "integer"),
            ("null", "null"),
            ("real", "real"),
        ];
        let name = self.dialect().quote(column).into_owned();
        let path = |key: &str| self.dialect().literal(&format!("$.\"{key}\""));
        let mut conditions = vec![format!("json_valid({name})")];
        conditions.extend(kind_is(&format!("json_type({name})"), shape, &SQLITE));
        for key in required(shape) {
            conditions.push(format!("json_type({name}, {}) IS NOT NULL", path(key)));
        }
        for property in shape.get("properties").map_or(&[][..], Node::entries) {
            let place = format!("json_type({name}, {})", path(&property.key));
            conditions.extend(kind_is(&place, &property.value, &SQLITE));
        }
        conditions
    }

    /// A misspelled kind would silently check nothing.
    fn check_kinds(&mut self, shape: &Node) {
        let mut nodes = vec![shape];
        while let Some(node) = nodes.pop() {
            if let Some(kind) = node.get("type") {
                let single = kind.text().map(|_| kind);
                for word in single.into_iter().chain(kind.items()) {
                    let text = word.text().unwrap_or("null");
                    if !KINDS.iter().any(|(k, _)| *k == text) {
                        let known = KINDS.map(|(k, _)| k);
                        let help = match crate::diagnostic::nearest(text, known) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("one of {}", known.join(", ")),
                        };
                        self.error(
                            format!("`{text}` is not a type of JSON Schema"),
                            word.span,
                            &help,
                        );
                    }
                }
            }
            let properties = node.get("properties").map_or(&[][..], Node::entries);
            nodes.extend(properties.iter().map(|p| &p.value));
            nodes.extend(node.get("items"));
        }
    }
}

fn required(shape: &Node) -> Vec<&str> {
    let required = shape.get("required").map_or(&[][..], Node::items);
    required.iter().filter_map(Node::text).collect()
}

/// The condition that a value has one of the kinds that `type:` names; none where the database has
/// no word for one of them.
fn kind_is(place: &str, shape: &Node, kinds: &[(&str, &str)]) -> Option<String> {
    let kind = shape.get("type")?;
    let single = kind.text().map(|_| kind);
    let mut names: Vec<&str> = Vec::new();
    for word in single.into_iter().chain(kind.items()) {
        let text = word.text().unwrap_or("null");
        let (_, name) = kinds.iter().find(|(k, _)| *k == text)?;
        if !names.contains(name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("{place} = '{one}'")),
        several => Some(format!("{place} IN ('{}')", several.join("', '"))),
    }
}
