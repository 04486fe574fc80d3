//! # migration-safety/type-change-incompatible
//!
//! A column gets a type that programs read as something else.
//!
//! ## Why
//!
//! Drivers choose the type of a program's value by the column's type, and prepared statements remember it: "cached plan must
//! not change result type". A program that wrote texts, or reads 32-bit integers, fails or misreads the column from the
//! commit on, whether rows are written again or not.
//!
//! ## Fix
//!
//! Expand and contract: a column of the new type beside the old one, both written, until every program reads the
//! new one.
//!
//! ```sql bad {also=migration-safety/type-change-rewrite}
//! CREATE TABLE users (id bigint PRIMARY KEY, visits integer);
//! -- migration:
//! ALTER TABLE users ALTER COLUMN visits TYPE bigint;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20));
//! -- migration:
//! ALTER TABLE users ALTER COLUMN name TYPE text;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::dialect::canonical_type_name;
use crate::model::{DataType, ObjectId};
use crate::source::{AlterAction, ColumnAction};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/type-change-incompatible",
    level: Level::Warning,
    docs: include_str!("type_change_incompatible.rs"),
    options: &[],
};

pub(in crate::check) struct TypeChangeIncompatible;

impl Rule for TypeChangeIncompatible {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (n, (table, action)) in at.actions().into_iter().enumerate() {
            let AlterAction::Column {
                name,
                action: ColumnAction::Type { data_type, .. },
            } = action
            else {
                continue;
            };
            let Some(old) = at.scene.table(&table).and_then(|t| t.column(name)) else {
                continue;
            };
            let enums = [&old.data_type, data_type].map(|t| is_enum(at, t));
            if enums == [true, true] || family(at, &old.data_type) == family(at, data_type) {
                continue;
            }
            let [was, is] = [&old.data_type, data_type].map(|t| at.dialect().short_type(t));
            let headline = format!("programs that read {table}.{name} as {was} get {is}");
            let finding = at.finding_in(cx, ObjectId::column(&table, name), (n, name), headline);
            let note = "drivers and prepared statements know the old type, and fail or misread it";
            let help = "add a column of the new type, write both, and drop the old one when no \
                        program reads it";
            out.push(finding.note(note).help(help));
        }
    }
}

/// The values of enums are texts to programs.
fn is_enum(at: &At<'_>, data_type: &DataType) -> bool {
    let enums = &at.scene.catalog.enums;
    enums.contains_key(&at.act.qualified(&data_type.name)) && !data_type.is_array()
}

/// What a driver makes of a type: lengths and precisions aside, and all plain texts alike.
fn family(at: &At<'_>, data_type: &DataType) -> (String, bool) {
    let base = at.scene.domain(data_type).map_or(data_type, |d| &d.base);
    let name = canonical_type_name(&base.name.name);
    let name = match name {
        "character varying" | "character" | "citext" => "text",
        other => other,
    };
    (name.to_owned(), data_type.is_array())
}
