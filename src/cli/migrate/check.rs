//! `schemagen migrate check`.

use std::path::{Path, PathBuf};

use crate::cli::Outcome;
use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::migrations::{self, History, States};
use crate::cli::project::{Project, Request};
use crate::cli::report::{self, Counts, Format};
use crate::cli::sources::display;
use crate::diagnostic::{Diagnostic, Span};
use crate::migration::{Fingerprint, Migration};

/// Find migrations that were edited, are missing, forked or out of order.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let project = Project::load(&Request {
        config,
        setup: &args.setup,
        ..Request::default()
    });
    let folder = display(&migrations::folder(&project));
    let Some(history) = History::read(&project) else {
        console.note(&format!("{folder}/ holds no migration"));
        return Ok(Outcome::Clean);
    };
    let mut findings = history.faults();
    findings.extend(states(&project, &history, &findings));
    let text = report::findings(&findings, &history.sources.files, args.format);
    match args.format {
        Format::Human => console.report(&text),
        Format::Concise | Format::Json => console.data(&text)?,
    }
    let count = history.migrations.len();
    let migrations = if count == 1 {
        "migration"
    } else {
        "migrations"
    };
    console.note(&format!(
        "{count} {migrations} in {folder}/: {}",
        Counts::of(&findings)
    ));
    Ok(match findings.is_empty() {
        true => Outcome::Clean,
        false => Outcome::Findings,
    })
}

/// What the migrations make, held against what their headers say. Where something is wrong with the
/// chain already, the states after it say nothing new.
fn states(project: &Project, history: &History, faults: &[Diagnostic]) -> Vec<Diagnostic> {
    let version = project.config.version;
    let mut states = States::new(project, history);
    while let Some((migration, before, errors)) = states.step() {
        if !errors.is_empty() {
            return errors;
        }
        let Some(header) = migration.header.as_ref().filter(|_| faults.is_empty()) else {
            continue;
        };
        let begins = Fingerprint::of(&before, version);
        let ends = Fingerprint::of(states.catalog(), version);
        if !header.before.contradicts(&begins) && header.after.contradicts(&ends) {
            return vec![edited(migration)];
        }
    }
    Vec::new()
}

fn edited(migration: &Migration) -> Diagnostic {
    let label = &migration.label;
    Diagnostic::error("migration/edited", format!("migration {label} has been edited"))
        .at(Span::new(migration.file, 0, 0), "this migration")
        .note("its statements lead to another schema than its header says")
        .help(format!(
            "change the schema and write another migration; while no database has run {label}, remove it \
             and run `schemagen build`"
        ))
}
