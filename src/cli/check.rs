//! `schemagen check`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Outcome;
use super::clock::Moment;
use super::console::Console;
use super::failure::Failure;
use super::project::{Project, Request};
use super::report::{self, Counts, Format};
use crate::diagnostic::Severity;

/// Check the schema and write nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
    /// The least grave finding that makes the exit code 1, instead of the configuration's.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
}

/// A severity, as the command line spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
}

impl From<FailOn> for Severity {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let mut project = Project::load(&Request {
        config,
        setup: &args.setup,
        ..Request::default()
    });
    if let Some(level) = args.fail_on {
        project.config.fail_on = level.into();
    }
    let mut findings = std::mem::take(&mut project.loaded.diagnostics);
    // Rules over half a schema would find what is not there.
    let refused = findings.iter().any(|d| d.severity == Severity::Error);
    if !refused {
        findings.extend(project.check(Some(Moment::now().date())));
    }
    let files = &project.sources.files;
    console.data(&report::findings(&findings, files, args.format))?;
    console.note(&Counts::of(&findings).to_string());
    Ok(match refused {
        true => Outcome::Refused,
        false if project.fails(&findings) => Outcome::Findings,
        false => Outcome::Clean,
    })
}
