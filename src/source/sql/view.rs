//! Views and materialized views.

use super::cursor::{Cursor, Parsed};
use super::table::storage_parameters;
use crate::dialect::Capability;
use crate::expr::query;
use crate::model::{Object, View};
use crate::source::Statement;

/// What follows `CREATE [OR REPLACE] [TEMP] [RECURSIVE] VIEW`.
pub(super) fn create_view(
    c: &mut Cursor<'_>,
    or_replace: bool,
    recursive: bool,
) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut view = View {
        name: c.given_name()?,
        recursive,
        ..View::default()
    };
    if c.is("(") {
        view.columns = c.ident_list()?;
    }
    if c.accept("with") {
        view.options = storage_parameters(c)?;
        if view.options.contains_key("security_invoker") {
            c.require(Capability::SecurityInvokerViews)?;
        }
        if let Some(check) = view.options.remove("check_option") {
            view.check_option = Some(check.to_lowercase().into());
        }
    }
    c.expect("as")?;
    let mut text = c.rest();
    for (tail, option) in [
        ("with cascaded check option", "cascaded"),
        ("with local check option", "local"),
        ("with check option", "cascaded"),
    ] {
        if let Some(head) = strip_tail(text, tail) {
            text = head;
            view.check_option = Some(option.into());
        }
    }
    if text.is_empty() {
        return Err(c.expected("a query"));
    }
    view.query = query(text, c.dialect());
    Ok(create(view, or_replace, if_not_exists))
}

/// What follows `CREATE MATERIALIZED VIEW`.
pub(super) fn create_materialized_view(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut view = View {
        name: c.given_name()?,
        materialized: true,
        ..View::default()
    };
    if c.is("(") {
        view.columns = c.ident_list()?;
    }
    if c.accept("using") {
        view.access_method = Some(c.ident()?);
    }
    if c.accept("with") {
        view.options = storage_parameters(c)?;
    }
    if c.accept("tablespace") {
        view.tablespace = Some(c.ident()?);
    }
    c.expect("as")?;
    let mut text = c.rest();
    if let Some(head) = strip_tail(text, "with no data") {
        text = head;
        view.no_data = true;
    } else if let Some(head) = strip_tail(text, "with data") {
        text = head;
    }
    if text.is_empty() {
        return Err(c.expected("a query"));
    }
    view.query = query(text, c.dialect());
    Ok(create(view, false, if_not_exists))
}

fn create(view: View, or_replace: bool, if_not_exists: bool) -> Statement {
    Statement::Create {
        object: Object::View(Box::new(view)),
        or_replace,
        if_not_exists,
        like: Vec::new(),
    }
}

/// The text before `words` at its end, whatever white space lies between them.
fn strip_tail<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text.trim_end();
    for word in words.split(' ').rev() {
        let cut = rest.len().checked_sub(word.len())?;
        let tail = rest.get(cut..)?;
        let boundary = rest[..cut].ends_with(|c: char| c.is_whitespace() || c == ')' || c == ';');
        if !tail.eq_ignore_ascii_case(word) || !boundary {
            return None;
        }
        rest = rest[..cut].trim_end();
    }
    Some(rest)
}
