//! # migration-safety/invalid-index-left
//!
//! CREATE INDEX CONCURRENTLY IF NOT EXISTS keeps an invalid index.
//!
//! ## Why
//!
//! A concurrent build that fails leaves its index behind, invalid: it costs every write and answers no query. Run again, IF NOT EXISTS
//! finds the name in use and says that all is well.
//!
//! ## Fix
//!
//! `DROP INDEX CONCURRENTLY IF EXISTS` of the name in a file before, then CREATE INDEX CONCURRENTLY without IF NOT EXISTS.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email_idx ON users (email);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! DROP INDEX CONCURRENTLY IF EXISTS users_email_idx;
//! -- migration, outside of a transaction:
//! CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email_idx ON users (email);
//! ```

use super::drops_before;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{Object, ObjectId};
use crate::source::Statement;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/invalid-index-left",
    level: Level::Info,
    docs: include_str!("invalid_index_left.rs"),
    options: &[],
};

pub(in crate::check) struct InvalidIndexLeft;

impl Rule for InvalidIndexLeft {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let Some(Statement::Create {
            object: Object::Index(relation, index),
            if_not_exists: true,
            ..
        }) = &at.act.told.statement
        else {
            return;
        };
        let name = at.scene.relation(relation).sibling(index.name.clone());
        if at.facts().transactional || drops_before(at.earlier, &name) {
            return;
        }
        let headline = format!("where a build of {name} failed before, its invalid index stays");
        let finding = at.finding(cx, ObjectId::index(&name), headline);
        let note = "IF NOT EXISTS looks at the name alone";
        let help = "DROP INDEX CONCURRENTLY IF EXISTS of the name first, in a file of its own";
        out.push(finding.note(note).help(help));
    }
}
