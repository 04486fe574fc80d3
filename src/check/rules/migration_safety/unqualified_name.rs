//! # migration-safety/unqualified-name
//!
//! A statement names a relation without its schema.
//!
//! ## Why
//!
//! What it names depends on the `search_path` of whoever runs the migration: another role, or another tool, creates or drops something
//! else.
//!
//! ## Fix
//!
//! Write `public.users`.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN phone text;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE public.users ADD COLUMN phone text;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{Object, ObjectId, ObjectKind, QualifiedName};
use crate::source::Statement;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/unqualified-name",
    level: Level::Off,
    docs: include_str!("unqualified_name.rs"),
    options: &[],
};

pub(in crate::check) struct UnqualifiedName;

impl Rule for UnqualifiedName {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        let Some(statement) = &at.act.told.statement else {
            return;
        };
        for (kind, name) in names(statement) {
            if name.schema.is_some() || at.act.path.is_empty() {
                continue;
            }
            let full = at.act.qualified(&name);
            let headline = format!("{name} is {full} only where the search_path says so");
            let finding = at.finding(cx, ObjectId::new(kind, full.clone()), headline);
            let note = "another role or tool may have another one";
            out.push(finding.note(note).help(format!("write {full}")));
        }
    }
}

/// The objects in schemas that a statement creates, alters or drops.
fn names(statement: &Statement) -> Vec<(ObjectKind, QualifiedName)> {
    match statement {
        Statement::Create { object, .. } => match object {
            Object::Table(table) => vec![(ObjectKind::Table, table.name.clone())],
            Object::View(view) => vec![(ObjectKind::View, view.name.clone())],
            Object::Index(relation, _) | Object::Trigger(relation, _) => {
                vec![(ObjectKind::Table, relation.clone())]
            }
            _ => Vec::new(),
        },
        Statement::Alter { target, .. } if is_in_schema(target.kind) => {
            vec![(target.kind, target.name.clone())]
        }
        Statement::Drop { targets, .. } => {
            let targets = targets.iter().filter(|t| is_in_schema(t.kind));
            targets.map(|t| (t.kind, t.name.clone())).collect()
        }
        _ => Vec::new(),
    }
}

fn is_in_schema(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    kind.is_relation()
        || matches!(
            kind,
            K::Enum | K::Domain | K::Function | K::Procedure | K::Trigger | K::Policy
        )
}
