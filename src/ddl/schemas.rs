//! Schemas, extensions and extended statistics.

use super::fragments::texts_of;
use crate::dialect::Dialect;
use crate::model::{Extension, Schema, Statistics};

/// `CREATE SCHEMA`.
pub(super) fn create(schema: &Schema, dialect: Dialect) -> String {
    format!("CREATE SCHEMA {}", dialect.quote(&schema.name))
}

/// `CREATE EXTENSION`. An extension may be there already: plpgsql is in every new database.
pub(super) fn create_extension(extension: &Extension, dialect: Dialect) -> String {
    let name = dialect.quote(&extension.name);
    let mut text = format!("CREATE EXTENSION IF NOT EXISTS {name}");
    if let Some(schema) = &extension.schema {
        text.push_str(&format!(" WITH SCHEMA {}", dialect.quote(schema)));
    }
    if let Some(version) = &extension.version {
        text.push_str(&format!(" VERSION {}", dialect.literal(version)));
    }
    text
}

/// `CREATE STATISTICS`.
pub(super) fn create_statistics(statistics: &Statistics, dialect: Dialect) -> String {
    let name = dialect.quote_name(&statistics.name);
    let kinds = match statistics.kinds.as_slice() {
        [] => String::new(),
        kinds => format!(" ({})", kinds.join(", ")),
    };
    let elements = texts_of(&statistics.elements);
    let table = dialect.quote_name(&statistics.table);
    format!("CREATE STATISTICS {name}{kinds} ON {elements} FROM {table}")
}

/// The statistics target, which CREATE cannot say.
pub(super) fn statistics_target(statistics: &Statistics, dialect: Dialect) -> Option<String> {
    let target = statistics.target?;
    let name = dialect.quote_name(&statistics.name);
    Some(format!("ALTER STATISTICS {name} SET STATISTICS {target}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Expr, QualifiedName};

    #[test]
    fn extensions_name_schema_and_version() {
        let extension = Extension {
            name: "uuid-ossp".into(),
            schema: Some("extensions".into()),
            version: Some("1.1".into()),
            comment: None,
        };
        assert_eq!(
            create_extension(&extension, Dialect::Postgres),
            "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA extensions VERSION '1.1'"
        );
    }

    #[test]
    fn statistics_list_kinds_and_elements() {
        let statistics = Statistics {
            name: QualifiedName::new("public", "s"),
            table: QualifiedName::new("public", "t"),
            kinds: vec!["mcv".into()],
            elements: vec![Expr::new("a", ""), Expr::new("(lower(b))", "")],
            target: Some(500),
            ..Statistics::default()
        };
        assert_eq!(
            create_statistics(&statistics, Dialect::Postgres),
            "CREATE STATISTICS public.s (mcv) ON a, (lower(b)) FROM public.t"
        );
    }
}
