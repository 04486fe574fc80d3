//! New names for relations and columns, in the texts that read them.
//!
//! The server keeps trees that hold numbers, so that what reads a table goes on reading it under its new
//! name, and a view's columns keep theirs. A text has to be written anew for that: names at their
//! tokens, and `AS` where a column of a query got its name from the one that was renamed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Analysis;
use super::scope::{Entry, Scope, Visible};
use super::typed::Typed;
use super::types::Type;
use super::world::{World, qualified};
use crate::dialect::Dialect;
use crate::expr::tree::{Assignment, At, Node, Select};
use crate::expr::{Lexer, TokenKind, unquote_identifier};
use crate::model::{Ident, QualifiedName};

/// What is called otherwise: `None` for what keeps its name.
#[derive(Clone, Copy)]
pub struct Names<'n> {
    /// Whether a text may read it at all, in lower case: what does not is not looked at.
    pub concerns: &'n dyn Fn(&str) -> bool,
    pub relation: &'n dyn Fn(&QualifiedName) -> Option<QualifiedName>,
    /// A column of the relation, by its old name.
    pub column: &'n dyn Fn(&QualifiedName, &Ident) -> Option<Ident>,
    /// A value of an enum, by its old name.
    pub value: &'n dyn Fn(&QualifiedName, &str) -> Option<String>,
    /// Relations for whose columns `*` stands no longer, as they are about to get another one.
    pub spelled_out: &'n dyn Fn(&QualifiedName) -> bool,
    /// What becomes of a text that the grammar does not know.
    pub unread: &'n dyn Fn(&str) -> Unread,
    /// Whether the columns of queries keep their names: PostgreSQL's do, SQLite's are those of the text.
    pub keeps_names: bool,
}

/// What is done with a text that the grammar does not know.
pub enum Unread {
    /// It names nothing that is renamed.
    Same,
    New(String),
    /// It may, and nobody can tell.
    Left,
}

/// What has to be written otherwise in a text, by the numbers of its tokens.
#[derive(Clone, Debug, Default)]
pub(in crate::expr) struct Edits {
    tokens: BTreeMap<usize, String>,
    /// Names that go before a token, with AS.
    labels: BTreeMap<usize, String>,
    /// Names that are those of other columns.
    settled: BTreeSet<usize>,
    /// Old names of columns that `*`, USING and the like stand for without naming one alone.
    pub(in crate::expr) unnamed: Vec<Ident>,
    /// Whether something has no token that could be written otherwise.
    lost: bool,
}

impl Edits {
    pub(in crate::expr) fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.unnamed.is_empty() && !self.lost
    }

    /// The text as edited, and whether a name is left in it that was only found by what stands for it.
    pub(in crate::expr) fn apply(&self, text: &str) -> Option<(String, bool)> {
        let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
        let (mut out, mut copied, mut left) = (String::new(), 0, self.lost);
        for (at, token) in tokens.iter().enumerate() {
            let (start, end) = (token.start as usize, token.end as usize);
            if let Some(label) = self.labels.get(&at) {
                let before = at.checked_sub(1).map_or(0, |at| tokens[at].end as usize);
                out.push_str(&text[copied..before]);
                out.push_str(&format!(" AS {label}"));
                copied = before;
            }
            match self.tokens.get(&at) {
                Some(name) => {
                    out.push_str(&text[copied..start]);
                    out.push_str(name);
                    copied = end;
                }
                None if self.settled.contains(&at) => {}
                None => left |= self.is_unnamed(token.kind, token.text(text)),
            }
        }
        let behind = tokens.last().map_or(0, |t| t.end as usize);
        if let Some(label) = self.labels.get(&tokens.len()) {
            out.push_str(&text[copied..behind]);
            out.push_str(&format!(" AS {label}"));
            copied = behind;
        }
        out.push_str(&text[copied..]);
        Some((out, left))
    }

    fn is_unnamed(&self, kind: TokenKind, token: &str) -> bool {
        let name = match kind {
            TokenKind::Word => token.to_lowercase(),
            TokenKind::QuotedIdent => unquote_identifier(token),
            _ => return false,
        };
        self.unnamed.iter().any(|n| n.as_str() == name)
    }
}

impl<'c> World<'c> {
    /// A world in which names are about to change.
    pub(in crate::expr) fn renaming(catalog: &'c crate::model::Catalog, names: Names<'c>) -> Self {
        Self {
            names: Some(names),
            ..Self::new(catalog)
        }
    }

    pub(in crate::expr) fn take_edits(&self) -> Edits {
        self.edits.take()
    }

