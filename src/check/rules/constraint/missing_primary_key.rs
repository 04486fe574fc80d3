//! # constraint/missing-primary-key
//!
//! A table without a primary key.
//!
//! ## Why
//!
//! Without a primary key the same row can be stored twice, and then neither of the two can be
//! changed or deleted alone; foreign keys have nothing to refer to; logical replication refuses
//! updates and deletes; most tools cannot edit or compare the rows.
//!
//! Partitions have the key of the table that they are partitions of, and foreign tables cannot have
//! one; neither is reported, nor are temporary tables.
//!
//! ## Fix
//!
//! Make a unique and NOT NULL set of columns the primary key, or add an identity column.
//!
//! ```sql bad
//! CREATE TABLE readings (sensor bigint NOT NULL, taken_at timestamptz NOT NULL, value numeric);
//! ```
//!
//! ```sql good
//! CREATE TABLE readings (
//!     sensor bigint NOT NULL,
//!     taken_at timestamptz NOT NULL,
//!     value numeric,
//!     PRIMARY KEY (sensor, taken_at)
//! );
//! ```

use crate::check::access_path::access_paths;
use crate::check::rules::remedy::{alter_table, column_list, yaml_list};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::dialect::Capability;
use crate::model::{Ident, ObjectId, Persistence, Table};

static INFO: RuleInfo = RuleInfo {
    id: "constraint/missing-primary-key",
    level: Level::Warning,
    docs: include_str!("missing_primary_key.rs"),
    options: &[],
};

pub(in crate::check) struct MissingPrimaryKey;

impl Rule for MissingPrimaryKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables().filter(|t| t.primary_key().is_none()) {
            let exempt = table.partition_of.is_some()
                || table.foreign.is_some()
                || table.persistence == Persistence::Temporary;
            if !exempt {
                let headline = format!("table {} has no primary key", table.name);
                out.push(
                    cx.finding(ObjectId::table(&table.name), headline)
                        .note("the same row can be stored twice, and nothing can refer to a row")
                        .help(help(cx, table)),
                );
            }
        }
    }
}

fn help(cx: &Context<'_>, table: &Table) -> String {
    if let Some(columns) = unique_columns(table) {
        return as_key(cx, table, &columns, "already tell rows apart");
    }
    if let Some(columns) = link_columns(table) {
        return as_key(
            cx,
            table,
            &columns,
            "link two rows, once if they are the key",
        );
    }
    if table.partition_by.is_some() {
        return "declare a primary key that has the columns of the partition key".to_owned();
    }
    if let Some(id) = table.column("id").filter(|c| c.not_null) {
        return as_key(cx, table, std::slice::from_ref(&id.name), "look like a key");
    }
    let name = if table.column("id").is_none() {
        "id"
    } else {
        "row_id"
    };
    if !cx.version.has(Capability::IdentityColumns) {
        return format!("declare a key, or a column `{name} integer primary key`");
    }
    let definition = format!("{name} bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
    format!(
        "`{}` (in YAML, `{name}: bigint generated always as identity primary key`)",
        alter_table(cx, table, &format!("ADD COLUMN {definition}"))
    )
}

fn as_key(cx: &Context<'_>, table: &Table, columns: &[Ident], why: &str) -> String {
    let list = column_list(cx.dialect, columns);
    if !cx.version.has(Capability::AddConstraint) {
        return format!("declare `PRIMARY KEY ({list})`: these columns {why}");
    }
    format!(
        "`{}` (in YAML, `primary_key: {}`): these columns {why}",
        alter_table(cx, table, &format!("ADD PRIMARY KEY ({list})")),
        yaml_list(columns)
    )
}

/// The columns of a unique constraint or index, if all of them are NOT NULL.
fn unique_columns(table: &Table) -> Option<Vec<Ident>> {
    access_paths(table)
        .iter()
        .filter(|path| path.unique && path.predicate.is_none())
        .filter_map(|path| path.plain_columns())
        .find(|columns| {
            columns
                .iter()
                .all(|c| table.column(c).is_some_and(|c| c.not_null))
        })
        .map(|columns| columns.into_iter().cloned().collect())
}

/// The columns of a table that has nothing but two or more NOT NULL foreign keys.
fn link_columns(table: &Table) -> Option<Vec<Ident>> {
    let is_key = |name: &Ident| {
        table
            .foreign_keys()
            .any(|(_, fk)| fk.columns.contains(name))
    };
    let all =
        table.columns.len() >= 2 && table.columns.iter().all(|c| c.not_null && is_key(&c.name));
    all.then(|| table.columns.iter().map(|c| c.name.clone()).collect())
}
