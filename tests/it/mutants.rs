//! The proof of a plan refuses what a server refuses: plans with a step left out or out of its place,
//! and plans that forget an object. Whatever the proof takes is run by a server, which has to end where
//! the plan should.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::diff::{Options, compare};
use schemagen::model::{Catalog, Pair};
use schemagen::plan::{self, Plan, Step};

use crate::diff::lines;
use crate::normal_form::inspected;
use crate::strict::folded;
use crate::support::catalogs::Sources;
use crate::support::corpus;
use crate::support::postgres::{self, Database};
use crate::support::workers::side_by_side;

/// How many mutants of a plan are tried where not all of them are.
const MUTANTS: usize = 16;

/// How many of those that the proof takes a server runs.
const SAMPLE: usize = 2;

/// How many of the known changes are mutated: one of so many.
const CHANGES: usize = 100;

/// Every mutant of every known change, both ways, and not a sample.
fn takes_all() -> bool {
    env::var_os("SCHEMAGEN_CORPUS_ALL").is_some()
}

fn pairs() -> Vec<(String, Pair<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/plan");
    let entries = fs::read_dir(folder).expect("the fixtures are there");
    let mut paths: Vec<_> = entries.map(|e| e.expect("readable").path()).collect();
    paths.sort();
    let read = |path: &Path, name: &str| {
        fs::read_to_string(path.join(name)).expect("a fixture has both sides")
    };
    let pair = |path: &PathBuf| {
        let sides = Pair::new("before.sql", "after.sql").map(|name| read(path, name));
        (path.display().to_string(), sides)
    };
    let mut all: Vec<_> = paths.iter().map(pair).collect();
    let every = if takes_all() { 1 } else { CHANGES };
    let changes = corpus::changes().unwrap_or_default();
    let postgres = changes.iter().filter(|c| c.dialect == Dialect::Postgres);
    all.extend(postgres.step_by(every).map(|change| {
        let sides = Pair::new(change.old.clone(), change.new.clone());
        (change.name.clone(), sides)
    }));
    if let Ok(part) = env::var("SCHEMAGEN_ONLY") {
        all.retain(|(name, _)| name.contains(&part));
    }
    all
}

/// Plans that are not quite the plan, each with what was done to it.
fn mutants(steps: &[Step]) -> Vec<(String, Vec<Step>)> {
    let mut all: Vec<(String, Vec<Step>)> = Vec::new();
    let short = |step: &Step| step.sql.lines().next().unwrap_or_default().to_owned();
    for (n, step) in steps.iter().enumerate() {
        let mut left = steps.to_vec();
        let gone = left.remove(n);
        let mut first = left.clone();
        first.insert(0, gone.clone());
        let mut last = left.clone();
        last.push(gone);
        let mut swapped = steps.to_vec();
        if n + 1 < steps.len() {
            swapped.swap(n, n + 1);
        }
        let object: Vec<Step> = steps
            .iter()
            .filter(|s| s.object != step.object)
            .cloned()
            .collect();
        for (done, mutant) in [
            ("without", left),
            ("first", first),
            ("last", last),
            ("behind the next", swapped),
            ("forgotten: all of", object),
        ] {
            // Of two steps, the first behind the next is the second first.
            let is_new = mutant != steps && all.iter().all(|(_, other)| *other != mutant);
            if is_new && !mutant.is_empty() {
                all.push((format!("{done}: {}", short(step)), mutant));
            }
        }
    }
    all
}

/// The text that a server runs, with the transactions that a setting may end with.
fn as_plan(steps: &[Step]) -> Plan {
    Plan {
        steps: steps.to_vec(),
        ..Plan::default()
    }
}

fn differences(want: &Catalog, got: &Catalog) -> Vec<String> {
    let comparison = compare(Pair::new(want, got), &Options::new(Dialect::Postgres));
    comparison.changes.iter().flat_map(lines).collect()
}

/// Whether the fold takes the statements, and ends where the plan does.
fn is_proved(pair: Pair<&Catalog>, steps: &[Step]) -> bool {
    let ends = folded(pair.before, &as_plan(steps).sql());
    ends.is_ok_and(|ends| differences(pair.after, &ends).is_empty())
}

/// Where mutants are run: a database that holds the schema before, of which each gets a copy, and the
/// catalog that the plan has to end in.
struct Ground {
    before: Database,
    want: Catalog,
}

impl Ground {
    /// `None` where the server does not take one of the schemas.
    fn new(texts: &Pair<String>, [before, after]: [Database; 2]) -> Option<Self> {
        before.psql(&texts.before).ok()?;
        after.psql(&texts.after).ok()?;
        let want = inspected(&after, "").catalog;
        Some(Self { before, want })
    }

    /// What a server says against a plan.
    fn against(&self, steps: &[Step]) -> Option<String> {
        let database = self.before.copy();
        if let Err(why) = database.psql(&as_plan(steps).sql()) {
            let inside = why
                .lines()
                .find(|l| l.starts_with("CONTEXT:  SQL function"));
            return Some(
                why.lines()
                    .take(3)
                    .chain(inside)
                    .collect::<Vec<_>>()
                    .join(" "),
            );
        }
        let differ = differences(&self.want, &inspected(&database, "").catalog);
        (!differ.is_empty()).then(|| format!("ends elsewhere: {}", differ.join("; ")))
    }
}

