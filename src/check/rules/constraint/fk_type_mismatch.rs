//! # constraint/fk-type-mismatch
//!
//! The columns of a foreign key have other types, or another collation, than those they reference.
//!
//! ## Why
//!
//! An `integer` that references a `bigint` works until the first key above 2,147,483,647, and then
//! no row can refer to it: the day of an outage. A shorter text cannot hold every key, and texts
//! of different collations may not be equal in the same cases. Where types are converted to be
//! compared, an index on one side may not be used. Types that the server cannot compare at all are
//! refused by it.
//!
//! Domains count as the type they are based on; a longer text than the referenced one is no
//! finding, and a wider number is a lesser one.
//!
//! ## Fix
//!
//! Give the referencing column the type of the referenced one. In YAML, `references:` without a
//! type takes it from there.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY, user_id integer REFERENCES users (id));
//! CREATE INDEX tasks_user_id_idx ON tasks (user_id);
//! ```
//!
//! ```sql good
//! CREATE DOMAIN user_key AS bigint;
//! CREATE TABLE users (id user_key PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
//! ```

use super::base_type;
use crate::check::rules::remedy::alter_table;
use crate::check::rules::subject::constraint_id;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet, Severity};
use crate::dialect::{Capability, KeyFit};
use crate::model::{Column, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "constraint/fk-type-mismatch",
    level: Level::Error,
    docs: include_str!("fk_type_mismatch.rs"),
    options: &[],
};

pub(in crate::check) struct FkTypeMismatch;

impl Rule for FkTypeMismatch {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables() {
            for (constraint, key) in table.foreign_keys() {
                let Some(target) = cx.table(&key.target) else {
                    continue;
                };
                for (from, to) in key.columns.iter().zip(&key.target_columns) {
                    let (Some(child), Some(parent)) = (table.column(from), target.column(to))
                    else {
                        continue;
                    };
                    let pair = Pair {
                        table,
                        child,
                        target,
                        parent,
                    };
                    if let Some(mut finding) = pair.finding(cx) {
                        finding.object = Some(constraint_id(table, constraint));
                        finding.discriminator = from.to_string();
                        out.push(finding);
                    }
                }
            }
        }
    }
}

/// A referencing column and the one it references.
struct Pair<'a> {
    table: &'a Table,
    child: &'a Column,
    target: &'a Table,
    parent: &'a Column,
}

impl Pair<'_> {
    fn finding(&self, cx: &Context<'_>) -> Option<Diagnostic> {
        let child_type = base_type(cx, &self.child.data_type);
        let parent_type = base_type(cx, &self.parent.data_type);
        let (severity, note) = match cx.dialect.key_fit(child_type, parent_type) {
            KeyFit::Same => return self.collation_finding(cx),
            KeyFit::Refused => (
                Severity::Error,
                "the server has no operator that compares these types, and refuses the foreign key",
            ),
            KeyFit::Narrower => (
                Severity::Error,
                "some values of the referenced column cannot be stored here, so rows with such keys can never be referred to",
            ),
            KeyFit::Wider => (
                Severity::Warning,
                "values are converted to be compared, and some that fit here can never be a key there",
            ),
            KeyFit::Converted => (
                Severity::Warning,
                "values are converted to be compared, which may keep an index from being used",
            ),
        };
        let headline = format!(
            "{}.{} is {} but references {}.{}, which is {}",
            self.table.name,
            self.child.name,
            cx.dialect.print_type(&self.child.data_type),
            self.target.name,
            self.parent.name,
            cx.dialect.print_type(&self.parent.data_type),
        );
        Some(
            self.at_types(cx, headline, severity)
                .note(note)
                .help(self.help(cx)),
        )
    }

    fn help(&self, cx: &Context<'_>) -> String {
        let wanted = cx.dialect.print_type(&self.parent.data_type);
        if !cx.version.has(Capability::AddConstraint) {
            return format!("declare {} as `{wanted}`", self.child.name);
        }
        let column = cx.dialect.quote(&self.child.name);
        let action = format!("ALTER COLUMN {column} TYPE {wanted}");
        format!(
            "`{}` (in YAML, leave the type out: `references:` takes it from {}.{})",
            alter_table(cx, self.table, &action),
            self.target.name.name,
            self.parent.name
        )
    }

    fn collation_finding(&self, cx: &Context<'_>) -> Option<Diagnostic> {
        let (child, parent) = (&self.child.collation, &self.parent.collation);
        if child == parent {
            return None;
        }
        let name = |collation: &Option<_>| match collation {
            Some(name) => cx.dialect.quote_name(name),
            None => "default".to_owned(),
        };
        let headline = format!(
            "{}.{} has the collation {} but references {}.{}, which has {}",
            self.table.name,
            self.child.name,
            name(child),
            self.target.name,
            self.parent.name,
            name(parent),
        );
        let finding = self.at_types(cx, headline, Severity::Warning);
        Some(
            finding
                .note("texts can be equal under one collation and different under the other")
                .help(format!("give {} the collation of the key", self.child.name)),
        )
    }

    /// A finding at the type of the one column, with the type of the other beside it.
    fn at_types(&self, cx: &Context<'_>, headline: String, severity: Severity) -> Diagnostic {
        let child = ObjectId::column(&self.table.name, &self.child.name);
        let parent = ObjectId::column(&self.target.name, &self.parent.name);
        let label = cx.dialect.print_type(&self.child.data_type);
        let mut finding = cx.finding_at(child, Facet::Type, headline, label);
        finding.severity = finding.severity.min(severity);
        if let Some(span) = cx.source_map.facet_or_object(&parent, Facet::Type) {
            finding = finding.and_at(span, cx.dialect.print_type(&self.parent.data_type));
        }
        finding
    }
}
