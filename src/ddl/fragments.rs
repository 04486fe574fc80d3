//! Pieces of DDL that several kinds of object share.

use std::borrow::Cow;

use crate::dialect::Dialect;
use crate::expr::{Lexer, Token, TokenKind};
use crate::model::{Expr, Ident};

/// Names in a list: `a, b`.
pub(super) fn names(list: &[Ident], dialect: Dialect) -> String {
    join(list.iter().map(|n| dialect.quote(n).into_owned()))
}

/// Joins with commas on one line.
pub(super) fn join(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join(", ")
}

/// A parenthesised list with one entry a line.
pub(super) fn block(entries: &[String]) -> String {
    format!("(\n    {}\n)", entries.join(",\n    "))
}

/// Text of the author's, made safe to be followed by more on the same line: a comment at its end
/// would swallow what comes next.
pub(super) fn closed(text: &str) -> Cow<'_, str> {
    let last = text.rsplit('\n').next().unwrap_or(text);
    if last.contains("--") {
        Cow::Owned(format!("{text}\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// An expression in parentheses.
pub(crate) fn parenthesised(expression: &Expr) -> String {
    format!("({})", closed(expression.text()))
}

/// The texts of a list of expressions.
pub(super) fn texts_of(list: &[Expr]) -> String {
    join(list.iter().map(|e| closed(e.text()).into_owned()))
}

/// `a = 1, b = 'x y'`: storage parameters, view options, publication options.
pub(super) fn parameters(map: &crate::model::Parameters, dialect: Dialect) -> String {
    join(map.iter().map(|(name, value)| {
        let name = parameter_name(name, dialect);
        if value.is_empty() {
            name
        } else {
            format!("{name} = {}", parameter_value(value, dialect))
        }
    }))
}

/// ` WITH (...)`, or nothing.
pub(super) fn with_parameters(map: &crate::model::Parameters, dialect: Dialect) -> String {
    if map.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", parameters(map, dialect))
    }
}

/// `toast.fillfactor` has its dot outside of quotes.
pub(super) fn parameter_name(name: &str, dialect: Dialect) -> String {
    let parts: Vec<_> = name.split('.').map(|p| dialect.quote(p)).collect();
    parts.join(".")
}

/// A number or a plain word stands bare, anything else is a string.
fn parameter_value<'a>(value: &'a str, dialect: Dialect) -> Cow<'a, str> {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.');
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let first_is_digit = unsigned.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let plain = if first_is_digit {
        unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    } else {
        unsigned == value && value.bytes().all(bare) && !value.contains('.')
    };
    let quoted = value.len() > 1 && value.starts_with('\'') && value.ends_with('\'');
    if plain || quoted {
        Cow::Borrowed(value)
    } else {
        Cow::Owned(dialect.literal(value))
    }
}

/// ` OPTIONS (name 'value', ...)`, or nothing.
pub(super) fn generic_options(map: &crate::model::Parameters, dialect: Dialect) -> String {
    if map.is_empty() {
        return String::new();
    }
    let options = map
        .iter()
        .map(|(name, value)| format!("{} {}", dialect.quote(name), dialect.literal(value)));
    format!(" OPTIONS ({})", join(options))
}

/// The entries of a definition list, `SFUNC = f`; those of `first` lead, in that order.
pub(super) fn definition<'a>(
    options: impl IntoIterator<Item = (&'a str, Option<&'a Expr>)>,
    first: &[&str],
) -> Vec<String> {
    let mut entries: Vec<_> = options.into_iter().collect();
    let rank = |name: &str| first.iter().position(|f| *f == name).unwrap_or(first.len());
    entries.sort_by_key(|(name, _)| rank(name));
    let print = |(name, value): (&str, Option<&Expr>)| match value {
        Some(value) => format!("{} = {}", name.to_ascii_uppercase(), closed(value.text())),
        None => name.to_ascii_uppercase(),
    };
    entries.into_iter().map(print).collect()
}

/// Splits a text into the tokens that stand outside of any parentheses or brackets.
fn top_level_tokens(text: &str, dialect: Dialect) -> Option<Vec<Token>> {
    let mut depth = 0_usize;
    let mut top = Vec::new();
    for token in Lexer::tokens(text, dialect).ok()? {
        let raw = token.text(text);
        if matches!(raw, ")" | "]") {
            depth = depth.checked_sub(1)?;
        }
        if depth == 0 {
            top.push(token);
        }
        if matches!(raw, "(" | "[") {
            depth += 1;
        }
    }
    (depth == 0).then_some(top)
}

