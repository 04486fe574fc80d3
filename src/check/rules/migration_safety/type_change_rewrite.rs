//! # migration-safety/type-change-rewrite
//!
//! A column gets another type, and the table is written again or its indexes are.
//!
//! ## Why
//!
//! Where the new type stores values in another way, every row and every index is written anew while nobody can read or
//! write the table. Where only the indexes or checks of the column follow, that is a warning: they are built or
//! verified under the same lock. A change of metadata alone, as from `varchar(10)` to `text`, is no finding.
//!
//! ## Fix
//!
//! Expand and contract: a new column of the new type, written by a trigger, filled in batches, swapped in one short
//! transaction (`strategy: expand-contract`).
//!
//! ```sql bad {also=migration-safety/type-change-incompatible}
//! CREATE TABLE users (id integer PRIMARY KEY, visits integer);
//! -- migration:
//! ALTER TABLE users ALTER COLUMN visits TYPE bigint;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20));
//! -- migration:
//! ALTER TABLE users ALTER COLUMN name TYPE text;
//! ```
//!
//! ```sql good
//! -- migration:
//! CREATE TABLE users (id bigint PRIMARY KEY, visits integer);
//! ALTER TABLE users ALTER COLUMN visits TYPE bigint;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Retype, is_widest, retype_of};
use crate::model::ObjectId;
use crate::source::{AlterAction, ColumnAction};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/type-change-rewrite",
    level: Level::Error,
    docs: include_str!("type_change_rewrite.rs"),
    options: &[],
};

pub(in crate::check) struct TypeChangeRewrite;

impl Rule for TypeChangeRewrite {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (n, (table, action)) in at.actions().into_iter().enumerate() {
            let AlterAction::Column {
                name,
                action:
                    ColumnAction::Type {
                        data_type, using, ..
                    },
            } = action
            else {
                continue;
            };
            let old = at.scene.table(&table).and_then(|t| t.column(name));
            let result = match old {
                Some(old) => retype_of(at.scene, old, data_type, using.as_ref()),
                None if is_widest(data_type) => Retype::InPlace,
                None => Retype::Rewrite,
            };
            let follows = !at.facts().scans.is_empty();
            let (what, grave) = match result {
                Retype::Rewrite if at.rewrites(&table) => {
                    ("every row of {} is written again", true)
                }
                Retype::Rewrite => continue,
                _ if follows => (
                    "indexes and checks of {} are built and verified again",
                    false,
                ),
                _ => continue,
            };
            let new = at.dialect().short_type(data_type);
            let what = what.replace("{}", &table.to_string());
            let headline = format!("{what}: {name} becomes {new}");
            let mut finding =
                at.finding_in(cx, ObjectId::column(&table, name), (n, name), headline);
            if !grave {
                finding.severity = finding.severity.min(Severity::Warning);
            }
            let note = match old {
                Some(_) => "nobody reads or writes the table meanwhile".to_owned(),
                None => format!(
                    "nobody reads or writes the table meanwhile; the type that {name} has is not \
                     known here, and few types become {new} without that"
                ),
            };
            let help = format!(
                "add a column of the new type, write both, fill it in batches, and swap them, as \
                 `strategy: expand-contract` does; where the table is small enough, allow it by name: \
                 `--allow blocks-reads-and-writes:{table}`"
            );
            out.push(finding.note(note).help(help));
        }
    }
}
