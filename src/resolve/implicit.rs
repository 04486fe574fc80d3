//! Names that the server makes for constraints and indexes.
//!
//! Source: src/backend/commands/indexcmds.c (`ChooseIndexName`), src/backend/catalog/heap.c
//! (`AddRelationNewConstraints`), src/backend/parser/parse_target.c (`FigureColname`).

use super::fold::Fold;
use crate::dialect::{Dialect, constraint_name as make};
use crate::expr::{Lexer, ReferenceKind, TokenKind, references_of_expression};
use crate::model::{Constraint, ConstraintKind, Expr, Ident, Index, QualifiedName};

/// The name of a constraint that was declared without one.
pub(super) fn constraint_name(
    fold: &Fold,
    table: &QualifiedName,
    constraint: &Constraint,
) -> String {
    let (columns, label): (Vec<String>, &str) = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => (Vec::new(), "pkey"),
        ConstraintKind::Unique {
            columns, include, ..
        } => (texts(columns.iter().chain(include)), "key"),
        ConstraintKind::Exclusion {
            elements, include, ..
        } => {
            let mut names = Vec::new();
            for e in elements {
                push_key_name(
                    &mut names,
                    e.element.column.as_ref(),
                    e.element.expression.as_ref(),
                    fold.dialect(),
                );
            }
            names.extend(texts(include.iter()));
            (names, "excl")
        }
        ConstraintKind::ForeignKey(fk) => (texts(fk.columns.iter()), "fkey"),
        ConstraintKind::Check { expression } => (
            only_column(fold, table, expression).into_iter().collect(),
            "check",
        ),
    };
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let in_class = constraint.has_index();
    make(&table.name, &columns, label, |name| {
        let full = table.sibling(name);
        fold.constraint_names.contains(&full) || (in_class && fold.relations.contains_key(&full))
    })
}

/// The name of an index that was created without one.
pub(super) fn index_name(fold: &Fold, relation: &QualifiedName, index: &Index) -> String {
    let names = key_names(index, fold.dialect());
    let columns: Vec<&str> = names.iter().map(String::as_str).collect();
    make(&relation.name, &columns, "idx", |name| {
        fold.relations.contains_key(&relation.sibling(name))
    })
}

/// What the keys of an index are called in its name.
pub(super) fn key_names(index: &Index, dialect: Dialect) -> Vec<String> {
    let mut names = Vec::new();
    for element in &index.elements {
        push_key_name(
            &mut names,
            element.column.as_ref(),
            element.expression.as_ref(),
            dialect,
        );
    }
    names.extend(texts(index.include.iter()));
    names
}

fn texts<'a>(columns: impl Iterator<Item = &'a Ident>) -> Vec<String> {
    columns.map(Ident::to_string).collect()
}

/// The column that a check is about, where it is about one alone.
fn only_column(fold: &Fold, table: &QualifiedName, expression: &Expr) -> Option<String> {
    let columns = &fold.catalog.tables.get(table)?.columns;
    let mut used: Vec<Ident> = references_of_expression(expression.text(), fold.dialect())
        .into_iter()
        .filter(|r| r.kind == ReferenceKind::Column)
        .map(|r| r.name.name)
        .filter(|name| *name == "tableoid" || columns.iter().any(|c| c.name == *name))
        .collect();
    used.sort();
    used.dedup();
    match used.as_slice() {
        [one] => Some(one.to_string()),
        _ => None,
    }
}

/// The column name that an index key gets; numbered where it is taken.
fn push_key_name(
    names: &mut Vec<String>,
    column: Option<&Ident>,
    expression: Option<&Expr>,
    dialect: Dialect,
) {
    let base = match (column, expression) {
        (Some(column), _) => column.to_string(),
        (None, Some(expression)) => {
            expression_name(expression.text(), dialect).unwrap_or_else(|| "expr".to_owned())
        }
        (None, None) => "expr".to_owned(),
    };
    let mut name = base.clone();
    let mut n = 0;
    while names.contains(&name) {
        n += 1;
        name = format!("{base}{n}");
    }
    names.push(name);
}

/// What FigureColname makes of an expression: a function call is its function, a cast its operand.
fn expression_name(text: &str, dialect: Dialect) -> Option<String> {
    let tokens = Lexer::tokens(text, dialect).ok()?;
    let raw = |n: usize| tokens.get(n).map_or("", |t| t.text(text));
    let first = tokens.first()?;
    let is_name = matches!(first.kind, TokenKind::Word | TokenKind::QuotedIdent);
    if raw(0) == "(" && raw(tokens.len() - 2) == "::" {
        return expression_name(&text[1..tokens[tokens.len() - 3].start as usize], dialect);
    }
    if !is_name {
        return None;
    }
    let mut at = 0;
    while raw(at + 1) == "." {
        at += 2;
    }
    let name = match tokens.get(at)?.kind {
        TokenKind::QuotedIdent => crate::expr::unquote_identifier(raw(at)),
        _ => raw(at).to_lowercase(),
    };
    if raw(at + 1) != "(" {
        let plain = tokens.len() == at + 1 || (raw(at + 1) == "::");
        return (plain || name == "case").then_some(name);
    }
    let mut depth = 0;
    let close = (at + 1..tokens.len()).find(|&n| {
        match raw(n) {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let rest = raw(close + 1);
    (rest.is_empty() || rest == "::").then_some(name)
}
