//! CREATE TABLE, foreign tables and partitions included.

use super::column::{column_definition, column_tail};
use super::constraint::{is_table_constraint, table_constraint};
use super::cursor::{Cursor, Parsed};
use super::partition::{partition_bound, partition_by};
use crate::expr::unquote_string;
use crate::model::{
    DataType, ForeignTableSpec, GenericOptions, Ident, Object, PartitionOf, Persistence, Table,
};
use crate::source::{LikeClause, Statement};

/// What follows `CREATE [TEMP | UNLOGGED] TABLE`.
pub(super) fn create_table(
    c: &mut Cursor<'_>,
    persistence: Persistence,
) -> Parsed<Option<Statement>> {
    let if_not_exists = c.accept("if not exists");
    let mut table = Table {
        name: c.given_name()?,
        persistence,
        ..Table::default()
    };
    let mut like = Vec::new();
    if c.is("as") || (c.is_any(&["using", "with", "on", "tablespace"]) && !c.at_end()) {
        // CREATE TABLE AS: its columns depend on the query's types.
        return Ok(None);
    }
    table_source(c, &mut table, &mut like)?;
    table_options(c, &mut table)?;
    if c.is("as") {
        return Ok(None);
    }
    c.expect_end()?;
    Ok(Some(create(table, if_not_exists, like)))
}

/// What follows `CREATE FOREIGN TABLE`.
pub(super) fn create_foreign_table(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut table = Table {
        name: c.given_name()?,
        ..Table::default()
    };
    let mut like = Vec::new();
    table_source(c, &mut table, &mut like)?;
    table_options(c, &mut table)?;
    c.expect("server")?;
    let mut spec = ForeignTableSpec {
        server: c.ident()?,
        ..ForeignTableSpec::default()
    };
    if c.accept("options") {
        spec.options = generic_options(c)?;
    }
    c.expect_end()?;
    table.foreign = Some(spec);
    Ok(create(table, if_not_exists, like))
}

fn create(table: Table, if_not_exists: bool, like: Vec<LikeClause>) -> Statement {
    Statement::Create {
        object: Object::Table(Box::new(table)),
        or_replace: false,
        if_not_exists,
        like,
    }
}

/// The elements, or the type or parent that gives them.
fn table_source(c: &mut Cursor<'_>, table: &mut Table, like: &mut Vec<LikeClause>) -> Parsed<()> {
    if c.accept("of") {
        table.of_type = Some(c.name()?);
        if c.is("(") {
            elements(c, table, like, Columns::Inherited)?;
        }
        return Ok(());
    }
    if c.accept("partition of") {
        let parent = c.name()?;
        if c.is("(") {
            elements(c, table, like, Columns::Inherited)?;
        }
        let bound = partition_bound(c)?;
        table.partition_of = Some(PartitionOf { parent, bound });
        return Ok(());
    }
    elements(c, table, like, Columns::Own)
}

/// Whether columns state their types, or have them from a type or a partitioned table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Columns {
    Own,
    Inherited,
}

fn elements(
    c: &mut Cursor<'_>,
    table: &mut Table,
    like: &mut Vec<LikeClause>,
    columns: Columns,
) -> Parsed<()> {
    let mut inner = c.group()?;
    while !inner.at_end() {
        element(&mut inner, table, like, columns)?;
        if inner.at_end() {
            break;
        }
        // SQLite takes table constraints without a comma between them.
        if !(inner.is_sqlite() && is_table_constraint(&inner)) {
            inner.expect(",")?;
            if inner.at_end() {
                return Err(inner.expected("a column or a constraint"));
            }
        }
    }
    // Half of what a large schema takes is its columns.
    table.columns.shrink_to_fit();
    table.constraints.shrink_to_fit();
    Ok(())
}

