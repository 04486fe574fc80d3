//! Diagrams and documents of some tables: what is chosen, and what is said where nothing can be.

use crate::support::program::{Folder, Run};

const SCHEMA: &str = "
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TYPE other AS ENUM ('c');
CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE projects (id bigint PRIMARY KEY, owner_id bigint NOT NULL REFERENCES users, of other);
CREATE TABLE tasks (id bigint PRIMARY KEY, project_id bigint REFERENCES projects, of kind);
CREATE TABLE notes (id bigint PRIMARY KEY, body text);
CREATE VIEW open_tasks AS SELECT id FROM tasks;
CREATE VIEW emails AS SELECT email FROM users;
";

const FORMATS: &[&str] = &["text", "ascii", "svg", "mermaid", "dot", "plantuml", "dbml"];

fn folder() -> Folder {
    Folder::with(&[("schema/a.sql", SCHEMA)])
}

fn erd(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["render", "erd"], arguments].concat())
}

#[track_caller]
fn refused(run: Run, expected: &[&str]) {
    let run = run.expect(2);
    assert_eq!(run.stdout, "");
    for text in expected {
        assert!(run.stderr.contains(text), "no {text:?} in:\n{}", run.stderr);
    }
}

#[test]
fn every_format_takes_every_choice() {
    let folder = folder();
    let choices: &[(&[&str], &[&str], &[&str])] = &[
        (&["--only", "t*"], &["tasks"], &["notes", "owner_id"]),
        (
            &["--around", "projects"],
            &["tasks", "users", "owner_id"],
            &["notes"],
        ),
        (
            &["--around", "users", "--depth", "1", "--detail", "names"],
            &["projects", "users"],
            &["tasks", "notes", "email"],
        ),
        (
            &[
                "--only",
                "public.users",
                "--only",
                "notes",
                "--detail",
                "keys",
            ],
            &["users", "notes", "email"],
            &["tasks", "body"],
        ),
    ];
    for format in FORMATS {
        for (choice, there, missing) in choices {
            let arguments = [&["--format", format], *choice].concat();
            let text = erd(&folder, &arguments).expect(0).stdout;
            for word in *there {
                // Diagrams of names alone have no tables in DBML, which then shows keys.
                assert!(text.contains(word), "{arguments:?} has no {word}:\n{text}");
            }
            let keys_instead = *format == "dbml" && choice.contains(&"names");
            for word in missing.iter().filter(|w| !(keys_instead && **w == "email")) {
                assert!(!text.contains(word), "{arguments:?} has {word}:\n{text}");
            }
        }
    }
}

/// A picture is bytes, and only a program that was built for it makes them.
#[test]
fn png_is_a_picture_or_says_how_to_build_it() {
    let folder = folder();
    let arguments = ["render", "erd", "--format", "png", "--only", "t*"];
    if cfg!(feature = "png") {
        let picture = folder.run(&arguments).expect(0).stdout;
        assert!(picture.starts_with("\u{fffd}PNG\r\n"), "{picture:.40}");
    } else {
        refused(folder.run(&arguments), &["--features png", "--format svg"]);
    }
    refused(
        folder.run(&["render", "erd", "--format", "png", "--only", "nothing"]),
        &["matches no table"],
    );
}

#[test]
fn groups_are_chosen_by_name() {
    let yaml = "tables:\n  a: { group: first, columns: { id: bigint primary key } }\n  \
                b: { group: second, columns: { id: bigint primary key } }\n";
    let folder = Folder::with(&[("schema/a.yaml", yaml)]);
    for format in FORMATS {
        let text = erd(&folder, &["--format", format, "--group", "second"]).expect(0);
        assert!(!text.stdout.contains("first"), "{}", text.stdout);
    }
    refused(
        erd(&folder, &["--group", "third"]),
        &["--group \"third\" names no group", "first, second"],
    );
}

#[test]
fn what_cannot_be_shown_is_said() {
    let folder = folder();
    for format in FORMATS {
        refused(
            erd(&folder, &["--format", format, "--only", "user"]),
            &[
                "--only \"user\" matches no table",
                "did you mean public.users?",
            ],
        );
        refused(
            erd(&folder, &["--format", format, "--around", "nobody"]),
            &["--around \"nobody\" is no table of this schema"],
        );
        refused(
            erd(&folder, &["--format", format, "--group", "x"]),
            &["--group \"x\" names no group", "`group:`"],
        );
    }
    refused(
        erd(&folder, &["--format", "text", "--width", "10"]),
        &["--width 10 is too narrow", "at least 40"],
    );
    refused(erd(&folder, &["--depth", "2"]), &["--around"]);
    refused(
        folder.run(&["render", "sql", "--only", "users"]),
        &["choose the tables of diagrams and documents"],
    );
}

