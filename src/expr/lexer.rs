//! SQL text to tokens with byte spans, for both dialects.
//!
//! Source: PostgreSQL manual, section 4.1 (lexical structure), src/backend/parser/scan.l; SQLite,
//! `sqlite3GetToken`. Nothing is copied and no byte is lost: what lies between two tokens is white
//! space.

use crate::dialect::Dialect;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An unquoted identifier or keyword.
    Word,
    /// `"..."`, in SQLite also `[...]` and backticks.
    QuotedIdent,
    /// `'...'` with any prefix (`E`, `B`, `X`, `N`, `U&`).
    String,
    /// `$tag$ ... $tag$`.
    DollarString,
    Number,
    /// `$1`, `?`, `:name`.
    Parameter,
    Operator,
    /// `( ) [ ] , ; . :` and `::`.
    Punctuation,
    /// `-- ...` or `/* ... */`.
    Comment,
}

/// A token: its kind and the bytes it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
}

impl Token {
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.start as usize..self.end as usize]
    }
}

/// A token that never ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LexError {
    pub start: u32,
    /// `string`, `quoted identifier`, `comment`, `dollar-quoted string`.
    pub what: &'static str,
}

/// Reads tokens one by one.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    position: usize,
    dialect: Dialect,
}

impl<'a> Lexer<'a> {
    pub fn new(source: &'a str, dialect: Dialect) -> Self {
        Self {
            source,
            bytes: source.as_bytes(),
            position: 0,
            dialect,
        }
    }

    /// Every token of a text that is not a comment; an unfinished one is an error.
    pub fn tokens(source: &'a str, dialect: Dialect) -> Result<Vec<Token>, LexError> {
        let mut lexer = Self::new(source, dialect);
        let mut tokens = Vec::with_capacity(source.len() / 5);
        while let Some(token) = lexer.next_token()? {
            if token.kind != TokenKind::Comment {
                tokens.push(token);
            }
        }
        Ok(tokens)
    }

    pub fn position(&self) -> usize {
        self.position
    }

