//! Migrations as files: a changed schema becomes the next one, in every layout, and the chain of them
//! is held.

use crate::support::postgres::{self, Database};
use crate::support::program::{Folder, Run};

/// Every layout.
const LAYOUTS: [&str; 5] = ["sqlx", "diesel", "flyway", "dbmate", "supabase"];

const ONE: &str = "CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(300) NOT NULL, mood mood);
CREATE VIEW emails AS SELECT id, email FROM users;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
";

const TWO: &str = "CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(300) NOT NULL, mood mood, born date);
CREATE TABLE tags (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
CREATE INDEX tags_user_id_idx ON tags (user_id);
CREATE VIEW emails AS SELECT id, email, born FROM users;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;
";

fn project(layout: &str) -> Folder {
    let folder = Folder::new();
    let config =
        format!("outputs: {{ sql: {{}} }}\nmigrations: {{ folder: history, layout: {layout} }}\n");
    folder.write("schemagen.yaml", config);
    folder.write("schema/schema.sql", ONE);
    build(&folder, "1").expect(0);
    folder
}

fn build(folder: &Folder, version: &str) -> Run {
    folder.run(&["build", "--version", version])
}

fn migrations(folder: &Folder) -> Vec<String> {
    let files = folder.files().into_keys();
    files.filter(|f| f.starts_with("history/")).collect()
}

/// What replaying the migrations gives, as canonical SQL.
fn replayed(folder: &Folder) -> String {
    folder.run(&["render", "sql", "history"]).expect(0).stdout
}

#[test]
fn a_change_becomes_the_next_migration_in_every_layout() {
    for layout in LAYOUTS {
        let folder = project(layout);
        folder.run(&["build", "--check"]).expect(0);
        folder.write("schema/schema.sql", TWO);
        let check = folder.run(&["build", "--check"]).expect(1);
        let missing = "missing  history/ (the next migration)";
        assert!(check.stdout.contains(missing), "{}", check.stdout);
        let before = migrations(&folder);
        let run = build(&folder, "2").expect(0);
        assert!(
            run.stderr.contains("2 created, 2 altered"),
            "{}",
            run.stderr
        );
        let new = migrations(&folder)
            .into_iter()
            .filter(|f| !before.contains(f));
        let texts: Vec<String> = new.map(|f| folder.read(&f)).collect();
        let up = texts
            .iter()
            .find(|text| text.contains("CREATE TABLE public.tags"));
        assert!(up.unwrap().contains("-- follows: "), "{layout}");
        // Nothing more is to be done, and it is what it should be.
        folder.run(&["build", "--check"]).expect(0);
        folder.run(&["build"]).expect(0);
        folder.run(&["migrate", "check"]).expect(0);
        assert_eq!(
            replayed(&folder),
            folder.read("generated/schema.sql"),
            "{layout}"
        );
        assert_eq!(
            migrations(&folder).len(),
            before.len() + texts.len(),
            "{layout}"
        );
    }
}

/// The ways up and down of the migration `2_x`.
fn ways(folder: &Folder, layout: &str) -> (String, String) {
    let read = |path: &str| folder.read(&format!("history/{path}"));
    match layout {
        "sqlx" => (read("2_x.up.sql"), read("2_x.down.sql")),
        "diesel" => (read("2_x/up.sql"), read("2_x/down.sql")),
        "flyway" => (read("V2__x.sql"), read("U2__x.sql")),
        _ => {
            let text = read("2_x.sql");
            let (up, down) = text.split_once("-- migrate:down\n").unwrap();
            (up.to_owned(), down.to_owned())
        }
    }
}

#[test]
fn the_way_down_leads_back() {
    for layout in LAYOUTS.into_iter().filter(|l| *l != "supabase") {
        let folder = project(layout);
        let before = folder.read("generated/schema.sql");
        folder.write("schema/schema.sql", TWO);
        folder
            .run(&["migrate", "new", "x", "--version", "2"])
            .expect(0);
        let (up, down) = ways(&folder, layout);
        let both = Folder::with(&[
            ("1.sql", before.as_str()),
            ("2.sql", &format!("{before}{up}{down}")),
        ]);
        let diff = both.run(&["diff", "1.sql", "2.sql", "--exit-code"]);
        assert_eq!(diff.code, 0, "{layout}: {}", diff.stdout);
    }
}

#[test]
fn data_is_lost_only_where_that_is_allowed() {
    let folder = project("sqlx");
    let less = ONE.replace(", mood mood", "").replace("'sad', ", "");
    folder.write("schema/schema.sql", &less);
    let before = migrations(&folder);
    let run = build(&folder, "2").expect(1);
    let allow = "deletes-data:public.users.mood";
    for said in [
        "would lose data",
        "DROP COLUMN mood",
        allow,
        "no migration was written",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert_eq!(migrations(&folder), before);
    assert!(
        !folder.read("generated/schema.sql").contains("mood mood"),
        "the rest is written"
    );
    let report = folder.run(&["build", "--format", "json"]).expect(1).json();
    assert_eq!(report["migration"]["state"], "refused");
    assert_eq!(report["migration"]["hazards"][0]["hazard"], "deletes-data");
    let other = [
        "build",
        "--version",
        "2",
        "--allow",
        "deletes-data:public.tags.*",
    ];
    folder.run(&other).expect(1);
    folder.run(&["build", "--allow", "drops"]).expect(2);
    let narrow = [
        "migrate",
        "new",
        "x",
        "--version",
        "2",
        "--allow",
        "deletes-data:public.*",
    ];
    folder.run(&narrow).expect(0);
    let up = folder.read("history/2_x.up.sql");
    assert!(
        up.contains("-- hazard: deletes-data: column public.users.mood"),
        "{up}"
    );
    folder.run(&["build", "--check"]).expect(0);
}

#[test]
fn the_configuration_may_allow_a_loss() {
    let folder = project("sqlx");
    let config = folder.read("schemagen.yaml");
    folder.write(
        "schemagen.yaml",
        config.replace(" layout", " allow: [\"deletes-data:public.users\"], layout"),
    );
    folder.write(
        "schema/schema.sql",
        "CREATE TABLE others (id bigint PRIMARY KEY);",
    );
    build(&folder, "2").expect(0);
    folder.write(
        "schemagen.yaml",
        config.replace(" layout", " allow: [drops], layout"),
    );
    let run = folder.run(&["build"]).expect(2);
    assert!(run.stderr.contains("schemagen.yaml:2:"), "{}", run.stderr);
}

#[test]
fn what_may_be_a_rename_is_asked() {
    let folder = project("sqlx");
    let before = migrations(&folder);
    let renamed = ONE.replace("email", "mail");
    folder.write("schema/schema.sql", &renamed);
    for command in [&["build"][..], &["migrate", "new", "x"]] {
        let run = folder.run(command).expect(1);
        for said in [
            "renamed_from: email",
            "replaces: email",
            "schema/schema.sql:2:",
        ] {
            assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
        }
        assert_eq!(migrations(&folder), before);
    }
    let answered = renamed.replace(
        "mail varchar(300) NOT NULL,",
        "mail varchar(300) NOT NULL, -- schemagen:renamed-from email\n",
    );
    folder.write("schema/schema.sql", &answered);
    folder
        .run(&["migrate", "new", "x", "--version", "2"])
        .expect(0);
    let (up, down) = ways(&folder, "sqlx");
    assert!(up.contains("RENAME COLUMN email TO mail"), "{up}");
    assert!(down.contains("RENAME COLUMN mail TO email"), "{down}");
    folder.run(&["build", "--check"]).expect(0);
}

#[test]
fn statements_by_hand_are_kept() {
    let folder = project("sqlx");
    folder
        .run(&["migrate", "new", "seed", "--empty", "--version", "2"])
        .expect(0);
    let seed = "INSERT INTO public.users (id, email) VALUES (1, 'a');\n";
    folder.write("history/2_seed.up.sql", seed);
    folder.write("schema/schema.sql", TWO);
    build(&folder, "3").expect(0);
    folder.run(&["migrate", "check"]).expect(0);
    assert_eq!(folder.read("history/2_seed.up.sql"), seed);
    // The next one holds it.
    folder.write("history/2_seed.up.sql", seed.replace("'a'", "'b'"));
    let run = folder.run(&["migrate", "check"]).expect(1);
    assert!(
        run.stderr.contains("migration 2_seed has been edited"),
        "{}",
        run.stderr
    );
}

/// A project with three migrations.
fn three() -> Folder {
    let folder = project("sqlx");
    for (version, more) in [("20", "b"), ("30", "c")] {
        let table = format!("CREATE TABLE {more} (id bigint PRIMARY KEY);\n");
        folder.write(&format!("schema/{more}.sql"), table);
        build(&folder, version).expect(0);
    }
    folder.run(&["migrate", "check"]).expect(0);
    folder
}

fn found(folder: &Folder) -> String {
    let run = folder
        .run(&["migrate", "check", "--format", "concise"])
        .expect(1);
    let build = folder.run(&["build"]).expect(1);
    assert!(build.stderr.contains("migration"), "{}", build.stderr);
    run.stdout
}

#[test]
fn edited_migrations_are_found() {
    let folder = three();
    let path = "history/20_create_b.up.sql";
    folder.write(path, folder.read(path) + "-- a word\n");
    let said = found(&folder);
    assert!(
        said.starts_with(path) && said.contains("migration/edited"),
        "{said}"
    );
    // The last one, which nothing follows: its statements lead elsewhere.
    let folder = three();
    let path = "history/30_create_c.up.sql";
    folder.write(path, folder.read(path).replace("id bigint", "id integer"));
    let run = folder.run(&["migrate", "check"]).expect(1);
    assert!(
        run.stderr.contains("30_create_c has been edited"),
        "{}",
        run.stderr
    );
    // And no other is written behind it.
    let before = migrations(&folder);
    let more = folder.read("schema/schema.sql") + "CREATE TABLE more (id bigint PRIMARY KEY);\n";
    folder.write("schema/schema.sql", more);
    let build = build(&folder, "40").expect(1);
    for said in ["30_create_c has been edited", "no migration was written"] {
        assert!(build.stderr.contains(said), "{said}: {}", build.stderr);
    }
    assert_eq!(migrations(&folder), before);
}

#[test]
fn missing_migrations_are_found() {
    let folder = three();
    for way in ["up", "down"] {
        std::fs::remove_file(folder.path().join(format!("history/20_create_b.{way}.sql"))).unwrap();
    }
    let said = found(&folder);
    assert!(
        said.contains("migration/missing") && said.contains("20_create_b"),
        "{said}"
    );
}

#[test]
fn forked_migrations_are_found_and_moved() {
    let folder = project("sqlx");
    // Two branches, each with a table of its own.
    let branch = |name: &str, version: &str| {
        let branch = project("sqlx");
        let table = format!("CREATE TABLE {name} (id bigint PRIMARY KEY);\n");
        branch.write(&format!("schema/{name}.sql"), table);
        build(&branch, version).expect(0);
        for (path, text) in branch.files() {
            folder.write(&path, text);
        }
    };
    branch("ours", "2");
    branch("theirs", "3");
    let said = found(&folder);
    assert!(
        said.contains("migration/forked") && said.contains("3_create_theirs"),
        "{said}"
    );
    let refused = folder.run(&["migrate", "rebase"]).expect(2);
    assert!(refused.stderr.contains("--unapplied"), "{}", refused.stderr);
    let statements = folder.read("history/3_create_theirs.up.sql");
    folder.run(&["migrate", "rebase", "--unapplied"]).expect(0);
    folder.run(&["migrate", "check"]).expect(0);
    folder.run(&["build"]).expect(0);
    folder.run(&["build", "--check"]).expect(0);
    let moved = folder.read("history/3_create_theirs.up.sql");
    assert!(
        moved.contains("-- follows: 2_create_ours ") && moved != statements,
        "{moved}"
    );
    let body = |text: &str| text.split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(body(&moved), body(&statements));
    folder.run(&["migrate", "rebase", "--unapplied"]).expect(0);
}

#[test]
fn migrations_out_of_order_are_found_and_moved() {
    let folder = three();
    let between = "history/25_by_hand.up.sql";
    folder.write(between, "CREATE TABLE public.late (id bigint);\n");
    folder.write("schema/late.sql", "CREATE TABLE late (id bigint);\n");
    let said = found(&folder);
    assert!(
        said.starts_with(between) && said.contains("migration/out-of-order"),
        "{said}"
    );
    let rebase = ["migrate", "rebase", "25_by_hand", "--unapplied"];
    let run = folder.run(&rebase).expect(0);
    assert!(
        run.stderr
            .contains("is 31_by_hand now, and follows 30_create_c"),
        "{}",
        run.stderr
    );
    folder.run(&["migrate", "check"]).expect(0);
    folder.run(&["build", "--check"]).expect(0);
}

#[test]
fn a_migration_that_no_longer_runs_is_made_again() {
    let folder = project("sqlx");
    let with = |column: &str| ONE.replace("mood mood", &format!("mood mood, {column} int"));
    folder.write("schema/schema.sql", with("a"));
    build(&folder, "2").expect(0);
    let other = project("sqlx");
    other.write(
        "schema/schema.sql",
        ONE.replace("mood mood", "mood mood, a int, b int"),
    );
    build(&other, "3").expect(0);
    for (path, text) in other.files() {
        folder.write(&path, text);
    }
    folder.run(&["migrate", "rebase", "--unapplied"]).expect(0);
    let files = migrations(&folder);
    let last = files
        .iter()
        .find(|f| f.contains("/3_") && f.contains("up"))
        .unwrap();
    let text = folder.read(last);
    assert!(
        text.contains("ADD COLUMN b") && !text.contains("ADD COLUMN a"),
        "{text}"
    );
    folder.run(&["migrate", "check"]).expect(0);
    folder.run(&["build", "--check"]).expect(0);
}

#[test]
fn a_baseline_is_what_was_there() {
    let folder = Folder::with(&[("before.sql", ONE), ("schema/schema.sql", TWO)]);
    let baseline = [
        "migrate",
        "baseline",
        "--from",
        "before.sql",
        "--version",
        "1",
    ];
    folder.run(&baseline).expect(0);
    folder.run(&["migrate", "check"]).expect(0);
    folder.run(&["build", "--version", "2"]).expect(0);
    folder.run(&["build", "--check"]).expect(0);
    let files: Vec<String> = folder.files().into_keys().collect();
    assert!(
        files
            .iter()
            .any(|f| f.ends_with("migrations/1_baseline.up.sql")),
        "{files:?}"
    );
    let next = files
        .iter()
        .find(|f| f.contains("migrations/2_") && f.contains("up.sql"));
    let next = folder.read(next.unwrap());
    assert!(
        next.contains("ADD COLUMN born date") && !next.contains("CREATE TYPE"),
        "{next}"
    );
    let again = folder.run(&baseline).expect(2);
    assert!(
        again.stderr.contains("holds migrations already"),
        "{}",
        again.stderr
    );
}

#[test]
fn names_and_versions_are_those_of_files() {
    let folder = project("sqlx");
    folder.write("schema/schema.sql", TWO);
    for name in ["", "a b", "../x", "a.b"] {
        folder.run(&["migrate", "new", name]).expect(2);
    }
    let run = folder.run(&["build", "--version", "1"]).expect(2);
    assert!(
        run.stderr.contains("does not come after 1_initial"),
        "{}",
        run.stderr
    );
    // Where they are counted, they are counted on.
    folder.run(&["build"]).expect(0);
    assert!(
        migrations(&folder)
            .iter()
            .any(|f| f.starts_with("history/2_"))
    );
}

/// Runs a file as sqlx does: in a transaction, but for those that say otherwise.
fn apply(database: &Database, file: &str, text: &str) {
    let script = match text.starts_with("-- no-transaction") {
        true => text.to_owned(),
        false => format!("BEGIN;\n{text}\nCOMMIT;\n"),
    };
    let run = database.psql(&script);
    run.unwrap_or_else(|e| panic!("{file}: {e}\n{text}"));
}

#[test]
fn the_files_run_on_a_server_up_down_and_up_again() {
    let Some(database) = postgres::database() else {
        return;
    };
    let folder = project("sqlx");
    let indexed = format!("{TWO}CREATE INDEX users_born_idx ON users (born);\n");
    folder.write("schema/schema.sql", indexed);
    build(&folder, "2").expect(0);
    let files = migrations(&folder);
    let (ups, mut downs): (Vec<_>, Vec<_>) = files.iter().partition(|f| f.ends_with(".up.sql"));
    downs.reverse();
    assert!(ups.len() > 2, "the index has a file of its own: {ups:?}");
    for file in ups.iter().chain(&downs).chain(&ups) {
        apply(&database, file, &folder.read(file));
    }
    let url = database.url();
    let diff = folder.run(&["diff", &url, "schema", "--exit-code"]);
    assert_eq!(diff.code, 0, "{}\n{}", diff.stdout, diff.stderr);
}

#[test]
fn the_migrations_of_the_example_run_up_down_and_up_again() {
    let Some(database) = postgres::database() else {
        return;
    };
    let platform = include_str!("../fixtures/example/platform.sql");
    database.psql(platform).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |way: &str| {
        let name = format!("generated/migrations/20260101000000_initial.{way}.sql");
        std::fs::read_to_string(root.join(name)).unwrap()
    };
    for way in ["up", "down", "up"] {
        apply(&database, way, &read(way));
    }
}

#[test]
fn a_migration_that_renames_to_a_name_in_use_is_found() {
    let all = "CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE tags (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL CONSTRAINT a CHECK (email <> ''), name text);
ALTER TABLE users ADD CONSTRAINT b CHECK (name <> '');
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON users USING (id > 0);
CREATE POLICY q ON users USING (id > 1);
";
    let folder = Folder::with(&[("schema/schema.sql", all)]);
    let config = "outputs: { sql: {} }\nmigrations: { folder: history, layout: sqlx }\n";
    folder.write("schemagen.yaml", config);
    build(&folder, "1").expect(0);
    let before = migrations(&folder);
    folder.write(
        "schema/schema.sql",
        format!("{all}CREATE TABLE more (id bigint PRIMARY KEY);\n"),
    );
    for (statement, said) in [
        (
            "ALTER TABLE users RENAME TO tags;",
            "relation `public.tags` exists already",
        ),
        (
            "ALTER TABLE users RENAME COLUMN name TO email;",
            "column `email` of `public.users` exists already",
        ),
        (
            "ALTER TABLE users RENAME CONSTRAINT a TO b;",
            "constraint `b` of `public.users` exists already",
        ),
        (
            "ALTER POLICY p ON users RENAME TO q;",
            "policy `q` of `public.users` exists already",
        ),
        (
            "ALTER TYPE mood RENAME VALUE 'sad' TO 'happy';",
            "enum label `happy` of `public.mood` exists already",
        ),
    ] {
        let file = "history/3_by_hand.up.sql";
        folder.write(file, format!("-- By hand.\n{statement}\n"));
        for command in [&["migrate", "check"][..], &["build", "--version", "4"]] {
            let run = folder.run(command).expect(1);
            let all = run.stderr + &run.stdout;
            assert!(all.contains(said), "{statement}: {all}");
            assert!(
                all.contains("history/3_by_hand.up.sql:2:1"),
                "{statement}: {all}"
            );
        }
        std::fs::remove_file(folder.path().join(file)).unwrap();
        assert_eq!(migrations(&folder), before, "{statement}");
    }
}
