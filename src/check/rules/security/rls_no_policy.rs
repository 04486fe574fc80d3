//! # security/rls-no-policy
//!
//! Row-level security is enabled on a table that has no policy.
//!
//! ## Why
//!
//! Without a policy nobody but the owner and roles that bypass row-level security sees or changes
//! any row, and a query returns nothing instead of an error. That is right for a table that only
//! the server reads, and a puzzle for whoever forgot the policy.
//!
//! ## Fix
//!
//! Add a policy, or allow this rule with the reason.
//!
//! ```sql bad
//! CREATE TABLE notes (id bigint PRIMARY KEY);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! ```
//!
//! ```sql good
//! CREATE TABLE notes (id bigint PRIMARY KEY, owner name NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY own ON notes USING (owner = current_user);
//! ```

use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::model::ObjectId;

static INFO: RuleInfo = RuleInfo {
    id: "security/rls-no-policy",
    level: Level::Info,
    docs: include_str!("rls_no_policy.rs"),
    options: &[],
};

pub(in crate::check) struct RlsNoPolicy;

impl Rule for RlsNoPolicy {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables() {
            if !table.row_security || !table.policies.is_empty() {
                continue;
            }
            let id = ObjectId::table(&table.name);
            let headline = format!("{id} has row-level security and no policy");
            let finding = cx
                .finding(id, headline)
                .note("nobody but its owner sees a row, and no query fails because of it")
                .help("add a policy, or allow this where only the owner is to see the rows");
            out.push(finding);
        }
    }
}
