//! Renames go by annotations; what only mentions a renamed thing has no change.

use schemagen::dialect::Dialect;

use crate::diff::{told, told_of};

#[test]
fn dependents_and_made_names_follow_a_renamed_table() {
    let before = "
        CREATE TABLE todos (id serial PRIMARY KEY, title text UNIQUE, parent int REFERENCES todos,
            n int GENERATED ALWAYS AS IDENTITY, CHECK (id > 0));
        CREATE INDEX ON todos (parent);
        CREATE TABLE notes (todo int REFERENCES todos (id));
        CREATE VIEW open AS SELECT todos.id FROM todos WHERE todos.title IS NOT NULL;
        CREATE FUNCTION f(t todos) RETURNS SETOF todos LANGUAGE sql BEGIN ATOMIC SELECT * FROM todos; END;";
    let after = "
        -- schemagen:renamed-from todos
        CREATE TABLE tasks (id serial PRIMARY KEY, title text UNIQUE, parent int REFERENCES tasks,
            n int GENERATED ALWAYS AS IDENTITY, CHECK (id > 0));
        CREATE INDEX ON tasks (parent);
        CREATE TABLE notes (todo int REFERENCES tasks (id));
        CREATE VIEW open AS SELECT tasks.id FROM tasks WHERE tasks.title IS NOT NULL;
        CREATE FUNCTION f(t tasks) RETURNS SETOF tasks LANGUAGE sql BEGIN ATOMIC SELECT * FROM tasks; END;";
    let because = "because of table public.tasks";
    assert_eq!(
        told(before, after),
        [
            format!("> sequence public.todos_id_seq to sequence public.tasks_id_seq {because}"),
            "> table public.todos to table public.tasks".to_owned(),
            format!("> index public.todos_parent_idx to index public.tasks_parent_idx {because}"),
            format!(
                "> constraint public.todos.todos_id_check to constraint public.tasks.tasks_id_check {because}"
            ),
            format!(
                "> constraint public.todos.todos_parent_fkey to constraint public.tasks.tasks_parent_fkey {because}"
            ),
            format!(
                "> constraint public.todos.todos_pkey to constraint public.tasks.tasks_pkey {because}"
            ),
            format!(
                "> constraint public.todos.todos_title_key to constraint public.tasks.tasks_title_key {because}"
            ),
            "~ column public.tasks.n: identity sequence public.todos_n_seq -> none".to_owned(),
        ]
    );
}

#[test]
fn columns_are_followed_by_what_is_made_of_them() {
    let before = "
        CREATE TABLE users (id int PRIMARY KEY, mail text UNIQUE CHECK (mail <> ''), up text GENERATED ALWAYS AS (upper(mail)) STORED);
        CREATE INDEX low ON users (lower(mail)) WHERE mail IS NOT NULL;
        CREATE TABLE logins (mail text REFERENCES users (mail));
        GRANT SELECT (mail) ON users TO PUBLIC;
        CREATE POLICY own ON users USING (mail = current_user);";
    let after = "
        CREATE TABLE users (id int PRIMARY KEY,
            email varchar(100) UNIQUE CHECK (email <> ''), -- schemagen:renamed-from mail
            up text GENERATED ALWAYS AS (upper(email)) STORED);
        CREATE INDEX low ON users (lower(email)) WHERE email IS NOT NULL;
        CREATE TABLE logins (mail text REFERENCES users (email));
        GRANT SELECT (email) ON users TO PUBLIC;
        CREATE POLICY own ON users USING (email = current_user);";
    let because = "because of column public.users.email";
    assert_eq!(
        told(before, after),
        [
            "> column public.users.mail to column public.users.email".to_owned(),
            format!(
                "> constraint public.users.users_mail_check to constraint public.users.users_email_check {because}"
            ),
            format!(
                "> constraint public.users.users_mail_key to constraint public.users.users_email_key {because}"
            ),
            "~ column public.users.email: type text -> varchar(100)".to_owned(),
        ]
    );
}

