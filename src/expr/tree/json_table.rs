//! JSON_TABLE.
//!
//! Source: gram.y, `json_table`; ruleutils.c, `get_json_table` and `get_json_table_columns`; for what goes
//! without saying, parse_jsontable.c.

use super::cursor::Cursor;
use super::sqljson::word_part;
use super::{Alias, From, Node, Part, TypeName};

#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) struct JsonTable {
    /// The document, the path, and what is passed to it.
    pub(in crate::expr) source: Vec<Part>,
    pub(in crate::expr) columns: Vec<JsonColumn>,
    /// What happens on an error, where it is not an empty array.
    pub(in crate::expr) on_error: String,
    pub(in crate::expr) alias: Alias,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) enum JsonColumn {
    Ordinality(String),
    /// The path and what happens where nothing is found.
    Value(String, TypeName, Vec<Part>),
    Nested(Vec<Part>, Vec<Self>),
}

/// The wrapper and quotes of a column that is JSON itself.
const PLAIN: &str = "without wrapper keep quotes";

impl Cursor<'_> {
    /// `JSON_TABLE (...)` behind FROM.
    pub(super) fn json_table(&mut self) -> Option<From> {
        self.at += 1;
        self.expect("(")?;
        let mut source = Vec::new();
        self.json_value(&mut source)?;
        self.expect(",")?;
        self.path_with_name(&mut source)?;
        self.passed(&mut source)?;
        let columns = self.json_columns()?;
        let mut on_error = String::new();
        if !self.is(")") {
            let behaviour = self.behaviour_word()?;
            self.expect("on")?;
            self.expect("error")?;
            if behaviour != "empty array" {
                on_error = behaviour;
            }
        }
        self.expect(")")?;
        let alias = self.alias()?;
        Some(From::JsonTable(Box::new(JsonTable {
            source,
            columns,
            on_error,
            alias,
        })))
    }

    /// A path, and its name where it is not one that the server makes.
    fn path_with_name(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        parts.push(Part::Node(self.expression(0)?, Some("jsonpath")));
        if self.accept("as") {
            let name = self.name()?;
            if !name.starts_with("json_table_path_") {
                parts.push(word_part(&format!("as {name}")));
            }
        }
        Some(())
    }

    fn json_columns(&mut self) -> Option<Vec<JsonColumn>> {
        self.enter()?;
        self.expect("columns")?;
        self.expect("(")?;
        let mut columns = Vec::new();
        loop {
            columns.push(self.json_column()?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        self.leave();
        Some(columns)
    }

    fn json_column(&mut self) -> Option<JsonColumn> {
        if self.is("nested") && (self.is_at(self.at + 1, "path") || self.is_string_at(self.at + 1))
        {
            self.at += 1;
            self.accept("path");
            let mut path = Vec::new();
            self.path_with_name(&mut path)?;
            return Some(JsonColumn::Nested(path, self.json_columns()?));
        }
        let name = self.name()?;
        if self.accept_all(&["for", "ordinality"]) {
            return Some(JsonColumn::Ordinality(name));
        }
        let of = self.type_name()?;
        let mut parts = Vec::new();
        let exists = self.accept("exists");
        let json = self.format();
        let path = match self.accept("path") {
            true => self.expression(0)?,
            false => Node::text(format!("$.\"{name}\"")),
        };
        parts.push(Part::Node(path, Some("jsonpath")));
        if exists {
            parts.push(word_part("exists"));
            self.behaviours("json_exists", &mut parts)?;
        } else {
            self.json_column_options(&of, json, &mut parts)?;
        }
        Some(JsonColumn::Value(name, of, parts))
    }

    /// A column that is JSON itself is found by `JSON_QUERY`, any other by `JSON_VALUE`.
    fn json_column_options(
        &mut self,
        of: &TypeName,
        json: bool,
        parts: &mut Vec<Part>,
    ) -> Option<()> {
        let is_json = of.array || matches!(of.name.as_str(), "json" | "jsonb");
        if json && !is_json {
            parts.push(word_part("format json"));
        }
        let written = ["with", "without", "keep", "omit"]
            .iter()
            .any(|w| self.is(w));
        if written || is_json || json {
            self.wrapper("json_query", parts)?;
        }
        if (is_json || json) && parts.last() == Some(&word_part(PLAIN)) {
            parts.pop();
        }
        self.behaviours("json_value", parts)
    }
}
