//! Defaults: what a serial stands for, sequence options that say nothing, calls of nextval.

use super::fold::Fold;
use crate::dialect::{Dialect, object_name, sequence_name, serial_integer};
use crate::expr::{Lexer, unquote_string};
use crate::model::{
    Column, DataType, Expr, ObjectKind, QualifiedName, Routine, Sequence, SequenceOptions,
};

impl Fold {
    /// `serial` becomes an integer with a sequence of its own.
    ///
    /// Source: PostgreSQL manual, section 8.1.4.
    pub(super) fn expand_serial(&mut self, table: &QualifiedName, column: &mut Column) {
        if self.dialect() != Dialect::Postgres {
            return;
        }
        let Some(integer) = serial_integer(&column.data_type) else {
            return;
        };
        column.data_type = DataType::builtin(integer);
        column.not_null = true;
        let name = self.free_sequence_name(table, &column.name);
        column.default = Some(nextval(&name));
        self.relations.insert(name.clone(), ObjectKind::Sequence);
        let mut options = SequenceOptions {
            data_type: Some(DataType::builtin(integer)),
            ..SequenceOptions::default()
        };
        clear_default_options(&mut options, &DataType::builtin("bigint"));
        let sequence = Sequence {
            name: name.clone(),
            options,
            owned_by: Some((table.clone(), column.name.clone())),
            ..Sequence::default()
        };
        self.place(&crate::model::ObjectId::new(
            ObjectKind::Sequence,
            name.clone(),
        ));
        self.catalog.sequences.insert(name, sequence);
    }

    fn free_sequence_name(&self, table: &QualifiedName, column: &str) -> QualifiedName {
        let mut name = sequence_name(table, column);
        let mut n = 0;
        while self.relations.contains_key(&name) {
            n += 1;
            name = table.sibling(object_name(&table.name, column, &format!("seq{n}")));
        }
        name
    }

    /// Names the sequence of an identity column, and clears what only says the default.
    pub(super) fn settle_identity(&mut self, table: &QualifiedName, column: &mut Column) {
        if column.identity.is_none() {
            return;
        }
        let implicit = self.free_sequence_name(table, &column.name);
        let given = column.identity.as_ref().and_then(|i| i.sequence.clone());
        let name = given.map_or_else(|| implicit.clone(), |n| self.created_name(&n));
        self.relations.insert(name.clone(), ObjectKind::Sequence);
        let plain = sequence_name(table, &column.name);
        let Some(identity) = &mut column.identity else {
            return;
        };
        identity.sequence = Some(name).filter(|n| *n != plain);
        clear_default_options(&mut identity.options, &column.data_type);
        column.not_null = true;
    }

    /// A default with its names qualified; a call of nextval names its sequence in one way.
    pub(super) fn resolve_default(&mut self, default: &Expr) -> Expr {
        if let Some(sequence) = nextval_argument(default.text(), self.dialect()) {
            let name = self.names.relation(&sequence, &self.now.path);
            return nextval(&name);
        }
        self.qualify(default)
    }
}

/// `nextval('schema.sequence'::regclass)`
pub(super) fn nextval(sequence: &QualifiedName) -> Expr {
    let dialect = Dialect::Postgres;
    let text = format!(
        "nextval({}::regclass)",
        dialect.literal(&dialect.quote_name(sequence))
    );
    Expr::new(text.as_str(), text.as_str())
}

/// The sequence that a default is a call of nextval on.
pub(super) fn nextval_argument(text: &str, dialect: Dialect) -> Option<QualifiedName> {
    let tokens = Lexer::tokens(text, dialect).ok()?;
    let raw: Vec<&str> = tokens.iter().map(|t| t.text(text)).collect();
    let raw = match raw.as_slice() {
        [schema, ".", rest @ ..] if schema.eq_ignore_ascii_case("pg_catalog") => rest,
        all => all,
    };
    let literal = match raw {
        [f, "(", literal, ")"] if f.eq_ignore_ascii_case("nextval") => *literal,
        [f, "(", literal, "::", cast, ")"]
            if f.eq_ignore_ascii_case("nextval") && cast.eq_ignore_ascii_case("regclass") =>
        {
            *literal
        }
        _ => return None,
    };
    let value = unquote_string(literal)?;
    crate::expr::name_of(&value, dialect)
}

/// Clears options that say what holds anyway.
///
/// Source: PostgreSQL manual, CREATE SEQUENCE.
pub(super) fn clear_default_options(options: &mut SequenceOptions, default_type: &DataType) {
    let data_type = options
        .data_type
        .clone()
        .unwrap_or_else(|| default_type.clone());
    if options.data_type.as_ref() == Some(default_type) {
        options.data_type = None;
    }
    let (low, high) = match data_type.name.name.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let ascending = options.increment.unwrap_or(1) > 0;
    let (min, max) = if ascending { (1, high) } else { (low, -1) };
    let start = if ascending {
        options.min_value.unwrap_or(min)
    } else {
        options.max_value.unwrap_or(max)
    };
    options.start = options.start.filter(|v| *v != start);
    options.min_value = options.min_value.filter(|v| *v != min);
    options.max_value = options.max_value.filter(|v| *v != max);
    options.increment = options.increment.filter(|v| *v != 1);
    options.cache = options.cache.filter(|v| *v != 1);
}

/// Clears COST and ROWS that say the default: 1 for C and internal, 100 for the rest; 1000 rows.
///
/// Source: PostgreSQL manual, CREATE FUNCTION.
pub(super) fn clear_default_costs(routine: &mut Routine) {
    let cost = match routine.language.as_str() {
        "c" | "internal" => "1",
        _ => "100",
    };
    routine.cost = routine.cost.take().filter(|c| **c != *cost);
    routine.rows = routine
        .rows
        .take()
        .filter(|r| **r != *"1000" && **r != *"0");
}
