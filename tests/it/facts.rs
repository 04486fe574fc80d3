//! What is declared of statements against what a server does: each one runs in a transaction that is
//! rolled back, and its locks, rewrites and scans are read from `pg_locks` and the messages of
//! `client_min_messages = debug1`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ::postgres::{Client, Config, NoTls};
use schemagen::diagnostic::FileId;
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::facts::{Facts, LockMode, ScanKind, tell};
use schemagen::model::{Catalog, QualifiedName};
use schemagen::resolve;
use schemagen::source::{SourceFile, SourceKind, sql};

use crate::support::postgres::{self, Database};

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/facts");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn version() -> TargetVersion {
    TargetVersion {
        dialect: Dialect::Postgres,
        major: postgres::binaries().and_then(|b| b.major()).unwrap_or(15),
        zone: None,
    }
}

pub(crate) fn catalog(text: &str) -> Catalog {
    let file = SourceFile {
        id: FileId(0),
        path: "setup.sql".to_owned(),
        kind: SourceKind::Sql,
        text: text.to_owned(),
        external: false,
    };
    let read = sql::read(&file, version());
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    let resolved = resolve::resolve(read.declarations, version());
    assert!(
        resolved.diagnostics.is_empty(),
        "{:?}",
        resolved.diagnostics
    );
    resolved.catalog
}

/// The strongest lock of each relation, named with its schema where that is not `public`.
type Locks = BTreeMap<String, &'static str>;

/// Locks by relation; the relations that are rewritten, and those that are read whole and why, by the
/// bare names that the server says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) locks: Locks,
    rewrites: BTreeSet<String>,
    scans: BTreeSet<(String, &'static str)>,
}

impl Seen {
    /// For statements that make new files without saying so.
    pub(crate) fn forget_rows(&mut self) {
        self.rewrites.clear();
        self.scans.clear();
    }

    /// Without all that is not among these relations.
    pub(crate) fn keep(&mut self, relations: &BTreeMap<String, String>) {
        self.locks
            .retain(|name, _| relations.values().any(|r| r == name));
        let known = |name: &String| relations.values().any(|r| bare_name(r) == name);
        self.rewrites.retain(known);
        self.scans.retain(|(name, _)| known(name));
    }
}

/// A name with its schema, as [`Session::relations`] has it.
fn full_name(relation: &QualifiedName) -> String {
    match relation.schema_str() {
        "" | "public" => relation.name.to_string(),
        schema => format!("{schema}{BETWEEN}{}", relation.name),
    }
}

/// Between a schema and a name that may have dots of its own.
const BETWEEN: &str = " / ";

fn bare_name(full: &str) -> &str {
    full.rsplit(BETWEEN).next().unwrap_or(full)
}

pub(crate) fn declared(facts: &Facts) -> Seen {
    let scan = |kind| match kind {
        ScanKind::Verify => "verify",
        ScanKind::BuildIndex => "index",
    };
    Seen {
        locks: facts
            .locks
            .iter()
            .map(|l| (full_name(&l.relation), l.mode.as_str()))
            .collect(),
        rewrites: facts.rewrites.iter().map(|r| r.name.to_string()).collect(),
        scans: facts
            .scans
            .iter()
            .map(|s| (s.relation.name.to_string(), scan(s.kind)))
            .collect(),
    }
}

/// A session that collects what the server says.
pub(crate) struct Session {
    client: Client,
    said: Arc<Mutex<Vec<String>>>,
}

impl Session {
    pub(crate) fn on(database: &Database) -> Self {
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let mut config: Config = database.url().parse().unwrap();
        config
            .notice_callback(move |notice| heard.lock().unwrap().push(notice.message().to_owned()));
        let mut client = config.connect(NoTls).unwrap();
        client
            .batch_execute("SET TimeZone = 'Europe/Paris'")
            .unwrap();
        Self { client, said }
    }

    pub(crate) fn names(&mut self, query: &str) -> Vec<(String, String)> {
        let rows = self.client.query(query, &[]).unwrap();
        rows.iter().map(|r| (r.get(0), r.get(1))).collect()
    }

    /// Runs a statement that has to succeed.
    pub(crate) fn run(&mut self, statement: &str) {
        if let Err(error) = self.client.batch_execute(statement) {
            panic!("{statement}: {error:?}");
        }
    }

