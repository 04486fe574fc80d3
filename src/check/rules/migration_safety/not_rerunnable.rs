//! # migration-safety/not-rerunnable
//!
//! A statement outside of a transaction fails when it is run a second time.
//!
//! ## Why
//!
//! What runs outside of a transaction stays when a later statement fails, or the connection is lost before the tool has noted it.
//! Run again, it finds its own work done and stops there.
//!
//! ## Fix
//!
//! IF EXISTS and IF NOT EXISTS; before a concurrent build `DROP INDEX CONCURRENTLY IF EXISTS`, as a failed one leaves an
//! invalid index. Where a file has room for one statement alone, a comment above it says so to whoever runs it.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! CREATE INDEX users_email_idx ON users (email);
//! -- migration, outside of a transaction:
//! DROP INDEX CONCURRENTLY users_email_idx;
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! DROP INDEX CONCURRENTLY IF EXISTS users_email_idx;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! -- where it fails, run `DROP INDEX CONCURRENTLY IF EXISTS users_email_idx` before running it again
//! CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN phone text;
//! ```

use super::drops_before;
use crate::check::migration::{At, Sent};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{Object, ObjectId};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/not-rerunnable",
    level: Level::Info,
    docs: include_str!("not_rerunnable.rs"),
    options: &[],
};

pub(in crate::check) struct NotRerunnable;

impl Rule for NotRerunnable {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let alone = at.act.sent == Sent::AsOne || !at.facts().transactional;
        if at.act.transaction.is_some() || !alone {
            return;
        }
        let Some((object, what)) = unguarded(at) else {
            return;
        };
        let headline = format!("run a second time, it finds that {object} {what}");
        let finding = at.finding(cx, object, headline);
        let note = "it stays where a later statement fails, or before the tool has noted it";
        let help = match what {
            "is not there" => "add IF EXISTS",
            _ if !at.facts().transactional => {
                "DROP INDEX CONCURRENTLY IF EXISTS of the name in a file before it"
            }
            _ => "add IF NOT EXISTS, or run it in a transaction",
        };
        out.push(finding.note(note).help(help));
    }
}

/// What the statement would stumble over, and how.
fn unguarded(at: &At<'_>) -> Option<(ObjectId, &'static str)> {
    match at.act.told.statement.as_ref()? {
        Statement::Create {
            object: Object::Index(relation, index),
            if_not_exists: false,
            ..
        } => {
            let name = at.scene.relation(relation).sibling(index.name.clone());
            let says = |text: &str| at.act.remark.to_lowercase().contains(text);
            let said = says("drop index concurrently if exists") && says(&name.name.to_lowercase());
            let cleared = said || drops_before(at.earlier, &name);
            (!cleared).then(|| (ObjectId::index(&name), "is there already"))
        }
        Statement::Create {
            object: Object::Table(table),
            if_not_exists: false,
            ..
        } => Some((
            ObjectId::table(&at.act.qualified(&table.name)),
            "is there already",
        )),
        Statement::Drop {
            targets,
            if_exists: false,
            ..
        } => {
            let target = targets.first()?;
            let id = ObjectId::new(target.kind, at.act.qualified(&target.name));
            Some((id, "is not there"))
        }
        Statement::Alter { actions, .. } => actions.iter().find_map(|action| match action {
            AlterAction::AddColumn {
                column,
                if_not_exists: false,
                ..
            } => {
                let table = at.actions().first()?.0.clone();
                Some((ObjectId::column(&table, &column.name), "is there already"))
            }
            _ => None,
        }),
        _ => None,
    }
}
