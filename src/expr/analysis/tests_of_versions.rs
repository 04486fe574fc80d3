//! What newer servers read and print, and what older ones make of the same text. The second texts are
//! those of PostgreSQL 18 (`pg_get_functiondef`, `pg_get_viewdef`), and of 13 for `extract`.

use super::tests::{are_one, are_two, catalog};
use super::{Context, World};
use crate::model::{Catalog, QualifiedName};

#[test]
fn merge_has_one_key() {
    are_one(
        &[
            (
                "MERGE INTO u USING t ON u.id = t.id WHEN MATCHED AND v = 'gone' THEN DELETE \
                 WHEN MATCHED THEN UPDATE SET x = t.x, other = 'b' \
                 WHEN NOT MATCHED AND t.id > 5 THEN INSERT (id, x) VALUES (t.id, 'new') \
                 WHEN NOT MATCHED THEN DO NOTHING",
                "MERGE INTO u USING t ON (u.id = t.id) WHEN MATCHED AND ((t.v)::text = 'gone'::text) THEN DELETE \
                 WHEN MATCHED THEN UPDATE SET x = t.x, other = 'b'::text \
                 WHEN NOT MATCHED AND (t.id > 5) THEN INSERT (id, x) VALUES (t.id, 'new'::text) \
                 WHEN NOT MATCHED THEN DO NOTHING",
            ),
            (
                "MERGE INTO ONLY u AS target USING (SELECT id FROM t) AS src ON target.id = src.id \
                 WHEN NOT MATCHED BY SOURCE AND x = 'q' THEN UPDATE SET (x, other) = ('a', 'b') \
                 WHEN NOT MATCHED BY TARGET THEN INSERT DEFAULT VALUES",
                "MERGE INTO ONLY u target USING ( SELECT t.id FROM t) src ON (target.id = src.id) \
                 WHEN NOT MATCHED BY SOURCE AND (target.x = 'q'::text) \
                 THEN UPDATE SET x = 'a'::text, other = 'b'::text \
                 WHEN NOT MATCHED BY TARGET THEN INSERT DEFAULT VALUES",
            ),
            (
                "MERGE INTO u USING t ON u.id = t.id WHEN MATCHED THEN UPDATE SET x = DEFAULT \
                 WHEN NOT MATCHED THEN INSERT VALUES (id, 'new') RETURNING merge_action(), old.x, new.*, u.id",
                "MERGE INTO u USING t ON (u.id = t.id) WHEN MATCHED THEN UPDATE SET x = DEFAULT \
                 WHEN NOT MATCHED THEN INSERT (id, x) VALUES (t.id, 'new'::text) \
                 RETURNING MERGE_ACTION() AS \"merge_action\", old.x, new.id, new.x, new.other, u.id",
            ),
        ],
        true,
    );
    let merge = "MERGE INTO u USING t ON u.id = t.id WHEN MATCHED";
    are_two(
        &[
            (
                &format!("{merge} THEN DELETE"),
                &format!("{merge} THEN DO NOTHING"),
            ),
            (
                &format!("{merge} AND t.x = '' THEN DELETE"),
                &format!("{merge} AND u.x = '' THEN DELETE"),
            ),
            (
                "MERGE INTO u USING t ON u.id = t.id WHEN NOT MATCHED BY SOURCE THEN DO NOTHING",
                "MERGE INTO u USING t ON u.id = t.id WHEN NOT MATCHED BY TARGET THEN DO NOTHING",
            ),
        ],
        true,
    );
}

#[test]
fn returning_knows_the_row_before_and_after() {
    are_one(
        &[
            (
                "UPDATE u SET x = 'a' RETURNING old.x || new.x, x",
                "UPDATE u SET x = 'a'::text RETURNING (old.x || new.x), u.x",
            ),
            (
                "INSERT INTO u (id) VALUES (1) RETURNING WITH (OLD AS before, NEW AS after) coalesce(before.x, after.x)",
                "INSERT INTO u (id) VALUES (1) RETURNING COALESCE(old.x, new.x) AS \"coalesce\"",
            ),
        ],
        true,
    );
    are_two(
        &[
            (
                "DELETE FROM u RETURNING old.x",
                "DELETE FROM u RETURNING new.x",
            ),
            ("DELETE FROM u RETURNING old.x", "DELETE FROM u RETURNING x"),
        ],
        true,
    );
}