    /// The relations that are there, by their number.
    pub(crate) fn relations(&mut self) -> BTreeMap<String, String> {
        let kinds = format!(
            "SELECT r.oid::text, CASE nspname WHEN 'public' THEN '' ELSE nspname || '{BETWEEN}' END || relname \
             FROM pg_class r JOIN pg_namespace n ON n.oid = relnamespace \
             WHERE relkind IN ('r', 'p', 'v', 'm', 'f') \
             AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
        );
        self.names(&kinds).into_iter().collect()
    }

    /// The strongest lock on each of these that the session holds.
    pub(crate) fn locks(&mut self, there: &BTreeMap<String, String>) -> Locks {
        self.granted_or_not("pg_backend_pid() AND granted", there)
    }

    /// The strongest lock on each of these that another session holds or waits for.
    pub(crate) fn locks_of(&mut self, pid: i32, there: &BTreeMap<String, String>) -> Locks {
        self.granted_or_not(&pid.to_string(), there)
    }

    /// Whether another session waits for a lock.
    pub(crate) fn waits(&mut self, pid: i32) -> bool {
        let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)";
        self.client.query_one(waits, &[&pid]).unwrap().get(0)
    }

    /// Runs a statement outside of a transaction while something else is done: that is told the number
    /// of the session, and whether the statement has ended. Returns what the server said.
    pub(crate) fn run_beside(
        &mut self,
        statement: &str,
        beside: impl FnOnce(i32, &dyn Fn() -> bool),
    ) -> Result<Vec<String>, String> {
        let pid = "SELECT pg_backend_pid()";
        let pid: i32 = self.client.query_one(pid, &[]).unwrap().get(0);
        self.run("SET client_min_messages = debug1");
        self.said.lock().unwrap().clear();
        let done = std::thread::scope(|scope| {
            let running = scope.spawn(|| self.try_run(statement));
            beside(pid, &|| running.is_finished());
            running.join().unwrap()
        });
        let said = self.said.lock().unwrap().drain(..).collect();
        self.run("RESET client_min_messages");
        done.map(|()| said)
    }

    fn granted_or_not(&mut self, whose: &str, there: &BTreeMap<String, String>) -> Locks {
        let locks = format!(
            "SELECT relation::oid::text, mode FROM pg_locks WHERE locktype = 'relation' AND pid = {whose}"
        );
        let mut found = Locks::new();
        for (oid, mode) in self.names(&locks) {
            let (Some(name), Some(mode)) = (there.get(&oid), mode_named(&mode)) else {
                continue;
            };
            let known = found.entry(name.clone()).or_insert(mode);
            *known = self.stronger(known, mode);
        }
        found
    }

    pub(crate) fn stronger(&self, one: &'static str, other: &'static str) -> &'static str {
        if strength(one) < strength(other) {
            other
        } else {
            one
        }
    }

    /// Runs a statement that may fail.
    pub(crate) fn try_run(&mut self, statement: &str) -> Result<(), String> {
        self.client.batch_execute(statement).map_err(|error| {
            let said = error.as_db_error().map(|e| e.message().to_owned());
            said.unwrap_or_else(|| error.to_string())
        })
    }

    /// What a statement does, in a transaction that is rolled back.
    fn watch(&mut self, statement: &str) -> Result<Seen, String> {
        self.run("BEGIN");
        let there = self.relations();
        let seen = self.observe(statement, &there);
        self.run("ROLLBACK");
        seen
    }

    /// What a statement does, in a transaction that is open, to relations that were there.
    pub(crate) fn observe(
        &mut self,
        statement: &str,
        there: &BTreeMap<String, String>,
    ) -> Result<Seen, String> {
        let known = self.read_so_far();
        self.run("SET LOCAL client_min_messages = debug1");
        self.said.lock().unwrap().clear();
        self.try_run(statement)?;
        let said: Vec<String> = self.said.lock().unwrap().drain(..).collect();
        self.run("SET LOCAL client_min_messages = warning");
        let mut seen = Seen {
            locks: self.locks(there),
            ..Seen::default()
        };
        let keys = "SELECT conname::text, relname::text FROM pg_constraint JOIN pg_class r ON r.oid = conrelid WHERE contype = 'f'";
        let keys = self.names(keys);
        seen.take(said, &keys);
        // The messages say bare names; which relations they are about, the counters of scans know.
        let mut read = BTreeSet::new();
        for (oid, (name, scans)) in self.read_so_far() {
            let before = known.get(&oid).filter(|_| there.contains_key(&oid));
            if let Some((old, before)) = before
                && *before < scans
            {
                read.extend([name, old.clone()]);
            }
        }
        let rewrites = seen.rewrites.clone();
        seen.scans
            .retain(|(name, _)| read.contains(name) && !rewrites.contains(name));
        seen.rewrites.retain(|name| read.contains(name));
        Ok(seen)
    }

    /// How often each stored relation has been read whole in this transaction.
    fn read_so_far(&mut self) -> BTreeMap<String, (String, i64)> {
        let query = "SELECT oid::text, relname::text, pg_stat_get_xact_numscans(oid) FROM pg_class \
                     WHERE relkind IN ('r', 'm')";
        let rows = self.client.query(query, &[]).unwrap();
        rows.iter()
            .map(|r| (r.get(0), (r.get(1), r.get(2))))
            .collect()
    }
}

