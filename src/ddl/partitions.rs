//! Partitions: `PARTITION OF` where it says everything, a table of its own that is attached where
//! it does not.

use super::Context;
use super::fragments::{default_expression, texts_of};
use super::indexes::element;
use crate::dialect::Dialect;
use crate::model::{Column, Constraint, PartitionBound, PartitionBy, PartitionOf, Table};

/// How a table comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Not a partition.
    Plain,
    /// `CREATE TABLE ... PARTITION OF`.
    PartitionOf,
    /// `CREATE TABLE` with all columns, then `ATTACH PARTITION`.
    Attach,
}

/// A partition that differs from its parent in more than defaults and NOT NULL, or that has keys
/// of its own, is attached: PARTITION OF would copy the parent's columns and make the parent's
/// keys a second time.
pub(crate) fn form(cx: &Context<'_>, table: &Table) -> Form {
    let Some(of) = &table.partition_of else {
        return Form::Plain;
    };
    let Some(parent) = cx.catalog.tables.get(&of.parent) else {
        return Form::PartitionOf;
    };
    let same_columns = parent.columns.len() == table.columns.len()
        && parent
            .columns
            .iter()
            .zip(&table.columns)
            .all(|(p, c)| fits(p, c));
    // A key of the parent's kind and columns becomes the parent's when the partition is attached.
    let shares_key = |c: &Constraint| {
        let same = |p: &Constraint| p.rank() == c.rank() && p.columns() == c.columns();
        c.has_index() && parent.constraints.iter().any(same)
    };
    if same_columns && !table.constraints.iter().any(shares_key) {
        Form::PartitionOf
    } else {
        Form::Attach
    }
}

fn fits(parent: &Column, child: &Column) -> bool {
    parent.name == child.name
        && parent.data_type == child.data_type
        && parent.collation == child.collation
        && parent.generated == child.generated
        && child.identity.is_none()
        && (child.not_null || !parent.not_null)
        && (child.default.is_some() || parent.default.is_none())
}

/// What the columns of a `PARTITION OF` have beyond their parent's.
pub(super) fn column_options(cx: &Context<'_>, table: &Table) -> Vec<String> {
    let parent = table
        .partition_of
        .as_ref()
        .and_then(|of| cx.catalog.tables.get(&of.parent));
    let Some(parent) = parent else {
        return Vec::new();
    };
    let pairs = parent.columns.iter().zip(&table.columns);
    let options = |(parent, child): (&Column, &Column)| {
        let mut text = String::new();
        if let Some(default) = child
            .default
            .as_ref()
            .filter(|d| parent.default.as_ref() != Some(d))
        {
            let default = default_expression(default, cx.dialect);
            text.push_str(&format!(" DEFAULT {default}"));
        }
        if child.not_null && !parent.not_null {
            text.push_str(" NOT NULL");
        }
        let name = cx.dialect.quote(&child.name);
        (!text.is_empty()).then(|| format!("{name} WITH OPTIONS{text}"))
    };
    pairs.filter_map(options).collect()
}

/// The checks that a table must have before it can be attached, and does not have as its own.
pub(super) fn inherited_checks<'a>(
    cx: &Context<'a>,
    table: &'a Table,
) -> impl Iterator<Item = &'a Constraint> {
    let checks = cx.catalog.inherited_checks(&table.name);
    checks.filter(|check| table.constraint(&check.name).is_none())
}

/// `ALTER TABLE parent ATTACH PARTITION child FOR VALUES ...`.
pub fn attach(table: &Table, dialect: Dialect) -> Option<String> {
    let PartitionOf { parent, bound: b } = table.partition_of.as_ref()?;
    let parent = dialect.quote_name(parent);
    let child = dialect.quote_name(&table.name);
    let bound = bound(b);
    Some(format!(
        "ALTER TABLE {parent} ATTACH PARTITION {child} {bound}"
    ))
}

/// `FOR VALUES ...` or `DEFAULT`.
pub fn bound(bound: &PartitionBound) -> String {
    match bound {
        PartitionBound::Default => "DEFAULT".to_owned(),
        PartitionBound::Range { from, to } => {
            format!("FOR VALUES FROM ({}) TO ({})", texts_of(from), texts_of(to))
        }
        PartitionBound::List(values) => format!("FOR VALUES IN ({})", texts_of(values)),
        PartitionBound::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
    }
}

/// `PARTITION BY RANGE (created_at)`.
pub(super) fn partition_by(by: &PartitionBy, dialect: Dialect) -> String {
    let keys: Vec<_> = by.keys.iter().map(|k| element(k, dialect)).collect();
    let strategy = by.strategy.to_ascii_uppercase();
    format!("PARTITION BY {strategy} ({})", keys.join(", "))
}
