//! `schemagen json-schema`.

use super::Outcome;
use super::console::Console;
use super::failure::Failure;

/// Print the JSON Schema of the YAML schema files, for completion in editors.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args, _console: &Console) -> Result<Outcome, Failure> {
    Err(Failure::request(
        "the JSON Schema is not part of this build",
        "see schema-format.md",
    ))
}
