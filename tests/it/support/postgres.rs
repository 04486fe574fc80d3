//! Databases on a throwaway PostgreSQL server, one server for the test process.
//!
//! The server is `schemagen::driver`'s: it stops with this process, however that ends. No test has to
//! clean up.
//!
//! Where no PostgreSQL is installed [`database`] says so and returns `None`, and the test is skipped.
//! On a build machine (`CI` or `SCHEMAGEN_REQUIRE_PG` is set) that is a failure instead, so a pipeline
//! cannot pass by testing nothing.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::{env, thread};

use ::postgres::{Client, NoTls};
use schemagen::driver::{self, Binaries, Search, Server};

/// A database of its own for one test. It is dropped with this value.
pub(crate) struct Database {
    database: driver::Database,
    psql: PathBuf,
}

/// A new empty database, or `None` where PostgreSQL is not installed and nobody insists on it.
///
/// ```ignore
/// let Some(database) = support::postgres::database() else { return };
/// database.psql("CREATE TABLE t (id int)").unwrap();
/// ```
#[must_use]
pub(crate) fn database() -> Option<Database> {
    let (server, psql) = server()?;
    Some(Database::on(server, psql))
}

impl Database {
    /// A new empty database on a server.
    pub(crate) fn on(server: &Arc<Server>, psql: &Path) -> Self {
        let database = server.database().unwrap_or_else(|e| panic!("{e}"));
        let psql = psql.to_owned();
        Self { database, psql }
    }

    /// Another database with all that this one holds.
    pub(crate) fn copy(&self) -> Self {
        let database = self.database.copy().unwrap_or_else(|e| panic!("{e}"));
        let psql = self.psql.clone();
        Self { database, psql }
    }

    /// What libpq, and everything that understands its URLs, connects with.
    pub(crate) fn url(&self) -> String {
        self.database.url()
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.url(), NoTls).expect("the throwaway server accepts connections")
    }

    /// Runs a script the way a user would: by psql, statement by statement, stopping at the first
    /// error. `Err` holds what psql said.
    pub(crate) fn psql(&self, script: &str) -> Result<(), String> {
        let mut child = Command::new(&self.psql)
            .args([
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                &self.url(),
                "-f",
                "-",
            ])
            .env("PGOPTIONS", "--client-min-messages=warning")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", self.psql.display()))?;
        let mut input = child.stdin.take().expect("stdin is piped");
        let text = script.to_owned();
        // psql stops reading at the first error; a broken pipe is then no news.
        let writer = thread::spawn(move || {
            let _ = input.write_all(text.as_bytes());
        });
        let output = child
            .wait_with_output()
            .map_err(|error| error.to_string())?;
        writer.join().expect("the writer does not panic");
        if output.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// Makes sure that these roles exist. Roles belong to the server, so every test may ask for the same.
    pub(crate) fn roles(&self, names: &[&str]) {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        for name in names {
            let statement = format!(
                "DO $$ BEGIN IF to_regrole('{name}') IS NULL THEN CREATE ROLE {name}; END IF; END $$"
            );
            self.database
                .server()
                .run(&statement)
                .unwrap_or_else(|e| panic!("{e}"));
        }
    }
}

/// Where this machine has PostgreSQL.
pub(crate) fn binaries() -> Option<Binaries> {
    let path = env::var_os("PATH").unwrap_or_default();
    let search = Search {
        named: env::var_os("SCHEMAGEN_PG_BIN").map(PathBuf::from),
        pg_config: env::var_os("PG_CONFIG").map(PathBuf::from),
        path: env::split_paths(&path).collect(),
    };
    search.binaries().unwrap_or_else(|e| panic!("{e}"))
}

/// The psql of an installation, or the one of the search path.
pub(crate) fn psql() -> PathBuf {
    let own = binaries().map(|b| b.program("psql"));
    own.filter(|p| p.is_file()).unwrap_or_else(|| "psql".into())
}

/// What pg_dump prints of a database's schema, where this machine has a pg_dump of the server's major.
pub(crate) fn pg_dump(database: &Database) -> Option<String> {
    let binaries = binaries()?;
    let own = binaries.program("pg_dump");
    let program = if own.is_file() { own } else { "pg_dump".into() };
    let version = Command::new(&program).arg("--version").output().ok()?;
    let version = String::from_utf8(version.stdout).ok()?;
    let major = version.split(' ').nth(2)?.split('.').next()?.parse();
    if major.ok() != binaries.major() {
        return None;
    }
    let output = Command::new(program).arg("-s").arg(database.url()).output();
    let output = output.unwrap_or_else(|e| panic!("pg_dump: {e}"));
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).expect("the database is in UTF-8"))
}

/// The one server of this process, started by whoever asks first.
fn server() -> Option<&'static (Arc<Server>, PathBuf)> {
    static SERVER: OnceLock<Option<(Arc<Server>, PathBuf)>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let server = Server::start(&binaries()?, &env::temp_dir());
        Some((server.unwrap_or_else(|e| panic!("{e}")), psql()))
    });
    if server.is_none() {
        not_installed();
    }
    server.as_ref()
}

#[expect(
    clippy::print_stderr,
    reason = "a skipped test has no other way to say so"
)]
fn not_installed() {
    let insisted = ["SCHEMAGEN_REQUIRE_PG", "CI"]
        .into_iter()
        .find(|name| env::var_os(name).is_some());
    if let Some(name) = insisted {
        panic!(
            "this test needs PostgreSQL, {name} is set, and no initdb, postgres and psql were found: \
             install the server, or let SCHEMAGEN_PG_BIN name the folder of its binaries"
        );
    }
    eprintln!(
        "skipped: no PostgreSQL server is installed (SCHEMAGEN_PG_BIN may name the folder of its binaries)"
    );
}

#[test]
fn a_database_answers_and_is_apart_from_the_others() {
    let (Some(one), Some(two)) = (database(), database()) else {
        return;
    };
    one.psql("CREATE TABLE only_here (id int);").unwrap();
    let seen = |database: &Database| -> bool {
        database
            .client()
            .query_one("SELECT to_regclass('only_here') IS NOT NULL", &[])
            .unwrap()
            .get(0)
    };
    assert!(seen(&one));
    assert!(!seen(&two));
    let problem = two
        .psql("SELECT 1;\nSELECT nothing FROM nowhere;")
        .unwrap_err();
    assert!(problem.contains("nowhere"), "{problem}");
    assert!(seen(&one.copy()));
    one.roles(&["a_reader"]);
    two.roles(&["a_reader"]);
}

#[test]
fn the_server_is_not_reachable_from_the_network() {
    let Some(database) = database() else { return };
    let addresses: String = database
        .client()
        .query_one("SHOW listen_addresses", &[])
        .unwrap()
        .get(0);
    assert_eq!(addresses, "");
}
