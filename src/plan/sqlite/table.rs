//! A table that stays: in place, or built anew.
//!
//! Source: <https://www.sqlite.org/lang_altertable.html>, sections 4 (ADD COLUMN) and 5 (DROP
//! COLUMN), with the limits they name.

use super::difference::constraints;
use crate::ddl::{self, Context};
use crate::dialect::{Capability, Dialect, TargetVersion};
use crate::expr::mentions;
use crate::expr::{Lexer, TokenKind};
use crate::model::{Column, Constraint, ConstraintKind, Expr, Index, Table};

/// How a table comes from one definition to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// ALTER TABLE statements.
    InPlace(Vec<String>),
    /// A new table, with the reason why nothing less does.
    Rebuild(String),
}

/// How the table is changed; `cx` is of the catalog after.
pub(super) fn change(
    cx: &Context<'_>,
    before: &Table,
    after: &Table,
    version: TargetVersion,
) -> Change {
    match in_place(cx, before, after, version) {
        Ok(statements) => Change::InPlace(statements),
        Err(reason) => Change::Rebuild(reason),
    }
}

fn in_place(
    cx: &Context<'_>,
    before: &Table,
    after: &Table,
    version: TargetVersion,
) -> Result<Vec<String>, String> {
    let dialect = cx.dialect;
    if (before.strict, before.without_rowid) != (after.strict, after.without_rowid) {
        return Err("STRICT and WITHOUT ROWID are chosen when a table is made".to_owned());
    }
    let (gone, come) = constraints(before, after);
    if let Some(constraint) = gone.first() {
        let clause = ddl::constraint_clause(constraint, dialect);
        return Err(format!("a constraint goes: {clause}"));
    }
    let mut out = Vec::new();
    let alter = ddl::alter_table(after, dialect);
    let mut added: Vec<&Column> = Vec::new();
    for old in &before.columns {
        match after.column(&old.name) {
            Some(new) if new == old => continue,
            Some(new) if old.generated.is_none() || new.generated.is_none() => {
                return Err(format!("column {} changes", new.name));
            }
            // A computed column comes back by being computed.
            Some(new) => {
                if after.indexes.iter().any(|i| index_uses(i, new, dialect)) {
                    return Err(format!("indexed column {} changes", new.name));
                }
                added.push(new);
            }
            None => {}
        }
        droppable(before, old, version)?;
        let name = dialect.quote(&old.name);
        out.push(format!("{alter} DROP COLUMN {name}"));
    }
    let is_new = |c: &&Column| before.column(&c.name).is_none();
    added.extend(after.columns.iter().filter(is_new));
    let added = readable(added, dialect);
    let mut clauses: Vec<Vec<String>> = vec![Vec::new(); added.len()];
    for constraint in come {
        let at = place(constraint, &added, dialect).ok_or_else(|| {
            let clause = ddl::constraint_clause(constraint, dialect);
            format!("a constraint comes: {clause}")
        })?;
        clauses[at].push(at_column(constraint, dialect));
    }
    for (column, clauses) in added.iter().zip(clauses) {
        addable(column, dialect)?;
        let mut text = ddl::column_definition(cx, after, column);
        for clause in clauses {
            text.push_str(&format!(" {clause}"));
        }
        out.push(format!("{alter} ADD COLUMN {text}"));
    }
    Ok(out)
}

/// Columns in an order in which a computed one follows those that it reads; else as they were.
fn readable(mut columns: Vec<&Column>, dialect: Dialect) -> Vec<&Column> {
    let mut ordered = Vec::with_capacity(columns.len());
    while !columns.is_empty() {
        let ready = |column: &&Column| match &column.generated {
            Some(generated) => !columns.iter().any(|other| {
                other.name != column.name
                    && mentions(generated.expression.text(), &other.name, dialect)
            }),
            None => true,
        };
        let next = columns.iter().position(ready).unwrap_or(0);
        ordered.push(columns.remove(next));
    }
    ordered
}

/// Whether DROP COLUMN takes the column.
fn droppable(table: &Table, column: &Column, version: TargetVersion) -> Result<(), String> {
    let name = &column.name;
    if !version.has(Capability::DropColumn) {
        return Err(format!("{} has no DROP COLUMN", version.label()));
    }
    let dialect = version.dialect;
    let reads = |e: &Expr| mentions(e.text(), name, dialect);
    let constrained = table.constraints.iter().any(|c| match &c.kind {
        ConstraintKind::Check { expression } => reads(expression),
        _ => c.columns().contains(name),
    });
    if constrained {
        return Err(format!("column {name} is part of a constraint"));
    }
    let mut generated = table.columns.iter().filter_map(|c| c.generated.as_ref());
    if generated.any(|g| reads(&g.expression)) {
        return Err(format!("another column is generated from column {name}"));
    }
    Ok(())
}

/// Whether an index has the column among its keys or reads it.
pub(super) fn index_uses(index: &Index, column: &Column, dialect: Dialect) -> bool {
    let reads = |e: &Expr| mentions(e.text(), &column.name, dialect);
    let keyed = index.elements.iter().any(|e| {
        e.column.as_ref() == Some(&column.name) || e.expression.as_ref().is_some_and(reads)
    });
    keyed || index.predicate.as_ref().is_some_and(reads)
}

