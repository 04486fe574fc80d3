//! The bound of a partition as a condition over its rows.
//!
//! Source: `get_qual_for_range` and `get_qual_for_list` in `src/backend/partitioning/partbounds.c`.
//! The condition is spelled so that the server finds a CHECK of it to imply the bound.

use crate::dialect::Dialect;
use crate::model::{Expr, Ident, PartitionBound, PartitionBy};

/// What a row has to satisfy to be in a partition; `None` for hashes, which no plain condition tells, and
/// for the default partition, whose condition is all others'.
pub fn partition_condition(
    by: &PartitionBy,
    bound: &PartitionBound,
    dialect: Dialect,
) -> Option<String> {
    let key = |column: Option<&Ident>, expression: Option<&Expr>| match (column, expression) {
        (Some(column), _) => Some(dialect.quote(column).into_owned()),
        (None, expression) => Some(format!("({})", expression?.text())),
    };
    let keys: Option<Vec<String>> = by
        .keys
        .iter()
        .map(|k| key(k.column.as_ref(), k.expression.as_ref()))
        .collect();
    let keys = keys?;
    match bound {
        PartitionBound::List(values) => list(keys.first()?, values),
        PartitionBound::Range { from, to } => range(&keys, from, to),
        PartitionBound::Default | PartitionBound::Hash { .. } => None,
    }
}

fn list(key: &str, values: &[Expr]) -> Option<String> {
    let is_null = |e: &&Expr| e.text().eq_ignore_ascii_case("null");
    let there: Vec<&str> = values
        .iter()
        .filter(|e| !is_null(e))
        .map(Expr::text)
        .collect();
    let among = match there.as_slice() {
        [] => None,
        [one] => Some(format!("{key} = {one}")),
        several => Some(format!("{key} IN ({})", several.join(", "))),
    };
    match (among, values.iter().any(|e| is_null(&e))) {
        (Some(among), false) => Some(format!("{key} IS NOT NULL AND {among}")),
        (Some(among), true) => Some(format!("{key} IS NULL OR {among}")),
        (None, true) => Some(format!("{key} IS NULL")),
        (None, false) => None,
    }
}

fn range(keys: &[String], from: &[Expr], to: &[Expr]) -> Option<String> {
    if from.len() != keys.len() || to.len() != keys.len() {
        return None;
    }
    let mut parts: Vec<String> = keys.iter().map(|k| format!("{k} IS NOT NULL")).collect();
    // The keys on which both ends agree have one value.
    let open = |e: &Expr| matches!(&*e.text().to_ascii_lowercase(), "minvalue" | "maxvalue");
    let pairs = from.iter().zip(to);
    let same = pairs
        .take_while(|(f, t)| !open(f) && !open(t) && f.text() == t.text())
        .count();
    parts.extend((0..same).map(|n| format!("{} = {}", keys[n], from[n].text())));
    parts.extend(side(&keys[same..], &from[same..], (">", ">=")));
    parts.extend(side(&keys[same..], &to[same..], ("<", "<")));
    Some(parts.join(" AND "))
}

/// One end of a range: rows are compared key by key. `within` and `last` are the operators of a value
/// that others follow, and of the last one.
fn side(keys: &[String], values: &[Expr], (within, last): (&str, &str)) -> Option<String> {
    let word = |e: &Expr| e.text().to_ascii_lowercase();
    let open = |e: &Expr| matches!(word(e).as_str(), "minvalue" | "maxvalue");
    let count = values.iter().position(open).unwrap_or(values.len());
    // FROM (a, MINVALUE) and TO (a, MAXVALUE) take the rows of a, FROM (a, MAXVALUE) does not.
    let last = match values.get(count).map(word).as_deref() {
        Some("maxvalue") if within == "<" => "<=",
        Some("maxvalue") => ">",
        _ => last,
    };
    let way = |n: usize| {
        let same = (0..n).map(|m| format!("{} = {}", keys[m], values[m].text()));
        let operator = if n + 1 == count { last } else { within };
        let mut terms: Vec<String> = same.collect();
        terms.push(format!("{} {operator} {}", keys[n], values[n].text()));
        match terms.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(" AND ")),
        }
    };
    let ways: Vec<String> = (0..count).map(way).collect();
    match ways.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("({})", several.join(" OR "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IndexElement;

    fn condition(keys: &[&str], bound: &PartitionBound) -> Option<String> {
        let by = PartitionBy {
            strategy: "range".into(),
            keys: keys
                .iter()
                .map(|k| IndexElement::column(Ident::new(*k)))
                .collect(),
        };
        partition_condition(&by, bound, Dialect::Postgres)
    }

    fn values(texts: &[&str]) -> Vec<Expr> {
        texts.iter().map(|t| Expr::new(*t, *t)).collect()
    }

    fn between(from: &[&str], to: &[&str]) -> String {
        let bound = PartitionBound::Range {
            from: values(from),
            to: values(to),
        };
        condition(&["a", "b"], &bound).unwrap()
    }

    /// What `pg_get_partition_constraintdef` of a PostgreSQL 15 says of the same bounds.
    #[test]
    fn ranges_are_compared_key_by_key() {
        let both = "a IS NOT NULL AND b IS NOT NULL AND ";
        let cases = [
            (
                between(&["1", "10"], &["5", "20"]),
                "(a > 1 OR (a = 1 AND b >= 10)) AND (a < 5 OR (a = 5 AND b < 20))",
            ),
            (
                between(&["5", "20"], &["5", "30"]),
                "a = 5 AND b >= 20 AND b < 30",
            ),
            (
                between(&["6", "MINVALUE"], &["7", "MINVALUE"]),
                "a >= 6 AND a < 7",
            ),
            (
                between(&["8", "MINVALUE"], &["9", "MAXVALUE"]),
                "a >= 8 AND a <= 9",
            ),
            (
                between(&["9", "MAXVALUE"], &["MAXVALUE", "MAXVALUE"]),
                "a > 9",
            ),
            (
                between(&["MINVALUE", "MINVALUE"], &["0", "3"]),
                "(a < 0 OR (a = 0 AND b < 3))",
            ),
        ];
        for (found, wanted) in cases {
            assert_eq!(found, format!("{both}{wanted}"));
        }
    }

    #[test]
    fn lists_say_whether_null_is_among_them() {
        let of = |texts: &[&str]| condition(&["a"], &PartitionBound::List(values(texts))).unwrap();
        assert_eq!(of(&["'x'", "'y'"]), "a IS NOT NULL AND a IN ('x', 'y')");
        assert_eq!(of(&["'z'", "NULL"]), "a IS NULL OR a = 'z'");
        assert_eq!(condition(&["a"], &PartitionBound::Default), None);
    }
}
