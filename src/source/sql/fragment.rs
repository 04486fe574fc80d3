//! Pieces of SQL that stand in YAML: a column definition, a type, a name.

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::{column, index, partition, target, types};
use crate::dialect::TargetVersion;
use crate::expr::{Lexer, Token};
use crate::model::{
    Argument, Column, Constraint, DataType, Expr, Ident, IndexElement, ObjectKind, PartitionBy,
    QualifiedName,
};
use crate::source::Target;

/// What follows a column's name: `bigint not null default 0`. Byte positions of errors are those of
/// `text`.
pub fn column_definition(
    name: &Ident,
    text: &str,
    version: TargetVersion,
) -> Result<(Column, Vec<Constraint>), SyntaxError> {
    let tokens = tokens(text, version)?;
    let mut c = Cursor::new(text, &tokens, version);
    let data_type = types::data_type(&mut c)?;
    let parsed = column::column_tail(&mut c, name.clone(), data_type)?;
    c.expect_end()?;
    Ok(parsed)
}

/// A whole text as a data type.
pub fn data_type(text: &str, version: TargetVersion) -> Result<DataType, SyntaxError> {
    whole(text, version, types::data_type)
}

/// A whole text as a name with an optional schema.
pub fn qualified_name(text: &str, version: TargetVersion) -> Result<QualifiedName, SyntaxError> {
    whole(text, version, |c| c.name())
}

/// A whole text as an expression: balanced, and not empty.
pub fn expression(text: &str, version: TargetVersion) -> Result<Expr, SyntaxError> {
    whole(text, version, |c| c.expression_until(&[]))
}

/// A whole text as the key of an index: `due_date desc`, `lower(email)`.
pub fn index_element(text: &str, version: TargetVersion) -> Result<IndexElement, SyntaxError> {
    whole(text, version, |c| index::index_element(c, &[]))
}

/// A whole text as what follows `PARTITION BY`: `range (created_at)`.
pub fn partition_by(text: &str, version: TargetVersion) -> Result<PartitionBy, SyntaxError> {
    whole(text, version, partition::partition_by)
}

/// A whole text as the arguments of a routine, without parentheses.
pub fn arguments(text: &str, version: TargetVersion) -> Result<Vec<Argument>, SyntaxError> {
    whole(text, version, |c| {
        if c.at_end() {
            return Ok(Vec::new());
        }
        c.comma_separated(|c| {
            let mut argument = target::signature_argument(c)?;
            if c.accept("default") || c.accept("=") {
                argument.default = Some(c.expression_until(&[])?);
            }
            Ok(argument)
        })
    })
}

/// A whole text as what GRANT and COMMENT name: `function f(integer)`; a table without a kind.
pub fn named_object(text: &str, version: TargetVersion) -> Result<Target, SyntaxError> {
    whole(text, version, |c| match target::object_kind(c) {
        Some((kind, words)) => target::target(c, kind, words),
        None => Ok(Target::new(ObjectKind::Table, c.name()?)),
    })
}

fn whole<T>(
    text: &str,
    version: TargetVersion,
    read: impl FnOnce(&mut Cursor<'_>) -> Parsed<T>,
) -> Result<T, SyntaxError> {
    let tokens = tokens(text, version)?;
    let mut c = Cursor::new(text, &tokens, version);
    let value = read(&mut c)?;
    c.expect_end()?;
    Ok(value)
}

/// The tokens of a text that a statement may hold.
pub(crate) fn tokens(text: &str, version: TargetVersion) -> Result<Vec<Token>, SyntaxError> {
    let tokens = Lexer::tokens(text, version.dialect).map_err(|e| SyntaxError {
        start: e.start as usize,
        end: e.start as usize + 1,
        message: format!("this {} never ends", e.what),
        help: None,
        unmodelled: false,
    })?;
    super::lexical::check_tokens(&tokens, text, version.dialect)?;
    Ok(tokens)
}
