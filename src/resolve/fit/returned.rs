//! What a body in SQL returns, against what its routine is declared to return.
//!
//! Invariant: only types that are known are compared, as a value that is stored would be.
//!
//! Source: `check_sql_fn_retval` and `coerce_fn_result_column` in src/backend/executor/functions.c.

use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{Conversion, EndOfBody, Lexer, Reader, conversion, is_pseudo_type};
use crate::model::{
    Argument, ArgumentMode, DataType, Pair, QualifiedName, Returns, Routine, RoutineKind,
};
use crate::resolve::fold::Fold;

/// What the last command of a routine has to return.
struct Wanted {
    columns: Vec<Option<DataType>>,
    /// The type whose columns these are: one value of it will do as well.
    row: Option<QualifiedName>,
}

impl Fold {
    pub(in crate::resolve) fn unfit_result(
        &self,
        routine: &Routine,
        body: &str,
    ) -> Option<Diagnostic> {
        let reader = Reader::new(&self.catalog);
        let wanted = self.wanted_of(routine, &reader)?;
        let found = match reader.end_of_body(body)? {
            EndOfBody::Value(text) => vec![reader.type_returned(routine, text)],
            EndOfBody::Command(Some(command)) if returns_rows(command) => {
                reader.types_of_command(routine, command)?
            }
            EndOfBody::Command(_) => Vec::new(),
        };
        let why = self.why_unlike(&wanted, &found)?;
        self.cannot(
            format!("the body of `{}` {why}", routine.name),
            "let its last command return what the routine is declared to return",
        )
    }

    /// Defaults of arguments that ask queries or gather rows.
    pub(super) fn unfit_arguments(&self, routine: &Routine) -> Option<Diagnostic> {
        let mut defaults = routine.arguments.iter().filter_map(|a| a.default.as_ref());
        let place = Place::of("the default of an argument");
        defaults.find_map(|default| self.unfit_text(&self.qualify(default), place))
    }

    fn wanted_of(&self, routine: &Routine, reader: &Reader<'_>) -> Option<Wanted> {
        let is_output =
            |a: &&Argument| !matches!(a.mode, ArgumentMode::In | ArgumentMode::Variadic);
        let outputs: Vec<&DataType> = routine
            .arguments
            .iter()
            .filter(is_output)
            .map(|a| &a.data_type)
            .collect();
        match (&routine.returns, outputs.as_slice()) {
            (_, []) if routine.kind == RoutineKind::Procedure => None,
            (Some(Returns::Type(of) | Returns::SetOf(of)), []) => self.wanted_as(of, reader),
            (_, []) => None,
            (_, [one]) if routine.kind == RoutineKind::Function => self.wanted_as(one, reader),
            (_, all) => Some(Wanted {
                columns: all.iter().map(|of| Some(self.known_type(of))).collect(),
                row: None,
            }),
        }
    }

    /// One value of a type, or the columns of its rows.
    fn wanted_as(&self, of: &DataType, reader: &Reader<'_>) -> Option<Wanted> {
        let of = self.known_type(of);
        if !of.is_array() && is_pseudo_type(&of.name.name) {
            return None;
        }
        let domain = self.catalog.domains.get(&of.name);
        if domain.is_some_and(|d| self.is_row(&d.base)) {
            return None;
        }
        if of.is_array() || !self.is_row(&of) {
            return Some(Wanted {
                columns: vec![Some(of)],
                row: None,
            });
        }
        let columns = reader.columns(&of.name).or_else(|| {
            let composite = self.catalog.composites.get(&of.name)?;
            let attributes = composite.attributes.iter();
            let named = attributes.map(|(name, of, _)| (name.to_string(), Some(of.clone())));
            Some(named.collect())
        })?;
        Some(Wanted {
            columns: columns.into_iter().map(|(_, of)| of).collect(),
            row: Some(of.name),
        })
    }

    fn is_row(&self, of: &DataType) -> bool {
        let known = self.known_type(of);
        self.catalog.composites.contains_key(&known.name)
            || self.catalog.relation(&known.name).is_some()
    }

    fn why_unlike(&self, wanted: &Wanted, found: &[Option<DataType>]) -> Option<String> {
        if let (Some(row), [one]) = (&wanted.row, found) {
            // A row whose type is not known may be the one.
            let scalar = one.as_ref().filter(|of| self.is_scalar(of));
            if scalar.is_none_or(|of| of.name == *row) {
                return None;
            }
        }
        let (count, columns) = (found.len(), wanted.columns.len());
        if count != columns {
            return Some(match count {
                0 => "does not end with a command that returns rows".to_owned(),
                _ => format!("returns {count} columns, and is to return {columns}"),
            });
        }
        let mut pairs = found.iter().zip(&wanted.columns);
        pairs.find_map(|(from, to)| {
            let (from, to) = (from.as_ref()?, to.as_ref()?);
            let known = from.is_array() || self.is_scalar(from);
            let both = Pair::new(&self.catalog, &self.catalog);
            let found = conversion(both, (from, to), self.version);
            let unlike = matches!(found, Conversion::Explicit | Conversion::None);
            let dialect = self.dialect();
            (known && unlike).then(|| {
                let (from, to) = (dialect.print_type(from), dialect.print_type(to));
                format!("returns a value of {from}, which is not stored as {to} by itself")
            })
        })
    }

    /// Whether a type is known to be none of rows and none that something else decides.
    fn is_scalar(&self, of: &DataType) -> bool {
        let name = &of.name.name;
        let open = is_pseudo_type(name) || name.starts_with("any") || name == "unknown";
        !open && !self.is_row(of)
    }
}

/// Whether a command is a query, or changes rows, which it may return.
fn returns_rows(command: &str) -> bool {
    const WORDS: [&str; 8] = [
        "select", "with", "values", "table", "insert", "update", "delete", "merge",
    ];
    let tokens = Lexer::tokens(command, Dialect::Postgres).unwrap_or_default();
    let mut words = tokens.iter().map(|t| t.text(command));
    let first = words.find(|w| *w != "(").unwrap_or_default();
    WORDS.iter().any(|w| first.eq_ignore_ascii_case(w))
}
