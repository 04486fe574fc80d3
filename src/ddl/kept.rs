//! Statements that are kept verbatim, and when they run.

use super::fragments::{closed, names};
use crate::dialect::Dialect;
use crate::expr::{Lexer, TokenKind, unquote_identifier, unquote_string};
use crate::model::{Catalog, Ident, KeptStatement, QualifiedName};

/// The statement, under the search path that it was written for.
pub(super) fn print(kept: &KeptStatement, dialect: Dialect) -> String {
    let text = closed(&kept.text).into_owned();
    if kept.search_path.is_empty() {
        return text;
    }
    let path = names(&kept.search_path, dialect);
    format!("SET search_path = {path};\n{text};\nRESET search_path")
}

/// When a statement that is kept verbatim runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeptPlace {
    First,
    BeforeTypes,
    Last,
}

/// A DO block often makes what the server has no IF NOT EXISTS for; that must be there before its
/// users. Everything else, reference data above all, needs the finished schema.
pub(super) fn kept_place(kept: &KeptStatement, catalog: &Catalog) -> KeptPlace {
    if kept.verb != "do" {
        return KeptPlace::Last;
    }
    let text = kept.text.to_ascii_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let makes = |kinds: &[&str]| {
        words
            .windows(2)
            .any(|pair| pair[0] == "create" && kinds.contains(&pair[1]))
    };
    if makes(&["role", "user", "group", "schema", "extension"]) {
        KeptPlace::First
    } else if makes(&["type", "domain"]) && !rests_on_declared(kept, catalog) {
        KeptPlace::BeforeTypes
    } else {
        KeptPlace::Last
    }
}

/// Whether a type that the block makes is made of types or tables of the schema.
fn rests_on_declared(kept: &KeptStatement, catalog: &Catalog) -> bool {
    let dialect = Dialect::Postgres;
    let tokens = Lexer::tokens(&kept.text, dialect).unwrap_or_default();
    let bodies = tokens
        .iter()
        .filter(|t| matches!(t.kind, TokenKind::String | TokenKind::DollarString));
    bodies
        .filter_map(|t| unquote_string(t.text(&kept.text)))
        .any(|body| {
            parts_of_types(&body)
                .iter()
                .any(|name| is_declared(name, &kept.search_path, catalog))
        })
}

/// The names behind `CREATE TYPE | DOMAIN name AS`, up to the end of each statement.
fn parts_of_types(body: &str) -> Vec<QualifiedName> {
    let tokens = Lexer::tokens(body, Dialect::Postgres).unwrap_or_default();
    let raw = |n: usize| tokens.get(n).map_or("", |t| t.text(body));
    let is = |n: usize, word: &str| raw(n).eq_ignore_ascii_case(word);
    let mut names = Vec::new();
    let mut at = 0;
    let mut inside = false;
    while at < tokens.len() {
        let (name, next) = name_at(&tokens, body, at);
        if is(at, "create") && (is(at + 1, "type") || is(at + 1, "domain")) {
            // The new name itself is not looked at.
            let (_, end) = name_at(&tokens, body, at + 2);
            inside = is(end, "as") && !is(end + 1, "enum");
            at = end.max(at + 2);
            continue;
        }
        inside &= raw(at) != ";";
        names.extend(name.filter(|_| inside));
        at = next;
    }
    names
}

/// The dotted name at a token, and the token behind it.
fn name_at(tokens: &[crate::expr::Token], body: &str, at: usize) -> (Option<QualifiedName>, usize) {
    let ident = |n: usize| {
        let token = tokens.get(n)?;
        let raw = token.text(body);
        match token.kind {
            TokenKind::Word => Some(Ident::from(raw.to_lowercase())),
            TokenKind::QuotedIdent => Some(Ident::from(unquote_identifier(raw))),
            _ => None,
        }
    };
    let Some(first) = ident(at) else {
        return (None, at + 1);
    };
    let dotted = tokens.get(at + 1).is_some_and(|t| t.text(body) == ".");
    match ident(at + 2).filter(|_| dotted) {
        Some(name) => (Some(QualifiedName::new(first, name)), at + 3),
        None => (Some(QualifiedName::bare(first)), at + 1),
    }
}

fn is_declared(name: &QualifiedName, path: &[Ident], catalog: &Catalog) -> bool {
    let default = [Ident::new("public")];
    let path = if path.is_empty() { &default } else { path };
    let holds = |name: &QualifiedName| {
        catalog.relation(name).is_some()
            || catalog.enums.contains_key(name)
            || catalog.domains.contains_key(name)
            || catalog.ranges.contains_key(name)
    };
    match name.schema {
        Some(_) => holds(name),
        None => path
            .iter()
            .any(|schema| holds(&QualifiedName::new(schema.clone(), name.name.clone()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Table;

    fn place(verb: &str, text: &str) -> KeptPlace {
        let name = QualifiedName::new("public", "projects");
        let table = Table {
            name: name.clone(),
            ..Table::default()
        };
        let mut catalog = Catalog::default();
        catalog.tables.insert(name, table);
        let kept = KeptStatement {
            text: text.into(),
            verb: verb.into(),
            search_path: Vec::new(),
        };
        kept_place(&kept, &catalog)
    }

    #[test]
    fn what_others_need_comes_first() {
        let role = "DO $$ BEGIN CREATE ROLE app; END $$";
        assert!(place("do", role) == KeptPlace::First);
        let made = "DO $$ BEGIN create  type t AS ENUM (); END $$";
        assert!(place("do", made) == KeptPlace::BeforeTypes);
        let row = "DO $$ BEGIN CREATE DOMAIN d AS projects; END $$";
        assert!(place("do", row) == KeptPlace::Last);
        let named = "DO $$ BEGIN CREATE DOMAIN projects AS text; SELECT projects; END $$";
        assert!(place("do", named) == KeptPlace::BeforeTypes);
        let refill = "DO $$ BEGIN PERFORM refill(); END $$";
        assert!(place("do", refill) == KeptPlace::Last);
        assert!(place("insert", "INSERT INTO t VALUES ('create role')") == KeptPlace::Last);
    }
}
