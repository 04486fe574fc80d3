//! What `DO` blocks make: a declared schema keeps the block, a database holds what it made.
//!
//! Invariants: a block is read for the CREATE and ADD statements in it, also within the strings that it
//! executes; what it puts together at run time is not known, and stays a difference.

use std::collections::BTreeSet;

use crate::dialect::Dialect;
use crate::expr::{Lexer, Token, TokenKind, unquote_identifier, unquote_string};
use crate::model::{Catalog, Ident, KeptStatement, ObjectId, ObjectKind, QualifiedName, Table};

/// Strings within strings are read to this depth.
const DEPTH: u32 = 4;

/// Words between CREATE and the name that are no name themselves.
const BEFORE_NAMES: &[&str] = &[
    "or",
    "replace",
    "unlogged",
    "unique",
    "recursive",
    "materialized",
    "foreign",
    "constraint",
    "event",
    "trusted",
    "concurrently",
    "if",
    "not",
    "exists",
];

/// The kinds that a block is looked for, by the word that names them.
const KINDS: &[&str] = &[
    "table",
    "view",
    "type",
    "domain",
    "function",
    "procedure",
    "aggregate",
    "sequence",
    "schema",
    "extension",
    "index",
    "trigger",
    "policy",
    "rule",
    "statistics",
    "collation",
    "publication",
];

/// The names that blocks give to what they make; the last part, and the schema where it is written.
#[derive(Debug, Default)]
struct Made {
    objects: BTreeSet<QualifiedName>,
    parts: BTreeSet<Ident>,
}

/// Takes out of a database's catalog what the blocks of a declared schema make and the schema does not
/// declare; what that was, in a stable order.
pub fn without_made(held: &mut Catalog, said: &Catalog) -> Vec<ObjectId> {
    let made = Made::by(&said.kept);
    if made.objects.is_empty() && made.parts.is_empty() {
        return Vec::new();
    }
    let declared: BTreeSet<ObjectId> = said.objects().into_iter().map(|(id, _)| id).collect();
    let (mut gone, mut whole) = (Vec::new(), BTreeSet::new());
    for (id, _) in held.objects() {
        if !declared.contains(&id) && made.has(&id) {
            if id.member.is_none() {
                whole.insert(id.clone());
            }
            gone.push(id);
        }
    }
    let sequences = held.sequences.values();
    let names: BTreeSet<&QualifiedName> = whole.iter().map(|id| &id.name).collect();
    let owned = sequences.filter(|s| s.owned_by.as_ref().is_some_and(|(t, _)| names.contains(t)));
    let owned: BTreeSet<QualifiedName> = owned.map(|s| s.name.clone()).collect();
    let is_whole = |name: &QualifiedName| names.contains(name) && !declares(&declared, name);
    held.retain(|name| !is_whole(name) && !owned.contains(name));
    let is_gone = |kind: ObjectKind, name: &Ident| {
        whole.contains(&ObjectId::new(kind, QualifiedName::bare(name.clone())))
    };
    held.schemas
        .retain(|name, _| !is_gone(ObjectKind::Schema, name));
    held.extensions
        .retain(|name, _| !is_gone(ObjectKind::Extension, name));
    held.publications
        .retain(|name, _| !is_gone(ObjectKind::Publication, name));
    gone.extend(parts_of_tables(held, said, &made));
    // What is within something that is gone goes without saying.
    gone.retain(|id| id.member.is_none() || !is_whole(&id.name));
    gone.sort();
    gone.dedup();
    gone
}

fn declares(declared: &BTreeSet<ObjectId>, name: &QualifiedName) -> bool {
    declared
        .iter()
        .any(|id| id.member.is_none() && id.name == *name)
}

/// Takes the parts that blocks add out of tables that both have.
fn parts_of_tables(held: &mut Catalog, said: &Catalog, made: &Made) -> Vec<ObjectId> {
    let mut gone = Vec::new();
    for table in held.tables.values_mut() {
        let Some(other) = said.tables.get(&table.name) else {
            continue;
        };
        let name = table.name.clone();
        let mut part = |kind: ObjectKind, member: &Ident, there: bool| {
            let keep = there || !made.parts.contains(member);
            if !keep {
                gone.push(ObjectId::member(kind, name.clone(), member.clone()));
            }
            keep
        };
        take_parts(table, other, &mut part);
    }
    gone
}

fn take_parts(
    table: &mut Table,
    other: &Table,
    keep: &mut impl FnMut(ObjectKind, &Ident, bool) -> bool,
) {
    let has = |name: &Ident| other.column(name).is_some();
    table
        .columns
        .retain(|c| keep(ObjectKind::Column, &c.name, has(&c.name)));
    let has = |name: &Ident| other.constraints.iter().any(|c| c.name == *name);
    table
        .constraints
        .retain(|c| keep(ObjectKind::Constraint, &c.name, has(&c.name)));
    let has = |name: &Ident| other.indexes.iter().any(|i| i.name == *name);
    table
        .indexes
        .retain(|i| keep(ObjectKind::Index, &i.name, has(&i.name)));
    let has = |name: &Ident| other.triggers.iter().any(|t| t.name == *name);
    table
        .triggers
        .retain(|t| keep(ObjectKind::Trigger, &t.name, has(&t.name)));
    let has = |name: &Ident| other.policies.iter().any(|p| p.name == *name);
    table
        .policies
        .retain(|p| keep(ObjectKind::Policy, &p.name, has(&p.name)));
}

