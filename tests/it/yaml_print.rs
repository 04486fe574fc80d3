//! A catalog printed as YAML is read as the same catalog, and printing that prints the same text.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use schemagen::dialect::Dialect;
use schemagen::model::{Notes, ObjectId};
use schemagen::pipeline::Loaded;
use schemagen::render::{FileTree, Split};

use crate::support::catalogs::{Sources, differences, printed_sql, printed_yaml};
use crate::support::corpus::{self, Schema};
use crate::support::schemas;

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

/// The same for SQL in files.
fn sql_round_trip(schema: &Schema, split: Split) -> Result<(), String> {
    let loaded = schema.sources().load(schema.dialect);
    let tree = printed_sql(&loaded, schema.dialect, split);
    let (again, reloaded) = reload(&tree, schema.dialect, &|s| schema.add_setup(s));
    let errors = again.errors(&reloaded);
    if !errors.is_empty() {
        return Err(format!(
            "the printed SQL has errors:\n{}",
            errors.join("\n")
        ));
    }
    let differences = differences(&loaded.catalog, &reloaded.catalog);
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences)
    }
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
            }
            if let Err(problem) = sql_round_trip(schema, split) {
                problems.push((format!("{} {split:?} SQL", schema.name), problem));
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

/// What authors said beside the definitions.
fn notes(loaded: &Loaded) -> Vec<(&ObjectId, &Notes)> {
    let notes = loaded.catalog.notes.iter();
    notes
        .filter(|(_, notes)| **notes != Notes::default())
        .collect()
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
            let tree = printed_yaml(&loaded, dialect, split);
            let (_, reloaded) = reload(&tree, dialect, &|_| {});
            assert!(!notes(&loaded).is_empty());
            assert_eq!(notes(&loaded), notes(&reloaded));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn made_up_schemas_survive(spec in schemas::schema()) {
        let text: String = spec.statements().iter().map(|s| format!("{s};\n")).collect();
        for split in [Split::File, Split::Table] {
            let outcome = round_trip(&Sources::of_sql(&text), Dialect::Postgres, split, &|_| {});
            prop_assert!(outcome.is_ok(), "{}\n{text}", outcome.unwrap_err());
        }
    }

    /// Comments, bodies and literals keep every character that a database can hold.
    #[test]
    fn texts_survive(body in text(), comment in text(), default in text(), name in text()) {
        prop_assume!(!name.is_empty());
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let sql = format!(
            "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS {body};\n\
             CREATE TABLE t ({quoted} text DEFAULT {default});\n\
             COMMENT ON TABLE t IS {comment};\n\
             COMMENT ON COLUMN t.{quoted} IS {comment};\n\
             CREATE TYPE e AS ENUM ({label}, 'last');\n\
             CREATE VIEW v AS SELECT {default} AS {quoted};\n\
             CREATE INDEX ON t ({quoted});\n\
             CREATE TRIGGER {quoted} BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f({comment});",
            body = literal(&body),
            comment = literal(&comment),
            default = literal(&default),
            label = literal(&format!("x{}", name)),
        );
        let sources = Sources::of_sql(&sql);
        let errors = sources.errors(&sources.load(Dialect::Postgres));
        prop_assert!(errors.is_empty(), "{}\n{sql}", errors.join("\n"));
        let outcome = round_trip(&sources, Dialect::Postgres, Split::File, &|_| {});
        prop_assert!(outcome.is_ok(), "{}\n{sql}", outcome.unwrap_err());
    }
}

/// Texts that YAML would take for something else: blanks at both ends, indicators, line breaks.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-z]{1,4}",
        2 => select(vec![
            " ", "\n", "\t", "\r", "\r\n", ": ", " #", "'", "\"", "\\", "|", ">", "-", "- ", "? ", "*", "&", "!",
            "%", "@", "`", "{", "}", "[", "]", ",", "~", "null", "yes", "1", "1e3", "0x1f", "2020-01-01", "---", "...",
            "<<", "=", "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "\u{1}", "\u{7f}", "ä", "😀", "$$", ";", "--", "/*",
        ]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// How it looks: `SCHEMAGEN_UPDATE=1 cargo test` writes the files, a person reads them.
#[test]
fn what_is_printed_looks_as_a_person_would_write_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let samples = [
        "table",
        "constraint",
        "index",
        "trigger",
        "policy",
        "function",
        "view",
        "sequence",
        "domain",
        "aggregate",
        "sqlite",
    ];
    for sample in samples {
        let dialect = match sample {
            "sqlite" => Dialect::Sqlite,
            _ => Dialect::Postgres,
        };
        let sql = folder.join(format!("coverage/{sample}.sql"));
        let sources = Sources::of_sql(&fs::read_to_string(sql).expect("a sample"));
        let tree = printed_yaml(&sources.load(dialect), dialect, Split::File);
        let path = folder.join(format!("yaml_print/{sample}.yaml"));
        let text = tree.get("schema.yaml").expect("one file");
        if std::env::var_os("SCHEMAGEN_UPDATE").is_some() {
            fs::write(&path, text).expect("the fixture is writable");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_same_text(&expected, text, sample);
    }
}

#[track_caller]
fn assert_same_text(expected: &str, text: &str, sample: &str) {
    let diff = similar::TextDiff::from_lines(expected, text);
    let changes = diff.unified_diff().context_radius(2).to_string();
    assert!(
        changes.is_empty(),
        "{sample}.yaml is not what is printed:\n{changes}"
    );
}

#[test]
fn files_are_named_after_what_they_hold() {
    let sql = "CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('ok');
        CREATE TABLE app.tasks (id serial, m mood); CREATE INDEX i ON app.tasks (id);
        CREATE TABLE users (id int); CREATE VIEW v AS SELECT 1 AS n;
        CREATE STATISTICS s ON (id + 1) FROM users;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE agg(text) (SFUNC = textcat, STYPE = text);
        CREATE TABLE \"Users\" (id int); CREATE TABLE \"a/b\" (id int); INSERT INTO users VALUES (1);
        ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;";
    let loaded = Sources::of_sql(sql).load(Dialect::Postgres);
    let paths = |split| -> Vec<String> {
        let tree = printed_yaml(&loaded, Dialect::Postgres, split);
        tree.iter().map(|(path, _)| path.to_owned()).collect()
    };
    assert_eq!(paths(Split::File), ["schema.yaml"]);
    assert_eq!(
        paths(Split::Schema),
        ["database.yaml", "schemas/app.yaml", "schemas/public.yaml"]
    );
    let files = paths(Split::Table);
    let odd: Vec<&String> = files.iter().filter(|p| p.contains('-')).collect();
    assert_eq!(odd.len(), 2, "{files:?}");
    let plain: Vec<&str> = files
        .iter()
        .filter(|p| !p.contains('-'))
        .map(String::as_str)
        .collect();
    assert_eq!(
        plain,
        [
            "aggregates.yaml",
            "data.yaml",
            "database.yaml",
            "functions/f.yaml",
            "tables/Users.yaml",
            "tables/app.tasks.yaml",
            "types.yaml",
            "views/v.yaml",
            "zz_default_privileges.yaml",
        ]
    );
}

#[test]
fn a_history_that_is_declared_stays_the_history() {
    let mut sources = Sources::default();
    let yaml = "tables: { t: { audit: { table: past }, columns: { id: int primary key } } }";
    sources.add("a.yaml", yaml);
    let loaded = sources.load(Dialect::Postgres);
    let tree = printed_yaml(&loaded, Dialect::Postgres, Split::File);
    let (again, reloaded) = reload(&tree, Dialect::Postgres, &|_| {});
    assert_eq!(again.errors(&reloaded), [""; 0]);
    assert_eq!(differences(&loaded.catalog, &reloaded.catalog), "");
    assert_eq!(notes(&loaded), notes(&reloaded));
    let audited = notes(&loaded).iter().any(|(_, n)| n.audit_table.is_some());
    assert!(audited);
}
