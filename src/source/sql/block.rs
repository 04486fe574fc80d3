//! `DO` blocks whose statements can be read: they are declared as if they stood outside.
//!
//! Invariants: a block is read as a whole or not at all, and what is not read is kept verbatim. It is
//! read where it consists of statements of the schema, of strings without variables that are executed,
//! and of branches whose conditions ask for the version of the server or for what is there.

use super::block_condition::{Verdict, verdict};
use super::cursor::Cursor;
use super::statement::{Outcome, statement};
use crate::diagnostic::{FileId, Span};
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::{Lexer, Token, TokenKind};
use crate::source::condition::passed_over;
use crate::source::{Condition, Statement};

/// Blocks and branches within each other are read to this depth.
const DEPTH: u32 = 32;

/// A statement of a block.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Token>,
    pub(super) conditions: Vec<Condition>,
}

/// The statements of a `DO` block that run with this version, where all of it can be read.
pub(super) fn statements(
    source: &str,
    tokens: &[Token],
    version: TargetVersion,
    file: FileId,
) -> Option<Vec<Inner>> {
    if version.dialect != Dialect::Postgres
        || !tokens.first()?.text(source).eq_ignore_ascii_case("do")
    {
        return None;
    }
    let (start, end) = body(source, &tokens[1..])?;
    let (tokens, comments) = lexed(source, start, end)?;
    let mut block = Block {
        cursor: Cursor::new(source, &tokens, version),
        file,
        comments: &comments,
        conditions: Vec::new(),
        dead: false,
        variables: false,
        depth: 0,
        out: Vec::new(),
    };
    block.block()?;
    block.cursor.accept(";");
    block.cursor.at_end().then_some(block.out)
}

/// Where the text of the block stands: its only string, in PL/pgSQL.
fn body(source: &str, tokens: &[Token]) -> Option<(usize, usize)> {
    let is_language = |word: &Token, name: &Token| {
        let name = name.text(source).trim_matches(['\'', '"']);
        word.text(source).eq_ignore_ascii_case("language") && name.eq_ignore_ascii_case("plpgsql")
    };
    match tokens {
        [text] => plain_string(text, source),
        [word, name, text] | [text, word, name] if is_language(word, name) => {
            plain_string(text, source)
        }
        _ => None,
    }
}

/// What a string holds, where that stands in the source as it is.
fn plain_string(token: &Token, source: &str) -> Option<(usize, usize)> {
    let (start, end) = (token.start as usize, token.end as usize);
    let raw = token.text(source);
    match token.kind {
        TokenKind::DollarString => {
            let tag = raw[1..].find('$')? + 2;
            Some((start + tag, end - tag))
        }
        TokenKind::String if raw.starts_with('\'') && raw.len() > 1 => {
            let inner = &raw[1..raw.len() - 1];
            (!inner.contains('\'')).then_some((start + 1, end - 1))
        }
        _ => None,
    }
}

/// The tokens and the comments of a part of the source.
fn lexed(source: &str, start: usize, end: usize) -> Option<(Vec<Token>, Vec<Token>)> {
    let mut lexer = Lexer::new(&source[..end], Dialect::Postgres);
    lexer.seek(start);
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    while let Some(token) = lexer.next_token().ok()? {
        match token.kind {
            TokenKind::Comment => comments.push(token),
            _ => tokens.push(token),
        }
    }
    Some((tokens, comments))
}

/// What is kept for the functions that it calls; a string that is executed may be one.
fn is_query(verb: &str) -> bool {
    matches!(
        verb,
        "select" | "do" | "call" | "security" | "merge" | "replace"
    )
}

struct Block<'a> {
    cursor: Cursor<'a>,
    file: FileId,
    comments: &'a [Token],
    /// What the statement at hand depends on.
    conditions: Vec<Condition>,
    /// Whether it stands in a branch that is not taken.
    dead: bool,
    /// Whether a block declares variables.
    variables: bool,
    depth: u32,
    out: Vec<Inner>,
}

