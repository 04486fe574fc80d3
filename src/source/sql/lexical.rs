//! What is refused in the tokens of any statement, before a grammar looks at them: what the server's
//! own scanner refuses, and what is nested too deep.

use super::cursor::SyntaxError;
use crate::dialect::Dialect;
use crate::expr::{Token, TokenKind, unquote_identifier};

/// Parentheses nested deeper than this are refused: what reads them further on is recursive in
/// other tools and in the server (`max_stack_depth`).
const MAX_DEPTH: usize = 1_000;

pub(super) fn check_tokens(
    tokens: &[Token],
    source: &str,
    dialect: Dialect,
) -> Result<(), SyntaxError> {
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens {
        let text = token.text(source);
        match text {
            "(" | "[" => open.push(token),
            ")" | "]" => close(&mut open, token, source)?,
            _ => {}
        }
        if open.len() > MAX_DEPTH {
            return Err(refused(
                token,
                format!("parentheses are nested more than {MAX_DEPTH} deep"),
                "split the expression; the server refuses such a depth too",
            ));
        }
        // SQLite takes `""` for an empty string where no column can be meant.
        let quoted = token.kind == TokenKind::QuotedIdent && dialect == Dialect::Postgres;
        if quoted && unquote_identifier(text).is_empty() {
            return Err(refused(
                token,
                "zero-length delimited identifier".to_owned(),
                "double quotes are for names; an empty string is written ''",
            ));
        }
    }
    match open.pop() {
        Some(token) => Err(never_closed(token)),
        None => Ok(()),
    }
}

/// Takes off the parenthesis that this one closes.
fn close(open: &mut Vec<&Token>, token: &Token, source: &str) -> Result<(), SyntaxError> {
    let wanted = if token.text(source) == ")" { "(" } else { "[" };
    match open.pop() {
        Some(opened) if opened.text(source) == wanted => Ok(()),
        Some(opened) => Err(never_closed(opened)),
        None => Err(refused(
            token,
            "this parenthesis closes nothing".to_owned(),
            "take it out, or write the one that it closes",
        )),
    }
}

fn never_closed(token: &Token) -> SyntaxError {
    refused(
        token,
        "this parenthesis is never closed".to_owned(),
        "close it where its group ends",
    )
}

fn refused(token: &Token, message: String, help: &str) -> SyntaxError {
    SyntaxError {
        start: token.start as usize,
        end: token.end as usize,
        message,
        help: Some(help.to_owned()),
        unmodelled: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{error_of, read_text};

    #[test]
    fn a_name_has_at_least_one_character() {
        for text in [
            "CREATE TABLE \"\" (a int)",
            "CREATE TABLE t (\"\" int)",
            "CREATE TABLE t (a \"\")",
            "CREATE VIEW v AS SELECT \"\" FROM t",
            "CREATE TABLE t (a int CHECK (\"\" > 1))",
            "COMMENT ON COLUMN t.\"\" IS 'x'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN U&\"\"",
        ] {
            assert_eq!(error_of(text), "zero-length delimited identifier", "{text}");
        }
        for text in [
            "CREATE TYPE e AS ENUM ('')",
            "CREATE TABLE t (a text DEFAULT '', b text DEFAULT '\"\"')",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ \"\" $$",
        ] {
            assert!(read_text(text).diagnostics.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_column_has_a_type() {
        for text in [
            "CREATE TABLE t (a)",
            "CREATE TABLE t (a, b int)",
            "CREATE TABLE t (a0xinteger)",
            "ALTER TABLE t ADD COLUMN a",
        ] {
            assert!(error_of(text).ends_with("has no type"), "{text}");
        }
        for text in [
            "CREATE TABLE t (a WITH OPTIONS NOT NULL)",
            "CREATE TABLE t (a NOT NULL)",
        ] {
            assert!(!read_text(text).diagnostics.is_empty(), "{text}");
        }
        assert!(
            read_text("CREATE TABLE p PARTITION OF t (a NOT NULL) DEFAULT")
                .diagnostics
                .is_empty()
        );
    }
}
