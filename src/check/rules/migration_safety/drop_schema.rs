//! # migration-safety/drop-schema
//!
//! A schema is dropped.
//!
//! ## Why
//!
//! With CASCADE it takes every table, view and function in it along, and what depends on them in
//! other schemas. Without CASCADE it fails where anything is left in it, and everything that names the
//! schema in a `search_path` or a grant loses it.
//!
//! ## Fix
//!
//! Drop what the schema holds object by object, each in a migration that says so, and the empty schema
//! last. Then allow it by name: `--allow deletes-data:archive`.
//!
//! ```sql bad
//! CREATE SCHEMA archive;
//! CREATE TABLE archive.notes (id bigint PRIMARY KEY);
//! -- migration:
//! DROP SCHEMA archive CASCADE;
//! ```
//!
//! ```sql good
//! CREATE TABLE notes (id bigint PRIMARY KEY);
//! -- migration:
//! CREATE SCHEMA scratch;
//! DROP SCHEMA scratch;
//! ```

use super::allow_loss;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectId, ObjectKind};
use crate::source::Statement;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/drop-schema",
    level: Level::Error,
    docs: include_str!("drop_schema.rs"),
    options: &[],
};

pub(in crate::check) struct DropSchema;

impl Rule for DropSchema {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let Some(Statement::Drop {
            targets, cascade, ..
        }) = &at.act.told.statement
        else {
            return;
        };
        for target in targets.iter().filter(|t| t.kind == ObjectKind::Schema) {
            let name = &target.name.name;
            let here = at.scene.catalog.schemas.contains_key(name);
            if here && !at.before.schemas.contains_key(name) {
                continue;
            }
            let tables = at.scene.catalog.tables.keys();
            let count = tables.filter(|t| t.schema.as_ref() == Some(name)).count();
            let headline = match cascade {
                true => format!("schema {name} is dropped with everything in it ({count} tables)"),
                false => format!("schema {name} is dropped"),
            };
            let id = ObjectId::new(ObjectKind::Schema, target.name.clone());
            let help = format!(
                "drop what it holds object by object, and the empty schema last; {}",
                allow_loss(&id)
            );
            let note = "nothing brings the rows back, and names in it no longer resolve";
            out.push(at.finding(cx, id, headline).note(note).help(help));
        }
    }
}
