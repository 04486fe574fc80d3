//! Types, views, routines and the rest: the same as what the SQL reader makes of equivalent SQL.

use super::*;

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
         foreign_keys: [{ name: fk, columns: [a, b], references: \"o(x, y)\", index: false }]\n    \
         exclusions: [{ name: ex, elements: [{ column: a, opclass: inet_ops, with: '&&' }], where: a is not null }]\n",
        "create unlogged table app.t (
            id bigint generated always as identity primary key,
            a numeric(5,2)[] collate \"C\" not null default '{}',
            b int generated always as (a * 2) stored unique check (b > 0),
            c int references app.o (id) match full on delete set null deferrable initially deferred,
            unique nulls not distinct (a, b) include (c),
            constraint k check (a <> b) no inherit,
            constraint fk foreign key (a, b) references o (x, y),
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
