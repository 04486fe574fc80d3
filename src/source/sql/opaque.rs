//! Statements that are kept verbatim: their verb, kind and name, as far as their words tell.

use super::cursor::Cursor;
use super::target::object_kind;
use crate::expr::{ReferenceKind, references_of_query};
use crate::model::{Object, ObjectId, ObjectKind, Opaque, QualifiedName};
use crate::source::Statement;

/// An opaque declaration of a whole statement.
pub(super) fn opaque(c: &mut Cursor<'_>, text: &str) -> Statement {
    let verb = c.text().to_ascii_lowercase();
    c.advance();
    c.accept("or replace");
    for words in [
        "temporary",
        "temp",
        "unlogged",
        "trusted",
        "procedural",
        "default",
    ] {
        c.accept(words);
    }
    let (kind, name) = kind_and_name(c);
    if verb == "alter" {
        return Statement::AlterOpaque {
            kind,
            name,
            text: text.into(),
        };
    }
    Statement::Create {
        object: Object::Opaque(Opaque {
            kind: if verb == "create" { kind } else { verb.into() },
            name,
            statements: vec![text.into()],
            depends_on: dependencies(text, c),
        }),
        or_replace: false,
        if_not_exists: false,
        like: Vec::new(),
    }
}

fn kind_and_name(c: &mut Cursor<'_>) -> (Box<str>, QualifiedName) {
    let kind = match object_kind(c) {
        Some((_, words)) => words.to_owned(),
        None => {
            let word = c.text().to_ascii_lowercase();
            c.advance();
            word
        }
    };
    c.accept("if not exists");
    c.accept("if exists");
    let name = match c.name() {
        Ok(name) => name,
        // A statement without a name is told apart by its text.
        Err(_) => QualifiedName::bare(c.rest()),
    };
    (kind.into(), name)
}

/// Relations that the text reads; `resolve/` drops those that are not in the catalog.
fn dependencies(text: &str, c: &Cursor<'_>) -> Vec<ObjectId> {
    let mut found: Vec<ObjectId> = references_of_query(text, c.dialect())
        .into_iter()
        .filter(|r| r.kind == ReferenceKind::Relation)
        .map(|r| ObjectId::new(ObjectKind::Table, r.name))
        .collect();
    found.sort();
    found.dedup();
    found
}