impl<'a> Block<'a> {
    /// `[DECLARE ...] BEGIN ... [EXCEPTION ...] END [label]`
    fn block(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        if self.cursor.accept("declare") {
            self.variables = true;
            self.declarations()?;
        }
        self.cursor.accept("begin").then_some(())?;
        let first = self.out.len();
        self.statements(&["exception", "end"])?;
        if self.cursor.accept("exception") {
            let handled = self.handlers()?;
            self.pass_over(first, &handled)?;
        }
        self.cursor.accept("end").then_some(())?;
        if self.cursor.is_identifier() {
            self.cursor.advance();
        }
        self.depth -= 1;
        Some(())
    }

    /// Variables mean nothing to statements of the schema, unless making them calls something.
    fn declarations(&mut self) -> Option<()> {
        while !self.cursor.is("begin") {
            if self.cursor.at_end()
                || self.cursor.is("(")
                || self.cursor.is_any(&["select", "cursor"])
            {
                return None;
            }
            self.cursor.advance();
        }
        Some(())
    }

    fn statements(&mut self, ends: &[&str]) -> Option<()> {
        while !self.cursor.is_any(ends) {
            self.statement()?;
        }
        Some(())
    }

    fn statement(&mut self) -> Option<()> {
        let word = self.cursor.text().to_ascii_lowercase();
        match word.as_str() {
            "" => None,
            "null" => {
                self.cursor.advance();
                self.semicolon()
            }
            "if" => self.branches(),
            "begin" | "declare" => {
                self.block()?;
                self.semicolon()
            }
            "raise" => self.raise(),
            "execute" => self.execute(),
            "create" | "alter" | "drop" | "comment" | "grant" | "revoke" => {
                let tokens = self.up_to_semicolon()?;
                self.declare(tokens)
            }
            // With variables the words of a query may mean something else; and a branch would have to be
            // kept with it.
            "insert" | "update" | "delete" | "truncate"
                if self.dead || !self.variables && self.conditions.is_empty() =>
            {
                let tokens = self.up_to_semicolon()?;
                self.declare(tokens)
            }
            _ if self.dead
                && !matches!(word.as_str(), "for" | "foreach" | "while" | "loop" | "case") =>
            {
                self.up_to_semicolon().map(drop)
            }
            _ => None,
        }
    }

    fn semicolon(&mut self) -> Option<()> {
        self.cursor.accept(";").then_some(())
    }

    /// A message; one that fails the block, or calls something, is not read.
    fn raise(&mut self) -> Option<()> {
        self.cursor.advance();
        let told = self
            .cursor
            .is_any(&["notice", "info", "debug", "log", "warning"]);
        let tokens = self.up_to_semicolon()?;
        let calls = tokens.iter().any(|t| t.text(self.cursor.source) == "(");
        (self.dead || told && !calls).then_some(())
    }

    /// `EXECUTE 'text'`
    fn execute(&mut self) -> Option<()> {
        self.cursor.advance();
        let tokens = self.up_to_semicolon()?;
        if self.dead {
            return Some(());
        }
        let [text] = tokens.as_slice() else {
            return None;
        };
        let source = self.cursor.source;
        let (start, end) = plain_string(text, source)?;
        let (tokens, _) = lexed(source, start, end)?;
        for part in tokens.split(|t| t.text(source) == ";") {
            if !part.is_empty() {
                self.declare(part.to_vec())?;
            }
        }
        Some(())
    }

    /// The tokens up to the end of a statement. A body of statements has ends of its own: such a
    /// routine is not looked into.
    fn up_to_semicolon(&mut self) -> Option<Vec<Token>> {
        let start = self.cursor.position();
        let mut depth = 0_i32;
        while depth > 0 || !self.cursor.is(";") {
            match self.cursor.text() {
                "" => return None,
                "(" => depth += 1,
                ")" => depth -= 1,
                word if word.eq_ignore_ascii_case("atomic") => return None,
                _ => {}
            }
            self.cursor.advance();
        }
        let tokens = self.cursor.tokens[start..self.cursor.position()].to_vec();
        self.cursor.advance();
        Some(tokens)
    }

