//! Operators and functions that nothing has for the types at hand.
//!
//! Invariant: a call is unfit only where every type in it is known, and all that may take or convert one:
//! what extensions and kept statements bring along may be anything.
//!
//! Source: src/backend/parser/parse_oper.c (`op_error`), parse_func.c (`ParseFuncOrColumn`).

use super::Analysis;
use super::calls::candidate;
use super::choice::Candidate;
use super::types::{Given, Type};
use super::unknown::{UnknownColumn, Wrong};
use super::value::canonical;
use super::world::qualified;
use super::world::{Signature, World};
use crate::dialect::known_extension;
use crate::expr::builtin::builtins;

impl Analysis<'_, '_> {
    /// Notes an operator that no candidate is for.
    pub(super) fn note_unfit_operator(
        &self,
        symbol: &str,
        candidates: &[Candidate],
        given: &[Given],
    ) {
        // Those of the schema have no result.
        let mut own = candidates.iter().filter(|c| c.result.is_none());
        if own.all(|c| self.world.takes_known(c)) && self.is_unfit(candidates, given) {
            let named = match given {
                [left, right] => format!("{} {symbol} {}", shown(left), shown(right)),
                given => format!("{symbol} {}", list(given)),
            };
            self.note(named);
        }
    }

    /// The same of a function that the schema declares, or the server has: all its overloads are known.
    pub(super) fn note_unfit_function(
        &self,
        name: &str,
        signatures: &[Signature],
        given: &[Given],
    ) {
        // Of aggregates of the schema it is not said which of their arguments go where.
        if signatures.is_empty() || signatures.iter().any(|s| s.result.is_none()) {
            return;
        }
        let all = signatures.iter().enumerate();
        let candidates = all.filter_map(|(at, s)| candidate(s, given.len(), at, false));
        let candidates: Vec<Candidate> = candidates.collect();
        let wrong = match self.world.choose(&candidates, given) {
            None => {
                let known = candidates.iter().all(|c| self.world.takes_known(c));
                // `date(x)` is a cast.
                known && !is_type(name) && self.is_unfit(&candidates, given)
            }
            Some(chosen) => self.is_unclear(signatures, &candidates, &chosen),
        };
        if wrong && !self.is_elsewhere(name, signatures) {
            self.note(format!("{name}({})", list(given)));
        }
    }

    /// Notes types that nothing has in common, of which one value is to be.
    pub(super) fn note_unlike(&self, given: &[Given]) {
        let world = self.world;
        let known = given.iter().filter_map(|given| match given {
            Given::Known(found) if world.is_closed(found) => Some(world.base(found)),
            _ => None,
        });
        let known: Vec<Type> = known.collect();
        let Some(first) = known.first() else {
            return;
        };
        let category = world.category(&first.name);
        let other = known.iter().find(|t| world.category(&t.name) != category);
        if let Some(other) = other.filter(|_| world.depth.get() == 0) {
            self.note(format!("{} or {}", first.name, other.name));
        }
    }

    /// A field that a row does not have; a function of the row is written like one.
    pub(super) fn note_field(&self, columns: &[super::world::Output], field: &str) {
        const SYSTEM: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];
        let world = self.world;
        let mut routines = world.catalog.routines.keys().map(|(name, _)| name);
        let called = builtins().functions.contains_key(field)
            || routines.any(|name| name.name.as_str() == field);
        let there =
            field == "*" || SYSTEM.contains(&field) || columns.iter().any(|c| c.name == field);
        if there || called || world.depth.get() > 0 {
            return;
        }
        world.unknown.borrow_mut().push(UnknownColumn {
            name: field.to_owned(),
            known: columns.iter().map(|c| c.name.clone()).collect(),
            what: Wrong::Column,
        });
    }

    /// Whether another schema has such a function: the search path may lead there.
    fn is_elsewhere(&self, name: &str, signatures: &[Signature]) -> bool {
        let own = signatures.iter().find_map(|s| s.routine.as_ref());
        let bare = own.map_or(name, |(own, _)| own.name.as_str());
        let mut names = self.world.catalog.routines.keys().map(|(name, _)| name);
        names.any(|n| n.name.as_str() == bare && own.is_none_or(|(own, _)| n != own))
    }

    /// Whether two overloads take the same where the defaults of one are left out (namespace.c,
    /// `FuncnameGetCandidates`); one that is not variadic comes first.
    fn is_unclear(
        &self,
        signatures: &[Signature],
        candidates: &[Candidate],
        chosen: &Candidate,
    ) -> bool {
        let same = |c: &&Candidate| {
            let of = &signatures[c.origin];
            c.arguments == chosen.arguments && !of.variadic && of.routine.is_some()
        };
        self.world.depth.get() == 0 && candidates.iter().filter(same).count() > 1
    }

    fn note(&self, name: String) {
        self.world.unknown.borrow_mut().push(UnknownColumn {
            name,
            known: Vec::new(),
            what: Wrong::Unfit,
        });
    }

    fn is_unfit(&self, candidates: &[Candidate], given: &[Given]) -> bool {
        let world = self.world;
        let is_known = |given: &Given| match given {
            Given::Known(found) => world.is_closed(found),
            Given::Literal => true,
            Given::Unclear => false,
        };
        world.depth.get() == 0
            && given.iter().all(is_known)
            && !candidates.iter().any(|c| world.may_fit(c, given))
            && world.knows_all_operators()
    }
}

