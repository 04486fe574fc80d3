//! Normal forms: the key by which expressions and queries are compared.
//!
//! The rules so far are those that text alone decides: white space and comments go, unquoted words
//! fold to lower case, needless quotes and needless outer parentheses go, strings lose needless
//! prefixes. Rules that need types belong here too, each with the manual section it mirrors.

use std::borrow::Cow;

use super::{Lexer, Token, TokenKind};
use crate::dialect::Dialect;
use crate::model::{Expr, Query};

/// An expression of a text, outer parentheses stripped from the printed text too.
pub fn expression(text: &str, dialect: Dialect) -> Expr {
    let text = strip_parentheses(text.trim(), dialect);
    Expr::new(text, key_of(text, dialect))
}

/// A query of a text.
pub fn query(text: &str, dialect: Dialect) -> Query {
    let text = text.trim().trim_end_matches(';').trim_end();
    Query::new(text, key_of(text, dialect))
}

/// The normal form of any SQL text; a text that cannot be read is its own.
pub fn key_of(text: &str, dialect: Dialect) -> String {
    let Ok(tokens) = Lexer::tokens(text, dialect) else {
        return text.to_owned();
    };
    let tokens = strip_outer(&tokens, text);
    let mut key = String::with_capacity(text.len());
    let mut previous: Option<&str> = None;
    for token in tokens {
        let raw = token.text(text);
        if previous.is_some_and(|p| needs_space(p, raw)) {
            key.push(' ');
        }
        key.push_str(&normal_token(token, raw, dialect));
        previous = Some(raw);
    }
    key
}

fn needs_space(left: &str, right: &str) -> bool {
    let tight_left = matches!(left, "(" | "[" | "." | "::");
    let tight_right = matches!(right, ")" | "]" | "." | "::" | "," | "[" | ";" | "(");
    !(tight_left || tight_right)
}

fn normal_token<'a>(token: &Token, raw: &'a str, dialect: Dialect) -> Cow<'a, str> {
    match token.kind {
        TokenKind::Word => Cow::Owned(raw.to_lowercase()),
        TokenKind::QuotedIdent => {
            let name = unquote_identifier(raw);
            Cow::Owned(dialect.quote(&name).into_owned())
        }
        TokenKind::String | TokenKind::DollarString => match unquote_string(raw) {
            Some(value) => Cow::Owned(dialect.literal(&value)),
            None => Cow::Borrowed(raw),
        },
        TokenKind::Operator if raw == "!=" => Cow::Borrowed("<>"),
        _ => Cow::Borrowed(raw),
    }
}

/// The text without parentheses that enclose all of it.
fn strip_parentheses(text: &str, dialect: Dialect) -> &str {
    if !text.starts_with('(') {
        return text;
    }
    let Ok(tokens) = Lexer::tokens(text, dialect) else {
        return text;
    };
    let inner = strip_outer(&tokens, text);
    match (inner.first(), inner.last()) {
        (Some(first), Some(last)) if inner.len() < tokens.len() => {
            &text[first.start as usize..last.end as usize]
        }
        _ => text,
    }
}

fn strip_outer<'t>(mut tokens: &'t [Token], text: &str) -> &'t [Token] {
    while let [first, inner @ .., last] = tokens {
        let enclosed = first.text(text) == "(" && last.text(text) == ")" && !inner.is_empty();
        // A scalar subquery or a row keeps its parentheses: they mean something.
        let starts_query = inner.first().is_some_and(|t| {
            ["select", "with", "values"]
                .iter()
                .any(|w| t.text(text).eq_ignore_ascii_case(w))
        });
        if !enclosed || starts_query || !balanced_without_top_comma(inner, text) {
            break;
        }
        tokens = inner;
    }
    tokens
}

