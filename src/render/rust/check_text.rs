//! The text of a CHECK, read as rules where it is of a form that is known.

use crate::dialect::Dialect;
use crate::expr::{Lexer, Token, TokenKind, unquote_identifier, unquote_string};

/// Deeper nested parentheses are not looked into.
pub(super) const DEPTH: usize = 16;

/// Longer lists of values are left to the database.
const VALUES: usize = 200;

/// What a value has to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rule {
    MaxChars(u64),
    MinChars(u64),
    NotBlank,
    OneOf(Vec<String>),
    /// `at_least`, `at_most`, `more_than`, `less_than` and the bound as written.
    Bound(&'static str, String),
}

/// Some tokens of an expression.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
}

/// The columns that a check holds to a list of values, and these.
pub(in crate::render) fn value_lists(text: &str, dialect: Dialect) -> Vec<(String, Vec<String>)> {
    let Ok(tokens) = Lexer::tokens(text, dialect) else {
        return Vec::new();
    };
    let source = Source {
        text,
        tokens: &tokens,
    };
    let rules = source
        .conjuncts(DEPTH)
        .into_iter()
        .filter_map(Source::rules);
    let lists = rules.filter_map(|(column, mut rules)| match rules.pop() {
        Some(Rule::OneOf(values)) => Some((column, values)),
        _ => None,
    });
    lists.collect()
}

