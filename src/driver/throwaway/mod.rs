//! A PostgreSQL server that is made for one process and gone with it.
//!
//! Invariants: it listens on a private unix socket only, never writes through to the disk, and never runs
//! as root. A small shell supervisor starts it and holds the read end of a pipe from this process: however
//! this process ends (normally, by a panic, by Ctrl-C, by `kill -9`), the pipe closes, and the supervisor
//! stops the server and removes its folder.

mod binaries;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ::postgres::{Client, NoTls};

pub use binaries::{Binaries, Search};

use super::DriverError;

/// How long a server may take until it answers. It takes a tenth of a second on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The supervisor. `cat` returns when the pipe closes. `QUIT` is PostgreSQL's immediate shutdown, which is
/// right for a server whose data nobody wants.
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

/// A running server. It stops when the last database of it is dropped.
pub struct Server {
    folder: PathBuf,
    admin: Mutex<Client>,
    next: AtomicU32,
    /// Never written to. Its closing is what stops the server.
    _pipe: ChildStdin,
}

/// An empty database of its own. It is dropped with this value.
pub struct Database {
    server: Arc<Server>,
    name: String,
}

impl Server {
    /// Makes and starts a server in a folder of its own below `temporary`.
    pub fn start(binaries: &Binaries, temporary: &Path) -> Result<Arc<Self>, DriverError> {
        started(binaries, temporary).map(Arc::new).map_err(|why| {
            DriverError::new(
                format!(
                    "no throwaway server could be started from {}: {why}",
                    binaries.folder().display()
                ),
                "let SCHEMAGEN_PG_BIN name the folder of a complete PostgreSQL installation",
            )
        })
    }

    /// A new empty database.
    pub fn database(self: &Arc<Self>) -> Result<Database, DriverError> {
        self.made_of("template0")
    }

    fn made_of(self: &Arc<Self>, template: &str) -> Result<Database, DriverError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("schemagen_{number}");
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        let server = Arc::clone(self);
        Ok(Database { server, name })
    }

    /// A statement for the server as a whole, one at a time: two `CREATE DATABASE` at once may refuse
    /// each other.
    pub fn run(&self, statement: &str) -> Result<(), DriverError> {
        let mut client = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        let done = client.batch_execute(statement);
        done.map_err(|e| DriverError::query(&e, "the throwaway server"))
    }
}

impl Database {
    /// Another database with all that this one holds, which is quicker than filling it again. Nobody may
    /// be connected to this one.
    pub fn copy(&self) -> Result<Self, DriverError> {
        self.server.made_of(&self.name)
    }

    /// What libpq, and everything that understands its URLs, connects with.
    pub fn url(&self) -> String {
        let folder = self.server.folder.display();
        format!("postgresql://postgres@/{}?host={folder}", self.name)
    }

    pub fn server(&self) -> &Arc<Server> {
        &self.server
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Where it cannot be dropped, the server and all that it holds go with this process.
        let _ = self
            .server
            .run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn started(binaries: &Binaries, temporary: &Path) -> Result<Server, String> {
    let folder = private_folder(temporary).map_err(|error| format!("its folder: {error}"))?;
    let owner = ordinary_user(&folder)?;
    let prepared = give(&folder, owner).and_then(|()| initdb(binaries, &folder, owner));
    if let Err(why) = prepared {
        let _ = std::fs::remove_dir_all(&folder);
        return Err(why);
    }
    let mut command = Command::new("sh");
    as_user(&mut command, owner);
    // An interrupt from the keyboard goes to the whole group; the supervisor must outlive this process.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command
        .args(["-c", SUPERVISOR, "supervisor"])
        .arg(binaries.program("postgres"))
        .arg(&folder)
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("sh: {error}"))?;
    let pipe = child.stdin.take().ok_or("the supervisor has no stdin")?;
    let admin = wait_until_ready(&folder)?;
    Ok(Server {
        folder,
        admin: Mutex::new(admin),
        next: AtomicU32::new(1),
        _pipe: pipe,
    })
}

/// A folder with a name short enough for a socket in it (103 bytes on macOS, whose usual folder for
/// temporary files uses up most of them).
fn private_folder(temporary: &Path) -> io::Result<PathBuf> {
    let parent = if temporary.as_os_str().len() > 60 {
        Path::new("/tmp")
    } else {
        temporary
    };
    let mut builder = tempfile::Builder::new();
    Ok(builder.prefix("schemagen-pg-").tempdir_in(parent)?.keep())
}

/// A user and a group by number.
type Owner = Option<(u32, u32)>;

/// PostgreSQL refuses to run as root; then the server belongs to `postgres` or `nobody`.
#[cfg(unix)]
fn ordinary_user(folder: &Path) -> Result<Owner, String> {
    use std::os::unix::fs::MetadataExt as _;
    let uid = folder.metadata().map_err(|error| error.to_string())?.uid();
    if uid != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd");
    let users = users.map_err(|error| format!("/etc/passwd: {error}"))?;
    let find = |wanted: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == wanted).then_some(())?;
            Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
        })
    };
    let found = find("postgres").or_else(|| find("nobody"));
    found
        .map(Some)
        .ok_or_else(|| "this is root, and there is no user postgres or nobody to run as".to_owned())
}

#[cfg(not(unix))]
fn ordinary_user(_folder: &Path) -> Result<Owner, String> {
    Err("throwaway servers need unix sockets".to_owned())
}

fn give(folder: &Path, owner: Owner) -> Result<(), String> {
    #[cfg(unix)]
    if let Some((uid, gid)) = owner {
        let given = std::os::unix::fs::chown(folder, Some(uid), Some(gid));
        return given.map_err(|error| format!("{}: {error}", folder.display()));
    }
    let _ = (folder, owner);
    Ok(())
}

fn as_user(command: &mut Command, owner: Owner) {
    #[cfg(unix)]
    if let Some((uid, gid)) = owner {
        std::os::unix::process::CommandExt::uid(command, uid);
        std::os::unix::process::CommandExt::gid(command, gid);
    }
    let _ = (command, owner);
}

fn initdb(binaries: &Binaries, folder: &Path, owner: Owner) -> Result<(), String> {
    let mut command = Command::new(binaries.program("initdb"));
    as_user(&mut command, owner);
    let output = command
        .args(["--no-sync", "--no-locale", "--encoding=UTF8"])
        .args(["--auth=trust", "--username=postgres", "--pgdata"])
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("initdb: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("initdb: {said}"))
}

fn wait_until_ready(folder: &Path) -> Result<Client, String> {
    let url = format!("postgresql://postgres@/postgres?host={}", folder.display());
    let started = Instant::now();
    loop {
        match Client::connect(&url, NoTls) {
            Ok(client) => return Ok(client),
            Err(error) if started.elapsed() > START_LIMIT || folder.join("stopped").exists() => {
                let log = File::open(folder.join("log")).and_then(io::read_to_string);
                let log = log.unwrap_or_default();
                return Err(format!("it does not answer: {error}\n{log}"));
            }
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
}
