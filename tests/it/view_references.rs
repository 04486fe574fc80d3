//! A view over what is not there is an error at its line; what cannot be known is let be.

use schemagen::dialect::Dialect;

use crate::support::catalogs::Sources;

fn errors(text: &str) -> Vec<String> {
    let sources = Sources::of_sql(text);
    let loaded = sources.load(Dialect::Postgres);
    sources.errors(&loaded)
}

#[test]
fn a_view_over_nothing_is_refused() {
    for (text, name) in [
        (
            "CREATE TABLE users (id int);\nCREATE VIEW v AS SELECT id FROM user_s;",
            "user_s",
        ),
        (
            "CREATE TABLE t (id int);\nCREATE VIEW v AS SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM public.u);",
            "public.u",
        ),
        (
            "CREATE TABLE t (id int);\nCREATE MATERIALIZED VIEW v AS WITH c AS (TABLE t) SELECT * FROM c JOIN d USING (id);",
            "d",
        ),
        (
            "CREATE TABLE t (id int); DROP TABLE t;\nCREATE VIEW v AS TABLE t;",
            "t",
        ),
    ] {
        let errors = errors(text);
        assert_eq!(errors.len(), 1, "{text}: {errors:#?}");
        let wanted = format!("reads `{name}`, which does not exist");
        assert!(
            errors[0].starts_with("schema.sql:2:") && errors[0].contains(&wanted),
            "{errors:?}"
        );
    }
}

#[test]
fn what_cannot_be_known_is_let_be() {
    for text in [
        "CREATE VIEW v AS SELECT * FROM pg_stat_activity JOIN information_schema.tables ON true",
        "CREATE VIEW v AS SELECT * FROM auth.users",
        "CREATE EXTENSION postgis; CREATE VIEW v AS SELECT * FROM spatial_ref_sys",
        "DO $$ BEGIN CREATE TABLE made (a int); END $$; CREATE VIEW v AS SELECT a FROM made",
        "CREATE TABLE made AS SELECT 1 AS a; CREATE VIEW v AS SELECT a FROM made",
        "CREATE VIEW v AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c",
        "CREATE VIEW w AS SELECT extract(year FROM now()) AS y, trim(both 'x' from 'xax') AS t, \
         substring('abc' from 2) AS s FROM generate_series(1, 2) AS g(n)",
        "CREATE VIEW v AS SELECT a FROM w; CREATE VIEW w AS SELECT 1 AS a",
        "CREATE TABLE t (a int); DO $$ BEGIN EXECUTE 'ALTER TABLE t ADD b ' || 'int'; END $$; \
         CREATE VIEW v AS SELECT b FROM t",
        "CREATE EXTENSION postgis; CREATE TABLE t (a int); CREATE VIEW v AS SELECT s.srid, t.a \
         FROM t, spatial_ref_sys s WHERE auth_name = 'x'",
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT made_by_an_extension.x FROM t, \
         made_by_an_extension(t.a)",
    ] {
        let errors = errors(text);
        assert!(errors.is_empty(), "{text}: {errors:#?}");
    }
}

#[test]
fn of_what_others_own_a_part_may_be_declared() {
    let mut sources = Sources::default();
    let others = "CREATE TABLE users (id int); CREATE VIEW people AS SELECT * FROM users;";
    sources.add("others.sql", others).external = true;
    sources.add(
        "schema.sql",
        "CREATE TABLE t (id int);\n\
         CREATE VIEW v AS SELECT u.email, name FROM t JOIN users u USING (id);\n\
         CREATE VIEW w AS SELECT q.email FROM (SELECT * FROM users) q;\n\
         CREATE VIEW x AS SELECT email FROM w2;\n\
         CREATE VIEW w2 AS SELECT p.* FROM people p;\n\
         CREATE VIEW y AS SELECT email FROM t;\n",
    );
    let errors = sources.errors(&sources.load(Dialect::Postgres));
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].starts_with("schema.sql:6:"), "{errors:?}");
}

#[test]
fn every_column_with_a_wrong_default_is_named() {
    let errors = errors(
        "CREATE TABLE t (a int, b int DEFAULT a);\nCREATE TABLE u (a int, b int DEFAULT a);\n",
    );
    assert_eq!(errors.len(), 2, "{errors:#?}");
}
