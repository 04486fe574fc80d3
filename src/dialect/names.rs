//! Names that are made: of implicit constraints, indexes and sequences.

use std::fmt::Write as _;

use super::Dialect;
use crate::model::{Column, QualifiedName};

impl Dialect {
    /// The longest identifier in bytes (`NAMEDATALEN - 1`); `None` where there is no limit.
    pub fn max_identifier_bytes(self) -> Option<usize> {
        match self {
            Self::Postgres => Some(63),
            Self::Sqlite => None,
        }
    }
}

/// The longest identifier of PostgreSQL, in bytes.
const MAX: usize = 63;

/// The name that PostgreSQL makes for an implicit object: `{name1}_{name2}_{label}`, cut to 63
/// bytes by shortening the longer of the two names.
///
/// Source: `makeObjectName`, src/backend/commands/indexcmds.c.
pub fn object_name(name1: &str, name2: &str, label: &str) -> String {
    let mut overhead = 0;
    if !name2.is_empty() {
        overhead += 1;
    }
    if !label.is_empty() {
        overhead += label.len() + 1;
    }
    let available = MAX - overhead;
    let (mut len1, mut len2) = (name1.len(), name2.len());
    while len1 + len2 > available {
        if len1 > len2 { len1 -= 1 } else { len2 -= 1 }
    }
    let mut name = clip(name1, len1).to_owned();
    for part in [clip(name2, len2), label] {
        if !part.is_empty() {
            name.push('_');
            name.push_str(part);
        }
    }
    name
}

/// The name of the sequence that `serial` or an identity column makes.
pub fn sequence_name(table: &QualifiedName, column: &str) -> QualifiedName {
    table.sibling(object_name(&table.name, column, "seq"))
}

/// The name of the sequence behind an identity column.
pub fn identity_sequence(table: &QualifiedName, column: &Column) -> QualifiedName {
    let named = column.identity.as_ref().and_then(|i| i.sequence.clone());
    named.unwrap_or_else(|| sequence_name(table, &column.name))
}

/// The name that PostgreSQL gives a constraint of `table` over `columns` (`label` is `pkey`, `key`,
/// `fkey`, `check`, `excl` or `idx`), where `taken` tells names that are in use.
///
/// Source: `ChooseIndexName`, `ChooseConstraintName`, `ChooseForeignKeyConstraintNameAddition`.
pub fn constraint_name(
    table: &str,
    columns: &[&str],
    label: &str,
    taken: impl Fn(&str) -> bool,
) -> String {
    let mut addition = String::new();
    for column in columns {
        if !addition.is_empty() {
            addition.push('_');
        }
        addition.push_str(column);
        if addition.len() >= MAX {
            break;
        }
    }
    let addition = clip(&addition, MAX);
    let mut name = object_name(table, addition, label);
    let mut pass = 0;
    while taken(&name) {
        pass += 1;
        name = object_name(table, addition, &format!("{label}{pass}"));
    }
    name
}

/// Cuts a name of our own making to the dialect's limit: a prefix and eight hexadecimal digits of a
/// hash of the whole, so that two long names stay different. Shorter names are left alone.
pub fn cut_identifier(dialect: Dialect, name: &str) -> String {
    let Some(max) = dialect.max_identifier_bytes() else {
        return name.to_owned();
    };
    if name.len() <= max {
        return name.to_owned();
    }
    // FNV-1a: stable across versions and platforms, which the standard hasher is not.
    let mut hash = 0x811c_9dc5_u32;
    for byte in name.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    let mut cut = clip(name, max - 9).to_owned();
    let _ = write!(cut, "_{hash:08x}");
    cut
}

/// The longest prefix of at most `max` bytes that ends at a character.
fn clip(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_joined() {
        assert_eq!(
            object_name("tasks", "user_id", "fkey"),
            "tasks_user_id_fkey"
        );
        assert_eq!(object_name("tasks", "", "pkey"), "tasks_pkey");
    }

    #[test]
    fn the_longer_name_is_shortened_first() {
        let name = object_name(&"a".repeat(60), "b", "key");
        assert_eq!(name.len(), 63);
        assert!(name.ends_with("_b_key"));
    }

    #[test]
    fn a_taken_name_is_numbered() {
        let name = constraint_name("t", &["a"], "check", |n| n == "t_a_check");
        assert_eq!(name, "t_a_check1");
    }

    #[test]
    fn cut_names_differ() {
        let (a, b) = ("x".repeat(70), "x".repeat(71));
        let (a, b) = (
            cut_identifier(Dialect::Postgres, &a),
            cut_identifier(Dialect::Postgres, &b),
        );
        assert_eq!((a.len(), b.len()), (63, 63));
        assert_ne!(a, b);
    }
}
