//! What the program says to bad input: the place, the excerpt, the reason and what to do, exit 2,
//! and no file written.

use std::io::Write as _;
use std::path::Path;

use crate::support::program::{Folder, Run};

/// Builds and expects refusal: exit 2, every text in the report, and nothing written.
#[track_caller]
fn refused(folder: &Folder, expected: &[&str]) -> Run {
    let before = folder.files();
    let run = folder.run(&["build"]).expect(2);
    for text in expected {
        assert!(run.stderr.contains(text), "no {text:?} in:\n{}", run.stderr);
    }
    assert_eq!(folder.files(), before, "nothing may be written");
    run
}

fn sql(text: &str) -> Folder {
    Folder::with(&[("schema/a.sql", text)])
}

fn yaml(text: &str) -> Folder {
    Folder::with(&[("schema/a.yaml", text)])
}

#[test]
fn broken_yaml() {
    refused(
        &yaml("tables:\n  users:\n    columns: [id\n  tasks: {}\n"),
        &["error[parse/yaml]", "--> schema/a.yaml:", "  tasks: {}"],
    );
}

#[test]
fn duplicate_and_unknown_keys_of_all_files_in_one_run() {
    let folder = yaml("tables:\n  users:\n    colums: { id: int }\n");
    folder.write("schema/b.yaml", "tables:\n  a: {}\n  a: {}\n");
    refused(
        &folder,
        &[
            "error[parse/yaml-unknown-key]",
            "--> schema/a.yaml:3:5",
            "    colums: { id: int }",
            "help: did you mean `columns`?",
            "error[parse/yaml-duplicate-key]",
            "--> schema/b.yaml:3:3",
            "first here",
            "2 errors; nothing was written",
        ],
    );
}

#[test]
fn unknown_types() {
    let run = refused(
        &sql("CREATE TABLE t (\n  id bigint PRIMARY KEY,\n  name txet\n);\n"),
        &["schema/a.sql:3:8", "  name txet", "txet"],
    );
    assert!(
        run.stderr.contains("`text`"),
        "the nearest type: {}",
        run.stderr
    );
}

#[test]
fn extensions_bring_their_own_types_and_no_others() {
    let text = "CREATE EXTENSION pgcrypto;\nCREATE EXTENSION citext;\n\
                CREATE TABLE t (\n  id bigint PRIMARY KEY,\n  name citext,\n  note txet\n);\n";
    refused(
        &sql(text),
        &[
            "1 error",
            "schema/a.sql:6:8",
            "type `txet` does not exist",
            "`text`",
        ],
    );
    let other =
        "CREATE EXTENSION pgcrypto;\nCREATE TABLE t (id bigint PRIMARY KEY, name citext);\n";
    let run = sql(other).run(&["build"]).expect(0);
    let warned = "type `citext` comes from extension `citext`, which is not declared";
    assert!(run.stderr.contains(warned), "{}", run.stderr);
}

#[test]
fn bounds_that_no_table_has() {
    refused(
        &sql(
            "CREATE TABLE t (day date NOT NULL) PARTITION BY RANGE (day);\n\
             CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-03-01');\n\
             CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2026-02-01') TO ('2026-04-01');\n\
             CREATE TABLE t3 PARTITION OF t FOR VALUES FROM ('2026-05-01') TO ('2026-05-01');\n\
             CREATE TABLE t4 PARTITION OF t FOR VALUES IN ('2026-06-01');\n",
        ),
        &[
            "schema/a.sql:3:14",
            "`public.t2` would have rows of `public.t1`",
            "schema/a.sql:4:14",
            "its bound begins where it ends",
            "schema/a.sql:5:14",
            "is partitioned by range, not by list",
        ],
    );
}

#[test]
fn references_to_nothing_name_the_nearest() {
    refused(
        &sql("CREATE TABLE users (id bigint PRIMARY KEY);\n\
             CREATE TABLE tasks (\n  id bigint PRIMARY KEY,\n  user_id bigint REFERENCES usres (id)\n);\n"),
        &["schema/a.sql:4:29", "REFERENCES usres (id)", "`users`"],
    );
    refused(
        &yaml(
            "tables:\n  users:\n    columns:\n      id: bigint primary key\n  tasks:\n    columns:\n\
             \x20     id: bigint primary key\n      user_id: { references: usres.id }\n",
        ),
        &["schema/a.yaml:8:", "references: usres.id", "users"],
    );
}

