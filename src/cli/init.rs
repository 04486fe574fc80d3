//! `schemagen init`.

use super::Outcome;
use super::console::Console;
use super::failure::Failure;

/// Write a first schema and a configuration into this folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args, _console: &Console) -> Result<Outcome, Failure> {
    Ok(Outcome::Clean)
}
