//! `SET name TO value` within a routine.

use super::cursor::{Cursor, Parsed};
use crate::expr::TokenKind;
use crate::model::Ident;

/// Settings whose value is a list of identifiers (`GUC_LIST_QUOTE`).
const LISTS: &[&str] = &[
    "search_path",
    "temp_tablespaces",
    "session_preload_libraries",
    "shared_preload_libraries",
    "local_preload_libraries",
    "unix_socket_directories",
];

/// What follows SET: the name, and the value as SQL in one spelling.
pub(super) fn setting(c: &mut Cursor<'_>) -> Parsed<(Box<str>, Box<str>)> {
    let name: Box<str> = if c.accept("time zone") {
        return Ok(("timezone".into(), values(c, false)?));
    } else if c.accept("schema") {
        return Ok(("search_path".into(), values(c, true)?));
    } else {
        let parts = c.dotted()?;
        let parts: Vec<&str> = parts.iter().map(Ident::as_str).collect();
        // Names of settings have no letter case; the server prints `TimeZone`.
        parts.join(".").to_lowercase().into()
    };
    if c.accept("from current") {
        return Ok((name, "FROM CURRENT".into()));
    }
    if !(c.accept("to") || c.accept("=")) && &*name != "role" {
        return Err(c.expected("TO or ="));
    }
    let list = LISTS.contains(&&*name);
    let value = values(c, list)?;
    Ok((name, value))
}

fn values(c: &mut Cursor<'_>, identifiers: bool) -> Parsed<Box<str>> {
    if c.accept("default") {
        return Ok("DEFAULT".into());
    }
    let values = c.comma_separated(|c| value(c, identifiers))?;
    Ok(values.join(", ").into())
}

fn value(c: &mut Cursor<'_>, identifiers: bool) -> Parsed<String> {
    if c.is_string() {
        let text = c.string()?;
        return Ok(printed(c, &text, identifiers));
    }
    let sign = if c.is("-") { "-" } else { "" };
    if c.is("-") || c.is("+") {
        c.advance();
    }
    match c.peek().map(|t| t.kind) {
        Some(TokenKind::Number) => {
            let number = format!("{sign}{}", c.text());
            c.advance();
            Ok(number)
        }
        _ => {
            let word = c.ident()?;
            Ok(printed(c, &word, identifiers))
        }
    }
}

/// The same value in the same spelling, whether it was quoted or not.
fn printed(c: &Cursor<'_>, text: &str, identifier: bool) -> String {
    let dialect = c.dialect();
    let word = |b: u8| b.is_ascii_lowercase() || b == b'_';
    let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if identifier && !text.is_empty() {
        dialect.quote(text).into_owned()
    } else if number || (!text.is_empty() && text.bytes().all(word) && dialect.quote(text) == text)
    {
        text.to_owned()
    } else {
        dialect.literal(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::object_of;
    use crate::model::Object;

    fn value_of(clause: &str) -> String {
        let text = format!("CREATE FUNCTION f() RETURNS int LANGUAGE sql {clause} AS ''");
        match object_of(&text) {
            Object::Routine(routine) => routine.settings.values().next().unwrap().to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_value_has_one_spelling() {
        for clause in [
            "SET search_path TO public, pg_temp",
            "SET search_path = 'public', \"pg_temp\"",
        ] {
            assert_eq!(value_of(clause), "public, pg_temp");
        }
        assert_eq!(value_of("SET search_path TO ''"), "''");
        assert_eq!(value_of("SET search_path TO \"$user\""), "\"$user\"");
        assert_eq!(value_of("SET jit = off"), value_of("SET jit TO 'off'"));
        assert_eq!(value_of("SET x.y TO 10"), value_of("SET x.y TO '10'"));
        assert_eq!(value_of("SET TIME ZONE 'UTC'"), "'UTC'");
        assert_eq!(value_of("SET search_path FROM CURRENT"), "FROM CURRENT");
    }
}
