//! What an expression or a query reads: relations, functions, types, columns.
//!
//! Works on tokens, so that it takes every query that the server takes. It names candidates: who
//! asks looks them up in a catalog and drops what is not there (a column, a built-in function).

mod words;

use std::collections::BTreeSet;

use words::{is_at_time_zone, is_noise};

use super::{Lexer, Token, TokenKind, unquote_identifier, unquote_string};
use crate::dialect::{Dialect, canonical_type_name};
use crate::model::{Ident, QualifiedName};

/// What a name is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// After FROM, JOIN, INTO, UPDATE, or in a `regclass` literal.
    Relation,
    /// Before an opening parenthesis.
    Function,
    /// After `::` or within CAST.
    Type,
    /// Any other name; the schema is the qualifier before it, if any.
    Column,
}

/// A name that occurs in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub name: QualifiedName,
    /// Bytes of the text.
    pub start: u32,
    pub end: u32,
}

/// What an expression reads; subqueries within it included.
pub fn references_of_expression(text: &str, dialect: Dialect) -> Vec<Reference> {
    Scanner::new(text, dialect).map_or_else(Vec::new, Scanner::run)
}

/// What a query reads; its own CTEs are left out.
pub fn references_of_query(text: &str, dialect: Dialect) -> Vec<Reference> {
    references_of_expression(text, dialect)
}

/// The state of one level of parentheses.
#[derive(Clone, Copy, Default)]
struct Level {
    in_from: bool,
    /// The next name is a relation.
    expects: bool,
    /// The next name is a table even if a parenthesis follows: `INSERT INTO t (a)`.
    expects_target: bool,
    /// Inside `extract(... from ...)` and its like, FROM means something else.
    special_from: bool,
}