/// What no proof knows without a database (docs/migrations.md, "What the proof does not know"), by what the
/// server says of it: the numbers that sequences have reached, what extensions bring along, and bodies that were
/// not read, when a statement runs them.
fn is_unknowable(why: &str, pair: Pair<&Catalog>) -> bool {
    let class = why.split_once("operator class \"");
    let class = class.and_then(|(_, rest)| rest.split_once('"'));
    let declares = |catalog: &Catalog, class: &str| {
        let mut classes = catalog.operator_classes.keys();
        classes.any(|(name, _)| name.name == class)
    };
    let of_others = |class: &str| !declares(pair.before, class) && !declares(pair.after, class);
    why.contains("ERROR:  RESTART value (")
        || rests_on_one_of_two(why, pair.before)
        || why.contains("ERROR:  cannot drop extension ")
        || why.contains("CONTEXT:  SQL function")
            && [" during inlining", " during startup"]
                .iter()
                .any(|when| why.contains(when))
        || class.is_some_and(|(class, _)| of_others(class))
}

/// Whether a foreign key stands in the way of one of two keys that were there before, over the same columns.
fn rests_on_one_of_two(why: &str, before: &Catalog) -> bool {
    let Some((_, name)) = why.split_once("DETAIL:  constraint ") else {
        return false;
    };
    let name = name.split(' ').next().unwrap_or_default();
    let keys = before.tables.values().flat_map(|t| t.foreign_keys());
    let mut keys = keys.filter(|(constraint, _)| constraint.name == name);
    keys.any(|(_, fk)| {
        let Some(target) = before.tables.get(&fk.target) else {
            return false;
        };
        let of_constraints = { target.constraints.iter() }.filter(|c| c.has_index());
        let indexes = target.indexes.iter().filter(|i| i.unique);
        let all = { of_constraints.map(|c| c.columns().to_vec()) }.chain(indexes.map(|i| {
            i.plain_columns()
                .unwrap_or_default()
                .into_iter()
                .cloned()
                .collect()
        }));
        all.filter(|columns| *columns == fk.target_columns).count() > 1
    })
}

/// What came of the mutants of plans.
#[derive(Default)]
struct Outcome {
    refused: usize,
    run: usize,
    /// Of those that were run: refused for what cannot be known.
    unknowable: usize,
    wrong: Vec<String>,
}

/// Mutates the plan from one schema to another. `None` where there is no server.
fn mutate(name: &str, texts: &Pair<String>, outcome: &mut Outcome) -> Option<()> {
    let load = |text: &String| Sources::of_sql(text).load(Dialect::Postgres);
    let loaded = Pair::new(load(&texts.before), load(&texts.after));
    if loaded.before.has_errors() || loaded.after.has_errors() {
        return Some(());
    }
    let pair = Pair::new(&loaded.before.catalog, &loaded.after.catalog);
    let plan = plan::plan(pair, TargetVersion::default_of(Dialect::Postgres));
    // One step, gone or moved, is no plan or the same.
    if !(2..=150).contains(&plan.steps.len()) {
        return Some(());
    }
    let databases = [postgres::database()?, postgres::database()?];
    // What the plan itself does not reach, a mutant does not either.
    let Some(ground) = Ground::new(texts, databases).filter(|g| g.against(&plan.steps).is_none())
    else {
        return Some(());
    };
    let one_of = |count: usize, of: usize| {
        if takes_all() {
            1
        } else {
            count.div_ceil(of).max(1)
        }
    };
    let mutants = mutants(&plan.steps);
    let every = one_of(mutants.len(), MUTANTS);
    let tried: Vec<_> = mutants.into_iter().step_by(every).collect();
    let (taken, refused): (Vec<_>, Vec<_>) =
        tried.into_iter().partition(|(_, m)| is_proved(pair, m));
    outcome.refused += refused.len();
    let every = one_of(taken.len(), SAMPLE);
    for (done, mutant) in taken.into_iter().step_by(every) {
        outcome.run += 1;
        let why = ground.against(&mutant);
        if why.as_ref().is_some_and(|why| is_unknowable(why, pair)) {
            outcome.unknowable += 1;
        } else if let Some(why) = why {
            outcome.wrong.push(format!("{name}, {done}\n    {why}"));
        }
    }
    Some(())
}

#[expect(clippy::print_stderr, reason = "what a full run is made for")]
fn say(text: &str) {
    eprintln!("{text}");
}

#[test]
fn what_a_server_refuses_the_proof_refuses() {
    let mut changes = Vec::new();
    for (n, (name, up)) in pairs().into_iter().enumerate() {
        let ways = [("up", up.clone()), ("down", up.reversed())];
        let chosen = { ways.into_iter().enumerate() }.filter(|(w, _)| takes_all() || n % 2 == *w);
        changes.extend(chosen.map(|(_, (way, texts))| (format!("{name} {way}"), texts)));
    }
    let outcomes = side_by_side(&changes, |(name, texts)| {
        let mut outcome = Outcome::default();
        let done = mutate(name, texts, &mut outcome);
        if takes_all() {
            // A full run takes long, and what it has found is worth reading before its end.
            outcome.wrong.iter().for_each(|wrong| say(wrong));
        }
        done.map(|()| outcome)
    });
    let Some(outcomes) = outcomes.into_iter().collect::<Option<Vec<Outcome>>>() else {
        return;
    };
    let refused: usize = outcomes.iter().map(|o| o.refused).sum();
    let run: usize = outcomes.iter().map(|o| o.run).sum();
    let unknowable: usize = outcomes.iter().map(|o| o.unknowable).sum();
    let wrong: Vec<String> = outcomes.into_iter().flat_map(|o| o.wrong).collect();
    say(&format!(
        "{refused} mutants refused by the proof, {run} taken and run, {unknowable} of them for nobody to know"
    ));
    assert!(
        wrong.is_empty(),
        "{} of {run} ({refused} refused):\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let some = env::var_os("SCHEMAGEN_ONLY").is_some();
    assert!(
        some || refused > 50 && run > 10,
        "{refused} refused, {run} run"
    );
}
