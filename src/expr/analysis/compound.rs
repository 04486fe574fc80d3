//! Expressions of several: arrays, CASE, parts of arrays and rows, comparisons with queries.
//!
//! Source: src/backend/parser/parse_expr.c (`transformArrayExpr`, `transformCaseExpr`,
//! `transformSubLink`), parse_node.c (`transformContainerSubscripts`).

use super::Analysis;
use super::node::equals;
use super::query::Target;
use super::typed::{Shape, Typed};
use super::types::{Given, Type};
use super::world::Output;
use crate::dialect::Dialect;
use crate::expr::tree::{At, Node, OperatorName, Query};

impl Analysis<'_, '_> {
    pub(super) fn raw_array(&mut self, elements: &[Node]) -> Option<Vec<Typed>> {
        let mut all = Vec::new();
        for element in elements {
            all.push(match element {
                Node::Array(inner) => {
                    let inner = self.raw_array(inner)?;
                    Typed {
                        key: String::new(),
                        data_type: None,
                        shape: Shape::Array(inner),
                    }
                }
                other => self.node(other)?,
            });
        }
        Some(all)
    }

    pub(super) fn array(&mut self, elements: Vec<Typed>) -> Typed {
        let given: Vec<Given> = elements.iter().map(Typed::given).collect();
        match self.world.common_type(&given) {
            Some(common) => {
                let common = common.without_modifier();
                let elements = elements.into_iter().map(|e| self.world.coerce(e, &common));
                let elements = elements.collect();
                // An array of arrays is of its elements' type.
                let element = common.element().unwrap_or(common);
                Typed::array(elements, Some(element))
            }
            None => {
                let elements = elements.into_iter().map(|e| self.settled(e)).collect();
                Typed::array(elements, None)
            }
        }
    }

    pub(super) fn case(
        &mut self,
        operand: Option<&Node>,
        branches: &[(Node, Node)],
        otherwise: Option<&Node>,
    ) -> Option<Typed> {
        let operand = match operand {
            Some(operand) => {
                let operand = self.node(operand)?;
                Some(self.settled(operand))
            }
            None => None,
        };
        let (mut conditions, mut results) = (Vec::new(), Vec::new());
        // The server looks at ELSE first when it chooses the type.
        results.push(match otherwise {
            Some(otherwise) => self.node(otherwise)?,
            None => Typed::literal(None),
        });
        for (condition, result) in branches {
            conditions.push(match &operand {
                Some(operand) => {
                    let value = self.node(condition)?;
                    self.operands(&equals(), Some(operand.clone()), value)
                        .right
                        .key
                }
                None => self.condition_of(condition)?,
            });
            results.push(self.node(result)?);
        }
        let (results, common) = self.alike(results);
        let mut key = String::from("case");
        if let Some(operand) = operand {
            key.push_str(&format!(" {}", operand.key));
        }
        for (condition, result) in conditions.iter().zip(&results[1..]) {
            key.push_str(&format!(" when {condition} then {}", result.key));
        }
        key.push_str(&format!(" else {} end", results[0].key));
        Some(Typed::new(key, common))
    }

    pub(super) fn subscript(
        &mut self,
        inner: &Node,
        low: Option<&Node>,
        high: Option<&Node>,
        slice: bool,
    ) -> Option<Typed> {
        let inner = self.node(inner)?;
        let of = inner.data_type.as_ref().map(|t| self.world.base(t));
        let is_array = of.as_ref().is_some_and(|t| t.element().is_some());
        let mut bound = |node: Option<&Node>| -> Option<String> {
            let Some(node) = node else {
                return Some(String::new());
            };
            let typed = self.node(node)?;
            let to = Type::new(if is_array { "integer" } else { "text" });
            Some(match typed.shape {
                Shape::Literal(..) => self.world.coerce(typed, &to).key,
                _ => typed.key,
            })
        };
        let (low, high) = (bound(low)?, bound(high)?);
        let colon = if slice { ":" } else { "" };
        let data_type = match (of, slice) {
            (Some(of), false) if is_array => of.element(),
            (of, _) => of,
        };
        Some(Typed::new(
            format!("{}[{low}{colon}{high}]", inner.key),
            data_type,
        ))
    }

    pub(super) fn field(&mut self, inner: &Node, field: &str, at: At) -> Option<Typed> {
        let inner = self.node(inner)?;
        let data_type = inner.data_type.as_ref().and_then(|of| {
            let columns = self.world.columns_of_type(of)?;
            self.note_field(&columns, field);
            let found = columns.into_iter().find(|c| c.name == field)?;
            let of = self.world.base(of);
            self.world.record_field(&of, field);
            self.world.respell_field(&of, field, at);
            found.data_type
        });
        let field = if field == "*" {
            "*".into()
        } else {
            Dialect::Postgres.quote(field)
        };
        Some(Typed::new(format!("({}).{field}", inner.key), data_type))
    }

    /// `(composite).*` as its fields.
    pub(super) fn fields(&mut self, inner: &Node) -> Option<Vec<Target>> {
        let inner = self.node(inner)?;
        let of = inner.data_type.as_ref()?;
        let columns = self.world.columns_of_type(of)?;
        for column in &columns {
            let of = self.world.base(of);
            self.world.record_field(&of, &column.name);
            self.world.respell_field(&of, &column.name, At::NOWHERE);
        }
        let target = |c: Output| {
            let key = format!("({}).{}", inner.key, Dialect::Postgres.quote(&c.name));
            Target {
                typed: Typed::new(key, c.data_type),
                name: c.name,
            }
        };
        Some(columns.into_iter().map(target).collect())
    }

    pub(super) fn quantified_query(
        &mut self,
        left: Typed,
        operator: &OperatorName,
        all: bool,
        query: &Query,
    ) -> Option<Typed> {
        let (key, outputs) = self.query(query)?;
        let output = outputs.into_iter().next().and_then(|o| o.data_type);
        let operands = self.operands(operator, Some(left), Typed::new("", output));
        let left = operands.left.map(|l| l.key).unwrap_or_default();
        let word = if all { "all" } else { "any" };
        Some(Typed::of(
            format!("({left} {} {word} ({key}))", operator.name),
            "boolean",
        ))
    }

    pub(super) fn in_query(&mut self, left: &Node, query: &Query) -> Option<Typed> {
        if let Node::Row(elements) = left {
            return self.row_of_query(elements, "=", "any ", query);
        }
        let left = self.node(left)?;
        self.quantified_query(left, &equals(), false, query)
    }

    /// A row against those of a query: each element goes with a column.
    pub(super) fn row_of_query(
        &mut self,
        elements: &[Node],
        operator: &str,
        word: &str,
        query: &Query,
    ) -> Option<Typed> {
        let mut keys = Vec::new();
        let elements = self.nodes(elements)?;
        let (key, outputs) = self.query(query)?;
        for (element, output) in elements.into_iter().zip(outputs) {
            let operands =
                self.operands(&equals(), Some(element), Typed::new("", output.data_type));
            keys.extend(operands.left.map(|l| l.key));
        }
        Some(Typed::of(
            format!("(row({}) {operator} {word}({key}))", keys.join(", ")),
            "boolean",
        ))
    }
}
