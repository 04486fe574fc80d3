//! Databases that run: what is read of them makes the same database again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use schemagen::dialect::Dialect;
use schemagen::driver::{Binaries, Server};

use crate::support::corpus;
use crate::support::postgres::{self, Database};
use crate::support::program::{Folder, Run};

/// The roles that the fixtures and the corpus name.
const ROLES: [&str; 3] = ["reader", "writer", "\"Odd Role\""];

fn fixture(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/inspect");
    fs::read_to_string(folder.join(name)).ok()
}

fn inspect(url: &str, more: &[&str]) -> Run {
    let arguments = ["inspect", url, "--history-tables", "--show-passwords"];
    Folder::new().run(&[&arguments, more].concat())
}

/// Loads a script, reads it, loads what was read into an empty database and reads that: equal to the
/// byte.
#[track_caller]
fn holds(old: &Database, new: &Database, what: &str) -> String {
    let first = inspect(&old.url(), &["--format", "sql"]).expect(0).stdout;
    if let Err(said) = new.psql(&first) {
        let errors: Vec<&str> = said.lines().filter(|l| !l.contains("WARNING")).collect();
        panic!("{what}: {}", errors.join("\n"));
    }
    let second = inspect(&new.url(), &["--format", "sql"]).expect(0).stdout;
    assert!(first == second, "{what}: {}", difference(&first, &second));
    first
}

/// The first lines that differ.
fn difference(one: &str, two: &str) -> String {
    let lines = one.lines().zip(two.lines()).find(|(a, b)| a != b);
    let lines = lines.unwrap_or(("one of them ends early", ""));
    format!("\n- {}\n+ {}", lines.0, lines.1)
}

pub(crate) fn with_everything(database: &Database, major: u16) -> String {
    database.roles(&ROLES);
    let newer = (14..=major).map(|m| format!("since_{m}.sql"));
    let mut text = String::new();
    for name in std::iter::once("everything.sql".to_owned()).chain(newer) {
        let Some(script) = fixture(&name) else {
            continue;
        };
        let loaded = database.psql(&script);
        loaded.unwrap_or_else(|e| panic!("PostgreSQL {major}, {name}: {e}"));
        text.push_str(&script);
    }
    text
}

#[test]
fn everything_comes_back_from_the_installed_server() {
    let (Some(old), Some(new)) = (postgres::database(), postgres::database()) else {
        return;
    };
    let major = postgres::binaries().and_then(|b| b.major()).unwrap();
    with_everything(&old, major);
    let text = holds(&old, &new, "everything");
    let left_out = inspect(&old.url(), &["--format", "sql"]);
    assert!(!left_out.stderr.contains("error"), "{}", left_out.stderr);
    for word in [
        "EVENT TRIGGER",
        "SUBSCRIPTION",
        "ATTACH PARTITION",
        "OPERATOR CLASS",
    ] {
        assert!(text.contains(word), "{word} is missing");
    }
    let yaml = inspect(&old.url(), &[]).expect(0).stdout;
    assert!(yaml.contains("tables:"), "{yaml}");
    let (Some(old), Some(new)) = (dump(&old), dump(&new)) else {
        return;
    };
    let lost: Vec<&String> = old.iter().filter(|b| !new.contains(*b)).collect();
    let made: Vec<&String> = new.iter().filter(|b| !old.contains(*b)).collect();
    assert!(
        lost.is_empty() && made.is_empty(),
        "lost {lost:#?}\nmade {made:#?}"
    );
}

/// What pg_dump says about a database, an entry an object: a second opinion on what was read.
fn dump(database: &Database) -> Option<BTreeSet<String>> {
    let text = postgres::pg_dump(database)?;
    // The order of a child's columns that ALTER TABLE ... INHERIT adopts, and the state of a trigger that a
    // partition has from its parent, are not modelled.
    let unmodelled = |entry: &&str| entry.starts_with("adopted") || entry.contains(" on_events;");
    let entries = text.split("\n-- Name: ").skip(1);
    let entries = entries.filter(|e| !unmodelled(e)).map(|entry| {
        let mut lines: Vec<&str> = entry.lines().filter(|l| !l.contains("restrict ")).collect();
        // Privileges stand in the order in which they were given.
        lines.sort_unstable();
        lines.join("\n")
    });
    Some(entries.collect())
}

