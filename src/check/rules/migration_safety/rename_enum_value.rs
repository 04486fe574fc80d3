//! # migration-safety/rename-enum-value
//!
//! A value of an enum gets another name.
//!
//! ## Why
//!
//! Rows follow, programs do not: those that write the old value fail, and those that read the new one do not
//! know it. Nothing of the old name is left for them to use.
//!
//! ## Fix
//!
//! Add the new value, release programs that read both and write the new one, and update the rows in batches.
//! The old value can stay in the type.
//!
//! ```sql bad
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! -- migration:
//! ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
//! ```
//!
//! ```sql good
//! CREATE TYPE mood AS ENUM ('sad', 'ok');
//! -- migration:
//! ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectId, ObjectKind};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/rename-enum-value",
    level: Level::Warning,
    docs: include_str!("rename_enum_value.rs"),
    options: &[],
};

pub(in crate::check) struct RenameEnumValue;

impl Rule for RenameEnumValue {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let Some(Statement::Alter {
            target, actions, ..
        }) = &at.act.told.statement
        else {
            return;
        };
        let name = at.act.qualified(&target.name);
        let known = at.scene.catalog.enums.contains_key(&name);
        if known && !at.before.enums.contains_key(&name) {
            return;
        }
        for action in actions {
            // Attributes of composite types are renamed by the same words.
            let AlterAction::RenameValue { from, to } = action else {
                continue;
            };
            if at.act.word(4) == "attribute" || at.act.word(6) == "attribute" {
                continue;
            }
            let id = ObjectId::new(ObjectKind::Enum, name.clone());
            let finding = at.finding(cx, id, format!("value {from} of {name} becomes {to}"));
            let note =
                "programs that write the old value fail, those that read do not know the new";
            let help = "add the new value, use both for a while, and update the rows in batches";
            out.push(finding.note(note).help(help));
        }
    }
}
