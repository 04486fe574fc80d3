//! Plans for SQLite, run: `tests/fixtures/plan_sqlite/NAME.sql` holds two schemas and rows of the
//! first. The plan is run up and down on a database that has the rows; afterwards the schema is the
//! one that is made from nothing, and every row is there with what both sides have columns for.

use rusqlite::Connection;
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::{Catalog, Notes, ObjectId, Pair, QualifiedName, Table};
use schemagen::plan::{self, Plan};

use crate::support::catalogs::Sources;
use crate::support::sqlite::{complaints, database, rows, schema_text, snapshot};

/// The parts of a fixture.
pub(crate) struct Case {
    pub(crate) before: String,
    pub(crate) rows: String,
    pub(crate) after: String,
}

fn case(text: &str) -> Case {
    let part = |from: &str, to: &str| {
        let start = text.find(from).map(|at| at + from.len());
        let rest = &text[start.unwrap_or_else(|| panic!("a fixture has a part {from}"))..];
        rest[..rest.find(to).unwrap_or(rest.len())].to_owned()
    };
    Case {
        before: part("-- BEFORE\n", "-- ROWS\n"),
        rows: part("-- ROWS\n", "-- AFTER\n"),
        after: part("-- AFTER\n", "-- END\n"),
    }
}

pub(crate) fn catalog(text: &str) -> Catalog {
    let sources = Sources::of_sql(text);
    let loaded = sources.load(Dialect::Sqlite);
    let errors = sources.errors(&loaded);
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    loaded.catalog
}

/// A plan that is proved.
pub(crate) fn planned(before: &Catalog, after: &Catalog) -> Plan {
    let version = TargetVersion::default_of(Dialect::Sqlite);
    let plan = plan::plan(Pair { before, after }, version);
    let said: Vec<_> = plan.diagnostics.iter().map(|d| &d.headline).collect();
    assert!(
        plan.is_proved(),
        "{:?} {said:?}\n{}",
        plan.remaining,
        plan.sql()
    );
    plan
}

/// The renames of the catalog after, seen from behind.
fn with_renames_back(mut before: Catalog, after: &Catalog) -> Catalog {
    for (id, notes) in &after.notes {
        let Some(old) = &notes.renamed_from else {
            continue;
        };
        let was = former(after, &id.name);
        let (old_id, new) = match &id.member {
            Some(member) => (ObjectId::column(&was, old), member),
            None => (
                ObjectId {
                    name: was,
                    ..id.clone()
                },
                &id.name.name,
            ),
        };
        let notes = Notes {
            renamed_from: Some(new.clone()),
            ..Notes::default()
        };
        before.notes.insert(old_id, notes);
    }
    before
}

/// The name that a table had.
fn former(after: &Catalog, name: &QualifiedName) -> QualifiedName {
    let notes = after.notes(&ObjectId::table(name));
    let was = notes.and_then(|n| n.renamed_from.clone());
    name.sibling(was.unwrap_or_else(|| name.name.clone()))
}

/// A query of the columns that both sides have, for either side, of every table that stays.
fn shared(before: &Catalog, after: &Catalog) -> Vec<(String, String)> {
    let quote = |name: &str| Dialect::Sqlite.quote(name).into_owned();
    let mut out = Vec::new();
    for new in after.tables.values() {
        let like = |t: &&Table| {
            t.name
                .name
                .eq_ignore_ascii_case(&former(after, &new.name).name)
        };
        let Some(old) = before.tables.values().find(like) else {
            continue;
        };
        let (mut was, mut is) = (Vec::new(), Vec::new());
        // What is computed is no data.
        for column in new.columns.iter().filter(|c| c.generated.is_none()) {
            let notes = after.notes(&ObjectId::column(&new.name, &column.name));
            let from = notes.and_then(|n| n.renamed_from.as_ref());
            let from = from.unwrap_or(&column.name);
            let mut columns = old.columns.iter();
            if let Some(found) = columns.find(|c| c.name.eq_ignore_ascii_case(from)) {
                was.push(quote(&found.name));
                is.push(quote(&column.name));
            }
        }
        let select = |columns: Vec<String>, table: &Table| {
            let list = columns.join(", ");
            format!(
                "SELECT {list} FROM {} ORDER BY {list}",
                quote(&table.name.name)
            )
        };
        if !was.is_empty() {
            out.push((select(was, old), select(is, new)));
        }
    }
    out
}

/// Runs the plan and holds the database against one made from nothing.
fn run(connection: &Connection, plan: &Plan, want: &str) {
    let sql = plan.sql();
    connection
        .execute_batch(&sql)
        .unwrap_or_else(|e| panic!("{e}\n{sql}"));
    assert_eq!(complaints(connection), Vec::<String>::new(), "{sql}");
    assert!(connection.is_autocommit(), "a transaction is open\n{sql}");
    let made = database(want);
    let (got, wanted) = (snapshot(connection), snapshot(&made));
    assert_eq!(got, wanted, "{sql}");
    // What pragmas do not show: checks, names of constraints, orders of columns in texts.
    let (got, wanted) = (catalog(&schema_text(connection)), catalog(want));
    let rest = planned(&got, &wanted);
    assert_eq!(rest.sql(), "", "differs still, after\n{sql}");
}

