//! How rows come from one type to another: whether ALTER COLUMN TYPE needs a USING clause, and which.
//!
//! Invariant: what the server has no cast for is not guessed. The text of such a plan goes by way of
//! strings, so that it can be shown, and [`super::obstacles`] asks the author for the expression.

use crate::dialect::TargetVersion;
use crate::expr::{Conversion, conversion};
use crate::model::{Catalog, DataType, ObjectId, Pair};

/// What conversions depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Casting<'a> {
    pub(super) catalogs: Pair<&'a Catalog>,
    pub(super) version: TargetVersion,
}

impl<'a> Casting<'a> {
    pub(super) fn new(catalogs: Pair<&'a Catalog>, version: TargetVersion) -> Self {
        Self { catalogs, version }
    }

    /// The expression after USING; `None` where the server casts by itself.
    pub(super) fn using(
        self,
        column: &str,
        printed: &str,
        before: &DataType,
        after: &DataType,
    ) -> Option<String> {
        match self.conversion(before, after) {
            Conversion::Assignment => None,
            Conversion::Explicit | Conversion::Unknown => Some(format!("{column}::{printed}")),
            Conversion::None if before.is_array() && after.is_array() => {
                Some(format!("{column}::text[]::{printed}"))
            }
            Conversion::None => Some(format!("{column}::text::{printed}")),
        }
    }

    /// Whether rows can come to the type without a word of the author's: there is a cast, or every
    /// value of the one enum is one of the other, by its name.
    pub(super) fn is_known(self, before: &DataType, after: &DataType) -> bool {
        match self.conversion(before, after) {
            Conversion::Assignment | Conversion::Explicit => true,
            Conversion::Unknown => false,
            Conversion::None => {
                before.is_array() == after.is_array() && self.is_larger_enum(before, after)
            }
        }
    }

    /// Whether a cast that is written leads there.
    pub(super) fn has_cast(self, before: &DataType, after: &DataType) -> bool {
        let found = self.conversion(before, after);
        matches!(found, Conversion::Assignment | Conversion::Explicit)
    }

    fn conversion(self, before: &DataType, after: &DataType) -> Conversion {
        conversion(self.catalogs, (before, after), self.version)
    }

    fn is_larger_enum(self, before: &DataType, after: &DataType) -> bool {
        let (Some(before), Some(after)) = (
            self.catalogs.before.enums.get(&before.name),
            self.catalogs.after.enums.get(&after.name),
        ) else {
            return false;
        };
        before.values.iter().all(|v| after.values.contains(v))
    }

    /// What the author says about the values of a column.
    pub(super) fn said(self, column: &ObjectId) -> Option<&'a str> {
        self.catalogs.after.notes(column)?.using.as_deref()
    }
}

/// The name of a type without an array's brackets, spelled as the server does.
pub(super) fn name(data_type: &DataType) -> String {
    crate::dialect::canonical_type_name(&data_type.name.name).to_owned()
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
    use crate::dialect::Dialect;
    use crate::model::{EnumType, QualifiedName};

    fn enums(values: [&[&str]; 2]) -> Catalog {
        let mut catalog = Catalog::default();
        for (name, values) in ["one", "two"].into_iter().zip(values) {
            let name = QualifiedName::new("public", name);
            let made = EnumType {
                name: name.clone(),
                values: values.iter().map(|v| Box::from(*v)).collect(),
                ..EnumType::default()
            };
            catalog.enums.insert(name, made);
        }
        catalog
    }

    fn of(name: &str) -> DataType {
        match name {
            "one" | "two" => DataType {
                name: QualifiedName::new("public", name),
                ..DataType::default()
            },
            name => DataType::builtin(name),
        }
    }

    fn from_to(before: &str, after: &str) -> (Option<String>, bool) {
        let catalog = enums([&["a"], &["a", "b"]]);
        let version = TargetVersion::default_of(Dialect::Postgres);
        let casting = Casting::new(Pair::new(&catalog, &catalog), version);
        let (before, printed, after) = (of(before), after, of(after));
        let known = casting.is_known(&before, &after);
        (casting.using("c", printed, &before, &after), known)
    }

    #[test]
    fn casts_of_assignment_need_no_words() {
        for (before, after) in [("integer", "bigint"), ("uuid", "text"), ("json", "jsonb")] {
            assert_eq!(from_to(before, after), (None, true), "{before} {after}");
        }
    }

    #[test]
    fn other_casts_are_written_out() {
        for (before, after, cast) in [
            ("text", "integer", "c::integer"),
            ("boolean", "integer", "c::integer"),
            ("text", "one", "c::one"),
        ] {
            assert_eq!(from_to(before, after), (Some(cast.to_owned()), true));
        }
    }

    #[test]
    fn without_a_cast_the_author_is_asked() {
        let by_text = |to: &str| Some(format!("c::text::{to}"));
        assert_eq!(from_to("bytea", "uuid"), (by_text("uuid"), false));
        assert_eq!(from_to("one", "two"), (by_text("two"), true));
        assert_eq!(from_to("two", "one"), (by_text("one"), false));
    }
}
