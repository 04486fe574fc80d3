//! A throwaway PostgreSQL server, one for the test process, one database for each test.
//!
//! The server listens on a private unix socket only, never writes through to the disk, and never
//! runs as root. It is started by a small shell supervisor that holds the read end of a pipe from
//! this process: however the tests end (normally, by a panic, by `kill -9`), the pipe closes, and the
//! supervisor stops the server and removes its folder. No test has to clean up.
//!
//! Where no PostgreSQL is installed [`database`] says so and returns `None`, and the test is skipped.
//! On a build machine (`CI` or `SCHEMAGEN_REQUIRE_PG` is set) that is a failure instead, so a pipeline
//! cannot pass by testing nothing.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use ::postgres::{Client, NoTls};

/// How long a server may take until it answers. It takes a tenth of a second on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The supervisor. `cat` returns when the pipe from the test process closes. `QUIT` is PostgreSQL's
/// immediate shutdown, which is right for a server whose data nobody wants.
const SUPERVISOR: &str = r#"
exec 3<&0
"$1" -D "$2/data" -k "$2" -F -c listen_addresses= -c full_page_writes=off -c synchronous_commit=off \
    -c autovacuum=off -c max_connections=200 -c shared_buffers=32MB -c timezone=UTC \
    >"$2/log" 2>&1 </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; kill -QUIT "$server" 2>/dev/null) &
wait "$server"
: >"$2/stopped"
wait
rm -rf "$2"
"#;

/// A database of its own for one test. It is dropped with this value.
pub(crate) struct Database {
    server: &'static Server,
    name: String,
}

/// A new empty database, or `None` where PostgreSQL is not installed and nobody insists on it.
///
/// ```ignore
/// let Some(database) = support::postgres::database() else { return };
/// database.psql("CREATE TABLE t (id int)").unwrap();
/// ```
#[must_use]
pub(crate) fn database() -> Option<Database> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let server = server()?;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    server.admin(&format!("CREATE DATABASE {name} TEMPLATE template0"));
    Some(Database { server, name })
}

impl Database {
    /// What libpq, and everything that understands its URLs, connects with.
    pub(crate) fn url(&self) -> String {
        let folder = self.server.folder.display();
        format!("postgresql://postgres@/{}?host={folder}", self.name)
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.url(), NoTls).expect("the throwaway server accepts connections")
    }

    /// Runs a script the way a user would: by psql, statement by statement, stopping at the first
    /// error. `Err` holds what psql said.
    pub(crate) fn psql(&self, script: &str) -> Result<(), String> {
        let mut child = Command::new(&self.server.psql)
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
            .map_err(|error| format!("{}: {error}", self.server.psql.display()))?;
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
        for name in names {
            self.server.admin(&format!(
                "DO $$ BEGIN IF to_regrole('{name}') IS NULL THEN CREATE ROLE {name}; END IF; END $$"
            ));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.server
            .admin(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

struct Server {
    folder: PathBuf,
    psql: PathBuf,
    admin: Mutex<Client>,
    /// Never written to. Its closing is what stops the server.
    _pipe: ChildStdin,
}

impl Server {
    /// Statements for the server as a whole, one at a time: two `CREATE DATABASE` at once may
    /// refuse each other.
    fn admin(&self, statement: &str) {
        let mut client = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = client.batch_execute(statement)
            && !thread::panicking()
        {
            panic!("{statement}: {error:?}");
        }
    }
}

/// The one server of this process, started by whoever asks first.
fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let binaries = binaries()?;
        Some(start(&binaries).unwrap_or_else(|problem| {
            panic!(
                "throwaway PostgreSQL from {}: {problem}",
                binaries.display()
            )
        }))
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

/// The folder of a complete installation: what the environment names, then the search path, then
/// where the packages of Debian, Red Hat and Homebrew put it, newest major first.
fn binaries() -> Option<PathBuf> {
    if let Some(named) = env::var_os("SCHEMAGEN_PG_BIN") {
        let folder = PathBuf::from(named);
        assert!(
            complete(&folder),
            "SCHEMAGEN_PG_BIN={} has no initdb, postgres and psql",
            folder.display()
        );
        return Some(folder);
    }
    let on_path: Vec<PathBuf> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    let configured = env::var_os("PG_CONFIG")
        .map(PathBuf::from)
        .and_then(|tool| bindir(&tool));
    let by_path_tool = || bindir(Path::new("pg_config"));
    configured
        .into_iter()
        .chain(on_path)
        .find(|folder| complete(folder))
        .or_else(|| installed().into_iter().find(|folder| complete(folder)))
        .or_else(|| by_path_tool().filter(|folder| complete(folder)))
}

fn bindir(pg_config: &Path) -> Option<PathBuf> {
    let output = Command::new(pg_config).arg("--bindir").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim()))
}

fn complete(folder: &Path) -> bool {
    ["initdb", "postgres", "psql"]
        .iter()
        .all(|name| folder.join(name).is_file())
}

fn installed() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ] {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let major = name
                .strip_prefix(prefix)
                .and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
            if let Some(major) = major {
                found.push((major, entry.path().join("bin")));
            }
        }
    }
    found.sort();
    found.into_iter().rev().map(|(_, folder)| folder).collect()
}

