//! What a rule is: its description and its one function.

use super::migration::{At, Migration};
use super::{Context, Ruling};
use crate::diagnostic::{Diagnostic, Severity};

/// How serious the findings of a rule are, or that it does not run. Ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Off,
    Info,
    Warning,
    Error,
}

impl Level {
    /// Every level, as configuration files and messages list them.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Off];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level of a word of the configuration.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }

    /// The severity of its findings; `None` where the rule is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// The default of an option, which also gives its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    Flag(bool),
    Number(i64),
    Text(&'static str),
    /// A text that must be one of these; the first is the default.
    Choice(&'static [&'static str]),
    List(&'static [&'static str]),
}

/// An option of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    pub name: &'static str,
    pub default: DefaultValue,
    /// One sentence.
    pub docs: &'static str,
}

/// What is known about a rule without running it.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// `group/name`.
    pub id: &'static str,
    /// Under the `recommended` preset.
    pub level: Level,
    /// The text of the rule's own file: its leading `//!` lines are the published documentation.
    pub docs: &'static str,
    pub options: &'static [OptionInfo],
}

impl RuleInfo {
    /// The part of the id before the slash.
    pub fn group(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(group, _)| group)
    }

    pub fn option(&self, name: &str) -> Option<&'static OptionInfo> {
        self.options.iter().find(|o| o.name == name)
    }
}

/// A check of a whole catalog, or, in the group `migration-safety`, of a migration: by its statements,
/// one by one, or as a whole. Findings are added in any order.
pub trait Rule: Sync {
    fn info(&self) -> &'static RuleInfo;

    /// Findings are made with [`Context::finding`] and [`Context::finding_at`], which set the rule and
    /// its level.
    fn check(&self, _cx: &Context<'_>, _out: &mut Vec<Diagnostic>) {}

    /// Looks at one statement of a migration, over the catalog before it.
    fn check_statement(&self, _cx: &Ruling<'_>, _at: &At<'_>, _out: &mut Vec<Diagnostic>) {}

    /// Looks at all statements of a migration together.
    fn check_migration(&self, _cx: &Ruling<'_>, _all: &Migration<'_>, _out: &mut Vec<Diagnostic>) {}
}
