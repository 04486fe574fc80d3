//! Where the parts of a statement stand: the object's name, its columns and their types, what it
//! references. Found in the tokens after the statement was read, so that the grammar does not carry
//! positions along.
//!
//! Invariant: a part that is not found has no position, and reports then name the statement; a
//! position never belongs to another part.

use crate::diagnostic::{FileId, Span};
use crate::expr::{Token, TokenKind, unquote_identifier};
use crate::model::{Ident, Object, QualifiedName};
use crate::source::{Part, Statement};

/// Words that may stand between CREATE and the kind of object.
const MODIFIERS: &[&str] = &[
    "or",
    "replace",
    "temp",
    "temporary",
    "unlogged",
    "global",
    "local",
    "foreign",
    "materialized",
    "recursive",
    "unique",
    "constraint",
    "event",
    "virtual",
    "trusted",
    "procedural",
];

/// Kinds of one word whose name follows.
const KINDS: &[&str] = &[
    "table",
    "view",
    "index",
    "schema",
    "type",
    "domain",
    "sequence",
    "function",
    "procedure",
    "aggregate",
    "trigger",
    "policy",
    "rule",
    "extension",
    "publication",
    "subscription",
    "statistics",
    "collation",
    "language",
];

/// The positions of a statement's parts.
pub(super) fn parts(
    statement: &Statement,
    source: &str,
    tokens: &[Token],
    file: FileId,
) -> Vec<(Part, Span)> {
    let mut finder = Finder {
        source,
        tokens,
        file,
        parts: Vec::new(),
    };
    finder.references();
    if let Statement::Create { object, .. } = statement {
        finder.name();
        match object {
            Object::Table(table) => {
                finder.columns(table.columns.iter().map(|c| &c.name));
                finder.constraints(true);
            }
            Object::Domain(_) => finder.constraints(false),
            Object::Composite(o) => finder.columns(o.attributes.iter().map(|(name, ..)| name)),
            Object::Enum(o) => finder.values(&o.values),
            _ => {}
        }
    }
    finder.parts
}

struct Finder<'a> {
    source: &'a str,
    tokens: &'a [Token],
    file: FileId,
    parts: Vec<(Part, Span)>,
}

