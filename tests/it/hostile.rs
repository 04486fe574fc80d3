//! Names, comments, defaults and bodies that are hard to quote, all the way: SQL, YAML, SQL,
//! PostgreSQL, and back out of the database.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use schemagen::dialect::Dialect;
use schemagen::driver;
use schemagen::model::{Catalog, ObjectId, ObjectRef};
use schemagen::pipeline::Loaded;
use schemagen::render::Split;

use crate::support::catalogs::{Sources, differences, printed, printed_yaml};
use crate::support::postgres;
use crate::support::schemas;

const POSTGRES: Dialect = Dialect::Postgres;

fn fail(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

fn load(sources: &Sources) -> Result<Loaded, TestCaseError> {
    let loaded = sources.load(POSTGRES);
    let errors = sources.errors(&loaded);
    if errors.is_empty() {
        return Ok(loaded);
    }
    let texts: Vec<&str> = sources.files.iter().map(|f| f.text.as_str()).collect();
    Err(fail(format!("{}\n{}", errors.join("\n"), texts.join("\n"))))
}

/// The schema as its YAML says it.
fn through_yaml(loaded: &Loaded) -> Result<Loaded, TestCaseError> {
    let mut sources = Sources::default();
    for (path, text) in printed_yaml(loaded, POSTGRES, Split::Table).iter() {
        sources.add(path, text);
    }
    load(&sources)
}

/// The schema as a database holds it that was loaded from its SQL.
fn through_postgres(loaded: &Loaded) -> Result<Loaded, TestCaseError> {
    let sql = printed(loaded, POSTGRES);
    let database = postgres::database().ok_or_else(|| fail("the server is gone"))?;
    database.roles(&["app", "reader"]);
    database
        .psql(&sql)
        .map_err(|error| fail(format!("{error}\n{sql}")))?;
    let environment = driver::Environment::default();
    let location = driver::Location::parse(&database.url(), &environment).map_err(fail)?;
    let options = driver::Options {
        external_schemas: &[],
        excluded: &|_| false,
        own_owner: false,
        history_tables: false,
        passwords: false,
        extension_versions: false,
    };
    let read = driver::inspect_postgres(&location, &options).map_err(fail)?;
    load(&Sources::of_sql(&read.owned))
}

/// Every object with its comment, and every column with its own.
fn described(catalog: &Catalog) -> BTreeMap<String, Option<String>> {
    let text = |t: &Option<Box<str>>| t.as_deref().map(str::to_owned);
    let mut all = BTreeMap::new();
    for (id, object) in catalog.objects() {
        let comment = match object {
            ObjectRef::Table(table) => {
                for column in &table.columns {
                    let id = ObjectId::column(&table.name, &column.name);
                    all.insert(id.to_string(), text(&column.comment));
                }
                text(&table.facets.comment)
            }
            ObjectRef::Enum(o) => Some(format!("{:?} {:?}", o.values, o.facets.comment)),
            ObjectRef::Routine(o) => Some(format!("{:?}", o.body)),
            ObjectRef::Trigger(_, o) => Some(format!("{:?}", o.arguments)),
            _ => None,
        };
        all.insert(id.to_string(), comment);
    }
    all
}

fn survives(sql: &str) -> Result<(), TestCaseError> {
    let file = load(&Sources::of_sql(sql))?;
    let yaml = through_yaml(&file)?;
    let lost = differences(&file.catalog, &yaml.catalog);
    prop_assert!(lost.is_empty(), "{lost}\n{sql}");
    let database = through_postgres(&yaml)?;
    let (want, got) = (described(&file.catalog), described(&database.catalog));
    let keys: BTreeSet<&String> = want.keys().chain(got.keys()).collect();
    for key in keys {
        prop_assert_eq!(want.get(key), got.get(key), "{}\n{}", key, sql);
    }
    let again = through_postgres(&through_yaml(&database)?)?;
    let lost = differences(&database.catalog, &again.catalog);
    prop_assert!(lost.is_empty(), "{lost}\n{sql}");
    Ok(())
}

fn run(cases: u32, strategy: impl Strategy<Value = String>) {
    if postgres::database().is_none() {
        return;
    }
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    });
    if let Err(error) = runner.run(&strategy, |sql| survives(&sql)) {
        panic!("{error}");
    }
}

#[test]
fn made_up_schemas_come_back_out_of_postgresql() {
    let script = |spec: schemas::SchemaSpec| -> String {
        let statements = spec.statements();
        statements.iter().map(|s| format!("{s};\n")).collect()
    };
    run(12, schemas::schema().prop_map(script));
}

