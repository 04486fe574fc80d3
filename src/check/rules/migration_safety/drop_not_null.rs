//! # migration-safety/drop-not-null
//!
//! A column that could not be null can be from now on.
//!
//! ## Why
//!
//! Programs that read it rely on a value: they fail on the first null, far from where it was written. The way back has to
//! look at every row, and fails on the first null too.
//!
//! ## Fix
//!
//! Release programs that can read a null first.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
//! -- migration:
//! ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;
use crate::source::{AlterAction, ColumnAction};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/drop-not-null",
    level: Level::Info,
    docs: include_str!("drop_not_null.rs"),
    options: &[],
};

pub(in crate::check) struct DropNotNull;

impl Rule for DropNotNull {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, action) in at.actions() {
            let AlterAction::Column {
                name,
                action: ColumnAction::NotNull(false),
            } = action
            else {
                continue;
            };
            let column = at.scene.table(&table).and_then(|t| t.column(name));
            if column.is_some_and(|c| !c.not_null) {
                continue;
            }
            let headline = format!("{table}.{name} can be null from now on");
            let finding = at.finding_on(cx, ObjectId::column(&table, name), name, headline);
            let note = "programs that read it may not expect that";
            out.push(
                finding
                    .note(note)
                    .help("release programs that can read a null first"),
            );
        }
    }
}
