//! Made-up pairs of catalogs: the plan between them ends where it should, and so does the way back.
//!
//! Pairs of every kind of object are two choices of what the samples under `tests/fixtures/coverage`
//! say, with numbers, types and comments changed; pairs of tables are made-up schemas blended with
//! others. The same pairs each time, unless `PROPTEST_CASES` asks for so many others.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::env;
use std::sync::OnceLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::diff::{Options, compare};
use schemagen::migration::with_notes_back;
use schemagen::model::{CastMethod, Catalog, DataType, ObjectKind, Pair, QualifiedName};
use schemagen::pipeline::Loaded;
use schemagen::plan::{self, Plan};

use crate::diff::lines;
use crate::normal_form::inspected;
use crate::strict::folded;
use crate::support::catalogs::{Sources, statements};
use crate::support::postgres::{self, Database};
use crate::support::schemas;

/// What one side of a pair takes of the samples, and changes in it.
#[derive(Clone, Debug)]
struct Side {
    chosen: u64,
    edits: Vec<(prop::sample::Index, Edit)>,
}

#[derive(Clone, Copy, Debug)]
enum Edit {
    Number,
    Wider,
    Comment,
}

#[derive(Clone, Debug)]
struct PairSpec {
    samples: Vec<usize>,
    sides: [Side; 2],
}

fn side() -> impl Strategy<Value = Side> {
    let edit = prop::sample::select(vec![Edit::Number, Edit::Wider, Edit::Comment]);
    // Most of what there is: with half of it most statements would have nothing to stand on.
    let chosen = (any::<u64>(), any::<u64>()).prop_map(|(a, b)| a | b);
    (chosen, vec((any::<prop::sample::Index>(), edit), 0..4))
        .prop_map(|(chosen, edits)| Side { chosen, edits })
}

fn pairs_of_kinds(samples: usize) -> impl Strategy<Value = PairSpec> {
    (vec(0..samples, 1..3), side(), side()).prop_map(|(samples, one, other)| PairSpec {
        samples,
        sides: [one, other],
    })
}

/// The statements of each sample. Those of SQLite, those that nobody models and those that connect
/// elsewhere are left out.
fn samples() -> Vec<Vec<String>> {
    let known = |kind: &ObjectKind| {
        !matches!(
            kind,
            ObjectKind::VirtualTable | ObjectKind::Kept | ObjectKind::Opaque
        )
    };
    let mut all = Vec::new();
    for kind in ObjectKind::ALL.into_iter().filter(known) {
        let loaded = read(&crate::coverage::sample(kind)).expect("a sample is free of errors");
        all.push(statements(&loaded, Dialect::Postgres));
    }
    all
}

fn script(statements: &[String]) -> String {
    let mut text = String::new();
    for statement in statements {
        text.push_str(statement);
        text.push_str(";\n");
    }
    text
}

/// A schema that is free of errors.
fn read(text: &str) -> Option<Loaded> {
    let loaded = Sources::of_sql(text).load(Dialect::Postgres);
    // Nobody models a change of what is not there.
    let sound = !loaded.has_errors() && loaded.catalog.opaque.is_empty();
    (sound && stands(&loaded.catalog)).then_some(loaded)
}

/// Whether the statements make a schema, and call no routine of the samples that they do not make.
fn is_sound(statements: &[String]) -> bool {
    static NAMES: OnceLock<BTreeSet<String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let catalogs = samples().into_iter().filter_map(|s| read(&script(&s)));
        let routines = catalogs.flat_map(|l| l.catalog.routines.into_keys());
        routines.map(|(name, _)| name.to_string()).collect()
    });
    let Some(loaded) = read(&script(statements)) else {
        return false;
    };
    let made = |name: &String| {
        let mut routines = loaded.catalog.routines.keys();
        routines.any(|(own, _)| own.to_string() == *name)
    };
    let called = |name: &&String| statements.iter().any(|s| s.contains(name.as_str()));
    names.iter().filter(called).all(made)
}

/// Whether a database could be so: a schema may leave out what it takes from others, a database cannot.
fn stands(catalog: &Catalog) -> bool {
    let wrappers = &catalog.foreign_data_wrappers;
    let mut servers = catalog.foreign_servers.values();
    let tables = catalog.tables.values().filter_map(|t| t.foreign.as_ref());
    let mapped = catalog.user_mappings.values().map(|m| &m.server);
    let mut used = tables.map(|f| &f.server).chain(mapped);
    let schemas = catalog
        .extensions
        .values()
        .filter_map(|e| e.schema.as_ref());
    let mut schemas = schemas.filter(|s| s.as_str() != "public");
    made_of_theirs(catalog)
        && servers.all(|s| wrappers.contains_key(&s.wrapper))
        && used.all(|server| catalog.foreign_servers.contains_key(server))
        && schemas.all(|s| catalog.schemas.contains_key(s))
}

