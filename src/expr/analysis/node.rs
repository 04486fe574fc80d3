//! Expressions: each kind of node with its type.
//!
//! Source: src/backend/parser/parse_expr.c (`transformExprRecurse`).

use super::Analysis;
use super::scope::Found;
use super::typed::{Shape, Typed};
use super::types::{Given, Type};
use super::value;
use crate::dialect::Dialect;
use crate::expr::tree::{At, Node, OperatorName, TypeName};

/// How deep the analysis goes; the grammar's own bound is on nesting, this one on chains too.
const DEPTH: u32 = 150;

impl Analysis<'_, '_> {
    pub(super) fn node(&mut self, node: &Node) -> Option<Typed> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let typed = self.any_node(node);
        self.depth -= 1;
        typed
    }

    fn any_node(&mut self, node: &Node) -> Option<Typed> {
        Some(match node {
            Node::Number(digits) => number(digits),
            Node::Text(value, at) => Typed::literal_at(Some(value.clone()), *at),
            Node::Null => Typed::literal(None),
            Node::Bits(raw) => bits(raw),
            Node::Bool(value) => Typed::constant(value.to_string(), Type::new("boolean")),
            Node::Default => Typed::new("default", None),
            Node::Parameter(raw) => self.parameter(raw),
            Node::Value(name) => sql_value(name),
            Node::Column(parts, at) => self.column(parts, *at),
            Node::Star(parts, at) => self.whole_row(parts, *at),
            Node::Cast(inner, to) => self.cast(inner, to)?,
            Node::Operator(name, left, right) => {
                self.operator_chain(name, left.as_deref(), right)?
            }
            Node::And(list) => self.conditions("and", list)?,
            Node::Or(list) => self.conditions("or", list)?,
            Node::Not(inner) => {
                let inner = self.condition_of(inner)?;
                Typed::of(format!("(not {inner})"), "boolean")
            }
            Node::Is(inner, test) => self.test(inner, test)?,
            Node::Distinct(left, right) => {
                let (left, right) = (self.node(left)?, self.node(right)?);
                let operands = self.operands(&equals(), Some(left), right);
                let left = operands.left.map(|l| l.key).unwrap_or_default();
                Typed::of(
                    format!("({left} is distinct from {})", operands.right.key),
                    "boolean",
                )
            }
            Node::In(left, list, not) => self.membership(left, list, *not)?,
            Node::Quantified(left, operator, all, right) => {
                let left = self.node(left)?;
                if let Node::Query(query) = &**right {
                    return self.quantified_query(left, operator, *all, query);
                }
                let right = self.node(right)?;
                self.quantified(left, operator, *all, right)
            }
            Node::InQuery(left, query) => self.in_query(left, query)?,
            Node::Call(call) => self.call(call)?.0,
            Node::Special(name, list) => self.special(name, list)?,
            Node::Syntax(name, parts) => self.syntax(name, parts)?,
            Node::Case(operand, branches, otherwise) => {
                self.case(operand.as_deref(), branches, otherwise.as_deref())?
            }
            Node::Array(elements) => {
                let elements = self.nodes(elements)?;
                self.array(elements)
            }
            Node::Row(elements) => {
                let keys: Vec<String> = self
                    .nodes(elements)?
                    .into_iter()
                    .map(|e| self.settled(e).key)
                    .collect();
                Typed::of(format!("row({})", keys.join(", ")), "record")
            }
            Node::ArrayQuery(query) => {
                let (key, outputs) = self.query(query)?;
                let element = outputs.into_iter().next().and_then(|o| o.data_type);
                Typed::new(format!("array({key})"), element.map(|e| e.array()))
            }
            Node::Query(query) => {
                let (key, outputs) = self.query(query)?;
                Typed::new(
                    format!("({key})"),
                    outputs.into_iter().next().and_then(|o| o.data_type),
                )
            }
            Node::Exists(query) => {
                Typed::of(format!("exists({})", self.query(query)?.0), "boolean")
            }
            Node::Subscript(inner, low, high, slice) => {
                self.subscript(inner, low.as_deref(), high.as_deref(), *slice)?
            }
            Node::Field(inner, field, at) => self.field(inner, field, *at)?,
            Node::Collate(inner, name) => {
                let inner = self.node(inner)?;
                let inner = self.settled(inner);
                self.world.record_collation(name);
                let name = name.last().map_or("", String::as_str);
                let name = Dialect::Postgres.quote(name);
                Typed::new(format!("({} collate {name})", inner.key), inner.data_type)
            }
        })
    }

    pub(super) fn nodes(&mut self, nodes: &[Node]) -> Option<Vec<Typed>> {
        nodes.iter().map(|n| self.node(n)).collect()
    }

    /// A literal that nothing gave a type is text.
    pub(super) fn settled(&self, typed: Typed) -> Typed {
        match typed.shape {
            Shape::Literal(..) if typed.data_type.is_none() => {
                self.world.coerce(typed, &Type::new("text"))
            }
            _ => typed,
        }
    }

    pub(super) fn condition_of(&mut self, node: &Node) -> Option<String> {
        let typed = self.node(node)?;
        Some(self.world.coerce(typed, &Type::new("boolean")).key)
    }

    fn conditions(&mut self, word: &'static str, list: &[Node]) -> Option<Typed> {
        let mut parts = Vec::new();
        for node in list {
            let typed = self.node(node)?;
            let typed = self.world.coerce(typed, &Type::new("boolean"));
            match typed.shape {
                Shape::Chain(of, inner) if of == word => parts.extend(inner),
                _ => parts.push(typed.key),
            }
        }
        Some(Typed::chain(word, parts))
    }

    /// A chain that leans to the left is walked and not descended, so that its length does not count.
    fn operator_chain(
        &mut self,
        name: &OperatorName,
        left: Option<&Node>,
        right: &Node,
    ) -> Option<Typed> {
        let mut steps: Vec<(&OperatorName, &Node)> = vec![(name, right)];
        let mut first = left;
        while let Some(Node::Operator(name, Some(left), right)) = first {
            if matches!(**left, Node::Row(_)) {
                break;
            }
            steps.push((name, right));
            first = Some(&**left);
        }
        let (name, right) = steps.pop()?;
        let mut typed = self.operator(name, first, right)?;
        for (name, right) in steps.into_iter().rev() {
            let right = self.node(right)?;
            typed = self.applied(name, Some(typed), right);
        }
        Some(typed)
    }

    fn column(&mut self, parts: &[String], at: At) -> Typed {
        for scope in self.scopes.iter().rev() {
            match scope.find(parts) {
                Found::Column(typed) => {
                    self.record_column(scope, parts);
                    self.respell_column(scope, parts, at);
                    return typed;
                }
                Found::Row(typed) => {
                    let entry = parts.last().and_then(|alias| scope.entry(None, alias));
                    entry.inspect(|entry| self.respell_row(entry, parts, at));
                    return typed;
                }
                Found::Nothing => {}
            }
        }
        self.note_unknown(parts);
        // A row's field by the row's name: (row).field without its parentheses.
        let quoted: Vec<_> = parts.iter().map(|p| Dialect::Postgres.quote(p)).collect();
        Typed::new(quoted.join("."), None)
    }

    /// An argument by its place, which has a type where the routine is known.
    fn parameter(&self, raw: &str) -> Typed {
        let parts = [raw.to_owned()];
        let found = self.scopes.iter().rev().find_map(|s| match s.find(&parts) {
            Found::Column(typed) => typed.data_type,
            _ => None,
        });
        Typed::new(raw.to_owned(), found)
    }

    fn whole_row(&mut self, parts: &[String], at: At) -> Typed {
        let found = self.scopes.iter().rev().find_map(|s| s.whole_row(parts));
        let found = found.map(|entry| {
            self.respell_row(entry, parts, at);
            entry.row()
        });
        found.unwrap_or_else(|| Typed::new(format!("{}.*", parts.join(".")), None))
    }

    fn cast(&mut self, inner: &Node, to: &TypeName) -> Option<Typed> {
        if let (Node::Text(value, _), "interval", None) = (inner, to.name.as_str(), &to.schema)
            && let Some(value) = to.modifier.as_deref().and_then(|m| of_field(value, m))
        {
            return Some(
                self.world
                    .coerce(Typed::literal(Some(value)), &Type::new("interval")),
            );
        }
        let to = self.world.written_type(to);
        let typed = match inner {
            // The type goes to the elements before they are given one of their own.
            Node::Array(elements) if to.element().is_some() => {
                let elements = self.raw_array(elements)?;
                Typed {
                    key: String::new(),
                    data_type: None,
                    shape: Shape::Array(elements),
                }
            }
            _ => self.node(inner)?,
        };
        Some(self.world.coerce(typed, &to))
    }

    fn test(&mut self, inner: &Node, test: &str) -> Option<Typed> {
        let typed = self.node(inner)?;
        let typed = match test {
            _ if test.ends_with("document") => self.world.coerce(typed, &Type::new("xml")),
            _ if test.ends_with("null") || test.contains("json") => self.settled(typed),
            _ => self.world.coerce(typed, &Type::new("boolean")),
        };
        Some(Typed::of(format!("({} is {test})", typed.key), "boolean"))
    }

    fn special(&mut self, name: &str, list: &[Node]) -> Option<Typed> {
        if let ("nullif", [left, right]) = (name, list) {
            let (left, right) = (self.node(left)?, self.node(right)?);
            let operands = self.operands(&equals(), Some(left), right);
            let left = operands.left?;
            return Some(Typed::new(
                format!("nullif({}, {})", left.key, operands.right.key),
                left.data_type,
            ));
        }
        let list = self.nodes(list)?;
        let (list, common) = self.alike(list);
        let keys: Vec<String> = list.into_iter().map(|e| e.key).collect();
        Some(Typed::new(format!("{name}({})", keys.join(", ")), common))
    }

    /// Expressions converted to the type they agree on, of which one value is to be.
    pub(super) fn alike(&mut self, list: Vec<Typed>) -> (Vec<Typed>, Option<Type>) {
        let given: Vec<Given> = list.iter().map(Typed::given).collect();
        let found = self.converted(list);
        if found.1.is_none() {
            self.note_unlike(&given);
        }
        found
    }

    /// The values that the rows of an INSERT have for a column, each of which it converts by itself.
    pub(super) fn stored(&mut self, list: Vec<Typed>, wanted: &Type) -> (Vec<Typed>, Option<Type>) {
        let literals = list.iter().all(|t| t.given() == Given::Literal);
        let list = list.into_iter().map(|t| match literals {
            true => self.world.coerce(t, wanted),
            false => t,
        });
        let list = list.collect();
        self.converted(list)
    }

    fn converted(&mut self, list: Vec<Typed>) -> (Vec<Typed>, Option<Type>) {
        let given: Vec<Given> = list.iter().map(Typed::given).collect();
        let Some(common) = self.world.common_type(&given) else {
            return (list.into_iter().map(|e| self.settled(e)).collect(), None);
        };
        let plain = common.without_modifier();
        let list = list
            .into_iter()
            .map(|e| match e.data_type.as_ref() == Some(&common) {
                true => e,
                false => self.world.coerce(e, &plain),
            });
        (list.collect(), Some(common))
    }
}