    fn names(&self) -> Option<Names<'c>> {
        self.names.filter(|_| self.depth.get() == 0)
    }

    fn put(&self, at: usize, name: &str) {
        let name = Dialect::Postgres.quote(name).into_owned();
        self.edits.borrow_mut().tokens.insert(at, name);
    }

    /// A relation where FROM names it.
    pub(super) fn respell_relation(&self, known: &QualifiedName, parts: &[String], at: At) {
        let Some(new) = self.names().and_then(|names| (names.relation)(known)) else {
            return;
        };
        let last = at.0 + 2 * (parts.len() - 1);
        match (parts.len(), &new.schema) {
            (2.., Some(schema)) => {
                self.put(last - 2, schema);
                self.put(last, &new.name);
            }
            (1, _) if new.schema != known.schema => {
                let name = Dialect::Postgres.quote_name(&new);
                self.edits.borrow_mut().tokens.insert(last, name);
            }
            _ => self.put(last, &new.name),
        }
    }

    /// The relation's name before a column or a star; `last` is the token of the name.
    fn respell_qualifier(&self, entry: &Entry, last: usize, has_schema: bool) {
        let Some(new) = entry.own_name.as_ref().and_then(|own| {
            let names = self.names()?;
            (names.relation)(own)
        }) else {
            return;
        };
        self.put(last, &new.name);
        if let (true, Some(schema)) = (has_schema, &new.schema) {
            self.put(last - 2, schema);
        }
    }

    /// A literal of a type, where that is an enum or a list of its values.
    pub(super) fn respell_value(&self, value: &str, of: &Type, at: At) {
        let Some(names) = self.names() else {
            return;
        };
        let list = of.element().filter(|_| of.name.ends_with("[]"));
        let element = list.as_ref().unwrap_or(of);
        let Some(own) = qualified(&self.base(element).name) else {
            return;
        };
        let new = match list {
            None => (names.value)(&own, value),
            Some(_) => self.elements_of(value).and_then(|elements| {
                let renamed = |e: &&str| (names.value)(&own, e);
                let any = elements.iter().any(|e| renamed(e).is_some());
                let new = elements
                    .iter()
                    .map(|e| renamed(e).map_or_else(|| (*e).to_owned(), |n| quoted_element(&n)));
                any.then(|| format!("{{{}}}", new.collect::<Vec<_>>().join(",")))
            }),
        };
        if let Some(new) = new {
            let mut edits = self.edits.borrow_mut();
            edits.lost |= at.0 == At::NOWHERE.0;
            edits.tokens.insert(at.0, Dialect::Postgres.literal(&new));
        }
    }

    /// A field of a row; one that `*` stands for has no token.
    pub(super) fn respell_field(&self, of: &Type, field: &str, at: At) {
        let Some(own) = qualified(&of.name) else {
            return;
        };
        let new = self
            .names()
            .and_then(|n| (n.column)(&own, &Ident::new(field)));
        match new {
            Some(_) if at.0 == At::NOWHERE.0 => {
                self.edits.borrow_mut().unnamed.push(Ident::new(field));
            }
            Some(new) => self.put(at.0, &new),
            None => {}
        }
    }

    fn new_column(&self, origin: &Rc<(QualifiedName, Ident)>) -> Option<Ident> {
        let names = self.names()?;
        (names.column)(&origin.0, &origin.1)
    }
}

impl Analysis<'_, '_> {
    pub(super) fn respell_column(&self, scope: &Scope, parts: &[String], at: At) {
        if self.world.names().is_none() {
            return;
        }
        let last = at.0 + 2 * (parts.len() - 1);
        let named = scope.named(parts);
        let new = |at: usize| {
            named[at]
                .origin
                .as_ref()
                .and_then(|o| self.world.new_column(o))
        };
        match named.len() {
            0 => {}
            1 => match new(0) {
                Some(new) => self.world.put(last, &new),
                None if named[0].origin.is_some() => {
                    self.world.edits.borrow_mut().settled.insert(last);
                }
                None => {}
            },
            count => {
                if (0..count).any(|at| new(at).is_some()) {
                    self.leave_unnamed(&named[0].name);
                }
            }
        }
        if let [.., table, _] = parts {
            let schema = parts.len().checked_sub(3).map(|at| parts[at].as_str());
            if let Some(entry) = scope.entry(schema, table) {
                self.world
                    .respell_qualifier(entry, last - 2, schema.is_some());
            }
        }
    }

    /// `t.*`, and `t` for its row.
    pub(super) fn respell_row(&self, entry: &Entry, parts: &[String], at: At) {
        if self.world.names().is_some() && !parts.is_empty() {
            let last = at.0 + 2 * (parts.len() - 1);
            self.world.respell_qualifier(entry, last, parts.len() > 1);
        }
    }

