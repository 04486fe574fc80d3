//! Data types.

use super::cursor::{Cursor, Parsed};
use crate::dialect::canonical_type_name;
use crate::expr::TokenKind;
use crate::model::{DataType, Ident, QualifiedName};

/// A data type with its modifiers and array brackets.
pub(super) fn data_type(c: &mut Cursor<'_>) -> Parsed<DataType> {
    if c.is_sqlite() {
        return sqlite_type(c);
    }
    let quoted = c.peek().is_some_and(|t| t.kind == TokenKind::QuotedIdent);
    let mut data_type = match (quoted, c.is_at(1, ".")) {
        (false, false) => builtin_or_plain(c)?,
        _ => named(c)?,
    };
    array_brackets(c, &mut data_type)?;
    normalize(&mut data_type);
    Ok(data_type)
}

/// A type of several words, a built-in one, or a name without schema.
fn builtin_or_plain(c: &mut Cursor<'_>) -> Parsed<DataType> {
    let word = c.text().to_ascii_lowercase();
    match word.as_str() {
        "timestamp" | "time" => return time_type(c),
        "interval" => return interval(c),
        _ => {}
    }
    let multi = [
        ("double precision", "double precision"),
        ("national character varying", "character varying"),
        ("national char varying", "character varying"),
        ("national character", "character"),
        ("national char", "character"),
        ("character varying", "character varying"),
        ("char varying", "character varying"),
        ("nchar varying", "character varying"),
        ("bit varying", "bit varying"),
    ];
    for (words, name) in multi {
        if c.accept(words) {
            return with_modifiers(c, DataType::builtin(name));
        }
    }
    if !c.dialect().may_name_a_type(&word) {
        return Err(c.expected("a data type"));
    }
    let ident = c.ident()?;
    let has_modifiers = c.is("(");
    let name = match ident.as_str() {
        "bpchar" if !has_modifiers => "bpchar",
        other => canonical_type_name(other),
    };
    with_modifiers(c, DataType::builtin(name))
}

/// A quoted or qualified name; types of `pg_catalog` lose their schema.
fn named(c: &mut Cursor<'_>) -> Parsed<DataType> {
    let name = c.name()?;
    let data_type = match name.schema_str() {
        "pg_catalog" if name.name == "char" => DataType::builtin("\"char\""),
        "pg_catalog" if name.name == "bpchar" && !c.is("(") => DataType::builtin("bpchar"),
        "pg_catalog" => DataType::builtin(canonical_type_name(&name.name)),
        "" if name.name == "char" => DataType::builtin("\"char\""),
        _ => DataType {
            name,
            ..DataType::default()
        },
    };
    with_modifiers(c, data_type)
}

fn with_modifiers(c: &mut Cursor<'_>, mut data_type: DataType) -> Parsed<DataType> {
    if c.is("(") {
        data_type.modifiers = c.list(|c| Ok(Box::from(c.until(&[])?)))?;
    }
    Ok(data_type)
}

fn time_type(c: &mut Cursor<'_>) -> Parsed<DataType> {
    let base = c.text().to_ascii_lowercase();
    c.advance();
    let mut data_type = with_modifiers(c, DataType::default())?;
    let zone = if c.accept("with time zone") {
        "with"
    } else {
        c.accept("without time zone");
        "without"
    };
    data_type.name = QualifiedName::bare(format!("{base} {zone} time zone"));
    Ok(data_type)
}

fn interval(c: &mut Cursor<'_>) -> Parsed<DataType> {
    c.advance();
    let mut data_type = DataType::builtin("interval");
    let fields = ["year", "month", "day", "hour", "minute", "second"];
    if let Some(from) = c.accept_any(&fields) {
        let mut words = from.to_owned();
        if c.is("to") && fields.iter().any(|f| c.is_at(1, f)) {
            c.advance();
            words = format!("{from} to {}", c.text().to_ascii_lowercase());
            c.advance();
        }
        data_type.modifiers.push(words.into());
    }
    if c.is("(") {
        let precision = c.list(|c| Ok(Box::from(c.until(&[])?)))?;
        data_type.modifiers.extend(precision);
    }
    Ok(data_type)
}

fn array_brackets(c: &mut Cursor<'_>, data_type: &mut DataType) -> Parsed<()> {
    if c.accept("array") {
        data_type.dimensions = 1;
    }
    while c.is("[") {
        c.skip_group()?;
        data_type.dimensions = data_type.dimensions.saturating_add(1);
    }
    // Dimensions are not enforced, and format_type prints one pair of brackets.
    data_type.dimensions = data_type.dimensions.min(1);
    Ok(())
}

/// Spells out what the server fills in: `char` is `char(1)`, `numeric(5)` is `numeric(5,0)`,
/// `float(n)` is one of two types.
fn normalize(data_type: &mut DataType) {
    if data_type.name.schema.is_some() {
        return;
    }
    let one: [Box<str>; 1] = ["1".into()];
    match (data_type.name.name.as_str(), data_type.modifiers.len()) {
        ("character" | "bit", 0) => data_type.modifiers = one.into(),
        ("numeric", 1) => data_type.modifiers.push("0".into()),
        ("double precision", 1) => {
            let bits: u32 = data_type.modifiers[0].parse().unwrap_or(53);
            data_type.modifiers.clear();
            if bits <= 24 {
                data_type.name.name = Ident::new("real");
            }
        }
        _ => {}
    }
}

/// SQLite takes any words as a type.
fn sqlite_type(c: &mut Cursor<'_>) -> Parsed<DataType> {
    let mut words = String::new();
    while c.is_identifier() && !is_column_constraint(c) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&c.ident()?);
    }
    with_modifiers(c, DataType::builtin(&words))
}

fn is_column_constraint(c: &Cursor<'_>) -> bool {
    c.is_any(&[
        "constraint",
        "primary",
        "not",
        "null",
        "unique",
        "check",
        "default",
        "collate",
        "references",
        "generated",
        "as",
        "on",
        "autoincrement",
    ])
}
