//! # migration-safety/vacuum-full
//!
//! VACUUM FULL writes a table again.
//!
//! ## Why
//!
//! It takes ACCESS EXCLUSIVE until every row and every index is written, and needs the room of the table twice. Plain VACUUM
//! makes room for new rows without blocking anyone.
//!
//! ## Fix
//!
//! `VACUUM`, or `pg_repack` where the file has to become smaller.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! VACUUM FULL users;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! VACUUM users;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/vacuum-full",
    level: Level::Warning,
    docs: include_str!("vacuum_full.rs"),
    options: &[],
};

pub(in crate::check) struct VacuumFull;

impl Rule for VacuumFull {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        if !(at.act.word(0) == "vacuum" && at.act.has_word("full")) {
            return;
        }
        let note = "VACUUM FULL takes ACCESS EXCLUSIVE, and builds every index anew";
        let help = "VACUUM, or pg_repack where the file has to become smaller";
        let locks = &at.facts().locks;
        if locks.is_empty() {
            let headline = "nobody reads or writes any table while it is written again";
            let finding = cx.finding_anywhere(headline).at(at.act.span(), "");
            out.push(finding.note(note).help(help));
        }
        for lock in locks {
            let relation = &lock.relation;
            let headline = format!("nobody reads or writes {relation} while it is written again");
            let finding = at.finding(cx, ObjectId::table(relation), headline);
            out.push(finding.note(note).help(help));
        }
    }
}
