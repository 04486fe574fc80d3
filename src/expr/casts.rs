//! How the rows of a column come from one type to another.
//!
//! Source: `find_coercion_pathway` in src/backend/parser/parse_coerce.c, CREATE CAST in the manual,
//! and `pg_cast`. What an extension brings along that is not listed here is not known, and said so.

use super::builtin::builtins;
use crate::dialect::{Dialect, TargetVersion, canonical_type_name};
use crate::model::{CastContext, Catalog, DataType, Pair, QualifiedName};

/// What the server knows about a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// It happens by itself where a value is stored.
    Assignment,
    /// A cast has to be written.
    Explicit,
    /// There is no cast.
    None,
    /// One of the types belongs to an extension whose casts are not known.
    Unknown,
}

/// Domains over domains are followed this far.
const DOMAINS: usize = 16;

/// What the server does with values of the one type where the other is wanted. The types are those
/// of two catalogs, of which the casts of both count.
pub fn conversion(
    catalogs: Pair<&Catalog>,
    (from, to): (&DataType, &DataType),
    version: TargetVersion,
) -> Conversion {
    if version.dialect != Dialect::Postgres {
        return Conversion::Assignment;
    }
    let types = Pair::new(base(catalogs.before, from), base(catalogs.after, to));
    Conversions { catalogs, version }.between(&types.before, &types.after)
}

/// The type under a domain.
fn base(catalog: &Catalog, data_type: &DataType) -> DataType {
    let mut found = data_type.clone();
    for _ in 0..DOMAINS {
        let Some(domain) = catalog.domains.get(&found.name) else {
            break;
        };
        let dimensions = found.dimensions.max(domain.base.dimensions);
        found = DataType {
            dimensions,
            ..domain.base.clone()
        };
    }
    found
}

struct Conversions<'a> {
    catalogs: Pair<&'a Catalog>,
    version: TargetVersion,
}

impl Conversions<'_> {
    fn between(&self, from: &DataType, to: &DataType) -> Conversion {
        if from.is_array() && to.is_array() {
            let element = |t: &DataType| DataType {
                dimensions: 0,
                ..t.clone()
            };
            return match self.between(&element(from), &element(to)) {
                Conversion::None => self.by_text(from, to),
                found => found,
            };
        }
        if from.name == to.name && from.is_array() == to.is_array() {
            return Conversion::Assignment;
        }
        if !from.is_array()
            && !to.is_array()
            && let Some(cast) = self.cast(from, to)
        {
            return cast;
        }
        let category = self.by_text(from, to);
        let foreign = |catalog: &Catalog, t: &DataType| !t.is_array() && is_foreign(catalog, t);
        let unknown = foreign(self.catalogs.before, from) || foreign(self.catalogs.after, to);
        match category {
            Conversion::None if unknown => Conversion::Unknown,
            category => category,
        }
    }

    /// The cast that is declared, by the server or by the schema.
    fn cast(&self, from: &DataType, to: &DataType) -> Option<Conversion> {
        let plain = |t: &DataType| DataType {
            modifiers: Vec::new(),
            ..t.clone()
        };
        let pair = (plain(from), plain(to));
        let mut declared = [self.catalogs.before, self.catalogs.after].into_iter();
        if let Some(cast) = declared.find_map(|catalog| catalog.casts.get(&pair)) {
            return Some(match cast.context {
                CastContext::Explicit => Conversion::Explicit,
                CastContext::Assignment | CastContext::Implicit => Conversion::Assignment,
            });
        }
        let names = (known_name(from), known_name(to));
        // Whole numbers and bytes: since version 18.
        if (names.0 == "bytea" || names.1 == "bytea") && self.version.major < 18 {
            let number = |name| matches!(name, "smallint" | "integer" | "bigint");
            if number(names.0) || number(names.1) {
                return None;
            }
        }
        let cast = builtins().casts.get(&names)?;
        Some(match cast.implicit || cast.assignment {
            true => Conversion::Assignment,
            false => Conversion::Explicit,
        })
    }

    /// Every type can be written as a string, and read from one.
    fn by_text(&self, from: &DataType, to: &DataType) -> Conversion {
        match (is_string(from), is_string(to)) {
            (_, true) => Conversion::Assignment,
            (true, false) => Conversion::Explicit,
            (false, false) => Conversion::None,
        }
    }
}

