//! A cursor over the tokens of an expression, with a bound on depth and work.

use crate::dialect::Dialect;
use crate::expr::{Lexer, Token, TokenKind, unquote_identifier, unquote_string};

/// How deep expressions and queries may nest.
const DEPTH: u32 = 80;

pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    pub(super) at: usize,
    depth: u32,
    /// Steps that are left: looking twice at the same tokens costs, so that nesting cannot run away.
    fuel: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
        Some(Self {
            text,
            fuel: tokens.len() * 30 + 100,
            tokens,
            at: 0,
            depth: 0,
        })
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn raw_at(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| t.text(self.text))
    }

    pub(super) fn raw(&self) -> &'a str {
        self.raw_at(self.at)
    }

    pub(super) fn kind_at(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    pub(super) fn kind(&self) -> Option<TokenKind> {
        self.kind_at(self.at)
    }

    /// Whether the token is this keyword or symbol.
    pub(super) fn is_at(&self, at: usize, word: &str) -> bool {
        self.raw_at(at).eq_ignore_ascii_case(word)
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.is_at(self.at, word)
    }

    /// Whether these words follow.
    pub(super) fn are(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(n, word)| self.is_at(self.at + n, word))
    }

    pub(super) fn accept(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn accept_all(&mut self, words: &[&str]) -> bool {
        let found = self.are(words);
        if found {
            self.at += words.len();
        }
        found
    }

    pub(super) fn expect(&mut self, word: &str) -> Option<()> {
        self.accept(word).then_some(())
    }

    /// Goes a level deeper; the caller leaves it again by [`Self::leave`].
    pub(super) fn enter(&mut self) -> Option<()> {
        self.spend()?;
        self.depth += 1;
        (self.depth < DEPTH).then_some(())
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// Goes back to where an attempt began.
    pub(super) fn reset(&mut self, at: usize, depth: u32) {
        self.at = at;
        self.depth = depth;
    }

    pub(super) fn spend(&mut self) -> Option<()> {
        self.fuel = self.fuel.checked_sub(1)?;
        Some(())
    }

    pub(super) fn is_name_at(&self, at: usize) -> bool {
        matches!(
            self.kind_at(at),
            Some(TokenKind::Word | TokenKind::QuotedIdent)
        )
    }

    /// An identifier, folded.
    pub(super) fn name(&mut self) -> Option<String> {
        let raw = self.raw();
        let name = match self.kind()? {
            TokenKind::Word => raw.to_lowercase(),
            TokenKind::QuotedIdent => unquote_identifier(raw),
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    /// `a.b.c`
    pub(super) fn qualified(&mut self) -> Option<Vec<String>> {
        let mut names = vec![self.name()?];
        while self.is(".") && self.is_name_at(self.at + 1) {
            self.at += 1;
            names.push(self.name()?);
        }
        Some(names)
    }

    /// `a, b, c`
    pub(super) fn names(&mut self) -> Option<Vec<String>> {
        let mut names = vec![self.name()?];
        while self.accept(",") {
            names.push(self.name()?);
        }
        Some(names)
    }

    /// `(a, b, c)`
    pub(super) fn names_in_parentheses(&mut self) -> Option<Vec<String>> {
        self.expect("(")?;
        let names = self.names()?;
        self.expect(")")?;
        Some(names)
    }

    pub(super) fn is_string_at(&self, at: usize) -> bool {
        matches!(
            self.kind_at(at),
            Some(TokenKind::String | TokenKind::DollarString)
        ) && !matches!(self.raw_at(at).as_bytes()[0], b'b' | b'B' | b'x' | b'X')
    }

    pub(super) fn string(&mut self) -> Option<String> {
        if !self.is_string_at(self.at) {
            return None;
        }
        let value = unquote_string(self.raw())?;
        self.at += 1;
        Some(value)
    }

    /// The first word behind all parentheses that open here.
    pub(super) fn word_behind_parentheses(&self) -> &'a str {
        let mut at = self.at;
        while self.is_at(at, "(") {
            at += 1;
        }
        self.raw_at(at)
    }

    /// Whether a query begins here, in any number of parentheses.
    pub(super) fn may_be_query(&self) -> bool {
        let word = self.word_behind_parentheses();
        ["select", "with", "values", "table"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w))
    }
}
