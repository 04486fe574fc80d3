//! # migration-safety/rename-table
//!
//! A table or view gets another name, or moves to another schema.
//!
//! ## Why
//!
//! Programs that run know the old name: from the commit on each of their queries fails, until the last of
//! them is replaced. Functions with a string body keep the old name too.
//!
//! ## Fix
//!
//! Leave a view under the old name, in the same transaction: a simple view passes reads and writes on. Drop it
//! when nobody uses it any more.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users RENAME TO people;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users RENAME TO people;
//! CREATE VIEW users AS SELECT * FROM people;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::Effect;
use crate::model::{Object, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/rename-table",
    level: Level::Warning,
    docs: include_str!("rename_table.rs"),
    options: &[],
};

pub(in crate::check) struct RenameTable;

impl Rule for RenameTable {
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
            let moved = actions.iter().find_map(|action| match action {
                AlterAction::Rename(new) => Some(format!("renamed to {new}")),
                AlterAction::SetSchema(schema) => Some(format!("moved to schema {schema}")),
                _ => None,
            });
            let Some(moved) = moved.filter(|_| is_relation(target.kind)) else {
                continue;
            };
            let name = act.qualified(&target.name);
            if is_new(all, act, &name) || leaves_view(all, n, &name) {
                continue;
            }
            let id = ObjectId::new(target.kind, name.clone());
            let headline = format!("{} {name} is {moved}", target.kind);
            let finding = act.finding(cx, id, headline);
            let note = "programs that run know the old name, and fail until they are replaced";
            let help = "create a view of the old name in the same transaction, and drop it later";
            out.push(finding.note(note).help(help));
        }
    }
}

fn is_relation(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    matches!(kind, K::Table | K::View | K::MaterializedView)
}

/// Whether the migration itself has made it: nobody knows its name.
fn is_new(all: &Migration<'_>, act: &Act<'_>, name: &QualifiedName) -> bool {
    let before = all.before;
    let known = before.tables.contains_key(name) || before.views.contains_key(name);
    let breaks = |e: &Effect| matches!(e, Effect::BreaksClients(id) if id.name == *name);
    !known && !act.facts().effects.iter().any(breaks)
}

/// Whether a view takes the old name before anyone sees that it is gone.
fn leaves_view(all: &Migration<'_>, n: usize, name: &QualifiedName) -> bool {
    all.later_about(n, name)
        .any(|later| match &later.told.statement {
            Some(Statement::Create {
                object: Object::View(view),
                ..
            }) => later.qualified(&view.name) == *name,
            _ => false,
        })
}
