//! # migration-safety/truncate
//!
//! TRUNCATE empties a table.
//!
//! ## Why
//!
//! All rows are gone; with CASCADE those of every table that refers to it by a foreign key too,
//! whatever the foreign keys say about deletes. The table is locked against readers meanwhile.
//!
//! ## Fix
//!
//! Delete the rows that are meant, in batches, with a WHERE clause. Where really all of them are
//! meant, name every table instead of CASCADE, and allow it: `--allow deletes-data:public.events`.
//!
//! ```sql bad
//! CREATE TABLE events (id bigint PRIMARY KEY);
//! -- migration:
//! TRUNCATE events;
//! ```
//!
//! ```sql good
//! CREATE TABLE events (id bigint PRIMARY KEY, seen date NOT NULL);
//! -- migration:
//! DELETE FROM events WHERE seen < '2020-01-01';
//! ```

use super::{allow_loss, listed};
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::QualifiedName;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/truncate",
    level: Level::Error,
    docs: include_str!("truncate.rs"),
    options: &[],
};

pub(in crate::check) struct Truncate;

impl Rule for Truncate {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        if at.act.word(0) != "truncate" {
            return;
        }
        let emptied = &at.facts().destroys;
        let Some(first) = emptied.first() else { return };
        let names: Vec<QualifiedName> = emptied.iter().map(|id| id.name.clone()).collect();
        let mut headline = format!("all rows of {} are removed", listed(&names));
        if at.act.has_word("cascade") {
            headline.push_str(", and of every table that refers to them");
        }
        let help = format!(
            "delete the rows that are meant, with a WHERE clause; where all are meant, {}",
            allow_loss(first)
        );
        let note = "nothing brings the rows back; nobody reads or writes the table meanwhile";
        let finding = at.finding(cx, first.clone(), headline);
        out.push(finding.note(note).help(help));
    }
}
