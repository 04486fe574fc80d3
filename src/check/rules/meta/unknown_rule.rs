//! # meta/unknown-rule
//!
//! An allowance or the configuration names a rule, or an option of a rule, that does not exist.
//!
//! ## Why
//!
//! A mistyped name configures nothing, and nobody notices: the rule that was meant stays as it is.
//!
//! ## Fix
//!
//! Write the name as reports print it, `group/name`. `schemagen explain` prints what a rule does
//! and which options it has.
//!
//! ```sql bad
//! -- schemagen:allow naming/csae: the mobile app quotes this name
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql good
//! -- schemagen:allow naming/case: the mobile app quotes this name
//! CREATE TABLE "Users" (id bigint PRIMARY KEY);
//! ```

use super::finding_about;
use crate::check::settings::{OptionValue, RuleSetting};
use crate::check::{Context, DefaultValue, Level, OptionInfo, Rule, RuleInfo, find, nearest_rule};
use crate::diagnostic::{Diagnostic, Span, nearest};

static INFO: RuleInfo = RuleInfo {
    id: "meta/unknown-rule",
    level: Level::Error,
    docs: include_str!("unknown_rule.rs"),
    options: &[],
};

pub(in crate::check) struct UnknownRule;

impl Rule for UnknownRule {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for suppression in cx.suppressions().iter().filter(|s| !s.known) {
            let rule = &suppression.allow.rule;
            let finding = finding_about(cx, suppression, no_rule(rule), "names no rule");
            out.push(finding.help(did_you_mean(nearest_rule(rule))));
        }
        let settings = cx.settings();
        for (id, setting) in &settings.rules {
            match find(id) {
                Some(rule) => check_options(cx, rule.info(), setting, out),
                None => out.push(unknown(cx, id, setting.span)),
            }
        }
        for over in &settings.overrides {
            let unknown_ids = over.rules.keys().filter(|id| find(id).is_none());
            out.extend(unknown_ids.map(|id| unknown(cx, id, over.span)));
        }
    }
}

fn unknown(cx: &Context<'_>, id: &str, span: Option<Span>) -> Diagnostic {
    let mut finding = cx.finding_anywhere(no_rule(id));
    if let Some(span) = span {
        finding = finding.at(span, "names no rule");
    }
    finding.discriminator = id.to_owned();
    finding.help(did_you_mean(nearest_rule(id)))
}

fn no_rule(id: &str) -> String {
    format!("there is no rule `{id}`")
}

fn did_you_mean(known: Option<&str>) -> String {
    match known {
        Some(known) => format!("did you mean `{known}`?"),
        None => "rules are named `group/name`, as reports print them".to_owned(),
    }
}

fn check_options(
    cx: &Context<'_>,
    rule: &'static RuleInfo,
    setting: &RuleSetting,
    out: &mut Vec<Diagnostic>,
) {
    for (name, value) in &setting.options {
        let (headline, help) = match rule.option(name) {
            None => {
                let known = nearest(name, rule.options.iter().map(|o| o.name));
                let headline = format!("{} has no option `{name}`", rule.id);
                (
                    headline,
                    known.map_or_else(|| known_options(rule), |k| did_you_mean(Some(k))),
                )
            }
            Some(option) if !fits(option.default, value) => {
                let headline = format!("the option `{name}` of {} cannot be this", rule.id);
                (headline, format!("give it {}", expected(option)))
            }
            Some(_) => continue,
        };
        let mut finding = cx.finding_anywhere(headline).help(help);
        if let Some(span) = setting.span {
            finding = finding.at(span, "");
        }
        finding.discriminator = format!("{}.{name}", rule.id);
        out.push(finding);
    }
}

fn known_options(rule: &RuleInfo) -> String {
    let names: Vec<&str> = rule.options.iter().map(|o| o.name).collect();
    match names.as_slice() {
        [] => "it has no options".to_owned(),
        names => format!("its options are {}", names.join(", ")),
    }
}

fn fits(default: DefaultValue, value: &OptionValue) -> bool {
    match (default, value) {
        (DefaultValue::Choice(choices), OptionValue::Text(text)) => {
            choices.contains(&text.as_str())
        }
        (DefaultValue::Flag(_), OptionValue::Flag(_))
        | (DefaultValue::Number(_), OptionValue::Number(_))
        | (DefaultValue::Text(_), OptionValue::Text(_))
        | (DefaultValue::List(_), OptionValue::List(_)) => true,
        _ => false,
    }
}

fn expected(option: &OptionInfo) -> String {
    match option.default {
        DefaultValue::Flag(_) => "true or false".to_owned(),
        DefaultValue::Number(_) => "a whole number".to_owned(),
        DefaultValue::Text(_) => "a text".to_owned(),
        DefaultValue::Choice(choices) => format!("one of {}", choices.join(", ")),
        DefaultValue::List(_) => "a list of texts".to_owned(),
    }
}