impl World<'_> {
    /// Notes a literal that is no value of its type, where the text alone says so.
    pub(super) fn note_value(&self, value: &str, of: &Type) {
        if self.depth.get() > 0 || self.may_be(value, of) {
            return;
        }
        self.unknown.borrow_mut().push(UnknownColumn {
            name: value.to_owned(),
            known: vec![of.name.clone()],
            what: Wrong::Value,
        });
    }

    fn may_be(&self, value: &str, of: &Type) -> bool {
        if let Some(element) = of.element().filter(|_| of.name.ends_with("[]")) {
            return match self.elements_of(value) {
                Some(values) => values.iter().all(|v| self.may_be(v, &element)),
                None => true,
            };
        }
        let named = qualified(&of.name);
        if let Some(found) = named.and_then(|name| self.catalog.enums.get(&name)) {
            return found.values.iter().any(|v| **v == *value);
        }
        let value = value.trim();
        match of.name.as_str() {
            "smallint" | "integer" | "bigint" => value.contains(|c: char| c.is_ascii_digit()),
            "boolean" => canonical(value, of, None) != value || matches!(value, "true" | "false"),
            _ => true,
        }
    }

    /// The elements of an array's literal without quotes, and without arrays in it.
    pub(super) fn elements_of<'v>(&self, value: &'v str) -> Option<Vec<&'v str>> {
        let inner = value.trim().strip_prefix('{')?.strip_suffix('}')?;
        if inner.contains(['{', '"', '\\']) {
            return None;
        }
        let elements = inner.split(',').map(str::trim);
        let given = elements.filter(|e| !e.is_empty() && !e.eq_ignore_ascii_case("null"));
        Some(given.collect())
    }

    fn may_fit(&self, candidate: &Candidate, given: &[Given]) -> bool {
        let mut pairs = candidate.arguments.iter().zip(given);
        let each = pairs.all(|(wanted, given)| match given {
            Given::Known(found) => self.coercible(found, &wanted.name),
            Given::Literal | Given::Unclear => true,
        });
        each && self.bind(candidate, given).is_some()
    }

    /// Whether it is known what converts to the arguments.
    fn takes_known(&self, candidate: &Candidate) -> bool {
        let mut wanted = candidate.arguments.iter();
        wanted.all(|wanted| self.is_closed(wanted) || is_pseudo(&wanted.name))
    }

    /// Whether all is known of a type; rows go by rules of their own.
    fn is_closed(&self, found: &Type) -> bool {
        let base = self.base(found);
        let name = base.name.trim_end_matches("[]");
        match builtins().types.get(name) {
            Some(builtin) => !matches!(builtin.category, 'P' | 'X'),
            None => !matches!(self.declared_category(name), 'U' | 'C'),
        }
    }

    fn knows_all_operators(&self) -> bool {
        let mut extensions = self.catalog.extensions.keys();
        let opaque = self.catalog.opaque.values().flat_map(|o| &o.statements);
        let mut kept = opaque.chain(self.catalog.kept.iter().map(|k| &k.text));
        let brings = |text: &str| {
            let text = text.to_lowercase();
            ["operator", "cast", "extension"]
                .iter()
                .any(|w| text.contains(w))
        };
        extensions.all(|name| known_extension(name).is_some_and(|e| !e.brings_operators))
            && !kept.any(|text| brings(text))
    }
}

/// By the names that `pg_type` has, too.
fn is_type(name: &str) -> bool {
    let short = [
        "int2",
        "int4",
        "int8",
        "float4",
        "float8",
        "bool",
        "varchar",
        "bpchar",
        "varbit",
        "timestamp",
        "timestamptz",
        "time",
        "timetz",
    ];
    builtins().types.contains_key(name) || short.contains(&name)
}

fn is_pseudo(name: &str) -> bool {
    let builtin = builtins().types.get(name);
    builtin.is_some_and(|t| t.category == 'P') || name.starts_with("any")
}

fn shown(given: &Given) -> &str {
    match given {
        Given::Known(found) => &found.name,
        Given::Literal | Given::Unclear => "unknown",
    }
}

fn list(given: &[Given]) -> String {
    let shown: Vec<&str> = given.iter().map(shown).collect();
    shown.join(", ")
}
