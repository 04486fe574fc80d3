//! Recipes on a server whose tables are read and written all the while: nobody waits for longer than the
//! lock timeouts of the step that runs, and a concurrent build outlives another session's snapshot.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ::postgres::{Client, NoTls};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::Pair;
use schemagen::plan::{self, Group, Options, Plan};

use crate::facts::catalog;
use crate::support::postgres::{self, Database};

const VERSION: TargetVersion = TargetVersion {
    dialect: Dialect::Postgres,
    major: 15,
    zone: None,
};

/// What steps wait for a lock in this test; the plans say 3 s.
const LOCK_TIMEOUT: Duration = Duration::from_millis(400);

const BEFORE: &str = "
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total integer, label text);
CREATE INDEX orders_label_idx ON orders (label);
CREATE TABLE events (id bigint, at date NOT NULL, user_id bigint) PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE events_2021 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE events_2022 (id bigint, at date NOT NULL, user_id bigint);
CREATE DOMAIN amount AS integer;
CREATE TABLE prices (id bigint PRIMARY KEY, price amount);
";

const AFTER: &str = "
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, CONSTRAINT users_email_key UNIQUE (email), nick text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total integer NOT NULL, label text,
    CONSTRAINT orders_total_check CHECK (total >= 0), CONSTRAINT orders_user_fkey FOREIGN KEY (user_id) REFERENCES users (id));
CREATE INDEX orders_label_idx ON orders (label, id);
CREATE INDEX orders_user_idx ON orders (user_id);
CREATE TABLE events (id bigint, at date NOT NULL, user_id bigint, CONSTRAINT events_pkey PRIMARY KEY (id, at),
    CONSTRAINT events_user_fkey FOREIGN KEY (user_id) REFERENCES users (id)) PARTITION BY RANGE (at);
CREATE INDEX events_user_idx ON events (user_id);
CREATE TABLE events_2021 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE events_2022 PARTITION OF events FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE events_2020 (id bigint NOT NULL, at date NOT NULL, user_id bigint, CONSTRAINT events_2020_pkey PRIMARY KEY (id, at),
    CONSTRAINT events_user_fkey FOREIGN KEY (user_id) REFERENCES users (id));
CREATE INDEX events_2020_user_id_idx ON events_2020 (user_id);
CREATE DOMAIN amount AS integer CONSTRAINT amount_positive CHECK (VALUE >= 0);
CREATE TABLE prices (id bigint PRIMARY KEY, price amount);
";

const ROWS: &str = "
INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 60000) n;
INSERT INTO orders SELECT n, n, n % 100, 'l' || n FROM generate_series(1, 60000) n;
INSERT INTO events SELECT n, date '2020-01-01' + (n % 700), n FROM generate_series(1, 60000) n;
INSERT INTO events_2022 SELECT n, '2022-02-02', n FROM generate_series(1, 30000) n;
INSERT INTO prices SELECT n, n FROM generate_series(1, 60000) n;
";

const READS: [&str; 4] = [
    "SELECT email FROM users WHERE id = 5",
    "SELECT total FROM orders WHERE id = 5",
    "SELECT id FROM events WHERE at = '2021-05-05' LIMIT 1",
    "SELECT price FROM prices WHERE id = 5",
];

const WRITES: [&str; 4] = [
    "UPDATE users SET email = email WHERE id = 7",
    "UPDATE orders SET total = total + 1 WHERE id = 7",
    "UPDATE events SET user_id = user_id WHERE at = '2021-05-05' AND id = 490",
    "UPDATE prices SET price = price + 1 WHERE id = 7",
];

/// Sessions that run statements one after the other, and how long the slowest took since it was asked.
struct Load {
    stop: Arc<AtomicBool>,
    slowest: Arc<AtomicU64>,
    done: Arc<AtomicU64>,
    sessions: Vec<JoinHandle<()>>,
}

impl Load {
    fn on(database: &Database) -> Self {
        let mut load = Self {
            stop: Arc::default(),
            slowest: Arc::default(),
            done: Arc::default(),
            sessions: Vec::new(),
        };
        for statements in [READS, WRITES] {
            let mut client = database.client();
            let (stop, slowest, done) =
                (load.stop.clone(), load.slowest.clone(), load.done.clone());
            load.sessions.push(thread::spawn(move || {
                for statement in statements.iter().cycle() {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let start = Instant::now();
                    if let Err(error) = client.batch_execute(statement) {
                        panic!("{statement}: {error:?}");
                    }
                    let took = u64::try_from(start.elapsed().as_millis()).unwrap();
                    slowest.fetch_max(took, Ordering::Relaxed);
                    done.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(Duration::from_millis(1));
                }
            }));
        }
        load
    }

    /// The slowest statement since the last call, those that wait now included once they are through.
    fn slowest(&self) -> Duration {
        let seen = self.done.load(Ordering::Relaxed);
        let start = Instant::now();
        while self.done.load(Ordering::Relaxed) < seen + 4
            && start.elapsed() < Duration::from_secs(20)
        {
            thread::sleep(Duration::from_millis(2));
        }
        Duration::from_millis(self.slowest.swap(0, Ordering::Relaxed))
    }