    /// Takes a statement on, where the model or the reader of what it does not know has it.
    fn declare(&mut self, tokens: Vec<Token>) -> Option<()> {
        if self.dead {
            return Some(());
        }
        let source = self.cursor.source;
        super::lexical::check_tokens(&tokens, source, Dialect::Postgres).ok()?;
        let version = self.cursor.version;
        match statement(&mut Cursor::new(source, &tokens, version)) {
            Ok(Outcome::Statement(Statement::Kept(kept))) if is_query(&kept.verb) => return None,
            Ok(Outcome::Statement(Statement::SetValue(_))) => return None,
            Ok(Outcome::Statement(_)) => {}
            _ => return None,
        }
        let from = self.out.last().and_then(|inner| inner.tokens.last());
        let from = from.map_or(0, |t| t.end);
        let until = tokens.last()?.end;
        let comments = self.comments.iter().copied();
        self.out.push(Inner {
            comments: comments
                .filter(|c| c.start >= from && c.start < until)
                .collect(),
            conditions: self.conditions.clone(),
            tokens,
        });
        Some(())
    }

    /// `IF ... THEN ... [ELSIF ... THEN ...] [ELSE ...] END IF;`
    fn branches(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let (outer, dead) = (self.conditions.len(), self.dead);
        self.cursor.advance();
        let mut taken = false;
        loop {
            let passed = self.condition()?;
            self.statements(&["elsif", "elseif", "else", "end"])?;
            // What follows depends on this branch not being taken.
            match (passed, self.conditions.last_mut()) {
                (Verdict::Known(known), _) => taken |= known && !dead,
                (Verdict::Asks(..), Some(last)) => last.wanted = !last.wanted,
                (Verdict::Asks(..), None) => return None,
            }
            self.dead = dead || taken;
            if self.cursor.accept_any(&["elsif", "elseif"]).is_none() {
                break;
            }
        }
        if self.cursor.accept("else") {
            self.statements(&["end"])?;
        }
        self.conditions.truncate(outer);
        self.dead = dead;
        self.depth -= 1;
        self.cursor.accept("end if").then_some(())?;
        self.semicolon()
    }

    /// Takes up what the branch depends on.
    fn condition(&mut self) -> Option<Verdict> {
        let start = self.cursor.position();
        let mut cases = 0;
        while cases > 0 || !self.cursor.is("then") {
            match self.cursor.text().to_ascii_lowercase().as_str() {
                "" => return None,
                "case" => cases += 1,
                "end" => cases -= 1,
                _ => {}
            }
            self.cursor.advance();
        }
        let cursor = &self.cursor;
        let tokens = &cursor.tokens[start..cursor.position()];
        let found = match self.dead {
            true => Verdict::Known(false),
            false => verdict(cursor.source, tokens, cursor.version)?,
        };
        let (first, last) = (tokens.first()?, tokens.last()?);
        let at = Span::new(self.file, first.start as usize, last.end as usize);
        self.cursor.advance();
        match &found {
            Verdict::Known(taken) => self.dead |= !taken,
            Verdict::Asks(presence, wanted) => self.conditions.push(Condition {
                presence: presence.clone(),
                wanted: *wanted,
                at,
            }),
        }
        Some(found)
    }

    /// The handlers' conditions; they may do nothing but say so.
    fn handlers(&mut self) -> Option<Vec<String>> {
        let mut handled = Vec::new();
        while self.cursor.accept("when") {
            loop {
                handled.push(self.cursor.text().to_ascii_lowercase());
                self.cursor.advance();
                if !self.cursor.accept("or") {
                    break;
                }
            }
            self.cursor.accept("then").then_some(())?;
            let before = self.out.len();
            self.statements(&["when", "end"])?;
            (self.out.len() == before).then_some(())?;
        }
        Some(handled)
    }

    /// The one statement behind `first` does nothing where what it makes is there.
    fn pass_over(&mut self, first: usize, handled: &[String]) -> Option<()> {
        let inner = match &mut self.out[first..] {
            [] => return Some(()),
            [inner] => inner,
            _ => return None,
        };
        let source = self.cursor.source;
        let mut cursor = Cursor::new(source, &inner.tokens, self.cursor.version);
        let Ok(Outcome::Statement(read)) = statement(&mut cursor) else {
            return None;
        };
        let (first, last) = (inner.tokens.first()?, inner.tokens.last()?);
        inner.conditions.push(Condition {
            presence: passed_over(&read, handled)?,
            wanted: false,
            at: Span::new(self.file, first.start as usize, last.end as usize),
        });
        Some(())
    }
}
