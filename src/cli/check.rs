//! `schemagen check`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Outcome;
use super::clock::Moment;
use super::console::Console;
use super::failure::Failure;
use super::project::{Project, Request};
use super::report::{self, Counts, Format};
use crate::check::baseline::Baseline;
use crate::diagnostic::{Diagnostic, Severity};

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
    /// Findings that this file knows are not reported; entries that nothing has any more are.
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,
    /// Write the findings of now to a file, for `--baseline`.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
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
        if let Some(path) = &args.write_baseline {
            let text = Baseline::of(&findings).print();
            std::fs::write(path, text).map_err(Failure::io("write", path))?;
            let count = findings.len();
            console.note(&format!("wrote {} ({count} findings)", path.display()));
            return Ok(Outcome::Clean);
        }
        if let Some(path) = &args.baseline {
            findings = without_known(findings, path, console)?;
        }
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

/// The findings that the baseline does not know. What it knows and nothing has any more is said, so
/// that the file shrinks with the findings.
fn without_known(
    findings: Vec<Diagnostic>,
    path: &Path,
    console: &Console,
) -> Result<Vec<Diagnostic>, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io("read", path))?;
    let baseline = Baseline::parse(&text).map_err(|error| {
        Failure::request(
            format!("{}: {error}", path.display()),
            "write it again with `schemagen check --write-baseline`",
        )
    })?;
    let compared = baseline.compare(findings);
    for entry in &compared.stale {
        console.note(&format!(
            "no longer found, take it out of the baseline: {entry}"
        ));
    }
    if compared.known > 0 {
        console.note(&format!("{} known findings are not shown", compared.known));
    }
    Ok(compared.new)
}