    /// Columns that are read and not named.
    pub(super) fn respell_unnamed<'e>(
        &self,
        entries: impl Iterator<Item = &'e Entry>,
        only: Option<&[String]>,
    ) {
        if self.world.names().is_none() {
            return;
        }
        for column in entries.flat_map(|e| e.columns.iter().flatten()) {
            let among = only.is_none_or(|names| names.contains(&column.name));
            let new = column
                .origin
                .as_ref()
                .and_then(|o| self.world.new_column(o));
            if among && new.is_some() {
                self.leave_unnamed(&column.name);
            }
        }
    }

    /// The columns that an UPDATE sets.
    pub(super) fn respell_assigned(&self, columns: &[Visible], assignment: &Assignment) {
        for (n, name) in assignment.columns.iter().enumerate() {
            let origin = columns.iter().find(|c| c.name == *name);
            let origin = origin.and_then(|c| c.origin.as_ref());
            if let Some(new) = origin.and_then(|o| self.world.new_column(o)) {
                self.world.put(assignment.at.0 + 2 * n, &new);
            }
        }
    }

    /// The relation of an INSERT, and the columns that it fills.
    pub(super) fn respell_target(&self, relation: &QualifiedName, columns: &[String], at: At) {
        let Some(names) = self.world.names() else {
            return;
        };
        for (n, column) in columns.iter().enumerate() {
            if let Some(new) = (names.column)(relation, &Ident::new(column)) {
                self.world.put(at.0 + 2 * n, &new);
            }
        }
    }

    /// `*` as the list of columns that it is now.
    pub(super) fn spell_out<'e>(
        &self,
        entries: impl Iterator<Item = &'e Entry> + Clone,
        merged: &[(String, Typed)],
        parts: &[String],
        at: At,
    ) {
        let Some(names) = self.world.names() else {
            return;
        };
        let grows = |e: &Entry| {
            let mut origins = e.columns.iter().flatten().filter_map(|c| c.origin.as_ref());
            origins.any(|origin| (names.spelled_out)(&origin.0))
        };
        if !entries.clone().any(grows) {
            return;
        }
        let mut edits = self.world.edits.borrow_mut();
        if at.0 == At::NOWHERE.0 {
            edits.lost = true;
            return;
        }
        let quote = |name: &str| Dialect::Postgres.quote(name).into_owned();
        let mut list: Vec<String> = merged.iter().map(|(name, _)| quote(name)).collect();
        let alone = entries.clone().count() == 1 && parts.is_empty();
        for entry in entries {
            let columns = entry.columns.iter().flatten();
            let own = columns.filter(|c| !parts.is_empty() || !entry.merged.contains(&c.name));
            list.extend(own.map(|c| match alone {
                true => quote(&c.name),
                false => format!("{}.{}", quote(&entry.alias), quote(&c.name)),
            }));
        }
        let star = at.0 + 2 * parts.len();
        edits.tokens.insert(at.0, list.join(", "));
        for behind in at.0 + 1..=star {
            edits.tokens.insert(behind, String::new());
        }
    }

    fn leave_unnamed(&self, name: &str) {
        let mut edits = self.world.edits.borrow_mut();
        edits.unnamed.push(Ident::new(name));
    }

    /// Columns of a query that have their names from a renamed one keep them by an alias.
    pub(super) fn label_targets(&self, select: &Select) {
        if self.world.names().is_none_or(|names| !names.keeps_names) {
            return;
        }
        let mut edits = self.world.edits.borrow_mut();
        for ((node, alias), end) in select.targets.iter().zip(&select.ends) {
            if alias.is_none()
                && let Some((old, at)) = lent_by(node)
                && let Some(new) = edits.tokens.get(&at)
                && unquote_identifier(new) != *old
            {
                let label = Dialect::Postgres.quote(old).into_owned();
                edits.labels.insert(end.0, label);
            }
        }
    }
}

/// An element of an array's literal; a word that may be something else stands in quotes.
fn quoted_element(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let bare = !value.is_empty() && value.chars().all(plain) && !value.eq_ignore_ascii_case("null");
    match bare {
        true => value.to_owned(),
        false => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The name that a target has from a column or a field, and its token (parse_target.c, `FigureColname`).
fn lent_by(node: &Node) -> Option<(&String, usize)> {
    match node {
        Node::Column(parts, at) => Some((parts.last()?, at.0 + 2 * (parts.len() - 1))),
        Node::Field(_, field, at) if field != "*" => Some((field, at.0)),
        Node::Cast(inner, _) | Node::Collate(inner, _) | Node::Subscript(inner, ..) => {
            lent_by(inner)
        }
        Node::Case(_, _, Some(otherwise)) => lent_by(otherwise),
        _ => None,
    }
}