pub(super) fn equals() -> OperatorName {
    OperatorName {
        schema: None,
        name: "=".to_owned(),
    }
}

/// An integer is of the smallest type that holds it, the rest is numeric (manual, section 4.1.2.6).
fn number(digits: &str) -> Typed {
    let digits = digits.replace('_', "");
    if let Ok(value) = digits.parse::<i64>() {
        let of = if i32::try_from(value).is_ok() {
            "integer"
        } else {
            "bigint"
        };
        return Typed::constant(value.to_string(), Type::new(of));
    }
    Typed::constant(value::numeric(&digits), Type::new("numeric"))
}

fn sql_value(name: &str) -> Typed {
    let base = name.split('(').next().unwrap_or(name);
    let of = match base {
        "current_date" => "date",
        "current_time" => "time with time zone",
        "current_timestamp" => "timestamp with time zone",
        "localtime" => "time without time zone",
        "localtimestamp" => "timestamp without time zone",
        _ => "name",
    };
    Typed::of(name, of)
}

/// `INTERVAL '90' MINUTE`: a bare number counts the last of the fields (manual, section 8.5.4).
fn of_field(value: &str, fields: &str) -> Option<String> {
    let last = fields.rsplit(' ').next()?;
    let known = ["year", "month", "day", "hour", "minute", "second"];
    let whole = value.trim().parse::<i64>().is_ok();
    (whole && known.contains(&last)).then(|| format!("{} {last}", value.trim()))
}

/// A bit string as digits of two.
fn bits(raw: &str) -> Typed {
    let digits = raw[1..].trim_matches('\'');
    let binary = match raw.starts_with(['x', 'X']) {
        true => digits
            .chars()
            .filter_map(|c| c.to_digit(16))
            .map(|d| format!("{d:04b}"))
            .collect(),
        false => digits.to_owned(),
    };
    Typed::constant(binary, Type::new("bit"))
}
