//! `schemagen json-schema`.

use super::Outcome;
use super::console::Console;
use super::failure::Failure;
use crate::source::yaml;

/// Print the JSON Schema of the YAML schema files, for completion in editors.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args, console: &Console) -> Result<Outcome, Failure> {
    // A JSON value always prints.
    let text = serde_json::to_string_pretty(&yaml::json_schema()).unwrap_or_default();
    console.data(&format!("{text}\n"))?;
    Ok(Outcome::Clean)
}
