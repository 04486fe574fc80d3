//! Whether a change of a column's type writes all rows again.
//!
//! Source: `ATColumnChangeRequiresRewrite` in `src/backend/commands/tablecmds.c`, the support
//! functions of length coercions (`varchar_support`, `numeric_support`, `varbit_support`,
//! `TemporalSimplify`), and the binary-coercible casts of pg_cast.dat.

use crate::dialect::canonical_type_name;
use crate::model::{DataType, Domain};

/// What a change of type does to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retype {
    /// Rows stay as they are.
    InPlace,
    /// Rows stay; the operators of the type are others, so indexes are built anew.
    Reindexed,
    Rewrite,
}

/// The domain of each type, where it is one.
pub(super) type Domains<'a> = (Option<&'a Domain>, Option<&'a Domain>);

pub(super) fn retype(before: &DataType, after: &DataType, domains: Domains<'_>) -> Retype {
    if before == after {
        return Retype::InPlace;
    }
    let (from_domain, to_domain) = domains;
    if to_domain.is_some_and(|d| d.not_null || !d.checks.is_empty()) {
        return Retype::Rewrite;
    }
    let plain = |data_type: &DataType, domain: Option<&Domain>| match domain {
        Some(domain) if !data_type.is_array() => domain.base.clone(),
        _ => data_type.clone(),
    };
    let (before, after) = (plain(before, from_domain), plain(after, to_domain));
    if before == after {
        return Retype::InPlace;
    }
    if before.is_array() || after.is_array() {
        return Retype::Rewrite;
    }
    let name = |t: &DataType| canonical_type_name(&t.name.name).to_owned();
    let (from, to) = (name(&before), name(&after));
    if from == to && before.name.schema == after.name.schema {
        return match keeps_modifiers(&from, &numbers(&before), &numbers(&after)) {
            true => Retype::InPlace,
            false => Retype::Rewrite,
        };
    }
    between(&from, &to, &numbers(&before), &numbers(&after))
}

fn between(from: &str, to: &str, before: &[i64], after: &[i64]) -> Retype {
    let unlimited = after.is_empty();
    match (from, to) {
        ("character varying", "text") => Retype::InPlace,
        ("text", "character varying") if unlimited => Retype::InPlace,
        ("cidr", "inet") => Retype::InPlace,
        ("character varying" | "text", "citext") | ("citext", "text") => Retype::Reindexed,
        ("citext", "character varying") if unlimited => Retype::Reindexed,
        ("integer", "oid") | ("oid", "integer") => Retype::Reindexed,
        ("bit", "bit varying") if unlimited || (!before.is_empty() && before <= after) => {
            Retype::Reindexed
        }
        ("xml", "text") => Retype::InPlace,
        ("xml", "character varying") if unlimited => Retype::InPlace,
        _ => Retype::Rewrite,
    }
}

fn numbers(data_type: &DataType) -> Vec<i64> {
    let numbers = data_type.modifiers.iter().filter_map(|m| m.parse().ok());
    numbers.collect()
}

/// Whether every value of the one modifier is a value of the other.
fn keeps_modifiers(name: &str, before: &[i64], after: &[i64]) -> bool {
    if before == after {
        return true;
    }
    let wider = match (before.first(), after.first()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(b), Some(a)) => a >= b,
    };
    match name {
        "character varying" | "bit varying" => wider,
        "numeric" => {
            let scale = |n: &[i64]| n.get(1).copied().unwrap_or(0);
            wider && (after.is_empty() || scale(before) == scale(after))
        }
        "time without time zone"
        | "time with time zone"
        | "timestamp without time zone"
        | "timestamp with time zone" => {
            // No precision is the highest one.
            let of = |n: &[i64]| n.first().copied().unwrap_or(6);
            of(after) >= of(before)
        }
        "interval" => after.is_empty() || (before.is_empty() && after == [6]) || wider,
        _ => false,
    }
}

/// Whether other types of its family become it without a change of their bytes.
pub fn is_widest(data_type: &DataType) -> bool {
    let name = canonical_type_name(&data_type.name.name);
    let family = matches!(name, "text" | "character varying" | "numeric");
    family && data_type.modifiers.is_empty() && !data_type.is_array()
}

/// Whether values of the one type may have no place in the other.
pub(crate) fn narrows(before: &DataType, after: &DataType) -> bool {
    let name = |t: &DataType| canonical_type_name(&t.name.name).to_owned();
    let (from, to) = (name(before), name(after));
    let (b, a) = (numbers(before), numbers(after));
    if from == to {
        return match (b.first(), a.first()) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(x), Some(y)) => {
                let scale = |n: &[i64]| n.get(1).copied().unwrap_or(0);
                y < x || scale(&a) < scale(&b) || y - scale(&a) < x - scale(&b)
            }
        };
    }
    let is_string = |n: &str| {
        matches!(
            n,
            "text" | "character varying" | "character" | "citext" | "name"
        )
    };
    if is_string(&to) {
        return !a.is_empty() && !matches!(from.as_str(), "boolean" | "uuid");
    }
    let rank = |n: &str| match n {
        "smallint" => Some(1),
        "integer" => Some(2),
        "bigint" => Some(3),
        "numeric" => Some(4),
        "real" => Some(5),
        "double precision" => Some(6),
        _ => None,
    };
    match (rank(&from), rank(&to)) {
        (Some(4), Some(_)) => true,
        // Floating point holds 24 and 53 bits.
        (Some(x), Some(y)) if y >= 5 && x <= 3 => x > y - 4,
        (Some(x), Some(y)) => y < x || (y == 4 && !a.is_empty()),
        _ => {
            let widens = matches!(
                (from.as_str(), to.as_str()),
                (
                    "date",
                    "timestamp without time zone" | "timestamp with time zone"
                ) | ("timestamp without time zone", "timestamp with time zone")
                    | ("json", "jsonb")
                    | ("cidr", "inet")
                    | ("bit", "bit varying")
            );
            !widens
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> DataType {
        let (name, rest) = text.split_once('(').unwrap_or((text, ""));
        let modifiers = rest.trim_end_matches(')').split(',').map(str::trim);
        DataType {
            modifiers: modifiers.filter(|m| !m.is_empty()).map(Box::from).collect(),
            ..DataType::builtin(name)
        }
    }

    #[test]
    fn what_only_widens_stays_in_place() {
        for (from, to) in [
            ("character varying(10)", "character varying(20)"),
            ("character varying(10)", "text"),
            ("text", "character varying"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("numeric(10,2)", "numeric"),
            ("timestamp with time zone(3)", "timestamp with time zone"),
            ("cidr", "inet"),
        ] {
            assert_eq!(
                retype(&of(from), &of(to), (None, None)),
                Retype::InPlace,
                "{from} {to}"
            );
            assert!(!narrows(&of(from), &of(to)), "{from} {to}");
        }
    }

    #[test]
    fn what_changes_the_bytes_is_written_again() {
        for (from, to, narrower) in [
            ("integer", "bigint", false),
            ("bigint", "integer", true),
            ("text", "character varying(10)", true),
            ("character varying(20)", "character varying(10)", true),
            ("numeric(10,2)", "numeric(10,3)", true),
            ("numeric(10,2)", "numeric(13,3)", false),
            (
                "timestamp with time zone",
                "timestamp without time zone",
                true,
            ),
            ("character(3)", "character(5)", false),
            ("text", "integer", true),
        ] {
            assert_eq!(
                retype(&of(from), &of(to), (None, None)),
                Retype::Rewrite,
                "{from} {to}"
            );
            assert_eq!(narrows(&of(from), &of(to)), narrower, "{from} {to}");
        }
    }
}