#[test]
fn hostile_texts_come_back_out_of_postgresql() {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let strategy = (text(), text(), text(), name()).prop_map(move |(body, comment, default, name)| {
        let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let quoted = quote(&name);
        // The rows of the table and the view below are types themselves.
        let kind = quote(if matches!(&*name, "t" | "v") { "kind" } else { &name });
        let (comment, default) = (literal(&comment), literal(&default));
        format!(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS {body};\n\
             CREATE TYPE {kind} AS ENUM ({label}, 'it''s');\n\
             CREATE TABLE t ({quoted} text DEFAULT {default}, b {kind});\n\
             COMMENT ON TABLE t IS {comment};\n\
             COMMENT ON COLUMN t.{quoted} IS {comment};\n\
             CREATE INDEX ON t ({quoted});\n\
             CREATE VIEW v AS SELECT {default}::text AS {quoted};\n\
             CREATE TRIGGER {quoted} BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f({comment});\n",
            body = literal(&format!("BEGIN /* {} */ RETURN NULL; END", body.replace("*/", "").replace("/*", ""))),
            label = literal(&name),
        )
    });
    run(16, strategy);
}

/// Texts that have broken something somewhere, each for a reason of its own.
const KNOWN: [&str; 44] = [
    "'",
    "''",
    "\"",
    "\"\"",
    "`",
    "\\",
    "\\\\'",
    "\\n",
    "E'\\x'",
    "$$",
    "$body$",
    "$1",
    "%",
    "%%s",
    "%I",
    "{{ x }}",
    "{% raw %}",
    "{# c #}",
    "${x}",
    "#{x}",
    "/* c",
    "*/",
    "-- c",
    "a;b",
    "a\nb",
    "a\r\nb",
    "a\tb",
    "\na",
    "a\n",
    " a ",
    "\u{feff}a",
    "\u{202e}a\u{202c}",
    "\u{200f}",
    "e\u{301}",
    "\u{e9}",
    "\u{1f600}",
    "\u{2028}",
    "\u{85}",
    "\u{7f}",
    "\u{1}",
    "null",
    "~",
    "yes",
    "- a: [b",
];

/// Key words, and names at the limit of 63 bytes: of one byte each, of two, of four, and cut between them.
fn edges() -> Vec<String> {
    let words = [
        "all",
        "user",
        "table",
        "select",
        "end",
        "between",
        "primary",
        "order",
        "any",
        "Select",
        "integer",
        "character varying",
    ];
    let mut names: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
    names.push("x".repeat(63));
    names.push("é".repeat(31));
    names.push("é".repeat(31) + "x");
    names.push("😀".repeat(15) + "abc");
    names.push("\"".repeat(63));
    names
}

#[test]
fn known_hostile_texts_come_back_out_of_postgresql() {
    if postgres::database().is_none() {
        return;
    }
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let known = KNOWN.iter().map(|text| (*text).to_owned());
    let mut sql = String::new();
    for (number, text) in known.chain(edges()).enumerate() {
        let (name, said) = (quote(&text), literal(&text));
        // Whatever closes a comment or a body would end it anywhere.
        let body = literal(&format!(
            "BEGIN RAISE NOTICE {}; RETURN NULL; END",
            literal(&text)
        ));
        sql.push_str(&format!(
            "CREATE SCHEMA s{number};\n\
             CREATE TYPE s{number}.{name} AS ENUM ({said}, 'other''s');\n\
             CREATE FUNCTION s{number}.{name}() RETURNS trigger LANGUAGE plpgsql AS {body};\n\
             CREATE TABLE s{number}.t (id int PRIMARY KEY, {name} text DEFAULT {said}, e s{number}.{name} DEFAULT {said},\n\
             \x20   CONSTRAINT {name} CHECK ({name} <> {said}));\n\
             COMMENT ON TABLE s{number}.t IS {said};\n\
             COMMENT ON COLUMN s{number}.t.{name} IS {said};\n\
             CREATE TRIGGER {name} BEFORE INSERT ON s{number}.t FOR EACH ROW EXECUTE FUNCTION s{number}.{name}({said});\n\
             CREATE VIEW s{number}.v AS SELECT {name}, {said}::text AS said FROM s{number}.t WHERE {name} <> {said};\n\
             CREATE POLICY {name} ON s{number}.t USING ({name} = {said});\n"
        ));
    }
    if let Err(error) = survives(&sql) {
        panic!("{error}");
    }
}

/// What quoting, folding and line breaks could get wrong.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        2 => "[a-z]{1,4}",
        3 => select(vec![
            " ", "\n", "\t", "\r\n", ": ", " #", "'", "\"", "\\", "\\n", "|", "- ", "*", "&", "%", "{", "]", ",",
            "$$", "$_$", "$1", ";", "--", "null", "E'", "U&", "\u{a0}", "\u{85}", "\u{2028}", "\u{1}", "ä", "€", "😀",
            "{{", "}}", "{%", "{#", "%s", "%%", "\u{feff}", "\u{202e}", "\u{200f}", "\u{200d}", "\u{7f}", "/*", "*/", "---",
        ]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 1..7).prop_map(|pieces| pieces.concat())
}

/// The same as a name: up to the limit of 63 bytes, and key words.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => text().prop_map(|text| {
            let cut = text.char_indices().map(|(at, c)| at + c.len_utf8());
            let end = cut.take_while(|end| *end <= 63).last().unwrap_or(0);
            text[..end].to_owned()
        }),
        1 => select(vec!["select", "user", "Table", "order by", "integer", "$", "null"]).prop_map(str::to_owned),
        1 => "[a-z]{63}",
        1 => "[äöü]{31}x",
    ]
}
