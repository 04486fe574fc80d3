//! The example's migrations under the tools that will run them: sqlx, compiled into a program as an
//! application does it, and dbmate. What they leave in the database is what `schema/` says, and their way
//! down leads back.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::postgres::{self, Database};
use crate::support::program::Folder;

/// What the next release of the example has: a table, a column that is added to one in use, and an index on
/// it, which is built outside of a transaction.
const NEXT: &str = "CREATE TABLE badges (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    made_by uuid REFERENCES users (id)
);
CREATE INDEX badges_made_by_idx ON badges (made_by);
CREATE INDEX users_by_length_idx ON users (length(email));
CREATE FUNCTION badge_count() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM badges; $$;
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of an example with its next release, and its migrations in a layout.
fn released(config: &str, sources: &str, layout: &str, next: &str) -> Folder {
    let folder = Folder::new();
    let settings = fs::read_to_string(root().join(config)).unwrap();
    let more =
        format!("outputs: {{ sql: {{}} }}\nmigrations: {{ folder: history, layout: {layout} }}\n");
    folder.write("schemagen.yaml", settings + &more);
    copy(sources, &folder, sources);
    if layout == "sqlx" {
        // As they are committed, not as they would be made today.
        copy("generated/migrations", &folder, "history");
    } else {
        folder
            .run(&["build", "--version", "20260101000000"])
            .expect(0);
    }
    folder.write(&format!("{sources}/next.sql"), next);
    folder
        .run(&["build", "--version", "20260102000000"])
        .expect(0);
    folder.run(&["migrate", "check"]).expect(0);
    folder
}

fn copy(from: &str, folder: &Folder, to: &str) {
    for entry in fs::read_dir(root().join(from)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        folder.write(&format!("{to}/{name}"), fs::read(&path).unwrap());
    }
}

/// A URL of a socket that has a host, without which some programs take none.
fn with_host(url: &str) -> String {
    url.replace("postgres@/", "postgres@localhost/")
}

/// Runs a program that must succeed.
#[track_caller]
fn succeed(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{command:?}\n{said}");
}

/// A database as the platform hands it out.
fn platform() -> Option<Database> {
    let database = postgres::database()?;
    database
        .psql(include_str!("../fixtures/example/platform.sql"))
        .unwrap();
    Some(database)
}

/// The database holds what `schema/` says, and what one does that was loaded from the whole schema at once.
#[track_caller]
fn is_as_loaded(folder: &Folder, database: &str) {
    let diff = folder.run(&["diff", database, "schema", "--exit-code"]);
    assert_eq!(diff.code, 0, "{}\n{}", diff.stdout, diff.stderr);
    let Some(whole) = platform() else {
        return;
    };
    whole.psql(&folder.read("generated/schema.sql")).unwrap();
    assert_eq!(read(folder, database), read(folder, &whole.url()));
}

fn read(folder: &Folder, database: &str) -> String {
    folder
        .run(&["inspect", database, "--format", "sql"])
        .expect(0)
        .stdout
}

#[test]
fn sqlx_runs_them_up_down_and_up_again() {
    let Some(database) = platform() else {
        return;
    };
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run_sqlx");
    let mut compile = Command::new(env!("CARGO"));
    compile
        .args(["build", "--quiet", "--locked"])
        .current_dir(root().join("tests/fixtures/migration_tools/sqlx"))
        .env("CARGO_TARGET_DIR", &program);
    succeed(&mut compile);
    let folder = released("schemagen.yaml", "schema", "sqlx", NEXT);
    let files: Vec<String> = folder.files().into_keys().collect();
    let alone =
        |f: &&String| f.starts_with("history/") && folder.read(f).starts_with("-- no-transaction");
    assert!(
        files.iter().find(alone).is_some(),
        "an index is built outside of a transaction: {files:?}"
    );
    let before = read(&folder, &database.url());
    let run = |more: &[&str]| {
        let mut command = Command::new(program.join("debug/run-sqlx"));
        let url = with_host(&database.url());
        command
            .args([&url, "history"])
            .args(more)
            .current_dir(folder.path());
        succeed(&mut command);
    };
    run(&[]);
    is_as_loaded(&folder, &database.url());
    run(&["0"]);
    assert_eq!(read(&folder, &database.url()), before);
    run(&[]);
    // Nothing is left to do, and nothing that ran has another checksum.
    run(&[]);
    is_as_loaded(&folder, &database.url());
}

/// Where `scripts/fetch-dbmate` has put dbmate, or where it is installed.
#[expect(
    clippy::print_stderr,
    reason = "a skipped test has no other way to say so"
)]
fn dbmate() -> Option<PathBuf> {
    let home = env::var_os("HOME").map(|h| Path::new(&h).join(".cache"));
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home);
    let fetched = cache.map(|c| c.join("schemagen/dbmate/dbmate"));
    let path = env::var_os("PATH").unwrap_or_default();
    let installed = env::split_paths(&path).map(|folder| folder.join("dbmate"));
    let found = fetched.into_iter().chain(installed).find(|f| f.is_file());
    if found.is_none() {
        let missing = "dbmate is not there; scripts/fetch-dbmate fetches it from npm";
        assert!(env::var_os("CI").is_none(), "CI is set, and {missing}");
        eprintln!("skipped: {missing}");
    }
    found
}

/// Runs them all, takes them all back one by one, and runs them again.
fn up_down_and_up_again(
    dbmate: &Path,
    tool_url: &str,
    folder: &Folder,
    database: &str,
    holds: impl Fn(),
) {
    let before = read(folder, database);
    let run = |what: &str| {
        let mut command = Command::new(dbmate);
        command
            .args([
                "--url",
                tool_url,
                "--migrations-dir",
                "history",
                "--no-dump-schema",
                what,
            ])
            .current_dir(folder.path());
        succeed(&mut command);
    };
    let files = folder.files().into_keys();
    let migrations = files.filter(|f| f.starts_with("history/")).count();
    assert!(migrations > 1, "there is the first and the next release");
    run("migrate");
    holds();
    for _ in 0..migrations {
        run("rollback");
    }
    assert_eq!(read(folder, database), before);
    run("migrate");
    holds();
}

#[test]
fn dbmate_runs_them_up_down_and_up_again() {
    let (Some(database), Some(dbmate)) = (platform(), dbmate()) else {
        return;
    };
    let folder = released("schemagen.yaml", "schema", "dbmate", NEXT);
    let url = database.url();
    let tool_url = with_host(&url).replace("?host=", "?socket=") + "&sslmode=disable";
    let holds = || is_as_loaded(&folder, &url);
    up_down_and_up_again(&dbmate, &tool_url, &folder, &url, holds);
}

#[test]
fn dbmate_runs_those_of_sqlite_up_down_and_up_again() {
    let Some(dbmate) = dbmate() else {
        return;
    };
    let next = "CREATE TABLE badges (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
                CREATE INDEX user_stories_title_idx ON user_stories (title);";
    let folder = released("schemagen-sqlite.yaml", "schema-sqlite", "dbmate", next);
    let path = folder.path().join("a.db");
    drop(
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch("PRAGMA user_version = 1"),
    );
    let tool_url = format!("sqlite:{}", path.display());
    let holds = || {
        let diff = folder.run(&["diff", "sqlite:a.db", "schema-sqlite", "--exit-code"]);
        assert_eq!(diff.code, 0, "{}\n{}", diff.stdout, diff.stderr);
    };
    up_down_and_up_again(&dbmate, &tool_url, &folder, "sqlite:a.db", holds);
}
