//! The generator of the benchmarks makes what it promises; a benchmark on a broken schema measures nothing.

use std::process::Command;

use sqlparser::ast::{AlterTableOperation, ColumnOption, CreateTable, Statement, TableConstraint};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::generate;
use crate::support::postgres;
use crate::support::program::Folder;

fn parsed(tables: usize) -> Vec<Statement> {
    Parser::parse_sql(&PostgreSqlDialect {}, &generate::schema(tables))
        .expect("sqlparser accepts the whole text")
}

fn tables(statements: &[Statement]) -> Vec<&CreateTable> {
    statements
        .iter()
        .filter_map(|s| match s {
            Statement::CreateTable(table) => Some(table),
            _ => None,
        })
        .collect()
}

#[test]
fn every_table_has_ten_columns_and_two_indexes() {
    let statements = parsed(400);
    let tables = tables(&statements);
    assert_eq!(tables.len(), 400);
    for table in &tables {
        assert_eq!(table.columns.len(), 10, "{}", table.name);
    }
    let indexes = statements
        .iter()
        .filter(|s| matches!(s, Statement::CreateIndex(_)))
        .count();
    assert_eq!(indexes, 800);
}

#[test]
fn there_are_three_foreign_keys_for_two_tables() {
    let statements = parsed(400);
    let inline = tables(&statements)
        .iter()
        .flat_map(|t| &t.constraints)
        .filter(|c| matches!(c, TableConstraint::ForeignKey(_)))
        .count();
    let added = statements
        .iter()
        .filter_map(|s| match s {
            Statement::AlterTable(alter) => Some(&alter.operations),
            _ => None,
        })
        .flatten()
        .filter(|o| matches!(o, AlterTableOperation::AddConstraint { .. }))
        .count();
    assert_eq!(inline + added, 600);
    assert!(added >= 100, "{added} stand apart");
    let column_level = tables(&statements)
        .iter()
        .flat_map(|t| &t.columns)
        .flat_map(|c| &c.options)
        .any(|o| matches!(o.option, ColumnOption::ForeignKey(_)));
    assert!(!column_level);
}

#[test]
fn the_text_depends_on_the_number_of_tables_only() {
    assert_eq!(generate::schema(60), generate::schema(60));
    assert_ne!(generate::schema(60), generate::schema(61));
}

#[test]
fn postgresql_loads_it() {
    let Some(database) = postgres::database() else {
        return;
    };
    database.psql(&generate::schema(120)).unwrap();
    let count: i64 = database
        .client()
        .query_one(
            "SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'area%'",
            &[],
        )
        .unwrap()
        .get(0);
    assert_eq!(count, 120);
}

#[test]
fn a_schema_may_have_more_files_than_a_process_may_open() {
    let folder = Folder::with(&[("schema/schema.sql", &generate::schema(60))]);
    let program = env!("CARGO_BIN_EXE_schemagen");
    let output = Command::new("sh")
        .args(["-c", "ulimit -n 40 && exec \"$0\" build --quiet", program])
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{stderr}");
    let written = folder.files();
    let pages = written
        .keys()
        .filter(|path| path.starts_with("generated/docs/"));
    assert!(pages.count() >= 60, "{stderr}");
}
