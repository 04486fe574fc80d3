//! `cargo bench`: what the stages cost, beside what sqlparser alone costs on the same text.
//!
//! `scripts/bench` prints the same as ratios, with instructions and memory of the whole program.

mod generate;

use divan::Bencher;
use schemagen::diagnostic::FileId;
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::source::{Declarations, SourceFile, SourceKind};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

const TABLES: &[usize] = &[100, 1000];

fn main() {
    divan::main();
}

/// The yardstick: another parser, which knows nothing of catalogs, on the same text.
#[divan::bench(args = TABLES)]
fn sqlparser_alone(bencher: Bencher<'_, '_>, tables: usize) {
    let sql = generate::schema(tables);
    bencher.bench(|| {
        Parser::parse_sql(&PostgreSqlDialect {}, &sql).expect("sqlparser accepts the whole text")
    });
}

#[divan::bench(args = TABLES)]
fn read(bencher: Bencher<'_, '_>, tables: usize) {
    let file = source(tables);
    bencher.bench(|| declarations(&file));
}

#[divan::bench(args = TABLES)]
fn read_and_resolve(bencher: Bencher<'_, '_>, tables: usize) {
    let file = source(tables);
    bencher.bench(|| schemagen::resolve::resolve(declarations(&file).declarations, version()));
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
