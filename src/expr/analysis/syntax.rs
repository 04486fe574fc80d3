//! Functions and relations with a syntax of their own: SQL/XML and TABLESAMPLE.
//!
//! Source: src/backend/parser/parse_expr.c (`transformXmlExpr`), parse_clause.c
//! (`transformRangeTableFunc`, `transformRangeTableSample`).

use super::Analysis;
use super::scope::Entry;
use super::typed::Typed;
use super::types::Type;
use crate::expr::tree::{From, Node, OF_RESULT, Part, XmlTable};

impl Analysis<'_, '_> {
    /// Words and expressions as they stand, each literal with its type.
    pub(super) fn syntax(&mut self, name: &str, parts: &[Part]) -> Option<Typed> {
        let returned = parts.iter().rev().find_map(|part| match part {
            Part::Type(of) => Some(self.world.written_type(of)),
            _ => None,
        });
        let result = returned.unwrap_or_else(|| {
            Type::new(match name {
                "xmlexists" => "boolean",
                _ => "xml",
            })
        });
        let keys = self.parts(parts, &result)?;
        Some(Typed::new(format!("{name}({keys})"), Some(result)))
    }

    /// Words and expressions, each literal with its type.
    pub(super) fn parts(&mut self, parts: &[Part], result: &Type) -> Option<String> {
        let mut keys = Vec::new();
        for part in parts {
            keys.push(match part {
                Part::Word(word) => word.clone(),
                Part::Node(node, None) => {
                    let typed = self.node(node)?;
                    self.settled(typed).key
                }
                Part::Node(node, Some(OF_RESULT)) => {
                    let typed = self.node(node)?;
                    self.world.coerce(typed, result).key
                }
                Part::Node(node, Some(of)) => self.of_type(node, of)?,
                Part::Type(of) => self.world.written_type(of).full(),
            });
        }
        Some(keys.join(" "))
    }

    fn of_type(&mut self, node: &Node, of: &str) -> Option<String> {
        let typed = self.node(node)?;
        Some(self.world.coerce(typed, &Type::new(of)).key)
    }

    pub(super) fn xml_table(&mut self, table: &XmlTable) -> Option<String> {
        let label = format!("r{}", self.next_relation());
        let mut key = String::from("xmltable(");
        for (node, name) in &table.namespaces {
            key.push_str(&format!("{} as {name} ", self.of_type(node, "text")?));
        }
        let row = self.of_type(&table.row, "text")?;
        key.push_str(&format!(
            "{row} passing {} columns",
            self.of_type(&table.document, "xml")?
        ));
        let mut columns = Vec::new();
        for column in &table.columns {
            let of = match &column.data_type {
                Some(of) => self.world.written_type(of),
                None => Type::new("integer"),
            };
            let ordinality = if column.data_type.is_none() {
                " ordinality"
            } else {
                ""
            };
            key.push_str(&format!(" {} {}{ordinality}", column.name, of.full()));
            if let Some(default) = &column.default {
                let plain = of.without_modifier();
                let typed = self.node(default)?;
                key.push_str(&format!(
                    " default {}",
                    self.world.coerce(typed, &plain).key
                ));
            }
            if let Some(path) = &column.path {
                key.push_str(&format!(" path {}", self.of_type(path, "text")?));
            }
            if column.not_null {
                key.push_str(" not null");
            }
            columns.push((column.name.clone(), Some(of)));
        }
        let shown = table.alias.name.as_deref().unwrap_or("xmltable");
        let names = table.alias.columns.iter();
        for (column, name) in columns.iter_mut().zip(names) {
            column.0.clone_from(name);
        }
        let entry = Entry::of_columns(&label, shown, columns.into_iter());
        self.enter(entry)?;
        Some(format!("{key}) {label}"))
    }

    pub(super) fn sample(
        &mut self,
        of: &From,
        method: &[String],
        arguments: &[Node],
        repeatable: Option<&Node>,
    ) -> Option<String> {
        let mut key = self.from(of)?;
        let mut keys = Vec::new();
        for argument in arguments {
            keys.push(self.of_type(argument, "real")?);
        }
        let method = method.last()?;
        key.push_str(&format!(" tablesample {method} ({})", keys.join(", ")));
        if let Some(seed) = repeatable {
            key.push_str(&format!(
                " repeatable {}",
                self.of_type(seed, "double precision")?
            ));
        }
        Some(key)
    }
}
