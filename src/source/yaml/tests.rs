//! Whole files: what they declare, and what is wrong with them.

use super::read;
use crate::diagnostic::{Diagnostic, FileId};
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{Column, Index, Object, Policy, Routine, Table, Trigger};
use crate::source::{Declarations, Part, SourceFile, SourceKind, Statement};

fn file(n: u32, text: &str) -> SourceFile {
    SourceFile {
        id: FileId(n),
        path: format!("{n}.yaml"),
        kind: SourceKind::Yaml,
        text: text.into(),
        external: false,
    }
}

fn read_as(text: &str, dialect: Dialect) -> Declarations {
    let file = file(0, text);
    read(&[&file], TargetVersion::default_of(dialect))
}

/// A file without a mistake.
fn good(text: &str) -> Declarations {
    let read = read_as(text, Dialect::Postgres);
    assert_eq!(read.diagnostics, []);
    read
}

/// The text at the position of each error, with its headline and help.
fn bad(text: &str) -> Vec<(String, String, String)> {
    bad_as(text, Dialect::Postgres)
}

fn bad_as(text: &str, dialect: Dialect) -> Vec<(String, String, String)> {
    let read = read_as(text, dialect);
    let at = |d: &Diagnostic| {
        let span = d.primary.as_ref().expect("every error has a place").span;
        text[span.start as usize..span.end as usize].to_owned()
    };
    read.diagnostics
        .iter()
        .map(|d| {
            (
                at(d),
                d.headline.clone(),
                d.help.clone().unwrap_or_default(),
            )
        })
        .collect()
}

/// The only error of a file.
fn one(text: &str) -> (String, String, String) {
    let mut all = bad(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn objects(read: &Declarations) -> impl Iterator<Item = &Object> {
    read.declarations.iter().filter_map(|d| match &d.statement {
        Statement::Create { object, .. } => Some(object),
        _ => None,
    })
}

fn tables(read: &Declarations) -> Vec<&Table> {
    objects(read)
        .filter_map(|o| match o {
            Object::Table(table) => Some(&**table),
            _ => None,
        })
        .collect()
}

fn indexes(read: &Declarations) -> Vec<&Index> {
    objects(read)
        .filter_map(|o| match o {
            Object::Index(_, index) => Some(&**index),
            _ => None,
        })
        .collect()
}

fn index_names(read: &Declarations) -> Vec<&str> {
    indexes(read).iter().map(|i| i.name.as_str()).collect()
}

fn triggers(read: &Declarations) -> Vec<&Trigger> {
    objects(read)
        .filter_map(|o| match o {
            Object::Trigger(_, trigger) => Some(&**trigger),
            _ => None,
        })
        .collect()
}

fn policies(read: &Declarations) -> Vec<&Policy> {
    objects(read)
        .filter_map(|o| match o {
            Object::Policy(_, policy) => Some(&**policy),
            _ => None,
        })
        .collect()
}

fn routines(read: &Declarations) -> Vec<&Routine> {
    objects(read)
        .filter_map(|o| match o {
            Object::Routine(routine) => Some(&**routine),
            _ => None,
        })
        .collect()
}

fn column<'a>(read: &'a Declarations, name: &str) -> &'a Column {
    tables(read)
        .into_iter()
        .find_map(|t| t.column(name))
        .expect("the column is there")
}

fn print_type(column: &Column) -> String {
    Dialect::Postgres.print_type(&column.data_type)
}

#[test]
fn short_and_long_columns_are_the_same() {
    let short = good(
        "tables: { t: { columns: { a: \"varchar(9) not null default 'x' check (a <> '')\" } } }",
    );
    let long = good(
        "tables: { t: { columns: { a: { type: varchar(9), nullable: false, default: \"'x'\", check: a <> '' } } } }",
    );
    assert_eq!(tables(&short), tables(&long));
    assert_eq!(print_type(column(&short, "a")), "character varying(9)");
}

