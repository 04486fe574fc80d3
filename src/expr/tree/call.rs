//! Calls: arguments, aggregates, windows, and the functions with a syntax of their own.
//!
//! Source: gram.y, `func_expr` and `func_expr_common_subexpr`. A function of the SQL standard becomes a
//! call of the function that gram.y makes of it.

use super::cursor::Cursor;
use super::expression::{PATTERN, call};
use super::{Call, Node, Sort, Window};
use crate::expr::TokenKind;

impl Cursor<'_> {
    /// A call whose arguments words separate; `None` where `word` is none of them, and
    /// `Some(None)` where it is one that cannot be read.
    pub(super) fn special_call(&mut self, word: &str) -> Option<Option<Node>> {
        let name = match word {
            "coalesce" => "coalesce",
            "greatest" => "greatest",
            "least" => "least",
            "nullif" => "nullif",
            "extract" | "position" | "substring" | "overlay" | "trim" => {
                return Some(self.standard_call(word));
            }
            "xmlelement" | "xmlforest" | "xmlconcat" | "xmlparse" | "xmlpi" | "xmlroot"
            | "xmlserialize" | "xmlexists" => return Some(self.xml_call(word)),
            "collation" | "normalize" => return Some(self.standard_call(word)),
            "json_object" => return self.json_object_call(),
            "json_array" | "json_arrayagg" | "json_objectagg" | "json_query" | "json_value"
            | "json_exists" | "json" | "json_scalar" | "json_serialize" => {
                return Some(self.json_call(word));
            }
            "treat" | "json_table" | "xmltable" => return Some(None),
            _ => return None,
        };
        Some(self.listed(name))
    }

    /// `json_object(text[])` is a function like any other.
    fn json_object_call(&mut self) -> Option<Option<Node>> {
        let (at, depth) = (self.at, self.depth());
        if let Some(found) = self.json_call("json_object") {
            return Some(Some(found));
        }
        self.reset(at, depth);
        None
    }

    fn listed(&mut self, name: &'static str) -> Option<Node> {
        self.at += 1;
        self.expect("(")?;
        let list = self.expressions()?;
        self.expect(")")?;
        Some(Node::Special(name, list))
    }

    fn standard_call(&mut self, word: &str) -> Option<Node> {
        self.at += 1;
        if word == "collation" {
            self.expect("for")?;
        }
        self.expect("(")?;
        let node = match word {
            "collation" => call("pg_collation_for", vec![self.expression(0)?]),
            "normalize" => self.normalize()?,
            "extract" => self.extract()?,
            "position" => {
                let part = self.expression(7)?;
                match self.accept("in") {
                    true => call("position", vec![self.expression(7)?, part]),
                    false => return None,
                }
            }
            "substring" => self.substring()?,
            "overlay" => self.overlay()?,
            _ => self.trim()?,
        };
        self.expect(")")?;
        Some(node)
    }

    fn normalize(&mut self) -> Option<Node> {
        let mut arguments = vec![self.expression(0)?];
        if self.accept(",") {
            let form = match self.string() {
                Some(form) => form,
                None => self.name()?,
            };
            arguments.push(Node::text(form.to_lowercase()));
        }
        if arguments.len() == 1 {
            arguments.push(Node::text("nfc"));
        }
        Some(call("normalize", arguments))
    }

    fn extract(&mut self) -> Option<Node> {
        let field = match self.string() {
            Some(field) => field,
            None => self.name()?,
        };
        if self.accept(",") {
            let from = self.expression(0)?;
            return Some(call("extract", vec![Node::text(field), from]));
        }
        self.expect("from")?;
        let from = self.expression(0)?;
        Some(call("extract", vec![Node::text(field), from]))
    }

    fn substring(&mut self) -> Option<Node> {
        let mut arguments = vec![self.expression(PATTERN)?];
        if self.accept("similar") {
            arguments.push(self.expression(PATTERN)?);
            self.expect("escape")?;
            arguments.push(self.expression(0)?);
            return Some(call("substring", arguments));
        }
        let (mut from, mut length) = (None, None);
        loop {
            if self.accept("from") {
                from = Some(self.expression(0)?);
            } else if self.accept("for") {
                length = Some(self.expression(0)?);
            } else if self.accept(",") {
                arguments.push(self.expression(0)?);
            } else {
                break;
            }
        }
        if length.is_some() && from.is_none() {
            from = Some(Node::Number("1".to_owned()));
        }
        arguments.extend(from);
        arguments.extend(length);
        Some(call("substring", arguments))
    }

    fn overlay(&mut self) -> Option<Node> {
        let mut arguments = vec![self.expression(0)?];
        while self.accept("placing")
            || self.accept("from")
            || self.accept("for")
            || self.accept(",")
        {
            arguments.push(self.expression(0)?);
        }
        Some(call("overlay", arguments))
    }

    fn trim(&mut self) -> Option<Node> {
        let name = if self.accept("leading") {
            "ltrim"
        } else if self.accept("trailing") {
            "rtrim"
        } else {
            self.accept("both");
            "btrim"
        };
        if self.accept("from") {
            return Some(call(name, self.expressions()?));
        }
        let mut first = self.expressions()?;
        if self.accept("from") {
            // The characters stand first, the function takes them last.
            let mut arguments = self.expressions()?;
            arguments.append(&mut first);
            return Some(call(name, arguments));
        }
        Some(call(name, first))
    }

    /// The arguments of a call, and what follows them.
    pub(super) fn call(&mut self, name: Vec<String>) -> Option<Node> {
        self.enter()?;
        self.expect("(")?;
        let mut call = Call {
            name,
            ..Call::default()
        };
        if self.accept("*") {
            call.star = true;
        } else if !self.is(")") {
            call.distinct = self.accept("distinct");
            self.accept("all");
            self.arguments(&mut call)?;
            if self.accept_all(&["order", "by"]) {
                call.order = self.sort_list()?;
            }
        }
        self.expect(")")?;
        if self.accept_all(&["within", "group", "("]) {
            self.expect("order")?;
            self.expect("by")?;
            call.within = self.sort_list()?;
            self.expect(")")?;
        }
        if self.accept_all(&["filter", "(", "where"]) {
            call.filter = Some(self.expression(0)?);
            self.expect(")")?;
        }
        if self.is("over") && (self.is_at(self.at + 1, "(") || self.is_name_at(self.at + 1)) {
            self.at += 1;
            call.over = Some(self.window()?);
        }
        self.leave();
        // The function and the word of the standard are one.
        if call.name.last().is_some_and(|n| n == "current_schema") && call.arguments.is_empty() {
            return Some(Node::Value("current_schema".to_owned()));
        }
        Some(Node::Call(Box::new(call)))
    }

    fn arguments(&mut self, call: &mut Call) -> Option<()> {
        loop {
            call.variadic |= self.accept("variadic");
            let named = self.is_name_at(self.at)
                && (self.is_at(self.at + 1, "=>") || self.is_at(self.at + 1, ":="));
            let name = match named {
                true => Some(self.name()?),
                false => None,
            };
            self.at += usize::from(named);
            call.arguments.push((name, self.expression(0)?));
            if !self.accept(",") {
                return Some(());
            }
        }
    }

    pub(super) fn sort_list(&mut self) -> Option<Vec<Sort>> {
        let mut list = Vec::new();
        loop {
            let node = self.expression(0)?;
            let descending = match self.accept("using") {
                true => match self.operator_name()?.name.as_str() {
                    "<" => false,
                    ">" => true,
                    _ => return None,
                },
                false => !self.accept("asc") && self.accept("desc"),
            };
            let mut nulls_moved = false;
            if self.accept("nulls") {
                let first = self.accept("first");
                if !first {
                    self.expect("last")?;
                }
                nulls_moved = first != descending;
            }
            list.push(Sort {
                node,
                descending,
                nulls_moved,
            });
            if !self.accept(",") {
                return Some(list);
            }
        }
    }

    /// A window's name or its definition in parentheses.
    pub(super) fn window(&mut self) -> Option<Window> {
        let mut window = Window::default();
        if !self.is("(") {
            window.base = Some(self.name()?);
            return Some(window);
        }
        self.at += 1;
        window.defined = true;
        let begins = ["partition", "order", "range", "rows", "groups", ")"];
        if !begins.iter().any(|w| self.is(w)) {
            window.base = Some(self.name()?);
        }
        if self.accept_all(&["partition", "by"]) {
            window.partition = self.expressions()?;
        }
        if self.accept_all(&["order", "by"]) {
            window.order = self.sort_list()?;
        }
        let mut open = 0_u32;
        while open > 0 || !self.is(")") {
            // What type an offset is of, the order says.
            if self.accept("::") {
                self.type_name()?;
                continue;
            }
            match self.kind()? {
                TokenKind::Punctuation if self.is("(") => open += 1,
                TokenKind::Punctuation if self.is(")") => open -= 1,
                _ => {}
            }
            if !window.frame.is_empty() {
                window.frame.push(' ');
            }
            window.frame.push_str(&self.raw().to_lowercase());
            self.at += 1;
        }
        self.at += 1;
        Some(window)
    }
}