#[test]
fn json_table_has_one_key() {
    are_one(
        &[
            (
                "SELECT j.*, t.id FROM t, JSON_TABLE(t.j, '$.items[*]' PASSING t.id AS n COLUMNS (\
                 no FOR ORDINALITY, a int, c jsonb PATH '$.c', d boolean EXISTS PATH '$.d', \
                 e text FORMAT JSON PATH '$.e', f numeric(5,2) PATH '$.f' DEFAULT 0 ON EMPTY ERROR ON ERROR, \
                 g int[] PATH '$.g' WITH WRAPPER, h text PATH '$.h' NULL ON EMPTY, \
                 NESTED PATH '$.kids[*]' COLUMNS (name text PATH '$.name', \
                 NESTED '$.toys[*]' AS toys COLUMNS (toy text)))) j",
                "SELECT j.no, j.a, j.c, j.d, j.e, j.f, j.g, j.h, j.name, j.toy, t.id FROM t, LATERAL JSON_TABLE(\
                 t.j, '$.\"items\"[*]' AS json_table_path_0 PASSING t.id AS n COLUMNS (\
                 no FOR ORDINALITY, a integer PATH '$.\"a\"', \
                 c jsonb PATH '$.\"c\"' WITHOUT WRAPPER KEEP QUOTES, d boolean EXISTS PATH '$.\"d\"', \
                 e text FORMAT JSON PATH '$.\"e\"' WITHOUT WRAPPER KEEP QUOTES, \
                 f numeric(5,2) PATH '$.\"f\"' DEFAULT (0)::numeric(5,2) ON EMPTY ERROR ON ERROR, \
                 g integer[] PATH '$.\"g\"' WITH UNCONDITIONAL WRAPPER KEEP QUOTES, h text PATH '$.\"h\"', \
                 NESTED PATH '$.\"kids\"[*]' AS json_table_path_1 COLUMNS ( name text PATH '$.\"name\"', \
                 NESTED PATH '$.\"toys\"[*]' AS toys COLUMNS ( toy text PATH '$.\"toy\"')))) j",
            ),
            (
                "SELECT z, found FROM t, JSON_TABLE(t.j, '$' AS root COLUMNS (z int EXISTS, k json OMIT QUOTES, \
                 found text PATH '$.d' DEFAULT 'q' ON ERROR) ERROR ON ERROR) AS jj",
                "SELECT jj.z, jj.found FROM t, LATERAL JSON_TABLE( t.j, '$' AS root COLUMNS ( \
                 z integer EXISTS PATH '$.\"z\"', k json PATH '$.\"k\"' WITHOUT WRAPPER OMIT QUOTES, \
                 found text PATH '$.\"d\"' DEFAULT 'q'::text ON ERROR ) ERROR ON ERROR ) jj",
            ),
        ],
        true,
    );
    let of = |columns: &str| format!("SELECT 1 FROM JSON_TABLE('[1]', '$' COLUMNS ({columns}))");
    are_two(
        &[
            (&of("a int"), &of("a bigint")),
            (&of("a int PATH '$.a'"), &of("a int PATH '$.b'")),
            (&of("a int NULL ON ERROR"), &of("a int ERROR ON ERROR")),
            (&of("a jsonb WITH WRAPPER"), &of("a jsonb")),
            (&of("a int EXISTS"), &of("a int")),
        ],
        true,
    );
}

#[test]
fn constructors_of_json_have_one_key() {
    are_one(
        &[
            (
                "SELECT JSON_OBJECT('a': id, 'b' VALUE x ABSENT ON NULL), JSON_ARRAY(id, x NULL ON NULL)",
                "SELECT JSON_OBJECT('a' : id, 'b' : x ABSENT ON NULL RETURNING json) AS \"json_object\", \
                 JSON_ARRAY(id, x NULL ON NULL RETURNING json) AS \"json_array\"",
            ),
            (
                "SELECT JSON_VALUE(j, '$.a' RETURNING int DEFAULT 1 ON EMPTY)",
                "SELECT JSON_VALUE(j, '$.\"a\"' RETURNING integer DEFAULT 1 ON EMPTY) AS \"json_value\"",
            ),
        ],
        true,
    );
    are_two(
        &[
            ("JSON_ARRAY(id, x)", "JSON_ARRAY(id, x NULL ON NULL)"),
            (
                "JSON_OBJECT('a': id)",
                "JSON_OBJECT('a': id WITH UNIQUE KEYS)",
            ),
            ("JSON_VALUE(j, '$.a')", "JSON_VALUE(j, '$.a' RETURNING int)"),
        ],
        false,
    );
}

#[test]
fn extract_is_date_part_before_14() {
    let mut catalog = catalog();
    let key = |catalog: &Catalog, text: &str| {
        let world = World::new(catalog);
        let context = Context::table(&world, &QualifiedName::new("public", "t"));
        context
            .query(text, &[])
            .unwrap_or_else(|| panic!("not read: {text}"))
    };
    let written = "SELECT extract(year FROM d), extract(epoch FROM ts) + 1 AS later FROM t";
    let of_13 = "SELECT date_part('year'::text, t.d) AS date_part, \
                 (date_part('epoch'::text, t.ts) + (1)::double precision) AS later FROM t";
    assert_ne!(key(&catalog, written), key(&catalog, of_13));
    catalog.extracts_floats = true;
    assert_eq!(key(&catalog, written), key(&catalog, of_13));
}