#[test]
fn bare_values_are_sql_literals() {
    let read = good(
        "tables: { t: { columns: { a: { type: int, default: 3 }, b: { type: boolean, default: false } } } }",
    );
    let text = |name| {
        column(&read, name)
            .default
            .as_ref()
            .map(|d| d.text().to_owned())
    };
    assert_eq!(text("a").as_deref(), Some("3"));
    assert_eq!(text("b").as_deref(), Some("false"));
}

#[test]
fn a_default_that_is_a_name_is_told_with_the_fix() {
    let (at, _, help) = one("tables: { t: { columns: { role: { type: text, default: user } } } }");
    assert_eq!(at, "user");
    assert!(help.contains("\"'user'\""), "{help}");
    assert!(
        one("tables: { t: { columns: { a: { type: text, default: 'in progress' } } } }")
            .2
            .contains("'in progress'")
    );
    good("tables: { t: { columns: { a: { type: text, default: current_user } } } }");
}

#[test]
fn sql_errors_point_into_the_yaml() {
    let (at, ..) = one("tables:\n  t:\n    columns:\n      id: bigint primry key\n");
    assert_eq!(at, "primry");
    let (at, ..) = one("tables:\n  t:\n    columns:\n      a: { type: int, check: \"a > (1\" }\n");
    assert_eq!(at, "(");
    let (at, ..) = one("tables:\n  t:\n    columns:\n      a: >\n        text\n        not nul\n");
    assert_eq!(at, "not");
}

#[test]
fn references_take_the_type_and_make_an_index() {
    let read = good(
        "tables:\n  users: { columns: { id: bigserial primary key, code: { type: varchar(9), unique: true } } }\n  \
         tasks: { columns: { id: uuid primary key, user_id: { references: users.id, on_delete: cascade }, code: { references: users.code, index: false } } }\n",
    );
    assert_eq!(print_type(column(&read, "user_id")), "bigint");
    let tasks = tables(&read)[1];
    assert_eq!(
        print_type(tasks.column("code").expect("code")),
        "character varying(9)"
    );
    assert_eq!(index_names(&read), ["tasks_user_id_idx"]);
    let keys: Vec<_> = tasks.foreign_keys().collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0].1.on_delete.as_sql(), "CASCADE");
}

#[test]
fn types_are_taken_through_chains_mixins_and_files() {
    let a = file(
        0,
        "mixins: { keyed: { columns: { id: uuid primary key } } }\ntables: { a: { include: keyed } }",
    );
    let b = file(
        1,
        "tables: { b: { columns: { id: { references: a.id, primary_key: true } } }, c: { columns: { id: { references: b } } } }",
    );
    let read = read(&[&a, &b], TargetVersion::default_of(Dialect::Postgres));
    assert_eq!(read.diagnostics, []);
    let all = tables(&read);
    assert_eq!(print_type(&all[2].columns[0]), "uuid");
    // b.id leads a primary key, c.id leads nothing.
    assert_eq!(index_names(&read), ["c_id_idx"]);
}

#[test]
fn a_target_outside_of_yaml_leaves_the_type_open() {
    let read = good(
        "schemas: { auth: { external: true } }\ntables: { t: { columns: { id: { references: auth.users.id, primary_key: true } } } }",
    );
    assert!(column(&read, "id").data_type.name.name.is_empty());
}

#[test]
fn references_to_nothing_are_told() {
    let (at, _, help) = one(
        "tables: { a: { columns: { id: int } }, b: { columns: { a_id: { references: a.idd } } } }",
    );
    assert_eq!((&*at, &*help), ("a.idd", "did you mean `a.id`?"));
    let (_, headline, help) = one(
        "schemas: { auth: { external: true } }\ntables: { b: { columns: { u: { references: auth.users } } } }",
    );
    assert!(headline.contains("no column"), "{headline}");
    assert!(help.contains("auth.users.id"), "{help}");
}

#[test]
fn mixins_come_behind_and_are_overridden() {
    let read = good(
        "mixins:\n  stamps: { columns: { created_at: timestamptz, updated_at: timestamptz } }\n  \
         all: { include: [stamps], columns: { note: text } }\n\
         tables: { t: { include: [all], columns: { id: int, updated_at: date } } }",
    );
    let names: Vec<_> = tables(&read)[0]
        .columns
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(names, ["id", "updated_at", "note", "created_at"]);
    assert_eq!(print_type(column(&read, "updated_at")), "date");
}

