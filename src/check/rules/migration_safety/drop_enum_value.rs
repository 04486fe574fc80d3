//! # migration-safety/drop-enum-value
//!
//! An enum loses a value.
//!
//! ## Why
//!
//! PostgreSQL drops no value of a type: the type is made again without it, and every column that has it is rewritten. Rows that
//! hold the value make that fail, or get another one; programs that write it fail.
//!
//! ## Fix
//!
//! Leave the value in the type and stop using it, or hold it off by a CHECK constraint. Where it has to go, update the rows in batches
//! first, and allow it by name: `--allow deletes-data:public.mood`.
//!
//! ```sql bad {also=migration-safety/type-change-rewrite,migration-safety/data-narrowing}
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! CREATE TABLE users (id bigint PRIMARY KEY, mood mood);
//! -- migration:
//! ALTER TYPE mood RENAME TO mood_old;
//! CREATE TYPE mood AS ENUM ('ok');
//! ALTER TABLE users ALTER COLUMN mood TYPE mood USING mood::text::mood;
//! DROP TYPE mood_old;
//! ```
//!
//! ```sql good
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! -- migration:
//! ALTER TYPE mood ADD VALUE 'happy' AFTER 'ok';
//! ```

use super::allow_loss;
use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{Object, ObjectId, ObjectKind};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/drop-enum-value",
    level: Level::Error,
    docs: include_str!("drop_enum_value.rs"),
    options: &[],
};

pub(in crate::check) struct DropEnumValue;

impl Rule for DropEnumValue {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        for (name, before) in &all.before.enums {
            let Some(after) = all.after.enums.get(name) else {
                continue;
            };
            let renamed = |value: &str| all.acts.iter().any(|act| renames(act, value));
            let lost: Vec<&str> = before
                .values
                .iter()
                .map(|v| &**v)
                .filter(|v| !after.values.iter().any(|a| **a == **v) && !renamed(v))
                .collect();
            if lost.is_empty() {
                continue;
            }
            let made = |act: &&Act<'_>| match &act.told.statement {
                Some(Statement::Create {
                    object: Object::Enum(e),
                    ..
                }) => e.values == after.values,
                _ => false,
            };
            let Some(act) = all.acts.iter().find(made).or(all.acts.first()) else {
                continue;
            };
            let headline = format!("{name} loses {}", lost.join(", "));
            let id = ObjectId::new(ObjectKind::Enum, name.clone());
            let help = format!(
                "leave the value in the type and stop using it; or update the rows first, {}",
                allow_loss(&id)
            );
            let note = "rows that hold it make the change fail, and programs that write it fail";
            out.push(act.finding(cx, id, headline).note(note).help(help));
        }
    }
}

fn renames(act: &Act<'_>, value: &str) -> bool {
    match &act.told.statement {
        Some(Statement::Alter { actions, .. }) => actions
            .iter()
            .any(|a| matches!(a, AlterAction::RenameValue { from, .. } if **from == *value)),
        _ => false,
    }
}
