//! `schemagen build`.

use std::path::{Path, PathBuf};
use std::thread;

use super::console::Console;
use super::failure::Failure;
use super::migrations::{self, Asked, Documented, Next, State};
use super::output::{self, Comparing, Comparison, Purpose, Staged};
use super::project::{Project, Request};
use super::report::{self, Counts, Format};
use super::sources::display;
use super::{Outcome, summary};
use crate::diagnostic::Diagnostic;
use crate::model::History;
use crate::render::{self, Report, Templates};

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
    /// The version of the next migration, instead of the time of day.
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// A hazard that the next migration may have: deletes-data, or deletes-data:GLOB.
    #[arg(long, value_name = "HAZARD[:GLOB]")]
    allow: Vec<String>,
}

/// What a build comes to, before anything is written.
pub(super) struct Built {
    pub project: Project,
    /// Of reading and of the rules.
    pub findings: Vec<Diagnostic>,
    /// The findings as they are printed.
    report: String,
    pub comparison: Comparison,
    pub migration: Next,
    /// Its files, without their names.
    staged: Option<Staged>,
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
    let outcome = built.outcome(args.check);
    // The process ends here, which gives back a large schema sooner than piece by piece.
    std::mem::forget(built);
    Ok(outcome)
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
    let purpose = if args.check {
        Purpose::List
    } else {
        Purpose::Write
    };
    let folder = project.path(&project.config.output);
    let Ahead {
        state,
        first,
        history,
    } = ahead(args, &project, &findings, &templates)?;
    let asked = asked(args, first.as_deref());
    let report = Report {
        history: Some(&history),
        ..project.report(&findings, &templates)
    };
    let mut comparing = Comparing::new(&folder, purpose)?;
    let wanted = |name: &str| report.options.contains_key(name);
    let ((migration, staged), text) = thread::scope(|scope| {
        let text = scope.spawn(|| findings_text(args, &project, &findings));
        // Beside the other outputs: the first migration takes as long as one of them.
        let next = scope.spawn(|| {
            let next = match state {
                Ok(state) => Next::of(state, &project, &report, asked)?,
                Err(next) => next,
            };
            stage(next, &project, purpose)
        });
        render::emit(&report, wanted, |path, parts| comparing.add(path, &parts))?;
        Ok::<_, Failure>((joined(next)?, joined(text)))
    })?;
    let comparison = comparing.finish()?;
    Ok(Built {
        project,
        findings,
        report: text,
        comparison,
        migration,
        staged,
    })
}

/// The text of a migration is as large as the schema: it is not kept until everything is made.
fn stage(
    mut next: Next,
    project: &Project,
    purpose: Purpose,
) -> Result<(Next, Option<Staged>), Failure> {
    if purpose == Purpose::List {
        return Ok((next, None));
    }
    let staged = output::stage(&migrations::folder(project), next.files())?;
    next.forget_texts();
    Ok((next, Some(staged)))
}

/// Statements nest; a thread that reads them has the stack of a main thread.
const STACK: usize = 8 * 1024 * 1024;

/// What has to be known of the migrations before the documents are made.
struct Ahead {
    /// How they stand, or what becomes of them already.
    state: Result<State, Next>,
    /// The version of the first one, where there is none yet.
    first: Option<String>,
    history: History,
}

/// The documents tell of the migration that this build writes, so that the next build finds them
/// as they are.
fn ahead(
    args: &Args,
    project: &Project,
    findings: &[Diagnostic],
    templates: &Templates,
) -> Result<Ahead, Failure> {
    let (state, mut documented) = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let documented = thread.spawn_scoped(scope, || Documented::read(project));
        let state = migrations::state(project, false);
        let documented = documented.map_or_else(|_| Documented::read(project), joined);
        (state, documented)
    });
    let mut first = None;
    let state = match state {
        State::None => {
            let number = migrations::version(args.version.as_deref(), &[])?;
            documented.add_first(project, &number);
            first = Some(number);
            Ok(State::None)
        }
        State::Behind(_) if args.check => Err(Next::Behind),
        State::Behind(_) => {
            let report = project.report(findings, templates);
            let next = Next::of(state, project, &report, asked(args, None))?;
            documented.add_files(project, next.files());
            Err(next)
        }
        state => Ok(state),
    };
    Ok(Ahead {
        state,
        first,
        history: documented.finish(),
    })
}

fn asked<'a>(args: &'a Args, first: Option<&'a str>) -> Asked<'a> {
    Asked {
        contract: false,
        name: None,
        version: first.or(args.version.as_deref()),
        allow: &args.allow,
    }
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

fn write(built: &mut Built) -> Result<(), Failure> {
    output::write(&mut built.comparison)?;
    built.staged.take().map_or(Ok(()), Staged::rename)
}

impl Built {
    fn outcome(&self, check: bool) -> Outcome {
        let missing = !self.migration.files().is_empty();
        let stale = check && (!self.comparison.is_clean() || missing);
        let stopped = match &self.migration {
            Next::Stopped(stop) => stop.outcome(),
            Next::Behind => Outcome::Findings,
            _ => Outcome::Clean,
        };
        match stopped {
            Outcome::Clean if stale || self.project.fails(&self.findings) => Outcome::Findings,
            stopped => stopped,
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
    if let Some(text) = summary::migration(built, args.check) {
        console.report(&text);
    }
    Ok(())
}

/// What `--check` finds stale, the migrations included.
fn stale_list(built: &Built) -> String {
    let mut list = String::new();
    let folder = display(&migrations::folder(&built.project));
    let missing = match &built.migration {
        Next::First(_) => "first",
        Next::Behind => "next",
        _ => "",
    };
    if !missing.is_empty() {
        list.push_str(&format!("missing  {folder}/ (the {missing} migration)\n"));
    }
    list.push_str(&output::list(&built.comparison));
    list
}
