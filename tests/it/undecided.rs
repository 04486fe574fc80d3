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