impl Seen {
    /// Takes what the server said, with the tables of foreign keys by their names.
    pub(crate) fn take(&mut self, said: Vec<String>, keys: &[(String, String)]) {
        for message in said {
            let quoted: Vec<&str> = message.split('"').collect();
            let name = |n: usize| quoted.get(n).map(|s| (*s).to_owned()).unwrap_or_default();
            if message.starts_with("rewriting table") {
                self.rewrites.insert(name(1));
            } else if message.starts_with("verifying table") {
                self.scans.insert((name(1), "verify"));
            } else if message.starts_with("validating foreign key") {
                let of = keys.iter().filter(|(key, _)| *key == name(1));
                self.scans
                    .extend(of.map(|(_, table)| (table.clone(), "verify")));
            } else if message.starts_with("building index") {
                self.scans.insert((name(3), "index"));
            }
        }
    }
}

const MODES: [LockMode; 5] = [
    LockMode::ShareUpdateExclusive,
    LockMode::Share,
    LockMode::ShareRowExclusive,
    LockMode::Exclusive,
    LockMode::AccessExclusive,
];

/// `ShareUpdateExclusiveLock` is SHARE UPDATE EXCLUSIVE; `None` for what nobody waits for.
fn mode_named(name: &str) -> Option<&'static str> {
    let bare = |text: &str| text.replace(' ', "").to_lowercase();
    let wanted = name.trim_end_matches("Lock").to_lowercase();
    MODES
        .into_iter()
        .map(LockMode::as_str)
        .find(|m| bare(m) == wanted)
}

fn strength(mode: &str) -> usize {
    MODES
        .iter()
        .position(|m| m.as_str() == mode)
        .unwrap_or_default()
}

#[test]
fn locks_rewrites_and_scans_are_those_of_the_server() {
    let Some(database) = postgres::database() else {
        return;
    };
    let setup = fixture("setup.sql");
    database.psql(&setup).unwrap();
    let before = catalog(&setup);
    let mut session = Session::on(&database);
    let mut wrong = Vec::new();
    let mut watched = 0;
    for statement in fixture("statements.sql").lines() {
        let (told, resolved) = tell(&before, statement, version());
        assert_eq!(told.len(), 1, "{statement}");
        // What depends on the object goes with it, which is the server's way and not the fold's.
        if !statement.contains("CASCADE") {
            assert!(
                resolved.diagnostics.is_empty(),
                "{statement}: {:?}",
                resolved.diagnostics
            );
        }
        watched += 1;
        let mut seen = match session.watch(statement) {
            Ok(seen) => seen,
            Err(said) => {
                wrong.push(format!("{statement}\n  refused: {said}"));
                continue;
            }
        };
        let mut said = declared(&told[0].facts);
        let first = statement.split(' ').next().unwrap_or_default();
        if matches!(first, "TRUNCATE" | "CLUSTER" | "REFRESH" | "DROP") {
            // These make new files without saying so.
            said.rewrites.clear();
            seen.scans.clear();
            said.scans.clear();
            seen.rewrites.clear();
        }
        if said != seen {
            wrong.push(format!(
                "{statement}\n  declared {said:?}\n  server   {seen:?}"
            ));
        }
    }
    assert!(watched > 130, "only {watched} statements were watched");
    assert!(
        wrong.is_empty(),
        "{} of {watched}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
