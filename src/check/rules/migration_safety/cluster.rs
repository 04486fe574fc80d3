//! # migration-safety/cluster
//!
//! CLUSTER writes a table again, in the order of an index.
//!
//! ## Why
//!
//! It takes ACCESS EXCLUSIVE until every row and every index is written: nobody reads or writes the table. The order is
//! lost again with the next writes.
//!
//! ## Fix
//!
//! Leave it out: most tables are read as well without. Where the order matters, `pg_repack` writes it beside the
//! running table.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! CLUSTER users USING users_pkey;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users CLUSTER ON users_pkey;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/cluster",
    level: Level::Warning,
    docs: include_str!("cluster.rs"),
    options: &[],
};

pub(in crate::check) struct Cluster;

impl Rule for Cluster {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        if at.act.word(0) != "cluster" {
            return;
        }
        let note = "CLUSTER takes ACCESS EXCLUSIVE, and builds every index anew";
        let help = "leave it out, or let pg_repack order the table while it is in use";
        let locks = &at.facts().locks;
        if locks.is_empty() {
            let headline =
                "nobody reads or writes any table that was clustered while it is written again";
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
