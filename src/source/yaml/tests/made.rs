//! What is made where an author asks for it: triggers, history tables, checks of shapes.

use super::*;

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