#[test]
fn columns_and_indexes_that_are_named_and_not_there() {
    refused(
        &sql("CREATE TABLE users (id bigint PRIMARY KEY, email text);\n\
             GRANT SELECT (emial) ON users TO reader;\n\
             ALTER TABLE users CLUSTER ON users_key;\n\
             ALTER TABLE users REPLICA IDENTITY USING INDEX users_email;\n\
             CREATE MATERIALIZED VIEW counted AS SELECT id FROM users;\n\
             ALTER MATERIALIZED VIEW counted CLUSTER ON counted_by;\n"),
        &[
            "schema/a.sql:2:1",
            "names column `emial`",
            "did you mean `email`?",
            "schema/a.sql:3:1",
            "is clustered on index `users_key`, which it does not have",
            "schema/a.sql:4:1",
            "has for its replica identity index `users_email`",
            "schema/a.sql:6:1",
            "is clustered on index `counted_by`",
        ],
    );
    refused(
        &yaml(
            "tables:\n  users:\n    columns:\n      id: bigint primary key\n    cluster_on: users_key\n",
        ),
        &["schema/a.yaml:2:", "index `users_key`"],
    );
}

#[test]
fn the_same_object_twice_shows_both_places() {
    let folder = sql("CREATE TABLE t (id bigint PRIMARY KEY);\n");
    folder.write(
        "schema/b.yaml",
        "tables:\n  t:\n    columns: { id: bigint }\n",
    );
    refused(&folder, &["schema/a.sql:1:", "schema/b.yaml:2:"]);
}

#[test]
fn a_cycle_shows_its_path() {
    refused(
        &sql(
            "CREATE VIEW a AS SELECT x FROM b;\nCREATE VIEW b AS SELECT x FROM c;\n\
             CREATE VIEW c AS SELECT x FROM a;\n",
        ),
        &["public.a", "public.b", "public.c", "schema/a.sql:"],
    );
}

fn nested(depth: usize) -> String {
    let (open, close) = ("(".repeat(depth), ")".repeat(depth));
    format!("CREATE TABLE t (id bigint PRIMARY KEY, a int CHECK ({open}a > 0{close}));\n")
}

#[test]
fn expressions_sixty_deep_are_read_and_ten_thousand_deep_are_refused() {
    sql(&nested(60)).run(&["build"]).expect(0);
    refused(&sql(&nested(10_000)), &["schema/a.sql:1:", "deep"]);
    let yaml_of = |depth: usize| {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        yaml(&format!(
            "tables:\n  t:\n    columns:\n      id: bigint primary key\n      a: int\n    checks:\n\
             \x20     - {{ name: c, expression: \"{open}a > 0{close}\" }}\n"
        ))
    };
    yaml_of(60).run(&["build"]).expect(0);
    refused(&yaml_of(10_000), &["schema/a.yaml:7:", "deep"]);
}

#[test]
fn yaml_ten_thousand_deep_is_refused() {
    let deep = format!("tables: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    refused(
        &yaml(&deep),
        &["error[parse/yaml-limit]", "schema/a.yaml:1:", "levels"],
    );
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..10 {
        let alias = format!("*a{}", n - 1);
        let aliases = vec![alias; 10].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    refused(
        &yaml(&bomb),
        &["error[parse/yaml-limit]", "schema/a.yaml:", "Aliases"],
    );
}

#[test]
fn bytes_that_are_not_utf8() {
    let folder = Folder::new();
    folder.write(
        "schema/a.sql",
        b"CREATE TABLE t (\n  name text -- caf\xe9\n);\n",
    );
    refused(
        &folder,
        &[
            "error[parse/encoding]: byte 0xE9 is not UTF-8",
            "--> schema/a.sql:2:19",
            "iconv",
        ],
    );
}

#[test]
fn an_empty_folder_a_missing_one_and_an_unreadable_file() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("schema")).unwrap();
    refused(
        &folder,
        &[
            "error[parse/empty-folder]",
            "schema holds no .sql",
            "schemagen init",
        ],
    );
    refused(
        &Folder::new(),
        &[
            "error[parse/unreadable]: cannot read schema",
            "schemagen init",
        ],
    );
    let folder = Folder::with(&[("schemagen.yaml", "sources: [schema, more]\n")]);
    folder.write("schema/a.sql", "");
    refused(&folder, &["cannot read more"]);
}

#[test]
fn an_empty_file_is_an_empty_schema() {
    let folder = sql("");
    folder.run(&["build"]).expect(0);
    assert!(folder.files().contains_key("generated/schema.sql"));
}

