//! # migration-safety/drop-table
//!
//! A table is dropped, with its rows.
//!
//! ## Why
//!
//! No migration brings the rows back, and every program that still reads or writes the table fails
//! from then on. The statement waits for everyone who uses the table, and for those who use a table
//! that its foreign keys refer to.
//!
//! ## Fix
//!
//! Drop it once no program uses it any more: release those first, rename the table out of the way for
//! some days, keep a copy where the rows may matter. Then allow the loss by name, on the command line
//! (`--allow deletes-data:public.notes`) or above the statement.
//!
//! ```sql bad
//! CREATE TABLE notes (id bigint PRIMARY KEY, body text);
//! -- migration:
//! DROP TABLE notes;
//! ```
//!
//! ```sql good
//! CREATE TABLE notes (id bigint PRIMARY KEY, body text);
//! -- migration:
//! CREATE TABLE scratch (id bigint);
//! DROP TABLE scratch;
//! ```
//!
//! ```sql good
//! CREATE TABLE notes (id bigint PRIMARY KEY, body text);
//! -- migration:
//! -- schemagen:allow migration-safety/drop-table: unused since release 4, exported to the archive
//! DROP TABLE notes;
//! ```

use super::allow_loss;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::expr::mentions;
use crate::model::{ObjectId, ObjectKind, QualifiedName};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/drop-table",
    level: Level::Error,
    docs: include_str!("drop_table.rs"),
    options: &[],
};

pub(in crate::check) struct DropTable;

impl Rule for DropTable {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for table in at.dropped(ObjectKind::Table) {
            let known = at.scene.table(&table);
            let elsewhere = known.is_some_and(|t| t.foreign.is_some());
            if elsewhere || is_rebuilt(at, &table) {
                continue;
            }
            let id = ObjectId::table(&table);
            let headline = format!("table {table} is dropped with its rows");
            let help = format!(
                "release programs that no longer use it first, and keep a copy; {}",
                allow_loss(&id)
            );
            let note = "nothing brings the rows back, and programs that use the table fail";
            out.push(at.finding(cx, id, headline).note(note).help(help));
        }
    }
}

/// Whether a statement before has copied the rows, as a table is rebuilt.
fn is_rebuilt(at: &At<'_>, table: &QualifiedName) -> bool {
    at.earlier.iter().any(|act| {
        act.begins(&["insert", "into"])
            && act.has_word("select")
            && mentions(act.text, &table.name, act.dialect)
    })
}
