//! What a plan cannot decide without its author is an error at the place where it is decided, and no
//! migration is written until it is.

use crate::support::program::Folder;

fn project(schema: &str) -> Folder {
    let config = "outputs: { sql: {} }\nmigrations: { folder: history }\n";
    let folder = Folder::with(&[("schemagen.yaml", config), ("schema/s.sql", schema)]);
    folder.run(&["build", "--version", "1"]).expect(0);
    folder
}

fn history(folder: &Folder) -> Vec<String> {
    let files = folder.files().into_keys();
    files.filter(|f| f.starts_with("history/")).collect()
}

/// A change that is refused, with all that has to be said, and writes nothing.
fn refused(folder: &Folder, schema: &str, said: &[&str]) {
    let before = history(folder);
    folder.write("schema/s.sql", schema);
    for command in [
        &["build", "--allow", "narrows-data"][..],
        &["migrate", "new", "x"],
    ] {
        let run = folder.run(command).expect(1);
        for said in said {
            assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
        }
        assert_eq!(history(folder), before);
    }
}

fn written(folder: &Folder, allow: &str) -> String {
    folder
        .run(&["migrate", "new", "x", "--version", "2", "--allow", allow])
        .expect(0);
    let folder = folder.files();
    let text = |way: &str| {
        let mut files = folder
            .iter()
            .filter(|(f, _)| f.starts_with("history/2") && f.ends_with(way));
        let (_, text) = files.next().expect("it is written");
        String::from_utf8_lossy(text).into_owned()
    };
    format!("{}---\n{}", text(".up.sql"), text(".down.sql"))
}

#[test]
fn a_cast_that_does_not_exist_is_asked_for() {
    let folder = project("CREATE TABLE t (id bigint PRIMARY KEY,\n    owner int NOT NULL);");
    let table = |rest: &str| format!("CREATE TABLE t (id bigint PRIMARY KEY,\n    owner {rest});");
    let said = [
        "error[migration/cast]: column public.t.owner cannot become uuid",
        "no cast from integer to uuid",
        "schema/s.sql:2:5",
        "-- schemagen:using EXPRESSION",
        "no migration was written",
    ];
    refused(&folder, &table("uuid NOT NULL"), &said);
    let shown = folder.run(&["diff", "--format", "sql"]).expect(0);
    assert!(shown.stderr.contains(said[0]), "{}", shown.stderr);
    assert!(
        shown
            .stdout
            .contains("-- column public.t.owner cannot become uuid")
    );

    let answered = table("uuid NOT NULL -- schemagen:using md5(owner::text)::uuid\n");
    folder.write("schema/s.sql", answered);
    let text = written(&folder, "narrows-data");
    assert!(
        text.contains("TYPE uuid USING md5(owner::text)::uuid"),
        "{text}"
    );
    assert!(
        text.contains("-- column public.t.owner cannot become integer"),
        "{text}"
    );
    folder.run(&["build", "--check"]).expect(0);
}

#[test]
fn the_way_back_has_an_expression_of_its_own() {
    let folder = project("CREATE TABLE t (id bigint PRIMARY KEY, done boolean);");
    folder.write("schema/s.sql", "");
    folder.write(
        "schema/t.yaml",
        "tables:\n  t:\n    columns:\n      id: bigint primary key\n      done: { type: timestamptz, using: \
         case when done then now() end, using_back: done is not null }\n",
    );
    let text = written(&folder, "narrows-data");
    let (up, down) = text.split_once("---\n").expect("both ways");
    assert!(up.contains("USING case when done then now() end"), "{up}");
    assert!(
        down.contains("TYPE boolean USING done is not null"),
        "{down}"
    );
    assert!(!down.contains("cannot become"), "{down}");
}

#[test]
fn values_of_an_enum_go_where_its_author_says() {
    let schema = |values: &str, note: &str| {
        format!(
            "CREATE TYPE mood AS ENUM ({values});\nCREATE TABLE t (id bigint PRIMARY KEY, m mood{note});"
        )
    };
    let folder = project(&schema("'sad', 'ok', 'meh'", ""));
    let note = " -- schemagen:using (CASE m::text WHEN 'meh' THEN 'ok' ELSE m::text END)::mood\n";
    folder.write("schema/s.sql", schema("'sad', 'ok'", note));
    folder
        .run(&[
            "build",
            "--version",
            "2",
            "--allow",
            "narrows-data",
            "--allow",
            "deletes-data:public.mood*",
        ])
        .expect(0);
    let up = folder
        .files()
        .into_iter()
        .find(|(f, _)| f.starts_with("history/2") && f.ends_with("up.sql"));
    let up = String::from_utf8_lossy(&up.expect("it is written").1).into_owned();
    assert!(
        up.contains("USING (CASE m::text WHEN 'meh' THEN 'ok'"),
        "{up}"
    );
}

#[test]
fn a_table_becomes_no_partitioned_one() {
    let plain = "CREATE TABLE logs (at date NOT NULL, line text);";
    let parted = "CREATE TABLE logs (at date NOT NULL, line text) PARTITION BY RANGE (at);";
    let said = [
        "error[migration/partitioned]: table public.logs",
        "schema/s.sql:1:14",
        "in stages: ",
    ];
    let folder = project(plain);
    refused(&folder, parted, &said);
    written(&folder, "deletes-data:public.logs");
    let back = project(parted);
    refused(&back, plain, &said);
}

