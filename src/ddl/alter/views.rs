//! Views: CREATE OR REPLACE where the columns stay what they are.

use super::parameter_actions;
use crate::ddl::fragments::default_expression;
use crate::ddl::{Context, create_statement};
use crate::dialect::Dialect;
use crate::expr::{Lexer, Token, TokenKind, key_of};
use crate::model::{Ident, ObjectRef, View};

/// The statements, unless the view has to be dropped and created again.
pub(super) fn view(cx: &Context<'_>, before: &View, after: &View) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let mut now = before.clone();
    let mut out = Vec::new();
    let word = match after.materialized {
        true => "MATERIALIZED VIEW",
        false => "VIEW",
    };
    let alter = format!("ALTER {word} {}", dialect.quote_name(&after.name));
    let redefined = before.query != after.query
        || before.columns != after.columns
        || before.check_option != after.check_option;
    if redefined && !after.materialized {
        if !keeps_columns(before, after, dialect) {
            return None;
        }
        let create = create_statement(cx, ObjectRef::View(after))?;
        out.push(create.replacen("CREATE ", "CREATE OR REPLACE ", 1));
        now.query = after.query.clone();
        now.columns = after.columns.clone();
        now.check_option = after.check_option.clone();
        // OR REPLACE sets the options anew.
        now.options = after.options.clone();
    }
    if now.options != after.options {
        let actions = parameter_actions(&now.options, &after.options, dialect);
        out.extend(actions.into_iter().map(|a| format!("{alter} {a}")));
        now.options = after.options.clone();
    }
    for column in before
        .defaults
        .keys()
        .filter(|c| !after.defaults.contains_key(*c))
    {
        out.push(format!(
            "{alter} ALTER COLUMN {} DROP DEFAULT",
            dialect.quote(column)
        ));
    }
    for (column, default) in &after.defaults {
        if before.defaults.get(column) != Some(default) {
            let default = default_expression(default, dialect);
            let column = dialect.quote(column);
            out.push(format!(
                "{alter} ALTER COLUMN {column} SET DEFAULT {default}"
            ));
        }
    }
    now.defaults = after.defaults.clone();
    for column in before.column_statistics.keys() {
        if !after.column_statistics.contains_key(column) {
            let column = dialect.quote(column);
            out.push(format!("{alter} ALTER COLUMN {column} SET STATISTICS -1"));
        }
    }
    for (column, target) in &after.column_statistics {
        if before.column_statistics.get(column) != Some(target) {
            let column = dialect.quote(column);
            out.push(format!(
                "{alter} ALTER COLUMN {column} SET STATISTICS {target}"
            ));
        }
    }
    now.column_statistics = after.column_statistics.clone();
    if before.cluster_on != after.cluster_on {
        // An index that is made is marked when it is there.
        let is_there = |index: &Ident| {
            let mut kept = before.indexes.iter().filter(|i| after.indexes.contains(i));
            kept.any(|i| i.name == *index)
        };
        match &after.cluster_on {
            Some(index) if is_there(index) => {
                out.push(format!("{alter} CLUSTER ON {}", dialect.quote(index)));
            }
            Some(_) => {}
            None => out.push(format!("{alter} SET WITHOUT CLUSTER")),
        }
        now.cluster_on = after.cluster_on.clone();
    }
    // Parts are objects of their own; whether it holds rows is not compared.
    now.indexes = after.indexes.clone();
    now.triggers = after.triggers.clone();
    now.rules = after.rules.clone();
    now.column_comments = after.column_comments.clone();
    now.facets = after.facets.clone();
    now.no_data = after.no_data;
    (now == *after).then_some(out)
}

