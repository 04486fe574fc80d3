//! `schemagen explain RULE`.

use super::Outcome;
use super::console::Console;
use super::failure::Failure;
use crate::check::documentation;

/// Print the documentation of a rule.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// `group/name`, as reports print it.
    rule: String,
}

pub(super) fn run(args: &Args, console: &Console) -> Result<Outcome, Failure> {
    match documentation::explain(&args.rule) {
        Ok(text) => {
            console.data(&text)?;
            Ok(Outcome::Clean)
        }
        Err((reason, help)) => Err(Failure::request(reason, help)),
    }
}