#[test]
fn a_file_that_is_too_large() {
    let folder = sql("");
    let file = std::fs::File::options();
    let file = file
        .clone()
        .write(true)
        .open(folder.path().join("schema/a.sql"))
        .unwrap();
    // A hole: it takes no place on the disk.
    file.set_len(65 * 1024 * 1024).unwrap();
    let run = folder.run(&["build"]).expect(2);
    assert!(
        run.stderr.contains("error[parse/too-large]"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("schema/a.sql has 65 MB"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_configuration_with_mistakes() {
    let folder = sql("CREATE TABLE t (id bigint PRIMARY KEY);\n");
    folder.write(
        "schemagen.yaml",
        "dialekt: postgres\noutputs:\n  sqll: {}\n",
    );
    refused(
        &folder,
        &[
            "--> schemagen.yaml:1:1",
            "did you mean `dialect`?",
            "--> schemagen.yaml:3:3",
            "did you mean `sql`?",
        ],
    );
    let run = folder.run(&["build", "--config", "other.yaml"]).expect(2);
    assert!(
        run.stderr.contains("cannot read other.yaml"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_output_folder_that_cannot_be_written() {
    let folder = sql("CREATE TABLE t (id bigint PRIMARY KEY);\n");
    folder.write("generated", "a file stands here");
    refused(
        &folder,
        &[
            "error: cannot ",
            "generated",
            "a file stands where a folder is needed",
        ],
    );
}

#[test]
fn a_file_of_somebody_else_in_the_way() {
    let folder = sql("CREATE TABLE t (id bigint PRIMARY KEY);\n");
    folder.write("generated/schema.sql", "mine");
    refused(
        &folder,
        &["generated/schema.sql is in the way", "nothing was written"],
    );
}

/// A table whose SQL takes more than any of the small disks below.
fn wide_table() -> String {
    let columns: Vec<String> = (0..4000).map(|n| format!("column_{n} text")).collect();
    format!("CREATE TABLE wide ({});\n", columns.join(", "))
}

/// Builds once, then lets the second build fail while it writes, and expects the first one's files.
fn failed_write(folder: &Folder, build: impl Fn() -> (i32, String), expected: &[&str]) {
    let mut before = folder.files();
    folder.write("schema/b.sql", wide_table());
    before.extend(Folder::with(&[("schema/b.sql", &wide_table())]).files());
    let (code, stderr) = build();
    assert_eq!(code, 2, "{stderr}");
    for text in expected {
        assert!(stderr.contains(text), "no {text:?} in:\n{stderr}");
    }
    assert!(
        folder.files() == before,
        "the old files must be intact, and no new one there"
    );
}

/// A limit on the size of files stops the writing half way, as a full disk does, and needs no
/// privilege.
#[test]
fn a_write_that_fails_half_way_leaves_the_old_files() {
    let folder = sql("CREATE TABLE t (id bigint PRIMARY KEY);\n");
    folder.run(&["build"]).expect(0);
    let build = || {
        let output = std::process::Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 32; exec \"$0\" build"])
            .arg(env!("CARGO_BIN_EXE_schemagen"))
            .current_dir(folder.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap_or(-1), stderr)
    };
    let expected = [
        "error: cannot write generated/",
        "the files that were there are intact",
    ];
    failed_write(&folder, build, &expected);
}

/// Fills a small file system in memory. Only root may mount one; the test above is the same one for
/// everybody else.
#[test]
fn a_full_disk_leaves_the_old_files() {
    let folder = sql("CREATE TABLE t (id bigint PRIMARY KEY);\n");
    let output = folder.path().join("generated");
    std::fs::create_dir(&output).unwrap();
    let Some(_mounted) = Mounted::tmpfs(&output) else {
        return;
    };
    folder.run(&["build"]).expect(0);
    // Nothing is left but room for some of the files.
    let room = output.join("room");
    std::fs::write(&room, vec![b'x'; 32 * 1024]).unwrap();
    fill(&output.join("filler"));
    std::fs::remove_file(&room).unwrap();
    let build = || {
        let run = folder.run(&["build"]);
        (run.code, run.stderr)
    };
    let expected = [
        "No space left on device",
        "the files that were there are intact",
    ];
    failed_write(&folder, build, &expected);
}

/// Writes a file until the disk is full.
fn fill(path: &Path) {
    let mut file = std::fs::File::create(path).unwrap();
    while file.write_all(&[b'x'; 4096]).is_ok() {}
}

/// A mounted file system, taken away with this value.
struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    fn tmpfs(folder: &'a Path) -> Option<Self> {
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(folder)
            .output();
        mount
            .is_ok_and(|o| o.status.success())
            .then_some(Self(folder))
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0).output();
    }
}
