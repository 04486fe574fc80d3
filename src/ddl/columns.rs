//! Columns: their line in CREATE TABLE, and what only ALTER TABLE can say of them.

use super::Context;
use super::fragments::{default_expression, generic_options, join, parameters, parenthesised};
use super::sequences;
use crate::dialect::{Dialect, sequence_name};
use crate::expr::{key_of, unquote_string};
use crate::model::{
    Column, Expr, Generated, Ident, Identity, ObjectId, ObjectKind, QualifiedName, Sequence,
    SequenceOptions, Table,
};

/// A column as CREATE TABLE and ADD COLUMN print it.
pub fn definition(cx: &Context<'_>, table: &Table, column: &Column) -> String {
    let dialect = cx.dialect;
    let mut text = dialect.quote(&column.name).into_owned();
    if let Some(serial) = serial_type(cx, table, column) {
        text.push_str(&format!(" {serial}"));
        if let Some(compression) = &column.compression {
            text.push_str(&format!(" COMPRESSION {compression}"));
        }
        return text;
    }
    let data_type = dialect.print_type(&column.data_type);
    if !data_type.is_empty() {
        text.push_str(&format!(" {data_type}"));
    }
    if let Some(compression) = &column.compression {
        text.push_str(&format!(" COMPRESSION {compression}"));
    }
    text.push_str(&generic_options(&column.foreign_options, dialect));
    text.push_str(&collation(column.collation.as_ref(), dialect));
    text.push_str(&constraints(table, column, dialect));
    text
}

/// ` COLLATE name`, or nothing.
pub(super) fn collation(name: Option<&QualifiedName>, dialect: Dialect) -> String {
    name.map_or_else(String::new, |n| {
        format!(" COLLATE {}", dialect.quote_name(n))
    })
}

/// What follows the type: key (SQLite), identity, generation, default, nullability.
pub(super) fn constraints(table: &Table, column: &Column, dialect: Dialect) -> String {
    let mut text = String::new();
    if column.autoincrement {
        text.push_str(" PRIMARY KEY AUTOINCREMENT");
    }
    if let Some(identity) = &column.identity {
        text.push_str(&format!(
            " {}",
            identity_clause(table, column, identity, dialect)
        ));
    }
    if let Some(generated) = &column.generated {
        text.push_str(&format!(" {}", generated_clause(generated)));
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(
            " DEFAULT {}",
            default_expression(default, dialect)
        ));
    }
    if column.not_null && column.identity.is_none() {
        text.push_str(" NOT NULL");
    }
    text
}

/// `GENERATED ALWAYS AS (expression) STORED`.
pub(super) fn generated_clause(generated: &Generated) -> String {
    let kind = if generated.stored {
        "STORED"
    } else {
        "VIRTUAL"
    };
    let expression = parenthesised(&generated.expression);
    format!("GENERATED ALWAYS AS {expression} {kind}")
}

/// `GENERATED ALWAYS AS IDENTITY (...)`.
pub(crate) fn identity_clause(
    table: &Table,
    column: &Column,
    identity: &Identity,
    dialect: Dialect,
) -> String {
    let when = if identity.always {
        "ALWAYS"
    } else {
        "BY DEFAULT"
    };
    let mut options = Vec::new();
    let made = sequence_name(&table.name, &column.name);
    if let Some(name) = identity.sequence.as_ref().filter(|name| **name != made) {
        options.push(format!("SEQUENCE NAME {}", dialect.quote_name(name)));
    }
    // The sequence always has the column's type.
    let own = SequenceOptions {
        data_type: None,
        ..identity.options.clone()
    };
    options.extend(sequences::options(&own, dialect));
    let options = match options.as_slice() {
        [] => String::new(),
        options => format!(" ({})", options.join(" ")),
    };
    format!("GENERATED {when} AS IDENTITY{options}")
}