struct Scanner<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    dialect: Dialect,
    ctes: BTreeSet<String>,
    levels: Vec<Level>,
    found: Vec<Reference>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, dialect: Dialect) -> Option<Self> {
        let tokens = Lexer::tokens(text, dialect).ok()?;
        Some(Self {
            text,
            tokens,
            dialect,
            ctes: BTreeSet::new(),
            levels: vec![Level::default()],
            found: Vec::new(),
        })
    }

    fn raw(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| t.text(self.text))
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.raw(at).eq_ignore_ascii_case(word)
    }

    fn run(mut self) -> Vec<Reference> {
        self.collect_ctes();
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.step(at);
        }
        let ctes = std::mem::take(&mut self.ctes);
        self.found.retain(|r| {
            r.kind != ReferenceKind::Relation
                || r.name.schema.is_some()
                || !ctes.contains(r.name.name.as_str())
        });
        self.found
    }

    /// `name [(columns)] AS [NOT] [MATERIALIZED] (`: only a CTE looks like that before SELECT.
    fn collect_ctes(&mut self) {
        if !self
            .tokens
            .iter()
            .any(|t| t.text(self.text).eq_ignore_ascii_case("with"))
        {
            return;
        }
        for at in 0..self.tokens.len() {
            if !self.is_name(at) {
                continue;
            }
            let mut next = at + 1;
            if self.raw(next) == "(" {
                next = self.after_group(next);
            }
            if !self.is(next, "as") {
                continue;
            }
            next += 1;
            while self.is(next, "not") || self.is(next, "materialized") {
                next += 1;
            }
            if self.raw(next) == "(" {
                let name = self.name_at(at);
                self.ctes.insert(name.to_string());
            }
        }
    }

    fn after_group(&self, open: usize) -> usize {
        let mut depth = 0;
        for at in open..self.tokens.len() {
            match self.raw(at) {
                "(" => depth += 1,
                ")" => {
                    depth -= 1;
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len()
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(
            self.tokens.get(at).map(|t| t.kind),
            Some(TokenKind::Word | TokenKind::QuotedIdent)
        )
    }

    fn name_at(&self, at: usize) -> Ident {
        let raw = self.raw(at);
        match self.tokens[at].kind {
            TokenKind::QuotedIdent => Ident::from(unquote_identifier(raw)),
            _ => Ident::from(raw.to_lowercase()),
        }
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        self.levels.last_mut().expect("a level was just pushed")
    }

    /// Reads what stands at `at`, and says where to go on.
    fn step(&mut self, at: usize) -> usize {
        let kind = self.tokens[at].kind;
        match kind {
            TokenKind::Punctuation => self.punctuation(at),
            TokenKind::Word if self.keyword(at) => at + 1,
            TokenKind::Word | TokenKind::QuotedIdent => self.name(at),
            TokenKind::String => {
                self.string(at);
                at + 1
            }
            _ => at + 1,
        }
    }

    fn punctuation(&mut self, at: usize) -> usize {
        match self.raw(at) {
            "(" => {
                let special = at > 0
                    && ["extract", "substring", "trim", "overlay", "position"]
                        .iter()
                        .any(|w| self.is(at - 1, w));
                let expects = self.level().expects;
                self.level().expects = false;
                self.levels.push(Level {
                    in_from: expects,
                    expects,
                    expects_target: false,
                    special_from: special,
                });
            }
            ")" if self.levels.len() > 1 => {
                self.levels.pop();
            }
            "," => {
                let level = self.level();
                level.expects = level.in_from;
            }
            "::" => return self.type_name(at + 1),
            _ => {}
        }
        at + 1
    }

    /// Whether the word is a keyword that changes the state; such a word is no name.
    fn keyword(&mut self, at: usize) -> bool {
        let word = self.raw(at).to_ascii_lowercase();
        let after_dot = at > 0 && self.raw(at - 1) == ".";
        if after_dot {
            return false;
        }
        match word.as_str() {
            "from" => {
                let distinct_from = at > 1
                    && self.is(at - 1, "distinct")
                    && (self.is(at - 2, "is") || self.is(at - 2, "not"));
                let level = self.level();
                if !distinct_from && !level.special_from {
                    level.in_from = true;
                    level.expects = true;
                }
            }
            "join" => self.level().expects = true,
            "into" => {
                self.level().expects = true;
                self.level().expects_target = true;
            }
            "update"
                if !(self.is(at + 1, "set")
                    || at > 0 && ["for", "do", "key"].iter().any(|w| self.is(at - 1, w))) =>
            {
                self.level().expects = true;
            }
            "using" if self.level().in_from && self.raw(at + 1) != "(" => {
                self.level().expects = true
            }
            "table" if self.begins_query(at) => self.level().expects = true,
            "only" | "lateral" | "as" | "table" | "cast" => {}
            "where" | "group" | "order" | "having" | "limit" | "offset" | "union" | "intersect"
            | "except" | "select" | "returning" | "set" | "values" | "window" | "fetch" | "for" => {
                let level = self.level();
                level.in_from = false;
                level.expects = false;
            }
            "rows" if self.is(at + 1, "from") => {}
            "on" => self.level().expects = false,
            "at" | "time" | "zone" => return is_at_time_zone(at, &word, |n, w| self.is(n, w)),
            _ => return is_noise(&word) && self.raw(at + 1) != ".",
        }
        true
    }

    /// Whether a query may begin here: `TABLE tasks` is one.
    fn begins_query(&self, at: usize) -> bool {
        const BEFORE: &[&str] = &["(", ")", ";", "as", "union", "all", "intersect", "except"];
        at == 0 || BEFORE.iter().any(|word| self.is(at - 1, word))
    }

    fn name(&mut self, at: usize) -> usize {
        let (first, mut end) = (at, at + 1);
        while self.raw(end) == "." && self.is_name(end + 1) {
            end += 2;
        }
        let (name, start) = self.qualified(first, end);
        let stop = self.tokens[end - 1].end;
        let target = std::mem::take(&mut self.level().expects_target);
        let kind = if self.raw(end) == "(" && !target {
            self.level().expects = false;
            ReferenceKind::Function
        } else if self.level().expects {
            self.level().expects = false;
            ReferenceKind::Relation
        } else if at > 0 && self.is(at - 1, "as") && self.inside_cast(at) {
            return self.type_name(at);
        } else {
            ReferenceKind::Column
        };
        self.found.push(Reference {
            kind,
            name,
            start,
            end: stop,
        });
        end
    }

    /// Names from token `first` up to `end`, of which the last two count.
    fn qualified(&self, first: usize, end: usize) -> (QualifiedName, u32) {
        let name = self.name_at(end - 1);
        if end - first >= 3 {
            let schema = self.name_at(end - 3);
            let start = self.tokens[end - 3].start;
            return (
                QualifiedName {
                    schema: Some(schema),
                    name,
                },
                start,
            );
        }
        (
            QualifiedName { schema: None, name },
            self.tokens[first].start,
        )
    }

    /// `CAST ( expression AS`: the innermost open parenthesis follows CAST.
    fn inside_cast(&self, at: usize) -> bool {
        let mut depth = 0;
        for back in (0..at).rev() {
            match self.raw(back) {
                ")" => depth += 1,
                "(" if depth == 0 => return back > 0 && self.is(back - 1, "cast"),
                "(" => depth -= 1,
                _ => {}
            }
        }
        false
    }

    fn type_name(&mut self, at: usize) -> usize {
        if !self.is_name(at) {
            return at;
        }
        let mut end = at + 1;
        while self.raw(end) == "." && self.is_name(end + 1) {
            end += 2;
        }
        let (mut name, start) = self.qualified(at, end);
        if self.tokens[at].kind == TokenKind::Word && name.schema.is_none() {
            name.name = Ident::from(canonical_type_name(&name.name));
        }
        self.found.push(Reference {
            kind: ReferenceKind::Type,
            name,
            start,
            end: self.tokens[end - 1].end,
        });
        end
    }

    /// `nextval('a.b')` and `'a.b'::regclass` name relations inside a string, and `nextval('a.b'::text)` none.
    fn string(&mut self, at: usize) {
        let sequence_call = at > 1
            && self.raw(at - 1) == "("
            && ["nextval", "currval", "setval"]
                .iter()
                .any(|w| self.is(at - 2, w));
        let cast = self.raw(at + 1) == "::";
        if (cast && !self.is(at + 2, "regclass")) || !(cast || sequence_call) {
            return;
        }
        let Some(value) = unquote_string(self.raw(at)) else {
            return;
        };
        let Some(name) = name_of(&value, self.dialect) else {
            return;
        };
        let token = self.tokens[at];
        self.found.push(Reference {
            kind: ReferenceKind::Relation,
            name,
            start: token.start,
            end: token.end,
        });
    }
}

/// The name that a whole text is: `public."A b"`, as `regclass` literals and options hold it.
pub fn name_of(text: &str, dialect: Dialect) -> Option<QualifiedName> {
    let scanner = Scanner::new(text, dialect)?;
    let end = scanner.tokens.len();
    let well_formed = end % 2 == 1
        && (0..end).all(|at| {
            if at % 2 == 0 {
                scanner.is_name(at)
            } else {
                scanner.raw(at) == "."
            }
        });
    well_formed.then(|| scanner.qualified(0, end).0)
}

#[cfg(test)]
mod tests;
