//! Pairs of texts that are one thing, and pairs that are not.

use super::{Context, World};
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{Catalog, QualifiedName};
use crate::source::{SourceFile, SourceKind};

const SCHEMA: &str = "CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE EXTENSION citext;
CREATE DOMAIN short AS varchar(20);
CREATE TABLE t (id int, big bigint, v varchar(20), v5 varchar(5), x text, c char(5), ci citext, m mood, n numeric(10,2),
  f double precision, b boolean, d date, ts timestamp, tz timestamptz, a text[], i int[], j jsonb, s short, k interval);
CREATE TABLE u (id int, x text, other text);
CREATE VIEW w AS SELECT id AS one, x FROM t;";

pub(super) fn catalog() -> Catalog {
    let file = SourceFile {
        id: crate::diagnostic::FileId(0),
        path: "schema.sql".to_owned(),
        kind: SourceKind::Sql,
        text: SCHEMA.to_owned(),
        external: false,
    };
    let version = TargetVersion::default_of(Dialect::Postgres);
    let declared = crate::source::sql::read(&file, version).declarations;
    crate::resolve::resolve(declared, version).catalog
}

fn keys(pairs: &[(&str, &str)], query: bool) -> Vec<(String, String)> {
    let catalog = catalog();
    let world = World::new(&catalog);
    let context = Context::table(&world, &QualifiedName::new("public", "t"));
    let key = |text: &str| {
        let key = if query {
            context.query(text, &[])
        } else {
            context.expression(text)
        };
        key.unwrap_or_else(|| panic!("not read: {text}"))
    };
    pairs.iter().map(|(a, b)| (key(a), key(b))).collect()
}

#[track_caller]
pub(super) fn are_one(pairs: &[(&str, &str)], query: bool) {
    for ((a, b), (one, other)) in pairs.iter().zip(keys(pairs, query)) {
        assert_eq!(one, other, "{a}\n{b}");
    }
}

#[track_caller]
pub(super) fn are_two(pairs: &[(&str, &str)], query: bool) {
    for ((a, b), (one, other)) in pairs.iter().zip(keys(pairs, query)) {
        assert_ne!(one, other, "{a}\n{b}");
    }
}

#[test]
fn one_expression_has_one_key() {
    are_one(
        &[
            (
                "v IN ('a', 'b')",
                "(v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])",
            ),
            (
                "v IN ('a', 'b')",
                "(v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])",
            ),
            ("v = ANY (ARRAY['a','b'])", "v IN ('a', 'b')"),
            (
                "x NOT IN ('a', 'b')",
                "x <> ALL (ARRAY['a'::text, 'b'::text])",
            ),
            ("id BETWEEN 1 AND 2", "((id >= 1) AND (id <= 2))"),
            ("x LIKE 'a%'", "(x ~~ 'a%'::text)"),
            ("x NOT ILIKE 'a%'", "(x !~~* 'a%'::text)"),
            ("x != ''", "x <> ''::text"),
            ("CAST(x AS int)", "(x)::integer"),
            ("id > -1", "(id > '-1'::integer)"),
            ("id > -1", "(id > (-1))"),
            ("n > 0", "(n > (0)::numeric)"),
            ("f > 1.50", "(f > (1.50)::double precision)"),
            (
                "tz > now() - interval '1 day'",
                "(tz > (now() - '1 day'::interval))",
            ),
            ("a && '{a,b}'", "(a && '{a,b}'::text[])"),
            ("j @> '{\"a\":1}'", "(j @> '{\"a\": 1}'::jsonb)"),
            ("j ->> 'a'", "(j ->> 'a'::text)"),
            ("m = 'ok'", "(m = 'ok'::public.mood)"),
            ("ci = 'a'", "(ci = 'a'::public.citext)"),
            ("x || v", "(x || (v)::text)"),
            ("trim(x)", "btrim(x)"),
            ("extract(year from d)", "EXTRACT(year FROM d)"),
            ("ts AT TIME ZONE 'utc'", "timezone('utc'::text, ts)"),
            (
                "(b AND id = 1) AND x = ''",
                "(b AND (id = 1) AND (x = ''::text))",
            ),
            ("(id, big) = (1, 2)", "((id = 1) AND (big = 2))"),
            ("k > '1 hour'", "(k > '01:00:00'::interval)"),
            ("nullif(x, '')", "NULLIF(x, ''::text)"),
            ("coalesce(v, 'a')", "COALESCE(v, 'a'::character varying)"),
            ("pg_catalog.lower(x)", "lower(x)"),
            ("x OPERATOR(pg_catalog.=) 'a'", "x = 'a'"),
            ("b = 't'", "b = true"),
            ("s = 'a'", "((s)::text = 'a'::text)"),
            ("length(v) > 1", "(length((v)::text) > 1)"),
            ("(ROW(id, x)).f1", "(row(id, x)).f1"),
            ("substring(x from 1 for 2)", "\"substring\"(x, 1, 2)"),
        ],
        false,
    );
}

