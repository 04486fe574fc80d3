//! What is declared of the statements of plans for known changes, against what a server does: every
//! statement with `SCHEMAGEN_CORPUS_ALL`, a sample of the changes without it.

use std::collections::BTreeMap;
use std::env;

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::Pair;
use schemagen::plan::{self, Options, Plan};

use crate::facts::{Session, declared};
use crate::support::catalogs::Sources;
use crate::support::corpus;
use crate::support::postgres;

const VERSION: TargetVersion = TargetVersion {
    dialect: Dialect::Postgres,
    major: 15,
    zone: None,
};

/// Of how many changes one is taken.
const SAMPLE: usize = 40;

/// Runs a plan, and says which statements did something else than they declare.
fn wrong(session: &mut Session, plan: &Plan) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut count = 0;
    let there = session.relations();
    for group in plan.groups() {
        if !group.transactional {
            if let Err(said) = session.try_run(&group.steps[0].sql) {
                return (count, with(found, format!("refused: {said}")));
            }
            continue;
        }
        session.run("BEGIN");
        let mut locks: BTreeMap<String, &'static str> = BTreeMap::new();
        for step in group.steps {
            let mut said = declared(&step.facts);
            for (name, mode) in &said.locks {
                let known = locks.entry(name.clone()).or_insert(mode);
                *known = session.stronger(known, mode);
            }
            let mut seen = match session.observe(&step.sql, &there) {
                Ok(seen) => seen,
                Err(error) => {
                    session.run("ROLLBACK");
                    if error.starts_with("role ") {
                        return (count, found);
                    }
                    return (
                        count,
                        with(found, format!("refused: {error}\n    {}", step.sql)),
                    );
                }
            };
            count += 1;
            let first = step.sql.split_whitespace().next().unwrap_or_default();
            if matches!(first, "DROP" | "REFRESH" | "TRUNCATE" | "CLUSTER") {
                said.forget_rows();
                seen.forget_rows();
            }
            // What the plan itself makes is nobody's yet.
            said.keep(&there);
            seen.keep(&there);
            locks.retain(|name, _| there.values().any(|t| t == name));
            // Locks stay until the end of the transaction, so they are compared as they grow.
            said.locks.clone_from(&locks);
            if said != seen {
                found.push(format!(
                    "{}\n    declared {said:?}\n    server   {seen:?}",
                    step.sql
                ));
                locks.clone_from(&seen.locks);
            }
        }
        session.run("COMMIT");
    }
    (count, found)
}

fn with(mut found: Vec<String>, last: String) -> Vec<String> {
    found.push(last);
    found
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
    let (mut statements, mut wrong_ones, mut said) = (0, 0, Vec::new());
    let postgres = changes.iter().filter(|c| c.dialect == Dialect::Postgres);
    for change in postgres.step_by(every) {
        let load = |text: &str| Sources::of_sql(text).load(Dialect::Postgres);
        let (before, after) = (load(&change.old), load(&change.new));
        if before.has_errors() || after.has_errors() {
            continue;
        }
        let pair = Pair::new(&before.catalog, &after.catalog);
        for online in [false, true] {
            let Some(database) = postgres::database() else {
                return;
            };
            // Roles and extensions that are not here make a change none that can be watched.
            if database.psql(&change.old).is_err() {
                break;
            }
            let options = Options {
                online,
                ..Options::default()
            };
            let plan = plan::plan_with(pair, VERSION, &options);
            let mut session = Session::on(&database);
            let (count, found) = wrong(&mut session, &plan);
            statements += count;
            wrong_ones += found.len();
            let head = format!("{} online: {online}", change.name);
            said.extend(found.into_iter().map(|f| format!("{head}\n  {f}")));
        }
    }
    assert!(statements > 20, "only {statements} statements");
    assert!(
        said.is_empty(),
        "{wrong_ones} of {statements}\n{}",
        said.join("\n")
    );
}
