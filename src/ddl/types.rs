//! Types of the schema: enums, domains, composites, ranges, base types, collations.

use super::columns::collation;
use super::fragments::{block, default_expression, definition, parenthesised};
use super::subject::comment_on;
use crate::dialect::Dialect;
use crate::model::{Collation, CompositeType, Domain, DomainCheck, EnumType, RangeType, ShellType};

/// `CREATE TYPE ... AS ENUM`.
pub(super) fn create_enum(enumeration: &EnumType, dialect: Dialect) -> String {
    let name = dialect.quote_name(&enumeration.name);
    let values: Vec<_> = enumeration
        .values
        .iter()
        .map(|v| dialect.literal(v))
        .collect();
    if values.is_empty() {
        return format!("CREATE TYPE {name} AS ENUM ()");
    }
    format!("CREATE TYPE {name} AS ENUM {}", block(&values))
}

/// `CREATE DOMAIN`, without checks that are not valid.
pub(super) fn create_domain(domain: &Domain, dialect: Dialect) -> String {
    let name = dialect.quote_name(&domain.name);
    let base = dialect.print_type(&domain.base);
    let mut text = format!("CREATE DOMAIN {name} AS {base}");
    text.push_str(&collation(domain.collation.as_ref(), dialect));
    if let Some(default) = &domain.default {
        text.push_str(&format!(
            " DEFAULT {}",
            default_expression(default, dialect)
        ));
    }
    if domain.not_null {
        text.push_str(" NOT NULL");
    }
    for check in domain.checks.iter().filter(|c| !c.not_valid) {
        text.push_str(&format!("\n    {}", domain_check(check, dialect)));
    }
    text
}

/// `CONSTRAINT name CHECK (...)` of a domain.
pub(super) fn domain_check(check: &DomainCheck, dialect: Dialect) -> String {
    let expression = parenthesised(&check.expression);
    let valid = if check.not_valid { " NOT VALID" } else { "" };
    if check.name.is_empty() {
        return format!("CHECK {expression}{valid}");
    }
    let name = dialect.quote(&check.name);
    format!("CONSTRAINT {name} CHECK {expression}{valid}")
}

/// What CREATE DOMAIN cannot say: checks that are not valid, comments of checks.
pub(super) fn domain_alterations(domain: &Domain, dialect: Dialect) -> Vec<String> {
    let name = dialect.quote_name(&domain.name);
    let mut out = Vec::new();
    for check in domain.checks.iter().filter(|c| c.not_valid) {
        let check = domain_check(check, dialect);
        out.push(format!("ALTER DOMAIN {name} ADD {check}"));
    }
    for check in &domain.checks {
        let on = format!("{} ON DOMAIN {name}", dialect.quote(&check.name));
        let comment = check.comment.as_deref();
        out.extend(comment.and_then(|c| comment_on("CONSTRAINT", &on, Some(c), dialect)));
    }
    out
}

/// `CREATE TYPE ... AS (...)`.
pub(super) fn create_composite(composite: &CompositeType, dialect: Dialect) -> String {
    let name = dialect.quote_name(&composite.name);
    let print = |(attribute, data_type, collate): &(_, _, Option<_>)| {
        let attribute: &crate::model::Ident = attribute;
        let collate = collation(collate.as_ref(), dialect);
        let data_type = dialect.print_type(data_type);
        format!("{} {data_type}{collate}", dialect.quote(attribute))
    };
    let attributes: Vec<_> = composite.attributes.iter().map(print).collect();
    if attributes.is_empty() {
        return format!("CREATE TYPE {name} AS ()");
    }
    format!("CREATE TYPE {name} AS {}", block(&attributes))
}

/// `CREATE TYPE ... AS RANGE`.
pub(super) fn create_range(range: &RangeType, dialect: Dialect) -> String {
    let name = dialect.quote_name(&range.name);
    let mut entries = vec![format!("SUBTYPE = {}", dialect.print_type(&range.subtype))];
    let rest = range.options.iter().filter(|(k, _)| &***k != "subtype");
    entries.extend(definition(rest.map(|(k, v)| (&**k, Some(v))), &[]));
    format!("CREATE TYPE {name} AS RANGE {}", block(&entries))
}

/// `CREATE TYPE name`, the shell that functions can refer to.
pub(super) fn create_shell(name: &crate::model::QualifiedName, dialect: Dialect) -> String {
    format!("CREATE TYPE {}", dialect.quote_name(name))
}

/// `CREATE TYPE name (INPUT = ...)`.
pub(super) fn create_base(base: &ShellType, dialect: Dialect) -> String {
    if base.options.is_empty() {
        return create_shell(&base.name, dialect);
    }
    let name = dialect.quote_name(&base.name);
    let options = base.options.iter().map(|(k, v)| (&**k, Some(v)));
    let entries: Vec<_> = definition(options, &["input", "output", "receive", "send"])
        .into_iter()
        .map(|entry| flag(&entry))
        .collect();
    format!("CREATE TYPE {name} {}", block(&entries))
}

/// `PASSEDBYVALUE = ` says no more than `PASSEDBYVALUE`.
fn flag(entry: &str) -> String {
    entry.strip_suffix(" = ").unwrap_or(entry).to_owned()
}

/// `CREATE COLLATION`.
pub(super) fn create_collation(collation: &Collation, dialect: Dialect) -> String {
    let name = dialect.quote_name(&collation.name);
    if let Some(from) = &collation.from {
        return format!("CREATE COLLATION {name} FROM {}", dialect.quote_name(from));
    }
    let options = collation.options.iter().map(|(k, v)| (&**k, Some(v)));
    let entries = definition(options, &["provider", "locale"]);
    format!("CREATE COLLATION {name} ({})", entries.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DataType, Expr, QualifiedName};

    #[test]
    fn enums_have_one_value_a_line() {
        let status = EnumType {
            name: QualifiedName::new("public", "task_status"),
            values: vec!["todo".into(), "it's done".into()],
            ..EnumType::default()
        };
        assert_eq!(
            create_enum(&status, Dialect::Postgres),
            "CREATE TYPE public.task_status AS ENUM (\n    'todo',\n    'it''s done'\n)"
        );
    }

    #[test]
    fn domains_keep_invalid_checks_for_later() {
        let check = |name: &str, not_valid| DomainCheck {
            name: name.into(),
            expression: Expr::new("VALUE > 0", ""),
            not_valid,
            comment: None,
        };
        let domain = Domain {
            name: QualifiedName::new("public", "positive"),
            base: DataType::builtin("integer"),
            not_null: true,
            checks: vec![check("a", false), check("b", true)],
            ..Domain::default()
        };
        assert_eq!(
            create_domain(&domain, Dialect::Postgres),
            "CREATE DOMAIN public.positive AS integer NOT NULL\n    CONSTRAINT a CHECK (VALUE > 0)"
        );
        assert_eq!(
            domain_alterations(&domain, Dialect::Postgres),
            ["ALTER DOMAIN public.positive ADD CONSTRAINT b CHECK (VALUE > 0) NOT VALID"]
        );
    }

    #[test]
    fn composites_print_collations() {
        let composite = CompositeType {
            name: QualifiedName::new("public", "pair"),
            attributes: vec![
                (
                    "a".into(),
                    DataType::builtin("text"),
                    Some(QualifiedName::bare("C")),
                ),
                ("b".into(), DataType::builtin("integer"), None),
            ],
            ..CompositeType::default()
        };
        assert_eq!(
            create_composite(&composite, Dialect::Postgres),
            "CREATE TYPE public.pair AS (\n    a text COLLATE \"C\",\n    b integer\n)"
        );
    }
}
