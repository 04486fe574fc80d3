//! Databases and revisions that cannot be read: the reason, what to do, exit 2, no password, and nothing
//! written.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use postgres::Client;
use schemagen::driver::Server;

use crate::support::postgres::{self as servers, Database};
use crate::support::program::{Folder, Run};

/// Every command that reads a database refuses it with these words, and writes nothing.
#[track_caller]
fn refused(folder: &Folder, source: &str, expected: &[&str]) {
    let before = folder.files();
    for command in [
        &["inspect", source, "--split", "table", "--output", "out"][..],
        &["init", "--from", source],
        &["diff", source, "schema.sql"],
        &["migrate", "baseline", "--from", source],
    ] {
        let run = folder.run(command).expect(2);
        said(&run, expected);
        assert_eq!(run.stdout, "", "{command:?}");
        assert_eq!(folder.files(), before, "{command:?} may write nothing");
    }
}

#[track_caller]
fn said(run: &Run, expected: &[&str]) {
    for text in expected.iter().chain(&["error[parse/", "= help: "]) {
        assert!(run.stderr.contains(text), "no {text:?} in:\n{}", run.stderr);
    }
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
}

fn folder() -> Folder {
    Folder::with(&[("schema.sql", "CREATE TABLE t (id int PRIMARY KEY);")])
}

/// A server of its own, for what may not happen to the other tests.
fn own_server() -> Option<(Arc<Server>, Database)> {
    // Says that there is none, and fails where somebody insists.
    drop(servers::database()?);
    let binaries = servers::binaries()?;
    let server = Server::start(&binaries, &env::temp_dir()).unwrap_or_else(|e| panic!("{e}"));
    let database = Database::on(&server, &servers::psql());
    Some((server, database))
}

/// The URL of a database as another user.
fn as_user(url: &str, user: &str) -> String {
    url.replace("postgres@", &format!("{user}@"))
}

#[test]
fn no_server() {
    let folder = folder();
    let url = "postgresql://u:hunter2@127.0.0.1:1/d";
    refused(
        &folder,
        url,
        &[
            "cannot connect to postgresql://127.0.0.1:1/d",
            "refused",
            "server runs",
        ],
    );
    let nowhere = "postgresql://u:hunter2@/d?host=/nowhere/at/all";
    refused(
        &folder,
        nowhere,
        &["cannot connect to postgresql:///d", "No such file"],
    );
    refused(
        &folder,
        "mysql://u:hunter2@h/d",
        &["of the kind `mysql`", "postgresql://"],
    );
}

#[test]
fn a_server_that_says_nothing_or_something_else() {
    let folder = folder();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let begun = Instant::now();
    let url = format!("postgresql://u@127.0.0.1:{port}/d?connect_timeout=1");
    said(
        &folder.run(&["inspect", &url]).expect(2),
        &["nothing answered within 1 s", "connect_timeout"],
    );
    assert!(begun.elapsed() < Duration::from_secs(20));
    let port = answering(|_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    let url = format!("postgresql://u@127.0.0.1:{port}/d?sslmode=disable&connect_timeout=1");
    said(
        &folder.run(&["inspect", &url]).expect(2),
        &["cannot connect to"],
    );
}

/// A port at which each message gets an answer, once for the first who connects.
fn answering(answer: impl Fn(usize) -> Vec<u8> + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        for number in 0.. {
            if stream.read(&mut buffer).is_ok_and(|n| n > 0)
                && stream.write_all(&answer(number)).is_ok()
            {
                continue;
            }
            return;
        }
    });
    port
}

/// A message of the server: its kind, its length, its bytes.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&[kind][..], &length, body].concat()
}

#[test]
fn a_version_that_is_not_known() {
    let port = answering(|number| {
        let ready = message(b'Z', b"I");
        if number == 0 {
            return [message(b'R', &[0; 4]), ready].concat();
        }
        // Four columns of type text, whatever is asked.
        let mut columns = vec![0, 4];
        for name in [b"a\0", b"b\0", b"c\0", b"d\0"] {
            columns.extend(name);
            columns.extend([
                0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0,
            ]);
        }
        let mut row = vec![0, 4];
        for cell in ["120022", "on", "u", "UTC"] {
            row.extend(u32::try_from(cell.len()).unwrap().to_be_bytes());
            row.extend(cell.as_bytes());
        }
        [
            message(b'T', &columns),
            message(b'D', &row),
            message(b'C', b"SELECT 1\0"),
            ready,
        ]
        .concat()
    });
    let url = format!("postgresql://u@127.0.0.1:{port}/d?sslmode=disable");
    let run = folder().run(&["inspect", &url]).expect(2);
    said(
        &run,
        &["PostgreSQL 12", "13 to 18", "pg_dump --schema-only"],
    );
}

