//! CREATE TABLE AS: a table with the columns of a query, and the rows as an INSERT that is kept.
//!
//! Where the type of one column is not known, the statement stays what it was, verbatim.
//! Source: `create_ctas_internal`, src/backend/commands/createas.c.

use super::fold::Fold;
use crate::expr::{Lexer, Reader, Token, TokenKind, unquote_identifier};
use crate::model::{
    Column, DataType, Ident, KeptStatement, Opaque, Persistence, QualifiedName, Table,
};
use crate::source::sql;

/// A statement in its parts.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'t> {
    persistence: Persistence,
    if_not_exists: bool,
    columns: Vec<Ident>,
    query: &'t str,
    with_data: bool,
}

/// A table as its query makes it, and what fills it.
pub(super) struct TableOfQuery {
    pub(super) table: Table,
    pub(super) if_not_exists: bool,
    pub(super) rows: Option<KeptStatement>,
}

impl Fold {
    /// The table that a statement makes; its names are resolved.
    pub(super) fn table_of_query(&self, opaque: &Opaque) -> Option<TableOfQuery> {
        if &*opaque.kind != "table" {
            return None;
        }
        let [text] = opaque.statements.as_slice() else {
            return None;
        };
        let dialect = self.dialect();
        let tokens = Lexer::tokens(text, dialect).ok()?;
        let parts = parts(text, &tokens)?;
        let types = Reader::new(&self.catalog).columns_of_query(parts.query)?;
        let mut columns = Vec::new();
        for (at, (name, of)) in types.into_iter().enumerate() {
            columns.push(Column {
                name: parts.columns.get(at).cloned().unwrap_or(Ident::from(name)),
                data_type: self.type_of_text(&of)?,
                ..Column::default()
            });
        }
        let table = Table {
            name: opaque.name.clone(),
            persistence: parts.persistence,
            columns,
            ..Table::default()
        };
        let rows = parts.with_data.then(|| KeptStatement {
            text: format!(
                "INSERT INTO {}\n{}",
                dialect.quote_name(&opaque.name),
                parts.query
            )
            .into(),
            verb: Ident::new("insert"),
            search_path: Vec::new(),
        });
        Some(TableOfQuery {
            table,
            if_not_exists: parts.if_not_exists,
            rows,
        })
    }

    fn type_of_text(&self, text: &str) -> Option<DataType> {
        let mut of = sql::data_type(text, self.version).ok()?;
        if of.name.schema.as_deref() == Some("pg_catalog") {
            of.name = QualifiedName::bare(of.name.name);
        }
        Some(of)
    }
}

fn parts<'t>(text: &'t str, tokens: &[Token]) -> Option<Parts<'t>> {
    let is = |at: usize, word: &str| {
        let token = tokens.get(at);
        token.is_some_and(|t| t.text(text).eq_ignore_ascii_case(word))
    };
    let mut at = usize::from(is(0, "create"));
    let persistence = match is(at, "unlogged") {
        true => Persistence::Unlogged,
        false => Persistence::Permanent,
    };
    at += usize::from(persistence == Persistence::Unlogged);
    if at == 0 || !is(at, "table") {
        return None;
    }
    at += 1;
    let if_not_exists = is(at, "if");
    at += if if_not_exists { 3 } else { 0 };
    at += if is(at + 1, ".") { 3 } else { 1 };
    let mut columns = Vec::new();
    if is(at, "(") {
        while !is(at, ")") {
            at += 1;
            columns.push(name(tokens.get(at)?, text)?);
            at += 1;
        }
        at += 1;
    }
    if !is(at, "as") {
        return None;
    }
    let last = tokens.len();
    let no_data = last > 3 && is(last - 3, "with") && is(last - 2, "no") && is(last - 1, "data");
    let data = last > 2 && is(last - 2, "with") && is(last - 1, "data");
    let end = last
        - if no_data {
            3
        } else if data {
            2
        } else {
            0
        };
    let (first, end) = (
        tokens.get(at + 1)?.start,
        tokens.get(end.checked_sub(1)?)?.end,
    );
    Some(Parts {
        persistence,
        if_not_exists,
        columns,
        query: text.get(first as usize..end as usize)?,
        with_data: !no_data,
    })
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
    use crate::dialect::Dialect;

    #[test]
    fn a_statement_has_a_list_of_names_a_query_and_data() {
        let of = |text: &'static str| parts(text, &Lexer::tokens(text, Dialect::Postgres).unwrap());
        let found =
            of("CREATE UNLOGGED TABLE IF NOT EXISTS a.t (x, \"Y\") AS SELECT 1, 2 WITH NO DATA");
        assert_eq!(
            found,
            Some(Parts {
                persistence: Persistence::Unlogged,
                if_not_exists: true,
                columns: vec!["x".into(), "Y".into()],
                query: "SELECT 1, 2",
                with_data: false,
            })
        );
        let found = of("create table t as table u").unwrap();
        assert_eq!((found.query, found.with_data), ("table u", true));
        assert_eq!(
            of("CREATE TABLE t WITH (fillfactor = 70) AS SELECT 1"),
            None
        );
        assert_eq!(of("CREATE TEMP TABLE t AS SELECT 1"), None);
    }
}
