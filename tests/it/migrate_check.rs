//! `schemagen migrate check` and the rules about migrations: in the folder, in files that are named, and
//! in what is about to be written.

use crate::support::program::{Folder, Run};

const CONFIG: &str = "migrations: { folder: history, layout: sqlx }\n";
const INIT: &str =
    "CREATE TABLE users (id integer PRIMARY KEY, email text);\nCREATE TABLE notes (body text);\n";

fn folder(second: &str) -> Folder {
    Folder::with(&[
        ("schemagen.yaml", CONFIG),
        (
            "schema/schema.sql",
            "CREATE TABLE users (id integer PRIMARY KEY);\n",
        ),
        ("history/0001_init.up.sql", INIT),
        ("history/0002_second.up.sql", second),
    ])
}

fn concise(folder: &Folder, arguments: &[&str]) -> Run {
    let all = [&["migrate", "check", "--format", "concise"], arguments].concat();
    folder.run(&all)
}

#[test]
fn migrations_run_over_those_before_them() {
    let second =
        "SET LOCAL lock_timeout = '2s';\n\nALTER TABLE users ALTER COLUMN id TYPE bigint;\n";
    let run = concise(&folder(second), &[]).expect(1);
    let found = "history/0002_second.up.sql:3:32: error[migration-safety/type-change-rewrite]";
    assert!(run.stdout.contains(found), "{}", run.stdout);
    // What the first one creates is new there.
    assert!(!run.stdout.contains("0001_init"), "{}", run.stdout);
    let second =
        "SET LOCAL lock_timeout = '2s';\nALTER TABLE users ALTER COLUMN email TYPE text;\n";
    concise(&folder(second), &["--fail-on", "info"]).expect(0);
}

#[test]
fn a_finding_is_allowed_where_it_stands_or_by_its_hazard() {
    let folder = folder("SET LOCAL lock_timeout = '2s';\nDROP TABLE notes;\n");
    concise(&folder, &[]).expect(1);
    concise(&folder, &["--allow", "deletes-data"]).expect(0);
    concise(&folder, &["--allow", "deletes-data:public.notes"]).expect(0);
    concise(&folder, &["--allow", "deletes-data:public.users"]).expect(1);
    concise(&folder, &["--allow", "deletes-everything"]).expect(2);
    concise(&folder, &["--since", "3"]).expect(0);
    concise(&folder, &["--since", "2"]).expect(1);
    folder.write(
        "history/0002_second.up.sql",
        "SET LOCAL lock_timeout = '2s';\n-- schemagen:allow migration-safety/drop-table: empty since 2020\n\
         DROP TABLE notes;\n",
    );
    concise(&folder, &[]).expect(0);
    // An allowance that keeps nothing silent, and one without a reason, are said.
    folder.write(
        "history/0002_second.up.sql",
        "-- schemagen:allow migration-safety/truncate\nSELECT 1;\n",
    );
    let run = concise(&folder, &["--fail-on", "warning"]).expect(1);
    for rule in ["meta/unused-suppression", "meta/suppression-without-reason"] {
        assert!(run.stdout.contains(rule), "{}", run.stdout);
    }
}

#[test]
fn levels_are_configured_as_for_all_rules() {
    let folder = folder("SET LOCAL lock_timeout = '2s';\nDROP TABLE notes;\n");
    let rules = "checks: { rules: { migration-safety/drop-table: off } }\n";
    folder.write("schemagen.yaml", format!("{CONFIG}{rules}"));
    let run = concise(&folder, &["--fail-on", "info"]).expect(0);
    assert_eq!(run.stdout, "");
    let overrides = "checks:\n  overrides:\n    - objects: [\"*.notes\"]\n      rules: { migration-safety/drop-table: info }\n";
    folder.write("schemagen.yaml", format!("{CONFIG}{overrides}"));
    let run = concise(&folder, &[]).expect(0);
    assert!(
        run.stdout.contains("info[migration-safety/drop-table]"),
        "{}",
        run.stdout
    );
}