/// The servers that `scripts/fetch-postgres` has fetched, by major.
pub(crate) fn fetched() -> BTreeMap<u16, Binaries> {
    let named = env::var_os("SCHEMAGEN_PG_MAJORS").map(PathBuf::from);
    let roots = PathBuf::from("/var/tmp/schemagen-postgres");
    let home = env::var_os("HOME").map(|h| Path::new(&h).join(".cache/schemagen/postgres"));
    let folders = named.into_iter().chain([roots]).chain(home);
    let Some(folder) = { folders }.find(|f| f.is_dir()) else {
        return BTreeMap::new();
    };
    let found = (13..=18).filter_map(|major: u16| {
        let folder = folder.join(major.to_string()).join("native/bin");
        Some((major, Binaries::in_folder(&folder)?))
    });
    found.collect()
}

#[test]
fn everything_comes_back_from_every_major() {
    let servers = fetched();
    let majors: Vec<&u16> = servers.keys().collect();
    // Past the test runner, which keeps what a test prints: a build machine's log says what ran.
    let _ = writeln!(
        std::io::stderr(),
        "introspected on the fetched majors {majors:?}"
    );
    for (major, binaries) in &servers {
        let server: Arc<Server> =
            Server::start(binaries, &env::temp_dir()).unwrap_or_else(|e| panic!("{e}"));
        let psql = postgres::psql();
        let (old, new) = (Database::on(&server, &psql), Database::on(&server, &psql));
        with_everything(&old, *major);
        holds(&old, &new, &format!("PostgreSQL {major}"));
    }
}

#[test]
fn real_schemas_come_back() {
    let (Some(schemas), Some(roles)) = (corpus::schemas(), corpus::roles()) else {
        return;
    };
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    // All of them are tried where somebody asks; a build machine takes the last of each project.
    let all = env::var_os("SCHEMAGEN_CORPUS_ALL").is_some();
    let project = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
    let mut tried = 0;
    for (at, schema) in schemas.iter().enumerate() {
        let next = schemas.get(at + 1).map(|s| project(&s.name));
        let last = next != Some(project(&schema.name));
        if schema.dialect == Dialect::Sqlite || !(all || last) {
            continue;
        }
        if schema.name.starts_with("postgrest-fixtures/") {
            // One of its views reads itself, which no CREATE VIEW can say.
            continue;
        }
        let (Some(old), Some(new)) = (postgres::database(), postgres::database()) else {
            return;
        };
        old.roles(&roles);
        let setup = schema.setup.as_ref().map_or("", |(_, text)| text);
        if old
            .psql(setup)
            .and_then(|()| old.psql(&schema.text))
            .is_err()
        {
            // An extension that this machine has not.
            continue;
        }
        holds(&old, &new, &schema.name);
        tried += 1;
    }
    assert!(tried > 10, "only {tried} schemas of the corpus were tried");
}

#[test]
fn passwords_are_masked_unless_they_are_asked_for() {
    let Some(database) = postgres::database() else {
        return;
    };
    database
        .psql(
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
             CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'u', password 'hunter2');
             CREATE SUBSCRIPTION sub CONNECTION 'host=h password=''hunter2'' user=u' PUBLICATION p \
             WITH (connect = false, slot_name = NONE);",
        )
        .unwrap();
    let run = |more: &[&str]| {
        let url = database.url();
        let all = [&["inspect", url.as_str(), "--format", "sql"], more].concat();
        Folder::new().run(&all).expect(0)
    };
    let masked = run(&[]);
    assert!(!masked.stdout.contains("hunter2"), "{}", masked.stdout);
    assert!(!masked.stderr.contains("hunter2"), "{}", masked.stderr);
    assert!(masked.stdout.contains("host=h"), "{}", masked.stdout);
    let told = run(&["--show-passwords"]).stdout;
    assert_eq!(told.matches("hunter2").count(), 2, "{told}");
    database.psql("DROP SUBSCRIPTION sub").unwrap();
}

