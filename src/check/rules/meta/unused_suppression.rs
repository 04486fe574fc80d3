//! # meta/unused-suppression
//!
//! An allowance keeps no finding silent.
//!
//! ## Why
//!
//! What it allowed has been repaired, or it stands on the wrong object. Left in place it would hide
//! the next finding of that rule, which nobody has looked at.
//!
//! An allowance of a rule that is off is left alone: another configuration may need it.
//!
//! ## Fix
//!
//! Remove it.
//!
//! ```sql bad
//! -- schemagen:allow naming/case: imported from the old system
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql good
//! -- schemagen:allow naming/case: imported from the old system
//! CREATE TABLE "Users" (id bigint PRIMARY KEY);
//! ```

use super::finding_about;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "meta/unused-suppression",
    level: Level::Warning,
    docs: include_str!("unused_suppression.rs"),
    options: &[],
};

pub(in crate::check) struct UnusedSuppression;

impl Rule for UnusedSuppression {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for suppression in cx.suppressions() {
            if suppression.used || suppression.expired || !suppression.ran {
                continue;
            }
            let rule = &suppression.allow.rule;
            let headline = format!("`{rule}` is allowed here and finds nothing");
            let finding = finding_about(cx, suppression, headline, "keeps nothing silent")
                .note("an allowance without a finding hides the next one, unseen")
                .help("remove it");
            out.push(finding);
        }
    }
}
