//! Virtual tables, whose definition nothing but CREATE can change.
//!
//! Source: <https://www.sqlite.org/fts5.html>, sections 4.4 (contentless and external content
//! tables) and 6.10 ('rebuild'); <https://www.sqlite.org/rtree.html>, section 3.

use super::rebuild::free_name;
use crate::ddl::{self, Context};
use crate::dialect::Dialect;
use crate::expr::{Lexer, TokenKind, unquote_identifier, unquote_string};
use crate::model::{Catalog, ObjectRef, QualifiedName, VirtualTable};

/// Where the rows of a virtual table are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// In the table itself, in these columns behind the row identifier.
    Own(Vec<String>),
    /// In another table, from which the index can be made again.
    In(String),
    /// Nowhere, or where only the module knows.
    Lost,
}

/// Where the rows are, as far as the module is known.
pub(super) fn rows(table: &VirtualTable, dialect: Dialect) -> Rows {
    let arguments = table.arguments.iter().map(|a| a.text());
    let module = table.module.as_str();
    if module == "rtree" || module == "rtree_i32" {
        let columns = arguments.filter_map(|a| first_name(a.trim_start_matches('+'), dialect));
        return Rows::Own(columns.collect());
    }
    if !matches!(module, "fts3" | "fts4" | "fts5") {
        return Rows::Lost;
    }
    let mut columns = Vec::new();
    for argument in arguments {
        match option(argument, dialect) {
            Some((name, _)) if name != "content" => {}
            Some((_, value)) if value.is_empty() => return Rows::Lost,
            Some((_, value)) => return Rows::In(value),
            None => columns.extend(first_name(argument, dialect)),
        }
    }
    Rows::Own(columns)
}

/// What makes one virtual table of the other while it keeps its rows; `None` where it is dropped
/// and created with everything else.
pub(super) fn replace(
    cx: &Context<'_>,
    before: &VirtualTable,
    after: &VirtualTable,
    state: &Catalog,
) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let (Rows::Own(old), Rows::Own(new)) = (rows(before, dialect), rows(after, dialect)) else {
        return None;
    };
    let full_text = |t: &VirtualTable| t.module.starts_with("fts");
    if full_text(before) != full_text(after) {
        return None;
    }
    let both: Vec<_> = new.iter().filter(|c| old.contains(c)).collect();
    if both.is_empty() {
        return None;
    }
    let mut columns: Vec<String> = both.iter().map(|c| dialect.quote(c).into_owned()).collect();
    if full_text(after) {
        columns.insert(0, "rowid".to_owned());
    }
    let columns = columns.join(", ");
    let meanwhile = free_name(&after.name, [state, cx.catalog]);
    let made = VirtualTable {
        name: meanwhile.clone(),
        ..after.clone()
    };
    let (from, to) = (
        dialect.quote_name(&after.name),
        dialect.quote_name(&meanwhile),
    );
    let mut out: Vec<String> = ddl::create_statement(cx, ObjectRef::VirtualTable(&made))
        .into_iter()
        .collect();
    out.push(format!(
        "INSERT INTO {to} ({columns})\n    SELECT {columns} FROM {from}"
    ));
    out.push(format!("DROP TABLE {from}"));
    out.push(format!("ALTER TABLE {to} RENAME TO {from}"));
    Some(out)
}

/// What fills a new index over a table that has rows already.
pub(super) fn fill(table: &VirtualTable, state: &Catalog, dialect: Dialect) -> Option<String> {
    let Rows::In(content) = rows(table, dialect) else {
        return None;
    };
    let has = |n: &QualifiedName| n.name.eq_ignore_ascii_case(&content);
    let known = state.tables.keys().chain(state.views.keys()).any(has);
    let fills = known && table.module != "fts3";
    let name = dialect.quote_name(&table.name);
    fills.then(|| format!("INSERT INTO {name} ({name}) VALUES ('rebuild')"))
}

/// `content='posts'` as its name and value.
fn option(argument: &str, dialect: Dialect) -> Option<(String, String)> {
    let tokens = Lexer::tokens(argument, dialect).ok()?;
    let [name, equals, rest @ ..] = tokens.as_slice() else {
        return None;
    };
    if equals.text(argument) != "=" {
        return None;
    }
    let raw = rest.first().map_or("", |t| t.text(argument));
    let value = match rest.first().map(|t| t.kind) {
        Some(TokenKind::QuotedIdent) => unquote_identifier(raw),
        Some(TokenKind::String) => unquote_string(raw)?,
        _ => raw.to_owned(),
    };
    Some((name.text(argument).to_lowercase(), value))
}

fn first_name(argument: &str, dialect: Dialect) -> Option<String> {
    let tokens = Lexer::tokens(argument, dialect).ok()?;
    let first = tokens.first()?;
    let raw = first.text(argument);
    Some(match first.kind {
        TokenKind::QuotedIdent => unquote_identifier(raw),
        TokenKind::String => unquote_string(raw)?,
        _ => raw.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::catalog;
    use super::*;

    fn rows_of(sql: &str) -> Rows {
        let catalog = catalog(sql);
        let table = catalog.virtual_tables.values().next().expect("a table");
        rows(table, Dialect::Sqlite)
    }

    #[test]
    fn rows_are_found_where_the_module_keeps_them() {
        let own = |names: &[&str]| Rows::Own(names.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(
            rows_of("CREATE VIRTUAL TABLE f USING fts5(a, \"b c\" UNINDEXED, tokenize = 'porter')"),
            own(&["a", "b c"])
        );
        assert_eq!(
            rows_of("CREATE VIRTUAL TABLE f USING fts5(a, content='posts', content_rowid=id)"),
            Rows::In("posts".to_owned())
        );
        assert_eq!(
            rows_of("CREATE VIRTUAL TABLE f USING fts5(a, content='')"),
            Rows::Lost
        );
        assert_eq!(
            rows_of("CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, +label TEXT)"),
            own(&["id", "x0", "x1", "label"])
        );
    }
}
