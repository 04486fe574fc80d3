//! # migration-safety/set-storage
//!
//! How a table is stored or replicated changes in a way that others feel.
//!
//! ## Why
//!
//! SET LOGGED, SET UNLOGGED, SET ACCESS METHOD and SET TABLESPACE write the table again under ACCESS EXCLUSIVE; an unlogged table
//! is empty after a crash, and on no replica. REPLICA IDENTITY NOTHING makes updates and deletes of a published table
//! fail; FULL writes whole old rows to the log. Without autovacuum dead rows stay, until transaction ids run out.
//!
//! ## Fix
//!
//! Write the table anew in a quiet moment, with a `lock_timeout`; give a replica identity a unique index; tune autovacuum for
//! the table instead of turning it off.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users SET UNLOGGED;
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users REPLICA IDENTITY NOTHING;
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users SET (autovacuum_enabled = false);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users SET (fillfactor = 90);
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectId, ReplicaIdentity};
use crate::source::AlterAction;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/set-storage",
    level: Level::Warning,
    docs: include_str!("set_storage.rs"),
    options: &[],
};

pub(in crate::check) struct SetStorage;

impl Rule for SetStorage {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, action) in at.actions() {
            let Some((what, note, help)) = said(action) else {
                continue;
            };
            let headline = format!("{table} {what}");
            let finding = at.finding(cx, ObjectId::table(&table), headline);
            out.push(finding.note(note).help(help));
        }
    }
}

const REWRITE: &str = "nobody reads or writes the table until every row is written again";
const QUIET: &str = "take a moment when nobody needs the table, and set a lock_timeout";

/// What an action does, why it matters, and what to do.
fn said(action: &AlterAction) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match action {
        AlterAction::SetLogged(true) => ("is written again to be logged", REWRITE, QUIET),
        AlterAction::SetLogged(false) => (
            "is empty after a crash, and on no replica, from now on",
            REWRITE,
            "keep it logged, or create an unlogged table for what may be lost",
        ),
        AlterAction::SetAccessMethod(_) => {
            ("is written again for another access method", REWRITE, QUIET)
        }
        AlterAction::SetTablespace(_) => ("is copied to another tablespace", REWRITE, QUIET),
        AlterAction::ReplicaIdentity(ReplicaIdentity::Nothing) => (
            "has no replica identity from now on",
            "updates and deletes fail where a publication has the table",
            "name a unique index: REPLICA IDENTITY USING INDEX",
        ),
        AlterAction::ReplicaIdentity(ReplicaIdentity::Full) => (
            "writes whole old rows to the log from now on",
            "every update and delete costs more, and subscribers look each row up by all columns",
            "name a unique index: REPLICA IDENTITY USING INDEX",
        ),
        AlterAction::SetStorage(pairs) if pairs.iter().any(turns_vacuum_off) => (
            "is no longer vacuumed by itself",
            "dead rows stay, and in the end the server stops to prevent wraparound",
            "tune autovacuum_vacuum_scale_factor for the table instead",
        ),
        _ => return None,
    })
}

fn turns_vacuum_off((name, value): &(Box<str>, Box<str>)) -> bool {
    let off = matches!(value.trim_matches('\''), "false" | "off" | "0" | "no");
    &**name == "autovacuum_enabled" && off
}
