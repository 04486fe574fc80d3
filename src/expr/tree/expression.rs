//! Operators by their precedence.
//!
//! Source: PostgreSQL manual, section 4.1.6; gram.y, `a_expr`.

use super::cursor::Cursor;
use super::{At, Call, Node, OperatorName};
use crate::expr::TokenKind;

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const IS: u8 = 4;
const COMPARISON: u8 = 5;
pub(super) const PATTERN: u8 = 6;
const OTHER: u8 = 7;
const SUM: u8 = 8;
const PRODUCT: u8 = 9;
const POWER: u8 = 10;
pub(super) const AT: u8 = 11;
const COLLATE: u8 = 12;
const SIGN: u8 = 13;

/// How many operators may stand in a row: a tree that leans to the left is as deep as it is long.
const CHAIN: usize = 500;

impl Cursor<'_> {
    /// An expression of operators that bind tighter than `floor`.
    pub(super) fn expression(&mut self, floor: u8) -> Option<Node> {
        self.enter()?;
        let mut left = self.prefixed()?;
        for _ in 0..CHAIN {
            self.spend()?;
            match self.infix(left, floor)? {
                Ok(more) => left = more,
                Err(done) => {
                    self.leave();
                    return Some(done);
                }
            }
        }
        None
    }

    fn prefixed(&mut self) -> Option<Node> {
        if self.is("not") && self.kind() == Some(TokenKind::Word) {
            self.at += 1;
            return Some(Node::Not(Box::new(self.expression(NOT - 1)?)));
        }
        if self.kind() != Some(TokenKind::Operator) && !self.is("operator") {
            let primary = self.primary()?;
            return self.postfixed(primary);
        }
        let operator = self.operator_name()?;
        let binds = if matches!(operator.name.as_str(), "+" | "-") {
            SIGN
        } else {
            OTHER
        };
        let operand = self.expression(binds)?;
        Some(signed(operator, operand))
    }

    /// `::type`, subscripts, fields.
    fn postfixed(&mut self, node: Node) -> Option<Node> {
        let mut node = node;
        loop {
            self.spend()?;
            if self.accept("::") {
                node = Node::Cast(Box::new(node), self.type_name()?);
            } else if self.is("[") {
                node = self.subscript(node)?;
            } else if self.is(".") {
                self.at += 1;
                let at = At(self.at);
                let field = if self.accept("*") {
                    "*".to_owned()
                } else {
                    self.name()?
                };
                node = Node::Field(Box::new(node), field, at);
            } else {
                return Some(node);
            }
        }
    }

    fn subscript(&mut self, node: Node) -> Option<Node> {
        self.expect("[")?;
        let bound = |c: &mut Self| -> Option<Option<Box<Node>>> {
            if c.is(":") || c.is("]") {
                return Some(None);
            }
            Some(Some(Box::new(c.expression(0)?)))
        };
        let low = bound(self)?;
        let slice = self.accept(":");
        let high = if slice { bound(self)? } else { None };
        self.expect("]")?;
        Some(Node::Subscript(Box::new(node), low, high, slice))
    }

    /// What goes on behind `left`, or `left` where nothing does.
    fn infix(&mut self, left: Node, floor: u8) -> Option<Result<Node, Node>> {
        let Some(TokenKind::Word | TokenKind::Operator) = self.kind() else {
            return Some(Err(left));
        };
        if self.kind() == Some(TokenKind::Operator) || self.are(&["operator", "("]) {
            return self.operator(left, floor);
        }
        let word = self.raw().to_ascii_lowercase();
        let level = match word.as_str() {
            "or" => OR,
            "and" => AND,
            "is" | "isnull" | "notnull" => IS,
            "between" | "in" | "like" | "ilike" | "similar" | "overlaps" => PATTERN,
            "not"
                if ["between", "in", "like", "ilike", "similar"]
                    .iter()
                    .any(|w| self.is_at(self.at + 1, w)) =>
            {
                PATTERN
            }
            "at" => AT,
            "collate" => COLLATE,
            _ => return Some(Err(left)),
        };
        if level <= floor {
            return Some(Err(left));
        }
        self.at += 1;
        let node = match word.as_str() {
            "or" => joined(left, self.expression(OR)?, false),
            "and" => joined(left, self.expression(AND)?, true),
            "is" => self.is_test(left)?,
            "isnull" => Node::Is(Box::new(left), "null".to_owned()),
            "notnull" => Node::Is(Box::new(left), "not null".to_owned()),
            "at" => self.at_time_zone(left)?,
            "collate" => Node::Collate(Box::new(left), self.qualified()?),
            "overlaps" => self.overlaps(left)?,
            "not" => {
                let word = self.raw().to_ascii_lowercase();
                self.at += 1;
                self.pattern(left, &word, true)?
            }
            _ => self.pattern(left, &word, false)?,
        };
        Some(Ok(node))
    }

    fn operator(&mut self, left: Node, floor: u8) -> Option<Result<Node, Node>> {
        let start = self.at;
        let operator = self.operator_name()?;
        let level = match operator.name.as_str() {
            _ if operator.schema.is_some() => OTHER,
            "=" | "<>" | "<" | ">" | "<=" | ">=" => COMPARISON,
            "+" | "-" => SUM,
            "*" | "/" | "%" => PRODUCT,
            "^" => POWER,
            _ => OTHER,
        };
        if level <= floor {
            self.at = start;
            return Some(Err(left));
        }
        let all = self.is("all");
        if (all || self.is("any") || self.is("some")) && self.is_at(self.at + 1, "(") {
            self.at += 1;
            return Some(Ok(self.quantified(left, operator, all)?));
        }
        let right = self.expression(level)?;
        Some(Ok(Node::Operator(
            operator,
            Some(Box::new(left)),
            Box::new(right),
        )))
    }

    fn quantified(&mut self, left: Node, operator: OperatorName, all: bool) -> Option<Node> {
        let right = match self.query_in_parentheses() {
            Some(query) if !all && operator.name == "=" => {
                return Some(Node::InQuery(Box::new(left), Box::new(query)));
            }
            Some(query) => Node::Query(Box::new(query)),
            None => {
                self.expect("(")?;
                let array = self.expression(0)?;
                self.expect(")")?;
                array
            }
        };
        Some(Node::Quantified(
            Box::new(left),
            operator,
            all,
            Box::new(right),
        ))
    }

    /// An operator, also as `OPERATOR(schema.op)`.
    pub(super) fn operator_name(&mut self) -> Option<OperatorName> {
        let mut schema = None;
        let written = self.accept("operator");
        if written {
            self.expect("(")?;
            while self.kind() != Some(TokenKind::Operator) {
                schema = Some(self.name()?);
                self.expect(".")?;
            }
        }
        if self.kind() != Some(TokenKind::Operator) {
            return None;
        }
        let name = match self.raw() {
            "!=" => "<>".to_owned(),
            raw => raw.to_owned(),
        };
        self.at += 1;
        if written {
            self.expect(")")?;
        }
        // Of the server itself: what no schema says (but for the precedence, which is settled here).
        Some(OperatorName {
            schema: schema.filter(|s| s != "pg_catalog"),
            name,
        })
    }

    fn is_test(&mut self, left: Node) -> Option<Node> {
        let not = self.accept("not");
        let left = Box::new(left);
        if self.accept_all(&["distinct", "from"]) {
            let right = self.expression(IS)?;
            let node = Node::Distinct(left, Box::new(right));
            return Some(if not { Node::Not(Box::new(node)) } else { node });
        }
        let test = match self.name()? {
            plain if ["null", "true", "false", "unknown", "document"].contains(&&*plain) => plain,
            json if json == "json" => self.json_test(),
            form => return self.normalized(*left, form, not),
        };
        let not = if not { "not " } else { "" };
        Some(Node::Is(left, format!("{not}{test}")))
    }

    /// BETWEEN, IN and the pattern operators.
    fn pattern(&mut self, left: Node, word: &str, not: bool) -> Option<Node> {
        match word {
            "between" => self.between(left, not),
            "in" => self.membership(left, not),
            "like" => self.like(left, if not { "!~~" } else { "~~" }),
            "ilike" => self.like(left, if not { "!~~*" } else { "~~*" }),
            _ => {
                self.expect("to")?;
                let pattern = self.expression(PATTERN)?;
                let mut arguments = vec![pattern];
                if self.accept("escape") {
                    arguments.push(self.expression(PATTERN)?);
                }
                let pattern = call("similar_to_escape", arguments);
                Some(binary(if not { "!~" } else { "~" }, left, pattern))
            }
        }
    }

    fn between(&mut self, left: Node, not: bool) -> Option<Node> {
        let symmetric = self.accept("symmetric");
        self.accept("asymmetric");
        let low = self.expression(PATTERN)?;
        self.expect("and")?;
        let high = self.expression(PATTERN)?;
        let range = |low: Node, high: Node| {
            if not {
                let (a, b) = (
                    binary("<", left.clone(), low),
                    binary(">", left.clone(), high),
                );
                Node::Or(vec![a, b])
            } else {
                let (a, b) = (
                    binary(">=", left.clone(), low),
                    binary("<=", left.clone(), high),
                );
                Node::And(vec![a, b])
            }
        };
        if !symmetric {
            return Some(range(low, high));
        }
        let (one, two) = (range(low.clone(), high.clone()), range(high, low));
        Some(joined(one, two, not))
    }

    fn membership(&mut self, left: Node, not: bool) -> Option<Node> {
        if let Some(query) = self.query_in_parentheses() {
            let found = Node::InQuery(Box::new(left), Box::new(query));
            return Some(if not {
                Node::Not(Box::new(found))
            } else {
                found
            });
        }
        self.expect("(")?;
        let list = self.expressions()?;
        self.expect(")")?;
        Some(Node::In(Box::new(left), list, not))
    }

    fn like(&mut self, left: Node, operator: &str) -> Option<Node> {
        if self.is("any") || self.is("all") || self.is("some") {
            let all = self.is("all");
            self.at += 1;
            let operator = OperatorName {
                schema: None,
                name: operator.to_owned(),
            };
            return self.quantified(left, operator, all);
        }
        let mut pattern = self.expression(PATTERN)?;
        if self.accept("escape") {
            let escape = self.expression(PATTERN)?;
            pattern = call("like_escape", vec![pattern, escape]);
        }
        Some(binary(operator, left, pattern))
    }

    /// `a, b, c`
    pub(super) fn expressions(&mut self) -> Option<Vec<Node>> {
        let mut list = vec![self.expression(0)?];
        while self.accept(",") {
            list.push(self.expression(0)?);
        }
        Some(list)
    }

    /// `( query )`; goes nowhere where no query stands there.
    pub(super) fn query_in_parentheses(&mut self) -> Option<super::Query> {
        if !self.is("(") || !self.may_be_query() {
            return None;
        }
        let (at, depth) = (self.at, self.depth());
        self.at += 1;
        let query = self.query();
        if query.is_some() && self.accept(")") {
            return query;
        }
        self.reset(at, depth);
        None
    }
}