#[test]
fn a_wrong_password_a_missing_database_and_a_missing_role() {
    let Some((server, database)) = own_server() else {
        return;
    };
    let url = database.url();
    let socket = url.rsplit("host=").next().unwrap();
    database
        .psql("CREATE ROLE guest LOGIN PASSWORD 'right'")
        .unwrap();
    let rules = "local all postgres trust\nlocal all all scram-sha-256\n";
    fs::write(format!("{socket}/data/pg_hba.conf"), rules).unwrap();
    let mut client = database.client();
    client.batch_execute("SELECT pg_reload_conf()").unwrap();
    let folder = folder();
    let guest = |password: &str| as_user(&url, &format!("guest:{password}"));
    // The server takes a moment to read its rules again.
    let begun = Instant::now();
    while folder.run(&["inspect", &guest("hunter2")]).code == 0 && begun.elapsed().as_secs() < 20 {
        thread::sleep(Duration::from_millis(50));
    }
    refused(
        &folder,
        &guest("hunter2"),
        &["password authentication failed", "PGPASSWORD"],
    );
    refused(
        &folder,
        &as_user(&url, "guest"),
        &["cannot connect", "password"],
    );
    folder.run(&["inspect", &guest("right")]).expect(0);
    let elsewhere = format!("postgresql://postgres@/nowhere?host={socket}");
    refused(
        &folder,
        &elsewhere,
        &["database \"nowhere\" does not exist", "create the database"],
    );
    drop(server);
}

#[test]
fn a_catalog_that_may_not_be_read() {
    let Some((_server, database)) = own_server() else {
        return;
    };
    database
        .psql("CREATE ROLE guest LOGIN; CREATE SCHEMA closed; CREATE TABLE closed.t (id int PRIMARY KEY);")
        .unwrap();
    let url = as_user(&database.url(), "guest");
    let folder = folder();
    // The catalogs tell what is there to whoever may not touch it.
    let run = folder.run(&["inspect", &url, "--format", "sql"]).expect(0);
    assert!(
        run.stdout.contains("CREATE TABLE closed.t"),
        "{}",
        run.stdout
    );
    database
        .psql("REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC")
        .unwrap();
    refused(
        &folder,
        &url,
        &[
            "cannot read policies",
            "permission denied",
            "may read the system catalogs",
        ],
    );
}