#[test]
fn a_mistake_in_a_mixin_is_told_once() {
    let text = "mixins: { m: { columns: { a: nothing ( } } }\ntables: { t: { include: m }, u: { include: m } }";
    assert_eq!(bad(text).len(), 1);
    assert_eq!(
        bad("mixins: { m: { columns: { a: int nul } } }").len(),
        1,
        "an unused mixin"
    );
    let (_, _, help) = one("mixins: { stamps: {} }\ntables: { t: { include: [stmaps] } }");
    assert_eq!(help, "did you mean `stamps`?");
}

#[test]
fn mixins_in_a_circle_end() {
    let read = good(
        "mixins: { a: { include: b, columns: { x: int } }, b: { include: a, columns: { y: int } } }\ntables: { t: { include: [a] } }",
    );
    assert_eq!(tables(&read)[0].columns.len(), 2);
}

#[test]
fn updates_set_columns_by_one_function() {
    let read = good(
        "mixins: { m: { columns: { updated_at: { type: timestamptz, on_update: now() } } } }\n\
         tables: { a: { include: m }, b: { include: m } }",
    );
    let functions = routines(&read);
    assert_eq!(functions.len(), 1);
    assert_eq!(functions[0].name.name, "set_updated_at");
    let names: Vec<_> = triggers(&read).iter().map(|t| t.name.to_string()).collect();
    assert_eq!(names, ["a_set_updated_at", "b_set_updated_at"]);
    let (at, ..) = one(
        "tables: { a: { columns: { u: { type: date, on_update: now() } } }, b: { columns: { u: { type: date, on_update: clock_timestamp() } } } }",
    );
    assert_eq!(at, "clock_timestamp()");
}

#[test]
fn sqlite_sets_columns_by_a_second_update() {
    let read = read_as(
        "tables: { a: { columns: { id: integer primary key, u: { type: text, on_update: current_timestamp } } } }",
        Dialect::Sqlite,
    );
    assert_eq!(read.diagnostics, []);
    let body = triggers(&read)[0]
        .body
        .as_ref()
        .expect("a body")
        .text()
        .to_owned();
    assert!(
        body.contains("UPDATE a SET u = current_timestamp WHERE rowid = NEW.rowid;"),
        "{body}"
    );
    let told = bad_as(
        "tables: { a: { columns: { u: { type: text, on_update: now() } } } }",
        Dialect::Sqlite,
    );
    assert_eq!(told[0].1, "SQLite has no now()");
}

#[test]
fn audit_makes_a_history_without_secrets() {
    let read = good(
        "tables:\n  users:\n    audit: { actor: auth.uid() }\n    row_security: true\n    columns:\n      id: uuid primary key\n      \
         hashed_pwd: { type: text, hashed: true }\n",
    );
    let all = tables(&read);
    assert_eq!(all[1].name.name, "users_audit");
    assert!(all[1].row_security);
    let crate::model::RoutineBody::Source(body) = &routines(&read)[0].body else {
        panic!("the body is a text");
    };
    assert!(body.contains("INSERT INTO public.users_audit"), "{body}");
    assert!(
        body.contains("to_jsonb(OLD) - ARRAY['hashed_pwd']"),
        "{body}"
    );
    assert!(body.contains("(auth.uid())::text"), "{body}");
    assert_eq!(triggers(&read)[0].name, "users_audit");
}

#[test]
fn shapes_are_documented_and_checked() {
    let read = good(
        "tables: { t: { columns: { m: { type: jsonb, shape: { type: object, required: [a], properties: { a: { type: integer }, b: { type: [string, 'null'] } } } } } } }",
    );
    let check = tables(&read)[0].constraints[0]
        .as_check()
        .expect("a check")
        .text();
    assert_eq!(
        check,
        "jsonb_typeof(m) = 'object' AND m ?& ARRAY['a'] AND jsonb_typeof(m -> 'a') = 'number' \
         AND jsonb_typeof(m -> 'b') IN ('string', 'null')"
    );
    let notes = &read.declarations[0].notes;
    assert!(
        notes
            .iter()
            .any(|(p, n)| *p == Part::Column("m".into()) && n.shape.is_some())
    );
    assert_eq!(
        one("tables: { t: { columns: { m: { type: text, shape: { type: object } } } } }").0,
        "{ type: object }"
    );
    assert_eq!(
        one("tables: { t: { columns: { m: { type: jsonb, shape: { type: objct } } } } }").2,
        "did you mean `object`?"
    );
}

