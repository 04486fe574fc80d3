//! What stands between operators: literals, names, parentheses, CASE, ARRAY, ROW.
//!
//! Source: gram.y, `c_expr` and `AexprConst`.

use super::cursor::Cursor;
use super::{At, Node};
use crate::expr::TokenKind;

/// Words that end an expression and name nothing unless they are quoted.
const RESERVED: [&str; 51] = [
    "all",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "collate",
    "cross",
    "desc",
    "do",
    "else",
    "end",
    "except",
    "fetch",
    "for",
    "from",
    "full",
    "group",
    "having",
    "ilike",
    "in",
    "inner",
    "intersect",
    "into",
    "is",
    "join",
    "left",
    "lateral",
    "like",
    "limit",
    "natural",
    "not",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "overlaps",
    "returning",
    "right",
    "select",
    "similar",
    "tablesample",
    "then",
    "union",
    "using",
    "when",
    "where",
    "window",
    "with",
];

/// Values that look like names.
const VALUES: [&str; 12] = [
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "user",
    "system_user",
];

pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|w| word.eq_ignore_ascii_case(w))
}

impl Cursor<'_> {
    pub(super) fn primary(&mut self) -> Option<Node> {
        match self.kind()? {
            TokenKind::Number => {
                let raw = self.raw().to_lowercase();
                self.at += 1;
                Some(Node::Number(raw))
            }
            TokenKind::Parameter => {
                let raw = self.raw().to_owned();
                self.at += 1;
                Some(Node::Parameter(raw))
            }
            TokenKind::String if !self.is_string_at(self.at) => {
                let raw = self.raw().to_lowercase();
                self.at += 1;
                Some(Node::Bits(raw))
            }
            TokenKind::String | TokenKind::DollarString => {
                let at = At(self.at);
                Some(Node::Text(self.string()?, at))
            }
            TokenKind::Punctuation if self.is("(") => self.parentheses(),
            TokenKind::QuotedIdent => self.named(),
            TokenKind::Word => self.word(),
            _ => None,
        }
    }

    /// A group, a row or a scalar query.
    fn parentheses(&mut self) -> Option<Node> {
        if let Some(query) = self.query_in_parentheses() {
            return Some(Node::Query(Box::new(query)));
        }
        self.expect("(")?;
        let mut list = self.expressions()?;
        self.expect(")")?;
        match list.len() {
            1 => list.pop(),
            _ => Some(Node::Row(list)),
        }
    }

    fn word(&mut self) -> Option<Node> {
        let word = self.raw().to_ascii_lowercase();
        let calls = self.is_at(self.at + 1, "(");
        if VALUES.contains(&word.as_str()) && !self.is_at(self.at + 1, ".") {
            return self.value(&word);
        }
        match word.as_str() {
            "null" => self.literal(Node::Null),
            "true" => self.literal(Node::Bool(true)),
            "false" => self.literal(Node::Bool(false)),
            "default" => self.literal(Node::Default),
            "case" => self.case(),
            "array" => self.array(),
            "row" if calls => self.row(),
            "exists" if calls => {
                self.at += 1;
                Some(Node::Exists(Box::new(self.query_in_parentheses()?)))
            }
            "cast" if calls => self.cast(),
            _ => {
                let literal = self.typed_literal();
                if literal.is_some() {
                    return literal;
                }
                if (calls || self.are(&["collation", "for"]))
                    && let Some(special) = self.special_call(&word)
                {
                    return special;
                }
                if is_reserved(&word) && !(calls && matches!(word.as_str(), "left" | "right")) {
                    return None;
                }
                self.named()
            }
        }
    }

    fn literal(&mut self, node: Node) -> Option<Node> {
        self.at += 1;
        Some(node)
    }

    /// `CURRENT_TIMESTAMP(3)`, `current_schema()`.
    fn value(&mut self, word: &str) -> Option<Node> {
        self.at += 1;
        let mut name = match word {
            "current_role" => "current_user".to_owned(),
            "user" => "user".to_owned(),
            word => word.to_owned(),
        };
        if self.accept("(") {
            if !self.is(")") {
                name = format!("{name}({})", self.raw());
                self.at += 1;
            }
            self.expect(")")?;
        }
        Some(Node::Value(name))
    }

    /// `date '2020-01-01'`, `interval '1' day`, `my.type 'x'`; goes nowhere where none stands there.
    fn typed_literal(&mut self) -> Option<Node> {
        let mut behind = self.at + 1;
        while self.is_at(behind, ".") && self.is_name_at(behind + 1) {
            behind += 2;
        }
        if !(self.is_string_at(behind) || self.begins_type_keyword()) || is_reserved(self.raw()) {
            return None;
        }
        let (at, depth) = (self.at, self.depth());
        let name = self.type_name();
        let string = At(self.at);
        if let Some(mut name) = name
            && let Some(value) = self.string()
        {
            if name.name == "interval" {
                name.modifier = self.interval_fields(name.modifier)?;
            }
            return Some(Node::Cast(Box::new(Node::Text(value, string)), name));
        }
        self.reset(at, depth);
        None
    }

    /// A column, a whole row, or a call.
    pub(super) fn named(&mut self) -> Option<Node> {
        let at = At(self.at);
        let names = self.qualified()?;
        if self.is(".") && self.is_at(self.at + 1, "*") {
            self.at += 2;
            return Some(Node::Star(names, at));
        }
        if self.is("(") {
            return self.call(names);
        }
        Some(Node::Column(names, at))
    }

    fn cast(&mut self) -> Option<Node> {
        self.at += 1;
        self.expect("(")?;
        let node = self.expression(0)?;
        self.expect("as")?;
        let name = self.type_name()?;
        self.expect(")")?;
        Some(Node::Cast(Box::new(node), name))
    }

    fn case(&mut self) -> Option<Node> {
        self.expect("case")?;
        let operand = match self.is("when") {
            true => None,
            false => Some(Box::new(self.expression(0)?)),
        };
        let mut branches = Vec::new();
        while self.accept("when") {
            let condition = self.expression(0)?;
            self.expect("then")?;
            branches.push((condition, self.expression(0)?));
        }
        let otherwise = match self.accept("else") {
            true => Some(Box::new(self.expression(0)?)),
            false => None,
        };
        self.expect("end")?;
        Some(Node::Case(operand, branches, otherwise))
    }

    fn array(&mut self) -> Option<Node> {
        self.expect("array")?;
        if self.is("(") {
            return Some(Node::ArrayQuery(Box::new(self.query_in_parentheses()?)));
        }
        self.array_elements()
    }

    /// `[1, 2]`, and `[[1], [2]]`, whose inner arrays need no word.
    fn array_elements(&mut self) -> Option<Node> {
        self.enter()?;
        self.expect("[")?;
        let mut elements = Vec::new();
        while !self.is("]") {
            elements.push(match self.is("[") {
                true => self.array_elements()?,
                false => self.expression(0)?,
            });
            if !self.accept(",") {
                break;
            }
        }
        self.expect("]")?;
        self.leave();
        Some(Node::Array(elements))
    }

    fn row(&mut self) -> Option<Node> {
        self.at += 1;
        self.expect("(")?;
        let list = if self.is(")") {
            Vec::new()
        } else {
            self.expressions()?
        };
        self.expect(")")?;
        Some(Node::Row(list))
    }
}
