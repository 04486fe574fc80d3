//! # normalization/copied-parent-column
//!
//! A column repeats one of the row that a foreign key of the same table refers to.
//!
//! ## Why
//!
//! `customer_id` says which customer an order is of, so `customer_email` is known from the customer.
//! Kept twice, it will differ one day, and nothing says which of the two is right (third normal
//! form, Codd 1971).
//!
//! Reported is a column `x_c` beside a foreign key `x_id` to a table with a column `c` of the same
//! type that is no key there. Without a foreign key, where only the name leads to the table, it is
//! a hint. Tables that keep what was (history, log, audit, event, snapshot, invoice) are reported
//! one level lower: there the copy can be the purpose.
//!
//! ## Fix
//!
//! Drop the column and join, in a view where many queries need it. Where the copy is meant, say so:
//! `denormalized: [{ columns: [customer_email], reason: as it was when the order was placed }]`.
//!
//! ```sql bad
//! CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
//! CREATE TABLE orders (
//!     id bigint PRIMARY KEY,
//!     customer_id bigint REFERENCES customers (id),
//!     customer_email text
//! );
//! CREATE INDEX orders_customer_id_idx ON orders (customer_id);
//! ```
//!
//! ```sql good
//! CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
//! CREATE TABLE orders (
//!     id bigint PRIMARY KEY,
//!     customer_id bigint REFERENCES customers (id),
//!     customer_note text
//! );
//! CREATE INDEX orders_customer_id_idx ON orders (customer_id);
//! ```

use std::collections::BTreeSet;

use super::denormalized;
use crate::check::rules::remedy::{alter_table, lowered};
use crate::check::{Context, Level, Rule, RuleInfo, words};
use crate::diagnostic::Diagnostic;
use crate::model::{Column, Ident, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "normalization/copied-parent-column",
    level: Level::Warning,
    docs: include_str!("copied_parent_column.rs"),
    options: &[],
};

/// Columns that every row has for itself, whatever they are called after.
static OWN: &[&str] = &[
    "at",
    "comment",
    "count",
    "created",
    "created_at",
    "data",
    "date",
    "deleted_at",
    "description",
    "kind",
    "metadata",
    "note",
    "notes",
    "order",
    "position",
    "state",
    "status",
    "time",
    "type",
    "updated",
    "updated_at",
    "version",
];

pub(in crate::check) struct CopiedParentColumn;

impl Rule for CopiedParentColumn {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables().filter(|t| t.partition_of.is_none()) {
            let parents = parents(cx, table);
            if parents.is_empty() {
                continue;
            }
            let referencing: BTreeSet<&Ident> = table
                .foreign_keys()
                .flat_map(|(_, key)| &key.columns)
                .collect();
            let exempt = denormalized(cx, table);
            for column in &table.columns {
                if column.inherited
                    || column.generated.is_some()
                    || referencing.contains(&column.name)
                    || exempt.contains(&column.name)
                {
                    continue;
                }
                let copied = parents.iter().find_map(|p| Some((p, p.copied(column)?)));
                if let Some((parent, original)) = copied {
                    let mut finding = finding(cx, table, column, parent, original);
                    if !parent.declared || words::is_record(&table.name.name) {
                        finding = lowered(finding);
                    }
                    out.push(finding);
                }
            }
        }
    }
}

/// A row that each row of a table refers to.
struct Parent<'a> {
    table: &'a Table,
    /// What its reference is called: `customer_id`.
    key: &'a Ident,
    /// That name without its ending: `customer_`.
    prefix: &'a str,
    /// Whether a foreign key says so, and not the name alone.
    declared: bool,
}

fn parents<'a>(cx: &Context<'a>, table: &'a Table) -> Vec<Parent<'a>> {
    let mut parents = Vec::new();
    for column in &table.columns {
        let name = &column.name;
        let Some(prefix) = name
            .strip_suffix("id")
            .filter(|p| p.len() > 2 && p.ends_with('_'))
        else {
            continue;
        };
        let single = table
            .foreign_keys()
            .find(|(_, fk)| fk.columns == [name.clone()]);
        let (target, declared) = match single {
            Some((_, key)) => (cx.table(&key.target), true),
            None => (named(cx, table, column, prefix), false),
        };
        parents.extend(target.map(|table| Parent {
            table,
            key: name,
            prefix,
            declared,
        }));
    }
    parents
}

/// The table that a column refers to by its name and type only.
fn named<'a>(cx: &Context<'a>, table: &Table, column: &Column, prefix: &str) -> Option<&'a Table> {
    let entity = words::entity(prefix);
    let tables = cx.relations.tables_of_entity(&entity).iter();
    let mut near = tables.filter(|t| t.name.schema == table.name.schema && t.name != table.name);
    let target = near.next().copied().filter(|_| near.next().is_none())?;
    let [key] = target.primary_key_columns() else {
        return None;
    };
    let same_type = target
        .column(key)
        .is_some_and(|k| k.data_type == column.data_type);
    same_type.then_some(target)
}

impl<'a> Parent<'a> {
    /// The column of the parent that a column repeats.
    fn copied(&self, column: &Column) -> Option<&'a Column> {
        let rest = column.name.strip_prefix(self.prefix)?;
        if OWN.binary_search(&rest).is_ok() {
            return None;
        }
        let original = self.table.column(rest)?;
        let is_key = self.table.primary_key_columns().contains(&original.name)
            || self
                .table
                .foreign_keys()
                .any(|(_, fk)| fk.columns.contains(&original.name));
        let same_type = original.data_type.name == column.data_type.name
            && original.data_type.is_array() == column.data_type.is_array();
        // A flag or a moment under one name can be two facts: of the parent, and of the relation.
        let telling =
            !column.data_type.is("boolean") && !column.data_type.name.name.contains("time");
        (same_type && telling && !is_key).then_some(original)
    }
}

fn finding(
    cx: &Context<'_>,
    table: &Table,
    column: &Column,
    parent: &Parent<'_>,
    original: &Column,
) -> Diagnostic {
    let headline = format!(
        "column {}.{} repeats {}.{}, which {} leads to",
        table.name, column.name, parent.table.name, original.name, parent.key
    );
    let action = format!("DROP COLUMN {}", cx.dialect.quote(&column.name));
    let mut finding = cx
        .finding(ObjectId::column(&table.name, &column.name), headline)
        .note("a value that is kept twice will differ one day, and nothing says which one is right")
        .help(format!(
            "`{}` and join, or declare `denormalized: [{{ columns: [{}], reason: ... }}]`",
            alter_table(cx, table, &action),
            column.name
        ));
    let original = ObjectId::column(&parent.table.name, &original.name);
    if let Some(span) = cx.source_map.of(&original) {
        finding = finding.and_at(span, "the same fact");
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_columns_are_sorted_for_search() {
        assert!(OWN.is_sorted());
    }
}
