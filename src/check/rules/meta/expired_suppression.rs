//! # meta/expired-suppression
//!
//! The day until which a finding was allowed has come, or cannot be read.
//!
//! ## Why
//!
//! Somebody promised to look at the finding again by this day. From that day on the allowance no
//! longer counts, and what it allowed is reported. Only `schemagen check` looks at the day;
//! `schemagen build` writes the same files on every day.
//!
//! ## Fix
//!
//! Repair what the rule found and remove the allowance, or decide anew and give another day.
//!
//! ```yaml bad {today=2027-01-01 also=naming/case}
//! tables:
//!   Users:
//!     columns:
//!       id: bigint primary key
//!     allow:
//!       - { rule: naming/case, reason: renamed in the next release, until: 2027-01-01 }
//! ```
//!
//! ```yaml good {today=2026-12-31}
//! tables:
//!   Users:
//!     columns:
//!       id: bigint primary key
//!     allow:
//!       - { rule: naming/case, reason: renamed in the next release, until: 2027-01-01 }
//! ```

use super::finding_about;
use crate::check::suppression::is_day;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "meta/expired-suppression",
    level: Level::Error,
    docs: include_str!("expired_suppression.rs"),
    options: &[],
};

pub(in crate::check) struct ExpiredSuppression;

impl Rule for ExpiredSuppression {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for suppression in cx.suppressions().iter().filter(|s| s.expired) {
            let rule = &suppression.allow.rule;
            let day = suppression.allow.until.as_deref().unwrap_or("");
            let headline = if is_day(day) {
                format!("`{rule}` was allowed here until {day}")
            } else {
                format!("`{day}` is not a day, so `{rule}` is not allowed here")
            };
            let help = if is_day(day) {
                "repair what the rule finds and remove this, or decide anew and give another day"
            } else {
                "write the day as YYYY-MM-DD"
            };
            let finding = finding_about(cx, suppression, headline, "no longer counts")
                .note("somebody meant to look at the finding again by this day")
                .help(help);
            out.push(finding);
        }
    }
}
