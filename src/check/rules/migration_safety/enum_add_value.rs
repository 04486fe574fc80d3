//! # migration-safety/enum-add-value
//!
//! A value is added to an enum without a place, or used before it can be.
//!
//! ## Why
//!
//! Without BEFORE or AFTER the value stands behind all others, and the order of values is what ORDER BY and comparisons follow; it
//! cannot be changed later. A value that is used in the transaction that adds it makes the server refuse: "unsafe use of
//! new value". That is an error.
//!
//! ## Fix
//!
//! Say BEFORE or AFTER. Use the value in a later transaction: in a file of its own.
//!
//! ```sql bad
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! -- migration:
//! ALTER TYPE mood ADD VALUE 'happy';
//! ```
//!
//! ```sql bad
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! CREATE TABLE users (id bigint PRIMARY KEY, mood mood);
//! -- migration:
//! ALTER TYPE mood ADD VALUE 'happy' AFTER 'ok';
//! UPDATE users SET mood = 'happy' WHERE id = 1;
//! ```
//!
//! ```sql good
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! -- migration:
//! ALTER TYPE mood ADD VALUE 'happy' AFTER 'ok';
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::{Diagnostic, Severity};
use crate::expr::Token;
use crate::model::{ObjectId, ObjectKind};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/enum-add-value",
    level: Level::Info,
    docs: include_str!("enum_add_value.rs"),
    options: &[],
};

pub(in crate::check) struct EnumAddValue;

impl Rule for EnumAddValue {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        for (n, act) in all.acts.iter().enumerate() {
            let Some(Statement::Alter {
                target, actions, ..
            }) = &act.told.statement
            else {
                continue;
            };
            let name = act.qualified(&target.name);
            for action in actions {
                let AlterAction::AddValue {
                    value,
                    before,
                    after,
                    ..
                } = action
                else {
                    continue;
                };
                let id = ObjectId::new(ObjectKind::Enum, name.clone());
                let mut used = all.later_in_transaction(n);
                if let Some(user) = used.find(|later| uses(later, value)) {
                    out.push(used_too_early(cx, act, user, (id, value)));
                } else if before.is_none() && after.is_none() {
                    let headline = format!("{value} stands behind every other value of {name}");
                    let finding = act.finding(cx, id, headline);
                    let note = "ORDER BY and comparisons follow the order, which stays";
                    out.push(
                        finding
                            .note(note)
                            .help("say BEFORE or AFTER which value it stands"),
                    );
                }
            }
        }
    }
}

fn used_too_early(
    cx: &Ruling<'_>,
    act: &Act<'_>,
    user: &Act<'_>,
    (id, value): (ObjectId, &str),
) -> Diagnostic {
    let headline = format!(
        "{value} of {} is used in the transaction that adds it",
        id.name
    );
    let mut finding = user.finding(cx, id, headline);
    finding.severity = Severity::Error;
    finding.discriminator = "used".to_owned();
    finding
        .and_at(act.span(), "added here")
        .note("the server refuses: unsafe use of new value")
        .help("add the value in a file of its own, before this one")
}

/// Whether a statement has the value as a literal.
fn uses(act: &Act<'_>, value: &str) -> bool {
    let literal = format!("'{}'", value.replace('\'', "''"));
    let is_it = |t: &Token| t.text(act.text) == literal;
    act.text.contains(&literal) && act.tokens().iter().any(is_it)
}
