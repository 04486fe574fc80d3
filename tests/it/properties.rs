//! What holds for every schema, tried on made-up ones and on broken ones.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use schemagen::dialect::Dialect;
use schemagen::model::Catalog;

use crate::support::catalogs::{Sources, differences, printed};
use crate::support::postgres;
use crate::support::schemas::{self, SchemaSpec};

fn config(cases: u32) -> ProptestConfig {
    // A failure prints its input whole; nothing is written beside the sources.
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn script(statements: &[String]) -> String {
    statements
        .iter()
        .map(|statement| format!("{statement};\n"))
        .collect()
}

/// Reads a schema that is free of errors.
fn read(text: &str) -> Result<schemagen::pipeline::Loaded, TestCaseError> {
    let sources = Sources::of_sql(text);
    let loaded = sources.load(Dialect::Postgres);
    let errors = sources.errors(&loaded);
    prop_assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    Ok(loaded)
}

fn same(want: &Catalog, got: &Catalog) -> Result<(), TestCaseError> {
    let differences = differences(want, got);
    prop_assert!(differences.is_empty(), "{differences}");
    Ok(())
}

/// `parse(print(c)) == c`, and printing that prints the same text.
fn survives_printing(text: &str) -> Result<(), TestCaseError> {
    let loaded = read(text)?;
    let once = printed(&loaded, Dialect::Postgres);
    let again = read(&once)?;
    same(&loaded.catalog, &again.catalog)?;
    prop_assert_eq!(once, printed(&again, Dialect::Postgres));
    Ok(())
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn what_is_printed_reads_as_the_same_catalog(spec in schemas::schema()) {
        survives_printing(&script(&spec.statements()))?;
    }

    #[test]
    fn neither_files_nor_their_order_matter(
        spec in schemas::schema(),
        shuffled in Just(()).prop_perturb(|(), mut rng| rng.next_u64()),
    ) {
        let statements = spec.statements();
        let want = read(&script(&statements))?;
        let mut files = [const { String::new() }; 3];
        let mut order: Vec<&String> = statements.iter().collect();
        shuffle(&mut order, shuffled);
        for (n, statement) in order.into_iter().enumerate() {
            files[n % 3].push_str(&format!("{statement};\n"));
        }
        let mut sources = Sources::default();
        for (n, text) in files.iter().enumerate() {
            sources.add(&format!("{}.sql", 3 - n), text);
        }
        let loaded = sources.load(Dialect::Postgres);
        let errors = sources.errors(&loaded);
        prop_assert!(errors.is_empty(), "{}\n{:#?}", errors.join("\n"), files);
        same(&want.catalog, &loaded.catalog)?;
    }

    #[test]
    fn broken_text_is_refused_and_not_lost(
        spec in schemas::schema(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..12usize, token()), 1..6),
    ) {
        let mut text = script(&spec.statements());
        for (at, length, token) in cuts {
            let start = boundary(&text, at.index(text.len() + 1));
            let end = boundary(&text, (start + length).min(text.len()));
            text.replace_range(start..end.max(start), token);
        }
        let sources = Sources::of_sql(&text);
        let loaded = sources.load(Dialect::Postgres);
        let s = &loaded.statistics;
        let parts = s.modelled + s.opaque + s.kept + s.failed + s.skipped.values().sum::<usize>();
        prop_assert_eq!(s.read, parts, "{:?}\n{}", s, text);
        for diagnostic in &loaded.diagnostics {
            for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
                let range = label.span.start as usize..label.span.end as usize;
                prop_assert!(text.get(range.clone()).is_some(), "{range:?} of {}\n{text}", diagnostic.headline);
            }
        }
        if !loaded.has_errors() {
            survives_printing(&text)?;
        }
    }
}

fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        " ",
        "\n",
        ";",
        "'",
        "\"",
        "(",
        ")",
        ",",
        "$$",
        "--",
        "/*",
        "*/",
        "[",
        "::",
        ".",
        "\\",
        "\0",
        "é",
        "NOT",
        " NULL ",
        " DEFAULT ",
        " CHECK (",
        " REFERENCES ",
        " DROP TABLE ",
        " ALTER TABLE ",
        " CASCADE ",
        "E'\\'",
        "U&\"",
        " WITH (",
        "public",
        "1e",
        "0x",
        "-",
        "<>",
        "@@",
    ])
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A permutation that is a function of the number.
fn shuffle<T>(items: &mut [T], mut number: u64) {
    for i in (1..items.len()).rev() {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        items.swap(i, (number >> 33) as usize % (i + 1));
    }
}

/// The server as the judge: it takes the made-up text, it takes what is printed, and it chooses the
/// same names for constraints and indexes that were given none.
#[test]
fn postgresql_agrees() {
    if postgres::database().is_none() {
        return;
    }
    let mut runner = TestRunner::new(config(24));
    let outcome = runner.run(&schemas::schema(), |spec: SchemaSpec| {
        let text = script(&spec.statements());
        let (Some(one), Some(two)) = (postgres::database(), postgres::database()) else {
            return Err(TestCaseError::fail("the server is gone"));
        };
        one.psql(&text).map_err(|error| {
            TestCaseError::fail(format!("the test's own text: {error}\n{text}"))
        })?;
        let loaded = read(&text)?;
        let sql = printed(&loaded, Dialect::Postgres);
        two.psql(&sql)
            .map_err(|error| TestCaseError::fail(format!("what is printed: {error}\n{sql}")))?;
        let (want, got) = (names(&one), names(&two));
        prop_assert_eq!(&want, &got);
        prop_assert_eq!(want, names_of(&loaded.catalog));
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Constraints and indexes of a database, as `table.name`.
fn names(database: &postgres::Database) -> BTreeSet<String> {
    const QUERY: &str = "
        SELECT c.relname || '/' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         WHERE k.contype IN ('p', 'u', 'f', 'c') AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
        UNION
        SELECT c.relname || '/' || i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
         WHERE c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
    let rows = database
        .client()
        .query(QUERY, &[])
        .expect("the catalog can be read");
    rows.into_iter().map(|row| row.get(0)).collect()
}

fn names_of(catalog: &Catalog) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, table) in &catalog.tables {
        names.extend(
            table
                .constraints
                .iter()
                .map(|c| format!("{}/{}", name.name, c.name)),
        );
        names.extend(
            table
                .indexes
                .iter()
                .map(|i| format!("{}/{}", name.name, i.name)),
        );
    }
    names
}