/// `bigserial` and its like, where the column, its default and its sequence are exactly what the
/// word makes. No CREATE SEQUENCE is printed then.
pub(crate) fn serial_type(
    cx: &Context<'_>,
    table: &Table,
    column: &Column,
) -> Option<&'static str> {
    let (word, sequence_type) = match column.data_type.name.name.as_str() {
        "bigint" => ("bigserial", "bigint"),
        "integer" => ("serial", "integer"),
        "smallint" => ("smallserial", "smallint"),
        _ => return None,
    };
    let plain = column.not_null
        && column.data_type.is(sequence_type)
        && column.identity.is_none()
        && column.generated.is_none()
        && !column.inherited
        && table.partition_of.is_none();
    let default = column.default.as_ref().filter(|_| plain)?;
    let name = sequence_name(&table.name, &column.name);
    let sequence = cx.catalog.sequences.get(&name)?;
    let id = ObjectId::new(ObjectKind::Sequence, name.clone());
    if cx.graph.apart.contains(&id) {
        return None;
    }
    let made = is_made_by_serial(sequence, table, &column.name, sequence_type);
    (made && is_nextval_of(default, &name, cx.dialect)).then_some(word)
}

fn is_made_by_serial(
    sequence: &Sequence,
    table: &Table,
    column: &Ident,
    sequence_type: &str,
) -> bool {
    let options = &sequence.options;
    let of_type = match &options.data_type {
        Some(data_type) => data_type.is(sequence_type),
        None => sequence_type == "bigint",
    };
    let rest = SequenceOptions {
        data_type: None,
        ..options.clone()
    };
    of_type
        && rest == SequenceOptions::default()
        && sequence.persistence == table.persistence
        && sequence
            .owned_by
            .as_ref()
            .is_some_and(|(of, by)| *of == table.name && by == column)
}

/// Whether a default is `nextval('name'::regclass)`, however it is spelled.
fn is_nextval_of(default: &Expr, name: &QualifiedName, dialect: Dialect) -> bool {
    let key = key_of(default.text(), dialect);
    let key = key.strip_prefix("pg_catalog.").unwrap_or(&key);
    let Some(argument) = key
        .strip_prefix("nextval(")
        .and_then(|k| k.strip_suffix(')'))
    else {
        return false;
    };
    let argument = argument.trim();
    let literal = ["::regclass", "::pg_catalog.regclass", "::text"]
        .iter()
        .find_map(|cast| argument.strip_suffix(cast))
        .unwrap_or(argument);
    let Some(text) = unquote_string(literal) else {
        return false;
    };
    let written = key_of(&text, dialect);
    let spelled = |sql: &str| key_of(sql, dialect) == written;
    spelled(&dialect.quote_name(name)) || spelled(&dialect.quote(&name.name))
}

/// What of a column only ALTER TABLE can say, as actions: storage, statistics, options.
pub(crate) fn alterations(column: &Column, dialect: Dialect) -> Vec<String> {
    let name = dialect.quote(&column.name);
    let mut actions = Vec::new();
    if let Some(storage) = &column.storage {
        let storage = storage.to_ascii_uppercase();
        actions.push(format!("ALTER COLUMN {name} SET STORAGE {storage}"));
    }
    if let Some(target) = column.statistics_target {
        actions.push(format!("ALTER COLUMN {name} SET STATISTICS {target}"));
    }
    if !column.options.is_empty() {
        let options = parameters(&column.options, dialect);
        actions.push(format!("ALTER COLUMN {name} SET ({options})"));
    }
    actions
}

/// What an inherited column has other than the column it comes from, as actions.
pub(super) fn deviations(column: &Column, from: Option<&Column>, dialect: Dialect) -> Vec<String> {
    let Some(from) = from else { return Vec::new() };
    let name = dialect.quote(&column.name);
    let mut actions = Vec::new();
    match (&column.default, &from.default) {
        (Some(own), other) if other.as_ref() != Some(own) => {
            let own = default_expression(own, dialect);
            actions.push(format!("ALTER COLUMN {name} SET DEFAULT {own}"));
        }
        (None, Some(_)) => actions.push(format!("ALTER COLUMN {name} DROP DEFAULT")),
        _ => {}
    }
    match (column.not_null, from.not_null) {
        (true, false) => actions.push(format!("ALTER COLUMN {name} SET NOT NULL")),
        (false, true) => actions.push(format!("ALTER COLUMN {name} DROP NOT NULL")),
        _ => {}
    }
    actions
}

/// `name, name`: a list of columns for a key.
pub(super) fn list(columns: &[Ident], dialect: Dialect) -> String {
    format!(
        "({})",
        join(columns.iter().map(|c| dialect.quote(c).into_owned()))
    )
}
