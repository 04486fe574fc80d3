//! `migrate new` as its user and the reviewer of its files see it: what is said about the plan, and
//! where.

use crate::support::program::Folder;

fn project(layout: &str, first: &str) -> Folder {
    let folder = Folder::new();
    let config = format!(
        "target_version: 15\noutputs: {{ sql: {{}} }}\nmigrations: {{ folder: history, layout: {layout} }}\n"
    );
    folder.write("schemagen.yaml", config);
    folder.write("schema/schema.sql", first);
    let first = ["migrate", "new", "initial", "--version", "1"];
    folder.run(&first).expect(0);
    folder
}

/// Writes the migration to another schema, and returns what is said.
fn changed(folder: &Folder, schema: &str) -> String {
    folder.write("schema/schema.sql", schema);
    let new = ["migrate", "new", "x", "--version", "2"];
    folder.run(&new).expect(0).stderr
}

const LIST: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text, total integer);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, CONSTRAINT orders_user_fkey FOREIGN KEY (user_id) REFERENCES users (id));
";

#[test]
fn a_plan_has_no_hints_about_itself() {
    let folder = project("sqlx", LIST);
    let more = LIST
        .replace("email text", "email text NOT NULL UNIQUE")
        .replace(
            "REFERENCES users (id)",
            "REFERENCES users (id) ON DELETE CASCADE",
        );
    let said = changed(
        &folder,
        &format!("{more}CREATE INDEX users_total_idx ON users (total);"),
    );
    assert!(!said.contains("migration-safety/"), "{said}");
    // Several files are one change.
    assert!(
        said.contains(" migrations from 2_x_1.up.sql on: "),
        "{said}"
    );
    let check = folder
        .run(&["migrate", "check", "--fail-on", "info"])
        .expect(0);
    assert!(check.stderr.contains("no findings"), "{}", check.stderr);
}

#[test]
fn findings_stand_at_their_actions_in_files_that_are_there() {
    let folder = project("sqlx", LIST);
    let said = changed(
        &folder,
        &LIST.replace("total integer", "total bigint NOT NULL"),
    );
    let text = folder.read("history/2_x_1.up.sql");
    let line = text
        .lines()
        .position(|l| l.contains("TYPE bigint"))
        .unwrap()
        + 1;
    let place = format!("--> history/2_x_1.up.sql:{line}:");
    assert!(!said.contains("migration-safety/set-not-null"), "{said}");
    let (_, behind) = said
        .split_once("error[migration-safety/type-change-rewrite]")
        .unwrap();
    assert!(behind.contains(&place), "{place}: {said}");
    for way in [
        "strategy: expand-contract",
        "--allow blocks-reads-and-writes:public.users",
    ] {
        assert!(behind.contains(way), "{said}");
    }
    let allow = [
        "migrate",
        "check",
        "--allow",
        "blocks-reads-and-writes:public.users",
    ];
    folder.run(&allow).expect(0);
}

#[test]
fn a_second_act_is_what_the_first_one_announced() {
    let folder = project("dbmate", LIST);
    let renamed = LIST.replace(
        "email text",
        "\n-- schemagen:renamed-from email\n-- schemagen:expand-contract\nmail text",
    );
    changed(&folder, &renamed);
    let second = ["migrate", "new", "y", "--contract", "--version", "20"];
    let said = folder.run(&second).expect(0).stderr;
    assert!(!said.contains("migration-safety/"), "{said}");
    folder
        .run(&["migrate", "check", "--fail-on", "info"])
        .expect(0);
    // Only for the columns that it names.
    let last = folder
        .files()
        .into_keys()
        .find(|f| f.starts_with("history/20_y"));
    let last = last.unwrap();
    let text = folder.read(&last);
    let other = text.replace("-- contracts: public.users", "-- contracts: public.others");
    assert_ne!(text, other);
    folder.write(&last, other);
    let said = folder.run(&["migrate", "check"]).expect(1).stderr;
    assert!(said.contains("migration-safety/drop-column"), "{said}");
}

