//! `strategy: expand-contract`: both acts as files, on a server, with rows and two generations of programs.

use std::fs;

use crate::support::postgres::{self, Database};
use crate::support::program::Folder;

fn schema(folder: &Folder, text: &str) {
    folder.write("schema/schema.sql", text);
}

fn project(first: &str) -> Folder {
    let folder = Folder::new();
    let config = "outputs: { sql: {} }\nmigrations: { folder: history, layout: sqlx }\n";
    folder.write("schemagen.yaml", config);
    schema(&folder, first);
    folder.run(&["build", "--version", "1"]).expect(0);
    folder
}

/// The ways up, by their names, that are not among those.
fn ups(folder: &Folder, known: &[String]) -> Vec<String> {
    let files = folder.files().into_keys();
    let mut found: Vec<String> = files
        .filter(|f| f.ends_with(".up.sql") && !known.contains(f))
        .collect();
    found.sort();
    found
}

/// Runs files as sqlx does.
fn apply(database: &Database, folder: &Folder, files: &[String]) {
    for file in files {
        let text = folder.read(file);
        let wrapped = match text.starts_with("-- no-transaction") {
            true => text.clone(),
            false => format!("BEGIN;\n{text}\nCOMMIT;\n"),
        };
        let mut client = database.client();
        if let Err(error) = client.batch_execute(&wrapped) {
            panic!("{file}: {error:?}\n{text}");
        }
    }
}

fn downs(files: &[String]) -> Vec<String> {
    let down = files
        .iter()
        .rev()
        .map(|f| f.replace(".up.sql", ".down.sql"));
    down.collect()
}

fn read(database: &Database, query: &str) -> Vec<String> {
    let mut client = database.client();
    let rows = client.query(query, &[]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// What the server has, as the program reads it.
fn inspected(database: &Database) -> String {
    let read = Folder::new().run(&["inspect", &database.url(), "--format", "sql"]);
    let text = read.expect(0).stdout;
    let mut lines: Vec<&str> = text
        .lines()
        .map(|l| l.trim().trim_end_matches(','))
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}

const INTEGERS: &str = "
CREATE TABLE users (id integer PRIMARY KEY, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
CREATE INDEX users_id_name_idx ON users (id, name);
CREATE VIEW names AS SELECT id, name FROM users;
";

fn wide() -> String {
    INTEGERS.replace(
        "id integer PRIMARY KEY,",
        "id bigint PRIMARY KEY, -- schemagen:expand-contract\n",
    )
}

#[test]
fn a_key_gets_another_type_in_two_acts() {
    let (Some(database), Some(wanted)) = (postgres::database(), postgres::database()) else {
        return;
    };
    let old = postgres::database().unwrap();
    old.psql(INTEGERS).unwrap();
    let folder = project(INTEGERS);
    let first = ups(&folder, &[]);
    apply(&database, &folder, &first);
    database
        .psql("INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 5000) n; INSERT INTO orders SELECT n, n FROM generate_series(1, 100) n;")
        .unwrap();
    schema(&folder, &wide());
    folder.run(&["build", "--version", "2"]).expect(0);
    let expanding = ups(&folder, &first);
    let text: String = expanding.iter().map(|f| folder.read(f)).collect();
    assert!(
        text.contains("-- expands: public.users (id, id_new, id)"),
        "{text}"
    );
    apply(&database, &folder, &expanding);
    // Programs that know nothing of it write on, and what was there is filled.
    database
        .psql("INSERT INTO users VALUES (6000, 'late'); UPDATE users SET id = 7000 WHERE id = 4000")
        .unwrap();
    let apart = "SELECT count(*)::text FROM users WHERE id_new IS DISTINCT FROM id";
    assert_eq!(read(&database, apart), ["0"]);
    // Meanwhile its objects are nobody's business.
    folder.run(&["build", "--check"]).expect(0);
    folder.run(&["diff", "--exit-code"]).expect(0);
    folder.run(&["migrate", "check"]).expect(0);
    // The first act leads back, and comes again.
    apply(&database, &folder, &downs(&expanding));
    assert_eq!(inspected(&database), inspected(&old));
    apply(&database, &folder, &expanding);
    assert_eq!(read(&database, apart), ["0"]);
    let mut known = first.clone();
    known.extend(expanding);
    folder
        .run(&[
            "migrate",
            "new",
            "--contract",
            "wide_users",
            "--version",
            "20",
        ])
        .expect(0);
    let contracting = ups(&folder, &known);
    apply(&database, &folder, &contracting);
    wanted.psql(&wide()).unwrap();
    assert_eq!(inspected(&database), inspected(&wanted));
    assert_eq!(
        read(&database, "SELECT count(*)::text FROM users"),
        ["5001"]
    );
    assert_eq!(
        read(&database, "SELECT name FROM users WHERE id = 7000"),
        ["u4000"]
    );
    folder.run(&["build", "--check"]).expect(0);
    folder.run(&["migrate", "check"]).expect(0);
    folder
        .run(&["migrate", "new", "--contract", "again"])
        .expect(2);
}

const NAMED: &str = "
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
CREATE INDEX users_name_idx ON users (name);
";

const RENAMED: &str = "
CREATE TABLE users (id bigint PRIMARY KEY,
    -- schemagen:renamed-from name
    -- schemagen:expand-contract
    full_name text NOT NULL);
CREATE INDEX users_full_name_idx ON users (full_name);
";

#[test]
fn a_column_gets_another_name_in_two_acts() {
    let (Some(database), Some(wanted)) = (postgres::database(), postgres::database()) else {
        return;
    };
    let folder = project(NAMED);
    let first = ups(&folder, &[]);
    apply(&database, &folder, &first);
    database
        .psql("INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 3000) n")
        .unwrap();
    schema(&folder, RENAMED);
    folder.run(&["build", "--version", "2"]).expect(0);
    let expanding = ups(&folder, &first);
    apply(&database, &folder, &expanding);
    // Both generations of programs write.
    database
        .psql("INSERT INTO users (id, name) VALUES (4001, 'old'); INSERT INTO users (id, full_name) VALUES (4002, 'new');
               UPDATE users SET name = 'older' WHERE id = 1; UPDATE users SET full_name = 'newer' WHERE id = 2;")
        .unwrap();
    let apart = "SELECT count(*)::text FROM users WHERE name IS DISTINCT FROM full_name";
    assert_eq!(read(&database, apart), ["0"]);
    let names = "SELECT full_name FROM users WHERE id IN (1, 2, 4001, 4002) ORDER BY id";
    assert_eq!(read(&database, names), ["older", "newer", "old", "new"]);
    folder.run(&["build", "--check"]).expect(0);
    folder
        .run(&[
            "migrate",
            "new",
            "--contract",
            "full_names",
            "--version",
            "20",
        ])
        .expect(0);
    let mut known = first.clone();
    known.extend(expanding);
    let contracting = ups(&folder, &known);
    apply(&database, &folder, &contracting);
    wanted.psql(RENAMED).unwrap();
    assert_eq!(inspected(&database), inspected(&wanted));
    assert_eq!(read(&database, names), ["older", "newer", "old", "new"]);
    folder.run(&["build", "--check"]).expect(0);
    assert!(fs::metadata(folder.path().join("history")).is_ok());
}
