//! References of queries and expressions.

use super::*;

fn names(text: &str, kind: ReferenceKind) -> Vec<String> {
    let mut names: Vec<_> = references_of_query(text, Dialect::Postgres)
        .into_iter()
        .filter(|r| r.kind == kind)
        .map(|r| r.name.to_string())
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn relations_of_a_query() {
    let text = "WITH c AS (SELECT * FROM a) SELECT x.id, extract(year from y.d) FROM c, s.\"B\" x \
                JOIN (d LEFT JOIN e ON true) ON x.id IS DISTINCT FROM y.id WHERE EXISTS (SELECT 1 FROM f)";
    assert_eq!(
        names(text, ReferenceKind::Relation),
        ["a", "d", "e", "f", "s.B"]
    );
}

#[test]
fn functions_and_types() {
    let text = "auth.uid() = user_id AND lower(a)::s.t = CAST(b AS int4)";
    assert_eq!(names(text, ReferenceKind::Function), ["auth.uid", "lower"]);
    assert_eq!(names(text, ReferenceKind::Type), ["integer", "s.t"]);
    assert_eq!(names(text, ReferenceKind::Column), ["a", "b", "user_id"]);
}

#[test]
fn sequences_in_strings() {
    assert_eq!(
        names(
            "nextval('public.t_id_seq'::regclass)",
            ReferenceKind::Relation
        ),
        ["public.t_id_seq"]
    );
}

#[test]
fn a_table_by_itself_is_a_query() {
    for (text, read) in [
        ("TABLE s.a", vec!["s.a"]),
        (
            "WITH c AS (TABLE a) TABLE c UNION ALL TABLE b",
            vec!["a", "b"],
        ),
        ("SELECT * FROM (TABLE a) x", vec!["a"]),
    ] {
        assert_eq!(names(text, ReferenceKind::Relation), read, "{text}");
    }
}
