//! Operators: which one is meant, what it makes of its operands, and comparisons with lists and rows.
//!
//! Source: src/backend/parser/parse_oper.c, parse_expr.c (`transformAExprIn`, `make_row_comparison_op`).

use super::Analysis;
use super::choice::Candidate;
use super::typed::{Shape, Typed};
use super::types::{Given, Type};
use crate::expr::builtin::builtins;
use crate::expr::tree::{Node, OperatorName};

/// Operands as the operator takes them, and its result.
pub(super) struct Operands {
    pub(super) left: Option<Typed>,
    pub(super) right: Typed,
    pub(super) result: Option<Type>,
}

fn is_comparison(name: &str) -> bool {
    matches!(
        name,
        "=" | "<>"
            | "<"
            | ">"
            | "<="
            | ">="
            | "~~"
            | "!~~"
            | "~~*"
            | "!~~*"
            | "~"
            | "!~"
            | "~*"
            | "!~*"
    )
}

impl Analysis<'_, '_> {
    pub(super) fn operator(
        &mut self,
        name: &OperatorName,
        left: Option<&Node>,
        right: &Node,
    ) -> Option<Typed> {
        if let (Some(Node::Row(left)), Node::Row(right)) = (left, right)
            && left.len() == right.len()
        {
            return self.rows(name, left, right);
        }
        if let (Some(Node::Row(left)), Node::Query(query)) = (left, right) {
            return self.row_of_query(left, &name.name, "", query);
        }
        let left = match left {
            Some(left) => Some(self.node(left)?),
            None => None,
        };
        let right = self.node(right)?;
        Some(self.applied(name, left, right))
    }

    pub(super) fn applied(
        &mut self,
        name: &OperatorName,
        left: Option<Typed>,
        right: Typed,
    ) -> Typed {
        if left.is_none()
            && name.name == "-"
            && let (Shape::Constant(value), Some(of)) = (&right.shape, &right.data_type)
            && self.world.category(&of.name) == 'N'
        {
            let negated = value
                .strip_prefix('-')
                .map_or_else(|| format!("-{value}"), str::to_owned);
            return Typed::constant(negated, of.clone());
        }
        let operands = self.operands(name, left, right);
        let symbol = self.symbol(name);
        let key = match &operands.left {
            Some(left) => format!("({} {symbol} {})", left.key, operands.right.key),
            None => format!("({symbol} {})", operands.right.key),
        };
        Typed::new(key, operands.result)
    }

    /// One spelling: the schema counts only where the schema of our own has such an operator.
    fn symbol(&self, name: &OperatorName) -> String {
        let Some(schema) = &name.schema else {
            return name.name.clone();
        };
        let declared = self.world.catalog.operators.keys().any(|(n, _)| {
            n.name == name.name.as_str() && n.schema.as_deref() == Some(schema.as_str())
        });
        match declared && schema != "public" {
            true => format!("{schema}.{}", name.name),
            false => name.name.clone(),
        }
    }

    pub(super) fn operands(
        &mut self,
        name: &OperatorName,
        left: Option<Typed>,
        right: Typed,
    ) -> Operands {
        let mut given: Vec<Given> = left.iter().map(Typed::given).collect();
        given.push(right.given());
        let candidates = self.operator_candidates(&name.name, left.is_some());
        let chosen = match given.contains(&Given::Unclear) {
            true => None,
            false => self.world.choose(&candidates, &given),
        };
        let chosen = chosen.and_then(|c| self.world.bind(&c, &given));
        let Some(chosen) = chosen else {
            if name.schema.is_none() {
                self.note_unfit_operator(&name.name, &candidates, &given);
            }
            return self.undecided(name, left, right);
        };
        self.world.note_mutable_operator(&name.name, &chosen);
        self.world.record_operator(name, &chosen);
        let mut wanted = chosen.arguments.iter();
        let left = left.map(|l| match wanted.next() {
            Some(wanted) => self.argument(l, wanted),
            None => l,
        });
        let right = match wanted.next() {
            Some(wanted) => self.argument(right, wanted),
            None => right,
        };
        Operands {
            left,
            right,
            result: chosen.result,
        }
    }

