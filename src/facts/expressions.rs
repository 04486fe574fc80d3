//! What expressions say: whether they are volatile, and which columns cannot be null by them.

use crate::dialect::Dialect;
use crate::expr::{Lexer, Token, TokenKind, unquote_identifier};
use crate::model::{Catalog, Volatility};

/// Functions of the server that a default may call and that give another value for each row.
const VOLATILE: [&str; 14] = [
    "random",
    "random_normal",
    "gen_random_uuid",
    "gen_random_bytes",
    "uuidv4",
    "uuidv7",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "nextval",
    "clock_timestamp",
    "timeofday",
    "setval",
    "txid_current",
];

/// Whether rows that are there already would each get a value of their own.
pub fn is_volatile(text: &str, catalog: &Catalog, dialect: Dialect) -> bool {
    let Ok(tokens) = Lexer::tokens(text, dialect) else {
        return true;
    };
    let called = tokens.windows(2).filter(|w| w[1].text(text) == "(");
    let mut names = called.filter_map(|w| word(&w[0], text));
    names.any(|name| {
        let own = catalog.routines.values().filter(|r| r.name.name == *name);
        let mut own = own.peekable();
        match own.peek() {
            Some(_) => own.any(|r| r.volatility == Volatility::Volatile),
            None => VOLATILE.contains(&name.as_str()),
        }
    })
}

fn word(token: &Token, text: &str) -> Option<String> {
    match token.kind {
        TokenKind::Word => Some(token.text(text).to_lowercase()),
        TokenKind::QuotedIdent => Some(unquote_identifier(token.text(text)).to_string()),
        _ => None,
    }
}

/// Whether a condition holds only where the column is not null: one of its parts joined by AND says
/// so.
pub fn proves_not_null(condition: &str, column: &str, dialect: Dialect) -> bool {
    let Ok(tokens) = Lexer::tokens(condition, dialect) else {
        return false;
    };
    says_not_null(&tokens, condition, column, 0)
}

/// Conditions are looked into this deep.
const DEPTH: usize = 16;

fn says_not_null(tokens: &[Token], text: &str, column: &str, depth: usize) -> bool {
    let tokens = without_parentheses(tokens, text);
    if let [name, rest @ ..] = tokens {
        let words: Vec<String> = rest.iter().filter_map(|t| word(t, text)).collect();
        if rest.len() == 3 && words == ["is", "not", "null"] {
            return word(name, text).is_some_and(|n| n == column);
        }
    }
    let conjuncts: Vec<&[Token]> = top_level_parts(tokens, text);
    depth < DEPTH
        && conjuncts.len() > 1
        && conjuncts
            .iter()
            .any(|part| says_not_null(part, text, column, depth + 1))
}

fn without_parentheses<'t>(mut tokens: &'t [Token], text: &str) -> &'t [Token] {
    while let [first, inner @ .., last] = tokens {
        if first.text(text) != "(" || last.text(text) != ")" {
            break;
        }
        // They have to belong together.
        let mut depth = 0_i32;
        let closes = inner.iter().any(|t| {
            match t.text(text) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth < 0
        });
        if closes {
            break;
        }
        tokens = inner;
    }
    tokens
}

/// The parts between ANDs; one where OR or BETWEEN stands among them.
fn top_level_parts<'t>(tokens: &'t [Token], text: &str) -> Vec<&'t [Token]> {
    let mut depth = 0_i32;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        let raw = token.text(text);
        match raw {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if depth != 0 || token.kind != TokenKind::Word => {}
            _ if raw.eq_ignore_ascii_case("or") || raw.eq_ignore_ascii_case("between") => {
                return vec![tokens];
            }
            _ if raw.eq_ignore_ascii_case("and") => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conjunct_proves_and_a_disjunct_does_not() {
        let proves = |text: &str| proves_not_null(text, "a", Dialect::Postgres);
        assert!(proves("a IS NOT NULL"));
        assert!(proves("((\"a\" is not null) AND b > 0)"));
        assert!(proves("(b > 0) AND (a IS NOT NULL)"));
        assert!(!proves("a IS NOT NULL OR b > 0"));
        assert!(!proves("a > 0"));
        assert!(!proves("A2 IS NOT NULL"));
        assert!(!proves("(a IS NOT NULL) = (b IS NOT NULL)"));
    }

    #[test]
    fn functions_of_rows_are_volatile() {
        let catalog = Catalog::default();
        let volatile = |text: &str| is_volatile(text, &catalog, Dialect::Postgres);
        assert!(volatile("gen_random_uuid()"));
        assert!(volatile("nextval('s'::regclass)"));
        assert!(!volatile("now()"));
        assert!(!volatile("'random()'"));
    }
}
