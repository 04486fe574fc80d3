//! YAML and the SQL it stands for come to the same catalog, names made by the server included.

use schemagen::dialect::Dialect;

use crate::support::catalogs::{Sources, differences, printed};

/// Reads files that are free of errors, and compares their catalog with that of `sql`.
#[track_caller]
fn same_as(dialect: Dialect, files: &[(&str, &str)], sql: &str) {
    let mut mixed = Sources::default();
    for (path, text) in files {
        mixed.add(path, text);
    }
    let (got, plain) = (mixed.load(dialect), Sources::of_sql(sql));
    assert_eq!(mixed.errors(&got), [""; 0]);
    let want = plain.load(dialect);
    assert_eq!(plain.errors(&want), [""; 0]);
    let found = differences(&want.catalog, &got.catalog);
    assert!(found.is_empty(), "{found}");
    // Texts are printed as their authors wrote them: upper or lower case.
    let text = |loaded| printed(loaded, dialect).to_lowercase();
    assert_eq!(text(&want), text(&got));
}

#[track_caller]
fn same(yaml: &str, sql: &str) {
    same_as(Dialect::Postgres, &[("schema.yaml", yaml)], sql);
}

#[test]
fn made_names_are_those_of_the_server() {
    same(
        "tables:\n  users:\n    columns: { id: bigserial primary key, email: text not null unique }\n  tasks:\n    columns:\n      \
         id: { type: bigint, identity: always, primary_key: true }\n      \
         user_id: { references: users.id, on_delete: cascade, nullable: false }\n      \
         kind: { type: text, check: kind <> '', default: \"'x'\" }\n    \
         unique: [user_id, kind]\n    checks: [id > 0 and user_id > 0]\n    indexes: [kind, { expressions: lower(kind) }]\n",
        "CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE);
         CREATE TABLE tasks (
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
             user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
             kind text DEFAULT 'x' CHECK (kind <> ''),
             UNIQUE (user_id, kind),
             CHECK (id > 0 AND user_id > 0)
         );
         CREATE INDEX ON tasks (kind);
         CREATE INDEX ON tasks (lower(kind));",
    );
}

#[test]
fn comments_grants_and_policies_are_those_of_sql() {
    same(
        "schema: app\nschemas: { app: { description: Ours } }\ntables:\n  t:\n    description: A table\n    row_security: forced\n    \
         columns: { a: { type: int, description: A column } }\n    \
         checks: [{ name: c, expression: a > 0, description: A check }]\n    \
         indexes: [{ name: i, columns: [a], description: An index }]\n    \
         policies: { p: { for: select, to: [r], using: a = 1, description: A policy } }\n    \
         grants: { r: [select, { update: [a] }], public: { privileges: insert } }\n",
        "CREATE SCHEMA app;
         COMMENT ON SCHEMA app IS 'Ours';
         SET search_path = app;
         CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));
         COMMENT ON TABLE t IS 'A table';
         COMMENT ON COLUMN t.a IS 'A column';
         COMMENT ON CONSTRAINT c ON t IS 'A check';
         CREATE INDEX i ON t (a);
         COMMENT ON INDEX i IS 'An index';
         ALTER TABLE t ENABLE ROW LEVEL SECURITY;
         ALTER TABLE t FORCE ROW LEVEL SECURITY;
         CREATE POLICY p ON t FOR SELECT TO r USING (a = 1);
         COMMENT ON POLICY p ON t IS 'A policy';
         GRANT SELECT, UPDATE (a) ON t TO r;
         GRANT INSERT ON t TO PUBLIC;",
    );
}

#[test]
fn the_updated_at_trigger_is_what_one_would_write() {
    same(
        "tables: { t: { columns: { updated_at: { type: timestamptz, on_update: now() } } } }",
        "CREATE TABLE t (updated_at timestamptz);
         CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$;
         COMMENT ON FUNCTION set_updated_at() IS 'Sets updated_at to now() on each update';
         CREATE TRIGGER t_set_updated_at BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION set_updated_at();",
    );
}