#[test]
fn a_database_that_cannot_be_read_is_an_error_without_its_password() {
    let folder = Folder::with(&[("empty.db", "SQLite format 3\0 and nothing more")]);
    for url in [
        "postgresql://u:hunter2@127.0.0.1:1/d",
        "postgresql://u:hunter2@127.0.0.1:1/d?sslmode=disable",
        "postgresql://u:hunter2@127.0.0.1:1/d?sslmode=verify-full",
        "postgresql://u:hunter2%zz@h/d",
        "postgresql://u:a/hunter2@h/d",
        "postgresql://u:p@h/d?hunter2=x",
        "sqlite:missing.db",
        "empty.db",
        "git:no-such-revision",
    ] {
        let run = folder.run(&["inspect", url, "--split", "file", "--output", "out"]);
        let run = run.expect(2);
        assert!(run.stderr.contains("error"), "{url}: {}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    assert_eq!(folder.files().len(), 1, "nothing is written");
}

#[test]
fn what_is_left_out_is_counted() {
    let Some(database) = postgres::database() else {
        return;
    };
    database
        .psql(
            "CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY);
             CREATE TABLE tasks (id int PRIMARY KEY, user_id int REFERENCES auth.users);
             CREATE TABLE scratch_1 (id serial); CREATE TABLE _sqlx_migrations (version bigint);
             CREATE INDEX scratch_index ON scratch_1 (id);",
        )
        .unwrap();
    let config = "external_schemas: [auth]\nexclude: [public.scratch*]\n";
    let folder = Folder::with(&[("schemagen.yaml", config)]);
    let run = folder
        .run(&["inspect", &database.url(), "--format", "sql"])
        .expect(0);
    assert!(
        run.stdout.contains("REFERENCES auth.users"),
        "{}",
        run.stdout
    );
    for absent in ["CREATE SCHEMA", "scratch", "_sqlx_migrations"] {
        assert!(!run.stdout.contains(absent), "{absent}\n{}", run.stdout);
    }
    for counted in [
        "1 history tables",
        "objects of external schemas",
        "excluded objects",
    ] {
        assert!(run.stderr.contains(counted), "{counted}\n{}", run.stderr);
    }
}

#[test]
fn what_a_setup_declares_is_not_read_again() {
    let Some(database) = postgres::database() else {
        return;
    };
    let setup = "CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY);";
    database.psql(setup).unwrap();
    database
        .psql("CREATE TABLE tasks (id int PRIMARY KEY, user_id int REFERENCES auth.users);")
        .unwrap();
    let folder = Folder::with(&[("setup.sql", setup)]);
    let url = database.url();
    let arguments = ["inspect", &url, "--format", "sql", "--setup", "setup.sql"];
    let text = folder.run(&arguments).expect(0).stdout;
    assert!(text.contains("CREATE TABLE public.tasks"), "{text}");
    assert!(!text.contains("CREATE TABLE auth.users"), "{text}");
}

#[test]
fn a_sqlite_file_is_read() {
    let folder = Folder::new();
    let path = folder.path().join("a.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT; CREATE INDEX i ON t (a);",
        )
        .unwrap();
    drop(connection);
    for url in ["a.db", "sqlite:a.db"] {
        let text = folder
            .run(&["inspect", url, "--format", "sql"])
            .expect(0)
            .stdout;
        assert!(
            text.contains("STRICT") && text.contains("CREATE INDEX i"),
            "{text}"
        );
    }
}

#[test]
fn revisions_of_git_are_read_without_a_checkout() {
    let folder = Folder::with(&[("schema/a.sql", "CREATE TABLE before (id int);")]);
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]);
        let done = command.args(arguments).current_dir(folder.path()).output();
        done.is_ok_and(|o| o.status.success())
    };
    if !git(&["init", "-q"]) {
        return;
    }
    assert!(git(&["add", "."]) && git(&["commit", "-qm", "first"]));
    folder.write("schema/a.sql", "CREATE TABLE after (id int);");
    for source in ["git:HEAD", "git:HEAD:schema", "git:HEAD:schema/a.sql"] {
        let text = folder.run(&["render", "sql", source]).expect(0).stdout;
        assert!(text.contains("public.before"), "{source}: {text}");
    }
    let run = folder.run(&["render", "sql", "git:HEAD:nowhere"]).expect(2);
    assert!(run.stderr.contains("no schema file"), "{}", run.stderr);
}