impl Made {
    fn by(kept: &[KeptStatement]) -> Self {
        let mut made = Self::default();
        for block in kept.iter().filter(|k| k.verb == "do") {
            made.read(&block.text, DEPTH);
        }
        made
    }

    fn has(&self, id: &ObjectId) -> bool {
        let is_part = matches!(
            id.kind,
            ObjectKind::Index | ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Constraint
        );
        if is_part || id.member.is_some() {
            return false;
        }
        let bare = QualifiedName::bare(id.name.name.clone());
        self.objects.contains(&bare) || self.objects.contains(&id.name)
    }

    fn read(&mut self, text: &str, depth: u32) {
        let Ok(tokens) = Lexer::tokens(text, Dialect::Postgres) else {
            return;
        };
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::String | TokenKind::DollarString if depth > 0 => {
                    if let Some(inner) = unquote_string(token.text(text)) {
                        self.read(&inner, depth - 1);
                    }
                }
                TokenKind::Word => match token.text(text).to_ascii_lowercase().as_str() {
                    "create" => self.created(&tokens[at + 1..], text),
                    "add" => self.added(&tokens[at + 1..], text),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// Behind CREATE.
    fn created(&mut self, tokens: &[Token], text: &str) {
        let mut words = tokens.iter().skip_while(|t| is_any(t, text, BEFORE_NAMES));
        let Some(kind) = words.next().filter(|t| is_any(t, text, KINDS)) else {
            return;
        };
        let rest: Vec<&Token> = words
            .skip_while(|t| is_any(t, text, BEFORE_NAMES))
            .collect();
        let Some(first) = rest.first().and_then(|t| name(t, text)) else {
            return;
        };
        let second = rest.get(1).filter(|t| t.text(text) == ".");
        let second = second.and(rest.get(2)).and_then(|t| name(t, text));
        let is_part = is_any(kind, text, &["index", "trigger", "policy", "rule"]);
        match second {
            None if is_part => drop(self.parts.insert(first)),
            None => drop(self.objects.insert(QualifiedName::bare(first))),
            Some(second) if is_part => drop(self.parts.insert(second)),
            Some(second) => drop(self.objects.insert(QualifiedName::new(first, second))),
        }
    }

    /// Behind ADD: a constraint or a column.
    fn added(&mut self, tokens: &[Token], text: &str) {
        let skipped = ["constraint", "column", "if", "not", "exists"];
        let mut names = tokens.iter().skip_while(|t| is_any(t, text, &skipped));
        self.parts.extend(names.next().and_then(|t| name(t, text)));
    }
}

fn is_any(token: &Token, text: &str, words: &[&str]) -> bool {
    let word = token.text(text);
    token.kind == TokenKind::Word && words.iter().any(|w| word.eq_ignore_ascii_case(w))
}

fn name(token: &Token, text: &str) -> Option<Ident> {
    let raw = token.text(text);
    match token.kind {
        TokenKind::Word => Some(Ident::from(raw.to_lowercase())),
        TokenKind::QuotedIdent => Some(Ident::from(unquote_identifier(raw))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> (Vec<String>, Vec<String>) {
        let kept = KeptStatement {
            text: text.into(),
            verb: Ident::new("do"),
            search_path: Vec::new(),
        };
        let made = Made::by(&[kept]);
        let names = made.objects.iter().map(ToString::to_string);
        (
            names.collect(),
            made.parts.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn a_block_is_read_for_what_it_creates_and_adds() {
        let text = "DO $do$ BEGIN\n\
            IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN\n\
              CREATE TYPE mood AS ENUM ('sad'); CREATE UNLOGGED TABLE IF NOT EXISTS app.\"T\" (a int);\n\
              EXECUTE 'CREATE OR REPLACE VIEW v AS SELECT 1';\n\
              EXECUTE $$ALTER TABLE t ADD CONSTRAINT c CHECK (true), ADD COLUMN IF NOT EXISTS d int$$;\n\
              CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);\n\
            END IF; END $do$";
        let (objects, parts) = made(text);
        assert_eq!(objects, ["mood", "v", "app.T"]);
        assert_eq!(parts, ["c", "d", "i"]);
    }

    #[test]
    fn what_both_have_stays_where_it_is() {
        let table = |name: &str| Table {
            name: QualifiedName::new("public", name),
            ..Table::default()
        };
        let mut held = Catalog::default();
        for name in ["t", "u", "w"] {
            held.tables
                .insert(QualifiedName::new("public", name), table(name));
        }
        let mut said = Catalog::default();
        said.tables
            .insert(QualifiedName::new("public", "t"), table("t"));
        said.kept.push(KeptStatement {
            text: "DO 'BEGIN CREATE TABLE t (); CREATE TABLE u (); END'".into(),
            verb: Ident::new("do"),
            search_path: Vec::new(),
        });
        let gone = without_made(&mut held, &said);
        assert_eq!(gone, [ObjectId::table(&QualifiedName::new("public", "u"))]);
        let left: Vec<&str> = held.tables.keys().map(|n| n.name.as_str()).collect();
        assert_eq!(left, ["t", "w"]);
    }
}
