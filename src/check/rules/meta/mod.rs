//! Checks of the checks: what is allowed, configured, or cannot be read.

pub(in crate::check) mod expired_suppression;
pub(in crate::check) mod parse_error;
pub(in crate::check) mod suppression_without_reason;
pub(in crate::check) mod unknown_rule;
pub(in crate::check) mod unused_suppression;

use crate::check::{Context, Scope, Suppression};
use crate::diagnostic::Diagnostic;

/// A finding about an allowance, shown where it stands.
fn finding_about(
    cx: &Context<'_>,
    suppression: &Suppression,
    headline: String,
    label: &str,
) -> Diagnostic {
    let mut finding = cx.finding_anywhere(headline);
    if let Scope::Object(id) = &suppression.scope {
        finding = finding.about(id.clone());
    }
    if let Some(span) = suppression.span {
        finding = finding.at(span, label);
    }
    finding.discriminator = suppression.allow.rule.to_string();
    finding
}