/// There and back; gives the database as it is there to `look`.
pub(crate) fn travel(case: &Case, look: impl Fn(&Connection, &Plan)) {
    let journey = there(case, look);
    let (before, after) = (&journey.before, &journey.after);
    let down = planned(after, before);
    run(&journey.connection, &down, &case.before);
    let now = journey.shared.iter().map(|q| &*q.0);
    let now: Vec<_> = now.map(|q| rows(&journey.connection, q)).collect();
    assert_eq!(now, journey.held, "rows differ, after\n{}", down.sql());
}

pub(crate) struct Journey {
    connection: Connection,
    before: Catalog,
    after: Catalog,
    shared: Vec<(String, String)>,
    held: Vec<Vec<String>>,
}

/// There alone.
pub(crate) fn there(case: &Case, look: impl Fn(&Connection, &Plan)) -> Journey {
    let connection = database(&case.before);
    let seeded = connection.execute_batch(&case.rows);
    seeded.unwrap_or_else(|e| panic!("{e}\n{}", case.rows));
    let after = catalog(&case.after);
    let before = with_renames_back(catalog(&case.before), &after);
    let shared = shared(&before, &after);
    let held: Vec<_> = shared.iter().map(|q| rows(&connection, &q.0)).collect();
    let up = planned(&before, &after);
    run(&connection, &up, &case.after);
    let now: Vec<_> = shared.iter().map(|q| rows(&connection, &q.1)).collect();
    assert_eq!(now, held, "rows differ, after\n{}", up.sql());
    look(&connection, &up);
    Journey {
        connection,
        before,
        after,
        shared,
        held,
    }
}

fn fixture(name: &str) -> Case {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/plan_sqlite");
    let path = format!("{folder}/{name}.sql");
    case(&std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}")))
}

fn no_look(_: &Connection, _: &Plan) {}

#[test]
fn computed_columns_come_behind_what_they_read() {
    travel(&fixture("computed"), |_, plan| {
        let sql = plan.sql();
        assert!(!sql.contains("CREATE TABLE"), "{sql}");
    });
}

#[test]
fn what_alter_table_can_do_is_done_in_place() {
    travel(&fixture("in_place"), |_, plan| {
        let sql = plan.sql();
        for word in ["PRAGMA", "INSERT", "DROP TABLE"] {
            assert!(!sql.contains(word), "{sql}");
        }
        assert!(plan.groups().iter().all(|g| g.transactional));
    });
}

#[test]
fn a_table_is_rebuilt_with_its_rows_and_all_that_reads_it() {
    travel(&fixture("rebuilt"), |connection, plan| {
        assert_eq!(plan.sql().matches("INSERT INTO users_new").count(), 1);
        assert!(plan.groups().iter().all(|g| !g.transactional));
        // The numbers of deleted rows are not given again.
        let next = "INSERT INTO users (email) VALUES ('next@x') RETURNING id";
        connection.execute_batch("BEGIN").expect("BEGIN");
        assert_eq!(rows(connection, next), ["Integer(42)"]);
        assert_eq!(rows(connection, "SELECT count(*) FROM log"), ["Integer(4)"]);
        connection.execute_batch("ROLLBACK").expect("ROLLBACK");
        // ON DELETE CASCADE looked away.
        assert_eq!(
            rows(connection, "SELECT count(*) FROM posts"),
            ["Integer(2)"]
        );
    });
}

#[test]
fn renames_keep_rows_and_references() {
    travel(&fixture("renamed"), |connection, _| {
        let author = "SELECT full_name FROM people JOIN books ON books.author = people.id";
        assert_eq!(rows(connection, author), ["Text(\"Ada\")"]);
    });
}

#[test]
fn kinds_of_tables_change_with_their_rows() {
    travel(&fixture("kinds"), no_look);
}

#[test]
fn full_text_indexes_stay_where_they_can_and_are_filled_where_not() {
    travel(&fixture("full_text"), |connection, plan| {
        let found = |query: &str| rows(connection, query);
        assert_eq!(
            found("SELECT rowid FROM notes_index WHERE notes_index MATCH 'second'"),
            ["Integer(7)"]
        );
        assert_eq!(
            found("SELECT title FROM loose WHERE loose MATCH 'hello'"),
            ["Text(\"hello world\")"]
        );
        assert_eq!(
            found("SELECT rowid FROM posts_index WHERE posts_index MATCH 'text'"),
            ["Integer(3)"]
        );
        assert!(!plan.sql().contains("TABLE notes_index"), "{}", plan.sql());
    });
}

#[test]
fn tables_go_without_taking_rows_of_others() {
    there(&fixture("dropped"), no_look);
}

#[test]
fn what_becomes_not_null_takes_its_default() {
    let connection = database("CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES (NULL, 'x');");
    let before = catalog("CREATE TABLE t (a TEXT, b TEXT);");
    let after = "CREATE TABLE t (a TEXT NOT NULL DEFAULT '-', b TEXT NOT NULL);";
    run(&connection, &planned(&before, &catalog(after)), after);
    let held = rows(&connection, "SELECT a, b FROM t");
    assert_eq!(held, ["Text(\"-\") | Text(\"x\")"]);
}

#[test]
fn names_are_the_same_in_any_case() {
    let (before, after) = (
        catalog(
            "CREATE TABLE Users (Id INTEGER PRIMARY KEY, Name text); CREATE VIEW V AS SELECT 1;",
        ),
        catalog(
            "CREATE TABLE users (id integer PRIMARY KEY, name TEXT); CREATE VIEW v AS SELECT 1;",
        ),
    );
    assert_eq!(planned(&before, &after).sql(), "");
}
