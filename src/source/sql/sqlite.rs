//! What only SQLite has.

use super::cursor::{Cursor, Parsed};
use crate::expr::expression;
use crate::model::{Ident, Object, VirtualTable};
use crate::source::Statement;

/// What follows `CREATE VIRTUAL TABLE`: the module's arguments are its own language.
pub(super) fn create_virtual_table(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut table = VirtualTable {
        name: c.name()?,
        ..VirtualTable::default()
    };
    c.expect("using")?;
    table.module = Ident::from(c.ident()?.to_lowercase());
    if c.is("(") {
        table.arguments = c.list(|c| {
            let text = c.until(&[])?;
            Ok(expression(text, c.dialect()))
        })?;
    }
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::VirtualTable(table),
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    })
}
