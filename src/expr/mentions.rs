//! Whether a text uses a name: an upper bound, found on its tokens.
//!
//! Invariant: what is not certain counts as a use, so that nothing is left standing on something
//! that goes; at worst an object is made again that could have stayed.

use super::{Lexer, TokenKind, unquote_identifier};
use crate::dialect::Dialect;

/// Whether a text has the name among its words.
pub fn mentions(text: &str, name: &str, dialect: Dialect) -> bool {
    names_in(text, name, dialect, false)
}

/// The same of a column, which `*` stands for as well.
pub fn mentions_column(text: &str, name: &str, dialect: Dialect) -> bool {
    names_in(text, name, dialect, true)
}

/// Whether a query has all columns of something among its own.
pub fn mentions_all(text: &str, dialect: Dialect) -> bool {
    names_in(text, "", dialect, true)
}

fn names_in(text: &str, name: &str, dialect: Dialect, star: bool) -> bool {
    let Ok(tokens) = Lexer::tokens(text, dialect) else {
        return true;
    };
    let mut previous = "";
    for token in &tokens {
        let raw = token.text(text);
        let found = match token.kind {
            TokenKind::Word => raw.eq_ignore_ascii_case(name),
            TokenKind::QuotedIdent => unquote_identifier(raw) == name,
            // A name within a string: nextval('s'), 'type'::regtype.
            _ if raw.starts_with('\'') => {
                let inner = raw.trim_matches('\'');
                inner
                    .rsplit('.')
                    .next()
                    .is_some_and(|n| n.trim_matches('"') == name)
            }
            _ => {
                let all = |p: &str| matches!(p, "," | ".") || p.eq_ignore_ascii_case("select");
                star && raw == "*" && all(previous)
            }
        };
        if found {
            return true;
        }
        previous = raw;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_word_and_within_a_name_literal() {
        let found = |text: &str| mentions(text, "seq", Dialect::Postgres);
        assert!(found("nextval('public.seq'::regclass)"));
        assert!(found("\"seq\" + 1"));
        assert!(!found("seq2 || 'a seq b'"));
    }

    #[test]
    fn a_star_stands_for_every_column() {
        let found = |text: &str| mentions_column(text, "c", Dialect::Postgres);
        assert!(found("SELECT * FROM t"));
        assert!(found("SELECT a, t.* FROM t"));
        assert!(!found("SELECT count(*), a * b FROM t"));
    }
}
