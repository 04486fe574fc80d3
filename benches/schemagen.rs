//! `cargo bench`: what the stages cost, beside what sqlparser alone costs on the same text.
//!
//! `cargo bench -- --ratio` prints only how many times longer reading and resolving takes than
//! sqlparser. `scripts/bench` prints that with time, instructions and memory of the whole program.

mod generate;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use divan::Bencher;
use schemagen::diagnostic::{FileId, SourceMap};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::render::erd::{Choice, Detail, Selection};
use schemagen::render::{Report, Templates, svg};
use schemagen::resolve::Resolved;
use schemagen::source::{Declarations, SourceFile, SourceKind};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

const TABLES: &[usize] = &[100, 1000];

/// Runs of each side for the ratio, taken in turn so that a busy machine slows both.
const RUNS: usize = 15;

fn main() {
    if std::env::args().any(|argument| argument == "--ratio") {
        ratio(1000);
    } else {
        divan::main();
    }
}

/// The fastest run of ours over the fastest of theirs: noise only ever adds time.
#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn ratio(tables: usize) {
    let file = source(tables);
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        let started = Instant::now();
        black_box(resolve(&file));
        ours = ours.min(started.elapsed());
        let started = Instant::now();
        black_box(parse(&file.text));
        theirs = theirs.min(started.elapsed());
    }
    let times = ours.as_secs_f64() / theirs.as_secs_f64();
    println!(
        "tables {tables} schemagen_ms {} sqlparser_ms {} ratio {times:.2}",
        ours.as_millis(),
        theirs.as_millis()
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
    let file = source(tables);
    bencher.bench(|| declarations(&file));
}

#[divan::bench(args = TABLES)]
fn read_and_resolve(bencher: Bencher<'_, '_>, tables: usize) {
    let file = source(tables);
    bencher.bench(|| resolve(&file));
}

#[divan::bench(args = TABLES)]
fn graph(bencher: Bencher<'_, '_>, tables: usize) {
    let catalog = resolve(&source(tables)).catalog;
    bencher.bench(|| schemagen::graph::build(&catalog, Dialect::Postgres));
}

/// The picture of the whole schema: parts of 25 tables at most, laid out and packed.
#[divan::bench(args = TABLES)]
fn diagram(bencher: Bencher<'_, '_>, tables: usize) {
    let catalog = resolve(&source(tables)).catalog;
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

fn source(tables: usize) -> SourceFile {
    SourceFile {
        id: FileId(0),
        path: "schema.sql".to_owned(),
        kind: SourceKind::Sql,
        text: generate::schema(tables),
        external: false,
    }
}

fn declarations(file: &SourceFile) -> Declarations {
    schemagen::source::sql::read(file, version())
}
