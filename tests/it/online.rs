//! Plans in their online forms: what they say, and that a server ends where they should, with the
//! locks that each step declares.

use std::fs;
use std::path::{Path, PathBuf};

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::{Catalog, Pair};
use schemagen::plan::{self, Options, Plan};

use crate::facts::{Session, catalog, declared};
use crate::support::postgres::{self, Database};
use crate::support::program::Folder;

const VERSION: TargetVersion = TargetVersion {
    dialect: Dialect::Postgres,
    major: 15,
    zone: None,
};

/// The folders of `tests/fixtures/online`: a name, the text before and the text after.
fn pairs() -> Vec<(String, Pair<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/online");
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let read = |folder: &Path, name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let pair = |folder: PathBuf| {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        (
            name,
            Pair::new(read(&folder, "before.sql"), read(&folder, "after.sql")),
        )
    };
    folders.into_iter().map(pair).collect()
}

fn planned(before: &Catalog, after: &Catalog, online: bool) -> Plan {
    let options = Options {
        online,
        ..Options::default()
    };
    plan::plan_with(Pair::new(before, after), VERSION, &options)
}

#[test]
fn every_recipe_says_what_it_did() {
    let mut seen = 0;
    for (name, pair) in pairs() {
        for (direction, texts) in [("up", pair.clone()), ("down", pair.clone().reversed())] {
            let (before, after) = (catalog(&texts.before), catalog(&texts.after));
            let plan = planned(&before, &after, true);
            assert!(
                plan.is_proved(),
                "{name}: {:?} {:?}",
                plan.remaining,
                plan.diagnostics
            );
            assert_eq!(plan.short_because, None, "{name} {direction}");
            for group in plan.groups() {
                assert!(group.transactional || group.steps.len() == 1, "{name}");
            }
            let last = plan.boundaries(&before, VERSION).pop().unwrap();
            assert!(
                planned(&last, &after, false).steps.is_empty(),
                "{name} {direction}"
            );
            insta::assert_snapshot!(format!("{name}_{direction}"), plan.sql());
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} plans");
}

#[test]
fn a_server_ends_where_the_plan_does_with_the_locks_that_it_declares() {
    let mut wrong = Vec::new();
    for (name, pair) in pairs() {
        for (direction, texts) in [("up", pair.clone()), ("down", pair.clone().reversed())] {
            for online in [true, false] {
                let (Some(database), Some(wanted)) = (postgres::database(), postgres::database())
                else {
                    return;
                };
                let what = format!("{name} {direction} online: {online}");
                database.psql(&texts.before).unwrap();
                wanted.psql(&texts.after).unwrap();
                let (before, after) = (catalog(&texts.before), catalog(&texts.after));
                let plan = planned(&before, &after, online);
                wrong.extend(
                    run(&database, &plan)
                        .into_iter()
                        .map(|w| format!("{what}\n  {w}")),
                );
                let (is, should) = (columns_aside(&database), columns_aside(&wanted));
                if is != should {
                    wrong.push(format!("{what}: ends elsewhere\n{is}\n---\n{should}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is read of a database; the order of a table's columns is not part of it.
fn columns_aside(database: &Database) -> String {
    let read = Folder::new().run(&["inspect", &database.url(), "--format", "sql"]);
    let text = read.expect(0).stdout;
    let mut lines: Vec<&str> = text
        .lines()
        .map(|l| l.trim().trim_end_matches(','))
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// Runs a plan by its groups, and compares the locks of each step.
fn run(database: &Database, plan: &Plan) -> Vec<String> {
    let mut session = Session::on(database);
    // What the plan itself makes is nobody's yet.
    let there = session.relations();
    let mut wrong = Vec::new();
    for group in plan.groups() {
        if !group.transactional {
            session.run(&group.steps[0].sql);
            continue;
        }
        session.run("BEGIN");
        let mut locks = std::collections::BTreeMap::new();
        for step in group.steps {
            session.run(&step.sql);
            for (name, mode) in declared(&step.facts).locks {
                let known = locks.entry(name).or_insert(mode);
                *known = session.stronger(known, mode);
            }
        }
        let seen = session.locks(&there);
        session.run("COMMIT");
        if seen != locks {
            wrong.push(format!(
                "declared {locks:?}\n  server   {seen:?}\n  {:?}",
                group.sql()
            ));
        }
    }
    wrong
}