    fn end(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        for session in self.sessions {
            session.join().unwrap();
        }
        self.done.load(Ordering::Relaxed)
    }
}

fn planned() -> Plan {
    let options = Options {
        online: true,
        ..Options::default()
    };
    let (before, after) = (catalog(BEFORE), catalog(AFTER));
    let plan = plan::plan_with(Pair::new(&before, &after), VERSION, &options);
    assert!(plan.is_proved() && plan.short_because.is_none());
    plan
}

/// Runs a group until its locks are there; others hold them at times.
fn run(client: &mut Client, group: &Group<'_>) {
    if !group.transactional {
        client.batch_execute(&group.steps[0].sql).unwrap();
        return;
    }
    let timeout = format!("'{}ms'", LOCK_TIMEOUT.as_millis());
    let text = group.sql().replace("'3000ms'", &timeout);
    for _ in 0..40 {
        match client.batch_execute(&format!("BEGIN;\n{text}COMMIT;")) {
            Ok(()) => return,
            Err(error) => {
                let code = error.code().map(|c| c.code().to_owned());
                assert_eq!(code.as_deref(), Some("55P03"), "{text}: {error:?}");
                client.batch_execute("ROLLBACK").unwrap();
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
    panic!("its locks never came: {text}");
}

#[test]
fn no_step_keeps_readers_and_writers_waiting() {
    let Some(database) = postgres::database() else {
        return;
    };
    database.psql(BEFORE).unwrap();
    database.psql(ROWS).unwrap();
    let plan = planned();
    let load = Load::on(&database);
    // Transactions that hold their locks for a while, as those of programs do.
    let stop = Arc::new(AtomicBool::new(false));
    let slow = slow_reader(&database, stop.clone());
    let mut client = database.client();
    let mut wrong = Vec::new();
    load.slowest();
    for group in plan.groups() {
        run(&mut client, &group);
        let mut locked: Vec<&str> = group
            .steps
            .iter()
            .flat_map(|s| &s.facts.locks)
            .filter(|l| l.mode.blocks_writes())
            .map(|l| l.relation.name.as_str())
            .collect();
        locked.sort_unstable();
        locked.dedup();
        let allowed = LOCK_TIMEOUT * u32::try_from(locked.len()).unwrap() + Duration::from_secs(1);
        let waited = load.slowest();
        if waited > allowed {
            wrong.push(format!(
                "{waited:?}, and {allowed:?} is allowed:\n{}",
                group.sql()
            ));
        }
    }
    stop.store(true, Ordering::Relaxed);
    slow.join().unwrap();
    assert!(load.end() > 100);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Holds a lock of a reader for longer than a step waits for its own, again and again.
fn slow_reader(database: &Database, stop: Arc<AtomicBool>) -> JoinHandle<()> {
    let mut client = database.client();
    thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            let held = "BEGIN; SELECT count(*) FROM orders WHERE id < 10; SELECT count(*) FROM users WHERE id < 10; \
                        SELECT pg_sleep(0.6); COMMIT;";
            client.batch_execute(held).unwrap();
            thread::sleep(Duration::from_millis(700));
        }
    })
}

#[test]
fn a_concurrent_build_outlives_a_snapshot() {
    let Some(database) = postgres::database() else {
        return;
    };
    database.psql(BEFORE).unwrap();
    database.psql(ROWS).unwrap();
    let (before, after) = (
        catalog("CREATE TABLE orders (id bigint PRIMARY KEY, total integer);"),
        catalog(
            "CREATE TABLE orders (id bigint PRIMARY KEY, total integer); CREATE INDEX orders_total_idx ON orders (total);",
        ),
    );
    let options = Options {
        online: true,
        ..Options::default()
    };
    let plan = plan::plan_with(Pair::new(&before, &after), VERSION, &options);
    let build = &plan.steps[0];
    assert!(!build.facts.transactional && build.facts.lock_timeout == Some(0));
    let mut old = Client::connect(&database.url(), NoTls).unwrap();
    old.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM users")
        .unwrap();
    let precondition = build.facts.precondition.clone().unwrap();
    let load = Load::on(&database);
    load.slowest();
    let holder = thread::spawn(move || {
        thread::sleep(Duration::from_secs(5));
        old.batch_execute("COMMIT").unwrap();
    });
    let mut client = database.client();
    let asked: bool = client.query_one(&precondition, &[]).unwrap().get(0);
    assert!(asked, "a transaction of a second is no old one");
    let start = Instant::now();
    client.batch_execute(&build.sql).unwrap();
    let took = start.elapsed();
    let waited = load.slowest();
    holder.join().unwrap();
    load.end();
    assert!(took > Duration::from_secs(4), "{took:?}");
    assert!(waited < Duration::from_secs(1), "{waited:?}");
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_total_idx'::regclass";
    let valid: bool = client.query_one(valid, &[]).unwrap().get(0);
    assert!(valid);
}
