//! The program as people and pipelines use it: what a command writes, prints, and ends with.

use crate::support::program::Folder;

const USERS: &str = "CREATE TABLE users (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  \
                     email text NOT NULL UNIQUE\n);\nCOMMENT ON TABLE users IS 'Accounts';\n";
const TASKS: &str = "tables:\n  tasks:\n    description: What is to be done\n    columns:\n      \
                     id: bigint generated always as identity primary key\n      \
                     user_id: { references: users.id, nullable: false }\n      title: text not null\n";

fn project() -> Folder {
    Folder::with(&[("schema/users.sql", USERS), ("schema/tasks.yaml", TASKS)])
}

const VERSION: &[&str] = &["build", "--version", "20260101000000"];

#[test]
fn building_twice_writes_the_same_bytes() {
    let folder = project();
    folder.run(VERSION).expect(0);
    let first = folder.files();
    assert!(first.contains_key("generated/migrations/20260101000000_initial.up.sql"));
    assert!(first.contains_key("generated/migrations/20260101000000_initial.down.sql"));
    assert!(first.contains_key("generated/schema.sql"));
    folder.run(&["build"]).expect(0);
    assert_eq!(folder.files(), first);
    let elsewhere = project();
    elsewhere.run(VERSION).expect(0);
    assert_eq!(elsewhere.files(), first);
}

#[test]
fn the_order_of_files_is_irrelevant() {
    let (one, other) = (project(), Folder::new());
    // The table that is referred to is in the last file now, and in another format of name.
    other.write("schema/z/users.sql", USERS);
    other.write("schema/a.yaml", TASKS);
    one.run(VERSION).expect(0);
    other.run(VERSION).expect(0);
    let generated = |folder: &Folder| {
        let mut files = folder.files();
        files.retain(|path, _| path.starts_with("generated/"));
        files
    };
    assert_eq!(generated(&one), generated(&other));
}

