//! What is wrong with a file is told where it is wrong, with what to do.

use super::*;

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

#[test]
fn two_mixins_of_a_name_in_two_files() {
    let (a, b) = (file(0, "mixins: { m: {} }"), file(1, "mixins: { m: {} }"));
    let read = read(&[&a, &b], TargetVersion::default_of(Dialect::Postgres));
    assert_eq!(read.diagnostics.len(), 1);
    assert!(read.diagnostics[0].headline.contains("declared twice"));
}

#[test]
fn sqlite_has_row_triggers_only() {
    let told = bad_as(
        "triggers: { x: { table: t, timing: after, events: insert, for_each: statement, body: delete from t } }",
        Dialect::Sqlite,
    );
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "statement");
}

#[test]
fn an_empty_name_is_told() {
    for text in [
        "tables: { t: { columns: { '': int } } }",
        "tables: { '': { columns: { a: int } } }",
        "tables: { t: { columns: { a: int }, policies: { '': { using: 'true' } } } }",
        "tables: { t: { columns: { a: int }, indexes: [{ columns: [a], name: '' }] } }",
        "tables: { t: { columns: { a: int }, primary_key: [''] } }",
        "tables: { t: { columns: { a: int }, grants: { '': [select] } } }",
        "enums: { '': { values: [a] } }",
    ] {
        assert!(one(text).1.ends_with("holds an empty name"), "{text}");
    }
    assert_eq!(
        one("views: { v: { query: 'select \"\" from t' } }").1,
        "zero-length delimited identifier"
    );
}