/// The added column whose definition can hold the constraint.
fn place(constraint: &Constraint, added: &[&Column], dialect: Dialect) -> Option<usize> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(fk) => {
            let [column] = fk.columns.as_slice() else {
                return None;
            };
            let at = added.iter().position(|c| c.name == *column)?;
            // Rows that are there would refer to the default.
            let null = |e: &Expr| e.text().eq_ignore_ascii_case("null");
            let computed = added[at].generated.is_some();
            (!computed && added[at].default.as_ref().is_none_or(null)).then_some(at)
        }
        ConstraintKind::Check { expression } => {
            let read = |c: &&Column| mentions(expression.text(), &c.name, dialect);
            added.iter().rposition(read)
        }
        _ => None,
    }
}

/// A constraint in the place of a column's: a foreign key has no list of its own columns there.
fn at_column(constraint: &Constraint, dialect: Dialect) -> String {
    let clause = ddl::constraint_clause(constraint, dialect);
    if constraint.as_foreign_key().is_none() {
        return clause;
    }
    let name = match constraint.name.is_empty() {
        true => String::new(),
        false => format!("CONSTRAINT {} ", dialect.quote(&constraint.name)),
    };
    match clause.find("REFERENCES") {
        Some(at) => format!("{name}{}", &clause[at..]),
        None => clause,
    }
}

/// Whether ADD COLUMN takes the column, whatever rows are there.
fn addable(column: &Column, dialect: Dialect) -> Result<(), String> {
    let name = &column.name;
    if column.generated.as_ref().is_some_and(|g| g.stored) {
        return Err(format!("stored column {name} is computed for every row"));
    }
    let constant = column.default.as_ref().map(|d| constant(d, dialect));
    match constant {
        Some(Constant::No) => Err(format!("the default of column {name} is no constant")),
        None | Some(Constant::Null) if column.not_null && column.generated.is_none() => {
            Err(format!("column {name} is NOT NULL without a default"))
        }
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Constant {
    No,
    Null,
    Value,
}

/// What SQLite takes for a constant default: a literal, with a sign perhaps.
pub(super) fn constant(default: &Expr, dialect: Dialect) -> Constant {
    let text = default.text();
    let Ok(tokens) = Lexer::tokens(text, dialect) else {
        return Constant::No;
    };
    let rest = match tokens.as_slice() {
        [sign, rest @ ..] if matches!(sign.text(text), "-" | "+") => rest,
        all => all,
    };
    let [token] = rest else { return Constant::No };
    let word = token.text(text).to_ascii_lowercase();
    match (token.kind, word.as_str()) {
        (TokenKind::Word, "null") => Constant::Null,
        (TokenKind::Number | TokenKind::String, _) | (TokenKind::Word, "true" | "false") => {
            Constant::Value
        }
        _ => Constant::No,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::planned;

    const OLD: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT CHECK (b <> ''));";

    /// Whether the table is rebuilt on the way to another one.
    fn rebuilt(after: &str, minor: u16) -> bool {
        let sql = planned(OLD, after, minor).sql();
        assert!(!sql.is_empty());
        sql.contains("INSERT INTO t_new")
    }

    #[test]
    fn a_column_goes_in_place_where_the_version_and_its_constraints_let_it() {
        let without_a = "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT CHECK (b <> ''));";
        assert!(!rebuilt(without_a, 35));
        assert!(rebuilt(without_a, 34));
        assert!(rebuilt(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);",
            40
        ));
    }

    #[test]
    fn a_column_comes_in_place_within_the_limits() {
        let with = |column: &str| {
            let table = OLD.replace("b TEXT", &format!("{column}, b TEXT"));
            rebuilt(&table, 40)
        };
        for column in [
            "c",
            "c INT DEFAULT -1.5 NOT NULL",
            "c INT REFERENCES t (id)",
            "c AS (a || b)",
            "c INT CHECK (c > id)",
        ] {
            assert!(!with(column), "{column}");
        }
        for column in [
            "c UNIQUE",
            "c INT NOT NULL",
            "c INT NOT NULL DEFAULT NULL",
            "c DEFAULT CURRENT_TIMESTAMP",
            "c DEFAULT (1 + 1)",
            "c INT DEFAULT 1 REFERENCES t (id)",
            "c AS (a || b) STORED",
        ] {
            assert!(with(column), "{column}");
        }
    }

    #[test]
    fn an_old_version_renames_a_column_while_it_copies() {
        let after = OLD.replace("a TEXT", "\n-- schemagen:renamed-from a\nz TEXT");
        assert!(
            planned(OLD, &after, 25)
                .sql()
                .contains("RENAME COLUMN a TO z")
        );
        let sql = planned(OLD, &after, 24).sql();
        assert!(
            sql.contains("(id, z, b)\n    SELECT id, a, b FROM t"),
            "{sql}"
        );
    }
}