    /// An operator that is not known: literals are taken to be of the other side's type, else text.
    fn undecided(&mut self, name: &OperatorName, left: Option<Typed>, right: Typed) -> Operands {
        let known = |t: Option<&Typed>| {
            t.and_then(|t| t.data_type.clone())
                .map(|t| self.world.base(&t))
        };
        let of_left = known(left.as_ref());
        let of_right = known(Some(&right));
        let settle = |typed: Typed, other: Option<Type>| match (&typed.shape, other) {
            (Shape::Literal(..), Some(other)) if is_comparison(&name.name) => {
                self.world.coerce(typed, &other.without_modifier())
            }
            (Shape::Literal(..), _) => self.world.coerce(typed, &Type::new("text")),
            _ => typed,
        };
        let (left, right) = (left.map(|l| settle(l, of_right)), settle(right, of_left));
        let result = is_comparison(&name.name).then(|| Type::new("boolean"));
        Operands {
            left,
            right,
            result,
        }
    }

    /// An argument as the type that is wanted of it; a polymorphic one takes what comes.
    pub(super) fn argument(&self, typed: Typed, wanted: &Type) -> Typed {
        let open = wanted.name.starts_with("any") || wanted.is("\"any\"") || wanted.is("record");
        match (&typed.shape, open) {
            (Shape::Literal(..), true) => self.world.coerce(typed, &Type::new("text")),
            (_, true) => typed,
            // A domain, or an array over another modifier, is taken as what is under it.
            _ if typed.data_type.as_ref() == Some(wanted) => typed,
            _ => self.world.coerce(typed, &wanted.without_modifier()),
        }
    }

    fn operator_candidates(&self, name: &str, binary: bool) -> Vec<Candidate> {
        let mut all = Vec::new();
        for operator in builtins().operators.get(name).into_iter().flatten() {
            if operator.left.is_empty() == binary {
                continue;
            }
            let mut arguments = vec![Type::new(operator.right)];
            if binary {
                arguments.insert(0, Type::new(operator.left));
            }
            let result = Some(Type::new(operator.result));
            all.push(Candidate {
                arguments,
                result,
                origin: all.len(),
            });
        }
        for ((found, _), operator) in &self.world.catalog.operators {
            if found.name != name || operator.left.is_some() != binary {
                continue;
            }
            let sides = operator.left.iter().chain(&operator.right);
            let arguments: Vec<Type> = sides.map(|t| self.world.declared_type(t)).collect();
            if arguments.len() == 1 + usize::from(binary) {
                all.push(Candidate {
                    arguments,
                    result: None,
                    origin: all.len(),
                });
            }
        }
        all
    }

    /// `(a, b) = (c, d)` is a list of comparisons, `<` and its like compare rows as wholes.
    fn rows(&mut self, name: &OperatorName, left: &[Node], right: &[Node]) -> Option<Typed> {
        let mut pairs = Vec::new();
        for (l, r) in left.iter().zip(right) {
            let (l, r) = (self.node(l)?, self.node(r)?);
            pairs.push((l, r));
        }
        let joined = match name.name.as_str() {
            "=" => Some("and"),
            "<>" => Some("or"),
            _ => None,
        };
        if let Some(word) = joined {
            let all: Vec<String> = pairs
                .into_iter()
                .map(|(l, r)| self.applied(name, Some(l), r).key)
                .collect();
            return Some(Typed::chain(word, all));
        }
        let (mut lefts, mut rights) = (Vec::new(), Vec::new());
        for (l, r) in pairs {
            let operands = self.operands(name, Some(l), r);
            lefts.extend(operands.left.map(|l| l.key));
            rights.push(operands.right.key);
        }
        let key = format!(
            "(row({}) {} row({}))",
            lefts.join(", "),
            name.name,
            rights.join(", ")
        );
        Some(Typed::of(key, "boolean"))
    }

