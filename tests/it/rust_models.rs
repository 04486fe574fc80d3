//! The generated Rust: it parses, rustfmt leaves it as it is, the real compiler takes it, and it
//! does what it says to a real PostgreSQL.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use schemagen::diagnostic::Severity;
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::{Notes, ObjectId, QualifiedName};
use schemagen::pipeline;
use schemagen::render::rust::Rust;
use schemagen::render::{Emitter as _, FileTree, Options, Report, Templates};

use crate::support;
use crate::support::catalogs::Sources;

const SCHEMA: &str = include_str!("../fixtures/rust_models/schema.sql");

/// The models of a schema in SQL.
fn models(sql: &str) -> FileTree {
    let mut loaded = Sources::of_sql(sql).load(Dialect::Postgres);
    let errors = loaded
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error);
    assert_eq!(
        errors.map(|d| &d.headline).collect::<Vec<_>>(),
        [""; 0],
        "{sql}"
    );
    // Only YAML can say that a table marks what is deleted.
    let marks = QualifiedName::new("public", "tasks");
    if loaded.catalog.tables.contains_key(&marks) {
        let notes = Notes {
            soft_delete: Some("deleted_at".into()),
            ..Notes::default()
        };
        loaded.catalog.notes.insert(ObjectId::table(&marks), notes);
    }
    render(&loaded, &BTreeMap::new())
}

fn render(loaded: &pipeline::Loaded, options: &BTreeMap<String, Options>) -> FileTree {
    let templates = Templates::default();
    let report = Report {
        dialect: Dialect::Postgres,
        version: TargetVersion::default_of(Dialect::Postgres),
        catalog: &loaded.catalog,
        graph: &loaded.graph,
        source_map: &loaded.source_map,
        findings: &[],
        templates: &templates,
        history: None,
        rule: |_| None,
        options,
        script: Default::default(),
    };
    Rust.tree(&report).unwrap()
}

fn write(tree: &FileTree, folder: &Path) {
    for (path, text) in tree.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Files that stay the same stay untouched, so that cargo need not compile them again.
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    }
}

/// Holds every file against rustfmt.
fn assert_formatted(tree: &FileTree) {
    let folder = tempfile::tempdir().unwrap();
    write(tree, folder.path());
    let mut files: Vec<PathBuf> = Vec::new();
    for (path, _) in tree.iter().filter(|(path, _)| path.ends_with("/mod.rs")) {
        files.push(folder.path().join(path));
    }
    let mut command = Command::new("rustfmt");
    command.args(["--check", "--edition", "2024"]).args(files);
    let output = command.output().expect("rustfmt is part of the toolchain");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// The schemas of `$SCHEMAGEN_CORPUS/models/schemas.json`, each in a folder of its own.
fn corpus() -> Vec<(String, FileTree)> {
    let Some(folder) = env::var_os("SCHEMAGEN_CORPUS") else {
        return Vec::new();
    };
    let text = fs::read_to_string(Path::new(&folder).join("models/schemas.json")).unwrap();
    let schemas: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut all = Vec::new();
    for (i, schema) in schemas
        .iter()
        .filter(|s| s["engine"] == "postgres")
        .enumerate()
    {
        let loaded = Sources::of_sql(schema["sql"].as_str().unwrap()).load(Dialect::Postgres);
        let mut options = Options::default();
        options.set("folder", format!("corpus_{i}"));
        let options = BTreeMap::from([("rust".to_owned(), options)]);
        all.push((schema["id"].to_string(), render(&loaded, &options)));
    }
    all
}

/// Tables with names of every length that PostgreSQL has, in every place where a name can stand.
fn names_of_every_length() -> String {
    let mut sql = String::from("CREATE TYPE mood AS ENUM ('sad', 'ok');\n");
    let word = |length: usize, salt: usize| {
        let mut name = format!("{}{salt}", (b'a' + (salt % 26) as u8) as char);
        while name.len() < length {
            name.push_str(["_ab", "cde", "fgh_", "ij"][name.len() % 4]);
        }
        name.truncate(length);
        if name.ends_with('_') {
            name.pop();
            name.push('x');
        }
        name
    };
    for length in 6..=63_usize {
        let name = |salt| word(length, salt);
        let (table, other) = (name(0), word(66 - length, 9));
        let columns: Vec<String> = (1..8).map(name).collect();
        let [id, text, number, state, address, parent, list] = &columns[..] else {
            unreachable!("seven names were made");
        };
        writeln!(
            sql,
            "CREATE TABLE {table} (
                {id} bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                {text} text NOT NULL UNIQUE CHECK ({text} IN ('one', 'two {other}')),
                {number} integer CHECK ({number} BETWEEN 1 AND 9),
                {state} mood NOT NULL DEFAULT 'ok', {address} inet NOT NULL DEFAULT '::1',
                {parent} bigint REFERENCES {table}, {list} inet[], UNIQUE ({number}, {address}));
            CREATE TABLE {other}_k ({text} text, {number} integer, {state} text REFERENCES {table} ({text}),
                {address} varchar({length}), PRIMARY KEY ({text}, {number}),
                FOREIGN KEY ({text}) REFERENCES {table} ({text}));
            CREATE TABLE {other}_r ({id} integer PRIMARY KEY, {text} text, {number} integer NOT NULL,
                FOREIGN KEY ({text}, {number}) REFERENCES {other}_k);",
            other = &other[..other.len().min(60)],
        )
        .unwrap();
    }
    sql
}