    /// Goes on at a byte that is a character boundary.
    pub fn seek(&mut self, position: usize) {
        debug_assert!(self.source.is_char_boundary(position));
        self.position = position;
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The next token, comments included; `None` at the end.
    pub fn next_token(&mut self) -> Result<Option<Token>, LexError> {
        while self.position < self.bytes.len() && is_space(self.bytes[self.position]) {
            self.position += 1;
        }
        let start = self.position;
        if start >= self.bytes.len() {
            return Ok(None);
        }
        let (kind, end) = self.scan(start)?;
        self.position = end;
        Ok(Some(Token {
            kind,
            start: start as u32,
            end: end as u32,
        }))
    }

    fn scan(&self, start: usize) -> Result<(TokenKind, usize), LexError> {
        let (first, second) = (self.byte(start), self.byte(start + 1));
        let sqlite = self.dialect == Dialect::Sqlite;
        Ok(match first {
            b'-' if second == b'-' => (TokenKind::Comment, self.line_end(start)),
            b'/' if second == b'*' => (TokenKind::Comment, self.block_comment(start)?),
            b'\'' => (TokenKind::String, self.string(start, start, false)?),
            b'"' => (TokenKind::QuotedIdent, self.quoted(start, b'"')?),
            b'`' if sqlite => (TokenKind::QuotedIdent, self.quoted(start, b'`')?),
            b'[' if sqlite => (TokenKind::QuotedIdent, self.quoted(start, b']')?),
            b'$' => return self.dollar(start),
            b'?' if sqlite => (TokenKind::Parameter, self.while_word(start + 1)),
            b'0'..=b'9' => (TokenKind::Number, self.number(start)),
            b'.' if second.is_ascii_digit() => (TokenKind::Number, self.number(start)),
            b'(' | b')' | b'[' | b']' | b',' | b';' | b'.' => (TokenKind::Punctuation, start + 1),
            b':' if second == b':' => (TokenKind::Punctuation, start + 2),
            b':' if second == b'=' => (TokenKind::Operator, start + 2),
            b':' => (TokenKind::Punctuation, start + 1),
            _ if is_operator(first) => (TokenKind::Operator, self.operator(start)),
            _ if is_word_start(first) => return self.word_or_prefixed(start),
            // A byte that is no SQL (a lone backslash, a control character): an operator by itself,
            // so that the statement's grammar reports it.
            _ => (TokenKind::Operator, start + 1),
        })
    }

    fn line_end(&self, from: usize) -> usize {
        self.bytes[from..]
            .iter()
            .position(|&b| b == b'\n')
            .map_or(self.bytes.len(), |n| from + n)
    }

    fn block_comment(&self, start: usize) -> Result<usize, LexError> {
        let nested = self.dialect == Dialect::Postgres;
        let (mut depth, mut at) = (1, start + 2);
        while at < self.bytes.len() {
            match (self.bytes[at], self.byte(at + 1)) {
                (b'*', b'/') => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return Ok(at);
                    }
                }
                (b'/', b'*') if nested => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
        Err(LexError {
            start: start as u32,
            what: "comment",
        })
    }

    /// `quote` is where the opening quote stands.
    fn string(&self, start: usize, quote: usize, escapes: bool) -> Result<usize, LexError> {
        let mut at = quote + 1;
        while at < self.bytes.len() {
            match self.bytes[at] {
                b'\\' if escapes => at += 2,
                b'\'' if self.byte(at + 1) == b'\'' => at += 2,
                b'\'' => return Ok(at + 1),
                _ => at += 1,
            }
        }
        Err(LexError {
            start: start as u32,
            what: "string",
        })
    }

    fn quoted(&self, start: usize, close: u8) -> Result<usize, LexError> {
        let mut at = start + 1;
        while at < self.bytes.len() {
            if self.bytes[at] != close {
                at += 1;
            } else if close != b']' && self.byte(at + 1) == close {
                at += 2;
            } else {
                return Ok(at + 1);
            }
        }
        Err(LexError {
            start: start as u32,
            what: "quoted identifier",
        })
    }

    fn dollar(&self, start: usize) -> Result<(TokenKind, usize), LexError> {
        if self.byte(start + 1).is_ascii_digit() {
            let mut at = start + 1;
            while self.byte(at).is_ascii_digit() {
                at += 1;
            }
            return Ok((TokenKind::Parameter, at));
        }
        let mut at = start + 1;
        while is_word(self.byte(at)) && self.byte(at) != b'$' {
            at += 1;
        }
        if self.byte(at) != b'$' || self.dialect == Dialect::Sqlite {
            return Ok((TokenKind::Operator, start + 1));
        }
        let tag = &self.source[start..=at];
        match self.source[at + 1..].find(tag) {
            Some(n) => Ok((TokenKind::DollarString, at + 1 + n + tag.len())),
            None => Err(LexError {
                start: start as u32,
                what: "dollar-quoted string",
            }),
        }
    }

    fn number(&self, start: usize) -> usize {
        let mut at = start;
        if self.byte(at) == b'0'
            && matches!(self.byte(at + 1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B')
        {
            return self.while_word(at + 2);
        }
        let digits = |at: &mut usize| {
            while self.byte(*at).is_ascii_digit() || self.byte(*at) == b'_' {
                *at += 1;
            }
        };
        digits(&mut at);
        // `1..10` is a range of PL/pgSQL, not two numbers.
        if self.byte(at) == b'.' && self.byte(at + 1) != b'.' {
            at += 1;
            digits(&mut at);
        }
        if matches!(self.byte(at), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(at + 1), b'+' | b'-'));
            if self.byte(at + 1 + sign).is_ascii_digit() {
                at += 1 + sign;
                digits(&mut at);
            }
        }
        at
    }

    fn operator(&self, start: usize) -> usize {
        let mut at = start;
        while is_operator(self.byte(at)) {
            let pair = (self.byte(at), self.byte(at + 1));
            if at > start && matches!(pair, (b'-', b'-') | (b'/', b'*')) {
                break;
            }
            at += 1;
        }
        // An operator of several characters ends in + or - only if it also has one of ~ ! @ # % ^ &
        // | ` ?, so that `a=-1` reads as it should.
        let special = |b: &u8| b"~!@#%^&|`?".contains(b);
        while at - start > 1
            && matches!(self.bytes[at - 1], b'+' | b'-')
            && !self.bytes[start..at].iter().any(special)
        {
            at -= 1;
        }
        at
    }

    fn while_word(&self, mut at: usize) -> usize {
        while is_word(self.byte(at)) {
            at += 1;
        }
        at
    }

    fn word_or_prefixed(&self, start: usize) -> Result<(TokenKind, usize), LexError> {
        let quote = start + 1;
        match self.byte(start) {
            b'e' | b'E' if self.byte(quote) == b'\'' && self.dialect == Dialect::Postgres => {
                Ok((TokenKind::String, self.string(start, quote, true)?))
            }
            b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if self.byte(quote) == b'\'' => {
                Ok((TokenKind::String, self.string(start, quote, false)?))
            }
            b'u' | b'U' if self.byte(quote) == b'&' && self.byte(quote + 1) == b'\'' => {
                Ok((TokenKind::String, self.string(start, quote + 1, false)?))
            }
            b'u' | b'U' if self.byte(quote) == b'&' && self.byte(quote + 1) == b'"' => {
                let end = self.quoted(quote + 1, b'"')?;
                Ok((TokenKind::QuotedIdent, end))
            }
            _ => Ok((TokenKind::Word, self.while_word(start))),
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str, dialect: Dialect) -> Vec<&str> {
        let tokens = Lexer::tokens(source, dialect).expect("the text is lexically valid");
        tokens.iter().map(|t| t.text(source)).collect()
    }

    #[test]
    fn operators_follow_the_rule_about_signs() {
        assert_eq!(texts("a=-1", Dialect::Postgres), ["a", "=", "-", "1"]);
        assert_eq!(texts("a @- b", Dialect::Postgres), ["a", "@-", "b"]);
        assert_eq!(
            texts("a::int[]", Dialect::Postgres),
            ["a", "::", "int", "[", "]"]
        );
    }

    #[test]
    fn strings_of_all_sorts() {
        assert_eq!(
            texts(
                r"E'a\'b' 'it''s' U&'x' $q$ ' $$ $q$ B'01'",
                Dialect::Postgres
            ),
            [r"E'a\'b'", "'it''s'", "U&'x'", "$q$ ' $$ $q$", "B'01'"]
        );
    }

    #[test]
    fn comments_nest_in_postgres_only() {
        assert_eq!(
            texts("a /* x /* y */ z */ b", Dialect::Postgres),
            ["a", "b"]
        );
        assert_eq!(texts("a /* x /* y */ b", Dialect::Sqlite), ["a", "b"]);
    }

    #[test]
    fn unfinished_tokens_are_errors() {
        for (text, what) in [
            ("'a", "string"),
            ("\"a", "quoted identifier"),
            ("$$a", "dollar-quoted string"),
            ("/* a", "comment"),
        ] {
            assert_eq!(
                Lexer::tokens(text, Dialect::Postgres),
                Err(LexError { start: 0, what })
            );
        }
    }
}
