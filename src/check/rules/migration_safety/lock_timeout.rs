//! # migration-safety/lock-timeout
//!
//! A statement waits for a strong lock without a limit.
//!
//! ## Why
//!
//! While it waits, for one long query perhaps, everyone who comes later waits behind it: a change that
//! takes a millisecond stops the table for minutes. With `lock_timeout` it gives up instead, and can be
//! run again.
//!
//! ## Fix
//!
//! `SET LOCAL lock_timeout = '3s';` as the first statement of the file. Statements that run CONCURRENTLY
//! block nobody while they wait, and need none.
//!
//! `statement_timeout` and `idle_timeout` ask for those settings as well: the first bounds how long a
//! statement runs, the second how long the transaction is open while nothing runs.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! -- migration:
//! ALTER TABLE users ADD COLUMN email text;
//! ```
//!
//! ```sql bad {set.statement_timeout=true}
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users ADD COLUMN email text;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users ADD COLUMN email text;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{DefaultValue, Level, OptionInfo, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::Lock;
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/lock-timeout",
    level: Level::Warning,
    docs: include_str!("lock_timeout.rs"),
    options: &[
        OptionInfo {
            name: "statement_timeout",
            default: DefaultValue::Flag(false),
            docs: "Ask for `statement_timeout` as well.",
        },
        OptionInfo {
            name: "idle_timeout",
            default: DefaultValue::Flag(false),
            docs: "Ask for `idle_in_transaction_session_timeout` as well.",
        },
    ],
};

pub(in crate::check) struct LockTimeout;

impl Rule for LockTimeout {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    /// One finding a transaction and setting: the first statement that needs it.
    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        let mut said = Vec::new();
        for act in all.acts {
            let Some(lock) = blocking(act) else { continue };
            let wanted = [
                ("lock_timeout", true, act.timeouts.lock),
                (
                    "statement_timeout",
                    cx.flag("statement_timeout"),
                    act.timeouts.statement,
                ),
                (
                    "idle_in_transaction_session_timeout",
                    cx.flag("idle_timeout") && act.transaction.is_some(),
                    act.timeouts.idle,
                ),
            ];
            for (setting, asked, value) in wanted {
                let place = (act.file, act.transaction, setting);
                if !asked || value.is_some() || said.contains(&place) {
                    continue;
                }
                if act.transaction.is_some() {
                    said.push(place);
                }
                out.push(finding(cx, act, lock, setting));
            }
        }
    }
}

/// The strongest lock that keeps others waiting while the statement waits for it.
fn blocking<'a>(act: &'a Act<'_>) -> Option<&'a Lock> {
    let facts = act.facts();
    if facts.lock_timeout.is_none_or(|limit| limit == 0) {
        return None;
    }
    let locks = facts.locks.iter().filter(|l| l.mode.blocks_writes());
    locks.max_by_key(|l| l.mode)
}

fn finding(cx: &Ruling<'_>, act: &Act<'_>, lock: &Lock, setting: &str) -> Diagnostic {
    let (relation, mode) = (&lock.relation, lock.mode.as_str());
    let (what, value, why) = match setting {
        "lock_timeout" => (
            format!("{mode} on {relation} is waited for without a limit"),
            "3s",
            "while it waits for one long query, everyone who comes later waits behind it",
        ),
        "statement_timeout" => (
            format!("{mode} on {relation} is held by a statement without a limit"),
            "30s",
            "who needs the table waits as long as the statement runs",
        ),
        _ => (
            format!("{mode} on {relation} is held by a transaction that may stand idle"),
            "30s",
            "a runner that stops between two statements keeps the lock",
        ),
    };
    let local = if act.transaction.is_some() {
        "LOCAL "
    } else {
        ""
    };
    let mut finding = act.finding(cx, ObjectId::table(relation), what);
    finding.discriminator = setting.to_owned();
    finding
        .note(why)
        .help(format!("SET {local}{setting} = '{value}' before it"))
}
