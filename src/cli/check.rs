//! `schemagen check`.

use std::path::Path;

use super::Outcome;
use super::console::Console;
use super::failure::Failure;
use super::project::{Project, Request};
use super::report::{self, Format};

/// Check the schema and write nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let request = Request {
        config,
        ..Request::default()
    };
    let project = Project::load(&request)?;
    let findings = &project.loaded.diagnostics;
    console.data(&report::findings(
        findings,
        &project.sources.files,
        args.format,
    ))?;
    if project.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    Ok(Outcome::Clean)
}
