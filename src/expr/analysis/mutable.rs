//! What may give another value of the same arguments: functions, operators and conversions that are not
//! IMMUTABLE.
//!
//! Invariant: only what is certain is noted. What the planner writes out before it looks (functions in SQL)
//! may turn out to be constant, and what is not known is not noted.
//!
//! Source: `contain_mutable_functions` in src/backend/optimizer/util/clauses.c, the volatility of `castfunc`,
//! `oprcode`, `typinput` and `typoutput` in `pg_cast`, `pg_operator` and `pg_type`.

use super::choice::Candidate;
use super::types::Type;
use super::world::{Signature, World};
use crate::expr::builtin::builtins;

const TIMESTAMP: &str = "timestamp without time zone";
const TIMESTAMPTZ: &str = "timestamp with time zone";

impl World<'_> {
    /// What was found since this was asked last.
    pub(in crate::expr) fn take_mutable(&self) -> Vec<String> {
        self.mutable.take()
    }

    fn note_mutable(&self, what: String) {
        if self.depth.get() == 0 {
            self.mutable.borrow_mut().push(what);
        }
    }

    pub(super) fn note_mutable_function(&self, name: &str, chosen: &Signature) {
        if chosen.mutable {
            self.note_mutable(name.to_owned());
        }
    }

    /// An operator of the server that depends on the time zone or on a configuration.
    pub(super) fn note_mutable_operator(&self, symbol: &str, chosen: &Candidate) {
        let names: Vec<&str> = chosen.arguments.iter().map(|a| a.name.as_str()).collect();
        let zoned = names.contains(&TIMESTAMPTZ);
        let mutable = match names.as_slice() {
            [_, "interval"] | ["interval", _] => zoned && matches!(symbol, "+" | "-"),
            [a, b] if zoned => a != b && [a, b].iter().any(|n| matches!(**n, "date" | TIMESTAMP)),
            ["text", "text" | "tsquery"] => symbol == "@@",
            _ => false,
        };
        if mutable && chosen.result.is_some() {
            self.note_mutable(format!("{} {symbol} {}", names[0], names[1]));
        }
    }

    /// A value of one type becomes one of another.
    pub(super) fn note_cast(&self, from: &Type, to: &Type) {
        let (from, to) = (self.base(from), self.base(to));
        if self.is_mutable_cast(&from, &to) {
            self.note_mutable(format!("{}::{}", from.name, to.name));
        }
    }

    fn is_mutable_cast(&self, from: &Type, to: &Type) -> bool {
        if from == to {
            return false;
        }
        if let (true, Some(from), Some(to)) = (
            from.name.ends_with("[]") && to.name.ends_with("[]"),
            from.element(),
            to.element(),
        ) {
            return self.is_mutable_cast(&from, &to);
        }
        let pair = (from.name.as_str(), to.name.as_str());
        if builtins().casts.contains_key(&pair) {
            return is_mutable_pair(pair);
        }
        if self.declared_implicit(&pair) {
            return false;
        }
        // By the text of the value.
        match (self.category(pair.0), self.category(pair.1)) {
            (_, 'S') => self.is_written_mutably(pair.0),
            ('S', _) => {
                let times = matches!(
                    pair.1,
                    "time without time zone" | "time with time zone" | "xml"
                );
                times || self.is_written_mutably(pair.1)
            }
            _ => false,
        }
    }

    /// Whether the text of a value depends on a setting or on another table.
    fn is_written_mutably(&self, name: &str) -> bool {
        let builtin = matches!(
            name,
            "date" | TIMESTAMP | TIMESTAMPTZ | "interval" | "money"
        );
        builtin
            || name.ends_with("[]")
            || matches!(self.category(name), 'E' | 'R')
            || name.starts_with("reg") && builtins().types.contains_key(name)
    }
}

fn is_mutable_pair(pair: (&str, &str)) -> bool {
    match pair {
        ("date" | TIMESTAMP, TIMESTAMPTZ) => true,
        (TIMESTAMPTZ, to) => to != TIMESTAMPTZ,
        ("time without time zone", "time with time zone") => true,
        ("money", to) => to == "numeric",
        ("numeric" | "integer" | "bigint", to) => to == "money",
        ("text" | "character varying", to) => matches!(to, "regclass" | "xml"),
        ("character", to) => to == "xml",
        _ => false,
    }
}
