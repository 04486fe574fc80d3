//! # migration-safety/data-narrowing
//!
//! A column gets a type that not every value of its old one fits.
//!
//! ## Why
//!
//! A shorter length, a lower precision or another kind of type cuts or rounds values, or the statement
//! fails at the first row that does not fit: after it has locked the table and read the rows before.
//!
//! ## Fix
//!
//! Look first: count the rows that do not fit. Where values may be lost, allow it by name:
//! `--allow narrows-data:public.items.code`. A CHECK constraint, added NOT VALID and validated later, limits
//! values without a rewrite.
//!
//! ```sql bad {also=migration-safety/type-change-rewrite}
//! CREATE TABLE items (id bigint PRIMARY KEY, code varchar(20));
//! -- migration:
//! ALTER TABLE items ALTER COLUMN code TYPE varchar(10);
//! ```
//!
//! ```sql good
//! CREATE TABLE items (id bigint PRIMARY KEY, code varchar(20));
//! -- migration:
//! ALTER TABLE items ALTER COLUMN code TYPE varchar(40);
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::Effect;
use crate::source::{AlterAction, ColumnAction};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/data-narrowing",
    level: Level::Error,
    docs: include_str!("data_narrowing.rs"),
    options: &[],
};

pub(in crate::check) struct DataNarrowing;

impl Rule for DataNarrowing {
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
            let narrows = |effect: &&Effect| match effect {
                Effect::Narrows(object) => object.member.as_ref() == Some(name),
                _ => false,
            };
            let Some(Effect::Narrows(object)) = at.facts().effects.iter().find(narrows) else {
                continue;
            };
            let old = at.scene.table(&table).and_then(|t| t.column(name));
            let old = old.map_or_else(String::new, |c| {
                format!(" of {}", at.dialect().short_type(&c.data_type))
            });
            let new = at.dialect().short_type(data_type);
            let headline = format!("not every value{old} in {table}.{name} fits {new}");
            let help = format!(
                "count the rows that do not fit first; then allow it by name: `--allow \
                 narrows-data:{}`",
                object.path()
            );
            let finding = at.finding_in(cx, object.clone(), (n, name), headline);
            out.push(
                finding
                    .note("values are cut or rounded, or the statement fails at the first of them")
                    .help(help),
            );
        }
    }
}
