//! `schemagen build`.

use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use super::project::{Project, Request};
use super::report::{self, Format};
use super::{Outcome, output};
use crate::render::{EMITTERS, FileTree};

/// Read the schema, check it, and write everything that is made of it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write nothing; list what is stale, and exit with 1 when something is.
    #[arg(long)]
    check: bool,
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
    console.report(&report::findings(
        findings,
        &project.sources.files,
        args.format,
    ));
    if project.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    let tree = render(&project)?;
    let comparison = output::compare(&project.folder.join(&project.config.output), &tree)?;
    output::write(&comparison)?;
    Ok(Outcome::Clean)
}

/// All outputs that the configuration asks for.
fn render(project: &Project) -> Result<FileTree, Failure> {
    let templates = project.templates()?;
    let report = project.report(&templates);
    let mut tree = FileTree::default();
    for emitter in EMITTERS {
        if project.config.outputs.contains_key(emitter.name()) {
            emitter.emit(&report, &mut tree)?;
        }
    }
    Ok(tree)
}