#[test]
fn what_rows_are_parted_by_keeps_its_type() {
    let parted =
        |of: &str| format!("CREATE TABLE logs (at {of} NOT NULL) PARTITION BY RANGE (at);");
    let folder = project(&parted("date"));
    let after = parted("timestamptz");
    let said = [
        "error[migration/partitioned]: column public.logs.at cannot",
        "in stages: ",
    ];
    refused(&folder, &after, &said);
    written(&folder, "deletes-data:public.logs");
}

#[test]
fn a_rename_that_cannot_be_is_named() {
    let before =
        "CREATE TABLE a (x bigint PRIMARY KEY, y text);\nCREATE TABLE b (z bigint PRIMARY KEY);\n";
    let cases = [
        (
            "-- schemagen:renamed-from aa\nCREATE TABLE c (x bigint PRIMARY KEY);\n",
            &[
                "table public.c cannot be renamed from `aa`: there is no such table",
                "did you mean `a`?",
            ][..],
        ),
        (
            "-- schemagen:renamed-from a\nCREATE TABLE c (x bigint PRIMARY KEY);\nCREATE TABLE a (x bigint PRIMARY KEY, y text);",
            &["table public.c cannot be renamed from `a`, which is still declared"],
        ),
        (
            "-- schemagen:renamed-from a\nCREATE TABLE b (z bigint PRIMARY KEY);\n",
            &[
                "table public.b cannot be renamed from `a`: the name is in use",
                "schema/s.sql:2:14",
            ],
        ),
        (
            "-- schemagen:renamed-from a\nCREATE TABLE c (x bigint PRIMARY KEY, y text);\n\
             -- schemagen:renamed-from a\nCREATE TABLE d (x bigint PRIMARY KEY, y text);\n",
            &[
                "table public.d cannot be renamed from `a`: table public.c is",
                "schema/s.sql:4:14",
            ],
        ),
        (
            "-- schemagen:renamed-from b\nCREATE TABLE a (z bigint PRIMARY KEY);\n\
             -- schemagen:renamed-from a\nCREATE TABLE b (x bigint PRIMARY KEY, y text);\n",
            &[
                "table public.a cannot be renamed from `b` in a circle",
                "schema/s.sql:2:14",
                "a third name",
            ],
        ),
        (
            "CREATE TABLE a (x bigint PRIMARY KEY,\n    w text -- schemagen:renamed-from yy\n);\n",
            &[
                "column public.a.w cannot be renamed from `yy`",
                "schema/s.sql:2:5",
                "did you mean `y`?",
            ],
        ),
        (
            "-- schemagen:replaces a\nCREATE TABLE c (x bigint PRIMARY KEY);\nCREATE TABLE a (x bigint PRIMARY KEY, y text);",
            &["table public.c cannot replace `a`, which is still declared"],
        ),
        (
            "-- schemagen:replaces nothing\nCREATE TABLE c (x bigint PRIMARY KEY);\n",
            &["table public.c cannot replace `nothing`: there is no such table"],
        ),
    ];
    for (after, said) in cases {
        let folder = project(before);
        let files = history(&folder);
        folder.write("schema/s.sql", after);
        let run = folder.run(&["build", "--allow", "deletes-data"]).expect(1);
        for said in said
            .iter()
            .chain(&["error[migration/rename]", "no migration was written"])
        {
            assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
        }
        assert_eq!(history(&folder), files);
    }
}

#[test]
fn an_annotation_that_is_done_is_no_obstacle() {
    let folder =
        project("CREATE TABLE a (x bigint PRIMARY KEY);\nCREATE TABLE b (z bigint PRIMARY KEY);\n");
    // A chain of names, and then a change of something else while the annotations stand.
    let chain = "-- schemagen:renamed-from a\nCREATE TABLE b (x bigint PRIMARY KEY);\n\
                 -- schemagen:renamed-from b\nCREATE TABLE c (z bigint PRIMARY KEY);\n";
    folder.write("schema/s.sql", chain);
    let text = written(&folder, "narrows-data");
    let (up, down) = text.split_once("---\n").expect("both ways");
    let order = |text: &str, a: &str, b: &str| {
        let places = [a, b].map(|t| text.find(t).unwrap_or_else(|| panic!("{t}: {text}")));
        assert!(places[0] < places[1], "{text}");
    };
    order(up, "public.b RENAME TO c", "public.a RENAME TO b");
    order(
        up,
        "CONSTRAINT b_pkey TO c_pkey",
        "CONSTRAINT a_pkey TO b_pkey",
    );
    order(down, "public.b RENAME TO a", "public.c RENAME TO b");
    folder.write("schema/t.sql", "CREATE TABLE d (x bigint PRIMARY KEY);");
    let run = folder.run(&["build", "--version", "30"]).expect(0);
    assert!(run.stderr.contains("1 created"), "{}", run.stderr);
}
