//! `schemagen migrate check`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::check::migration::Script;
use crate::cli::Outcome;
use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::migrations::{self, Asked, Checker, History, States, together};
use crate::cli::project::{Project, Request};
use crate::cli::report::{self, Counts, Format};
use crate::cli::sources::{Sources, display};
use crate::diagnostic::{Diagnostic, Severity};
use crate::migration::{Fingerprint, Migration};
use crate::model::Catalog;
use crate::source::SourceKind;

/// Find migrations that were edited, are missing, forked or out of order, and what is unsafe in them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Check these files instead, as if they ran after the migrations of the folder.
    files: Vec<PathBuf>,
    /// What the files run over, instead of the migrations: a schema, folder, git:REV or database.
    #[arg(long, value_name = "SOURCE", requires = "files")]
    from: Option<PathBuf>,
    /// Look for what is unsafe only in migrations from this version on.
    #[arg(long, value_name = "VERSION", conflicts_with = "files")]
    since: Option<String>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The least grave finding that makes the exit code 1, instead of the configuration's.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// A hazard that the migrations may have: deletes-data, or deletes-data:GLOB.
    #[arg(long, value_name = "HAZARD[:GLOB]")]
    allow: Vec<String>,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
}

/// A severity, as the command line spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
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
    project.config.fail_on = match args.fail_on {
        Some(FailOn::Error) => Severity::Error,
        Some(FailOn::Warning) => Severity::Warning,
        Some(FailOn::Info) => Severity::Info,
        None => project.config.fail_on,
    };
    if !args.files.is_empty() {
        return files(args, config, &project, console);
    }
    let folder = display(&migrations::folder(&project));
    let Some(history) = History::read(&project) else {
        console.note(&format!("{folder}/ holds no migration"));
        return Ok(Outcome::Clean);
    };
    let mut findings = history.faults();
    findings.extend(states(&project, &history, &findings));
    let broken = !findings.is_empty();
    findings.extend(unsafe_steps(args, &project, &history)?);
    print(args, &findings, &history.sources, console)?;
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
    Ok(match broken || project.fails(&findings) {
        true => Outcome::Findings,
        false => Outcome::Clean,
    })
}

fn print(
    args: &Args,
    findings: &[Diagnostic],
    sources: &Sources,
    console: &Console,
) -> Result<(), Failure> {
    let text = report::findings(findings, &sources.files, args.format);
    match args.format {
        Format::Human => console.report(&text),
        _ => console.data(&text)?,
    }
    Ok(())
}

/// What the rules find in the migrations of the folder.
fn unsafe_steps(
    args: &Args,
    project: &Project,
    history: &History,
) -> Result<Vec<Diagnostic>, Failure> {
    let allowed = migrations::allowances(project, asked(args))?;
    let since = match args.since.as_deref().map(str::parse::<u128>) {
        Some(Ok(version)) => vec![version],
        Some(Err(_)) => {
            return Err(Failure::request(
                "`--since` wants the version of a migration",
                "give it the number that its file begins with",
            ));
        }
        None => Vec::new(),
    };
    let mut checker = Checker::new(project, &allowed, History::base(project).catalog);
    let mut findings = Vec::new();
    for group in together(&history.migrations) {
        let found = checker.run(history, group);
        let wanted = group.iter().any(|m| m.version >= since);
        findings.extend(found.into_iter().filter(|_| wanted));
    }
    Ok(findings)
}

fn asked(args: &Args) -> Asked<'_> {
    Asked {
        allow: &args.allow,
        ..Asked::default()
    }
}

/// Checks files that are named, whatever their names.
fn files(
    args: &Args,
    config: Option<&Path>,
    project: &Project,
    console: &Console,
) -> Result<Outcome, Failure> {
    let allowed = migrations::allowances(project, asked(args))?;
    let mut sources = Sources::default();
    let ids: Vec<_> = args
        .files
        .iter()
        .filter_map(|path| sources.open(path, SourceKind::Sql, false))
        .collect();
    let mut findings = std::mem::take(&mut sources.diagnostics);
    let mut refused = !findings.is_empty();
    let before = before(args, config, project, &mut findings);
    let known = args.from.is_some() || !before.tables.is_empty();
    let layout = project.config.migrations.layout;
    let scripts: Vec<Script<'_>> = ids
        .iter()
        .filter_map(|id| sources.file(*id))
        .map(|file| Script {
            file,
            sent: migrations::sent(layout, layout.wraps(&file.text)),
        })
        .collect();
    let outcome = Checker::new(project, &allowed, before).check(&scripts, &allowed);
    // Without a state before them, files may name what is elsewhere.
    let told = |d: &Diagnostic| known || d.rule.starts_with("parse/");
    let errors: Vec<Diagnostic> = outcome.errors.into_iter().filter(told).collect();
    refused |= !errors.is_empty();
    findings.extend(errors);
    findings.extend(outcome.findings);
    print(args, &findings, &sources, console)?;
    console.note(&Counts::of(&findings).to_string());
    Ok(match refused {
        true => Outcome::Refused,
        false if project.fails(&findings) => Outcome::Findings,
        false => Outcome::Clean,
    })
}

/// The state that named files run over: what is asked for, or what the migrations before them make.
fn before(
    args: &Args,
    config: Option<&Path>,
    project: &Project,
    findings: &mut Vec<Diagnostic>,
) -> Catalog {
    if let Some(source) = &args.from {
        let from = Project::load(&Request {
            config,
            sources: std::slice::from_ref(source),
            setup: &args.setup,
            configured: true,
            ..Request::default()
        });
        // They point into other files than the rest.
        let errors = from.loaded.diagnostics.into_iter();
        findings.extend(errors.filter(|d| d.severity == Severity::Error).map(|d| {
            let headline = format!("{}: {}", source.display(), d.headline);
            Diagnostic::error(d.rule, headline)
        }));
        return from.loaded.catalog;
    }
    let Some(history) = History::read(project) else {
        return History::base(project).catalog;
    };
    let named: Vec<String> = args.files.iter().map(|f| display(f)).collect();
    let mut states = States::new(project, &history);
    let is_named = |m: &Migration| {
        let file = history.sources.file(m.file);
        file.is_some_and(|f| named.contains(&f.path))
    };
    // One of the folder runs over those before it.
    for migration in &history.migrations {
        if is_named(migration) || states.step().is_none() {
            break;
        }
    }
    states.catalog().clone()
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
            return vec![migrations::edited(migration)];
        }
    }
    Vec::new()
}