#[test]
fn every_file_parses() {
    for (path, text) in models(SCHEMA).iter() {
        if let Err(error) = syn::parse_file(text) {
            panic!("{path}: {error}\n{text}");
        }
    }
}

#[test]
fn rustfmt_leaves_it_as_it_is() {
    assert_formatted(&models(SCHEMA));
    assert_formatted(&example("models"));
    for (_, tree) in corpus() {
        assert_formatted(&tree);
    }
}

#[test]
fn rustfmt_leaves_names_of_every_length_as_they_are() {
    assert_formatted(&models(&names_of_every_length()));
}

#[test]
fn the_same_schema_gives_the_same_bytes() {
    assert_eq!(models(SCHEMA), models(SCHEMA));
}

#[test]
fn nothing_in_a_schema_becomes_code() {
    let hostile = "*/ }\n```\n\"; fn injected() {} // {0} \u{202e}";
    let quoted = hostile.replace('\'', "''");
    let name = hostile.replace('"', "\"\"");
    let tree = models(&format!(
        "CREATE TYPE \"E{name}\" AS ENUM ('{quoted}', '{{}}');
        CREATE TABLE \"T{name}\" (
            id integer PRIMARY KEY,
            \"C{name}\" text NOT NULL DEFAULT '{quoted}' UNIQUE CHECK (\"C{name}\" IN ('{quoted}'))
        );
        COMMENT ON TABLE \"T{name}\" IS '{quoted}';
        COMMENT ON COLUMN \"T{name}\".\"C{name}\" IS '{quoted}';"
    ));
    for (path, text) in tree.iter() {
        let file = syn::parse_file(text).unwrap_or_else(|e| panic!("{path}: {e}\n{text}"));
        let injected =
            |item: &syn::Item| matches!(item, syn::Item::Fn(f) if f.sig.ident == "injected");
        assert!(!file.items.iter().any(injected), "{path}");
        assert!(
            !text.contains('\u{202e}'),
            "{path}: rustc refuses text that runs backwards"
        );
    }
    assert_formatted(&tree);
}

#[test]
fn a_flavour_that_is_not_there_is_an_error() {
    let mut options = Options::default();
    options.set("flavour", "sqlx");
    let loaded = pipeline::load(&[], TargetVersion::default_of(Dialect::Postgres));
    let templates = Templates::default();
    let options = BTreeMap::from([("rust".to_owned(), options)]);
    let report = Report {
        dialect: Dialect::Postgres,
        version: TargetVersion::default_of(Dialect::Postgres),
        catalog: &loaded.catalog,
        graph: &loaded.graph,
        source_map: &loaded.source_map,
        findings: &[],
        templates: &templates,
        history: None,
        rule: |_| None,
        options: &options,
        script: Default::default(),
    };
    let error = Rust.tree(&report).unwrap_err();
    let said = "outputs.rust: flavour: sqlx is not known; the one that is: tokio-postgres";
    assert_eq!(error.to_string(), said);
}

/// The project's own example as it is committed; a test elsewhere holds it against its schema.
fn example(folder: &str) -> FileTree {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/models");
    let mut tree = FileTree::default();
    for entry in fs::read_dir(models).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        tree.insert(
            format!("{folder}/{name}"),
            fs::read_to_string(&path).unwrap(),
        );
    }
    tree
}

/// The schema that the example is committed with, in a database that has what its platform has.
fn load_example(database: &support::postgres::Database) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    database.roles(&["anon", "authenticated", "service_role"]);
    for file in [
        "tests/fixtures/rust_models/platform.sql",
        "generated/schema.sql",
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        database.psql(&text).unwrap();
    }
}

/// Lays the program out in a folder: its sources, the models that it uses, those of the corpus.
fn write_program(folder: &Path) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rust_models/program");
    let _ = fs::remove_dir_all(folder.join("src"));
    fs::create_dir_all(folder.join("src")).unwrap();
    for file in ["Cargo.toml", "Cargo.lock", "src/application.rs"] {
        fs::copy(fixture.join(file), folder.join(file)).unwrap();
    }
    let mut program = fs::read_to_string(fixture.join("src/main.rs")).unwrap();
    for (i, (id, tree)) in corpus().iter().enumerate() {
        if !tree.is_empty() {
            write(tree, &folder.join("src"));
            write!(program, "\n// {id}\nmod corpus_{i};\n").unwrap();
        }
    }
    fs::write(folder.join("src/main.rs"), program).unwrap();
    write(&models(SCHEMA), &folder.join("src"));
    write(&example("example"), &folder.join("src"));
}

/// Compiles the models of the fixture and of the example (and of the corpus) with a program that
/// uses them, without a warning, and runs it. The folder stays between runs, so that the crates are
/// compiled once.
#[test]
fn it_compiles_and_does_what_it_says() {
    let Some(database) = support::postgres::database() else {
        return;
    };
    let Some(other) = support::postgres::database() else {
        return;
    };
    database.psql(SCHEMA).unwrap();
    load_example(&other);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust_models");
    write_program(&folder);
    let output = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--locked",
            "--",
            &database.url(),
            &other.url(),
        ])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
