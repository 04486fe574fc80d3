//! What the documents tell of the migrations, and what a change of the schema changes in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::program::Folder;

const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n";
const NOTES: &str = "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\n\
                     CREATE INDEX ON notes (user_id);\n";
const TAGS: &str = "CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL);\n";

fn project() -> Folder {
    let folder = Folder::with(&[
        ("schema/users.sql", USERS),
        ("schema/notes.sql", NOTES),
        ("schema/tags.sql", TAGS),
    ]);
    folder.run(&["build", "--version", "1"]).expect(0);
    folder
}

fn generated(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let mut files = folder.files();
    files.retain(|path, _| path.starts_with("generated/"));
    files
}

/// The files that two builds do not have in common.
fn differing(
    before: &BTreeMap<String, Vec<u8>>,
    after: &BTreeMap<String, Vec<u8>>,
) -> BTreeSet<String> {
    let all = before.keys().chain(after.keys());
    let differing = all.filter(|path| before.get(*path) != after.get(*path));
    differing.cloned().collect()
}

#[test]
fn a_build_knows_the_migration_that_it_writes() {
    let folder = project();
    let first = generated(&folder);
    folder.run(&["build", "--check"]).expect(0);
    folder.write(
        "schema/users.sql",
        USERS.replace("NOT NULL", "NOT NULL, name text"),
    );
    folder.run(&["build", "--version", "2"]).expect(0);
    let second = generated(&folder);
    assert_ne!(first, second);
    // Nothing is stale: the documents of the build that wrote the migration told of it.
    folder.run(&["build", "--check"]).expect(0);
    folder.run(&["build"]).expect(0);
    assert_eq!(generated(&folder), second);
    let rendered = folder.run(&["render", "markdown"]).expect(0).stdout;
    assert!(rendered.contains(&folder.read("generated/docs/history.md")));
}

#[test]
fn pages_say_when_tables_and_columns_came() {
    let folder = project();
    folder.write(
        "schema/users.sql",
        USERS.replace("NOT NULL", "NOT NULL, name text"),
    );
    folder.run(&["build", "--version", "2"]).expect(0);
    folder.write("schema/tags.sql", "");
    let allowed = ["build", "--version", "3", "--allow", "deletes-data"];
    folder.run(&allowed).expect(0);
    let history = folder.read("generated/docs/history.md");
    let rows: Vec<&str> = history.lines().filter(|l| l.starts_with("| <a")).collect();
    assert_eq!(rows.len(), 3, "{history}");
    assert!(rows[0].contains("| dropped: tags | deletes-data: table public.tags is dropped"));
    assert!(
        rows[1].contains("](../migrations/2_add_users_name.up.sql)"),
        "{}",
        rows[1]
    );
    assert!(rows[1].contains("| Add users name | changed: [users](tables/public.users.md) |  |"));
    assert!(rows[2].contains("| The whole schema, for an empty database |"));
    assert!(rows[2].contains("new: [notes](tables/public.notes.md), tags, [users]"));
    let users = folder.read("generated/docs/tables/public.users.md");
    let since =
        "introduced in [1_initial](../history.md#m-1_initial), last changed in [2_add_users_name]";
    assert!(users.contains(since), "{users}");
    assert!(users.contains("| `name` | [2_add_users_name]"), "{users}");
    assert!(!users.contains("| `email` | ["), "{users}");
    let page = folder.read("generated/schema.html");
    let since = "<p class=facts>introduced in <a href=\"#m=1_initial\">1_initial</a>, \
                 last changed in <a href=\"#m=2_add_users_name\">2_add_users_name</a>";
    assert_eq!(page.matches(since).count(), 1, "{page}");
    assert!(page.contains("<tr><th>name<td><a href=\"#m=2_add_users_name\">"));
    assert!(page.contains("<tr id=\"m=3_drop_tags\"><th>3_drop_tags<td>"));
    let notes = folder.read("generated/docs/tables/public.notes.md");
    assert!(notes.contains("introduced in [1_initial]") && !notes.contains("last changed"));
}

#[test]
fn a_new_column_changes_the_files_that_show_it_and_no_other() {
    let folder = project();
    let before = generated(&folder);
    folder.write(
        "schema/tags.sql",
        TAGS.replace("NOT NULL", "NOT NULL, colour text"),
    );
    folder.run(&["build", "--version", "2"]).expect(0);
    let after = generated(&folder);
    let expected = [
        ".schemagen-manifest",
        "docs/README.md",
        "docs/history.md",
        "docs/tables/public.tags.md",
        "erd.mmd",
        "erd.svg",
        "migrations/2_add_tags_colour.down.sql",
        "migrations/2_add_tags_colour.up.sql",
        "models/tags.rs",
        "schema.html",
        "schema.sql",
    ];
    let expected = expected.map(|path| format!("generated/{path}"));
    assert_eq!(differing(&before, &after), BTreeSet::from(expected));
}

#[test]
fn migrations_that_people_wrote_are_told_by_what_they_say() {
    let folder = Folder::with(&[
        ("schema/users.sql", USERS),
        (
            "generated/migrations/1_a.up.sql",
            "-- People who sign in.\nCREATE TABLE users (id bigint PRIMARY KEY);\n",
        ),
        (
            "generated/migrations/2_add_email.up.sql",
            "ALTER TABLE users ADD COLUMN old text;\nALTER TABLE users ADD COLUMN email text NOT NULL;\n",
        ),
        (
            "generated/migrations/3_drop_old.up.sql",
            "ALTER TABLE users DROP COLUMN old;\n",
        ),
    ]);
    folder.run(&["build"]).expect(0);
    let history = folder.read("generated/docs/history.md");
    for words in [
        "| People who sign in |",
        "| Add email |",
        "| Drop old |",
        "column public.users.old is dropped",
    ] {
        assert!(history.contains(words), "{words}\n{history}");
    }
}
