//! A statement of a migration, with where it stands and what it does.

use super::about::About;
use super::run::Sent;
use super::session::Timeouts;
use crate::check::Ruling;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::{Lexer, Token, TokenKind, unquote_identifier};
use crate::facts::{Facts, Scene, Told};
use crate::model::{Catalog, Column, Constraint, Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, SearchPath, Statement};

/// A statement of a migration.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    pub file: FileId,
    /// The statement, without its semicolon.
    pub text: &'a str,
    /// The comment lines right above it.
    pub remark: &'a str,
    pub told: Told,
    /// The number of its transaction; `None` where it is one of its own.
    pub transaction: Option<u32>,
    /// Whether the tool that runs the file opened that transaction.
    pub opened_by_tool: bool,
    /// How its file reaches the server.
    pub sent: Sent,
    /// What holds while it runs.
    pub timeouts: Timeouts,
    pub path: SearchPath,
    pub dialect: Dialect,
}

impl Act<'_> {
    pub fn span(&self) -> Span {
        Span::new(self.file, self.told.start, self.told.end)
    }

    pub fn facts(&self) -> &Facts {
        &self.told.facts
    }

    /// The n-th word, in lower case where it is no quoted name.
    pub fn word(&self, n: usize) -> &str {
        self.told.words.get(n).map_or("", String::as_str)
    }

    pub fn has_word(&self, word: &str) -> bool {
        self.told.words.iter().any(|w| w == word)
    }

    /// Whether it begins with these words.
    pub fn begins(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(n, word)| self.word(n) == *word)
    }

    /// Its tokens but for comments.
    pub fn tokens(&self) -> Vec<Token> {
        let mut tokens = Lexer::tokens(self.text, self.dialect).unwrap_or_default();
        tokens.retain(|t| t.kind != TokenKind::Comment);
        tokens
    }

    /// Where a name stands in it, behind the name of its relation; all of it where nobody finds it.
    pub fn span_of(&self, name: &Ident) -> Span {
        self.span_behind(&self.tokens(), 3, name)
    }

    /// Where a name stands in its n-th action.
    pub fn span_in(&self, action: usize, name: &Ident) -> Span {
        let tokens = self.tokens();
        let (mut depth, mut actions, mut from) = (0_i32, 0, 3);
        for (n, token) in tokens.iter().enumerate() {
            match token.text(self.text) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                "," if depth == 0 => {
                    actions += 1;
                    from = n;
                }
                _ => {}
            }
            if actions == action {
                break;
            }
        }
        self.span_behind(&tokens, from, name)
    }

    /// Where a name stands behind the first tokens.
    fn span_behind(&self, tokens: &[Token], first: usize, name: &Ident) -> Span {
        let is_name = |token: &&Token| {
            let raw = token.text(self.text);
            match token.kind {
                TokenKind::Word => raw.eq_ignore_ascii_case(name),
                TokenKind::QuotedIdent => *unquote_identifier(raw) == **name,
                _ => false,
            }
        };
        let found = tokens.iter().skip(first).find(is_name).copied();
        found.map_or_else(
            || self.span(),
            |token| {
                let at = self.told.start;
                Span::new(
                    self.file,
                    at + token.start as usize,
                    at + token.end as usize,
                )
            },
        )
    }

    /// A name with the schema that an unqualified one goes to.
    pub fn qualified(&self, name: &QualifiedName) -> QualifiedName {
        match (&name.schema, self.path.first()) {
            (None, Some(schema)) => QualifiedName::new(schema.clone(), name.name.clone()),
            _ => name.clone(),
        }
    }

    /// A finding about it.
    pub fn finding(&self, cx: &Ruling<'_>, object: ObjectId, headline: String) -> Diagnostic {
        cx.finding_anywhere(headline)
            .at(self.span(), "")
            .about(object)
    }
}

/// A migration, all of it.
#[derive(Clone, Copy, Debug)]
pub struct Migration<'a> {
    pub version: TargetVersion,
    /// The catalog before its first statement, and behind its last one.
    pub before: &'a Catalog,
    pub after: &'a Catalog,
    pub acts: &'a [Act<'a>],
    pub about: &'a About,
}

