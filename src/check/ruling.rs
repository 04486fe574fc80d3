//! A rule as it is configured: its level and the values of its options.

use super::settings::OptionValue;
use super::{DefaultValue, Level, RuleInfo, Settings};
use crate::diagnostic::{Diagnostic, Severity};

/// One rule on one run.
#[derive(Clone, Copy, Debug)]
pub struct Ruling<'a> {
    pub(super) info: &'static RuleInfo,
    pub(super) settings: &'a Settings,
}

impl<'a> Ruling<'a> {
    /// The settings of every rule, for the rules about settings.
    pub(super) fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// The level of this rule, overrides for single objects aside.
    pub fn level(&self) -> Level {
        self.settings.level(self.info)
    }

    /// A finding without a position or an object.
    pub fn finding_anywhere(&self, headline: impl Into<String>) -> Diagnostic {
        // A rule that is off runs where an override turns it on for some objects.
        let severity = self.level().severity().unwrap_or(Severity::Warning);
        Diagnostic::new(self.info.id, severity, headline)
    }

    /// An option of this rule that is a truth value.
    pub fn flag(&self, name: &str) -> bool {
        match (self.configured(name), self.default_of(name)) {
            (Some(OptionValue::Flag(value)), _) => value,
            (_, Some(DefaultValue::Flag(value))) => value,
            _ => false,
        }
    }

    /// An option of this rule that is a whole number.
    pub fn number(&self, name: &str) -> i64 {
        match (self.configured(name), self.default_of(name)) {
            (Some(OptionValue::Number(value)), _) => value,
            (_, Some(DefaultValue::Number(value))) => value,
            _ => 0,
        }
    }

    /// An option of this rule that is a text or a choice.
    pub fn text(&self, name: &str) -> String {
        match (self.configured(name), self.default_of(name)) {
            (Some(OptionValue::Text(value)), _) => value,
            (_, Some(DefaultValue::Text(value))) => value.to_owned(),
            (_, Some(DefaultValue::Choice([first, ..]))) => (*first).to_owned(),
            _ => String::new(),
        }
    }

    /// An option of this rule that is a list of texts.
    pub fn list(&self, name: &str) -> Vec<String> {
        match (self.configured(name), self.default_of(name)) {
            (Some(OptionValue::List(values)), _) => values,
            (_, Some(DefaultValue::List(values))) => {
                values.iter().map(|v| (*v).to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn configured(&self, name: &str) -> Option<OptionValue> {
        self.settings.option(self.info.id, name)
    }

    fn default_of(&self, name: &str) -> Option<DefaultValue> {
        let option = self.info.option(name);
        debug_assert!(option.is_some(), "{} has no option {name}", self.info.id);
        option.map(|o| o.default)
    }
}
