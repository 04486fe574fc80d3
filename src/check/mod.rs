//! Checks of a catalog, and of migrations: rules, how they are configured, and how findings are kept silent.
//!
//! A rule is one file under `rules/<group>/`, listed once in [`RULES`]; its leading comment is its
//! published documentation, and the examples in it are executed by a test.
//!
//! Invariants: findings are values in a fixed order; what a rule says depends on the catalog and
//! the settings alone; a rule that is off does not run. Only an expired suppression depends on the
//! day, and the day is handed in.

pub mod baseline;
pub mod documentation;
pub mod glob;
pub mod normal_form;
pub mod words;

mod access_path;
mod context;
pub mod migration;
mod registry;
mod relations;
mod rule;
mod rules;
mod ruling;
mod run;
mod settings;
mod suppression;

pub use context::Context;
pub use registry::{RULES, find, nearest_rule};
pub use relations::{ForeignKeyRef, Relations};
pub use rule::{DefaultValue, Level, OptionInfo, Rule, RuleInfo};
pub use ruling::Ruling;
pub use run::{Input, Outcome, check};
pub use settings::{OptionValue, Override, Preset, RuleSetting, Settings};
pub use suppression::{
    FileAllow, Scope, Suppressed, Suppression, sql_file_allows, yaml_file_allows,
};

#[cfg(test)]
mod tests;