/// A call of a function that the grammar itself writes.
pub(super) fn call(name: &str, arguments: Vec<Node>) -> Node {
    Node::Call(Box::new(Call {
        name: vec![name.to_owned()],
        arguments: arguments.into_iter().map(|a| (None, a)).collect(),
        ..Call::default()
    }))
}

fn binary(operator: &str, left: Node, right: Node) -> Node {
    let operator = OperatorName {
        schema: None,
        name: operator.to_owned(),
    };
    Node::Operator(operator, Some(Box::new(left)), Box::new(right))
}

/// AND and OR as one list: they are associative, whatever parentheses say (gram.y, `makeAndExpr`).
fn joined(left: Node, right: Node, and: bool) -> Node {
    let mut all = Vec::new();
    for node in [left, right] {
        match node {
            Node::And(more) if and => all.extend(more),
            Node::Or(more) if !and => all.extend(more),
            other => all.push(other),
        }
    }
    if and { Node::And(all) } else { Node::Or(all) }
}

/// A sign before a number is part of it (gram.y, `doNegate`).
fn signed(operator: OperatorName, operand: Node) -> Node {
    match (operator.name.as_str(), operand) {
        ("-", Node::Number(digits)) => match digits.strip_prefix('-') {
            Some(positive) => Node::Number(positive.to_owned()),
            None => Node::Number(format!("-{digits}")),
        },
        ("+", Node::Number(digits)) => Node::Number(digits),
        (_, operand) => Node::Operator(operator, None, Box::new(operand)),
    }
}
