//! `schemagen migrate new NAME`.

use std::path::{Path, PathBuf};

use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::migrations::{self, Asked, History, Next};
use crate::cli::project::{Project, Request};
use crate::cli::report::{self, Format};
use crate::cli::sources::display;
use crate::cli::{Outcome, output, summary};
use crate::migration::{self, File};

/// Write the migration from what the migrations make to what the schema says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What it is called: it becomes part of the names of its files.
    name: String,
    /// The version, instead of the time of day.
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// A hazard that it may have: deletes-data, or deletes-data:GLOB.
    #[arg(long, value_name = "HAZARD[:GLOB]")]
    allow: Vec<String>,
    /// Write the second act of `strategy: expand-contract`: the new columns take the places of the old
    /// ones, once programs are ready for it.
    #[arg(long, conflicts_with = "empty")]
    contract: bool,
    /// Write one without statements, for those of your own.
    #[arg(long)]
    empty: bool,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    check_name(&args.name)?;
    let project = Project::load(&Request {
        config,
        setup: &args.setup,
        ..Request::default()
    });
    if project.loaded.has_errors() {
        let wrong = &project.loaded.diagnostics;
        let text = report::findings(wrong, &project.sources.files, Format::Human);
        console.report(&text);
        return Ok(Outcome::Refused);
    }
    let folder = migrations::folder(&project);
    if args.empty {
        let files = empty(args, &project)?;
        output::add(&folder, &files)?;
        let first = files.first().map_or("", |(path, _)| path.as_str());
        console.note(&format!(
            "{}/{first} waits for your statements",
            display(&folder)
        ));
        return Ok(Outcome::Clean);
    }
    let templates = project.templates()?;
    let report = project.report(&[], &templates);
    let asked = Asked {
        name: Some(&args.name),
        version: args.version.as_deref(),
        contract: args.contract,
        allow: &args.allow,
    };
    if args.contract && !migrations::is_pending(&project) {
        return Err(Failure::request(
            "no column waits for its second act",
            "`--contract` ends what `strategy: expand-contract` began: write and run that migration first",
        ));
    }
    let next = Next::of(
        migrations::state(&project, args.contract),
        &project,
        &report,
        asked,
    )?;
    output::add(&folder, next.files())?;
    let command = format!("migrate new {}", args.name);
    match summary::next(&project, &next, false, &command) {
        Some(text) => console.report(&text),
        None => console.note(&format!(
            "the migrations in {}/ make this schema; nothing was written\n  help: `schemagen {command} \
             --empty` writes a migration for statements of your own",
            display(&folder)
        )),
    }
    Ok(match &next {
        Next::Stopped(stop) => stop.outcome(),
        _ => Outcome::Clean,
    })
}

/// Names become parts of files' names, in every layout.
pub(super) fn check_name(name: &str) -> Result<(), Failure> {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.len() <= 100 && name.chars().all(fine) {
        return Ok(());
    }
    Err(Failure::request(
        format!("`{name}` cannot be the name of a migration"),
        "take letters, digits, `_` and `-`, at most 100 of them",
    ))
}

/// The files of a migration that its author fills.
fn empty(args: &Args, project: &Project) -> Result<Vec<File>, Failure> {
    let history = History::read(project);
    let there = history.as_ref().map_or(&[][..], |h| &h.migrations);
    let number = migrations::version(args.version.as_deref(), there)?;
    let layout = project.config.migrations.layout;
    let up =
        migration::Way::new("-- Statements of your own: they are kept, and never rewritten.\n");
    let down = migration::Way::new("-- What takes them back.\n");
    let files = layout.files(&number, &args.name, up, down);
    // Both ways are in a transaction, which every layout has a form for.
    Ok(files.unwrap_or_default())
}