#[test]
fn indexes_have_all_their_forms_and_names() {
    let read = good(
        "tables:\n  t:\n    columns: { id: int primary key, a: int, b: text, dueDate: date }\n    indexes:\n      - a\n      - [a, b]\n      \
         - { columns: [a desc nulls last, lower(b)], where: a is not null, reason: the job }\n      - { columns: [dueDate], using: brin }\n      \
         - { expressions: a + 1, name: mine, unique: true }\n      - { columns: [a], using: hash }\n      - { columns: [{ column: b, opclass: text_pattern_ops }] }\n",
    );
    assert_eq!(
        index_names(&read),
        [
            "t_a_idx",
            "t_a_b_idx",
            "t_a_lower_idx",
            "t_dueDate_idx",
            "mine",
            "t_a_idx1",
            "t_b_idx"
        ]
    );
    let third = indexes(&read)[2];
    assert_eq!(
        third.predicate.as_ref().map(|p| p.text()),
        Some("a is not null")
    );
    assert_eq!(indexes(&read)[3].method, "brin");
    assert!(indexes(&read)[6].elements[0].opclass.is_some());
}

#[test]
fn long_names_are_cut() {
    let column = "c".repeat(60);
    let read = good(&format!(
        "tables: {{ t: {{ columns: {{ {column}: int }}, indexes: [{column}] }} }}"
    ));
    assert_eq!(index_names(&read)[0].len(), 63);
}

#[test]
fn keys_and_checks_have_all_their_forms() {
    let read = good(
        "tables:\n  t:\n    columns: { a: int, b: int, c: int }\n    primary_key: [a, b]\n    unique: [[b], { columns: [a, c], name: u, deferrable: deferred }]\n    \
         checks: { positive: a > 0 }\n    exclusions: [{ elements: [{ column: a, with: '=' }] }]\n    \
         foreign_keys: [{ columns: [a, b], references: \"o(x, y)\", on_delete: set null, set_columns: [b] }]\n  \
         o: { columns: { x: int, y: int }, unique: [x, y], checks: [x > 0, { name: n, expression: y > 0 }] }\n",
    );
    let all = tables(&read);
    assert_eq!(all[0].constraints.len(), 6);
    assert_eq!(
        all[0]
            .constraint("positive")
            .and_then(|c| c.as_check())
            .map(|e| e.text()),
        Some("a > 0")
    );
    assert_eq!(all[1].constraints.len(), 3);
    assert_eq!(all[1].constraints[0].columns().len(), 2);
    // The primary key leads with the columns of the foreign key.
    assert!(indexes(&read).is_empty());
    assert!(
        one("tables: { t: { columns: { a: int, b: int }, unique: [a, [b]] } }")
            .1
            .contains("mixes")
    );
    assert!(one("tables: { t: { columns: { a: int }, foreign_keys: [{ columns: a, references: \"o(x, y)\" }] } }").1.contains("1 columns, its target 2"));
}

#[test]
fn policies_are_held_to_what_the_server_takes() {
    let read = good(
        "roles: [app]\ntables: { t: { columns: { a: int }, row_security: forced, policies: { mine: { for: select, to: app, using: a = 1 } }, grants: { app: [select, { update: [a] }] } } }",
    );
    assert_eq!(policies(&read)[0].roles, ["app"]);
    assert!(tables(&read)[0].force_row_security);
    assert!(
        read.declarations
            .iter()
            .any(|d| matches!(&d.statement, Statement::Grant { items, .. } if items.len() == 2))
    );
    assert_eq!(
        one(
            "tables: { t: { columns: { a: int }, policies: { p: { for: insert, using: true } } } }"
        )
        .0,
        "using"
    );
    let (at, _, help) = one(
        "roles: [app_user]\ntables: { t: { columns: { a: int }, grants: { app_usr: select } } }",
    );
    assert_eq!((&*at, &*help), ("app_usr", "did you mean `app_user`?"));
    assert_eq!(
        one("tables: { t: { columns: { a: int }, grants: { x: [selct] } } }").2,
        "did you mean `select`?"
    );
}