fn start(binaries: &Path) -> Result<Server, String> {
    let folder = private_folder().map_err(|error| format!("its folder: {error}"))?;
    let owner = ordinary_user(&folder)?;
    if let Some((uid, gid)) = owner {
        chown(&folder, Some(uid), Some(gid))
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    initdb(binaries, &folder, owner)?;
    let mut child = as_user(Command::new("sh"), owner)
        .args(["-c", SUPERVISOR, "supervisor"])
        .arg(binaries.join("postgres"))
        .arg(&folder)
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // An interrupt from the keyboard goes to the whole group; the supervisor must outlive the tests.
        .process_group(0)
        .spawn()
        .map_err(|error| format!("sh: {error}"))?;
    let pipe = child.stdin.take().ok_or("the supervisor has no stdin")?;
    let admin = wait_until_ready(&folder)?;
    Ok(Server {
        psql: binaries.join("psql"),
        folder,
        admin: Mutex::new(admin),
        _pipe: pipe,
    })
}

/// A folder with a name short enough for a socket in it (103 bytes on macOS, whose usual folder for
/// temporary files uses up most of them).
fn private_folder() -> io::Result<PathBuf> {
    let usual = env::temp_dir();
    let parent = if usual.as_os_str().len() > 60 {
        Path::new("/tmp")
    } else {
        &usual
    };
    Ok(tempfile::Builder::new()
        .prefix("schemagen-pg-")
        .tempdir_in(parent)?
        .keep())
}

/// PostgreSQL refuses to run as root; then the server belongs to `postgres` or `nobody`.
fn ordinary_user(folder: &Path) -> Result<Option<(u32, u32)>, String> {
    let uid = folder.metadata().map_err(|error| error.to_string())?.uid();
    if uid != 0 {
        return Ok(None);
    }
    let users =
        fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
    let find = |wanted: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == wanted).then_some(())?;
            Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
        })
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .map(Some)
        .ok_or_else(|| "root, and no user postgres or nobody to run as".to_owned())
}

fn as_user(mut command: Command, owner: Option<(u32, u32)>) -> Command {
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
    command
}

fn initdb(binaries: &Path, folder: &Path, owner: Option<(u32, u32)>) -> Result<(), String> {
    let output = as_user(Command::new(binaries.join("initdb")), owner)
        .args([
            "--no-sync",
            "--no-locale",
            "--encoding=UTF8",
            "--auth=trust",
            "--username=postgres",
        ])
        .arg("--pgdata")
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("initdb: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let _ = fs::remove_dir_all(folder);
    Err(format!(
        "initdb: {}",
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn wait_until_ready(folder: &Path) -> Result<Client, String> {
    let url = format!("postgresql://postgres@/postgres?host={}", folder.display());
    let started = Instant::now();
    loop {
        match Client::connect(&url, NoTls) {
            Ok(client) => return Ok(client),
            Err(error) if started.elapsed() > START_LIMIT || folder.join("stopped").exists() => {
                let log = File::open(folder.join("log"))
                    .and_then(io::read_to_string)
                    .unwrap_or_default();
                return Err(format!("it does not answer: {error}\n{log}"));
            }
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
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
