//! The names that columns of a query get where no one says them.
//!
//! Source: src/backend/parser/parse_target.c, `FigureColname`.

use super::Analysis;
use crate::expr::tree::{Body, Node, TypeName};

impl Analysis<'_, '_> {
    /// The name that a column gets from what it is.
    pub(super) fn name_of(&self, node: &Node) -> String {
        let name = Self::column_name(node);
        match name == "extract" && self.world.catalog.extracts_floats {
            true if !matches!(node, Node::Column(..)) => "date_part".to_owned(),
            _ => name,
        }
    }

    pub(super) fn column_name(node: &Node) -> String {
        figured(node).map_or_else(|| "?column?".to_owned(), |(name, _)| name)
    }
}

/// The name, and whether it is a good one: a cast or CASE only lends its own where there is no better.
fn figured(node: &Node) -> Option<(String, bool)> {
    let good = |name: &str| Some((name.to_owned(), true));
    match node {
        Node::Column(parts, _) => good(parts.last()?),
        Node::Field(inner, field, _) if field == "*" => figured(inner),
        Node::Field(_, field, _) => good(field),
        Node::Subscript(inner, ..) | Node::Collate(inner, _) => figured(inner),
        Node::Call(call) => good(call.name.last()?),
        Node::Special(name, _) => good(name),
        Node::Syntax(name, _) => good(name),
        Node::Value(name) => good(name.split('(').next()?),
        Node::Cast(inner, to) => match figured(inner) {
            Some((name, true)) => Some((name, true)),
            _ => Some((internal_name(to), false)),
        },
        Node::Case(_, _, otherwise) => match otherwise.as_deref().and_then(figured) {
            Some((name, true)) => Some((name, true)),
            _ => Some(("case".to_owned(), false)),
        },
        Node::Bool(_) => Some(("bool".to_owned(), false)),
        Node::Array(_) | Node::ArrayQuery(_) => good("array"),
        Node::Row(_) => good("row"),
        Node::Exists(_) => good("exists"),
        Node::Query(query) => match &query.body {
            Body::Select(select) => {
                let (node, alias) = select.targets.first()?;
                match alias {
                    Some(alias) => good(alias),
                    None => Some((Analysis::column_name(node), true)),
                }
            }
            _ => None,
        },
        _ => None,
    }
}

/// What `pg_type` calls a type: the grammar names built-in types so.
fn internal_name(of: &TypeName) -> String {
    let name = match of.name.as_str() {
        "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "character varying" => "varchar",
        "character" => "bpchar",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        "\"char\"" => "char",
        name => name,
    };
    name.to_owned()
}