    /// `IN (list)`: constants are one array, what names columns is compared by itself.
    pub(super) fn membership(&mut self, left: &Node, list: &[Node], not: bool) -> Option<Typed> {
        let (operator, word) = if not { ("<>", "and") } else { ("=", "or") };
        let operator = OperatorName {
            schema: None,
            name: operator.to_owned(),
        };
        let rows = matches!(left, Node::Row(_));
        let (with_columns, constants): (Vec<&Node>, Vec<&Node>) =
            list.iter().partition(|n| rows || names_columns(n));
        let mut parts = Vec::new();
        let mut rest = with_columns;
        if constants.len() > 1 {
            let tested = self.node(left)?;
            let mut elements = Vec::new();
            for node in constants {
                elements.push(self.node(node)?);
            }
            parts.push(self.in_array(tested, elements, &operator, not).key);
        } else {
            rest = list.iter().collect();
        }
        for node in rest {
            parts.push(self.operator(&operator, Some(left), node)?.key);
        }
        Some(match parts.as_slice() {
            [one] => Typed::of(one.clone(), "boolean"),
            _ => Typed::chain(word, parts),
        })
    }

    fn in_array(
        &mut self,
        left: Typed,
        elements: Vec<Typed>,
        operator: &OperatorName,
        all: bool,
    ) -> Typed {
        let mut given = vec![left.given()];
        given.extend(elements.iter().map(Typed::given));
        let common = match left.given() {
            Given::Unclear => None,
            _ => self.world.common_type(&given),
        };
        let array = match common {
            Some(common) => {
                let elements = elements
                    .into_iter()
                    .map(|e| self.world.coerce(e, &common.without_modifier()));
                Typed::array(elements.collect(), Some(common.without_modifier()))
            }
            None => self.array(elements),
        };
        self.quantified(left, operator, all, array)
    }

    pub(super) fn quantified(
        &mut self,
        left: Typed,
        operator: &OperatorName,
        all: bool,
        array: Typed,
    ) -> Typed {
        let word = if all { "all" } else { "any" };
        let element = match (&array.data_type, &array.shape) {
            (Some(found), _) => self.world.base(found).element(),
            (None, Shape::Literal(..)) => left.data_type.as_ref().map(|t| self.world.base(t)),
            _ => None,
        };
        let Some(element) = element else {
            let left = self.settled(left);
            let key = format!(
                "({} {} {word} ({}))",
                left.key,
                self.symbol(operator),
                array.key
            );
            return Typed::of(key, "boolean");
        };
        let stand_in = Typed::new("", Some(element.clone()));
        let operands = self.operands(operator, Some(left), stand_in);
        let wanted = operands.right.data_type.unwrap_or(element);
        let array = self.world.coerce(array, &wanted.without_modifier().array());
        let left = operands.left.map(|l| l.key).unwrap_or_default();
        let key = format!("({left} {} {word} ({}))", self.symbol(operator), array.key);
        Typed::of(key, "boolean")
    }
}

/// Whether a column stands in the expression, not looking into queries (`contain_vars_of_level`).
fn names_columns(node: &Node) -> bool {
    match node {
        Node::Column(..) | Node::Star(..) => true,
        Node::Cast(inner, _)
        | Node::Not(inner)
        | Node::Is(inner, _)
        | Node::Collate(inner, _)
        | Node::Field(inner, ..) => names_columns(inner),
        Node::Operator(_, left, right) => {
            left.as_deref().is_some_and(names_columns) || names_columns(right)
        }
        Node::Call(call) => call.arguments.iter().any(|(_, a)| names_columns(a)),
        Node::And(list)
        | Node::Or(list)
        | Node::Special(_, list)
        | Node::Array(list)
        | Node::Row(list) => list.iter().any(names_columns),
        Node::Distinct(a, b) => names_columns(a) || names_columns(b),
        Node::Subscript(inner, ..) => names_columns(inner),
        Node::Case(operand, branches, otherwise) => {
            operand.as_deref().is_some_and(names_columns)
                || branches
                    .iter()
                    .any(|(c, r)| names_columns(c) || names_columns(r))
                || otherwise.as_deref().is_some_and(names_columns)
        }
        _ => false,
    }
}