/// The expression of a DEFAULT clause. PostgreSQL takes only a `b_expr` there (no AND, IN, LIKE,
/// IS, ... outside of parentheses), SQLite only a literal or a parenthesised expression.
pub(crate) fn default_expression(expression: &Expr, dialect: Dialect) -> String {
    let text = expression.text();
    let bare = match top_level_tokens(text, dialect) {
        None => false,
        Some(tokens) if dialect == Dialect::Sqlite => is_signed_literal(&tokens, text),
        Some(tokens) => !tokens.iter().any(|t| is_a_expr_word(t, text)),
    };
    if bare && !text.contains("--") {
        text.to_owned()
    } else {
        parenthesised(expression)
    }
}

fn is_signed_literal(tokens: &[Token], text: &str) -> bool {
    let rest = match tokens {
        [sign, rest @ ..] if matches!(sign.text(text), "-" | "+") => rest,
        all => all,
    };
    let [token] = rest else { return false };
    match token.kind {
        TokenKind::Number | TokenKind::String => true,
        TokenKind::Word => matches!(
            token.text(text).to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "current_time" | "current_date" | "current_timestamp"
        ),
        _ => false,
    }
}

/// Words that `a_expr` has and `b_expr` has not (src/backend/parser/gram.y).
fn is_a_expr_word(token: &Token, text: &str) -> bool {
    const WORDS: &[&str] = &[
        "and", "at", "between", "collate", "ilike", "in", "is", "isnull", "like", "not", "notnull",
        "or", "overlaps", "similar",
    ];
    token.kind == TokenKind::Word && WORDS.contains(&token.text(text).to_ascii_lowercase().as_str())
}

/// Whether a text is one plain function call, which index keys take without parentheses.
pub(super) fn is_function_call(text: &str, dialect: Dialect) -> bool {
    let Some(tokens) = top_level_tokens(text, dialect) else {
        return false;
    };
    let raw: Vec<&str> = tokens.iter().map(|t| t.text(text)).collect();
    let is_name = |t: &Token| match t.kind {
        TokenKind::QuotedIdent => true,
        TokenKind::Word => {
            let folded = t.text(text).to_ascii_lowercase();
            dialect.quote(&folded) == folded
        }
        _ => false,
    };
    match raw.as_slice() {
        [_, "(", ")"] => is_name(&tokens[0]),
        [_, ".", _, "(", ")"] => is_name(&tokens[0]) && is_name(&tokens[2]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default_of(text: &str, dialect: Dialect) -> String {
        default_expression(&Expr::new(text, text), dialect)
    }

    #[test]
    fn defaults_take_parentheses_where_the_grammar_needs_them() {
        let pg = Dialect::Postgres;
        assert_eq!(default_of("now()", pg), "now()");
        assert_eq!(default_of("'a'::text || 'b'", pg), "'a'::text || 'b'");
        assert_eq!(default_of("a IS NULL", pg), "(a IS NULL)");
        assert_eq!(default_of("f(a IS NULL)", pg), "f(a IS NULL)");
        assert_eq!(
            default_of("now() AT TIME ZONE 'utc'", pg),
            "(now() AT TIME ZONE 'utc')"
        );
        let lite = Dialect::Sqlite;
        assert_eq!(default_of("-1", lite), "-1");
        assert_eq!(default_of("CURRENT_TIMESTAMP", lite), "CURRENT_TIMESTAMP");
        assert_eq!(default_of("datetime('now')", lite), "(datetime('now'))");
    }

    #[test]
    fn only_one_plain_call_is_a_function_call() {
        let pg = Dialect::Postgres;
        assert!(is_function_call("lower(email)", pg));
        assert!(is_function_call("app.normal(email, 'x')", pg));
        assert!(!is_function_call("lower(a) || b", pg));
        assert!(!is_function_call("(a)", pg));
        assert!(!is_function_call("coalesce(a, b)", pg));
        assert!(!is_function_call("f(a", pg));
    }

    #[test]
    fn parameters_quote_what_is_not_a_word() {
        let mut map = crate::model::Parameters::new();
        map.insert("fillfactor".into(), "70".into());
        map.insert("publish".into(), "insert, update".into());
        map.insert("toast.autovacuum_enabled".into(), "false".into());
        assert_eq!(
            parameters(&map, Dialect::Postgres),
            "fillfactor = 70, publish = 'insert, update', toast.autovacuum_enabled = false"
        );
    }

    #[test]
    fn a_comment_at_the_end_is_closed() {
        assert_eq!(closed("a > 0 -- positive"), "a > 0 -- positive\n");
        assert_eq!(closed("a > 0"), "a > 0");
    }
}