#[test]
fn partitions_have_bounds() {
    let read = good(
        "tables:\n  e:\n    columns: { at: date }\n    partition_by: { range: [at] }\n    partitions:\n      e_2026: { from: 2026-01-01, to: 2027-01-01 }\n      e_rest: default\n",
    );
    let all = tables(&read);
    assert_eq!(all.len(), 3);
    let crate::model::PartitionBound::Range { from, .. } =
        &all[1].partition_of.as_ref().expect("a partition").bound
    else {
        panic!("a range");
    };
    assert_eq!(from[0].text(), "'2026-01-01'");
    assert!(
        one("tables: { e: { columns: { at: date }, partitions: { p: default } } }")
            .1
            .contains("partition_by")
    );
    assert!(one("tables: { e: { columns: { at: date }, partition_by: range (at), partitions: { p: { storage: {} } } } }").1.contains("no bound"));
}

#[test]
fn contradictions_are_told() {
    assert_eq!(
        one("tables: { t: { columns: { a: { type: int, primary_key: true, nullable: true } } } }")
            .0,
        "true"
    );
    assert_eq!(
        one("tables: { t: { columns: { a: { type: int, default: 1, identity: always } } } }").0,
        "identity"
    );
    assert_eq!(
        one("tables: { t: { columns: { a: { nullable: false } } } }").0,
        "a"
    );
    assert_eq!(
        one("tables: { t: { columns: { a: { type: int, on_delete: cascade } } } }").0,
        "on_delete"
    );
    assert!(
        one("tables: { t: { columns: { a: { type: int, generated: a * 2, default: 1 } } } }")
            .1
            .contains("both")
    );
    assert_eq!(
        one("tables: { t: { columns: { a: int }, dependencies: [{ from: [a], to: [bb] }] } }").0,
        "bb"
    );
    assert!(
        one("tables: { t: { description: x, comment: y, columns: { a: int } } }")
            .1
            .contains("same thing")
    );
}

#[test]
fn notes_have_places() {
    let text = "tables:\n  t:\n    group: g\n    soft_delete: true\n    retention: 90 days\n    columns: { a: { type: int, sensitive: true, examples: [1, x], allow: [{ rule: a/b, reason: r, until: 2027-01-01 }] } }\n    dependencies: [{ from: a, to: a }]\n";
    let read = good(text);
    let declaration = &read.declarations[0];
    let (_, table) = declaration
        .notes
        .iter()
        .find(|(p, _)| *p == Part::Object)
        .expect("notes");
    assert_eq!(table.group.as_deref(), Some("g"));
    assert_eq!(table.soft_delete.as_deref(), Some("deleted_at"));
    assert!(tables(&read)[0].column("deleted_at").is_some());
    let (_, column) = declaration
        .notes
        .iter()
        .find(|(p, _)| *p == Part::Column("a".into()))
        .expect("notes");
    assert_eq!(column.examples, ["1".into(), "x".into()] as [Box<str>; 2]);
    let places: Vec<_> = declaration
        .note_spans
        .iter()
        .map(|(_, is_dependency, n, span)| {
            (
                *is_dependency,
                *n,
                &text[span.start as usize..span.end as usize],
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            (false, 0, "{ rule: a/b, reason: r, until: 2027-01-01 }"),
            (true, 0, "{ from: a, to: a }")
        ]
    );
}

#[test]
fn hostile_files_end_in_an_error() {
    let deep = format!("tables: {}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(
        bad(&deep)[0].1.contains("nests deeper"),
        "{:?}",
        bad(&deep)[0]
    );
    let deep: String = (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert!(bad(&deep)[0].1.contains("nests deeper"));
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let list = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{list}]\n"));
    }
    assert!(bad(&bomb).iter().any(|e| e.1.contains("Aliases expand")));
    let parens = format!(
        "tables: {{ t: {{ columns: {{ a: {{ type: int, check: \"{}1{}\" }} }} }} }}",
        "(".repeat(10_000),
        ")".repeat(10_000)
    );
    assert!(
        bad(&parens)[0].1.contains("nested"),
        "{}",
        bad(&parens)[0].1
    );
    let sixty = format!(
        "tables: {{ t: {{ columns: {{ a: {{ type: boolean, check: \"{}a{}\" }} }} }} }}",
        "(".repeat(60),
        ")".repeat(60)
    );
    good(&sixty);
    for broken in [
        "a: [",
        "a: {b: ",
        "\t- x",
        "a: 'x",
        "a: \"\\q\"",
        "%YAML 9",
        "a: &",
        "*x",
        "? [a]\n: b",
        "a: !!binary x",
        "--- |\n x\n..\n",
        "a: b: c",
        "\u{feff}",
        "\0",
    ] {
        let _ = read_as(broken, Dialect::Postgres);
    }
}