#[test]
fn every_kind_can_be_renamed() {
    let cases = [
        (
            "CREATE SCHEMA a; CREATE TABLE a.t (x int); CREATE VIEW v AS SELECT x FROM a.t",
            "CREATE SCHEMA b; CREATE TABLE b.t (x int); CREATE VIEW v AS SELECT x FROM b.t",
            "CREATE SCHEMA b",
        ),
        (
            "CREATE TYPE a AS ENUM ('x'); CREATE TABLE t (c a DEFAULT 'x'::a)",
            "CREATE TYPE b AS ENUM ('x'); CREATE TABLE t (c b DEFAULT 'x'::b)",
            "CREATE TYPE b",
        ),
        (
            "CREATE DOMAIN a AS int; CREATE FUNCTION f(x a) RETURNS a LANGUAGE sql AS 'SELECT 1'",
            "CREATE DOMAIN b AS int; CREATE FUNCTION f(x b) RETURNS b LANGUAGE sql AS 'SELECT 1'",
            "CREATE DOMAIN b",
        ),
        (
            "CREATE TYPE a AS (x int); CREATE TABLE t (c a[])",
            "CREATE TYPE b AS (x int); CREATE TABLE t (c b[])",
            "CREATE TYPE b",
        ),
        (
            "CREATE SEQUENCE a; CREATE TABLE t (c int DEFAULT nextval('a'))",
            "CREATE SEQUENCE b; CREATE TABLE t (c int DEFAULT nextval('b'))",
            "CREATE SEQUENCE b",
        ),
        (
            "CREATE VIEW a AS SELECT 1 AS x; CREATE VIEW w AS SELECT x FROM a",
            "CREATE VIEW b AS SELECT 1 AS x; CREATE VIEW w AS SELECT x FROM b",
            "CREATE VIEW b",
        ),
        (
            "CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (c int DEFAULT a())",
            "CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (c int DEFAULT b())",
            "CREATE FUNCTION b",
        ),
        (
            "CREATE TABLE t (c int); CREATE INDEX a ON t (c)",
            "CREATE TABLE t (c int); CREATE INDEX b ON t (c)",
            "CREATE INDEX b",
        ),
        (
            "CREATE TABLE t (c int); CREATE POLICY a ON t USING (c > 0)",
            "CREATE TABLE t (c int); CREATE POLICY b ON t USING (c > 0)",
            "CREATE POLICY b",
        ),
    ];
    for (before, after, at) in cases {
        let after = after.replacen(at, &format!("\n-- schemagen:renamed-from a\n{at}"), 1);
        let told = told(before, &after);
        assert_eq!(told.len(), 1, "{after}: {told:#?}");
        assert!(told[0].starts_with('>'), "{after}: {told:#?}");
    }
}

#[test]
fn an_annotation_that_is_done_says_nothing() {
    let before = "CREATE TABLE tasks (id int); CREATE TABLE old (a int);";
    let done =
        "-- schemagen:renamed-from todos\nCREATE TABLE tasks (id int); CREATE TABLE old (a int);";
    assert_eq!(told(before, done), [""; 0]);
    // The old name is in use again, so it is not what became of the new one.
    let reused =
        "-- schemagen:renamed-from old\nCREATE TABLE tasks (id int); CREATE TABLE old (a int);";
    assert_eq!(told(before, reused), [""; 0]);
    assert_eq!(
        told("CREATE TABLE old (a int)", reused),
        ["+ table public.tasks"]
    );
}

#[test]
fn a_swap_of_names_may_be_done_already_and_says_nothing() {
    let before = "CREATE TABLE a (x int); CREATE TABLE b (y text);";
    let after = "-- schemagen:renamed-from b\nCREATE TABLE a (y text);\n-- schemagen:renamed-from a\nCREATE TABLE b (x int);";
    assert_eq!(
        told(before, after),
        [
            "- column public.a.x",
            "+ column public.a.y",
            "- column public.b.y",
            "+ column public.b.x",
        ]
    );
}

#[test]
fn what_looks_like_a_rename_is_asked() {
    let table = |columns: &str| format!("CREATE TABLE t (id int, {columns}, z int)");
    let asked = |before: &str, after: &str| -> Vec<String> {
        let told = told(before, after).into_iter();
        told.filter(|line| line.starts_with('?')).collect()
    };
    assert_eq!(
        asked(&table("mail text"), &table("email text")),
        ["? column public.t.mail to column public.t.email"]
    );
    assert_eq!(
        asked(&table("name text"), &table("title text")),
        ["? column public.t.name to column public.t.title"]
    );
    assert_eq!(asked(&table("mail text"), &table("email int")), [""; 0]);
    let replaced = table("\n-- schemagen:replaces mail\nemail text");
    assert_eq!(asked(&table("mail text"), &replaced), [""; 0]);
    assert_eq!(
        asked(
            "CREATE TABLE todos (id int, t text)",
            "CREATE TABLE tasks (id int, t text)"
        ),
        ["? table public.todos to table public.tasks"]
    );
    assert_eq!(
        asked(
            "CREATE TYPE m AS ENUM ('a', 'b')",
            "CREATE TYPE m AS ENUM ('a', 'c')"
        ),
        ["? enum public.m.b to enum public.m.c"]
    );
}

#[test]
fn sqlite_follows_too() {
    let before = "CREATE TABLE a (x INTEGER PRIMARY KEY, y TEXT CHECK (y <> '')); CREATE INDEX i ON a (y); CREATE VIEW v AS SELECT a.x FROM a;";
    let after = "-- schemagen:renamed-from a\nCREATE TABLE b (x INTEGER PRIMARY KEY,\n z TEXT CHECK (z <> '') -- schemagen:renamed-from y\n); CREATE INDEX i ON b (z); CREATE VIEW v AS SELECT b.x FROM b;";
    assert_eq!(
        told_of(Dialect::Sqlite, before, after),
        ["> table a to table b", "> column a.y to column b.z"]
    );
}
