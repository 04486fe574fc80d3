//! What is declared of the statements of plans for known changes, against what a server does: every
//! statement with `SCHEMAGEN_CORPUS_ALL` (`scripts/prove`), a sample of the changes without it.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::time::Duration;

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::{Catalog, Pair};
use schemagen::plan::{self, Options, Plan, Step};

use crate::facts::{Seen, Session, declared};
use crate::support::corpus::{self, Transition};
use crate::support::postgres::{self, Database};
use crate::support::workers::side_by_side;

const VERSION: TargetVersion = TargetVersion {
    dialect: Dialect::Postgres,
    major: 15,
    zone: None,
};

/// Of how many changes one is taken.
const SAMPLE: usize = 40;

/// How many relations others hold while a statement runs outside of a transaction; a session each.
const HELD: usize = 16;

/// What came of the statements of a change.
#[derive(Default)]
struct Outcome {
    statements: usize,
    /// Those outside of transactions among them.
    alone: usize,
    wrong: Vec<String>,
    /// Why a change could not be watched.
    unwatched: Option<String>,
}

/// Runs a plan, and says which statements did something else than they declare.
fn run(database: &Database, plan: &Plan) -> Outcome {
    let mut session = Session::on(database);
    let mut outcome = Outcome::default();
    let there = session.relations();
    for group in plan.groups() {
        let done = match group.transactional {
            true => in_a_transaction(&mut session, group.steps, &there, &mut outcome),
            false => alone(
                database,
                &mut session,
                &group.steps[0],
                &there,
                &mut outcome,
            ),
        };
        if let Err(said) = done {
            outcome.wrong.push(format!("refused: {said}"));
            break;
        }
    }
    outcome
}

fn in_a_transaction(
    session: &mut Session,
    steps: &[Step],
    there: &BTreeMap<String, String>,
    outcome: &mut Outcome,
) -> Result<(), String> {
    session.run("BEGIN");
    let mut locks: BTreeMap<String, &'static str> = BTreeMap::new();
    for step in steps {
        let mut said = declared(&step.facts);
        for (name, mode) in &said.locks {
            let known = locks.entry(name.clone()).or_insert(mode);
            *known = session.stronger(known, mode);
        }
        let seen = session.observe(&step.sql, there);
        let mut seen = seen.map_err(|error| format!("{error}\n    {}", step.sql))?;
        outcome.statements += 1;
        let first = step.sql.split_whitespace().next().unwrap_or_default();
        // They make new files, and the server has no message for it.
        if matches!(first, "DROP" | "REFRESH" | "TRUNCATE" | "CLUSTER") {
            said.forget_rows();
            seen.forget_rows();
        }
        // What the plan itself makes is nobody's yet.
        said.keep(there);
        seen.keep(there);
        locks.retain(|name, _| there.values().any(|t| t == name));
        // Locks stay until the end of the transaction, so they are compared as they grow.
        said.locks.clone_from(&locks);
        if said != seen {
            outcome.wrong.push(differing(step, &said, &seen));
            locks.clone_from(&seen.locks);
        }
    }
    session.run("COMMIT");
    Ok(())
}

fn differing(step: &Step, said: &Seen, seen: &Seen) -> String {
    format!("{}\n    declared {said:?}\n    server   {seen:?}", step.sql)
}

/// A statement that no transaction may hold. Others hold each table for a while, so that it has to wait
/// where it waits for those who use one: then its locks are there to be seen.
fn alone(
    database: &Database,
    session: &mut Session,
    step: &Step,
    there: &BTreeMap<String, String>,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let mut watcher = Session::on(database);
    let tables = "SELECT oid::text, CASE relkind WHEN 'm' \
                  THEN 'COMMENT ON MATERIALIZED VIEW ' || oid::regclass || ' IS NULL' \
                  ELSE 'LOCK TABLE ONLY ' || oid::regclass || ' IN ROW EXCLUSIVE MODE' END \
                  FROM pg_class WHERE relkind IN ('r', 'p', 'm') AND relnamespace::regnamespace::text !~ '^pg_|^information_schema'";
    let mut tables = watcher.names(tables);
    let said = declared(&step.facts);
    tables.sort_by_key(|(oid, _)| there.get(oid).is_none_or(|t| !said.locks.contains_key(t)));
    let mut held = Vec::new();
    for (_, hold) in tables.into_iter().take(HELD) {
        let mut holder = Session::on(database);
        holder.run("BEGIN");
        holder.run(&hold);
        held.push(holder);
    }
    let mut seen = Seen::default();
    let told = session.run_beside(&step.sql, |pid, is_done| {
        let mut held = held.into_iter();
        loop {
            // Either it has ended, or it waits, and no longer for what was let go last.
            while !is_done() && !watcher.waits(pid) {
                std::thread::sleep(Duration::from_millis(2));
            }
            for (name, mode) in watcher.locks_of(pid, there) {
                let known = seen.locks.entry(name).or_insert(mode);
                *known = watcher.stronger(known, mode);
            }
            let Some(mut holder) = held.next() else {
                return;
            };
            holder.run("ROLLBACK");
            std::thread::sleep(Duration::from_millis(3));
        }
    });
    let keys: [(String, String); 0] = [];
    seen.take(told?, &keys);
    outcome.statements += 1;
    outcome.alone += 1;
    let mut said = said;
    said.keep(there);
    seen.keep(there);
    if said != seen {
        outcome.wrong.push(differing(step, &said, &seen));
    }
    Ok(())
}

