//! The `checks:` section to the [`Settings`](crate::check::Settings) of the rules.
//!
//! Which rules and options there are is known to the rules, and said by `meta/unknown-rule`; only
//! the form is read here.

use std::collections::BTreeMap;

use super::Config;
use super::read::texts;
use crate::check::{Level, OptionValue, Override, Preset, RULES, RuleSetting};
use crate::diagnostic::Severity;
use crate::source::yaml::document::{Kind, Node};

pub(super) fn checks(node: &Node, config: &mut Config) {
    let word = |key: &str| node.get(key).and_then(Node::text);
    if let Some(preset) = word("preset").and_then(Preset::parse) {
        config.checks.preset = preset;
    }
    if let Some(level) = word("fail_on").and_then(Level::parse) {
        config.fail_on = level.severity().unwrap_or(Severity::Error);
    }
    if let Some(rules) = node.get("rules") {
        for entry in rules.entries() {
            let mut setting = rule(&entry.value);
            setting.span = Some(entry.key_span);
            config.checks.rules.insert(entry.key.to_string(), setting);
        }
    }
    if let Some(schemas) = node.get("exposed_schemas") {
        expose(&texts(schemas), &mut config.checks.rules);
    }
    if let Some(overrides) = node.get("overrides") {
        config.checks.overrides = overrides.items().iter().map(override_of).collect();
    }
}

/// A level, or a mapping of the level and the rule's options.
fn rule(node: &Node) -> RuleSetting {
    let mut setting = RuleSetting {
        level: node.text().and_then(Level::parse),
        ..RuleSetting::default()
    };
    for entry in node.entries() {
        if &*entry.key == "level" {
            setting.level = entry.value.text().and_then(Level::parse);
        } else {
            let value = option(&entry.value);
            setting.options.insert(entry.key.to_string(), value);
        }
    }
    setting
}

fn option(node: &Node) -> OptionValue {
    if matches!(node.kind, Kind::Sequence(_)) {
        return OptionValue::List(texts(node));
    }
    if let Some(flag) = node.boolean() {
        return OptionValue::Flag(flag);
    }
    match node.integer() {
        Some(number) => OptionValue::Number(number),
        None => OptionValue::Text(node.text().unwrap_or_default().to_owned()),
    }
}

/// Every rule that looks at exposed schemas gets the list, but for those that have one already.
fn expose(schemas: &[String], rules: &mut BTreeMap<String, RuleSetting>) {
    const OPTION: &str = "exposed_schemas";
    for rule in RULES.iter().map(|r| r.info()) {
        if rule.option(OPTION).is_some() {
            let setting = rules.entry(rule.id.to_owned()).or_default();
            let options = &mut setting.options;
            options
                .entry(OPTION.to_owned())
                .or_insert_with(|| OptionValue::List(schemas.to_vec()));
        }
    }
}

fn override_of(node: &Node) -> Override {
    let levels = node.get("rules").map(Node::entries).unwrap_or_default();
    let levels = levels.iter().filter_map(|entry| {
        let level = entry.value.text().and_then(Level::parse)?;
        Some((entry.key.to_string(), level))
    });
    Override {
        objects: node.get("objects").map(texts).unwrap_or_default(),
        rules: levels.collect(),
        span: Some(node.span),
    }
}
