//! What the place of an expression forbids: queries within it, aggregates, functions that return rows, a
//! condition that is none.
//!
//! Source: `transformSubLink` in src/backend/parser/parse_expr.c, `check_agglevels_and_constraints` in
//! src/backend/parser/parse_agg.c, `check_srf_call_placement` in src/backend/parser/parse_func.c.

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{
    CallKind, Lexer, Reader, ReferenceKind, call_kind, is_mutable, references_of_expression,
};
use crate::model::{Column, DataType, Expr, QualifiedName, Returns};
use crate::resolve::fold::Fold;

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// As messages name it.
    pub(super) what: &'static str,
    /// Whether it may ask queries.
    pub(super) asks: bool,
}

impl Place {
    pub(super) fn of(what: &'static str) -> Self {
        Self { what, asks: false }
    }
}

impl Fold {
    /// What an expression may not have where it stands.
    pub(super) fn unfit_text(&self, text: &Expr, place: Place) -> Option<Diagnostic> {
        let text = text.text();
        let what = place.what;
        if asks(text) {
            if place.asks {
                // Within a query there may be anything.
                return None;
            }
            return self.cannot(
                format!("{what} cannot have a query within it"),
                "call a function that asks the query, or use a trigger",
            );
        }
        let references = references_of_expression(text, Dialect::Postgres);
        let mut calls = references
            .iter()
            .filter(|r| r.kind == ReferenceKind::Function);
        let (name, kind) = calls.find_map(|r| Some((&r.name, self.kind_of_call(&r.name)?)))?;
        let kind = match kind {
            CallKind::Aggregate => "an aggregate",
            CallKind::Rows => "a function that returns rows",
        };
        self.cannot(
            format!("{what} cannot call `{name}`, {kind}"),
            "call a function that computes it of one row",
        )
    }

    /// A condition whose type is known and is none of truth.
    pub(super) fn unfit_condition(
        &self,
        text: &Expr,
        place: Place,
        of: impl FnOnce(&Reader<'_>, &str) -> Option<DataType>,
    ) -> Option<Diagnostic> {
        self.unfit_text(text, place).or_else(|| {
            let found = of(&Reader::new(&self.catalog), text.text())?;
            let boolean = found.name.name == "boolean" && !found.is_array();
            if boolean {
                return None;
            }
            let found = self.dialect().print_type(&found);
            self.cannot(
                format!("{} is no condition: it is of type {found}", place.what),
                "compare it with a value",
            )
        })
    }

    /// What is computed of columns and is not the same for the same row, where it has to be.
    pub(super) fn unfit_computed(
        &self,
        text: &Expr,
        place: Place,
        columns: &[Column],
    ) -> Option<Diagnostic> {
        let told = self.unfit_mutable(text, place);
        told.or_else(|| {
            let columns = self.known_columns(columns);
            let found = Reader::new(&self.catalog).mutable_in(&columns, text.text());
            self.not_immutable(found.first()?, place)
        })
    }

    fn not_immutable(&self, name: &str, place: Place) -> Option<Diagnostic> {
        self.cannot(
            format!("{} cannot use `{name}`, which is not IMMUTABLE", place.what),
            "store the value in a column, or compute it where it is asked for",
        )
    }

    /// A function of the server whose value is not the same for the same arguments, where it has to be.
    pub(super) fn unfit_mutable(&self, text: &Expr, place: Place) -> Option<Diagnostic> {
        const WORDS: [&str; 10] = [
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "current_user",
            "current_role",
            "session_user",
            "current_schema",
            "current_catalog",
        ];
        let text = text.text();
        let references = references_of_expression(text, Dialect::Postgres);
        let called = references.iter().filter(|r| {
            let server = matches!(r.name.schema.as_deref(), None | Some("pg_catalog"));
            server
                && r.kind == ReferenceKind::Function
                && is_mutable(&r.name.name)
                && self.names.routine(&r.name, &self.now.path).is_none()
        });
        let mut names = called.map(|r| r.name.name.to_string());
        let name = names.next().or_else(|| {
            let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
            let mut words = tokens.iter().map(|t| t.text(text).to_ascii_lowercase());
            words.find(|w| WORDS.contains(&w.as_str()))
        })?;
        self.not_immutable(&name, place)
    }

    fn kind_of_call(&self, name: &QualifiedName) -> Option<CallKind> {
        let server = matches!(name.schema.as_deref(), None | Some("pg_catalog"));
        if let Some(own) = self.names.routine(name, &self.now.path) {
            let of = |(found, _): &&(QualifiedName, Box<str>)| *found == own;
            let aggregate = self.catalog.aggregates.keys().any(|k| of(&k));
            let mut routines = self.catalog.routines.iter().filter(|(k, _)| of(k));
            let mut rows = false;
            let all = routines.all(|(_, r)| {
                rows = true;
                matches!(r.returns, Some(Returns::SetOf(_) | Returns::Table))
            });
            let builtin = call_kind(&name.name).is_some();
            return match (aggregate, rows && all) {
                _ if builtin => None,
                (true, false) if !rows => Some(CallKind::Aggregate),
                (false, true) => Some(CallKind::Rows),
                _ => None,
            };
        }
        call_kind(&name.name).filter(|_| server)
    }
}

/// Whether an expression has a query within it.
fn asks(text: &str) -> bool {
    let Ok(tokens) = Lexer::tokens(text, Dialect::Postgres) else {
        return false;
    };
    let word = |n: usize| tokens.get(n).map_or("", |t| t.text(text));
    let begins = |w: &str| w.eq_ignore_ascii_case("select") || w.eq_ignore_ascii_case("with");
    (0..tokens.len()).any(|n| word(n) == "(" && begins(word(n + 1)))
}