#[test]
fn an_empty_schema_is_an_empty_diagram() {
    let folder = Folder::with(&[("schema/a.sql", "-- nothing yet\n")]);
    for format in FORMATS {
        let run = erd(&folder, &["--format", format]).expect(0);
        assert!(
            !run.stdout.trim().is_empty() || *format == "dbml",
            "{format}"
        );
    }
    for document in ["markdown", "html"] {
        let run = folder.run(&["render", document]).expect(0);
        assert!(run.stdout.contains("PostgreSQL 15"), "{}", run.stdout);
    }
}

#[test]
fn documents_of_a_choice_have_what_belongs_to_it() {
    let folder = folder();
    let run = folder
        .run(&["render", "markdown", "--only", "tasks"])
        .expect(0);
    let text = run.stdout;
    for there in [
        "<!-- docs/tables/public.tasks.md -->",
        "## kind",
        "## open\\_tasks",
        "1 table",
    ] {
        let there = there.replace("\\_", "_");
        assert!(text.contains(&there), "no {there}:\n{text}");
    }
    for missing in ["public.users.md", "public.notes", "## emails", "## other"] {
        assert!(!text.contains(missing), "{missing}:\n{text}");
    }
    let page = folder
        .run(&["render", "html", "--around", "users"])
        .expect(0);
    assert!(page.stdout.contains("id=\"t=public.projects\""));
    assert!(!page.stdout.contains("id=\"t=public.notes\""));
}

#[test]
fn virtual_tables_are_chosen_for_documents() {
    let sql = "CREATE TABLE notes (id integer PRIMARY KEY, body text);\n\
               CREATE VIRTUAL TABLE found USING fts5(body);\n\
               CREATE VIRTUAL TABLE other USING fts5(body);\n";
    let folder = Folder::with(&[
        ("schemagen.yaml", "dialect: sqlite\nsources: [schema]\n"),
        ("schema/a.sql", sql),
    ]);
    let run = folder
        .run(&["render", "markdown", "--only", "f*"])
        .expect(0);
    assert!(run.stdout.contains("# found"), "{}", run.stdout);
    for missing in ["# notes", "# other"] {
        assert!(!run.stdout.contains(missing), "{missing}\n{}", run.stdout);
    }
    let page = folder.run(&["render", "html", "--only", "found"]).expect(0);
    assert!(page.stdout.contains("id=\"t=found\""));
    refused(
        erd(&folder, &["--only", "found"]),
        &["--only \"found\" matches no table"],
    );
}

#[test]
fn too_many_tables_for_one_diagram_are_a_map_of_groups() {
    let mut text = String::new();
    for n in 0..60 {
        let parent = n / 20 * 20;
        text.push_str(&format!(
            "CREATE TABLE t{n} (id int PRIMARY KEY, up int REFERENCES t{parent});\n"
        ));
    }
    let folder = Folder::with(&[("schema/a.sql", &text)]);
    let all = erd(&folder, &[]).expect(0).stdout;
    assert!(all.starts_with("flowchart LR\n"), "{all}");
    let some = erd(&folder, &["--only", "t1*"]).expect(0).stdout;
    assert!(some.starts_with("erDiagram\n"), "{some}");
    let many = erd(
        &folder,
        &["--only", "t2*", "--only", "t3*", "--only", "t4*"],
    );
    assert!(many.expect(0).stdout.starts_with("flowchart LR\n"));
}

#[test]
fn a_comment_of_five_megabytes_is_cut_and_says_so() {
    let long = "many words ".repeat(500_000);
    let text = format!(
        "CREATE TABLE t (id int PRIMARY KEY);\nCOMMENT ON TABLE t IS '{long}';\n\
         COMMENT ON COLUMN t.id IS '{long}';\n"
    );
    let folder = Folder::with(&[("schema/a.sql", &text)]);
    for what in ["markdown", "html"] {
        let page = folder.run(&["render", what]).expect(0).stdout;
        assert!(page.len() < 300_000, "{what}: {}", page.len());
        assert!(page.contains("more characters"), "{what}");
    }
    for format in FORMATS {
        let drawn = erd(&folder, &["--format", format]).expect(0).stdout;
        assert!(drawn.len() < 100_000, "{format}: {}", drawn.len());
    }
}