/// Watches the plans of a change, in both forms. `None` where there is no server.
fn watch(change: &Transition) -> Option<Outcome> {
    let mut all = Outcome::default();
    let load = |text: &str| change.sources(text).load(Dialect::Postgres);
    let (before, after) = (load(&change.old), load(&change.new));
    if before.has_errors() || after.has_errors() {
        all.unwatched = Some("it is not read".to_owned());
        return Some(all);
    }
    let mut plans = BTreeSet::new();
    for online in [false, true] {
        let plan = planned(&before.catalog, &after.catalog, online);
        // Where nothing has a longer form there is one plan.
        if plan.steps.is_empty() || !plans.insert(plan.sql()) {
            continue;
        }
        let database = postgres::database()?;
        let quoted = |role: &String| format!("\"{}\"", role.replace('"', "\"\""));
        let roles: Vec<String> = change.roles.iter().map(quoted).collect();
        database.roles(&roles.iter().map(String::as_str).collect::<Vec<_>>());
        if let Err(said) = database.psql(&format!("{}\n;{}", change.setup, change.old)) {
            all.unwatched = said.lines().next().map(str::to_owned);
            break;
        }
        let found = run(&database, &plan);
        all.statements += found.statements;
        all.alone += found.alone;
        let head = format!("{} online: {online}", change.name);
        let wrong = found.wrong.into_iter();
        all.wrong.extend(wrong.map(|w| format!("{head}\n  {w}")));
    }
    Some(all)
}

fn planned(before: &Catalog, after: &Catalog, online: bool) -> Plan {
    let options = Options {
        online,
        ..Options::default()
    };
    plan::plan_with(Pair::new(before, after), VERSION, &options)
}

#[test]
fn statements_of_plans_do_what_they_declare() {
    let Some(changes) = corpus::changes() else {
        return;
    };
    let every = match env::var_os("SCHEMAGEN_CORPUS_ALL") {
        Some(_) => 1,
        None => SAMPLE,
    };
    let postgres = changes.iter().filter(|c| c.dialect == Dialect::Postgres);
    let postgres: Vec<&Transition> = postgres.step_by(every).collect();
    let outcomes = side_by_side(&postgres, |change| watch(change));
    let Some(outcomes) = outcomes.into_iter().collect::<Option<Vec<Outcome>>>() else {
        return;
    };
    let statements: usize = outcomes.iter().map(|o| o.statements).sum();
    let alone: usize = outcomes.iter().map(|o| o.alone).sum();
    let wrong: Vec<&str> = { outcomes.iter() }
        .flat_map(|o| &o.wrong)
        .map(String::as_str)
        .collect();
    let unwatched = { postgres.iter().zip(&outcomes) }
        .filter_map(|(change, o)| Some(format!("{}: {}", change.name, o.unwatched.as_ref()?)));
    let unwatched: Vec<String> = unwatched.collect();
    report(statements, alone, &unwatched);
    assert!(statements > 20, "only {statements} statements");
    assert!(
        wrong.is_empty(),
        "{} of {statements}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        unwatched.len() <= postgres.len() / 50 + 1,
        "of {} changes:\n{}",
        postgres.len(),
        unwatched.join("\n")
    );
}

#[expect(clippy::print_stderr, reason = "what a full run is made for")]
fn report(statements: usize, alone: usize, unwatched: &[String]) {
    eprintln!("{statements} statements watched, {alone} of them outside of transactions");
    for change in unwatched {
        eprintln!("not watched: {change}");
    }
}
