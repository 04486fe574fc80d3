//! # migration-safety/drop-column
//!
//! A column is dropped, with its values.
//!
//! ## Why
//!
//! No migration brings the values back. Programs that name the column fail at once, and so do those
//! whose prepared statements or object mappers still list it: most of them read the columns of a
//! table once, when they start. Indexes and constraints of the column go with it.
//!
//! ## Fix
//!
//! Two steps: release programs that no longer name the column (mappers can ignore it), then drop it
//! in a later migration, and allow the loss by name: `--allow deletes-data:public.users.fax`.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, fax text);
//! -- migration:
//! ALTER TABLE users DROP COLUMN fax;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, fax text);
//! -- migration:
//! SET LOCAL lock_timeout = '3s';
//! ALTER TABLE users ALTER COLUMN fax DROP DEFAULT;
//! ```

use super::allow_loss;
use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Ident, ObjectId, QualifiedName};
use crate::source::AlterAction;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/drop-column",
    level: Level::Error,
    docs: include_str!("drop_column.rs"),
    options: &[],
};

pub(in crate::check) struct DropColumn;

impl Rule for DropColumn {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, action) in at.actions() {
            if let AlterAction::DropColumn { name, .. } = action
                && !is_new(at, &table, name)
            {
                out.push(finding(cx, at, &table, name));
            }
        }
    }
}

/// Whether the same migration has added it.
fn is_new(at: &At<'_>, table: &QualifiedName, column: &Ident) -> bool {
    let before = at.before.tables.get(table);
    before.is_some_and(|t| t.column(column).is_none())
}

fn finding(cx: &Ruling<'_>, at: &At<'_>, table: &QualifiedName, name: &Ident) -> Diagnostic {
    let id = ObjectId::column(table, name);
    let column = at.scene.table(table).and_then(|t| t.column(name));
    let help = "release programs that no longer name it first";
    if column.is_some_and(|c| c.generated.is_some()) {
        let headline = format!("generated column {table}.{name} is dropped");
        let mut finding = at.finding_on(cx, id, name, headline).help(help);
        finding.severity = finding.severity.min(Severity::Warning);
        return finding.note("its values come from other columns; programs that read it fail");
    }
    let headline = format!("column {table}.{name} is dropped with its values");
    let help = format!("{help}; {}", allow_loss(&id));
    at.finding_on(cx, id, name, headline)
        .note("nothing brings the values back, and programs that name the column fail")
        .help(help)
}
