//! Chains of migrations, and what is told of them.

use super::*;
use crate::diagnostic::FileId;
use crate::source::SourceKind;

fn told(dialect: Dialect, migrations: &[(&str, &str)]) -> History {
    let mut chronicle = Chronicle::new(TargetVersion::default_of(dialect));
    for (label, text) in migrations {
        let file = SourceFile {
            id: FileId(0),
            path: String::new(),
            kind: SourceKind::Sql,
            text: (*text).to_owned(),
            external: false,
        };
        chronicle.add(label, String::new(), &file);
    }
    chronicle.finish()
}

fn since(history: &History, table: &str, column: &str) -> (usize, usize) {
    let name = history.tables.keys().find(|t| t.name == table).unwrap();
    let life = &history.tables[name];
    let since = match column {
        "" => life.table,
        column => life.columns[column],
    };
    (since.introduced, since.changed)
}

#[test]
fn tables_and_columns_know_their_migrations() {
    let history = told(
        Dialect::Postgres,
        &[
            (
                "1_initial",
                "CREATE TABLE a (id int, b int); CREATE TABLE c (id int);",
            ),
            (
                "2_more",
                "ALTER TABLE a ADD COLUMN d int; ALTER TABLE a RENAME b TO e;",
            ),
            (
                "3_less",
                "-- Nobody used it.\nDROP TABLE c; ALTER TABLE a RENAME TO f;",
            ),
            ("4_none", "CREATE INDEX i ON public.f (id); DROP INDEX i;"),
        ],
    );
    assert_eq!(since(&history, "f", ""), (0, 3));
    assert_eq!(since(&history, "f", "d"), (1, 1));
    assert_eq!(since(&history, "f", "e"), (0, 1));
    let third = &history.migrations[2];
    assert_eq!(third.summary, "Nobody used it");
    assert_eq!(third.hazards, ["deletes-data: table public.c is dropped"]);
    assert_eq!(third.renamed.len(), 1);
    assert_eq!(history.migrations[1].summary, "More");
    assert_eq!(history.migrations[0].created.len(), 2);
    assert!(history.migrations[0].changed.is_empty());
}

#[test]
fn a_table_that_is_rebuilt_is_the_same_one() {
    let history = told(
        Dialect::Sqlite,
        &[
            ("1_initial", "CREATE TABLE a (id int, b int);"),
            (
                "2_rebuild",
                "CREATE TABLE new_a (id int, c int); INSERT INTO new_a SELECT id, 1 FROM a; \
                 DROP TABLE a; ALTER TABLE new_a RENAME TO a;",
            ),
        ],
    );
    assert_eq!(since(&history, "a", ""), (0, 1));
    assert_eq!(since(&history, "a", "id"), (0, 0));
    assert_eq!(since(&history, "a", "c"), (1, 1));
    let second = &history.migrations[1];
    assert!(second.created.is_empty() && second.dropped.is_empty());
    assert_eq!(second.hazards, ["deletes-data: column a.b is dropped"]);
}

#[test]
fn a_whole_schema_is_told_as_its_statements_are() {
    let text = "CREATE TABLE a (id int);";
    let one = told(Dialect::Postgres, &[("1_x", text)]);
    let mut catalog = Catalog::default();
    let table = Table {
        name: QualifiedName::new("public", "a"),
        columns: vec![crate::model::Column {
            name: "id".into(),
            ..crate::model::Column::default()
        }],
        ..Table::default()
    };
    catalog.tables.insert(table.name.clone(), table);
    let mut other = Chronicle::new(TargetVersion::default_of(Dialect::Postgres));
    other.add_whole("1_x", String::new(), "X", &catalog);
    assert_eq!(one, other.finish());
}
