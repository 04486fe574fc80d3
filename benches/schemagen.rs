//! `cargo bench`: what the stages cost, beside what sqlparser alone costs on the same text.
//!
//! `cargo bench -- --ratio` prints only how many times longer reading and resolving takes than
//! sqlparser, and how many times longer diff, plan and proof of a changed schema. `scripts/bench`
//! prints that with time, instructions and memory of the whole program.

mod generate;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use divan::Bencher;
use schemagen::diagnostic::{FileId, SourceMap};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::{Catalog, Pair};
use schemagen::render::erd::{Choice, Detail, Selection};
use schemagen::render::{Report, Templates, svg};
use schemagen::resolve::Resolved;
use schemagen::source::{Declarations, SourceFile, SourceKind};
use schemagen::{diff, plan};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

const TABLES: &[usize] = &[100, 1000];

/// Runs of each side for the ratio, taken in turn so that a busy machine slows both.
const RUNS: usize = 15;

fn main() {
    if std::env::args().any(|argument| argument == "--ratio") {
        ratio(1000);
        plan_ratio(1400, 5);
    } else {
        divan::main();
    }
}

/// The fastest run of ours over the fastest of theirs: noise only ever adds time.
fn ratio(tables: usize) {
    let file = source(generate::schema(tables));
    race(
        &format!("read tables {tables}"),
        || drop(black_box(resolve(&file))),
        || drop(black_box(parse(&file.text))),
    );
}

/// Diff, plan and static proof of a schema of which one table in `every` has changed, without
/// reading it, over sqlparser reading both.
fn plan_ratio(tables: usize, every: usize) {
    let texts = [generate::schema(tables), generate::changed(tables, every)];
    let [before, after] = texts.clone().map(|text| resolve(&source(text)).catalog);
    race(
        &format!("plan tables {tables}"),
        || planned(Pair::new(&before, &after)),
        || texts.iter().for_each(|text| drop(black_box(parse(text)))),
    );
}

fn planned(pair: Pair<&Catalog>) {
    let options = plan::Options {
        online: true,
        ..plan::Options::default()
    };
    black_box(diff::compare(pair, &diff::Options::new(Dialect::Postgres)));
    let plan = plan::plan_with(pair, version(), &options);
    assert!(
        plan.is_proved(),
        "a plan that does not prove itself is no work done"
    );
    black_box(plan);
}

#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn race(what: &str, ours: impl Fn(), theirs: impl Fn()) {
    let mut best = [Duration::MAX; 2];
    for _ in 0..RUNS {
        for (best, run) in best.iter_mut().zip([&ours as &dyn Fn(), &theirs]) {
            let started = Instant::now();
            run();
            *best = started.elapsed().min(*best);
        }
    }
    let [ours, theirs] = best;
    println!(
        "{what} schemagen_ms {} sqlparser_ms {} ratio {:.2}",
        ours.as_millis(),
        theirs.as_millis(),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

/// The yardstick: another parser, which knows nothing of catalogs, on the same text.
#[divan::bench(args = TABLES)]
fn sqlparser_alone(bencher: Bencher<'_, '_>, tables: usize) {
    let sql = generate::schema(tables);
    bencher.bench(|| parse(&sql));
}

#[divan::bench(args = TABLES)]
fn read(bencher: Bencher<'_, '_>, tables: usize) {
    let file = source(generate::schema(tables));
    bencher.bench(|| declarations(&file));
}

#[divan::bench(args = TABLES)]
fn read_and_resolve(bencher: Bencher<'_, '_>, tables: usize) {
    let file = source(generate::schema(tables));
    bencher.bench(|| resolve(&file));
}

#[divan::bench(args = TABLES)]
fn graph(bencher: Bencher<'_, '_>, tables: usize) {
    let catalog = resolve(&source(generate::schema(tables))).catalog;
    bencher.bench(|| schemagen::graph::build(&catalog, Dialect::Postgres));
}

#[divan::bench(args = TABLES)]
fn plan_and_proof(bencher: Bencher<'_, '_>, tables: usize) {
    let [before, after] = [generate::schema(tables), generate::changed(tables, 5)]
        .map(|text| resolve(&source(text)).catalog);
    bencher.bench(|| planned(Pair::new(&before, &after)));
}

/// The picture of the whole schema: parts of 25 tables at most, laid out and packed.
#[divan::bench(args = [100, 1000, 10_000])]
fn diagram(bencher: Bencher<'_, '_>, tables: usize) {
    let catalog = resolve(&source(generate::schema(tables))).catalog;
    let (graph, _) = schemagen::graph::build(&catalog, Dialect::Postgres);
    let all = Selection::new(&catalog, &Choice::default()).expect("everything can be chosen");
    let report = Report {
        dialect: Dialect::Postgres,
        version: version(),
        catalog: &catalog,
        graph: &graph,
        source_map: &SourceMap::default(),
        findings: &[],
        templates: &Templates::default(),
        history: None,
        rule: |_| None,
        options: &BTreeMap::new(),
        script: Default::default(),
    };
    bencher.bench(|| svg::svg(&report, &all, Detail::Full));
}

fn parse(sql: &str) -> Vec<sqlparser::ast::Statement> {
    Parser::parse_sql(&PostgreSqlDialect {}, sql).expect("sqlparser accepts the whole text")
}

fn resolve(file: &SourceFile) -> Resolved {
    schemagen::resolve::resolve(declarations(file).declarations, version())
}

fn version() -> TargetVersion {
    TargetVersion::default_of(Dialect::Postgres)
}

fn source(text: String) -> SourceFile {
    SourceFile {
        id: FileId(0),
        path: "schema.sql".to_owned(),
        kind: SourceKind::Sql,
        text,
        external: false,
    }
}

fn declarations(file: &SourceFile) -> Declarations {
    schemagen::source::sql::read(file, version())
}