/// Whether names and types of the columns stay, and new ones come behind them.
///
/// Types are not known here; they are certain where the same expressions are read from the same
/// tables. What else the query does (its WHERE, its order) has no part in them.
fn keeps_columns(before: &View, after: &View, dialect: Dialect) -> bool {
    if before.recursive != after.recursive || before.columns != after.columns {
        return false;
    }
    if before.query == after.query {
        return true;
    }
    let (Some(old), Some(new)) = (
        Shape::of(before.query.text(), dialect),
        Shape::of(after.query.text(), dialect),
    ) else {
        return false;
    };
    old.lead == new.lead && old.from == new.from && new.items.starts_with(&old.items)
}

/// The parts of a plain SELECT that decide about its columns.
struct Shape {
    /// What stands before SELECT: a WITH clause.
    lead: String,
    items: Vec<String>,
    from: String,
}

impl Shape {
    fn of(text: &str, dialect: Dialect) -> Option<Self> {
        let tokens = Lexer::tokens(text, dialect).ok()?;
        let word = |t: &Token| match t.kind {
            TokenKind::Word => t.text(text).to_ascii_lowercase(),
            _ => String::new(),
        };
        let mut depth = 0_i32;
        let mut marks: Vec<(String, usize, usize)> = Vec::new();
        let mut commas = Vec::new();
        for token in &tokens {
            match token.text(text) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                "," if depth == 0 => commas.push(token.start as usize),
                _ if depth == 0 => {
                    let word = word(token);
                    if is_clause(&word) {
                        marks.push((word, token.start as usize, token.end as usize));
                    }
                }
                _ => {}
            }
        }
        let at = |name: &str| marks.iter().position(|(w, _, _)| w == name);
        if ["union", "intersect", "except", "values"]
            .iter()
            .any(|w| at(w).is_some())
        {
            return None;
        }
        let select = at("select")?;
        let start = marks[select].2;
        let end = marks.get(select + 1).map_or(text.len(), |m| m.1);
        let mut items = Vec::new();
        let mut from = start;
        for comma in commas.into_iter().filter(|c| (start..end).contains(c)) {
            items.push(key_of(&text[from..comma], dialect));
            from = comma + 1;
        }
        items.push(key_of(&text[from..end], dialect));
        let tables = at("from").map_or("", |n| {
            let end = marks.get(n + 1).map_or(text.len(), |m| m.1);
            &text[marks[n].2..end]
        });
        Some(Self {
            lead: key_of(&text[..marks[select].1], dialect),
            items,
            from: key_of(tables.trim_end().trim_end_matches(';'), dialect),
        })
    }
}

fn is_clause(word: &str) -> bool {
    matches!(
        word,
        "select"
            | "from"
            | "where"
            | "group"
            | "having"
            | "window"
            | "order"
            | "limit"
            | "offset"
            | "fetch"
            | "for"
            | "union"
            | "intersect"
            | "except"
            | "values"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Query;

    fn kept(before: &str, after: &str) -> bool {
        let view = |text: &str| View {
            query: Query::new(text, key_of(text, Dialect::Postgres)),
            ..View::default()
        };
        keeps_columns(&view(before), &view(after), Dialect::Postgres)
    }

    #[test]
    fn conditions_and_further_columns_can_change() {
        assert!(kept(
            "SELECT a, f(b, c) AS d FROM t",
            "SELECT a, f(b, c) AS d, e FROM t WHERE a > 1"
        ));
        assert!(kept("SELECT a FROM t ORDER BY a", "SELECT a FROM t"));
    }

    #[test]
    fn columns_that_go_move_or_may_have_another_type_cannot() {
        assert!(!kept("SELECT a, b FROM t", "SELECT a FROM t"));
        assert!(!kept("SELECT a, b FROM t", "SELECT b, a FROM t"));
        assert!(!kept("SELECT a FROM t", "SELECT a FROM u"));
        assert!(!kept(
            "WITH x AS (SELECT 1) SELECT a FROM t",
            "SELECT a FROM t"
        ));
        assert!(!kept(
            "SELECT a FROM t UNION SELECT 1",
            "SELECT a FROM t UNION SELECT 2"
        ));
    }
}
