//! # security/policy-without-rls
//!
//! A table has policies, and row-level security is not enabled on it.
//!
//! ## Why
//!
//! PostgreSQL accepts policies on any table and applies them only where row-level security is
//! enabled. Until then everybody with a privilege on the table sees every row, while the policies
//! in the schema say the opposite.
//!
//! ## Fix
//!
//! `ALTER TABLE ... ENABLE ROW LEVEL SECURITY`, or remove the policies.
//!
//! ```sql bad
//! CREATE TABLE notes (id bigint PRIMARY KEY, owner name NOT NULL);
//! CREATE POLICY own ON notes USING (owner = current_user);
//! ```
//!
//! ```sql good
//! CREATE TABLE notes (id bigint PRIMARY KEY, owner name NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY own ON notes USING (owner = current_user);
//! ```

use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet};
use crate::model::{ObjectId, ObjectKind};

static INFO: RuleInfo = RuleInfo {
    id: "security/policy-without-rls",
    level: Level::Error,
    docs: include_str!("policy_without_rls.rs"),
    options: &[],
};

pub(in crate::check) struct PolicyWithoutRls;

impl Rule for PolicyWithoutRls {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables().filter(|t| !t.row_security) {
            let Some(first) = table.policies.first() else {
                continue;
            };
            let id = ObjectId::table(&table.name);
            let count = match table.policies.len() {
                1 => "a policy".to_owned(),
                n => format!("{n} policies"),
            };
            let headline = format!("{id} has {count}, but row-level security is not enabled");
            let mut finding = cx.finding_at(id, Facet::Name, headline, "every row is visible");
            let policy =
                ObjectId::member(ObjectKind::Policy, table.name.clone(), first.name.clone());
            if let Some(span) = cx.source_map.of(&policy) {
                finding = finding.and_at(span, "has no effect");
            }
            let name = cx.dialect.quote_name(&table.name);
            out.push(
                finding
                    .note("policies are applied only where row-level security is enabled")
                    .help(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;")),
            );
        }
    }
}