/// The SQL reader's declarations of equivalent SQL, objects only.
fn sql_objects(text: &str) -> Vec<Object> {
    let file = SourceFile {
        kind: SourceKind::Sql,
        ..file(0, text)
    };
    let read = crate::source::sql::read(&file, TargetVersion::default_of(Dialect::Postgres));
    assert_eq!(read.diagnostics, []);
    objects(&read).cloned().collect()
}

/// YAML and SQL that say the same are read as the same.
#[track_caller]
fn same(yaml: &str, sql: &str) {
    let yaml = good(yaml);
    let yaml: Vec<Object> = objects(&yaml).cloned().collect();
    assert_eq!(yaml, sql_objects(sql));
}

#[test]
fn types_are_those_of_sql() {
    same(
        "enums: { mood: [sad, ok], size: { values: [s, { name: l, renamed_from: big }] } }",
        "create type mood as enum ('sad', 'ok'); create type size as enum ('s', 'l');",
    );
    same(
        "domains: { email: \"text not null default 'x' check (value like '%@%')\", n: { type: int, nullable: false, check: value > 0 } }",
        "create domain email text not null default 'x' check (value like '%@%'); create domain n int not null check (value > 0);",
    );
    same(
        "composite_types: { point3: { attributes: { x: float8, y: { type: text, collation: C } } } }",
        "create type point3 as (x float8, y text collate \"C\");",
    );
    same(
        "range_types: { during: { subtype: timetz, subtype_diff: time_diff } }",
        "create type during as range (subtype = timetz, subtype_diff = time_diff);",
    );
    same(
        "sequences: { s: { start: 10, increment: 5, cycle: true, owned_by: t.id } , plain: }",
        "create sequence s start 10 increment 5 cycle owned by t.id; create sequence plain;",
    );
}

#[test]
fn tables_are_those_of_sql() {
    same(
        "tables:\n  app.t:\n    unlogged: true\n    storage: { fillfactor: 70 }\n    columns:\n      id: { type: bigint, identity: always, primary_key: true }\n      \
         a: { type: \"numeric(5,2)[]\", nullable: false, default: \"'{}'\", collation: C }\n      b: { type: int, generated: a * 2, unique: true, check: b > 0 }\n      \
         c: { type: int, references: app.o.id, on_delete: set null, match: full, deferrable: deferred, index: false }\n    \
         checks: [{ name: k, expression: a <> b, no_inherit: true }]\n    unique: [{ columns: [a, b], nulls_not_distinct: true, include: [c] }]\n    \
         foreign_keys: [{ name: fk, columns: [a, b], references: \"o(x, y)\", not_valid: true, index: false }]\n    \
         exclusions: [{ name: ex, elements: [{ column: a, opclass: inet_ops, with: '&&' }], where: a is not null }]\n",
        "create unlogged table app.t (
            id bigint generated always as identity primary key,
            a numeric(5,2)[] collate \"C\" not null default '{}',
            b int generated always as (a * 2) stored unique check (b > 0),
            c int references app.o (id) match full on delete set null deferrable initially deferred,
            unique nulls not distinct (a, b) include (c),
            constraint k check (a <> b) no inherit,
            constraint fk foreign key (a, b) references o (x, y) not valid,
            constraint ex exclude using gist (a inet_ops with &&) where (a is not null)
        ) with (fillfactor = 70);",
    );
}

