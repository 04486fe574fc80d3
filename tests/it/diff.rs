//! What differs between two schemas is told, thing by thing, and nothing else.

use schemagen::dialect::Dialect;
use schemagen::diff::{Options, compare};
use schemagen::model::{Change, ChangeKind, Pair, Value};

use crate::support::catalogs::Sources;
use crate::support::program::Folder;

/// The changes between two schemas, a line each difference.
pub(crate) fn told(before: &str, after: &str) -> Vec<String> {
    told_of(Dialect::Postgres, before, after)
}

pub(crate) fn told_of(dialect: Dialect, before: &str, after: &str) -> Vec<String> {
    let load = |text: &str| {
        let sources = Sources::of_sql(text);
        let loaded = sources.load(dialect);
        assert_eq!(sources.errors(&loaded), [""; 0], "{text}");
        loaded
    };
    let (before, after) = (load(before), load(after));
    let pair = Pair::new(&before.catalog, &after.catalog);
    let comparison = compare(pair, &Options::new(dialect));
    let mut told: Vec<String> = comparison.changes.iter().flat_map(lines).collect();
    let questions = comparison.questions.iter();
    told.extend(questions.map(|q| format!("? {} to {}", q.dropped, q.created)));
    told
}

pub(crate) fn lines(change: &Change) -> Vec<String> {
    let id = &change.id;
    match &change.kind {
        ChangeKind::Create => vec![format!("+ {id}")],
        ChangeKind::Drop => vec![format!("- {id}")],
        ChangeKind::Rename { because } => {
            let was = change.was.as_ref().expect("a renamed thing had a name");
            let because = because.as_ref().map(|b| format!(" because of {b}"));
            vec![format!("> {was} to {id}{}", because.unwrap_or_default())]
        }
        ChangeKind::Alter(differences) => differences
            .iter()
            .map(|d| {
                let (before, after) = (value(&d.before), value(&d.after));
                format!("~ {id}: {} {before} -> {after}", d.property)
            })
            .collect(),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Absent => "none".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::List(list) => {
            let list: Vec<String> = list.iter().map(self::value).collect();
            format!("[{}]", list.join(", "))
        }
        Value::Hidden => "hidden".to_owned(),
    }
}

#[test]
fn parts_of_a_table_are_things_of_their_own() {
    let before = "
        CREATE TABLE users (id bigint PRIMARY KEY, email text, age integer, old text,
            CONSTRAINT adult CHECK (age > 17));
        CREATE INDEX users_age_idx ON users (age);";
    let after = "
        CREATE TABLE users (email varchar(255) NOT NULL DEFAULT '', id bigint PRIMARY KEY, age integer,
            born date, CONSTRAINT adult CHECK (age >= 18), CONSTRAINT users_email_key UNIQUE (email));
        CREATE UNIQUE INDEX users_age_idx ON users (age DESC) WHERE age > 0;";
    assert_eq!(
        told(before, after),
        [
            "- column public.users.old",
            "~ column public.users.email: type text -> varchar(255)",
            "~ column public.users.email: not null false -> true",
            "~ column public.users.email: default none -> ''",
            "+ column public.users.born",
            "~ constraint public.users.adult: expression age > 17 -> age >= 18",
            "+ constraint public.users.users_email_key",
            "~ index public.users_age_idx: elements [age] -> [age desc]",
            "~ index public.users_age_idx: unique false -> true",
            "~ index public.users_age_idx: predicate none -> age > 0",
        ]
    );
}

#[test]
fn what_comes_or_goes_whole_is_one_change() {
    let table = "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE); CREATE INDEX i ON t (b);";
    assert_eq!(told("", table), ["+ table public.t"]);
    assert_eq!(told(table, ""), ["- table public.t"]);
    assert_eq!(
        told("CREATE VIEW v AS SELECT 1 AS a", "CREATE TABLE v (a int)"),
        ["+ table public.v", "- view public.v"]
    );
}

#[test]
fn neither_spelling_nor_order_is_a_change() {
    let before = "CREATE TABLE t (a int4 DEFAULT (1), b varchar(3)); CREATE INDEX ON t (a); CREATE INDEX ON t (b);";
    let after = "create table \"t\" (b character varying(3), a integer default 1);\
                 create index t_b_idx on public.t using btree (b asc); create index on t (a);";
    assert_eq!(told(before, after), [""; 0]);
}

#[test]
fn each_privilege_is_a_difference() {
    let table = "CREATE ROLE r; CREATE TABLE t (a int);";
    let before = format!("{table} GRANT SELECT, INSERT ON t TO r; COMMENT ON TABLE t IS 'old';");
    let after = format!(
        "{table} GRANT SELECT ON t TO r WITH GRANT OPTION; GRANT UPDATE (a) ON t TO PUBLIC; ALTER TABLE t OWNER TO r;"
    );
    assert_eq!(
        told(&before, &after),
        [
            "~ table public.t: UPDATE (a) to PUBLIC none -> granted",
            "~ table public.t: INSERT to r granted -> none",
            "~ table public.t: SELECT to r granted -> granted with grant option",
            "~ table public.t: owner none -> r",
            "~ table public.t: comment old -> none",
        ]
    );
}

