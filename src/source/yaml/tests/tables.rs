//! Tables, columns, keys and indexes, in all their forms.

use super::*;

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
fn mixins_in_a_circle_end() {
    let read = good(
        "mixins: { a: { include: b, columns: { x: int } }, b: { include: a, columns: { y: int } } }\ntables: { t: { include: [a] } }",
    );
    assert_eq!(tables(&read)[0].columns.len(), 2);
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