impl<'a> Source<'a> {
    fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| t.text(self.text))
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word)
    }

    fn range(&self, start: usize, end: usize) -> Self {
        Self {
            tokens: self.tokens.get(start..end).unwrap_or(&[]),
            ..*self
        }
    }

    /// Without parentheses around the whole, and without casts to text types behind it.
    fn bare(self) -> Self {
        let mut at = self;
        loop {
            let n = at.tokens.len();
            let next = if n > 2 && at.is(0, "(") && at.closing(0) == Some(n - 1) {
                at.range(1, n - 1)
            } else if n > 2 && at.is(n - 2, "::") {
                at.range(0, n - 2)
            } else if n > 3 && at.is(n - 3, "::") && at.is(n - 2, "character") {
                at.range(0, n - 3)
            } else {
                return at;
            };
            at = next;
        }
    }

    /// The parenthesis or bracket that closes the one at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..self.tokens.len() {
            match self.word(at) {
                "(" | "[" => depth += 1,
                ")" | "]" => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The parts that AND joins; none where something binds less tightly than AND.
    pub(super) fn conjuncts(self, depth: usize) -> Vec<Self> {
        let whole = self.bare();
        let (mut parts, mut start, mut at, mut between) = (Vec::new(), 0, 0, false);
        while at < whole.tokens.len() {
            if whole.is(at, "or") || whole.is(at, "not") || whole.is(at, "case") {
                return Vec::new();
            } else if whole.is(at, "between") {
                between = true;
            } else if whole.is(at, "and") && between {
                between = false;
            } else if whole.is(at, "and") {
                parts.push(whole.range(start, at));
                start = at + 1;
            } else if matches!(whole.word(at), "(" | "[") {
                match whole.closing(at) {
                    Some(end) => at = end,
                    None => return Vec::new(),
                }
            }
            at += 1;
        }
        if parts.is_empty() || depth == 0 {
            return vec![whole];
        }
        parts.push(whole.range(start, whole.tokens.len()));
        parts
            .into_iter()
            .flat_map(|p| p.conjuncts(depth - 1))
            .collect()
    }

    /// A column and what this comparison asks of it.
    pub(super) fn rules(self) -> Option<(String, Vec<Rule>)> {
        let split = (0..self.tokens.len()).scan(0_i32, |depth, at| {
            match self.word(at) {
                "(" | "[" => *depth += 1,
                ")" | "]" => *depth -= 1,
                _ => {}
            }
            Some((at, *depth))
        });
        let operators = ["=", "<>", "!=", "<", "<=", ">", ">=", "in", "between", "~"];
        let mut outer = split.filter(|(_, depth)| *depth == 0).map(|(at, _)| at);
        let at = outer.find(|at| operators.iter().any(|o| self.is(*at, o)))?;
        let (left, right) = (
            self.range(0, at).bare(),
            self.range(at + 1, self.tokens.len()),
        );
        let operator = self.word(at).to_ascii_lowercase();
        if operator == "between" {
            let middle = (0..right.tokens.len()).find(|i| right.is(*i, "and"))?;
            let low = right.range(0, middle).number()?;
            let high = right.range(middle + 1, right.tokens.len()).number()?;
            return left.bounds(&[(">=", low), ("<=", high)]);
        }
        if operator == "in" || (operator == "=" && right.is(0, "any")) {
            return Some((left.column()?, vec![Rule::OneOf(right.strings()?)]));
        }
        if let Some(number) = right.number() {
            return left.bounds(&[(&operator, number)]);
        }
        let empty = right.string()?.is_empty() && matches!(operator.as_str(), "<>" | "!=");
        match (empty, left.column(), left.argument(&["btrim", "trim"])) {
            (true, Some(column), _) => Some((column, vec![Rule::MinChars(1)])),
            (true, None, Some(column)) => Some((column, vec![Rule::NotBlank])),
            _ => None,
        }
    }

    /// Bounds on a number, or on the length of a text.
    fn bounds(self, bounds: &[(&str, String)]) -> Option<(String, Vec<Rule>)> {
        if let Some(column) = self.argument(&["char_length", "character_length", "length"]) {
            let of_length = |(operator, bound): &(&str, String)| {
                let bound: u64 = bound.parse().ok()?;
                Some(match *operator {
                    ">=" => Rule::MinChars(bound),
                    ">" => Rule::MinChars(bound.checked_add(1)?),
                    "<=" => Rule::MaxChars(bound),
                    "<" => Rule::MaxChars(bound.checked_sub(1)?),
                    "<>" | "!=" if bound == 0 => Rule::MinChars(1),
                    _ => return None,
                })
            };
            let rules = bounds.iter().map(of_length).collect::<Option<Vec<_>>>()?;
            return Some((column, rules));
        }
        let of_value = |(operator, bound): &(&str, String)| {
            let method = match *operator {
                ">=" => "at_least",
                ">" => "more_than",
                "<=" => "at_most",
                "<" => "less_than",
                _ => return None,
            };
            Some(Rule::Bound(method, bound.clone()))
        };
        Some((
            self.column()?,
            bounds.iter().map(of_value).collect::<Option<_>>()?,
        ))
    }

    fn column(self) -> Option<String> {
        let bare = self.bare();
        match bare.tokens {
            [token] if token.kind == TokenKind::Word => Some(bare.word(0).to_lowercase()),
            [token] if token.kind == TokenKind::QuotedIdent => {
                Some(unquote_identifier(bare.word(0)))
            }
            _ => None,
        }
    }

    /// The column that one of these functions is called on.
    fn argument(self, functions: &[&str]) -> Option<String> {
        let n = self.tokens.len();
        let called = functions.iter().any(|f| self.is(0, f));
        (called && self.is(1, "(") && self.closing(1)? == n - 1)
            .then(|| self.range(2, n - 1).column())?
    }

    /// A number, with its sign.
    fn number(self) -> Option<String> {
        let bare = self.bare();
        let digits = |at: usize| {
            let token = bare
                .tokens
                .get(at)
                .filter(|t| t.kind == TokenKind::Number)?;
            let text = token.text(self.text);
            let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            let sound =
                !text.starts_with('.') && !text.ends_with('.') && text.matches('.').count() < 2;
            // A leading zero would be read as another number by nobody, but looks like it.
            let canonical = text == "0" || text.starts_with("0.") || !text.starts_with('0');
            (plain && sound && canonical).then_some(text)
        };
        match bare.tokens.len() {
            1 => digits(0).map(str::to_owned),
            2 if bare.is(0, "-") => digits(1).map(|d| format!("-{d}")),
            _ => None,
        }
    }

    fn string(self) -> Option<String> {
        let bare = self.bare();
        match bare.tokens {
            [token] if token.kind == TokenKind::String => unquote_string(bare.word(0)),
            _ => None,
        }
    }

    /// The strings of `('a', 'b')` or `ANY (ARRAY['a', 'b'])`.
    fn strings(self) -> Option<Vec<String>> {
        let mut list = if self.is(0, "any") {
            self.range(1, self.tokens.len())
        } else {
            self
        };
        list = list.array();
        let mut strings = Vec::new();
        for item in list.tokens.split(|t| t.text(self.text) == ",") {
            strings.push(
                Source {
                    tokens: item,
                    ..self
                }
                .string()?,
            );
        }
        (strings.len() <= VALUES).then_some(strings)
    }

    /// What stands within the parentheses, casts and `ARRAY[]` around a list.
    fn array(self) -> Self {
        let mut at = self;
        loop {
            let n = at.tokens.len();
            // `::text[]`, `::character varying[]`
            let cast = (0..n)
                .rev()
                .take(5)
                .find(|i| at.is(*i, "::") && at.is(n - 1, "]"));
            let next = if n > 2 && at.is(0, "(") && at.closing(0) == Some(n - 1) {
                at.range(1, n - 1)
            } else if at.is(0, "array") && at.is(1, "[") && at.closing(1) == Some(n - 1) {
                return at.range(2, n - 1);
            } else if let Some(cast) = cast.filter(|c| *c > 0 && at.word(c - 1) != ",") {
                at.range(0, cast)
            } else {
                return at;
            };
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::expr::Lexer;

    fn parsed(text: &str) -> Vec<(String, Vec<Rule>)> {
        let tokens = Lexer::tokens(text, Dialect::Postgres).unwrap();
        let source = Source {
            text,
            tokens: &tokens,
        };
        source
            .conjuncts(DEPTH)
            .into_iter()
            .filter_map(Source::rules)
            .collect()
    }

    fn one(text: &str) -> Option<(String, Vec<Rule>)> {
        parsed(text).into_iter().next()
    }

    fn bound(method: &'static str, bound: &str) -> Rule {
        Rule::Bound(method, bound.to_owned())
    }

    #[test]
    fn simple_comparisons_are_rules() {
        let a = "a".to_owned();
        assert_eq!(
            one("a > 0"),
            Some((a.clone(), vec![bound("more_than", "0")]))
        );
        assert_eq!(
            one("((a >= (-1)))"),
            Some((a.clone(), vec![bound("at_least", "-1")]))
        );
        assert_eq!(
            one("a BETWEEN 0 AND 5"),
            Some((
                a.clone(),
                vec![bound("at_least", "0"), bound("at_most", "5")]
            ))
        );
        assert_eq!(
            one("char_length(a) <= 10"),
            Some((a.clone(), vec![Rule::MaxChars(10)]))
        );
        assert_eq!(
            one("a <> ''::text"),
            Some((a.clone(), vec![Rule::MinChars(1)]))
        );
        assert_eq!(one("btrim(a) <> ''"), Some((a, vec![Rule::NotBlank])));
    }

    #[test]
    fn lists_of_values_are_rules() {
        let expected = Some((
            "a".to_owned(),
            vec![Rule::OneOf(vec!["x".to_owned(), "it's".to_owned()])],
        ));
        assert_eq!(one("a IN ('x', 'it''s')"), expected);
        assert_eq!(one("a = ANY (ARRAY['x'::text, 'it''s'::text])"), expected);
        assert_eq!(
            one(
                "(a)::text = ANY ((ARRAY['x'::character varying, 'it''s'::character varying])::text[])"
            ),
            expected
        );
    }

    #[test]
    fn what_is_not_understood_is_no_rule() {
        for text in [
            "a > 0 OR b",
            "NOT a > 0",
            "a > b",
            "a NOT IN ('x')",
            "a + 1 > 0",
            "a IN (1, 2)",
            "CASE WHEN a THEN b END > 0",
            "lower(a) = 'x'",
            "a > 1e5",
            "(a > 0) IS TRUE",
        ] {
            assert_eq!(parsed(text), [], "{text}");
        }
    }

    #[test]
    fn the_parts_of_a_conjunction_count_each() {
        assert_eq!(parsed("(a > 0) AND b BETWEEN 1 AND 2 AND f(c)").len(), 2);
    }
}
