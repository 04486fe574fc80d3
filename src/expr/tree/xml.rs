//! The functions of SQL/XML, whose arguments words separate.
//!
//! Source: gram.y, `func_expr_common_subexpr` and `xmltable`; ruleutils.c for what is printed where
//! nothing was written.

use super::cursor::Cursor;
use super::{From, Node, Part, XmlColumn, XmlTable};

impl Cursor<'_> {
    /// A function of SQL/XML as words and expressions.
    pub(super) fn xml_call(&mut self, word: &str) -> Option<Node> {
        self.at += 1;
        self.expect("(")?;
        let mut parts = Vec::new();
        match word {
            "xmlelement" => self.element(&mut parts)?,
            "xmlforest" => self.labelled(&mut parts)?,
            "xmlconcat" => {
                let list = self.expressions()?;
                parts.extend(list.into_iter().map(|n| Part::Node(n, Some("xml"))));
            }
            "xmlparse" => {
                self.document_or_content(&mut parts)?;
                parts.push(Part::Node(self.expression(0)?, Some("text")));
                let kept = self.accept_all(&["preserve", "whitespace"]);
                self.accept_all(&["strip", "whitespace"]);
                parts.push(word_part(if kept { "preserve" } else { "strip" }));
            }
            "xmlpi" => {
                self.expect("name")?;
                parts.push(word_part(&self.name()?));
                if self.accept(",") {
                    parts.push(Part::Node(self.expression(0)?, Some("text")));
                }
            }
            "xmlroot" => self.root(&mut parts)?,
            "xmlserialize" => {
                self.document_or_content(&mut parts)?;
                parts.push(Part::Node(self.expression(0)?, Some("xml")));
                self.expect("as")?;
                parts.push(Part::Type(self.type_name()?));
                let indent = !self.accept("no") & self.accept("indent");
                parts.push(word_part(if indent { "indent" } else { "" }));
            }
            _ => {
                parts.push(Part::Node(self.expression(0)?, Some("text")));
                parts.push(Part::Node(self.passing()?, Some("xml")));
            }
        }
        self.expect(")")?;
        Some(Node::Syntax(word.to_owned(), parts))
    }

    fn element(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        self.expect("name")?;
        parts.push(word_part(&self.name()?));
        if self.accept_all(&[",", "xmlattributes", "("]) {
            parts.push(word_part("attributes ("));
            self.labelled(parts)?;
            self.expect(")")?;
            parts.push(word_part(")"));
        }
        if self.accept(",") {
            let list = self.expressions()?;
            parts.extend(list.into_iter().map(|n| Part::Node(n, None)));
        }
        Some(())
    }

    /// `a AS b, c`: a column without a label has its name.
    fn labelled(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        loop {
            let node = self.expression(0)?;
            let label = match (&node, self.accept("as")) {
                (_, true) => self.name()?,
                (Node::Column(names, _), false) => names.last()?.clone(),
                _ => return None,
            };
            parts.push(Part::Node(node, None));
            parts.push(word_part(&format!("as {label}")));
            if !self.accept(",") {
                return Some(());
            }
        }
    }

    fn document_or_content(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        let word = self.name()?;
        parts.push(word_part(&word));
        matches!(word.as_str(), "document" | "content").then_some(())
    }

    fn root(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        parts.push(Part::Node(self.expression(0)?, Some("xml")));
        self.expect(",")?;
        self.expect("version")?;
        parts.push(match self.accept_all(&["no", "value"]) {
            true => word_part("no value"),
            false => Part::Node(self.expression(0)?, Some("text")),
        });
        if self.accept_all(&[",", "standalone"]) {
            let word = self.name()?;
            let no_value = self.accept("value");
            let word = if no_value { "no value" } else { &word };
            parts.push(word_part(&format!("standalone {word}")));
        }
        Some(())
    }

    /// `PASSING BY REF x`: BY REF and BY VALUE are read and mean nothing.
    fn passing(&mut self) -> Option<Node> {
        let mechanism = |c: &mut Self| {
            let _ = c.accept_all(&["by", "ref"]) || c.accept_all(&["by", "value"]);
        };
        self.expect("passing")?;
        mechanism(self);
        let node = self.expression(COLUMN)?;
        mechanism(self);
        Some(node)
    }

    /// `XMLTABLE (...)` behind FROM.
    pub(super) fn xml_table(&mut self) -> Option<From> {
        self.at += 1;
        self.expect("(")?;
        let mut table = XmlTable::default();
        if self.accept_all(&["xmlnamespaces", "("]) {
            loop {
                let default = self.accept("default");
                let node = self.expression(COLUMN)?;
                let name = match default {
                    true => String::new(),
                    false => {
                        self.expect("as")?;
                        self.name()?
                    }
                };
                table.namespaces.push((node, name));
                if !self.accept(",") {
                    break;
                }
            }
            self.expect(")")?;
            self.expect(",")?;
        }
        table.row = self.expression(COLUMN)?;
        table.document = self.passing()?;
        self.expect("columns")?;
        loop {
            table.columns.push(self.xml_column()?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        table.alias = self.alias()?;
        Some(From::XmlTable(Box::new(table)))
    }

    fn xml_column(&mut self) -> Option<XmlColumn> {
        let mut column = XmlColumn {
            name: self.name()?,
            ..XmlColumn::default()
        };
        if self.accept_all(&["for", "ordinality"]) {
            return Some(column);
        }
        column.data_type = Some(self.type_name()?);
        loop {
            if self.accept("path") {
                column.path = Some(self.expression(COLUMN)?);
            } else if self.accept("default") {
                column.default = Some(self.expression(COLUMN)?);
            } else if self.accept_all(&["not", "null"]) {
                column.not_null = true;
            } else if !self.accept("null") {
                return Some(column);
            }
        }
    }
}

/// What stands there is a `b_expr`: `NOT NULL` behind it is the column's.
const COLUMN: u8 = 6;

fn word_part(word: &str) -> Part {
    Part::Word(word.to_owned())
}
