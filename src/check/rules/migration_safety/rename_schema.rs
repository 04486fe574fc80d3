//! # migration-safety/rename-schema
//!
//! A schema gets another name.
//!
//! ## Why
//!
//! Every name in it changes at once: qualified names in programs and in functions with a string body fail,
//! and a `search_path` that holds the old name finds nothing.
//!
//! ## Fix
//!
//! Create the new schema, move the tables one by one, and leave views under the old names until no program
//! uses them.
//!
//! ```sql bad
//! CREATE SCHEMA app;
//! -- migration:
//! ALTER SCHEMA app RENAME TO core;
//! ```
//!
//! ```sql good
//! CREATE SCHEMA app;
//! -- migration:
//! CREATE SCHEMA core;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectId, ObjectKind};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/rename-schema",
    level: Level::Warning,
    docs: include_str!("rename_schema.rs"),
    options: &[],
};

pub(in crate::check) struct RenameSchema;

impl Rule for RenameSchema {
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
        let name = &target.name.name;
        let known = at.scene.catalog.schemas.contains_key(name);
        let created_here = known && !at.before.schemas.contains_key(name);
        if target.kind != ObjectKind::Schema || created_here {
            return;
        }
        for action in actions {
            if let AlterAction::Rename(new) = action {
                let id = ObjectId::new(ObjectKind::Schema, target.name.clone());
                let finding = at.finding(cx, id, format!("schema {name} is renamed to {new}"));
                let note = "names with the old schema fail, and search paths no longer find it";
                let help = "create the new schema, move tables one by one, and leave views behind";
                out.push(finding.note(note).help(help));
            }
        }
    }
}