/// Whether operators, casts and aggregates are made of functions that take their types: the edits of a pair
/// change the types of one of the two.
fn made_of_theirs(catalog: &Catalog) -> bool {
    let there = |name: &str, takes: &[&DataType]| {
        let own = |(found, _): &&(QualifiedName, Box<str>)| found.to_string() == name;
        let mut named = catalog.routines.keys().filter(own).peekable();
        let takes: Vec<String> = takes.iter().map(|t| t.signature_text()).collect();
        let takes = takes.join(", ");
        named.peek().is_none() || named.any(|(_, signature)| **signature == *takes)
    };
    let operators = catalog.operators.values().all(|operator| {
        let sides: Vec<&DataType> = operator.left.iter().chain(&operator.right).collect();
        let function = operator.options.get("function").and_then(Option::as_ref);
        function.is_none_or(|f| there(f.text(), &sides))
    });
    let casts = catalog.casts.values().all(|cast| match &cast.method {
        CastMethod::Function(name, types) => {
            there(&name.to_string(), &types.iter().collect::<Vec<_>>())
        }
        _ => true,
    });
    let aggregates = catalog.aggregates.values().all(|aggregate| {
        let of = |option: &str| aggregate.options.get(option).and_then(Option::as_ref);
        let (Some(function), Some(state)) = (of("sfunc"), of("stype")) else {
            return true;
        };
        let own = catalog.routines.keys();
        let mut own = own
            .filter(|(n, _)| n.to_string() == function.text())
            .peekable();
        own.peek().is_none() || own.any(|(_, takes)| takes.starts_with(state.text()))
    });
    operators && casts && aggregates
}

impl PairSpec {
    fn texts(&self, samples: &[Vec<String>]) -> [String; 2] {
        let mut all: Vec<&String> = Vec::new();
        for sample in &self.samples {
            let new = samples[*sample].iter();
            let new: Vec<&String> = new.filter(|s| !all.contains(s)).collect();
            all.extend(new);
        }
        self.sides.clone().map(|side| side.text(&all))
    }
}

impl Side {
    /// The chosen statements that have what they need.
    fn text(&self, all: &[&String]) -> String {
        let mut taken: Vec<String> = Vec::new();
        for (n, statement) in all.iter().enumerate() {
            if self.chosen & (1 << (n % 64)) == 0 {
                continue;
            }
            taken.push((*statement).clone());
            if !is_sound(&taken) {
                taken.pop();
            }
        }
        for (at, edit) in &self.edits {
            if taken.is_empty() {
                break;
            }
            let at = at.index(taken.len());
            let was = std::mem::take(&mut taken[at]);
            taken[at] = edit.of(&was);
            if !is_sound(&taken) {
                taken[at] = was;
            }
        }
        script(&taken)
    }
}

impl Edit {
    fn of(self, statement: &str) -> String {
        match self {
            Self::Number => statement
                .replacen(" 1", " 2", 1)
                .replacen(" 0", " 3", 1)
                .replacen("(10", "(12", 1),
            // They would no longer be made of functions of their types, and items of another type than
            // its class stay in a family when that goes.
            Self::Wider
                if ["OPERATOR", "CAST", "AGGREGATE"]
                    .iter()
                    .any(|kind| statement.starts_with(&format!("CREATE {kind}"))) =>
            {
                statement.to_owned()
            }
            Self::Wider => statement.replacen("integer", "bigint", 1),
            Self::Comment if statement.starts_with("COMMENT") => {
                match statement.rsplit_once(" IS ") {
                    Some((what, _)) => format!("{what} IS 'Said anew'"),
                    None => statement.to_owned(),
                }
            }
            Self::Comment => statement.to_owned(),
        }
    }
}

/// How one gets from the first of a pair to the other, and back.
struct Ways {
    up: Plan,
    down: Plan,
}

fn version() -> TargetVersion {
    TargetVersion::default_of(Dialect::Postgres)
}

/// What ends elsewhere. An extension says for itself what its author does not say of it.
fn differ(want: &Catalog, got: &Catalog) -> Vec<String> {
    let mut want = want.clone();
    for (name, extension) in &mut want.extensions {
        if let Some(found) = got.extensions.get(name) {
            extension.comment = extension.comment.take().or_else(|| found.comment.clone());
        }
    }
    let comparison = compare(Pair::new(&want, got), &Options::new(Dialect::Postgres));
    comparison.changes.iter().flat_map(lines).collect()
}