#[test]
fn files_run_over_the_folder_or_over_what_is_named() {
    let folder = folder("SELECT 1;\n");
    folder.write(
        "next.sql",
        "ALTER TABLE users ALTER COLUMN email TYPE varchar(10);\n",
    );
    let run = concise(&folder, &["next.sql"]).expect(1);
    assert!(
        run.stdout.contains("not every value of text"),
        "{}",
        run.stdout
    );
    // A column that the file alone cannot know: the folder has it, the other schema does not.
    folder.write(
        "other.sql",
        "CREATE TABLE users (id int, email varchar(5));\n",
    );
    let run = concise(&folder, &["next.sql", "--from", "other.sql"]).expect(0);
    assert!(!run.stdout.contains("error["), "{}", run.stdout);
    folder.write("broken.sql", "ALTER TABLE users ADD COLUMN;\n");
    let run = concise(&folder, &["broken.sql"]).expect(2);
    assert!(run.stdout.contains("broken.sql:1:"), "{}", run.stdout);
    folder.write("gone.sql", "ALTER TABLE nobody ADD COLUMN a int;\n");
    let run = concise(&folder, &["gone.sql"]).expect(2);
    assert!(run.stdout.contains("nobody"), "{}", run.stdout);
    concise(&folder, &["missing.sql"]).expect(2);
}

#[test]
fn without_a_catalog_what_is_named_is_there() {
    let folder = Folder::with(&[("next.sql", "ALTER TABLE app.users ADD COLUMN id serial;\n")]);
    let run = concise(&folder, &["next.sql"]).expect(1);
    let rewrite = "next.sql:1:34: error[migration-safety/add-generated-identity]";
    assert!(run.stdout.contains(rewrite), "{}", run.stdout);
    assert!(!run.stdout.contains("resolve/"), "{}", run.stdout);
}

#[test]
fn a_file_says_whether_it_runs_in_a_transaction() {
    let index = "CREATE INDEX CONCURRENTLY users_email_idx ON users (email);\n";
    let run = concise(&folder(index), &[]).expect(1);
    let found = "error[migration-safety/concurrent-in-transaction]";
    assert!(run.stdout.contains(found), "{}", run.stdout);
    concise(&folder(&format!("-- no-transaction\n{index}")), &[]).expect(0);
    let two = format!("-- no-transaction\n{index}SELECT 1;\n");
    concise(&folder(&two), &[]).expect(1);
}

#[test]
fn what_is_about_to_be_written_is_checked_and_written() {
    let folder = Folder::with(&[
        ("schemagen.yaml", CONFIG),
        (
            "schema/schema.sql",
            "CREATE TABLE users (id integer PRIMARY KEY, n integer);\n",
        ),
    ]);
    folder.run(&["build", "--version", "1"]).expect(0);
    folder.write(
        "schema/schema.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, n bigint);\n",
    );
    let run = folder.run(&["diff", "--format", "sql"]).expect(0);
    assert!(run.stderr.contains("plan.sql"), "{}", run.stderr);
    let run = folder.run(&["build", "--version", "2"]).expect(0);
    let found = "error[migration-safety/type-change-rewrite]";
    assert!(run.stderr.contains(found), "{}", run.stderr);
    concise(&folder, &[]).expect(1);
    // A loss that was allowed when it was written needs no second allowance.
    folder.write(
        "schema/schema.sql",
        "CREATE TABLE users (id integer PRIMARY KEY);\n",
    );
    folder.run(&["build", "--version", "5"]).expect(1);
    let allowed = ["build", "--version", "5", "--allow", "deletes-data"];
    folder.run(&allowed).expect(0);
    let run = concise(&folder, &["--since", "5"]).expect(0);
    assert!(!run.stdout.contains("drop-column"), "{}", run.stdout);
}
