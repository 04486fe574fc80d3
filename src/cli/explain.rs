//! `schemagen explain RULE`.

use super::Outcome;
use super::console::Console;
use super::failure::Failure;

/// Print the documentation of a rule.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// `group/name`, as reports print it.
    rule: String,
}

pub(super) fn run(args: &Args, _console: &Console) -> Result<Outcome, Failure> {
    Err(Failure::request(
        format!("there is no rule `{}`", args.rule),
        "rules are named group/name, as in naming/case",
    ))
}
