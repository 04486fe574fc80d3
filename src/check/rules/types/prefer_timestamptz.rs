//! # type/prefer-timestamptz
//!
//! A column of type `timestamp` without time zone.
//!
//! ## Why
//!
//! `timestamp` keeps what a clock on some wall showed and forgets which wall. Two values written by
//! sessions with different time zones cannot be compared, `now()` is converted silently by the time
//! zone of whoever writes, and an hour of every year happens twice. `timestamptz` is a moment; it
//! takes the same eight bytes.
//!
//! Columns whose name says that a local time is meant (`local_start`, `wall_time`) are left out.
//!
//! ## Fix
//!
//! Change the type, and say in which time zone the values were written.
//!
//! ```sql bad
//! CREATE TABLE tasks (id bigint PRIMARY KEY, created_at timestamp NOT NULL);
//! ```
//!
//! ```sql good
//! CREATE TABLE tasks (
//!     id bigint PRIMARY KEY,
//!     created_at timestamptz NOT NULL,
//!     local_start timestamp
//! );
//! ```

use crate::check::rules::remedy::alter_table;
use crate::check::{Context, Level, Rule, RuleInfo, words};
use crate::diagnostic::{Diagnostic, Facet};
use crate::dialect::Capability;
use crate::model::{Column, DataType, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "type/prefer-timestamptz",
    level: Level::Warning,
    docs: include_str!("prefer_timestamptz.rs"),
    options: &[],
};

/// The type that forgets the time zone, by its `format_type` name.
const NAIVE: &str = "timestamp without time zone";

pub(in crate::check) struct PreferTimestamptz;

impl Rule for PreferTimestamptz {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        if !cx.version.has(Capability::TimeZoneTypes) {
            return;
        }
        for (table, column) in cx.columns() {
            let data_type = &column.data_type;
            let naive = data_type.name.schema.is_none() && data_type.name.name == NAIVE;
            if naive && table.foreign.is_none() && !is_local(&column.name) {
                out.push(finding(cx, table, column));
            }
        }
    }
}

fn is_local(name: &str) -> bool {
    let local = |w: &String| matches!(w.as_str(), "local" | "naive" | "wall" | "floating");
    words::tokens(name).iter().any(local)
}

fn finding(cx: &Context<'_>, table: &Table, column: &Column) -> Diagnostic {
    let headline = format!(
        "column {}.{} is a timestamp without time zone",
        table.name, column.name
    );
    let wanted = DataType {
        modifiers: column.data_type.modifiers.clone(),
        dimensions: column.data_type.dimensions,
        ..DataType::builtin("timestamp with time zone")
    };
    let wanted = cx.dialect.print_type(&wanted);
    let name = cx.dialect.quote(&column.name);
    let help = if column.data_type.is_array() {
        format!("declare it as `{wanted}`")
    } else {
        let action = format!("ALTER COLUMN {name} TYPE {wanted} USING {name} AT TIME ZONE 'UTC'");
        format!(
            "`{}`, if the values were written in UTC",
            alter_table(cx, table, &action)
        )
    };
    cx.finding_at(
        ObjectId::column(&table.name, &column.name),
        Facet::Type,
        headline,
        "which time zone?",
    )
    .note("a value without a time zone names no moment: what it means depends on who reads it")
    .help(help)
}