/// Reads a database that waits for a lock in the middle, and lets `interrupt` do something meanwhile.
fn interrupted(database: &Database, interrupt: impl FnOnce(&mut Client)) -> Run {
    let folder = folder();
    let before = folder.files();
    let url = database.url();
    let mut holder = database.client();
    let mut watcher = database.client();
    holder
        .batch_execute("BEGIN; LOCK TABLE pg_catalog.pg_policy IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let arguments = ["inspect", &url, "--split", "table", "--output", "out"];
    let run = thread::scope(|scope| {
        let reading = scope.spawn(|| folder.run(&arguments));
        let waits = "SELECT FROM pg_stat_activity WHERE application_name = 'schemagen' AND wait_event_type = 'Lock'";
        let begun = Instant::now();
        while watcher.query(waits, &[]).unwrap().is_empty() {
            assert!(begun.elapsed().as_secs() < 60, "it never came to the lock");
            thread::sleep(Duration::from_millis(20));
        }
        interrupt(&mut watcher);
        reading.join().unwrap()
    });
    assert_eq!(folder.files(), before);
    run.expect(2)
}

#[test]
fn a_server_that_goes_in_the_middle() {
    let Some((_server, database)) = own_server() else {
        return;
    };
    let signal = |function: &str| {
        format!("SELECT {function}(pid) FROM pg_stat_activity WHERE application_name = 'schemagen'")
    };
    let run = interrupted(&database, |c| {
        c.batch_execute(&signal("pg_cancel_backend")).unwrap()
    });
    said(&run, &["cannot read policies", "canceling statement"]);
    let run = interrupted(&database, |c| {
        c.batch_execute(&signal("pg_terminate_backend")).unwrap()
    });
    said(&run, &["policies", "run the command again"]);
    // The last one takes the server with it.
    let url = database.url();
    let socket = url.rsplit("host=").next().unwrap().to_owned();
    let run = interrupted(&database, |_| {
        let pid = fs::read_to_string(format!("{socket}/data/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap();
        let killed = std::process::Command::new("kill")
            .args(["-QUIT", pid])
            .status();
        assert!(killed.unwrap().success());
    });
    said(&run, &["policies", "run the command again"]);
}

#[test]
fn sqlite_files_that_are_locked_damaged_or_something_else() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);";
    let many: String = (0..300)
        .map(|n| format!("CREATE TABLE t{n} (id INTEGER PRIMARY KEY, a TEXT);"))
        .collect();
    rusqlite::Connection::open(path("whole.db"))
        .unwrap()
        .execute_batch(&many)
        .unwrap();
    let whole = fs::read(path("whole.db")).unwrap();
    fs::write(path("cut.db"), &whole[..8192]).unwrap();
    let mut damaged = whole.clone();
    damaged[4096..]
        .iter_mut()
        .enumerate()
        .for_each(|(at, byte)| *byte = (at * 7) as u8);
    fs::write(path("damaged.db"), damaged).unwrap();
    fs::write(
        path("text.db"),
        "not a database, whatever its name says. ".repeat(100),
    )
    .unwrap();
    fs::create_dir(path("folder.db")).unwrap();
    refused(
        &folder,
        "sqlite:missing.db",
        &["missing.db: it cannot be opened", "check the path"],
    );
    refused(
        &folder,
        "sqlite:text.db",
        &["text.db: it is no SQLite database"],
    );
    refused(&folder, "sqlite:folder.db", &["folder.db: it is a folder"]);
    refused(&folder, "cut.db", &["cut.db: it is damaged", ".recover"]);
    refused(
        &folder,
        "damaged.db",
        &["damaged.db: it is damaged", ".recover"],
    );
    let writer = rusqlite::Connection::open(path("locked.db")).unwrap();
    writer
        .execute_batch(&format!(
            "{table} BEGIN EXCLUSIVE; CREATE TABLE u (id INTEGER PRIMARY KEY);"
        ))
        .unwrap();
    let run = folder
        .run(&[
            "inspect",
            "locked.db",
            "--split",
            "table",
            "--output",
            "out",
        ])
        .expect(2);
    said(
        &run,
        &[
            "locked.db: another program holds a lock on it",
            "read a copy",
        ],
    );
    assert!(!path("out").exists());
}

#[test]
fn nothing_is_left_beside_a_sqlite_file() {
    let folder = Folder::new();
    let name = "in use?100%.db";
    let database = rusqlite::Connection::open(folder.path().join(name)).unwrap();
    database
        .execute_batch("PRAGMA journal_mode = wal; CREATE TABLE notes (id INTEGER PRIMARY KEY);")
        .unwrap();
    // While somebody has it open, what stands in the log counts.
    let url = format!("sqlite:{name}");
    let text = folder
        .run(&["inspect", &url, "--format", "sql"])
        .expect(0)
        .stdout;
    assert!(text.contains("CREATE TABLE notes"), "{text}");
    drop(database);
    let before = folder.files();
    assert_eq!(before.len(), 1);
    let again = folder
        .run(&["inspect", &url, "--format", "sql"])
        .expect(0)
        .stdout;
    assert_eq!(again, text);
    assert_eq!(folder.files(), before);
}

#[test]
fn revisions_and_paths_that_are_not_there() {
    let folder = folder();
    refused(
        &folder,
        "git:main",
        &["error[parse/revision]", "not a git repository"],
    );
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
    for revision in ["no-such-branch", "HEAD~7", "0123456789abcdef", "--help", ""] {
        refused(
            &folder,
            &format!("git:{revision}"),
            &["git knows no revision", "branch, tag or commit"],
        );
    }
    refused(
        &folder,
        "git:HEAD:nowhere",
        &["HEAD has no schema file at nowhere"],
    );
}
