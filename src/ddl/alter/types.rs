//! ALTER TYPE and ALTER DOMAIN.

use crate::ddl::Context;
use crate::ddl::fragments::default_expression;
use crate::ddl::types::domain_check;
use crate::dialect::Dialect;
use crate::model::{CompositeType, DataType, Domain, EnumType, Ident, QualifiedName};

/// How an enum comes to its new values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumChange {
    /// Values are added, each with its statement.
    Add(Vec<String>),
    /// Values go or change places: only a new type can do that.
    Replace,
}

/// What makes the one list of values of the other.
pub fn enum_change(before: &EnumType, after: &EnumType, dialect: Dialect) -> EnumChange {
    let mut old = before.values.iter();
    let kept = after.values.iter().filter(|v| before.values.contains(v));
    if !kept.clone().all(|v| old.next() == Some(v)) || kept.count() != before.values.len() {
        return EnumChange::Replace;
    }
    let name = dialect.quote_name(&after.name);
    let mut out = Vec::new();
    let mut previous: Option<&str> = None;
    for (at, value) in after.values.iter().enumerate() {
        if !before.values.contains(value) {
            let mut text = format!("ALTER TYPE {name} ADD VALUE {}", dialect.literal(value));
            let rest = &after.values[at + 1..];
            match (previous, rest.iter().find(|v| before.values.contains(v))) {
                // Behind the last one is where it goes anyhow.
                (_, None) => {}
                (Some(previous), _) => {
                    text.push_str(&format!(" AFTER {}", dialect.literal(previous)));
                }
                (None, Some(next)) => {
                    text.push_str(&format!(" BEFORE {}", dialect.literal(next)));
                }
            }
            out.push(text);
        }
        previous = Some(value);
    }
    EnumChange::Add(out)
}

pub(super) fn enumeration(
    before: &EnumType,
    after: &EnumType,
    dialect: Dialect,
) -> Option<Vec<String>> {
    match enum_change(before, after, dialect) {
        EnumChange::Add(statements) => Some(statements),
        EnumChange::Replace => None,
    }
}

pub(super) fn domain(before: &Domain, after: &Domain, dialect: Dialect) -> Option<Vec<String>> {
    let alter = format!("ALTER DOMAIN {}", dialect.quote_name(&after.name));
    let mut now = before.clone();
    let mut out = Vec::new();
    for check in &before.checks {
        let stays = after.checks.iter().find(|c| c.name == check.name);
        if stays
            .is_none_or(|c| c.expression != check.expression || (c.not_valid && !check.not_valid))
        {
            out.push(format!(
                "{alter} DROP CONSTRAINT {}",
                dialect.quote(&check.name)
            ));
            now.checks.retain(|c| c.name != check.name);
        }
    }
    if before.default != after.default {
        out.push(match &after.default {
            Some(default) => format!(
                "{alter} SET DEFAULT {}",
                default_expression(default, dialect)
            ),
            None => format!("{alter} DROP DEFAULT"),
        });
        now.default = after.default.clone();
    }
    if before.not_null != after.not_null {
        let verb = if after.not_null { "SET" } else { "DROP" };
        out.push(format!("{alter} {verb} NOT NULL"));
        now.not_null = after.not_null;
    }
    for check in &after.checks {
        match now.checks.iter().find(|c| c.name == check.name) {
            None => out.push(format!("{alter} ADD {}", domain_check(check, dialect))),
            Some(old) if old.not_valid && !check.not_valid => {
                let name = dialect.quote(&check.name);
                out.push(format!("{alter} VALIDATE CONSTRAINT {name}"));
            }
            Some(_) => {}
        }
    }
    now.checks = after.checks.clone();
    now.facets = after.facets.clone();
    (now == *after).then_some(out)
}

/// Attributes can be added behind the others, dropped and retyped, but not change places.
pub(super) fn composite(
    cx: &Context<'_>,
    before: &CompositeType,
    after: &CompositeType,
) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let mut now = Vec::new();
    let mut actions = Vec::new();
    for old in &before.attributes {
        match after.attributes.iter().find(|a| a.0 == old.0) {
            None => actions.push(format!("DROP ATTRIBUTE {}", dialect.quote(&old.0))),
            Some(new) => {
                if new != old {
                    actions.push(format!("ALTER ATTRIBUTE {}", typed(new, " TYPE", dialect)));
                }
                now.push(new.clone());
            }
        }
    }
    for new in &after.attributes {
        if !before.attributes.iter().any(|a| a.0 == new.0) {
            actions.push(format!("ADD ATTRIBUTE {}", typed(new, "", dialect)));
            now.push(new.clone());
        }
    }
    // Without the word the server refuses while tables are of the type.
    let mut tables = cx.catalog.tables.values();
    if tables.any(|t| t.of_type.as_ref() == Some(&after.name)) {
        for action in &mut actions {
            action.push_str(" CASCADE");
        }
    }
    let name = dialect.quote_name(&after.name);
    let statement = format!("ALTER TYPE {name} {}", actions.join(", "));
    let out = if actions.is_empty() {
        Vec::new()
    } else {
        vec![statement]
    };
    (now == after.attributes).then_some(out)
}

/// `name type COLLATE collation`, with a word before the type.
fn typed(
    (name, data_type, collation): &(Ident, DataType, Option<QualifiedName>),
    word: &str,
    dialect: Dialect,
) -> String {
    let data_type = dialect.print_type(data_type);
    let mut text = format!("{}{word} {data_type}", dialect.quote(name));
    if let Some(collation) = collation {
        text.push_str(&format!(" COLLATE {}", dialect.quote_name(collation)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(list: &[&str]) -> EnumType {
        EnumType {
            name: QualifiedName::new("public", "state"),
            values: list.iter().map(|v| (*v).into()).collect(),
            ..EnumType::default()
        }
    }

    #[test]
    fn values_are_added_where_they_belong() {
        let change = enum_change(
            &values(&["b", "d"]),
            &values(&["a", "b", "c", "d", "e", "f"]),
            Dialect::Postgres,
        );
        let EnumChange::Add(statements) = change else {
            panic!("values were only added");
        };
        assert_eq!(
            statements,
            [
                "ALTER TYPE public.state ADD VALUE 'a' BEFORE 'b'",
                "ALTER TYPE public.state ADD VALUE 'c' AFTER 'b'",
                "ALTER TYPE public.state ADD VALUE 'e'",
                "ALTER TYPE public.state ADD VALUE 'f'",
            ]
        );
    }

    #[test]
    fn a_value_that_goes_or_moves_makes_a_new_type() {
        for after in [&["a"][..], &["b", "a"], &["a", "c"]] {
            let change = enum_change(&values(&["a", "b"]), &values(after), Dialect::Postgres);
            assert_eq!(change, EnumChange::Replace, "{after:?}");
        }
    }
}
