//! `schemagen build`.

use std::path::{Path, PathBuf};
use std::thread;

use super::clock::Moment;
use super::console::Console;
use super::failure::Failure;
use super::migrations::{self, State};
use super::output::{self, Comparing, Comparison, Purpose};
use super::project::{Project, Request};
use super::report::{self, Counts, Format};
use super::sources::{Sources, display};
use super::{Outcome, summary};
use crate::diagnostic::Diagnostic;
use crate::render::{self, Report, migration};

/// Read the schema, check it, and write everything that is made of it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write nothing; list what is stale, and exit with 1 when something is.
    #[arg(long)]
    check: bool,
    /// How the outcome is printed; json goes to stdout.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
    /// The version of the first migration, instead of the time of day.
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
}

/// What a build comes to, before anything is written.
pub(super) struct Built {
    pub project: Project,
    /// Of reading and of the rules.
    pub findings: Vec<Diagnostic>,
    /// The findings as they are printed.
    report: String,
    pub comparison: Comparison,
    pub migration: Migration,
}

/// What becomes of the migrations.
pub(super) enum Migration {
    /// The first one: paths within the folder, and texts.
    First(Vec<(String, String)>),
    Current,
    Behind,
    /// It cannot be replayed.
    Broken {
        sources: Sources,
        diagnostics: Vec<Diagnostic>,
    },
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
    if project.loaded.has_errors() {
        return refuse(args, &project, console);
    }
    let mut findings = std::mem::take(&mut project.loaded.diagnostics);
    findings.extend(project.check(None));
    let mut built = make(args, project, findings)?;
    if !args.check {
        write(&mut built)?;
    }
    print(args, &built, console)?;
    Ok(built.outcome(args.check))
}

/// Prints everything that is wrong with the sources; nothing is written.
fn refuse(args: &Args, project: &Project, console: &Console) -> Result<Outcome, Failure> {
    let wrong = &project.loaded.diagnostics;
    let files = &project.sources.files;
    if args.format == Format::Json {
        console.data(&summary::refused(project, wrong))?;
    } else {
        console.report(&report::findings(wrong, files, args.format));
        console.note(&format!("{}; nothing was written", Counts::of(wrong)));
    }
    Ok(Outcome::Refused)
}

/// Renders everything and holds it against the folders.
fn make(args: &Args, project: Project, findings: Vec<Diagnostic>) -> Result<Built, Failure> {
    let templates = project.templates()?;
    let report = project.report(&findings, &templates);
    let purpose = if args.check {
        Purpose::List
    } else {
        Purpose::Write
    };
    let folder = project.path(&project.config.output);
    let state = migrations::state(&project);
    let mut comparing = Comparing::new(&folder, purpose)?;
    let asked = |name: &str| report.options.contains_key(name);
    let (first, text) = thread::scope(|scope| {
        let text = scope.spawn(|| findings_text(args, &project, &findings));
        // Beside the other outputs: it takes as long as one of them.
        let first =
            matches!(state, State::None).then(|| scope.spawn(|| first(args, &project, &report)));
        render::emit(&report, asked, |path, text| comparing.add(path, text))?;
        let first = first.map(joined).transpose()?.unwrap_or_default();
        Ok::<_, Failure>((first, joined(text)))
    })?;
    let comparison = comparing.finish()?;
    let migration = match state {
        State::None => Migration::First(first),
        State::Current => Migration::Current,
        State::Behind => Migration::Behind,
        State::Broken {
            sources,
            diagnostics,
        } => Migration::Broken {
            sources,
            diagnostics,
        },
    };
    Ok(Built {
        project,
        findings,
        report: text,
        comparison,
        migration,
    })
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// What is printed of the findings, where they are not part of the data.
fn findings_text(args: &Args, project: &Project, findings: &[Diagnostic]) -> String {
    match args.format {
        Format::Json => String::new(),
        format => report::findings(findings, &project.sources.files, format),
    }
}

/// The files of the first migration.
fn first(
    args: &Args,
    project: &Project,
    report: &Report<'_>,
) -> Result<Vec<(String, String)>, Failure> {
    let version = match &args.version {
        Some(version) if version.bytes().all(|b| b.is_ascii_digit()) && !version.is_empty() => {
            version.clone()
        }
        Some(version) => {
            return Err(Failure::request(
                format!("`{version}` is not a version of a migration"),
                "give it digits, such as 20260131120000",
            ));
        }
        None => Moment::now().version(),
    };
    let pair = migration::initial(report)?;
    let layout = project.config.migrations.layout;
    Ok(layout.files(&version, migrations::FIRST, pair.up, pair.down))
}

fn write(built: &mut Built) -> Result<(), Failure> {
    output::write(&mut built.comparison)?;
    if let Migration::First(files) = &built.migration {
        output::add(&built.migrations_folder(), files)?;
    }
    Ok(())
}

impl Built {
    pub(super) fn migrations_folder(&self) -> PathBuf {
        self.project.path(&self.project.config.migrations.folder)
    }

    fn outcome(&self, check: bool) -> Outcome {
        let stale =
            check && (!self.comparison.is_clean() || matches!(self.migration, Migration::First(_)));
        let behind = matches!(self.migration, Migration::Behind | Migration::Broken { .. });
        if stale || behind || self.project.fails(&self.findings) {
            Outcome::Findings
        } else {
            Outcome::Clean
        }
    }
}

fn print(args: &Args, built: &Built, console: &Console) -> Result<(), Failure> {
    if args.format == Format::Json {
        return console.data(&summary::json(built, args.check));
    }
    console.report(&built.report);
    if args.check {
        console.data(&stale_list(built))?;
    }
    for line in summary::changes(built) {
        console.detail(&line);
    }
    let read = &built.project.loaded.statistics;
    console.note(&summary::statements(read));
    console.note(&summary::outcome(built, args.check));
    if let Migration::Broken {
        sources,
        diagnostics,
    } = &built.migration
    {
        let text = report::findings(diagnostics, &sources.files, args.format);
        console.report(&text);
    }
    if let Some(line) = summary::migration(built, args.check) {
        console.report(&format!("{line}\n"));
    }
    Ok(())
}

/// What `--check` finds stale, the migrations included.
fn stale_list(built: &Built) -> String {
    let mut list = String::new();
    if let Migration::First(_) = &built.migration {
        let folder = display(&built.migrations_folder());
        list.push_str(&format!("missing  {folder}/ (the first migration)\n"));
    }
    list.push_str(&output::list(&built.comparison));
    list
}