#[test]
fn what_differs_in_meaning_has_two_keys() {
    are_two(
        &[
            ("x = 'a'", "x = 'A'"),
            ("x = 'a'", "x = 'a '"),
            ("id - big", "big - id"),
            ("id - (big - 1)", "id - big - 1"),
            ("b AND id = 1 OR x = ''", "b AND (id = 1 OR x = '')"),
            ("NOT (b AND id = 1)", "NOT b AND id = 1"),
            ("id::bigint", "id"),
            ("n::numeric(10,1)", "n::numeric(10,2)"),
            ("n::int", "n"),
            ("x::varchar(5)", "x::varchar(6)"),
            ("x::varchar(5)", "x"),
            ("'a' || x", "x || 'a'"),
            ("id IN (1, 2)", "id IN (1, 3)"),
            ("id IN (1, 2)", "id IN (2, 1, 3)"),
            ("id = ANY (i)", "id = ALL (i)"),
            ("id <> ALL (i)", "id <> ANY (i)"),
            ("ci = 'a'", "ci::text = 'a'"),
            ("c = 'a'", "c::text = 'a'"),
            ("now()", "CURRENT_TIMESTAMP"),
            ("now()", "now()::timestamp"),
            ("ts", "ts AT TIME ZONE 'utc'"),
            ("id / 2", "id / 2.0"),
            ("b IS TRUE", "b"),
            ("b IS NOT FALSE", "b IS TRUE"),
            ("x IS NULL", "x = NULL"),
            ("x LIKE 'a'", "x ILIKE 'a'"),
            ("x ~ 'a'", "x ~* 'a'"),
            ("x COLLATE \"C\" > 'a'", "x > 'a'"),
            ("k > '1 day'", "k > '24 hours'"),
            ("k > '1 month'", "k > '30 days'"),
            ("j -> 'a'", "j ->> 'a'"),
            ("j -> 1", "j -> '1'"),
            ("a[1]", "a[2]"),
            ("a[1:2]", "a[1]"),
            ("lower(x)", "upper(x)"),
            ("f > 0.1", "f > 0.10000001"),
            ("n = 1.50", "n = 1.5"),
            ("ts > '2020-01-01'", "ts > '2020-01-02'"),
            ("tz > '2020-01-01'", "tz > '2020-01-01 00:00:00+00'"),
            ("id BETWEEN 1 AND 2", "id NOT BETWEEN 1 AND 2"),
            ("\"X\" = 1", "x = '1'"),
            ("count(*)", "count(id)"),
            ("count(DISTINCT id)", "count(id)"),
            ("v5 = 'abcdef'", "v5 = 'abcdef'::varchar(5)"),
            ("CASE WHEN b THEN 1 END", "CASE WHEN b THEN 1 ELSE 0 END"),
        ],
        false,
    );
}

