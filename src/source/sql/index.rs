//! CREATE INDEX.

use super::cursor::{Cursor, Parsed};
use super::table::storage_parameters;
use crate::dialect::Capability;
use crate::expr::expression;
use crate::model::{Ident, Index, IndexElement, NullsOrder, Object, SortOrder};
use crate::source::Statement;

/// What follows `CREATE [UNIQUE] INDEX`.
pub(super) fn create_index(c: &mut Cursor<'_>, unique: bool) -> Parsed<Statement> {
    c.accept("concurrently");
    let if_not_exists = c.accept("if not exists");
    let mut index = Index {
        unique,
        method: Ident::new("btree"),
        ..Index::default()
    };
    if !c.is("on") {
        let name = c.given_name()?;
        if name.schema.is_some() && !c.is_sqlite() {
            return Err(c.error("an index takes its table's schema; its name has none"));
        }
        index.name = name.name;
    }
    c.expect("on")?;
    index.only = c.accept("only");
    let table = c.name()?;
    if c.accept("using") {
        index.method = Ident::from(c.ident()?.to_lowercase());
    }
    index.elements = c.list(|c| index_element(c, &[]))?;
    index.elements.shrink_to_fit();
    index_tail(c, &mut index)?;
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Index(table, Box::new(index)),
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    })
}

fn index_tail(c: &mut Cursor<'_>, index: &mut Index) -> Parsed<()> {
    if c.accept("include") {
        index.include = c.ident_list()?;
    }
    if c.are("nulls not distinct") {
        c.require(Capability::NullsNotDistinct)?;
        index.nulls_not_distinct = c.accept("nulls not distinct");
    } else {
        c.accept("nulls distinct");
    }
    if c.accept("with") {
        index.storage = storage_parameters(c)?;
    }
    if c.accept("tablespace") {
        index.tablespace = Some(c.ident()?);
    }
    if c.accept("where") {
        index.predicate = Some(c.expression_until(&[])?);
    }
    Ok(())
}

/// Words that end the expression of a key.
const AFTER_KEY: &[&str] = &["collate", "asc", "desc", "nulls first", "nulls last"];

/// A key: a column, a function call or a parenthesised expression, with what follows it.
pub(super) fn index_element(c: &mut Cursor<'_>, stops: &[&str]) -> Parsed<IndexElement> {
    let mut element = key(c, stops)?;
    if c.accept("collate") {
        element.collation = Some(c.name()?);
    }
    let ends = |c: &Cursor<'_>| {
        c.at_end()
            || c.is(",")
            || c.is(")")
            || c.is_any(&["asc", "desc", "nulls"])
            || stops.iter().any(|s| c.is(s))
    };
    if !ends(c) {
        element.opclass = Some(c.name()?);
        if c.is("(") {
            element.opclass_parameters = storage_parameters(c)?;
        }
    }
    if c.accept("desc") {
        element.order = SortOrder::Descending;
    } else {
        c.accept("asc");
    }
    let nulls = if c.accept("nulls first") {
        Some(NullsOrder::First)
    } else if c.accept("nulls last") {
        Some(NullsOrder::Last)
    } else {
        None
    };
    // The default of the order is not kept, so that spelling it out makes no difference.
    let default = match element.order {
        SortOrder::Ascending => NullsOrder::Last,
        SortOrder::Descending => NullsOrder::First,
    };
    element.nulls = nulls.filter(|n| *n != default);
    Ok(element)
}

fn key(c: &mut Cursor<'_>, stops: &[&str]) -> Parsed<IndexElement> {
    if c.is("(") && !c.is_sqlite() {
        return Ok(IndexElement::expression(c.parenthesized()?));
    }
    let is_column = c.is_identifier() && !c.is_at(1, "(") && !c.is_at(1, ".");
    if is_column && !(c.is_sqlite() && is_operator_next(c)) {
        return Ok(IndexElement::column(c.ident()?));
    }
    if c.is_sqlite() {
        let text = c.until(AFTER_KEY)?;
        return Ok(IndexElement::expression(expression(text, c.dialect())));
    }
    // A function call: a name, its arguments, nothing more.
    let from = c.position();
    if !c.is_identifier() {
        return Err(c.expected("a column or an expression in parentheses"));
    }
    c.dotted()?;
    if !c.is("(") {
        return Err(c.expected("("));
    }
    c.skip_group()?;
    let _ = stops;
    let text = c.slice(from, c.position());
    Ok(IndexElement::expression(expression(text, c.dialect())))
}

fn is_operator_next(c: &Cursor<'_>) -> bool {
    !matches!(c.text_at(1), "" | "," | ")")
        && !["collate", "asc", "desc", "nulls"]
            .iter()
            .any(|w| c.is_at(1, w))
}
