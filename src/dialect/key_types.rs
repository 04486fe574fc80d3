//! How the types of a foreign key's columns and of the columns they reference go together.

use super::{Dialect, is_builtin_type, sqlite_affinity};
use crate::model::DataType;

/// How the values of a referencing column relate to those of the referenced one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFit {
    /// Both hold the same values.
    Same,
    /// The referencing column cannot hold every value of the referenced one.
    Narrower,
    /// The referencing column holds values that the referenced one cannot.
    Wider,
    /// Compared only after a conversion.
    Converted,
    /// Never compared: the server refuses the foreign key.
    Refused,
}

impl Dialect {
    /// How a referencing column of type `child` fits a referenced one of type `parent`; domains are
    /// to be replaced by what they are based on.
    ///
    /// Source: PostgreSQL, the btree operator families `integer_ops`, `float_ops`, `text_ops`,
    /// `datetime_ops`; SQLite, "Foreign Key Support", section 3, and "Datatypes In SQLite".
    pub fn key_fit(self, child: &DataType, parent: &DataType) -> KeyFit {
        match self {
            Self::Postgres => postgres_fit(child, parent),
            Self::Sqlite => sqlite_fit(&child.name.name, &parent.name.name),
        }
    }
}

/// Types of one operator family, narrow to wide.
static FAMILIES: &[&[&str]] = &[
    &["smallint", "integer", "bigint"],
    &["real", "double precision"],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
];

static TEXTS: &[&str] = &["name", "character", "character varying", "text"];

fn postgres_fit(child: &DataType, parent: &DataType) -> KeyFit {
    let is_array = (child.is_array(), parent.is_array());
    if child.name == parent.name && is_array.0 == is_array.1 {
        return if child.name.schema.is_none() && TEXTS.contains(&child.name.name.as_str()) {
            length_fit(child, parent)
        } else {
            KeyFit::Same
        };
    }
    if child.name.schema.is_some() || parent.name.schema.is_some() || is_array != (false, false) {
        return KeyFit::Refused;
    }
    let (child_name, parent_name) = (child.name.name.as_str(), parent.name.name.as_str());
    if TEXTS.contains(&child_name) && TEXTS.contains(&parent_name) {
        return length_fit(child, parent);
    }
    for family in FAMILIES {
        let rank = |name| family.iter().position(|member| *member == name);
        match (rank(child_name), rank(parent_name)) {
            (Some(child), Some(parent)) if child < parent => return KeyFit::Narrower,
            (Some(_), Some(_)) => return KeyFit::Wider,
            _ => {}
        }
    }
    let is_integer = |name| matches!(name, "smallint" | "integer" | "bigint");
    match (child_name, parent_name) {
        (child, "numeric") if is_integer(child) => KeyFit::Narrower,
        (child, "real" | "double precision" | "oid") if is_integer(child) => KeyFit::Converted,
        ("inet" | "cidr", "inet" | "cidr") => KeyFit::Same,
        // What the types of an extension can be compared with is not known.
        (child, parent) if !is_builtin_type(child) || !is_builtin_type(parent) => KeyFit::Converted,
        _ => KeyFit::Refused,
    }
}

/// Texts are compared whatever their type; only their limits matter.
fn length_fit(child: &DataType, parent: &DataType) -> KeyFit {
    let limit = |t: &DataType| match t.name.name.as_str() {
        "name" => Some(63),
        // Without a length `character` is `character(1)`, but `bpchar` has the same name.
        _ => t.modifiers.first().and_then(|n| n.parse::<u32>().ok()),
    };
    match (limit(child), limit(parent)) {
        (Some(child), Some(parent)) if child < parent => KeyFit::Narrower,
        (Some(_), None) => KeyFit::Narrower,
        _ => KeyFit::Same,
    }
}

fn sqlite_fit(child: &str, parent: &str) -> KeyFit {
    let is_number = |affinity| matches!(affinity, "INTEGER" | "REAL" | "NUMERIC");
    let (child, parent) = (sqlite_affinity(child), sqlite_affinity(parent));
    if child == parent || (is_number(child) && is_number(parent)) {
        KeyFit::Same
    } else {
        KeyFit::Converted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(child: &str, parent: &str) -> KeyFit {
        Dialect::Postgres.key_fit(&DataType::builtin(child), &DataType::builtin(parent))
    }

    #[test]
    fn integers_are_narrower_or_wider() {
        assert_eq!(fit("integer", "bigint"), KeyFit::Narrower);
        assert_eq!(fit("bigint", "integer"), KeyFit::Wider);
        assert_eq!(fit("uuid", "uuid"), KeyFit::Same);
        assert_eq!(fit("integer", "numeric"), KeyFit::Narrower);
    }

    #[test]
    fn what_the_server_refuses() {
        // As PostgreSQL 15 answers `create table c (k child references p)`.
        for (child, parent) in [
            ("text", "uuid"),
            ("integer", "text"),
            ("numeric", "integer"),
            ("oid", "integer"),
            ("real", "integer"),
        ] {
            assert_eq!(fit(child, parent), KeyFit::Refused, "{child} {parent}");
        }
        for (child, parent) in [
            ("integer", "real"),
            ("cidr", "inet"),
            ("date", "timestamp with time zone"),
        ] {
            assert_ne!(fit(child, parent), KeyFit::Refused, "{child} {parent}");
        }
    }

    #[test]
    fn only_a_shorter_limit_is_narrower() {
        let varchar = |n: &str| DataType {
            modifiers: vec![n.into()],
            ..DataType::builtin("character varying")
        };
        let text = DataType::builtin("text");
        let fit = |a: &DataType, b: &DataType| Dialect::Postgres.key_fit(a, b);
        assert_eq!(fit(&varchar("10"), &varchar("20")), KeyFit::Narrower);
        assert_eq!(fit(&varchar("20"), &varchar("10")), KeyFit::Same);
        assert_eq!(fit(&varchar("20"), &text), KeyFit::Narrower);
        assert_eq!(fit(&text, &varchar("20")), KeyFit::Same);
    }

    #[test]
    fn sqlite_converts() {
        let fit = |a, b| Dialect::Sqlite.key_fit(&DataType::builtin(a), &DataType::builtin(b));
        assert_eq!(fit("INTEGER", "BIGINT"), KeyFit::Same);
        assert_eq!(fit("TEXT", "INTEGER"), KeyFit::Converted);
    }
}