impl Finder<'_> {
    fn text(&self, n: usize) -> &str {
        self.tokens.get(n).map_or("", |t| t.text(self.source))
    }

    /// Whether the n-th token is this keyword.
    fn is(&self, n: usize, word: &str) -> bool {
        self.tokens
            .get(n)
            .is_some_and(|t| t.kind == TokenKind::Word)
            && self.text(n).eq_ignore_ascii_case(word)
    }

    fn is_any(&self, n: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(n, word))
    }

    /// The identifier at the n-th token, folded as the server folds it.
    fn ident(&self, n: usize) -> Option<Ident> {
        let text = self.text(n);
        match self.tokens.get(n)?.kind {
            TokenKind::Word => Some(Ident::from(text.to_lowercase())),
            TokenKind::QuotedIdent => Some(Ident::from(unquote_identifier(text))),
            _ => None,
        }
    }

    /// The dotted name that begins at the n-th token, and the number of its tokens.
    fn dotted(&self, n: usize) -> Option<(QualifiedName, usize)> {
        let first = self.ident(n)?;
        if self.text(n + 1) != "." {
            return Some((QualifiedName::bare(first), 1));
        }
        let second = self.ident(n + 2)?;
        Some((QualifiedName::new(first, second), 3))
    }

    fn span(&self, from: usize, count: usize) -> Span {
        let start = self.tokens[from].start as usize;
        let last = (from + count).min(self.tokens.len()) - 1;
        Span::new(self.file, start, self.tokens[last].end as usize)
    }

    /// The name after CREATE and the kind.
    fn name(&mut self) {
        let mut at = 1;
        while self.is_any(at, MODIFIERS) {
            at += 1;
        }
        if !self.is_any(at, KINDS) {
            return;
        }
        at += 1;
        if self.is(at, "concurrently") {
            at += 1;
        }
        if self.is(at, "if") && self.is(at + 1, "not") && self.is(at + 2, "exists") {
            at += 3;
        }
        // An index may have no name: `CREATE INDEX ON t (a)`.
        if self.is(at, "on") {
            return;
        }
        if let Some((_, count)) = self.dotted(at) {
            let span = self.span(at, count);
            self.parts.push((Part::Name, span));
        }
    }

    /// The name after each REFERENCES.
    fn references(&mut self) {
        for at in 0..self.tokens.len() {
            if self.is(at, "references")
                && let Some((name, count)) = self.dotted(at + 1)
            {
                let span = self.span(at + 1, count);
                self.parts.push((Part::Reference(name), span));
            }
        }
    }

    /// The first token of each element of a table that has a column's name, and the type after it.
    fn columns<'c>(&mut self, columns: impl Iterator<Item = &'c Ident>) {
        let mut columns = columns.peekable();
        let (mut depth, mut element_start) = (0_i32, false);
        for at in 0..self.tokens.len() {
            let Some(wanted) = columns.peek() else {
                break;
            };
            match self.text(at) {
                "(" => {
                    depth += 1;
                    element_start = depth == 1;
                    continue;
                }
                ")" => depth -= 1,
                "," if depth == 1 => {
                    element_start = true;
                    continue;
                }
                _ if element_start && depth == 1 => {
                    let found = self.ident(at);
                    if found.is_some_and(|f| f.eq_ignore_ascii_case(wanted)) {
                        let name = (*wanted).clone();
                        columns.next();
                        self.column(name, at);
                    }
                }
                _ => {}
            }
            element_start = false;
        }
    }

    /// The names behind CONSTRAINT; those of a table's own elements.
    fn constraints(&mut self, elements: bool) {
        let mut depth = 0_i32;
        for at in 0..self.tokens.len() {
            match self.text(at) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            let begins = at > 0 && matches!(self.text(at - 1), "(" | ",") && depth == 1;
            if self.is(at, "constraint")
                && (!elements || begins)
                && let Some(name) = self.ident(at + 1)
            {
                let span = self.span(at + 1, 1);
                self.parts.push((Part::NamedConstraint(name), span));
            }
        }
    }

    /// The values of an enum, which are parts like columns.
    fn values(&mut self, values: &[Box<str>]) {
        let mut values = values.iter();
        for at in 0..self.tokens.len() {
            if matches!(self.text(at), "(" | ",")
                && self
                    .tokens
                    .get(at + 1)
                    .is_some_and(|t| t.kind == TokenKind::String)
                && let Some(value) = values.next()
            {
                let span = self.span(at + 1, 1);
                self.parts
                    .push((Part::Column(Ident::from(value.as_ref())), span));
            }
        }
    }

    fn column(&mut self, name: Ident, at: usize) {
        let span = self.span(at, 1);
        self.parts.push((Part::Column(name.clone()), span));
        // A column of SQLite may have no type.
        let next = self.tokens.get(at + 1);
        if next.is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent))
            && let Some((_, count)) = self.dotted(at + 1)
        {
            let span = self.span(at + 1, count);
            self.parts.push((Part::ColumnType(name), span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{Dialect, TargetVersion};
    use crate::source::{SourceFile, SourceKind};

    /// The parts of the only statement of a text, with what stands at their positions.
    fn found(text: &str) -> Vec<(Part, &str)> {
        let file = SourceFile {
            id: FileId(0),
            path: "a.sql".into(),
            kind: SourceKind::Sql,
            text: text.into(),
            external: false,
        };
        let version = TargetVersion::default_of(Dialect::Postgres);
        let read = crate::source::sql::read(&file, version);
        let declaration = read.declarations.into_iter().next().expect("one statement");
        let parts = declaration.parts.into_iter();
        parts
            .map(|(part, span)| (part, &text[span.start as usize..span.end as usize]))
            .collect()
    }

    #[test]
    fn tables_have_names_columns_types_and_references() {
        let text = "CREATE TABLE IF NOT EXISTS app.\"T\" (\n  \"Id\" bigint,\n  CHECK (a > 0),\n  \
                    a app.kind REFERENCES Other (id) -- b\n);";
        assert_eq!(
            found(text),
            [
                (Part::Reference(QualifiedName::bare("other")), "Other"),
                (Part::Name, "app.\"T\""),
                (Part::Column("Id".into()), "\"Id\""),
                (Part::ColumnType("Id".into()), "bigint"),
                (Part::Column("a".into()), "a"),
                (Part::ColumnType("a".into()), "app.kind"),
            ]
        );
    }

    #[test]
    fn names_follow_the_kind() {
        let name = |text| {
            let parts = found(text);
            parts
                .into_iter()
                .find(|(p, _)| *p == Part::Name)
                .map(|(_, text)| text)
        };
        let view = "CREATE OR REPLACE VIEW v AS SELECT 1 AS a";
        assert_eq!(name(view), Some("v"));
        assert_eq!(
            name("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"),
            Some("i")
        );
        assert_eq!(name("CREATE INDEX ON t (a)"), None);
        assert_eq!(name("CREATE TABLE type (id int)"), Some("type"));
        assert_eq!(
            name("CREATE TYPE table_kind AS ENUM ('a')"),
            Some("table_kind")
        );
    }
}
