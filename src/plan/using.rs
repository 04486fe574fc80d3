//! How rows come from one type to another: whether ALTER COLUMN TYPE needs a USING clause.
//!
//! Source: the manual, CREATE CAST (assignment casts, and casts to strings through output
//! functions), and pg_cast.dat.

use crate::model::DataType;

/// The expression after USING; `None` where the server has an assignment cast of its own.
pub(super) fn using(
    column: &str,
    printed: &str,
    before: &DataType,
    after: &DataType,
) -> Option<String> {
    if has_assignment_cast(before, after) {
        return None;
    }
    let (from, to) = (name(before), name(after));
    let direct = family(&from) == Some(Family::String)
        || matches!(
            (from.as_str(), to.as_str()),
            ("integer", "boolean") | ("boolean", "integer")
        )
        || (family(&from).is_some() && family(&from) == family(&to));
    Some(match direct {
        true => format!("{column}::{printed}"),
        false => format!("{column}::text::{printed}"),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Number,
    String,
    Moment,
    Json,
    Network,
    Bits,
}

/// The types that have assignment casts among one another.
pub(super) fn family(name: &str) -> Option<Family> {
    Some(match name {
        "smallint" | "integer" | "bigint" | "real" | "double precision" | "numeric" => {
            Family::Number
        }
        "text" | "character varying" | "character" | "bpchar" | "name" | "citext" => Family::String,
        "date" | "timestamp without time zone" | "timestamp with time zone" => Family::Moment,
        "json" | "jsonb" => Family::Json,
        "inet" | "cidr" => Family::Network,
        "bit" | "bit varying" => Family::Bits,
        _ => return None,
    })
}

/// The family of a type without an array's brackets, spelled as the server does.
pub(super) fn name(data_type: &DataType) -> String {
    crate::dialect::canonical_type_name(&data_type.name.name).to_owned()
}

fn has_assignment_cast(before: &DataType, after: &DataType) -> bool {
    if before.is_array() != after.is_array() {
        // Everything can be written as a string.
        return before.is_array() && family(&name(after)) == Some(Family::String);
    }
    if before.name == after.name {
        return true;
    }
    let (from, to) = (family(&name(before)), family(&name(after)));
    to == Some(Family::String) || (from.is_some() && from == to)
}

/// Whether expressions over the column stay what they are: the same operators over constants of the
/// same types. The server keeps the casts that it once gave to constants (`0::numeric`).
pub(super) fn keeps_operators(before: &DataType, after: &DataType) -> bool {
    let whole = |name: &str| matches!(name, "smallint" | "integer" | "bigint");
    let text = |name: &str| matches!(name, "text" | "character varying");
    let (from, to) = (name(before), name(after));
    before.is_array() == after.is_array()
        && (before.name == after.name || (whole(&from) && whole(&to)) || (text(&from) && text(&to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_to(before: &str, after: &str) -> Option<String> {
        using(
            "c",
            after,
            &DataType::builtin(before),
            &DataType::builtin(after),
        )
    }

    #[test]
    fn casts_of_assignment_need_no_words() {
        for (before, after) in [("integer", "bigint"), ("uuid", "text"), ("json", "jsonb")] {
            assert_eq!(from_to(before, after), None, "{before} {after}");
        }
    }

    #[test]
    fn other_casts_are_written_out() {
        assert_eq!(from_to("text", "integer").as_deref(), Some("c::integer"));
        assert_eq!(from_to("boolean", "integer").as_deref(), Some("c::integer"));
        assert_eq!(from_to("bytea", "uuid").as_deref(), Some("c::text::uuid"));
    }
}