#[test]
fn a_project_begins_with_a_database_that_exists() {
    let Some(database) = postgres::database() else {
        return;
    };
    database
        .psql("CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (id bigint PRIMARY KEY, m mood);")
        .unwrap();
    let folder = Folder::new();
    folder.run(&["init", "--from", &database.url()]).expect(0);
    let config = folder.read("schemagen.yaml");
    assert!(config.contains("dialect: postgres"), "{config}");
    assert!(!config.contains("postgresql://"), "{config}");
    let here = folder.run(&["render", "sql"]).expect(0).stdout;
    let there = inspect(&database.url(), &["--format", "sql"]).stdout;
    // What is rendered begins with a line that says so.
    assert!(here.ends_with(&there), "{here}\n{there}");
    // Nothing that is there is written over.
    let again = folder.run(&["init", "--from", &database.url()]).expect(2);
    assert!(again.stderr.contains("schemagen.yaml"), "{}", again.stderr);
}

#[test]
fn a_throwaway_server_is_gone_with_its_last_database() {
    let Some(binaries) = postgres::binaries() else {
        return;
    };
    let server = Server::start(&binaries, &env::temp_dir()).unwrap_or_else(|e| panic!("{e}"));
    let database = Database::on(&server, &postgres::psql());
    let folder = PathBuf::from(database.url().rsplit('=').next().unwrap());
    drop(server);
    database.psql("CREATE TABLE still_here (id int)").unwrap();
    assert!(folder.is_dir());
    drop(database);
    let begun = std::time::Instant::now();
    while folder.exists() {
        assert!(
            begun.elapsed().as_secs() < 30,
            "{} is left",
            folder.display()
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn security_labels_and_owners_of_subscriptions_are_read() {
    let (Some(_), Some(binaries)) = (postgres::database(), postgres::binaries()) else {
        return;
    };
    // Roles that may do everything are not for the other tests' server.
    let server = Server::start(&binaries, &env::temp_dir()).unwrap_or_else(|e| panic!("{e}"));
    let database = Database::on(&server, &postgres::psql());
    // The rows are what a label provider leaves; the server has none.
    database
        .psql(
            "CREATE ROLE replicator SUPERUSER; CREATE TABLE t (id int PRIMARY KEY, \"E mail\" text);
             CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p WITH (connect = false, slot_name = NONE);
             ALTER SUBSCRIPTION s OWNER TO replicator;
             SET allow_system_table_mods = on;
             INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 2, 'anon', 'MASKED WITH ''x''');
             INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 0, 'Se-PG', 'secret');
             SELECT lo_create(0);",
        )
        .unwrap();
    let run = inspect(&database.url(), &["--format", "sql"]).expect(0);
    for line in [
        "ALTER SUBSCRIPTION s OWNER TO replicator;",
        "SECURITY LABEL FOR anon ON COLUMN public.t.\"E mail\" IS 'MASKED WITH ''x''';",
        "SECURITY LABEL FOR \"Se-PG\" ON TABLE public.t IS 'secret';",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
    assert!(run.stderr.contains("1 large objects"), "{}", run.stderr);
    let yaml = inspect(&database.url(), &[]).expect(0).stdout;
    assert!(yaml.contains("SECURITY LABEL FOR anon"), "{yaml}");
}
