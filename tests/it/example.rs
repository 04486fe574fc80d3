//! The example in `schema/` and `schema-sqlite/`: free of findings, loadable, and doing at run time
//! what it says.

use std::fs;
use std::path::Path;

use schemagen::dialect::Dialect;

use crate::support::catalogs::{Sources, printed};
use crate::support::postgres;
use crate::support::program::Folder;

const PLATFORM: &str = include_str!("../fixtures/example/platform.sql");

/// The files of a folder of the repository, in the order of their names.
fn files(folder: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs::read_dir(path)
        .expect("the folder of the example")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let text = fs::read_to_string(&path).expect("a text");
            (format!("{folder}/{name}"), text)
        })
        .collect();
    files.sort();
    files
}

fn canonical_sql(folder: &str, dialect: Dialect) -> String {
    let mut sources = Sources::default();
    for (path, text) in files(folder) {
        sources.add(&path, &text);
    }
    let loaded = sources.load(dialect);
    assert_eq!(sources.errors(&loaded), [""; 0]);
    printed(&loaded, dialect)
}

#[test]
fn both_examples_pass_every_check() {
    for (folder, config) in [
        ("schema", "schemagen.yaml"),
        ("schema-sqlite", "schemagen-sqlite.yaml"),
    ] {
        let work = Folder::new();
        for (path, text) in files(folder) {
            work.write(&path, text);
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        work.write(
            config,
            fs::read(root.join(config)).expect("the configuration"),
        );
        let run = work
            .run(&["--config", config, "check", "--format", "json"])
            .expect(0);
        let findings = run.json()["findings"].as_array().cloned();
        assert_eq!(findings, Some(Vec::new()), "{folder}: {}", run.stdout);
    }
}

#[test]
fn half_of_the_example_is_yaml() {
    let all = files("schema");
    let lines = |extension: &str| -> usize {
        let of_kind = all.iter().filter(|(path, _)| path.ends_with(extension));
        of_kind.map(|(_, text)| text.lines().count()).sum()
    };
    let (yaml, sql) = (lines(".yaml"), lines(".sql"));
    assert!(
        yaml > 200 && sql > 200,
        "{yaml} lines of YAML, {sql} of SQL"
    );
}

#[test]
fn triggers_history_and_policies_work_in_postgres() {
    let Some(database) = postgres::database() else {
        return;
    };
    database.psql(PLATFORM).unwrap();
    database
        .psql(&canonical_sql("schema", Dialect::Postgres))
        .unwrap();
    database.psql(BEHAVIOUR).unwrap();
}

/// Each ASSERT names what the schema promises.
const BEHAVIOUR: &str = "
INSERT INTO auth.users VALUES ('00000000-0000-0000-0000-000000000001'), ('00000000-0000-0000-0000-000000000002');
INSERT INTO users (id, email, username, updated_at) VALUES
    ('00000000-0000-0000-0000-000000000001', 'ada@example.org', 'ada', '2020-01-01'),
    ('00000000-0000-0000-0000-000000000002', 'bob@example.org', 'bob', '2020-01-01');
INSERT INTO projects (id, owner_id, name, slug) VALUES
    ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000001', 'Notes', 'notes');
SET request.jwt.claim.sub = '00000000-0000-0000-0000-000000000001';
INSERT INTO tasks (project_id, title) VALUES ('00000000-0000-0000-0000-00000000000a', 'Write');
UPDATE tasks SET title = 'Write more';
UPDATE users SET full_name = 'Ada' WHERE username = 'ada';
DO $$
BEGIN
    ASSERT (SELECT updated_at > '2020-01-02' FROM users WHERE username = 'ada'), 'updated_at is set';
    ASSERT (SELECT updated_at < '2020-01-02' FROM users WHERE username = 'bob'), 'of changed rows only';
    ASSERT (SELECT count(*) = 2 FROM tasks_audit), 'each change is recorded';
    ASSERT (SELECT changed_by = '00000000-0000-0000-0000-000000000001'
        AND row_key = jsonb_build_object('id', new_row -> 'id')
        AND old_row ->> 'title' = 'Write' AND new_row ->> 'title' = 'Write more'
        FROM tasks_audit WHERE operation = 'UPDATE'), 'with who, which row, before and after';
    BEGIN
        UPDATE tasks SET metadata = '{\"estimated_hours\": \"many\"}';
        ASSERT false, 'the shape is checked';
    EXCEPTION WHEN check_violation THEN NULL;
    END;
    UPDATE tasks SET metadata = '{\"estimated_hours\": 8}';
END
$$;
SET ROLE authenticated;
DO $$ BEGIN ASSERT (SELECT count(*) = 1 FROM tasks), 'the owner sees the task'; END $$;
UPDATE tasks SET title = 'Done writing';
SET request.jwt.claim.sub = '00000000-0000-0000-0000-000000000002';
DO $$
BEGIN
    ASSERT (SELECT count(*) = 0 FROM tasks), 'a stranger does not';
    ASSERT (SELECT count(*) = 0 FROM tasks_audit), 'nor its history';
    ASSERT (SELECT count(*) = 1 FROM users), 'nor other people';
END
$$;
RESET ROLE;
DO $$ BEGIN ASSERT (SELECT count(*) = 4 FROM tasks_audit), 'changes under policies are recorded'; END $$;
";

#[test]
fn triggers_and_search_work_in_sqlite() {
    let database = rusqlite::Connection::open_in_memory().expect("SQLite");
    let sql = canonical_sql("schema-sqlite", Dialect::Sqlite);
    database.execute_batch(&sql).expect("the schema loads");
    database
        .execute_batch(
            "INSERT INTO users (id, email, password_hash, updated_at) VALUES ('u', 'a@b', 'x', '2020-01-01');
             UPDATE users SET first_name = 'Ada';
             INSERT INTO projects (id, name, owner_id) VALUES ('p', 'Notes', 'u');
             INSERT INTO user_stories (project_id, title, description) VALUES ('p', 'Search', 'find a story');
             UPDATE user_stories SET description = 'discover a story';",
        )
        .expect("rows are written");
    let count = |query: &str| -> i64 {
        database
            .query_row(query, (), |row| row.get(0))
            .expect("a number")
    };
    assert_eq!(
        count("SELECT count(*) FROM users WHERE updated_at > '2020-01-02'"),
        1
    );
    assert_eq!(
        count("SELECT count(*) FROM stories_fts WHERE stories_fts MATCH 'discover'"),
        1
    );
    assert_eq!(
        count("SELECT count(*) FROM stories_fts WHERE stories_fts MATCH 'find'"),
        0
    );
    let refused = database.execute(
        "INSERT INTO generation_requests (user_id, request_data) VALUES ('u', '{\"prompt\": 3}')",
        (),
    );
    assert!(refused.is_err(), "the shape of request_data is checked");
}
