//! How the rules are configured: presets, levels, options, overrides by object.
//!
//! Plain values; `cli` reads them from `schemagen.yaml`.

use std::collections::BTreeMap;

use super::{Level, RuleInfo, glob};
use crate::diagnostic::Span;
use crate::model::ObjectId;

/// A set of levels and options to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// Every rule at its own default level.
    #[default]
    Recommended,
    /// One level higher: hints are warnings and warnings are errors.
    Strict,
    /// Recommended, for a database whose `public` schema clients reach directly.
    Supabase,
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::Recommended, Self::Strict, Self::Supabase];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
            Self::Supabase => "supabase",
        }
    }

    /// The preset of a word of the configuration.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }

    /// The level that a rule has where nobody configured it.
    pub fn level(self, rule: &RuleInfo) -> Level {
        match self {
            Self::Recommended => rule.level,
            Self::Strict => match rule.level {
                Level::Off => Level::Off,
                Level::Info => Level::Warning,
                Level::Warning | Level::Error => Level::Error,
            },
            Self::Supabase => match rule.id {
                // Clients hold a key of the API: a table without row security is public.
                "security/rls-disabled" | "security/definer-view" => Level::Error,
                "security/rls-no-policy" => Level::Warning,
                _ => rule.level,
            },
        }
    }

    /// The value of an option that differs from the rule's own default.
    pub(super) fn option(self, rule: &str, option: &str) -> Option<OptionValue> {
        match (self, rule, option) {
            (Self::Supabase, "security/rls-disabled", "exposed_schemas") => {
                Some(OptionValue::List(vec!["public".to_owned()]))
            }
            _ => None,
        }
    }
}

/// The value of an option as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
}

/// What is configured about one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSetting {
    pub level: Option<Level>,
    pub options: BTreeMap<String, OptionValue>,
    /// Where the configuration names it, if the configuration is one of the run's sources.
    pub span: Option<Span>,
}

/// Levels for some objects only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Override {
    /// Globs over object paths: see [`super::glob`].
    pub objects: Vec<String>,
    pub rules: BTreeMap<String, Level>,
    pub span: Option<Span>,
}

/// Everything that is configured about the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub preset: Preset,
    /// By rule id.
    pub rules: BTreeMap<String, RuleSetting>,
    /// Later ones win.
    pub overrides: Vec<Override>,
    /// The day of the run, `YYYY-MM-DD`. Without it no suppression expires: only `check`, whose
    /// exit code may depend on the day, gives it.
    pub today: Option<String>,
}

impl Settings {
    /// The level of a rule, overrides for single objects aside.
    pub fn level(&self, rule: &RuleInfo) -> Level {
        self.configured_level(rule.id)
            .unwrap_or_else(|| self.preset.level(rule))
    }

    /// The level that the user gave a rule, overrides aside.
    pub(super) fn configured_level(&self, rule: &str) -> Option<Level> {
        self.rules.get(rule)?.level
    }

    /// The level that the user gave a rule for one object.
    pub(super) fn level_for(&self, rule: &str, object: Option<&ObjectId>) -> Option<Level> {
        let overridden = object.and_then(|object| {
            let mut last_first = self.overrides.iter().rev();
            last_first.find_map(|o| {
                let level = o.rules.get(rule)?;
                let named = o.objects.iter().any(|glob| glob::matches(glob, object));
                named.then_some(*level)
            })
        });
        overridden.or_else(|| self.configured_level(rule))
    }

    /// Whether a rule has to run: it is on, or on for some objects.
    pub(super) fn runs(&self, rule: &RuleInfo) -> bool {
        let on = |level: &Level| *level != Level::Off;
        on(&self.level(rule))
            || self
                .overrides
                .iter()
                .any(|o| o.rules.get(rule.id).is_some_and(on))
    }

    /// The value of an option, where the user or the preset gives one.
    pub(super) fn option(&self, rule: &str, option: &str) -> Option<OptionValue> {
        let configured = self.rules.get(rule).and_then(|r| r.options.get(option));
        configured
            .cloned()
            .or_else(|| self.preset.option(rule, option))
    }
}