#[test]
fn partitions_indexes_and_policies_are_those_of_sql() {
    same(
        "tables:\n  e:\n    columns: { at: date, k: int }\n    partition_by: { range: [at] }\n    indexes:\n      - { name: i, columns: [k desc, lower(x)], include: [at], where: k > 0, unique: true }\n    \
         policies: { p: { for: update, to: [b, a], using: k = 1, with_check: k = 2, as: restrictive } }\n    partitions:\n      e1: { from: [\"'2026-01-01'\"], to: [maxvalue], partition_by: hash (k), partitions: { e1a: { modulus: 2, remainder: 0 } } }\n      e2: default\n",
        "create table e (at date, k int) partition by range (at);
         create unique index i on e (k desc, lower(x)) include (at) where k > 0;
         create policy p on e as restrictive for update to b, a using (k = 1) with check (k = 2);
         create table e1 partition of e for values from ('2026-01-01') to (maxvalue) partition by hash (k);
         create table e1a partition of e1 for values with (modulus 2, remainder 0);
         create table e2 partition of e default;",
    );
}

#[test]
fn views_are_those_of_sql() {
    same(
        "views: { v: select 1 as a, w: { query: \"select a from t\", columns: [b], security_invoker: true, check_option: local } }\n\
         materialized_views: { m: { query: \"select 1 as a\", with_data: false, indexes: [{ name: mi, columns: [a] }] } }",
        "create view v as select 1 as a;
         create view w (b) with (security_invoker = true, check_option = local) as select a from t;
         create materialized view m as select 1 as a with no data; create index mi on m (a);",
    );
    assert_eq!(
        one("views: { v: drop table t }").1,
        "The body of a view is a query"
    );
    assert_eq!(one("views: { v: \"select 1; drop table t\" }").0, "drop");
    assert_eq!(one("views: { v: \"select 'x\" }").0, "'");
}

#[test]
fn triggers_are_those_of_sql() {
    same(
        "triggers:\n  a: { table: t, timing: after, events: [update, insert], update_of: [x], when: new.x > 1, function: f, arguments: [y, 2] }\n  \
         b: { table: t, timing: before, events: truncate, for_each: statement, function: app.g }\n",
        "create trigger a after insert or update of x on t for each row when (new.x > 1) execute function f('y', 2);
         create trigger b before truncate on t execute function app.g();",
    );
    assert!(
        one("triggers: { a: { table: t, timing: after, events: insert } }")
            .1
            .contains("calls no function")
    );
    assert!(one("triggers: { a: { table: t, timing: after, events: insert, update_of: x, function: f } }").1.contains("does not fire"));
}

#[test]
fn routines_have_their_forms() {
    let read = good(
        "functions:\n  \"area(w int, h int default 1)\": { returns: int, body: select w * h, volatility: immutable, strict: true }\n  \
         rows_of: { arguments: [{ name: n, type: bigint }, 'variadic names text[]'], returns: \"table (id bigint, title text)\", language: plpgsql, body: begin end, security: definer, set: { search_path: \"''\" } }\n  \
         std: { arguments: a int, returns: setof int, body: return a + 1 }\nprocedures: { p: { arguments: inout x int, body: select 1 } }\n",
    );
    let all = routines(&read);
    assert_eq!(all[0].signature(), "integer, integer");
    assert_eq!(
        all[0].arguments[1].default.as_ref().map(|d| d.text()),
        Some("1")
    );
    assert_eq!(all[1].signature(), "bigint, VARIADIC text[]");
    assert_eq!(all[1].arguments.len(), 4);
    assert!(all[1].security_definer);
    assert!(matches!(
        all[2].body,
        crate::model::RoutineBody::Standard(_)
    ));
    assert_eq!(all[3].kind, crate::model::RoutineKind::Procedure);
    assert!(
        one("functions: { f: { body: select 1 } }")
            .1
            .contains("returns nothing")
    );
    assert_eq!(
        one("functions: { f: { arguments: [a integer b], returns: int, body: select 1 } }").0,
        "b"
    );
    assert_eq!(
        one("functions: { f: { returns: 'table (a int int)', body: select 1 } }").0,
        "int"
    );
}