/// Types of extensions may have a schema; those of the lists have none.
fn known_name(data_type: &DataType) -> &str {
    canonical_type_name(&data_type.name.name)
}

fn is_string(data_type: &DataType) -> bool {
    let found = builtins().types.get(known_name(data_type));
    !data_type.is_array() && found.is_some_and(|t| t.category == 'S')
}

/// Whether neither the server nor the schema has the type.
fn is_foreign(catalog: &Catalog, data_type: &DataType) -> bool {
    let name: &QualifiedName = &data_type.name;
    let declared = catalog.enums.contains_key(name)
        || catalog.composites.contains_key(name)
        || catalog.tables.contains_key(name)
        || catalog.views.contains_key(name);
    !declared && !builtins().types.contains_key(known_name(data_type))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Domain, EnumType, Ident};

    fn version(major: u16) -> TargetVersion {
        TargetVersion {
            major,
            ..TargetVersion::default_of(Dialect::Postgres)
        }
    }

    fn of(text: &str) -> DataType {
        let (name, dimensions) = match text.strip_suffix("[]") {
            Some(name) => (name, 1),
            None => (text, 0),
        };
        let name = match name.split_once('.') {
            Some((schema, name)) => QualifiedName::new(schema, name),
            None => QualifiedName::bare(name),
        };
        DataType {
            name,
            dimensions,
            ..DataType::default()
        }
    }

    fn catalog() -> Catalog {
        let mut catalog = Catalog::default();
        for name in ["mood", "state"] {
            let name = QualifiedName::new("public", Ident::new(name));
            let o = EnumType {
                name: name.clone(),
                ..EnumType::default()
            };
            catalog.enums.insert(name, o);
        }
        let name = QualifiedName::new("public", "positive");
        let domain = Domain {
            name: name.clone(),
            base: of("integer"),
            ..Domain::default()
        };
        catalog.domains.insert(name, domain);
        catalog
    }

    fn between(from: &str, to: &str) -> Conversion {
        let catalog = catalog();
        conversion(
            Pair::new(&catalog, &catalog),
            (&of(from), &of(to)),
            version(15),
        )
    }

    #[test]
    fn casts_are_the_servers() {
        use Conversion::{Assignment, Explicit, None, Unknown};
        for (from, to, expected) in [
            ("integer", "bigint", Assignment),
            ("bigint", "smallint", Assignment),
            ("json", "jsonb", Assignment),
            ("uuid", "text", Assignment),
            ("integer[]", "text", Assignment),
            ("integer[]", "bigint[]", Assignment),
            ("public.mood", "character varying", Assignment),
            ("public.positive", "numeric", Assignment),
            ("integer", "public.positive", Assignment),
            ("integer", "boolean", Explicit),
            ("text", "uuid", Explicit),
            ("text[]", "uuid[]", Explicit),
            ("character varying", "public.mood", Explicit),
            ("text", "public.geometry", Explicit),
            ("integer", "uuid", None),
            ("integer", "bytea", None),
            ("boolean", "timestamp with time zone", None),
            ("public.mood", "public.state", None),
            ("integer", "public.mood", None),
            ("integer", "integer[]", None),
            ("jsonb", "text[]", None),
            ("bytea", "public.geometry", Unknown),
        ] {
            assert_eq!(between(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn numbers_and_bytes_convert_since_18() {
        let catalog = Catalog::default();
        let types = (&of("integer"), &of("bytea"));
        let pair = Pair::new(&catalog, &catalog);
        assert_eq!(conversion(pair, types, version(18)), Conversion::Explicit);
    }
}
