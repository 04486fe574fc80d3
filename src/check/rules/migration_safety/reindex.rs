//! # migration-safety/reindex
//!
//! REINDEX without CONCURRENTLY.
//!
//! ## Why
//!
//! It locks the table against writes, and each index against the queries that would use it, until all of them are built
//! anew.
//!
//! ## Fix
//!
//! `REINDEX ... CONCURRENTLY`, outside of a transaction. It needs the room of the index twice.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! REINDEX TABLE users;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! REINDEX TABLE CONCURRENTLY users;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/reindex",
    level: Level::Warning,
    docs: include_str!("reindex.rs"),
    options: &[],
};

pub(in crate::check) struct Reindex;

impl Rule for Reindex {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        if at.act.word(0) != "reindex" || at.act.has_word("concurrently") {
            return;
        }
        let note = "it takes SHARE on the table, and ACCESS EXCLUSIVE on the index";
        let help = "REINDEX ... CONCURRENTLY, outside of a transaction, in a file of its own";
        let locks = &at.facts().locks;
        if locks.is_empty() {
            let headline = "nobody writes to any table while its indexes are built anew";
            let finding = cx.finding_anywhere(headline).at(at.act.span(), "");
            out.push(finding.note(note).help(help));
        }
        for lock in locks {
            let relation = &lock.relation;
            let headline = format!("nobody writes to {relation} while it is indexed anew");
            let finding = at.finding(cx, ObjectId::table(relation), headline);
            out.push(finding.note(note).help(help));
        }
    }
}
