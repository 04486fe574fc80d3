//! `docs/enums.md` and `docs/types.md`: the types that the schema defines, and where they are used.

use std::collections::BTreeMap;

use serde::Serialize;

use super::context::{Context, Place};
use super::text::{code, inline, list};
use crate::model::{CompositeType, DataType, Domain, QualifiedName, RangeType};

/// A type; every string is Markdown.
#[derive(Serialize)]
pub(in crate::render) struct TypeItem {
    anchor: String,
    title: String,
    kind: &'static str,
    facts: String,
    description: String,
    /// Labels of an enum, in order.
    values: Vec<String>,
    /// Attributes of a composite type: name, type and description.
    attributes: Vec<(String, String, String)>,
    /// What a value must satisfy.
    checks: Vec<String>,
    used_by: String,
}

/// The columns of each type.
struct Users<'a>(BTreeMap<&'a QualifiedName, Vec<String>>);

impl<'a> Users<'a> {
    fn new(context: &Context<'a>) -> Self {
        let mut users: BTreeMap<&QualifiedName, Vec<String>> = BTreeMap::new();
        for table in context.report.catalog.tables.values() {
            // The columns of a partition are those of its partitioned table.
            if table.partition_of.is_some() {
                continue;
            }
            for column in table
                .columns
                .iter()
                .filter(|c| is_defined(context, &c.data_type))
            {
                let name = std::slice::from_ref(&column.name);
                let link = context.column_link(&table.name, name, Place::Top);
                users.entry(&column.data_type.name).or_default().push(link);
            }
        }
        Self(users)
    }

    fn of(&self, name: &QualifiedName) -> String {
        list(self.0.get(name).map_or(&[], Vec::as_slice))
    }
}

fn is_defined(context: &Context<'_>, data_type: &DataType) -> bool {
    context.type_path(&data_type.name).is_some()
}

fn item(
    context: &Context<'_>,
    users: &Users<'_>,
    name: &QualifiedName,
    comment: Option<&str>,
) -> TypeItem {
    TypeItem {
        anchor: context.anchor_of(context.type_path(name)),
        title: inline(&context.display(name)),
        kind: "",
        facts: String::new(),
        description: context.said(comment, name, Place::Top),
        values: Vec::new(),
        attributes: Vec::new(),
        checks: Vec::new(),
        used_by: users.of(name),
    }
}

pub(in crate::render) fn enums(context: &Context<'_>) -> Vec<TypeItem> {
    let users = Users::new(context);
    let enums = context.report.catalog.enums.values();
    enums
        .map(|e| TypeItem {
            kind: "enum",
            values: e.values.iter().map(|value| code(value)).collect(),
            ..item(context, &users, &e.name, e.facets.comment.as_deref())
        })
        .collect()
}

/// Domains, composite types, then ranges.
pub(in crate::render) fn others(context: &Context<'_>) -> Vec<TypeItem> {
    let users = Users::new(context);
    let catalog = context.report.catalog;
    let domains = catalog.domains.values().map(|d| domain(context, &users, d));
    let composites = catalog.composites.values();
    let composites = composites.map(|c| composite(context, &users, c));
    let ranges = catalog.ranges.values().map(|r| range(context, &users, r));
    domains.chain(composites).chain(ranges).collect()
}

fn domain(context: &Context<'_>, users: &Users<'_>, domain: &Domain) -> TypeItem {
    let mut facts = vec![format!(
        "domain over {}",
        context.type_link(&domain.base, Place::Top)
    )];
    if domain.not_null {
        facts.push("not null".to_owned());
    }
    if let Some(default) = &domain.default {
        facts.push(format!("default {}", code(default.text())));
    }
    let checks = domain.checks.iter().map(|check| {
        let comment = check.comment.as_deref().map_or_else(String::new, |c| {
            format!(
                ": {}",
                context.said_in_cell(Some(c), &domain.name, Place::Top)
            )
        });
        format!(
            "{} ({}){comment}",
            code(check.expression.text()),
            code(&check.name)
        )
    });
    TypeItem {
        kind: "domain",
        facts: facts.join(" · "),
        checks: checks.collect(),
        ..item(
            context,
            users,
            &domain.name,
            domain.facets.comment.as_deref(),
        )
    }
}

fn composite(context: &Context<'_>, users: &Users<'_>, composite: &CompositeType) -> TypeItem {
    let attributes = composite.attributes.iter().map(|(name, data_type, _)| {
        let type_name = context.type_link(data_type, Place::Top);
        let comment = composite.attribute_comments.get(name);
        let comment = context.said_in_cell(comment.map(|c| &**c), &composite.name, Place::Top);
        (code(name), type_name, comment)
    });
    TypeItem {
        kind: "composite",
        facts: "composite type".to_owned(),
        attributes: attributes.collect(),
        ..item(
            context,
            users,
            &composite.name,
            composite.facets.comment.as_deref(),
        )
    }
}

fn range(context: &Context<'_>, users: &Users<'_>, range: &RangeType) -> TypeItem {
    let subtype = context.type_link(&range.subtype, Place::Top);
    TypeItem {
        kind: "range",
        facts: format!("range of {subtype}"),
        ..item(context, users, &range.name, range.facets.comment.as_deref())
    }
}