#[test]
fn a_value_that_may_be_renamed_is_shown_at_its_type() {
    let moods = "CREATE TYPE mood AS ENUM ('sad', 'glad');\n";
    let folder = project("flyway", &format!("{LIST}{moods}"));
    folder.write(
        "schema/schema.sql",
        format!("{LIST}{}", moods.replace("glad", "gladly")),
    );
    let said = folder.run(&["migrate", "new", "x"]).expect(1).stderr;
    for part in [
        "value `gladly` of enum public.mood may be value `glad` of enum public.mood renamed",
        "schema/schema.sql:3:",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_moved_migration_says_what_it_follows() {
    let folder = project("diesel", LIST);
    let left = LIST.replace("email text", "email text, a integer");
    changed(&folder, &left);
    let mine: Vec<(String, String)> = ["history/2_x/up.sql", "history/2_x/down.sql"]
        .map(|path| (path.to_owned(), folder.read(path)))
        .into();
    std::fs::remove_dir_all(folder.path().join("history/2_x")).unwrap();
    folder.write(
        "schema/schema.sql",
        LIST.replace("email text", "email text, b integer"),
    );
    folder
        .run(&["migrate", "new", "y", "--version", "3"])
        .expect(0);
    for (path, text) in mine {
        folder.write(&path, text);
    }
    let both = LIST.replace("email text", "email text, a integer, b integer");
    folder.write("schema/schema.sql", both);
    folder.run(&["migrate", "check"]).expect(1);
    let said = folder
        .run(&["migrate", "rebase", "--unapplied"])
        .expect(0)
        .stderr;
    assert!(said.contains("3_y follows 2_x"), "{said}");
    folder.run(&["migrate", "check"]).expect(0);
}

#[test]
fn an_enum_whose_values_all_stay_loses_nothing() {
    let folder = project(
        "sqlx",
        "CREATE TYPE level AS ENUM ('high', 'low');\n\
         CREATE TABLE jobs (id int PRIMARY KEY, level level NOT NULL, more level[]);",
    );
    // Where something were lost it would not be written without a word of its author's.
    changed(
        &folder,
        "CREATE TYPE level AS ENUM ('low', 'high');\n\
         CREATE TABLE jobs (id int PRIMARY KEY, level level NOT NULL, more level[]);",
    );
    for way in ["up", "down"] {
        let text = folder.read(&format!("history/2_x_1.{way}.sql"));
        assert!(
            text.contains("USING more::text[]::public.level[]"),
            "{text}"
        );
        assert!(
            !text.contains("narrows-data") && !text.contains("row-dependent"),
            "{text}"
        );
    }
}

#[test]
fn numbers_go_on_behind_the_rows_and_not_before_the_start() {
    let shared = "CREATE SEQUENCE numbers START 100;\n\
                  CREATE TABLE a (id bigint DEFAULT nextval('numbers') PRIMARY KEY);\n\
                  CREATE TABLE b (id bigint DEFAULT nextval('numbers') PRIMARY KEY);";
    let folder = project("sqlx", shared);
    changed(
        &folder,
        "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (START 100) PRIMARY KEY);\n\
         CREATE TABLE b (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    );
    // Each table has a file of its own.
    let files = folder.files();
    let all = |ending: &str| -> String {
        let named = files.iter().filter(|(name, _)| name.ends_with(ending));
        let texts = named.map(|(_, text)| String::from_utf8_lossy(text));
        texts.collect()
    };
    let text = all(".up.sql");
    assert!(
        text.contains("GREATEST((SELECT max(id) FROM public.a) + 1, 100), false)"),
        "{text}"
    );
    assert!(
        text.contains("GREATEST((SELECT max(id) FROM public.b), 0) + 1, false)"),
        "{text}"
    );
    let text = all(".down.sql");
    for table in ["a", "b"] {
        let goes_on = format!(
            "SELECT pg_catalog.setval('public.numbers', GREATEST(s.last_value + s.is_called::integer, \
             (SELECT max(id) FROM public.{table}) + 1), false) FROM public.numbers AS s"
        );
        assert!(text.contains(&goes_on), "{text}");
    }
}
