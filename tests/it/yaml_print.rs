//! A catalog printed as YAML is read as the same catalog, and printing that prints the same text.

use std::fs;
use std::path::Path;

use schemagen::dialect::Dialect;
use schemagen::pipeline::Loaded;
use schemagen::render::{FileTree, Split};

use crate::support::catalogs::{Sources, differences, printed_yaml};
use crate::support::corpus;

/// What is wrong with the way there and back; `setup` stands beside the files of both.
fn round_trip(
    sources: &Sources,
    dialect: Dialect,
    split: Split,
    setup: &dyn Fn(&mut Sources),
) -> Result<(), String> {
    let loaded = sources.load(dialect);
    if loaded.has_errors() {
        return Ok(());
    }
    let tree = printed_yaml(&loaded, dialect, split);
    let (again, reloaded) = reload(&tree, dialect, setup);
    let errors = again.errors(&reloaded);
    if !errors.is_empty() {
        return Err(format!(
            "the printed YAML has errors:\n{}",
            errors.join("\n")
        ));
    }
    let differences = differences(&loaded.catalog, &reloaded.catalog);
    if !differences.is_empty() {
        return Err(differences);
    }
    let kept = |l: &Loaded| {
        l.catalog
            .kept
            .iter()
            .map(|k| k.text.clone())
            .collect::<Vec<_>>()
    };
    if kept(&loaded) != kept(&reloaded) {
        return Err("the kept statements differ".to_owned());
    }
    if printed_yaml(&reloaded, dialect, split) != tree {
        return Err("printing what was printed gives another text".to_owned());
    }
    Ok(())
}

fn reload(tree: &FileTree, dialect: Dialect, setup: &dyn Fn(&mut Sources)) -> (Sources, Loaded) {
    let mut again = Sources::default();
    for (path, text) in tree.iter() {
        again.add(path, text);
    }
    setup(&mut again);
    let reloaded = again.load(dialect);
    (again, reloaded)
}

fn report(problems: Vec<(String, String)>, count: usize) {
    let text: Vec<String> = problems
        .iter()
        .map(|(name, problem)| {
            let head: Vec<&str> = problem.lines().take(40).collect();
            format!("--- {name}\n{}", head.join("\n"))
        })
        .collect();
    assert!(
        problems.is_empty(),
        "{} of {count} fail\n{}",
        problems.len(),
        text.join("\n")
    );
}

#[test]
fn real_schemas_survive() {
    let Some(schemas) = corpus::schemas() else {
        return;
    };
    let mut problems = Vec::new();
    for schema in &schemas {
        for split in [Split::File, Split::Schema, Split::Table] {
            let setup = |sources: &mut Sources| schema.add_setup(sources);
            let outcome = round_trip(&schema.sources(), schema.dialect, split, &setup);
            if let Err(problem) = outcome {
                problems.push((format!("{} {split:?}", schema.name), problem));
                break;
            }
        }
    }
    report(problems, schemas.len());
}

#[test]
fn known_cases_survive() {
    let Some(cases) = corpus::cases() else {
        return;
    };
    let mut problems = Vec::new();
    for (name, dialect, text) in &cases {
        let sources = Sources::of_sql(text);
        if let Err(problem) = round_trip(&sources, *dialect, Split::File, &|_| {}) {
            problems.push((name.clone(), problem));
        }
    }
    report(problems, cases.len());
}

#[test]
fn the_examples_survive() {
    for (folder, dialect) in [
        ("schema", Dialect::Postgres),
        ("schema-sqlite", Dialect::Sqlite),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut sources = Sources::default();
        let mut paths: Vec<_> = fs::read_dir(folder)
            .expect("the example")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        for path in paths {
            let text = fs::read_to_string(&path).expect("a text");
            sources.add(&path.display().to_string(), &text);
        }
        let loaded = sources.load(dialect);
        assert_eq!(sources.errors(&loaded), [""; 0]);
        for split in [Split::File, Split::Schema, Split::Table] {
            let outcome = round_trip(&sources, dialect, split, &|_| {});
            assert_eq!(outcome, Ok(()), "{split:?}");
        }
    }
}
