//! # meta/suppression-without-reason
//!
//! An allowance does not say why.
//!
//! ## Why
//!
//! Whoever reads it later cannot tell a decision from an oversight, and dares neither to keep nor
//! to remove it.
//!
//! ## Fix
//!
//! Say in a few words why the finding is no problem here: `reason:` in YAML, the text after the
//! colon in SQL.
//!
//! ```sql bad
//! -- schemagen:allow naming/case
//! CREATE TABLE "Users" (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql good
//! -- schemagen:allow naming/case: the mobile app quotes this name
//! CREATE TABLE "Users" (id bigint PRIMARY KEY);
//! ```

use super::finding_about;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "meta/suppression-without-reason",
    level: Level::Warning,
    docs: include_str!("suppression_without_reason.rs"),
    options: &[],
};

pub(in crate::check) struct SuppressionWithoutReason;

impl Rule for SuppressionWithoutReason {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for suppression in cx.suppressions() {
            let reason = suppression.allow.reason.as_deref().unwrap_or("");
            if !reason.trim().is_empty() {
                continue;
            }
            let rule = &suppression.allow.rule;
            let headline = format!("`{rule}` is allowed here without a reason");
            let finding = finding_about(cx, suppression, headline, "says nothing of why")
                .note("later nobody can tell whether it was a decision or an oversight")
                .help("add the reason: `reason: ...` in YAML, `: ...` after the rule in SQL");
            out.push(finding);
        }
    }
}
