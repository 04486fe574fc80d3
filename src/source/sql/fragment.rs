//! Pieces of SQL that stand in YAML: a column definition, a type, a name.

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::{column, types};
use crate::dialect::TargetVersion;
use crate::expr::{Lexer, Token};
use crate::model::{Column, Constraint, DataType, Ident, QualifiedName};

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
    whole(text, version, |c| types::data_type(c))
}

/// A whole text as a name with an optional schema.
pub fn qualified_name(text: &str, version: TargetVersion) -> Result<QualifiedName, SyntaxError> {
    whole(text, version, |c| c.name())
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

fn tokens(text: &str, version: TargetVersion) -> Result<Vec<Token>, SyntaxError> {
    Lexer::tokens(text, version.dialect).map_err(|e| SyntaxError {
        start: e.start as usize,
        end: text.len(),
        message: format!("this {} never ends", e.what),
        help: None,
        unmodelled: false,
    })
}