#[test]
fn constraints_without_names_go_by_what_they_are_about() {
    let before = "CREATE TABLE t (a INTEGER PRIMARY KEY, b INT REFERENCES t (a), CHECK (b > 0), CHECK (a > 0));";
    let after = "CREATE TABLE t (a INTEGER PRIMARY KEY, b INT REFERENCES t (a) ON DELETE CASCADE, CHECK (a > 0), UNIQUE (b));";
    assert_eq!(
        told_of(Dialect::Sqlite, before, after),
        [
            "+ constraint t.(unique b)",
            "~ constraint t.(foreign key b): on delete no action -> cascade",
            "- constraint t.(check b > 0)",
        ]
    );
}

#[test]
fn what_is_inherited_changes_with_its_parent() {
    let text = |columns: &str| {
        format!(
            "CREATE TABLE p ({columns}) PARTITION BY RANGE (a); \
             CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);"
        )
    };
    assert_eq!(
        told(
            &text("a int, b int, c int"),
            &text("a int, b bigint NOT NULL, d text")
        ),
        [
            "- column public.p.c",
            "~ column public.p.b: type integer -> bigint",
            "~ column public.p.b: not null false -> true",
            "+ column public.p.d",
        ]
    );
}

#[test]
fn the_program_tells_differences_and_ends_with_them_where_asked() {
    let folder = Folder::with(&[
        ("old.sql", "CREATE TABLE t (a int, b int);"),
        (
            "new.yaml",
            "tables:\n  t:\n    columns:\n      a: bigint not null\n",
        ),
    ]);
    let run = folder.run(&["diff", "old.sql", "new.yaml"]).expect(0);
    assert_eq!(
        run.stdout,
        "schema public\n  ~ table t\n      - column b\n      \
         ~ column a: type integer -> bigint, not null added\n"
    );
    assert_eq!(run.stderr, "1 dropped, 1 altered\n");
    folder
        .run(&["diff", "old.sql", "new.yaml", "--exit-code"])
        .expect(1);
    let same = folder
        .run(&["diff", "old.sql", "old.sql", "--exit-code"])
        .expect(0);
    assert_eq!(
        (same.stdout.as_str(), same.stderr.as_str()),
        ("", "no differences\n")
    );
    let json = folder
        .run(&["diff", "old.sql", "new.yaml", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(json["summary"]["altered"], 1);
    assert_eq!(json["changes"][1]["differences"][0]["property"], "type");
    folder.run(&["diff", "old.sql", "none.sql"]).expect(2);
}

/// Files that fill a schema which the configuration leaves to others are not compared there, and are told why.
#[test]
fn what_is_left_to_others_is_said_with_the_place_that_says_so() {
    let folder = Folder::with(&[
        (
            "schemagen.yaml",
            "dialect: postgres\nexternal_schemas: [auth]\n",
        ),
        (
            "old.sql",
            "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id int);\n",
        ),
        (
            "new.sql",
            "CREATE SCHEMA auth;\nCREATE TABLE auth.users (id int, name text);\nCREATE TABLE t (a int);\n",
        ),
    ]);
    for format in ["sql", "text"] {
        let run = folder
            .run(&["diff", "old.sql", "new.sql", "--format", format])
            .expect(0);
        assert!(!run.stdout.contains("users"), "{}", run.stdout);
        let told = "objects of others (external_schemas in schemagen.yaml: auth)";
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

/// From version 14 on the server prints `AT TIME ZONE` as it was written, before that as a call.
#[test]
fn at_time_zone_is_the_call_that_it_stands_for() {
    let schema = |zoned: &dyn Fn(&str, &str) -> String| {
        let moment = zoned("utc", "c");
        format!(
            "CREATE TABLE t (c timestamptz, ts timestamp DEFAULT {now},\n\
             g timestamp GENERATED ALWAYS AS ({moment}) STORED, CHECK ({moment} > '2020-01-01'));\n\
             CREATE INDEX i ON t (({moment})) WHERE {moment} > '2020-01-01';\n\
             CREATE VIEW v AS SELECT {moment} AS x FROM t WHERE {both} IS NOT NULL;\n\
             CREATE POLICY p ON t USING ({moment} > ts);\n\
             CREATE DOMAIN d AS timestamptz CHECK ({value} > '2020-01-01');\n\
             CREATE STATISTICS s ON ({moment}), ts FROM t;",
            now = zoned("utc", "now()"),
            both = zoned("cet", &zoned("utc", "c")),
            value = zoned("utc", "VALUE"),
        )
    };
    let call = schema(&|zone, of| format!("timezone('{zone}', {of})"));
    let words = schema(&|zone, of| format!("({of} AT TIME ZONE '{zone}')"));
    let cast = schema(&|zone, of| format!("pg_catalog.timezone('{zone}'::text, {of})"));
    for (before, after) in [(&call, &words), (&words, &call), (&cast, &words)] {
        assert_eq!(told(before, after), [""; 0]);
    }
}