#[test]
fn one_query_has_one_key() {
    are_one(
        &[
            ("SELECT * FROM u", "SELECT u.id, u.x, u.other FROM public.u"),
            ("SELECT a.* FROM u a", "SELECT b.id, b.x, b.other FROM u b"),
            (
                "SELECT id FROM u WHERE x = 'a'",
                "SELECT u.id FROM public.u WHERE (u.x = 'a'::text)",
            ),
            (
                "SELECT u.id FROM t JOIN u ON t.id = u.id",
                "SELECT u.id FROM (public.t JOIN public.u ON ((t.id = u.id)))",
            ),
            (
                "SELECT x FROM u ORDER BY 1 ASC NULLS LAST",
                "SELECT u.x FROM u ORDER BY u.x",
            ),
            (
                "SELECT x, count(*) FROM u GROUP BY 1",
                "SELECT u.x, count(*) AS count FROM u GROUP BY u.x",
            ),
            (
                "SELECT 'a' AS l UNION SELECT x FROM u",
                "SELECT 'a'::text AS l UNION SELECT u.x AS l FROM u",
            ),
            (
                "SELECT NULL AS l UNION SELECT id FROM u",
                "SELECT NULL::integer AS l UNION SELECT id FROM u",
            ),
            ("SELECT one FROM w", "SELECT w.one FROM public.w"),
            (
                "SELECT * FROM t JOIN u USING (id, x)",
                "SELECT t.id, t.x, t.big, t.v, t.v5, t.c, t.ci, t.m, t.n, t.f, t.b, t.d, t.ts, t.tz, t.a, t.i, t.j, t.s, t.k, u.other FROM (t JOIN u USING (id, x))",
            ),
            (
                "WITH q AS (SELECT id FROM u) SELECT * FROM q",
                "WITH z AS (SELECT u.id FROM u) SELECT z.id FROM z",
            ),
            (
                "SELECT id FROM u FETCH FIRST 3 ROWS ONLY",
                "SELECT id FROM u LIMIT 3",
            ),
        ],
        true,
    );
}

#[test]
fn queries_that_differ_have_two_keys() {
    are_two(
        &[
            ("SELECT id FROM u", "SELECT id AS other FROM u"),
            ("SELECT id, x FROM u", "SELECT x, id FROM u"),
            ("SELECT a.id FROM u a, u b", "SELECT b.id FROM u a, u b"),
            ("SELECT id FROM u", "SELECT DISTINCT id FROM u"),
            (
                "SELECT id FROM u UNION SELECT id FROM t",
                "SELECT id FROM u UNION ALL SELECT id FROM t",
            ),
            (
                "SELECT id FROM u EXCEPT SELECT id FROM t",
                "SELECT id FROM t EXCEPT SELECT id FROM u",
            ),
            (
                "SELECT 1 EXCEPT SELECT 2 EXCEPT SELECT 3",
                "SELECT 1 EXCEPT (SELECT 2 EXCEPT SELECT 3)",
            ),
            (
                "SELECT u.id FROM t LEFT JOIN u ON t.id = u.id",
                "SELECT u.id FROM t JOIN u ON t.id = u.id",
            ),
            (
                "SELECT u.id FROM t LEFT JOIN u ON t.id = u.id AND u.x = ''",
                "SELECT u.id FROM t LEFT JOIN u ON t.id = u.id WHERE u.x = ''",
            ),
            (
                "SELECT id FROM u ORDER BY x",
                "SELECT id FROM u ORDER BY x DESC",
            ),
            (
                "SELECT id FROM u ORDER BY x",
                "SELECT id FROM u ORDER BY x NULLS FIRST",
            ),
            ("SELECT id FROM u LIMIT 1", "SELECT id FROM u LIMIT 2"),
            ("SELECT id FROM ONLY u", "SELECT id FROM u"),
            ("SELECT id FROM u FOR UPDATE", "SELECT id FROM u"),
            (
                "SELECT count(*) OVER (ORDER BY id) FROM u",
                "SELECT count(*) OVER (PARTITION BY id) FROM u",
            ),
            (
                "SELECT id FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.id = u.id)",
                "SELECT id FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.id = t.id)",
            ),
        ],
        true,
    );
}

#[test]
fn what_the_grammar_does_not_know_is_left_alone() {
    let catalog = catalog();
    let world = World::new(&catalog);
    let context = Context::empty(&world);
    let deep = format!("{}1{}", "(".repeat(500), ")".repeat(500));
    let long = format!("a{}", " || 'x'".repeat(5000));
    let nested = format!("{}1{}", "((SELECT 1) + ".repeat(60), ")".repeat(60));
    for text in [
        "",
        "(",
        "SELECT",
        "a b c",
        "1 +",
        "treat(a as b)",
        &deep,
        &long,
        &nested,
    ] {
        assert_eq!(context.expression(text), None, "{text}");
    }
    for text in [
        "",
        "SELECT FROM WHERE",
        "TRUNCATE t",
        "INSERT INTO unknown VALUES (1)",
        "SELECT 1 FROM t TABLESAMPLE system",
    ] {
        assert_eq!(context.query(text, &[]), None, "{text}");
    }
}
