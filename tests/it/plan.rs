//! Plans end where they should: folded for every known change, and run by a server for pairs of ours.

use std::fs;
use std::path::{Path, PathBuf};

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::diff::{Options, compare};
use schemagen::migration::with_notes_back;
use schemagen::model::{Catalog, Pair};
use schemagen::plan::{self, Plan};

use crate::diff::lines;
use crate::normal_form::inspected;
use crate::support::catalogs::Sources;
use crate::support::{corpus, postgres};

fn planned(before: &Catalog, after: &Catalog) -> Plan {
    let version = TargetVersion::default_of(Dialect::Postgres);
    plan::plan(Pair::new(before, after), version)
}

fn problems(plan: &Plan) -> Vec<String> {
    let said = plan.diagnostics.iter().map(|d| d.headline.clone());
    let left = plan
        .remaining
        .iter()
        .map(|id| format!("{id} still differs"));
    said.chain(left).collect()
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/plan");
    let entries = fs::read_dir(folder).expect("the fixtures are there");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("readable").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("a fixture has both sides")
}

/// Columns that a plan drops and adds, of tables that stay, without saying why.
fn made_anew_without_reason(plan: &Plan) -> Vec<String> {
    let named = |step: &plan::Step, word: &str| -> Vec<String> {
        let rest = step.sql.split(word).skip(1);
        let names = rest.filter_map(|rest| rest.split([' ', ',', ';', '\n']).next());
        let of = |name: &str| format!("{}.{name}", step.object.name);
        names.map(of).collect()
    };
    let alters = || {
        plan.steps
            .iter()
            .filter(|s| s.sql.starts_with("ALTER TABLE"))
    };
    let dropped: Vec<String> = alters().flat_map(|s| named(s, "DROP COLUMN ")).collect();
    let mut silent = Vec::new();
    for step in alters() {
        for column in named(step, "ADD COLUMN ") {
            let name = column.rsplit('.').next().unwrap_or_default();
            let reason = format!("column {name} is made anew: ");
            let says = step
                .facts
                .note
                .as_ref()
                .is_some_and(|n| n.contains(&reason));
            if says != dropped.contains(&column) {
                silent.push(format!("{column}: {:?}", step.facts.note));
            }
        }
    }
    silent
}

#[test]
fn a_column_that_is_made_anew_says_why() {
    let pairs = [
        ("b int", "b int GENERATED ALWAYS AS (a * 2) STORED"),
        (
            "b int GENERATED ALWAYS AS (a * 2) STORED",
            "b int GENERATED ALWAYS AS (a * 3) STORED",
        ),
        (
            "b int GENERATED ALWAYS AS (a * 2) STORED",
            "b numeric GENERATED ALWAYS AS (a * 2) STORED",
        ),
        ("b int", "b bigint, c int"),
    ];
    for (before, after) in pairs {
        let text = |columns: &str| format!("CREATE TABLE t (a int, {columns});");
        let load = |columns: &str| {
            Sources::of_sql(&text(columns))
                .load(Dialect::Postgres)
                .catalog
        };
        let plan = planned(&load(before), &load(after));
        let made_anew = plan.sql().contains("-- column b is made anew: ");
        assert_eq!(made_anew, after.contains("GENERATED"), "{}", plan.sql());
        assert_eq!(made_anew_without_reason(&plan), [""; 0]);
    }
    for folder in fixtures() {
        let load = |name: &str| {
            Sources::of_sql(&read(&folder, name))
                .load(Dialect::Postgres)
                .catalog
        };
        let (before, after) = (load("before.sql"), load("after.sql"));
        for plan in [planned(&before, &after), planned(&after, &before)] {
            assert_eq!(
                made_anew_without_reason(&plan),
                [""; 0],
                "{}",
                folder.display()
            );
        }
    }
}

#[test]
fn a_server_takes_them_both_ways() {
    for folder in fixtures() {
        let Some(database) = postgres::database() else {
            return;
        };
        let sides = Pair::new("before.sql", "after.sql").map(|name| read(&folder, name));
        let loaded = Pair::new(&sides.before, &sides.after)
            .map(|text| Sources::of_sql(text).load(Dialect::Postgres));
        let run = |text: &str| {
            let done = database.psql(text);
            done.unwrap_or_else(|e| panic!("{}: {e}\n{text}", folder.display()));
        };
        let ends = |plan: &Plan, text: &str| {
            assert_eq!(problems(plan), [""; 0], "{}", folder.display());
            run(&plan.sql());
            let fresh = postgres::database().expect("there was one before");
            fresh.psql(text).unwrap_or_else(|e| panic!("{e}"));
            let want = inspected(&fresh, "").catalog;
            let got = inspected(&database, "").catalog;
            // Not `==`: a column that is added stands behind the others.
            let comparison = compare(Pair::new(&want, &got), &Options::new(Dialect::Postgres));
            let differ: Vec<String> = comparison.changes.iter().flat_map(lines).collect();
            assert_eq!(differ, [""; 0], "{}", folder.display());
        };
        run(&sides.before);
        let (before, after) = (&loaded.before.catalog, &loaded.after.catalog);
        ends(&planned(before, after), &sides.after);
        let version = TargetVersion::default_of(Dialect::Postgres);
        let back = with_notes_back(Pair::new(before, after), after, version);
        ends(&planned(after, &back), &sides.before);
    }
}

