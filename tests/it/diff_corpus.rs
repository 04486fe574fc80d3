//! The diff over real schemas and known changes: nothing differs from itself, in YAML neither; each known
//! change is told, and where nothing changes nothing is.

use schemagen::dialect::Dialect;
use schemagen::diff::{Options, compare};
use schemagen::model::{Catalog, Pair};
use schemagen::pipeline::Loaded;
use schemagen::render::Split;

use crate::diff::lines;
use crate::support::catalogs::{Sources, printed_yaml};
use crate::support::corpus;

/// Privileges on a function of an extension: the server keeps them, the peers leave them out, and a schema
/// that says so is another schema.
const OF_EXTENSIONS: [&str; 1] = ["pg-delta.json extension-member--revoke-public-execute"];

/// Pairs that the server stores as other trees and that mean the same to it.
const EQUIVALENT: [&str; 3] = [
    "pgschema.json create_index/issue_473_partial_index_in_list",
    "sqldef.json tests_datatypes/AtTimeZoneDefaultEquivalentToTimezoneFunction",
    "sqldef.json tests_indices/AtTimeZoneIndexEquivalentToTimezoneFunction",
];

fn told(before: &Catalog, after: &Catalog, dialect: Dialect) -> Vec<String> {
    let comparison = compare(Pair::new(before, after), &Options::new(dialect));
    comparison.changes.iter().flat_map(lines).collect()
}

fn load(text: &str, dialect: Dialect) -> Result<Loaded, String> {
    let sources = Sources::of_sql(text);
    let loaded = sources.load(dialect);
    match sources.errors(&loaded).as_slice() {
        [] => Ok(loaded),
        errors => Err(errors.join("\n")),
    }
}

fn fail_with(problems: &[String], of: usize) {
    let shown: Vec<&str> = problems.iter().take(40).map(String::as_str).collect();
    assert!(
        problems.is_empty(),
        "{} of {of}:\n{}",
        problems.len(),
        shown.join("\n")
    );
}

#[test]
fn real_schemas_do_not_differ_from_themselves() {
    let Some(schemas) = corpus::schemas() else {
        return;
    };
    let mut problems = Vec::new();
    for schema in &schemas {
        let sources = schema.sources();
        let loaded = sources.load(schema.dialect);
        let same = told(&loaded.catalog, &loaded.catalog, schema.dialect);
        let mut yaml = Sources::default();
        let tree = printed_yaml(&loaded, schema.dialect, Split::Table);
        for (path, text) in tree.iter() {
            yaml.add(path, text);
        }
        schema.add_setup(&mut yaml);
        let through_yaml = yaml.load(schema.dialect);
        let there = told(&loaded.catalog, &through_yaml.catalog, schema.dialect);
        let changes: Vec<String> = same.into_iter().chain(there).take(5).collect();
        if !changes.is_empty() {
            problems.push(format!("{}:\n  {}", schema.name, changes.join("\n  ")));
        }
    }
    fail_with(&problems, schemas.len());
}

#[test]
fn known_changes_are_told_and_nothing_else() {
    let Some(cases) = corpus::changes() else {
        return;
    };
    let mut problems = Vec::new();
    for case in &cases {
        let loaded = [&case.old, &case.new].map(|text| load(text, case.dialect));
        let [Ok(old), Ok(new)] = loaded else {
            let wrong = loaded.map(Result::err).into_iter().flatten().next();
            problems.push(format!("{}: {}", case.name, wrong.unwrap_or_default()));
            continue;
        };
        let changes = told(&old.catalog, &new.catalog, case.dialect);
        if OF_EXTENSIONS.contains(&case.name.as_str()) {
            assert_eq!(changes.len(), 1, "{}", case.name);
        } else if changes.is_empty() != (case.noop || EQUIVALENT.contains(&case.name.as_str())) {
            let changes = changes.join("\n  ");
            problems.push(format!("{} (noop: {})\n  {changes}", case.name, case.noop));
        }
    }
    fail_with(&problems, cases.len());
}
