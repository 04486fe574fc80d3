//! The functions of SQL/JSON, whose arguments words separate.
//!
//! Source: gram.y, `func_expr_common_subexpr` and `json_aggregate_func`; ruleutils.c,
//! `get_json_constructor` and `get_json_expr_options`, for what is printed where nothing was written.

use super::cursor::Cursor;
use super::{Node, OF_RESULT, Part, TypeName};

/// What comes of a function where RETURNING says nothing.
fn usual_type(word: &str) -> &'static str {
    match word {
        "json_value" | "json_serialize" => "text",
        "json_query" => "jsonb",
        "json_exists" => "boolean",
        _ => "json",
    }
}

impl Cursor<'_> {
    /// A function of SQL/JSON as words and expressions; `None` where it is none, as `json_object(text[])`
    /// is a function like any other.
    pub(super) fn json_call(&mut self, word: &str) -> Option<Node> {
        self.at += 1;
        self.expect("(")?;
        let mut parts = Vec::new();
        let mut returned = None;
        match word {
            "json_object" | "json_objectagg" => self.members(word, &mut parts)?,
            "json_array" | "json_arrayagg" => self.elements_of_array(word, &mut parts)?,
            "json_value" | "json_query" | "json_exists" => {
                self.json_path(&mut parts)?;
                returned = self.returning_type()?;
                self.wrapper(word, &mut parts)?;
                self.behaviours(word, &mut parts)?;
            }
            _ => {
                self.json_value(&mut parts)?;
                self.unique_keys(&mut parts);
            }
        }
        if returned.is_none() {
            returned = self.returning_type()?;
        }
        self.expect(")")?;
        parts.push(match returned {
            Some(of) => Part::Type(of),
            None => Part::Type(TypeName {
                name: usual_type(word).to_owned(),
                ..TypeName::default()
            }),
        });
        Some(Node::Syntax(word.to_owned(), parts))
    }

    /// `key : value, ...`, or `key VALUE value`.
    fn members(&mut self, word: &str, parts: &mut Vec<Part>) -> Option<()> {
        let empty = self.is(")") || self.is("returning");
        if empty {
            return (word == "json_object").then_some(());
        }
        loop {
            parts.push(Part::Node(self.expression(0)?, None));
            if !self.accept(":") {
                self.expect("value")?;
            }
            parts.push(word_part(":"));
            self.json_value(parts)?;
            if word == "json_objectagg" || !self.accept(",") {
                break;
            }
        }
        self.nulls("absent", parts);
        self.unique_keys(parts);
        Some(())
    }

    fn elements_of_array(&mut self, word: &str, parts: &mut Vec<Part>) -> Option<()> {
        if self.is(")") || self.is("returning") {
            return (word == "json_array").then_some(());
        }
        // Of a query it is an aggregate over its rows, which is not read.
        if self.may_be_query() {
            return None;
        }
        loop {
            self.json_value(parts)?;
            if word == "json_arrayagg" || !self.accept(",") {
                break;
            }
            parts.push(word_part(","));
        }
        if self.accept_all(&["order", "by"]) {
            parts.push(word_part("order by"));
            parts.push(Part::Node(self.expression(0)?, None));
            let descending = self.accept("desc");
            self.accept("asc");
            parts.push(word_part(if descending { "desc" } else { "" }));
        }
        self.nulls("null", parts);
        Some(())
    }

    /// A value, and whether its text is JSON already.
    pub(super) fn json_value(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        parts.push(Part::Node(self.expression(0)?, None));
        if self.format() {
            parts.push(word_part("format json"));
        }
        Some(())
    }

    pub(super) fn format(&mut self) -> bool {
        let found = self.accept_all(&["format", "json"]);
        if found && self.accept("encoding") {
            self.at += 1;
        }
        found
    }

    /// What happens to NULL; one of the two is what happens anyway.
    fn nulls(&mut self, told: &str, parts: &mut Vec<Part>) {
        for word in ["absent", "null"] {
            if self.accept_all(&[word, "on", "null"]) && word == told {
                parts.push(word_part(&format!("{told} on null")));
            }
        }
    }

    fn unique_keys(&mut self, parts: &mut Vec<Part>) {
        if self.accept_all(&["with", "unique"]) {
            self.accept("keys");
            parts.push(word_part("unique keys"));
        } else if self.accept_all(&["without", "unique"]) {
            self.accept("keys");
        }
    }

    #[expect(clippy::option_option, reason = "not there, there, or not understood")]
    fn returning_type(&mut self) -> Option<Option<TypeName>> {
        if !self.accept("returning") {
            return Some(None);
        }
        let of = self.type_name()?;
        self.format();
        Some(Some(of))
    }

    /// `document, path PASSING value AS name, ...`
    fn json_path(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        self.json_value(parts)?;
        self.expect(",")?;
        parts.push(Part::Node(self.expression(0)?, Some("jsonpath")));
        self.passed(parts)
    }

    /// `PASSING value AS name, ...`
    pub(super) fn passed(&mut self, parts: &mut Vec<Part>) -> Option<()> {
        if !self.accept("passing") {
            return Some(());
        }
        loop {
            parts.push(Part::Node(self.expression(0)?, None));
            self.format();
            self.expect("as")?;
            parts.push(word_part(&format!("as {}", self.name()?)));
            if !self.accept(",") {
                return Some(());
            }
        }
    }

    pub(super) fn wrapper(&mut self, word: &str, parts: &mut Vec<Part>) -> Option<()> {
        if word != "json_query" {
            return Some(());
        }
        let mut wrapper = "without";
        if self.accept("without") {
            self.accept("array");
            self.expect("wrapper")?;
        } else if self.accept("with") {
            wrapper = match self.accept("conditional") {
                true => "conditional",
                false => "unconditional",
            };
            self.accept("unconditional");
            self.accept("array");
            self.expect("wrapper")?;
        }
        let omit = self.accept("omit");
        if omit || self.accept("keep") {
            self.expect("quotes")?;
            self.accept_all(&["on", "scalar", "string"]);
        }
        let quotes = if omit { "omit" } else { "keep" };
        parts.push(word_part(&format!("{wrapper} wrapper {quotes} quotes")));
        Some(())
    }

    /// `NULL`, `ERROR`, `EMPTY ARRAY`, ...
    pub(super) fn behaviour_word(&mut self) -> Option<String> {
        let word = self.name()?;
        if word != "empty" {
            return Some(word);
        }
        let object = self.accept("object");
        self.accept("array");
        let word = if object {
            "empty object"
        } else {
            "empty array"
        };
        Some(word.to_owned())
    }

    /// What happens where nothing is found, and on an error.
    pub(super) fn behaviours(&mut self, word: &str, parts: &mut Vec<Part>) -> Option<()> {
        let usual = if word == "json_exists" {
            "false"
        } else {
            "null"
        };
        while !self.is(")") && !self.is(",") {
            let behaviour = if self.accept("default") {
                Err(self.expression(0)?)
            } else {
                Ok(self.behaviour_word()?)
            };
            self.expect("on")?;
            let when = self.name()?;
            matches!(when.as_str(), "empty" | "error").then_some(())?;
            match behaviour {
                Ok(behaviour) if behaviour == usual => continue,
                Ok(behaviour) => parts.push(word_part(&behaviour)),
                Err(default) => parts.push(Part::Node(default, Some(OF_RESULT))),
            }
            parts.push(word_part(&format!("on {when}")));
        }
        Some(())
    }
}

pub(super) fn word_part(word: &str) -> Part {
    Part::Word(word.to_owned())
}
