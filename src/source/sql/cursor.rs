//! A cursor over the tokens of one statement: what every grammar file is written with.

use crate::dialect::{Capability, Dialect, TargetVersion};
use crate::expr::{Token, TokenKind, unquote_identifier, unquote_string};
use crate::model::{Ident, QualifiedName};

/// A statement that does not read as its first words promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Bytes of the source.
    pub start: usize,
    pub end: usize,
    /// What was expected, or what is wrong.
    pub message: String,
    pub help: Option<String>,
    /// The server takes it, the model does not: the statement is kept verbatim.
    pub unmodelled: bool,
}

pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// Where in a statement we are.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) source: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) version: TargetVersion,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str, tokens: &'a [Token], version: TargetVersion) -> Self {
        Self {
            source,
            tokens,
            at: 0,
            version,
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.version.dialect
    }

    pub(super) fn is_sqlite(&self) -> bool {
        self.version.dialect == Dialect::Sqlite
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// The text of the n-th token from here; `""` behind the end.
    pub(super) fn text_at(&self, n: usize) -> &'a str {
        self.tokens
            .get(self.at + n)
            .map_or("", |t| t.text(self.source))
    }

    pub(super) fn text(&self) -> &'a str {
        self.text_at(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// The byte where the token before ends.
    pub(super) fn end_of_previous(&self) -> usize {
        let before = self.at.min(self.tokens.len()).checked_sub(1);
        before.map_or(0, |n| self.tokens[n].end as usize)
    }

    /// Whether the n-th token from here is this keyword (not quoted) or punctuation.
    pub(super) fn is_at(&self, n: usize, word: &str) -> bool {
        self.tokens.get(self.at + n).is_some_and(|t| {
            !matches!(t.kind, TokenKind::QuotedIdent | TokenKind::String)
                && t.text(self.source).eq_ignore_ascii_case(word)
        })
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    /// Whether these keywords follow one another from here.
    pub(super) fn are(&self, words: &str) -> bool {
        // Nearly always it is another word, which its first letter shows.
        let first = |text: &str| text.as_bytes().first().map(u8::to_ascii_lowercase);
        let token = self.tokens.get(self.at);
        if token.is_none_or(|t| first(t.text(self.source)) != first(words)) {
            return false;
        }
        words.split(' ').enumerate().all(|(n, w)| self.is_at(n, w))
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|w| self.is(w))
    }

    /// Takes the keywords if they are next: `accept("not null")`.
    pub(super) fn accept(&mut self, words: &str) -> bool {
        let found = self.are(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    /// Takes the first of the keywords that is next.
    pub(super) fn accept_any(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|w| self.accept(w))
    }

    pub(super) fn expect(&mut self, words: &str) -> Parsed<()> {
        if self.accept(words) {
            return Ok(());
        }
        Err(self.expected(&words.to_uppercase()))
    }

    pub(super) fn expected(&self, what: &str) -> SyntaxError {
        let message = match self.peek() {
            Some(_) => format!("expected {what}, found `{}`", self.text()),
            None => format!("expected {what}, found the end of the statement"),
        };
        self.error(message)
    }

    pub(super) fn error(&self, message: impl Into<String>) -> SyntaxError {
        let (start, end) = match self.peek() {
            Some(token) => (token.start as usize, token.end as usize),
            None => {
                let end = self.end_of_previous();
                let last = self.source.get(..end).and_then(|s| s.chars().next_back());
                (end - last.map_or(0, char::len_utf8), end)
            }
        };
        SyntaxError {
            start,
            end,
            message: message.into(),
            help: None,
            unmodelled: false,
        }
    }

    /// For what the server takes and the model does not hold.
    pub(super) fn unmodelled(&self, what: &str) -> SyntaxError {
        SyntaxError {
            unmodelled: true,
            ..self.error(format!("{what} is not modelled"))
        }
    }

    /// Fails where something is left.
    pub(super) fn expect_end(&self) -> Parsed<()> {
        if self.at_end() {
            return Ok(());
        }
        Err(self.expected("the end of the statement"))
    }

    /// An error where the target version lacks something.
    pub(super) fn require(&self, capability: Capability) -> Parsed<()> {
        if self.version.has(capability) {
            return Ok(());
        }
        let mut error = self.error(format!(
            "{} does not have {}",
            self.version.label(),
            capability.describe()
        ));
        error.help = Some(match capability.since(self.dialect()) {
            Some(since) => format!(
                "set `target_version: {since}` or later in schemagen.yaml, or write it another way"
            ),
            None => "write it another way for this dialect".to_owned(),
        });
        Err(error)
    }

    pub(super) fn is_identifier(&self) -> bool {
        matches!(
            self.peek().map(|t| t.kind),
            Some(TokenKind::Word | TokenKind::QuotedIdent)
        )
    }

    /// An identifier, folded as the dialect folds. SQLite also takes a string for one.
    pub(super) fn ident(&mut self) -> Parsed<Ident> {
        let Some(token) = self.peek() else {
            return Err(self.expected("a name"));
        };
        let raw = token.text(self.source);
        let ident = match token.kind {
            TokenKind::QuotedIdent => Ident::from(unquote_identifier(raw)),
            TokenKind::Word if self.is_sqlite() => Ident::new(raw),
            TokenKind::Word => Ident::from(raw.to_lowercase()),
            TokenKind::String if self.is_sqlite() => {
                Ident::from(unquote_string(raw).unwrap_or_default())
            }
            _ => return Err(self.expected("a name")),
        };
        if ident.is_empty() {
            return Err(self.error("zero-length delimited identifier"));
        }
        self.at += 1;
        Ok(ident)
    }

    /// The name that a column, a constraint or the like is given: a word that the dialect keeps for
    /// itself has to be quoted there (`ColId` of gram.y).
    pub(super) fn given_ident(&mut self) -> Parsed<Ident> {
        self.refuse(Dialect::is_never_a_name)?;
        self.ident()
    }

    /// The name that a relation is given; behind a schema any word will do (`attr_name` of gram.y).
    pub(super) fn given_name(&mut self) -> Parsed<QualifiedName> {
        self.refuse(Dialect::is_never_a_name)?;
        self.name()
    }

    /// The same for a routine, which may be called what a join is (`func_name` of gram.y).
    pub(super) fn given_routine(&mut self) -> Parsed<QualifiedName> {
        self.refuse(|dialect, word| !dialect.may_name_a_type(word))?;
        self.name()
    }

    fn refuse(&self, is_reserved: impl Fn(Dialect, &str) -> bool) -> Parsed<()> {
        let word = self.text();
        let is_word = self.peek().is_some_and(|t| t.kind == TokenKind::Word);
        if !is_word || !is_reserved(self.dialect(), &word.to_lowercase()) {
            return Ok(());
        }
        let mut error = self.error(format!(
            "`{word}` is a keyword, and no name as it stands here"
        ));
        error.help = Some(format!(
            "write it in double quotes, \"{word}\", or choose another name"
        ));
        Err(error)
    }

    /// A name with an optional schema; a database name in front is dropped.
    pub(super) fn name(&mut self) -> Parsed<QualifiedName> {
        let mut parts = vec![self.ident()?];
        while self.is(".") {
            self.advance();
            parts.push(self.ident()?);
        }
        Ok(name_of(parts))
    }

    /// A dotted list of names, as `OWNED BY schema.table.column` has it.
    pub(super) fn dotted(&mut self) -> Parsed<Vec<Ident>> {
        let mut parts = vec![self.ident()?];
        while self.is(".") {
            self.advance();
            parts.push(self.ident()?);
        }
        Ok(parts)
    }

    /// `( item, item )`
    pub(super) fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.expect("(")?;
        let mut items = Vec::new();
        if self.accept(")") {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(items)
    }

    /// `item, item`
    pub(super) fn comma_separated<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.accept(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// `(a, b)`
    pub(super) fn ident_list(&mut self) -> Parsed<Vec<Ident>> {
        self.list(Self::ident)
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(
            self.peek().map(|t| t.kind),
            Some(TokenKind::String | TokenKind::DollarString)
        )
    }

    /// The value of a string literal; adjacent literals are joined, as SQL does.
    pub(super) fn string(&mut self) -> Parsed<String> {
        if !self.is_string() {
            return Err(self.expected("a string"));
        }
        let mut value = String::new();
        while self.is_string() {
            match unquote_string(self.text()) {
                Some(part) => value.push_str(&part),
                None => return Err(self.error("a bit string cannot stand here")),
            }
            self.advance();
        }
        Ok(value)
    }

    /// A whole number with an optional sign.
    pub(super) fn integer(&mut self) -> Parsed<i64> {
        let negative = self.is("-");
        if negative || self.is("+") {
            self.advance();
        }
        let digits = self.text().replace('_', "");
        let value = match format!("{}{digits}", if negative { "-" } else { "" }).parse() {
            Ok(value) if self.peek().is_some_and(|t| t.kind == TokenKind::Number) => value,
            _ => return Err(self.expected("a whole number")),
        };
        self.advance();
        Ok(value)
    }
}

/// The last two of a dotted list as a name.
pub(super) fn name_of(mut parts: Vec<Ident>) -> QualifiedName {
    let name = parts.pop().unwrap_or_default();
    QualifiedName {
        schema: parts.pop(),
        name,
    }
}

#[cfg(test)]
mod tests {
    use crate::source::sql::testing::{error_of, object_of};

    #[test]
    fn a_keyword_is_a_name_in_quotes_only() {
        for text in [
            "CREATE TABLE t (select int);",
            "CREATE TABLE t (left int);",
            "CREATE TABLE user (a int);",
            "CREATE TABLE t (a int, CONSTRAINT order CHECK (a > 0));",
            "CREATE TABLE t (a int CONSTRAINT table CHECK (a > 0));",
            "CREATE INDEX end ON t (a);",
            "CREATE VIEW with AS SELECT 1 AS a;",
            "CREATE TYPE desc AS ENUM ('a');",
            "CREATE FUNCTION from() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        ] {
            let error = error_of(text);
            assert!(error.contains("is a keyword"), "{text}: {error}");
        }
        for text in [
            "CREATE TABLE t (\"select\" int, between int, name text, type text, value int, year int);",
            "CREATE TABLE app.user (a int, interval interval, position int);",
            "CREATE FUNCTION left() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        ] {
            object_of(text);
        }
    }
}
