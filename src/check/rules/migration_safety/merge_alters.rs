//! # migration-safety/merge-alters
//!
//! Several ALTER TABLE statements of one table, in one transaction, that could be one.
//!
//! ## Why
//!
//! Each of them takes its lock and looks at the catalog again; where two of them write the table again, or verify it, one
//! statement does both at once.
//!
//! ## Fix
//!
//! Join their actions with commas. Renames, partitions and moves to another schema have to stand alone; so does the drop
//! of a check that proves a NOT NULL before it: in one statement it would be gone first, and the table be read whole.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN phone text;
//! ALTER TABLE users ADD COLUMN fax text;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN phone text, ADD COLUMN fax text;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text, CONSTRAINT email_set CHECK (email IS NOT NULL));
//! -- migration:
//! ALTER TABLE users ALTER COLUMN email SET NOT NULL;
//! ALTER TABLE users DROP CONSTRAINT email_set;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::{can_join, pass_of};
use crate::model::{ObjectId, ObjectKind, QualifiedName};
use crate::source::Statement;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/merge-alters",
    level: Level::Info,
    docs: include_str!("merge_alters.rs"),
    options: &[],
};

pub(in crate::check) struct MergeAlters;

impl Rule for MergeAlters {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        let mut open: Vec<(QualifiedName, &Act<'_>)> = Vec::new();
        for act in all.acts {
            let transaction = act.transaction;
            open.retain(|(_, a)| transaction.is_some() && a.transaction == transaction);
            let Some((table, joins)) = altered(act) else {
                // What stands between may need the first and be needed by the second.
                if act.told.statement.is_some() {
                    open.clear();
                }
                continue;
            };
            if !joins || transaction.is_none() {
                open.retain(|(name, _)| *name != table);
                continue;
            }
            match open.iter().find(|(name, _)| *name == table) {
                Some((_, first)) if !can_be_one(first, act) => {}
                Some((_, first)) => {
                    let headline =
                        format!("{table} is altered by two statements that could be one");
                    let finding = act.finding(cx, ObjectId::table(&table), headline);
                    let note = "each takes its lock, and reads or writes the table for itself";
                    let help = "join their actions with commas";
                    out.push(
                        finding
                            .and_at(first.span(), "the first one")
                            .note(note)
                            .help(help),
                    );
                }
                None => open.push((table, act)),
            }
        }
    }
}

/// Whether the two are no more than one in another order.
fn can_be_one(first: &Act<'_>, second: &Act<'_>) -> bool {
    match (&first.told.statement, &second.told.statement) {
        (
            Some(Statement::Alter { actions: one, .. }),
            Some(Statement::Alter { actions: two, .. }),
        ) => can_join(one, two),
        _ => false,
    }
}

/// The table in use that a statement alters, and whether its actions can stand beside others.
fn altered(act: &Act<'_>) -> Option<(QualifiedName, bool)> {
    let Some(Statement::Alter {
        target, actions, ..
    }) = &act.told.statement
    else {
        return None;
    };
    let table = act.qualified(&target.name);
    let in_use = act.facts().locks.iter().any(|l| l.relation == table);
    if target.kind != ObjectKind::Table || !in_use {
        return None;
    }
    Some((table, actions.iter().all(|a| pass_of(a).is_some())))
}