/// Proves the plans both ways. `None` where an author has to decide something first.
fn proved(pair: Pair<&Catalog>) -> Result<Option<Ways>, TestCaseError> {
    let back = with_notes_back(pair, pair.after, version());
    let up = plan::plan(pair, version());
    let down = plan::plan(Pair::new(pair.after, &back), version());
    let asks = |plan: &Plan| plan.obstacles.iter().any(|o| o.unless.is_none());
    if asks(&up) || asks(&down) {
        return Ok(None);
    }
    for (way, plan, from, to) in [
        ("up", &up, pair.before, pair.after),
        ("down", &down, pair.after, pair.before),
    ] {
        let text: String = plan.steps.iter().map(|s| format!("{};\n", s.sql)).collect();
        let said: Vec<&str> = plan.diagnostics.iter().map(|d| &*d.headline).collect();
        prop_assert!(
            plan.is_proved(),
            "{way}: {said:?}, left {:?}\n{text}",
            plan.remaining
        );
        let ends = folded(from, &text);
        let ends = ends.map_err(|why| TestCaseError::fail(format!("{way}: {why}\n{text}")))?;
        let differ = differ(to, &ends);
        prop_assert!(
            differ.is_empty(),
            "{way} ends elsewhere: {differ:?}\n{text}"
        );
    }
    Ok(Some(Ways { up, down }))
}

/// Runs the plans both ways on a server. What it refuses of the two schemas themselves is no pair.
fn run(texts: &[String; 2], ways: &Ways) -> Result<bool, TestCaseError> {
    let fresh = |text: &String| -> Option<Database> {
        let database = postgres::database()?;
        database.roles(&["boss", "reader", "writer"]);
        database.psql(text).ok()?;
        Some(database)
    };
    let [Some(database), Some(other)] = texts.each_ref().map(fresh) else {
        return Ok(false);
    };
    let before = inspected(&database, "").catalog;
    let after = inspected(&other, "").catalog;
    for (way, plan, want) in [("up", &ways.up, &after), ("down", &ways.down, &before)] {
        let sql = plan.sql();
        let ran = database.psql(&sql);
        ran.map_err(|why| TestCaseError::fail(format!("{way}: {why}\n{sql}")))?;
        let differ = differ(want, &inspected(&database, "").catalog);
        prop_assert!(differ.is_empty(), "{way} ends elsewhere: {differ:?}\n{sql}");
    }
    Ok(true)
}

/// Holds something of so many pairs, or of as many others as `PROPTEST_CASES` says.
fn for_all<S: Strategy>(
    cases: u32,
    strategy: &S,
    holds: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let random = env::var_os("PROPTEST_CASES").is_some();
    let standard = ProptestConfig::default();
    let config = ProptestConfig {
        cases: if random { standard.cases } else { cases },
        failure_persistence: None,
        max_shrink_iters: 100,
        ..standard
    };
    let mut runner = match random {
        true => TestRunner::new(config),
        false => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    if let Err(error) = runner.run(strategy, holds) {
        panic!("{error}");
    }
}

/// How many pairs have been proved whose sides differ, and how many of all a server has seen.
#[derive(Default)]
struct Count {
    changed: Cell<u32>,
    ran: Cell<u32>,
}

/// Proves a pair and, where asked to, runs it.
fn travels(texts: &[String; 2], on_server: bool, count: &Count) -> Result<(), TestCaseError> {
    let [Some(before), Some(after)] = texts.each_ref().map(|text| read(text)) else {
        return Err(TestCaseError::fail("a side has errors"));
    };
    let told = |error: TestCaseError| {
        TestCaseError::fail(format!(
            "{error}\n-- before\n{}-- after\n{}",
            texts[0], texts[1]
        ))
    };
    let pair = Pair::new(&before.catalog, &after.catalog);
    let Some(ways) = proved(pair).map_err(told)? else {
        return Ok(());
    };
    if !ways.up.steps.is_empty() {
        count.changed.set(count.changed.get() + 1);
    }
    if on_server && run(texts, &ways).map_err(told)? {
        count.ran.set(count.ran.get() + 1);
    }
    Ok(())
}

#[test]
fn plans_between_objects_of_every_kind_are_proved_both_ways() {
    let samples = samples();
    let count = Count::default();
    for_all(96, &pairs_of_kinds(samples.len()), |spec| {
        travels(&spec.texts(&samples), false, &count)
    });
    let changed = count.changed.get();
    assert!(changed > 70, "{changed} pairs were changes");
}

#[test]
fn plans_between_tables_are_proved_both_ways() {
    let pairs = (schemas::schema(), schemas::schema(), any::<u64>());
    let count = Count::default();
    for_all(48, &pairs, |(one, other, bits)| {
        let texts = [&one, &one.blended(&other, bits)].map(|spec| script(&spec.statements()));
        travels(&texts, false, &count)
    });
    let changed = count.changed.get();
    assert!(changed > 20, "{changed} pairs were changes");
}

#[test]
fn a_server_ends_where_the_proof_does() {
    if postgres::database().is_none() {
        return;
    }
    let samples = samples();
    let count = Count::default();
    for_all(12, &pairs_of_kinds(samples.len()), |spec| {
        travels(&spec.texts(&samples), true, &count)
    });
    let pairs = (schemas::schema(), schemas::schema(), any::<u64>());
    for_all(6, &pairs, |(one, other, bits)| {
        let texts = [&one, &one.blended(&other, bits)].map(|spec| script(&spec.statements()));
        travels(&texts, true, &count)
    });
    let ran = count.ran.get();
    assert!(ran > 8, "a server has seen {ran} pairs");
}
