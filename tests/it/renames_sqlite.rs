//! A rename in SQLite is followed in views and triggers as SQLite follows it: each statement is run by
//! both, and what SQLite then holds is what the fold has.

use schemagen::dialect::Dialect;
use schemagen::diff::{Options, compare};
use schemagen::model::Pair;

use crate::diff::lines;
use crate::plan_sqlite::catalog;
use crate::support::sqlite::{database, schema_text};

const SCHEMA: &str = r#"
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body TEXT, parent INTEGER REFERENCES notes (id));
CREATE TABLE log (id INTEGER PRIMARY KEY, title TEXT);
CREATE VIRTUAL TABLE notes_fts USING fts5(title, body, content='notes', content_rowid='id');
CREATE INDEX notes_title ON notes (lower(title)) WHERE title IS NOT NULL;
CREATE VIEW titles AS SELECT id AS id, title AS title, (SELECT max(log.title) FROM log) AS latest FROM notes WHERE title > 'x';
CREATE VIEW both AS SELECT n.title, l.title AS of_log FROM notes n JOIN log l ON l.id = n.id ORDER BY n.title;
CREATE VIEW nested AS SELECT t.title FROM titles t WHERE EXISTS (SELECT 1 FROM notes WHERE notes.id = t.id AND body = 'x');
CREATE TRIGGER inserted AFTER INSERT ON notes WHEN new.title <> '' BEGIN
  INSERT INTO notes_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER updated AFTER UPDATE OF title ON notes BEGIN
  UPDATE notes SET title = 'x', parent = NULL WHERE parent = new.id AND notes.title <> old.title;
  INSERT INTO log (title) VALUES (new.title);
  DELETE FROM log WHERE title = old.title;
  INSERT INTO notes_fts (notes_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END;
"#;

const STATEMENTS: &[&str] = &[
    "ALTER TABLE notes RENAME COLUMN title TO heading;",
    "ALTER TABLE log RENAME COLUMN title TO heading;",
    "ALTER TABLE notes RENAME COLUMN body TO content;",
    "ALTER TABLE notes RENAME COLUMN parent TO above;",
    "ALTER TABLE notes RENAME COLUMN id TO number;",
    "ALTER TABLE notes RENAME TO pages;",
    "ALTER TABLE log RENAME TO journal;",
];

#[test]
fn views_and_triggers_follow_as_in_the_database() {
    for statement in STATEMENTS {
        let connection = database(SCHEMA);
        connection
            .execute_batch(statement)
            .unwrap_or_else(|why| panic!("{statement}: {why}"));
        let there = catalog(&schema_text(&connection));
        let here = catalog(&format!("{SCHEMA}{statement}"));
        let comparison = compare(Pair::new(&there, &here), &Options::new(Dialect::Sqlite));
        let differ: Vec<String> = comparison.changes.iter().flat_map(lines).collect();
        assert!(differ.is_empty(), "{statement}\n{}", differ.join("\n"));
    }
}