#[test]
fn check_lists_what_is_stale_and_writes_nothing() {
    let folder = project();
    let run = folder.run(&["build", "--check"]).expect(1);
    assert!(
        run.stdout.contains("missing  generated/schema.sql"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("missing  generated/migrations/"),
        "{}",
        run.stdout
    );
    assert!(!folder.path().join("generated").exists());
    folder.run(VERSION).expect(0);
    let clean = folder.run(&["build", "--check"]).expect(0);
    assert_eq!(clean.stdout, "");

    folder.write("generated/schema.sql", "-- edited by hand\n");
    let before = folder.files();
    let run = folder.run(&["build", "--check"]).expect(1);
    assert!(
        run.stdout.starts_with("stale    generated/schema.sql\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("\n--- generated/schema.sql\n+++ "),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("\n--- edited by hand\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr.contains("run `schemagen build`"),
        "{}",
        run.stderr
    );
    assert_eq!(folder.files(), before);
}

#[test]
fn files_of_removed_outputs_go_and_foreign_ones_stay() {
    let folder = project();
    folder.run(VERSION).expect(0);
    let documents = |folder: &Folder| {
        let files = folder.files();
        files
            .into_keys()
            .filter(|p| p.ends_with(".md"))
            .collect::<Vec<_>>()
    };
    assert!(!documents(&folder).is_empty());
    folder.write("generated/NOTES.md", "mine");
    folder.write("schemagen.yaml", "outputs: { sql: {} }\n");
    folder.run(&["build"]).expect(0);
    assert_eq!(documents(&folder), ["generated/NOTES.md"]);
    assert!(folder.files().contains_key("generated/schema.sql"));
}

#[test]
fn migrations_are_history() {
    let folder = project();
    folder.run(VERSION).expect(0);
    let migrations = |folder: &Folder| {
        let mut files = folder.files();
        files.retain(|path, _| path.starts_with("generated/migrations/"));
        files
    };
    let written = migrations(&folder);
    folder.write(
        "schema/tags.sql",
        "CREATE TABLE tags (id bigint PRIMARY KEY);\n",
    );
    let run = folder.run(&["build", "--check"]).expect(1);
    assert!(
        run.stderr
            .contains("the schema has changed since the last migration"),
        "{}",
        run.stderr
    );
    assert_eq!(migrations(&folder), written);
    // The next one, by hand: what is replayed is the whole folder.
    folder.write(
        "generated/migrations/20260102000000_tags.up.sql",
        "CREATE TABLE public.tags (id bigint NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (id));\n",
    );
    folder.write(
        "generated/migrations/20260102000000_tags.down.sql",
        "DROP TABLE public.tags;\n",
    );
    folder.run(&["build"]).expect(0);
    folder.run(&["build", "--check"]).expect(0);
    let broken = "generated/migrations/20260103000000_broken.up.sql";
    folder.write(broken, "ALTER TABLE public.nothing ADD COLUMN a int;\n");
    let run = folder.run(&["build"]).expect(1);
    assert!(
        run.stderr.contains(&format!("{broken}:1:")),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("cannot be replayed"), "{}", run.stderr);
}

#[test]
fn every_layout_is_written_and_replayed() {
    let layouts = [
        ("sqlx", "1_initial.down.sql"),
        ("diesel", "1_initial/up.sql"),
        ("flyway", "U1__initial.sql"),
        ("dbmate", "1_initial.sql"),
        ("supabase", "1_initial.sql"),
    ];
    for (layout, file) in layouts {
        let folder = project();
        let config = format!("migrations: {{ folder: history, layout: {layout} }}\n");
        folder.write("schemagen.yaml", config);
        folder.run(&["build", "--version", "1"]).expect(0);
        assert!(
            folder.files().contains_key(&format!("history/{file}")),
            "{layout}"
        );
        folder.run(&["build", "--check"]).expect(0);
    }
}

#[test]
fn the_report_for_programs_adds_up() {
    let folder = project();
    folder.write(
        "schema/data.sql",
        "SET client_min_messages = warning;\nBEGIN;\nINSERT INTO users (email) VALUES ('a');\nCOMMIT;\n",
    );
    let report = folder
        .run(&["build", "--format", "json", "--version", "1"])
        .expect(0)
        .json();
    let statements = &report["statements"];
    let number = |key: &str| statements[key].as_u64().unwrap();
    let skipped = statements["skipped"].as_array().unwrap();
    let skipped: u64 = skipped.iter().map(|s| s["count"].as_u64().unwrap()).sum();
    let parts = ["modelled", "opaque", "kept", "failed"].map(number);
    assert_eq!(
        number("read"),
        parts.iter().sum::<u64>() + skipped,
        "{statements}"
    );
    assert_eq!((number("kept"), skipped), (1, 3), "{statements}");
    assert_eq!(report["migration"]["state"], "written");
    let written = report["files"]["written"].as_array().unwrap();
    assert!(
        written.iter().any(|f| f == "generated/schema.sql"),
        "{written:?}"
    );
    let again = folder
        .run(&["build", "--check", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(again["migration"]["state"], "current");
    assert_eq!(again["files"]["stale"].as_array().unwrap().len(), 0);
}

#[test]
fn findings_at_the_configured_level_fail() {
    let folder = Folder::with(&[(
        "schema/a.sql",
        "CREATE TABLE \"Mixed\" (id bigint PRIMARY KEY);\n",
    )]);
    let run = folder.run(&["check", "--format", "concise"]).expect(0);
    assert!(run.stdout.contains("schema/a.sql:1:14"), "{}", run.stdout);
    assert!(run.stdout.contains("naming/case"), "{}", run.stdout);
    folder.run(&["check", "--fail-on", "warning"]).expect(1);
    folder.write("schemagen.yaml", "checks: { fail_on: warning }\n");
    folder.run(&["check"]).expect(1);
    folder.write("schemagen.yaml", "checks: { fail_on: warning, rules: { naming/case: off, documentation/table-comment: off } }\n");
    folder.run(&["check"]).expect(0);
    folder.write("schemagen.yaml", "checks: { rules: { naming/cas: off } }\n");
    let run = folder.run(&["check"]);
    assert_ne!(run.code, 0, "an unknown rule fails");
    assert!(run.stdout.contains("schemagen.yaml:1:20"), "{}", run.stdout);
}

#[test]
fn what_belongs_to_others_is_referenced_and_never_made() {
    let folder = Folder::with(&[
        (
            "schema/a.sql",
            "CREATE TABLE notes (\n  id bigint PRIMARY KEY,\n  author uuid NOT NULL REFERENCES auth.users (id)\n);\n",
        ),
        (
            "platform.sql",
            "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id uuid PRIMARY KEY);\n",
        ),
        (
            "schemagen.yaml",
            "setup: platform.sql\nexternal_schemas: [auth]\n",
        ),
    ]);
    folder.run(&["build"]).expect(0);
    let sql = folder.read("generated/schema.sql");
    assert!(sql.contains("REFERENCES auth.users (id)"), "{sql}");
    assert!(!sql.contains("CREATE TABLE auth.users"), "{sql}");
    assert!(!sql.contains("CREATE SCHEMA"), "{sql}");
    folder.run(&["build", "--check"]).expect(0);
}

#[test]
fn excluded_objects_are_no_part_of_the_schema() {
    let folder = project();
    folder.write(
        "schema/scratch.sql",
        "CREATE TABLE scratch_1 (id bigint PRIMARY KEY);\n",
    );
    folder.write("schemagen.yaml", "exclude: [public.scratch_*]\n");
    folder.run(&["build"]).expect(0);
    assert!(!folder.read("generated/schema.sql").contains("scratch"));
}

#[test]
fn render_prints_one_output() {
    let folder = project();
    let render = |what: &str| folder.run(&["render", what, "schema"]).expect(0).stdout;
    let sql = render("sql");
    assert!(sql.contains("CREATE TABLE public.users"), "{sql}");
    assert!(render("graph").starts_with("digraph schema {"));
    assert!(render("graph").contains("public.tasks"));
    assert!(render("erd").contains("erDiagram"));
    assert_eq!(render("erd"), render("mermaid"));
    let json: serde_json::Value = serde_json::from_str(&render("json")).unwrap();
    let objects = json["objects"].as_array().unwrap();
    let users = objects
        .iter()
        .find(|o| o["path"] == "public.users")
        .unwrap();
    assert_eq!(users["columns"][1]["type"], "text");
    assert!(
        users["sql"][0]
            .as_str()
            .unwrap()
            .starts_with("CREATE TABLE public.users")
    );
    folder.write("again.sql", &sql);
    let again = folder.run(&["render", "sql", "again.sql"]).expect(0).stdout;
    assert_eq!(
        again, sql,
        "what is printed reads as what it was printed from"
    );
    assert!(!folder.path().join("generated").exists());
}

#[test]
fn sqlite_is_rendered_as_sqlite() {
    let folder = Folder::with(&[(
        "a.sql",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT) STRICT;\n",
    )]);
    let run = folder
        .run(&["render", "sql", "a.sql", "--dialect", "sqlite"])
        .expect(0);
    assert!(run.stdout.contains("AUTOINCREMENT"), "{}", run.stdout);
    assert!(run.stdout.contains("STRICT"), "{}", run.stdout);
}

#[test]
fn a_folder_of_migrations_is_read_in_the_order_of_versions() {
    let folder = Folder::with(&[
        ("m/9_a.up.sql", "CREATE TABLE t (id bigint PRIMARY KEY);\n"),
        ("m/9_a.down.sql", "DROP TABLE t;\n"),
        ("m/10_b.up.sql", "ALTER TABLE t RENAME TO u;\n"),
        ("m/10_b.down.sql", "ALTER TABLE u RENAME TO t;\n"),
        ("m/11_c.up.sql", "ALTER TABLE u ADD COLUMN n text;\n"),
        ("m/11_c.down.sql", "ALTER TABLE u DROP COLUMN n;\n"),
    ]);
    let sql = folder.run(&["render", "sql", "m"]).expect(0).stdout;
    assert!(sql.contains("CREATE TABLE public.u (\n"), "{sql}");
    assert!(sql.contains("n text"), "{sql}");
    assert!(!sql.contains("public.t "), "{sql}");
}

#[test]
fn init_makes_a_project_that_builds_clean() {
    for dialect in ["postgres", "sqlite"] {
        let folder = Folder::new();
        folder.write(".pre-commit-config.yaml", "repos: []\n");
        let run = folder.run(&["init", "--dialect", dialect]).expect(0);
        let kept = "kept     .pre-commit-config.yaml";
        assert!(run.stderr.contains(kept), "{}", run.stderr);
        assert_eq!(folder.read(".pre-commit-config.yaml"), "repos: []\n");
        let workflow = folder.read(".github/workflows/schemagen.yml");
        assert!(workflow.contains("schemagen build --check"), "{workflow}");
        folder.run(&["build"]).expect(0);
        folder.run(&["build", "--check"]).expect(0);
        let run = folder.run(&["init"]).expect(2);
        assert!(
            run.stderr.contains("schemagen.yaml is in the way"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn usage_errors_end_with_two_and_documents_with_zero() {
    let folder = Folder::new();
    folder.run(&["biuld"]).expect(2);
    folder.run(&["render", "nothing"]).expect(2);
    folder.run(&["build", "--version", "first"]).expect(2);
    folder.run(&["explain", "naming/cas"]).expect(2);
    assert!(
        folder
            .run(&["explain", "naming/case"])
            .expect(0)
            .stdout
            .contains("naming/case")
    );
    assert!(
        folder
            .run(&["man"])
            .expect(0)
            .stdout
            .contains(".TH schemagen")
    );
    assert!(
        folder
            .run(&["completions", "bash"])
            .expect(0)
            .stdout
            .contains("complete")
    );
    let schema = folder.run(&["json-schema"]).expect(0).json();
    assert!(schema["properties"]["tables"].is_object());
}

#[test]
fn colour_is_for_terminals_or_by_request() {
    let folder = Folder::with(&[("schema/a.yaml", "tabels: {}\n")]);
    assert!(!folder.run(&["build"]).expect(2).stderr.contains('\x1b'));
    assert!(
        folder
            .run(&["build", "--color", "always"])
            .expect(2)
            .stderr
            .contains('\x1b')
    );
    let quiet = folder.run(&["build", "--quiet"]).expect(2).stderr;
    assert!(
        quiet.contains("tabels") && !quiet.contains("nothing was written"),
        "{quiet}"
    );
}

#[test]
fn a_folder_that_holds_everything_can_be_the_source() {
    let folder = Folder::with(&[("users.sql", USERS), ("tasks.yaml", TASKS)]);
    folder.write("schemagen.yaml", "sources: [., users.sql]\n");
    folder.run(&["build"]).expect(0);
    folder.run(&["build", "--check"]).expect(0);
}

#[test]
fn byte_order_marks_are_no_text() {
    let folder = Folder::new();
    folder.write("schema/a.sql", format!("\u{feff}{USERS}"));
    folder.write(
        "schema/b.yaml",
        format!("\u{feff}{}", TASKS.replace('\n', "\r\n")),
    );
    folder.run(VERSION).expect(0);
}

#[test]
fn an_external_schema_may_hold_more_than_is_declared() {
    let folder = Folder::with(&[
        (
            "schema/a.sql",
            "CREATE TABLE notes (\n  id uuid PRIMARY KEY REFERENCES auth.users (id)\n);\n",
        ),
        ("schemagen.yaml", "external_schemas: [auth]\n"),
    ]);
    let run = folder.run(&["build"]).expect(0);
    assert!(
        !run.stderr.contains("auth"),
        "nothing to say: {}",
        run.stderr
    );
}

#[test]
fn a_baseline_hides_what_it_knows_and_tells_what_is_gone() {
    let folder = Folder::with(&[("schema/a.sql", "CREATE TABLE a (x int);\n")]);
    let first = folder.run(&["check", "--fail-on", "info"]).expect(1);
    assert!(
        first.stdout.contains("missing-primary-key"),
        "{}",
        first.stdout
    );
    folder
        .run(&["check", "--write-baseline", "known.txt"])
        .expect(0);
    let known = ["check", "--fail-on", "info", "--baseline", "known.txt"];
    let run = folder.run(&known).expect(0);
    assert!(
        !run.stdout.contains("missing-primary-key"),
        "{}",
        run.stdout
    );
    folder.write("schema/b.sql", "CREATE TABLE b (x int);\n");
    let run = folder.run(&known).expect(1);
    assert!(
        run.stdout.contains("public.b") && !run.stdout.contains("public.a"),
        "{}",
        run.stdout
    );
    folder.write("schema/a.sql", "COMMENT ON TABLE b IS 'the only one';\n");
    let run = folder.run(&known);
    assert!(run.stderr.contains("no longer found"), "{}", run.stderr);
    folder.write("known.txt", "nonsense\n");
    folder.run(&known).expect(2);
}
