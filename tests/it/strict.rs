//! The fold is as strict as the server: what rests on an object keeps it from going, and goes with it
//! under CASCADE. Each statement of a fixture is run by both.

use std::fs;

use schemagen::diagnostic::{FileId, Severity};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::diff::{Options, compare};
use schemagen::model::{Catalog, Pair};
use schemagen::source::{self, SourceFile, SourceKind};

use crate::diff::lines;
use crate::normal_form::inspected;
use crate::support::catalogs::Sources;
use crate::support::corpus;
use crate::support::postgres;

fn fixture(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/strict/");
    fs::read_to_string(format!("{folder}{name}")).expect("the fixture is there")
}

/// What the fold makes of statements, or why it refuses them.
pub(crate) fn folded(before: &Catalog, text: &str) -> Result<Catalog, String> {
    let version = TargetVersion::default_of(Dialect::Postgres);
    let file = SourceFile {
        id: FileId(0),
        path: "statements.sql".to_owned(),
        kind: SourceKind::Sql,
        text: text.to_owned(),
        external: false,
    };
    let read = source::sql::read(&file, version);
    if let Some(unread) = read.diagnostics.into_iter().next() {
        return Err(unread.headline);
    }
    let resolved = schemagen::resolve::replay(before.clone(), read.declarations, version);
    let mut errors = resolved.diagnostics.into_iter();
    match errors.find(|d| d.severity == Severity::Error) {
        Some(error) => Err(error.headline),
        None => Ok(resolved.catalog),
    }
}

#[test]
fn what_rests_on_an_object_keeps_it_or_goes_with_it() {
    statements_are_as_on_the_server("schema.sql", "statements.sql");
}

#[test]
fn names_within_texts_are_there_and_follow_a_rename() {
    statements_are_as_on_the_server("names-schema.sql", "names-statements.sql");
}

#[test]
fn a_shell_is_completed_and_goes_with_its_functions() {
    statements_are_as_on_the_server("shells-schema.sql", "shells-statements.sql");
}

#[test]
fn what_a_text_uses_takes_its_types() {
    statements_are_as_on_the_server("types-schema.sql", "types-statements.sql");
}

#[test]
fn what_partitions_and_heirs_have_of_those_above() {
    statements_are_as_on_the_server("partitions-schema.sql", "partitions-statements.sql");
}

#[test]
fn tables_take_what_they_take_on_the_server() {
    statements_are_as_on_the_server("tables-schema.sql", "tables-statements.sql");
}

#[test]
fn what_belongs_to_a_table_is_taken_as_on_the_server() {
    statements_are_as_on_the_server("parts-schema.sql", "parts-statements.sql");
}

#[test]
fn types_of_ones_own_change_as_on_the_server() {
    statements_are_as_on_the_server("owntypes-schema.sql", "owntypes-statements.sql");
}

#[test]
fn routines_and_operators_change_as_on_the_server() {
    statements_are_as_on_the_server("routines-schema.sql", "routines-statements.sql");
}

#[test]
fn other_objects_change_as_on_the_server() {
    statements_are_as_on_the_server("others-schema.sql", "others-statements.sql");
}

fn statements_are_as_on_the_server(schema: &str, statements: &str) {
    let schema = fixture(schema);
    let sources = Sources::of_sql(&schema);
    let loaded = sources.load(Dialect::Postgres);
    assert_eq!(sources.errors(&loaded), [""; 0]);
    let mut wrong = Vec::new();
    let (mut taken, mut refused) = (0, 0);
    let Some(template) = postgres::database() else {
        return;
    };
    template.psql(&schema).expect("the server takes the schema");
    // What is refused leaves nothing behind, and the next one finds the same database.
    let mut database = template.copy();
    for statement in fixture(statements).lines() {
        let server = database.psql(&format!("BEGIN; {statement} COMMIT;"));
        match (server, folded(&loaded.catalog, statement)) {
            (Ok(()), Ok(catalog)) => {
                taken += 1;
                let mut there = inspected(&database, "").catalog;
                // Which one the server brings is not what the statements are about.
                there.extensions.values_mut().for_each(|e| e.version = None);
                let pair = Pair::new(&there, &catalog);
                let comparison = compare(pair, &Options::new(Dialect::Postgres));
                let differ: Vec<String> = comparison.changes.iter().flat_map(lines).collect();
                if !differ.is_empty() {
                    wrong.push(format!("{statement}\n    {}", differ.join("\n    ")));
                }
                database = template.copy();
            }
            (Err(_), Err(_)) => refused += 1,
            (Ok(()), Err(why)) => {
                wrong.push(format!("{statement}\n    only here: {why}"));
                database = template.copy();
            }
            (Err(why), Ok(_)) => wrong.push(format!("{statement}\n    only there: {why}")),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        taken > 30 && refused > 20,
        "{taken} taken, {refused} refused"
    );
}

/// What a server takes of the known schemas and versions, statement by statement, the fold takes as well: each
/// text, behind what has to be there before it, as a migration of nothing.
#[test]
fn what_a_server_takes_is_taken() {
    let Some(changes) = corpus::changes() else {
        return;
    };
    let mut texts = Vec::new();
    for change in changes
        .into_iter()
        .filter(|c| c.dialect == Dialect::Postgres)
    {
        for (side, text) in [("old", &change.old), ("new", &change.new)] {
            let whole = format!("{}\n{text}", change.setup);
            texts.push((format!("{} {side}", change.name), whole));
        }
    }
    for schema in corpus::schemas().into_iter().flatten() {
        if schema.dialect == Dialect::Postgres {
            let setup = schema.setup.map_or_else(String::new, |(_, text)| text);
            texts.push((schema.name, format!("{setup}\n{}", schema.text)));
        }
    }
    let mut refused = Vec::new();
    for (name, text) in texts {
        let Err(why) = folded(&Catalog::default(), &text) else {
            continue;
        };
        let Some(database) = postgres::database() else {
            return;
        };
        if database.psql(&text).is_ok() {
            refused.push(format!("{name}: {why}"));
        }
    }
    assert_eq!(refused, [""; 0]);
}