#[test]
fn every_known_change_is_proved_both_ways() {
    let Some(changes) = corpus::changes() else {
        return;
    };
    let mut failed = Vec::new();
    let mut count = 0;
    for change in changes.iter().filter(|c| c.dialect == Dialect::Postgres) {
        let load = |text: &str| Sources::of_sql(text).load(Dialect::Postgres);
        let (before, after) = (load(&change.old), load(&change.new));
        if before.has_errors() || after.has_errors() {
            continue;
        }
        count += 1;
        let ways = [
            ("up", planned(&before.catalog, &after.catalog)),
            ("down", planned(&after.catalog, &before.catalog)),
        ];
        for (way, plan) in ways {
            let name = format!("{} ({way})", change.name);
            if !plan.is_proved() {
                failed.push(format!("{name}: {}", problems(&plan).join("; ")));
            }
        }
    }
    assert!(count > 900, "{count} changes");
    assert!(
        failed.is_empty(),
        "{} of {count}:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// A partition that was made after the check holds it, whatever becomes of the others.
#[test]
fn a_partition_that_holds_a_check_holds_the_new_one_too() {
    let Some(database) = postgres::database() else {
        return;
    };
    let before = "CREATE TABLE p (a int, b int) PARTITION BY LIST (a);\n\
        CREATE TABLE early PARTITION OF p FOR VALUES IN (1);\n\
        ALTER TABLE p ADD CONSTRAINT c CHECK (b > 0);\n\
        CREATE TABLE late PARTITION OF p FOR VALUES IN (2);";
    let after = "CREATE TABLE p (a int, b int) PARTITION BY LIST (a);\n\
        CREATE TABLE early PARTITION OF p FOR VALUES IN (1);\n\
        ALTER TABLE p ADD CONSTRAINT c CHECK (b > 1) NOT VALID;\n\
        CREATE TABLE late PARTITION OF p FOR VALUES IN (2);";
    let load = |text: &str| Sources::of_sql(text).load(Dialect::Postgres).catalog;
    let plan = planned(&load(before), &load(after));
    assert_eq!(problems(&plan), [""; 0]);
    for text in [before, &plan.sql()] {
        database
            .psql(text)
            .unwrap_or_else(|e| panic!("{e}\n{text}"));
    }
    let query = "SELECT conrelid::regclass::text || convalidated::text FROM pg_constraint \
        WHERE conname = 'c' ORDER BY 1";
    let rows = database.client().query(query, &[]).expect("it answers");
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(found, ["earlyfalse", "latetrue", "pfalse"]);
}

/// The server keeps a check as the table's own when it leaves the last parent that has it.
#[test]
fn a_check_stays_when_its_parent_is_left() {
    let before = "CREATE TABLE a (x int, CONSTRAINT k CHECK (x > 0));\n\
        CREATE TABLE b (z int) INHERITS (a);";
    let after = "CREATE TABLE a (x int, CONSTRAINT k CHECK (x > 0));\n\
        CREATE TABLE b (x int, z int, CONSTRAINT k CHECK (x > 0));";
    let load = |text: &str| Sources::of_sql(text).load(Dialect::Postgres).catalog;
    let plan = planned(&load(before), &load(after));
    assert_eq!(problems(&plan), [""; 0]);
    assert!(!plan.sql().contains("ADD CONSTRAINT"), "{}", plan.sql());
    if let Some(database) = postgres::database() {
        for text in [before, &plan.sql()] {
            database
                .psql(text)
                .unwrap_or_else(|e| panic!("{e}\n{text}"));
        }
    }
}

/// From PostgreSQL 17 on a stored column is computed anew where it stands.
#[test]
fn a_generated_column_gets_another_expression() {
    let load = |columns: &str| {
        let text = format!("CREATE TABLE t (a int, {columns});\nCREATE INDEX i ON t (b);");
        Sources::of_sql(&text).load(Dialect::Postgres).catalog
    };
    let before = load("b int GENERATED ALWAYS AS (a * 2) STORED");
    let of = |major, columns: &str| {
        let version = TargetVersion {
            major,
            ..TargetVersion::default_of(Dialect::Postgres)
        };
        let plan = plan::plan(Pair::new(&before, &load(columns)), version);
        assert_eq!(problems(&plan), [""; 0]);
        plan.sql()
    };
    let tripled = "b int GENERATED ALWAYS AS (a * 3) STORED";
    let wider = "b bigint GENERATED ALWAYS AS (a * 3) STORED";
    for (major, columns, in_place) in [
        (16, tripled, false),
        (17, tripled, true),
        (17, wider, false),
        (18, tripled, true),
    ] {
        let sql = of(major, columns);
        let said = sql.contains("ALTER COLUMN b SET EXPRESSION AS (a * 3)");
        assert_eq!(said, in_place, "{major} {columns}\n{sql}");
        assert_eq!(sql.contains("DROP COLUMN b"), !in_place, "{sql}");
        assert_eq!(sql.contains("INDEX"), !in_place, "{sql}");
    }
}