fn element(
    c: &mut Cursor<'_>,
    table: &mut Table,
    like: &mut Vec<LikeClause>,
    columns: Columns,
) -> Parsed<()> {
    if c.is("like") && !c.is_sqlite() {
        c.advance();
        like.push(like_clause(c, table.columns.len())?);
    } else if let Some(name) = not_null_of_table(c)? {
        let Some(column) = table.column_mut(&name) else {
            return Err(c.unmodelled("NOT NULL of an inherited column"));
        };
        column.not_null = true;
    } else if is_table_constraint(c) {
        table.constraints.push(table_constraint(c)?);
    } else {
        let (column, constraints) = match columns {
            Columns::Own => column_definition(c)?,
            Columns::Inherited => {
                let name = c.ident()?;
                column_tail(c, name, DataType::default())?
            }
        };
        table.columns.push(column);
        table.constraints.extend(constraints);
    }
    Ok(())
}

/// `CONSTRAINT name NOT NULL column`, which PostgreSQL 18 has: the column, where it is one.
fn not_null_of_table(c: &mut Cursor<'_>) -> Parsed<Option<Ident>> {
    let mut probe = c.clone();
    if probe.accept("constraint") {
        probe.ident()?;
    }
    if c.is_sqlite() || !probe.accept("not null") {
        return Ok(None);
    }
    let column = probe.ident()?;
    probe.accept("no inherit");
    *c = probe;
    Ok(Some(column))
}

const LIKE_ALL: &[&str] = &[
    "comments",
    "compression",
    "constraints",
    "defaults",
    "generated",
    "identity",
    "indexes",
    "statistics",
    "storage",
];

fn like_clause(c: &mut Cursor<'_>, position: usize) -> Parsed<LikeClause> {
    let source = c.name()?;
    let mut including: Vec<Box<str>> = Vec::new();
    while let Some(verb) = c.accept_any(&["including", "excluding"]) {
        let Some(word) = c.accept_any(LIKE_ALL).or_else(|| c.accept_any(&["all"])) else {
            return Err(c.expected("what to include"));
        };
        let words: &[&str] = if word == "all" { LIKE_ALL } else { &[word] };
        for word in words {
            including.retain(|w| **w != word.to_uppercase());
            if verb == "including" {
                including.push(word.to_uppercase().into());
            }
        }
    }
    Ok(LikeClause {
        source,
        including,
        position,
    })
}

/// What follows the parentheses, in any order.
fn table_options(c: &mut Cursor<'_>, table: &mut Table) -> Parsed<()> {
    loop {
        if c.accept("inherits") {
            table.inherits = c.list(Cursor::name)?;
        } else if c.accept("partition by") {
            table.partition_by = Some(partition_by(c)?);
        } else if c.accept("using") {
            table.access_method = Some(c.ident()?);
        } else if c.accept("without oids") {
            // The only possibility since PostgreSQL 12.
        } else if c.is("with") && c.is_at(1, "(") {
            c.advance();
            table.storage = storage_parameters(c)?;
            table.storage.remove("oids");
        } else if c.accept("on commit") {
            c.until(&["tablespace", "as"])?;
        } else if c.accept("tablespace") {
            table.tablespace = Some(c.ident()?);
        } else if c.is_sqlite() && c.accept("without rowid") {
            table.without_rowid = true;
        } else if c.is_sqlite() && c.is("strict") {
            c.require(crate::dialect::Capability::StrictTables)?;
            table.strict = c.accept("strict");
        } else if !(c.is_sqlite() && c.accept(",")) {
            return Ok(());
        }
    }
}

/// `(name = value, name)`; names in lower case, values as words without quotes.
pub(super) fn storage_parameters(c: &mut Cursor<'_>) -> Parsed<crate::model::Parameters> {
    let pairs = c.list(|c| {
        let name: Vec<_> = c.dotted()?;
        let name: Vec<&str> = name.iter().map(Ident::as_str).collect();
        let value = if c.accept("=") {
            let raw = c.until(&[])?;
            unquote_string(raw).unwrap_or_else(|| raw.to_lowercase())
        } else {
            "true".to_owned()
        };
        Ok((name.join(".").into(), Box::from(value)))
    })?;
    Ok(pairs.into_iter().collect())
}

/// `(name 'value', ...)`
pub(super) fn generic_options(c: &mut Cursor<'_>) -> Parsed<GenericOptions> {
    let pairs = c.list(|c| {
        let name = c.ident()?;
        Ok((Box::from(name.as_str()), Box::from(c.string()?)))
    })?;
    Ok(pairs.into_iter().collect())
}
