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

#[test]
fn what_follows_a_table_in_sql_stands_within_it() {
    same(
        "composite_types: { pair: { attributes: { a: int, b: text } } }\n\
         tables:\n  o: { columns: { id: int primary key } }\n  t:\n    owner: boss\n    columns: { id: serial, o_id: int }\n    \
         foreign_keys: [{ columns: o_id, references: o, not_valid: true, index: false }]\n    \
         checks: [{ name: c, expression: id > 0, not_valid: true }]\n    indexes: [{ name: i, expressions: id + 1, statistics: { 1: 500 } }]\n    \
         cluster_on: i\n    replica_identity: { index: i }\n    row_security: forced only\n    \
         revokes: { boss: [delete] }\n    grants: { app: { privileges: select, with_grant_option: [insert, { update: [id] }] } }\n  \
         typed: { of: pair, columns: { a: { nullable: false, description: First } } }\n",
        "CREATE TYPE pair AS (a int, b text);
         CREATE TABLE o (id int PRIMARY KEY);
         CREATE TABLE t (id serial, o_id int);
         ALTER TABLE t OWNER TO boss;
         ALTER TABLE t ADD FOREIGN KEY (o_id) REFERENCES o NOT VALID;
         ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID;
         CREATE INDEX i ON t ((id + 1));
         ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 500;
         ALTER TABLE t CLUSTER ON i;
         ALTER TABLE t REPLICA IDENTITY USING INDEX i;
         ALTER TABLE t FORCE ROW LEVEL SECURITY;
         REVOKE DELETE ON t FROM boss;
         GRANT SELECT ON t TO app;
         GRANT INSERT, UPDATE (id) ON t TO app WITH GRANT OPTION;
         CREATE TABLE typed OF pair (a WITH OPTIONS NOT NULL);
         COMMENT ON COLUMN typed.a IS 'First';",
    );
}

#[test]
fn partitions_stand_on_their_own_too() {
    same(
        "tables:\n  e: { columns: { at: date, n: int }, partition_by: { range: at }, indexes: [{ name: e_at, columns: [at], only: true }] }\n  \
         e1: { partition_of: { parent: e, from: 2026-01-01, to: 2027-01-01 }, columns: { n: { default: 1, description: Count } } }\n  \
         e2: { partition_of: { parent: e, default: true }, columns: { n: int, at: date }, indexes: [{ name: e2_at, columns: [at], attach_to: e_at }] }\n",
        "CREATE TABLE e (at date, n int) PARTITION BY RANGE (at);
         CREATE INDEX e_at ON ONLY e (at);
         CREATE TABLE e1 PARTITION OF e (n DEFAULT 1) FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
         COMMENT ON COLUMN e1.n IS 'Count';
         CREATE TABLE e2 (n int, at date);
         ALTER TABLE e ATTACH PARTITION e2 DEFAULT;
         CREATE INDEX e2_at ON e2 (at);
         ALTER INDEX e_at ATTACH PARTITION e2_at;",
    );
}

#[test]
fn statements_stand_under_sql() {
    same(
        "schema: app\nschemas: { app: }\ntables: { t: { columns: { a: int } } }\nsql:\n  - CREATE STATISTICS s ON (a + 1) FROM t\n  - |\n    \
         CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;\n    COMMENT ON RULE r ON t IS 'Kept';\n",
        "CREATE SCHEMA app;
         SET search_path = app;
         CREATE TABLE t (a int);
         CREATE STATISTICS s ON (a + 1) FROM t;
         CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
         COMMENT ON RULE r ON t IS 'Kept';",
    );
    let mut sources = Sources::default();
    sources.add("a.yaml", "sql:\n  - |\n    CREATE TABLE t (a int);\n    CREATE TABEL u (a int);\n  - CREATE VIEW v AS SELECT;\n    CREATE INDEX ON t (b)\n");
    let errors = sources.errors(&sources.load(Dialect::Postgres));
    assert!(
        errors.iter().any(|e| e.starts_with("a.yaml:6:")),
        "{errors:?}"
    );
}

#[test]
fn names_with_brackets_and_dots_are_quoted() {
    same(
        "tables:\n  '\"a.b\"': { columns: { '(': int primary key } }\n  c: { columns: { x: { references: '\"a.b\".\"(\"', index: false } } }\n\
         functions: { '\"f(\"(int)': { returns: int, language: plpgsql, body: return 1; } }\n",
        "CREATE TABLE \"a.b\" (\"(\" int PRIMARY KEY);
         CREATE TABLE c (x int REFERENCES \"a.b\" (\"(\"));
         CREATE FUNCTION \"f(\"(int) RETURNS int LANGUAGE plpgsql AS 'return 1;';",
    );
}

#[test]
fn default_privileges_are_about_what_comes_after_all_files() {
    same(
        "tables:\n  a: { partition_of: { parent: b, default: true } }\n  b: { columns: { n: int }, partition_by: { range: n } }\n\
         default_privileges: [{ on: tables, to: reader, privileges: select }]\n",
        "CREATE TABLE b (n int) PARTITION BY RANGE (n);
         CREATE TABLE a PARTITION OF b DEFAULT;
         ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;",
    );
}