#[test]
fn yaml_refers_to_sql_and_sql_to_yaml() {
    let sql = "CREATE TABLE owners (id uuid PRIMARY KEY);
               CREATE TABLE notes (pet_id bigint REFERENCES pets, mood mood);";
    let yaml = "enums: { mood: [sad, ok] }\ntables:\n  pets:\n    columns:\n      id: bigint primary key\n      \
                owner_id: { references: owners.id, index: false }\n";
    let plain = "CREATE TYPE mood AS ENUM ('sad', 'ok');
                 CREATE TABLE owners (id uuid PRIMARY KEY);
                 CREATE TABLE pets (id bigint PRIMARY KEY, owner_id uuid REFERENCES owners (id));
                 CREATE TABLE notes (pet_id bigint REFERENCES pets (id), mood mood);";
    same_as(
        Dialect::Postgres,
        &[("a.sql", sql), ("b.yaml", yaml)],
        plain,
    );
    same_as(
        Dialect::Postgres,
        &[("a.yaml", yaml), ("b.sql", sql)],
        plain,
    );
}

#[test]
fn a_function_of_ones_own_takes_the_place_of_the_made_one() {
    let yaml =
        "tables: { t: { columns: { updated_at: { type: timestamptz, on_update: now() } } } }";
    let sql = "CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';";
    let plain = format!(
        "{sql} CREATE TABLE t (updated_at timestamptz);
         CREATE TRIGGER t_set_updated_at BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION set_updated_at();"
    );
    same_as(
        Dialect::Postgres,
        &[("a.sql", sql), ("b.yaml", yaml)],
        &plain,
    );
    same_as(
        Dialect::Postgres,
        &[("a.yaml", yaml), ("b.sql", sql)],
        &plain,
    );
}

#[test]
fn partitions_domains_and_views_are_those_of_sql() {
    same(
        "domains: { email: text check (value like '%@%') }\ntables:\n  e:\n    columns: { at: date not null, who: email }\n    \
         partition_by: { range: [at] }\n    partitions: { e_old: { from: [minvalue], to: 2026-01-01 }, e_rest: default }\n\
         views: { v: { query: select at from e, description: Days, columns: { at: The day } } }\n",
        "CREATE DOMAIN email AS text CHECK (value LIKE '%@%');
         CREATE TABLE e (at date NOT NULL, who email) PARTITION BY RANGE (at);
         CREATE TABLE e_old PARTITION OF e FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
         CREATE TABLE e_rest PARTITION OF e DEFAULT;
         CREATE VIEW v AS SELECT at FROM e;
         COMMENT ON VIEW v IS 'Days';
         COMMENT ON COLUMN v.at IS 'The day';",
    );
}

#[test]
fn sqlite_is_read_the_same_too() {
    same_as(
        Dialect::Sqlite,
        &[(
            "schema.yaml",
            "tables:\n  t:\n    strict: true\n    columns:\n      id: { type: integer, primary_key: true, autoincrement: true }\n      \
             kind: { type: text, nullable: false, default: \"'a'\", check: \"kind in ('a', 'b')\" }\n    \
             indexes: [{ columns: [kind], where: kind <> 'a' }]\n    \
             triggers: { gone: { timing: after, events: delete, body: delete from u } }\n  u: { columns: { id: integer } }\n\
             virtual_tables: { f: \"fts5(kind, content='t')\" }\n",
        )],
        "CREATE TABLE t (
             id integer PRIMARY KEY AUTOINCREMENT,
             kind text NOT NULL DEFAULT 'a' CHECK (kind in ('a', 'b'))
         ) STRICT;
         CREATE INDEX t_kind_idx ON t (kind) WHERE kind <> 'a';
         CREATE TABLE u (id integer);
         CREATE TRIGGER gone AFTER DELETE ON t FOR EACH ROW BEGIN
    delete from u;
END;
         CREATE VIRTUAL TABLE f USING fts5(kind, content='t');",
    );
}
