//! # migration-safety/concurrent-in-transaction
//!
//! A statement that cannot run in a transaction runs in one.
//!
//! ## Why
//!
//! CREATE INDEX CONCURRENTLY and its like commit on the way, so the server refuses them within BEGIN and COMMIT, within the
//! transaction that a tool opens around a file, and where several statements are sent in one message.
//!
//! ## Fix
//!
//! A file of its own, marked for the tool: `-- no-transaction` as its first line for sqlx, `transaction:false` for dbmate,
//! `executeInTransaction=false` for Flyway, `run_in_transaction = false` for Diesel.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! BEGIN;
//! CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
//! COMMIT;
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
//! SELECT 1;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
//! ```

use crate::check::migration::{Act, Migration, Sent};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/concurrent-in-transaction",
    level: Level::Error,
    docs: include_str!("concurrent_in_transaction.rs"),
    options: &[],
};

pub(in crate::check) struct ConcurrentInTransaction;

impl Rule for ConcurrentInTransaction {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        for act in all.acts {
            if act.facts().transactional && !is_of_cluster(act) {
                continue;
            }
            let of_file = all.acts.iter().filter(|a| a.file == act.file);
            let others = act.sent == Sent::AsOne && of_file.count() > 1;
            let (why, help) = match act.transaction {
                Some(_) if act.opened_by_tool => (
                    "the tool opens a transaction around the file",
                    "give it a file of its own, and mark that as one without a transaction \
                     (`-- no-transaction`, `transaction:false`)",
                ),
                Some(_) => (
                    "the file has opened a transaction",
                    "move it out of BEGIN and COMMIT, into a file of its own",
                ),
                None if others => (
                    "the statements of a file are sent in one message, which is a transaction",
                    "give it a file of its own",
                ),
                None => continue,
            };
            let words = act.told.words.iter().filter(|w| w.len() > 1).take(3);
            let words: Vec<&str> = words.map(String::as_str).collect();
            let relation = act
                .facts()
                .locks
                .first()
                .map(|l| ObjectId::table(&l.relation));
            let headline = format!(
                "{} cannot run in a transaction",
                words.join(" ").to_uppercase()
            );
            let mut finding = cx.finding_anywhere(headline).at(act.span(), "");
            finding.object = relation;
            out.push(
                finding
                    .note(format!("the server refuses it: {why}"))
                    .help(help),
            );
        }
    }
}

/// What changes the cluster, and no transaction either.
fn is_of_cluster(act: &Act<'_>) -> bool {
    [
        ["create", "database"],
        ["drop", "database"],
        ["create", "tablespace"],
        ["drop", "tablespace"],
        ["alter", "system"],
    ]
    .iter()
    .any(|words| act.begins(words))
}