#[test]
fn additions_to_objects_elsewhere() {
    let read = good(
        "extensions: [pgcrypto, { name: citext, schema: ext, version: 1.6 }]\nschemas: { auth: { external: true }, app: }\n\
         indexes: [{ table: t, columns: [a] }]\npolicies: { p: { table: t, using: true } }\n\
         grants: [{ on: [t, function f(int)], to: [a, public], privileges: [select] }, { on: all tables in schema app, to: a, privileges: all, revoke: true }]\n\
         default_privileges: [{ on: tables, in: app, to: a, privileges: select }]\n\
         comments: { table t: Text, column t.a: ~ }\nevent_triggers: { e: { event: sql_drop, tags: [drop table], function: f } }\n",
    );
    assert_eq!(index_names(&read), ["t_a_idx"]);
    let grants: Vec<_> = read
        .declarations
        .iter()
        .filter_map(|d| match &d.statement {
            Statement::Grant {
                targets,
                items,
                revoke,
                all_in_schemas,
                ..
            } => Some((targets.len(), items.len(), *revoke, all_in_schemas.len())),
            _ => None,
        })
        .collect();
    assert_eq!(
        grants,
        [(1, 2, false, 0), (1, 2, false, 0), (1, 1, true, 1)]
    );
    assert_eq!(
        read.declarations
            .iter()
            .filter(|d| matches!(
                d.statement,
                Statement::Comment { .. } | Statement::DefaultPrivileges { .. }
            ))
            .count(),
        3
    );
    assert!(one("comments: { colum t.a: x }").0.starts_with("colum"));
    assert!(
        one("grants: [{ on: all things in schema a, to: b, privileges: select }]")
            .1
            .contains("all things")
    );
}

#[test]
fn sqlite_has_its_own_objects() {
    let read = read_as(
        "tables: { t: { strict: true, audit: true, columns: { id: { type: integer, primary_key: true, autoincrement: true }, b: { type: blob } }, triggers: { x: { timing: after, events: insert, body: delete from t } } } }\n\
         virtual_tables: { f: \"fts5(title, content='t', tokenize='a, b')\", g: { using: fts5, arguments: [x] } }",
        Dialect::Sqlite,
    );
    assert_eq!(read.diagnostics, []);
    let all = tables(&read);
    assert!(all[0].strict && all[0].columns[0].autoincrement);
    let names: Vec<_> = triggers(&read).iter().map(|t| t.name.to_string()).collect();
    assert_eq!(
        names,
        ["x", "t_audit_insert", "t_audit_update", "t_audit_delete"]
    );
    let body = triggers(&read)[1].body.as_ref().expect("a body").text();
    assert!(
        body.contains("json_object('id', NEW.id, 'b', hex(NEW.b))"),
        "{body}"
    );
    let arguments: Vec<_> = objects(&read)
        .filter_map(|o| match o {
            Object::VirtualTable(v) => Some(v.arguments.len()),
            _ => None,
        })
        .collect();
    assert_eq!(arguments, [3, 1]);
    assert!(
        bad_as("schema: x", Dialect::Sqlite)[0]
            .1
            .contains("does not have schemas")
    );
}

#[test]
fn two_mixins_of_a_name_in_two_files() {
    let (a, b) = (file(0, "mixins: { m: {} }"), file(1, "mixins: { m: {} }"));
    let read = read(&[&a, &b], TargetVersion::default_of(Dialect::Postgres));
    assert_eq!(read.diagnostics.len(), 1);
    assert!(read.diagnostics[0].headline.contains("declared twice"));
}