fn balanced_without_top_comma(tokens: &[Token], text: &str) -> bool {
    let mut depth = 0_i32;
    for token in tokens.iter().filter(|t| t.kind == TokenKind::Punctuation) {
        match token.text(text) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "," if depth == 0 => return false,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The name inside a quoted identifier (`"a""b"`, `[a]`, `` `a` ``).
pub fn unquote_identifier(raw: &str) -> String {
    let inner = |n: usize| &raw[n..raw.len() - 1];
    match raw.as_bytes().first() {
        Some(b'"') => inner(1).replace("\"\"", "\""),
        Some(b'`') => inner(1).replace("``", "`"),
        Some(b'[') => inner(1).to_owned(),
        Some(b'u' | b'U') if raw[1..].starts_with("&\"") => {
            unescape_unicode(&inner(3).replace("\"\"", "\""))
        }
        _ => raw.to_owned(),
    }
}

/// The constant of `'a::b'::type`: what stands before the cast, and not before what looks like one in a
/// string.
pub fn without_cast(text: &str) -> &str {
    let text = text.trim();
    match text.rfind('\'').filter(|_| text.starts_with('\'')) {
        Some(end) => &text[..=end],
        None => { text.split_once("::") }.map_or(text, |(value, _)| value.trim()),
    }
}

/// The value of a string literal; `None` for bit strings, whose prefix is part of the value.
pub fn unquote_string(raw: &str) -> Option<String> {
    let bytes = raw.as_bytes();
    // A word that only begins like a prefix is no string.
    let quoted = |n: usize| bytes.get(n) == Some(&b'\'') && raw.len() > n + 1;
    match bytes.first()? {
        b'\'' if raw.len() > 1 => Some(raw[1..raw.len() - 1].replace("''", "'")),
        b'$' => {
            let tag = raw[1..].find('$')? + 2;
            Some(raw[tag..raw.len() - tag].to_owned())
        }
        b'n' | b'N' if quoted(1) => Some(raw[2..raw.len() - 1].replace("''", "'")),
        b'e' | b'E' if quoted(1) => Some(unescape(&raw[2..raw.len() - 1])),
        b'u' | b'U' if quoted(2) => {
            Some(unescape_unicode(&raw[3..raw.len() - 1].replace("''", "'")))
        }
        _ => None,
    }
}

/// `\0041` and `\+000041`, as in `U&'...'`.
fn unescape_unicode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(n) = rest.find('\\') {
        out.push_str(&rest[..n]);
        let tail = &rest[n + 1..];
        let (skip, digits) = if tail.starts_with('+') {
            (1, 6)
        } else {
            (0, 4)
        };
        let code = tail
            .get(skip..skip + digits)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        match code {
            Some(c) => {
                out.push(c);
                rest = &tail[skip + digits..];
            }
            None => {
                out.push('\\');
                rest = tail.strip_prefix('\\').unwrap_or(tail);
            }
        }
    }
    out.push_str(rest);
    out
}

/// The escapes of `E'...'` (manual, section 4.1.2.2).
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                chars.next_if_eq(&'\'');
                out.push('\'');
            }
            '\\' => match chars.next() {
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('x') => push_code(&mut out, &mut chars, 16, 2, 0),
                Some('u') => push_code(&mut out, &mut chars, 16, 4, 0),
                Some('U') => push_code(&mut out, &mut chars, 16, 8, 0),
                Some(d) if d.is_digit(8) => {
                    push_code(&mut out, &mut chars, 8, 2, d.to_digit(8).unwrap_or(0));
                }
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

fn push_code(
    out: &mut String,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    radix: u32,
    most: usize,
    first: u32,
) {
    let mut code = first;
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else {
            break;
        };
        code = code * radix + digit;
        chars.next();
    }
    out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_begin_like_a_prefix_are_no_strings() {
        for word in ["none", "e", "extended", "u", "users", "x1"] {
            assert_eq!(unquote_string(word), None, "{word}");
            assert_eq!(unquote_identifier(word), word);
        }
        assert_eq!(unquote_string("N'a'").as_deref(), Some("a"));
        assert_eq!(unquote_string("e'a'").as_deref(), Some("a"));
        assert_eq!(unquote_string("U&'a'").as_deref(), Some("a"));
    }

    fn same(a: &str, b: &str) -> bool {
        key_of(a, Dialect::Postgres) == key_of(b, Dialect::Postgres)
    }

    #[test]
    fn spelling_is_not_seen() {
        assert!(same("((a > 0))", "A  >\n0 -- why"));
        assert!(same("\"a\" = E'x'", "a='x'"));
        assert!(same("NOW()", "now ()"));
    }

    #[test]
    fn meaning_is_seen() {
        assert!(!same("a = 'X'", "a = 'x'"));
        assert!(!same("\"A\" = 1", "a = 1"));
        assert!(!same("(a) + (b)", "a) + (b"));
        assert!(!same("(a, b)", "a, b"));
    }

    #[test]
    fn printed_text_loses_only_outer_parentheses() {
        assert_eq!(
            expression("((a > (0)))", Dialect::Postgres).text(),
            "a > (0)"
        );
        assert_eq!(
            expression("(SELECT 1)", Dialect::Postgres).text(),
            "(SELECT 1)"
        );
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(unquote_string(r"E'a\n\'\x41'").as_deref(), Some("a\n'A"));
        assert_eq!(unquote_string(r"U&'\0041'").as_deref(), Some("A"));
        assert_eq!(unquote_string("$x$it's$x$").as_deref(), Some("it's"));
    }
}
