//! The files of a schema are in no order: what removes or replaces another file's object is refused,
//! by whatever names the files have, and is fine within one file and in migrations.

use schemagen::dialect::Dialect;

use crate::support::catalogs::Sources;
use crate::support::program::Folder;

const TABLE: &str = "CREATE TABLE t (id bigint PRIMARY KEY, a text DEFAULT 'x', b int NOT NULL,\n  \
                     CONSTRAINT positive CHECK (b > 0));\nCREATE INDEX t_a_idx ON t (a);\n\
                     CREATE VIEW v AS SELECT id FROM t;\nCREATE TYPE mood AS ENUM ('sad', 'ok');\n\
                     CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n\
                     CREATE POLICY mine ON t USING (id > 1);\n";

const REMOVING: &[&str] = &[
    "DROP VIEW v;",
    "DROP VIEW IF EXISTS v;",
    "DROP INDEX t_a_idx;",
    "DROP FUNCTION f();",
    "DROP POLICY mine ON t;",
    "ALTER TABLE t RENAME TO u;",
    "ALTER TABLE t RENAME COLUMN a TO c;",
    "ALTER TABLE t RENAME CONSTRAINT positive TO negative;",
    "ALTER TABLE t ALTER COLUMN b TYPE bigint;",
    "ALTER TABLE t ALTER COLUMN b DROP NOT NULL;",
    "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'y';",
    "ALTER TABLE t DROP COLUMN a;",
    "ALTER TABLE t DROP COLUMN IF EXISTS a;",
    "ALTER TABLE t DROP CONSTRAINT positive;",
    "ALTER TABLE t DROP CONSTRAINT IF EXISTS positive;",
    "ALTER TABLE IF EXISTS t DROP COLUMN a;",
    "ALTER TABLE t SET SCHEMA s;",
    "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';",
    "ALTER POLICY mine ON t USING (true);",
    "CREATE OR REPLACE VIEW v AS SELECT id, a FROM t;",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
];

/// The errors of a schema of two files, under either order of their names.
fn errors(one: &str, other: &str) -> [Vec<String>; 2] {
    [("a.sql", "b.sql"), ("b.sql", "a.sql")].map(|(first, second)| {
        let mut sources = Sources::default();
        sources.add("0.sql", "CREATE SCHEMA s;");
        sources.add(first, one);
        sources.add(second, other);
        let loaded = sources.load(Dialect::Postgres);
        sources.errors(&loaded)
    })
}

#[test]
fn another_files_object_is_not_removed() {
    for statement in REMOVING {
        for errors in errors(TABLE, statement) {
            assert_eq!(errors.len(), 1, "{statement}: {errors:#?}");
            // Where the replacement is read first, the other one is a second declaration.
            let twice = statement.starts_with("CREATE") && errors[0].contains("declared twice");
            assert!(
                twice
                    || errors[0].contains("[resolve/other-file]") && errors[0].contains(".sql:1:"),
                "{statement}: {errors:?}"
            );
        }
    }
}

#[test]
fn within_one_file_the_order_is_that_of_the_file() {
    for statement in REMOVING {
        let sources = Sources::of_sql(&format!("CREATE SCHEMA s;\n{TABLE}{statement}"));
        let loaded = sources.load(Dialect::Postgres);
        let errors = sources.errors(&loaded);
        assert!(errors.is_empty(), "{statement}: {errors:?}");
    }
}

#[test]
fn what_adds_stands_in_any_file() {
    for statement in [
        "DROP TABLE IF EXISTS u; CREATE TABLE u (id int);",
        "ALTER TABLE t ADD COLUMN c int; ALTER TABLE t DROP COLUMN c;",
        "ALTER TABLE t DROP CONSTRAINT IF EXISTS c; ALTER TABLE t ADD CONSTRAINT c CHECK (b < 9);",
        "ALTER TABLE IF EXISTS t ADD COLUMN c int;",
        "ALTER TABLE IF EXISTS nowhere ADD COLUMN c int;",
        "ALTER TABLE t ALTER COLUMN b SET DEFAULT 1;",
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY;",
        "COMMENT ON TABLE t IS 'x'; GRANT SELECT ON t TO PUBLIC;",
        "CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    ] {
        for errors in errors(TABLE, statement) {
            assert!(errors.is_empty(), "{statement}: {errors:?}");
        }
    }
}

#[test]
fn if_exists_waits_for_the_other_file() {
    let columns = |names: [&str; 2]| {
        let mut sources = Sources::default();
        sources.add(names[0], "CREATE TABLE t (id int);");
        sources.add(names[1], "ALTER TABLE IF EXISTS t ADD COLUMN c int;");
        sources.load(Dialect::Postgres).catalog
    };
    assert_eq!(columns(["a.sql", "b.sql"]), columns(["b.sql", "a.sql"]));
}

#[test]
fn the_report_says_why_and_what_to_do() {
    let folder = Folder::with(&[
        ("schema/tables.sql", TABLE),
        ("schema/clean.sql", "-- Old\nDROP VIEW v;\n"),
    ]);
    let run = folder.run(&["build"]).expect(2);
    for text in [
        "--> schema/clean.sql:2:1",
        "made here",
        "schema/tables.sql",
        "in no order",
        "migrations",
    ] {
        assert!(run.stderr.contains(text), "no {text:?} in:\n{}", run.stderr);
    }
}

#[test]
fn migrations_are_in_order() {
    let folder = Folder::with(&[
        ("migrations/20260101000000_one.up.sql", TABLE),
        (
            "migrations/20260102000000_two.up.sql",
            "DROP VIEW v;\nALTER TABLE t RENAME TO u;\n",
        ),
        ("migrations/20260103000000_three.up.sql", "DROP TABLE u;\n"),
    ]);
    let run = folder.run(&["render", "sql", "migrations"]).expect(0);
    assert!(!run.stdout.contains("CREATE TABLE"), "{}", run.stdout);
}
