//! CREATE SCHEMA and CREATE EXTENSION.

use super::cursor::{Cursor, Parsed};
use crate::model::{Extension, Facets, Object, Schema};
use crate::source::Statement;

/// What follows `CREATE SCHEMA`.
pub(super) fn create_schema(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut schema = Schema::default();
    if !c.is("authorization") {
        schema.name = c.ident()?;
    }
    if c.accept("authorization") {
        let owner = c.ident()?;
        if schema.name.is_empty() {
            schema.name = owner.clone();
        }
        schema.facets = Facets {
            owner: Some(owner),
            ..Facets::default()
        };
    }
    if !c.at_end() {
        return Err(c.unmodelled("a schema element within CREATE SCHEMA"));
    }
    Ok(Statement::Create {
        object: Object::Schema(schema),
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    })
}

/// What follows `CREATE EXTENSION`.
pub(super) fn create_extension(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut extension = Extension {
        name: c.ident()?,
        ..Extension::default()
    };
    c.accept("with");
    loop {
        if c.accept("schema") {
            extension.schema = Some(c.ident()?);
        } else if c.accept("version") {
            let version = if c.is_string() {
                c.string()?
            } else {
                c.ident()?.to_string()
            };
            extension.version = Some(version.into());
        } else if c.accept("from") {
            c.until(&["schema", "version", "cascade"])?;
        } else if !c.accept("cascade") {
            break;
        }
    }
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Extension(extension),
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    })
}