impl<'a> Migration<'a> {
    /// The other statements of the n-th one's transaction that are about a name.
    pub fn together_about(
        &self,
        n: usize,
        name: &QualifiedName,
    ) -> impl Iterator<Item = &'a Act<'a>> + use<'a> {
        let found = self.about.places(self.acts[n].transaction, name).iter();
        let acts = self.acts;
        found.filter(move |at| **at != n).map(|at| &acts[*at])
    }

    /// Those of them that stand behind it.
    pub fn later_about(
        &self,
        n: usize,
        name: &QualifiedName,
    ) -> impl Iterator<Item = &'a Act<'a>> + use<'a> {
        let found = self.about.places(self.acts[n].transaction, name);
        let behind = found.partition_point(|at| *at <= n);
        let acts = self.acts;
        found[behind..].iter().map(|at| &acts[*at])
    }

    /// The statements behind the n-th one that run in its transaction.
    pub fn later_in_transaction(&self, n: usize) -> impl Iterator<Item = &'a Act<'a>> + use<'a> {
        let transaction = self.acts[n].transaction;
        self.acts[n + 1..]
            .iter()
            .filter(move |a| transaction.is_some() && a.transaction == transaction)
    }
}

/// A place in a migration: a statement, and the catalog before it.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub scene: &'a Scene<'a>,
    pub act: &'a Act<'a>,
    /// The catalog before the migration's first statement.
    pub before: &'a Catalog,
    /// The statements before it.
    pub earlier: &'a [Act<'a>],
}

impl<'a> At<'a> {
    pub fn facts(&self) -> &'a Facts {
        &self.act.told.facts
    }

    pub fn dialect(&self) -> Dialect {
        self.act.dialect
    }

    /// The actions of an ALTER TABLE of a table that others use, with its name.
    pub fn actions(&self) -> Vec<(QualifiedName, &'a AlterAction)> {
        match &self.act.told.statement {
            Some(Statement::Alter {
                target, actions, ..
            }) if target.kind == ObjectKind::Table => {
                let name = self.scene.relation(&target.name);
                if self.scene.is_fresh(&name) {
                    return Vec::new();
                }
                actions.iter().map(|a| (name.clone(), a)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the rows of a table or of a part of it are read, or written again.
    pub fn reads_whole(&self, table: &QualifiedName) -> bool {
        let all = self.scene.tree(table);
        let facts = self.facts();
        let scanned = facts.scans.iter().map(|s| &s.relation);
        scanned.chain(&facts.rewrites).any(|r| all.contains(r))
    }

    /// Whether the rows of a table or of a part of it are written again.
    pub fn rewrites(&self, table: &QualifiedName) -> bool {
        let all = self.scene.tree(table);
        self.facts().rewrites.iter().any(|r| all.contains(r))
    }

    /// The columns that it adds to a table that others use.
    pub fn added_columns(&self) -> Vec<(QualifiedName, &'a Column)> {
        let actions = self.actions().into_iter();
        let columns = actions.filter_map(|(table, action)| match action {
            AlterAction::AddColumn { column, .. } => Some((table, &**column)),
            _ => None,
        });
        columns.collect()
    }

    /// The constraints that it adds to a table that others use, those of new columns among them.
    pub fn added_constraints(&self) -> Vec<(QualifiedName, &'a Constraint, Option<&'a Column>)> {
        let mut found = Vec::new();
        for (table, action) in self.actions() {
            match action {
                AlterAction::AddConstraint(constraint) => {
                    found.push((table, &**constraint, None));
                }
                AlterAction::AddColumn {
                    column,
                    constraints,
                    ..
                } => {
                    let column = Some(&**column);
                    found.extend(constraints.iter().map(|c| (table.clone(), c, column)));
                }
                _ => {}
            }
        }
        found
    }

    /// What it drops, where it is there for others to use.
    pub fn dropped(&self, kind: ObjectKind) -> Vec<QualifiedName> {
        let Some(Statement::Drop { targets, .. }) = &self.act.told.statement else {
            return Vec::new();
        };
        let names = targets.iter().filter(|t| t.kind == kind);
        let names = names.map(|t| self.scene.relation(&t.name));
        names.filter(|name| !self.scene.is_fresh(name)).collect()
    }

    /// A finding about the statement.
    pub fn finding(&self, cx: &Ruling<'_>, object: ObjectId, headline: String) -> Diagnostic {
        self.act.finding(cx, object, headline)
    }

    /// A finding about its n-th action, shown where that says a name.
    pub fn finding_in(
        &self,
        cx: &Ruling<'_>,
        object: ObjectId,
        (action, name): (usize, &Ident),
        headline: String,
    ) -> Diagnostic {
        cx.finding_anywhere(headline)
            .at(self.act.span_in(action, name), "")
            .about(object)
    }

    /// A finding about the statement, shown where it says a name.
    pub fn finding_on(
        &self,
        cx: &Ruling<'_>,
        object: ObjectId,
        name: &Ident,
        headline: String,
    ) -> Diagnostic {
        cx.finding_anywhere(headline)
            .at(self.act.span_of(name), "")
            .about(object)
    }
}
