//! `schemagen migrate rebase`: a migration that was made without another moves behind it.
//!
//! Invariant: statements that fold over the new state before them stay as they are; only those that
//! schemagen wrote are ever written again.

use std::path::Path;

use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::migrations::{self, Asked, History, Stop};
use crate::cli::project::{Project, Request};
use crate::cli::report::{self, Format};
use crate::cli::sources::display;
use crate::cli::{Outcome, output};
use crate::diagnostic::Diagnostic;
use crate::migration::{self, Draft, File, Fingerprint, Header, Link, Migration, UpFile, Way};
use crate::model::{Catalog, Pair};
use crate::source::{self, SourceFile};

/// Move a migration behind those that it was made without.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its version and name; the first that is out of place where nothing is named.
    migration: Option<String>,
    /// Say that no database has run it.
    #[arg(long)]
    unapplied: bool,
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let project = Project::load(&Request {
        config,
        ..Request::default()
    });
    if project.loaded.has_errors() {
        let wrong = &project.loaded.diagnostics;
        let text = report::findings(wrong, &project.sources.files, Format::Human);
        console.report(&text);
        return Ok(Outcome::Refused);
    }
    let folder = migrations::folder(&project);
    let Some(mut history) = History::read(&project) else {
        console.note(&format!("{}/ holds no migration", display(&folder)));
        return Ok(Outcome::Clean);
    };
    let Some(first) = wanted(args, &history)? else {
        console.note("the migrations follow one another: there is nothing to move");
        return Ok(Outcome::Clean);
    };
    let label = history.migrations[first].label.clone();
    if !args.unapplied {
        return Err(Failure::request(
            format!("a database that has run {label} would not run it again"),
            "where no database has, say so: --unapplied",
        ));
    }
    let moved = with_followers(&history.migrations, first);
    let errors = stay(&mut history, &moved, &project);
    if !errors.is_empty() {
        let text = report::findings(&errors, &history.sources.files, Format::Human);
        console.report(&text);
        return Ok(Outcome::Findings);
    }
    let mut rebase = Rebase::new(&project, &history, &moved);
    for place in &moved {
        if let Err(stopped) = rebase.step(*place) {
            return Ok(stopped.told(&project, &history, console));
        }
    }
    output::replace(&folder, &rebase.old, &rebase.files)?;
    for line in rebase.said {
        console.note(&line);
    }
    Ok(Outcome::Clean)
}

/// The place of the migration to be moved.
fn wanted(args: &Args, history: &History) -> Result<Option<usize>, Failure> {
    let migrations = &history.migrations;
    let Some(named) = &args.migration else {
        let faults = migration::faults(migrations);
        let found = faults.iter().find(|f| f.is_about_order());
        return Ok(found.map(migration::Fault::at));
    };
    let ups = history.sources.migrations();
    let place = ups
        .iter()
        .position(|(up, file)| up.label() == named || up.number() == named || file.path == *named);
    match place {
        Some(place) => Ok(Some(place)),
        None => Err(Failure::request(
            format!("there is no migration {named}"),
            "name one by its version, or by its version and name, as `schemagen migrate check` does",
        )),
    }
}

/// A migration and those that were made after it, directly or not, in their order.
fn with_followers(migrations: &[Migration], first: usize) -> Vec<usize> {
    let mut moved = vec![first];
    for (place, migration) in migrations.iter().enumerate() {
        let follows = migration.header.as_ref().and_then(|h| h.follows.as_ref());
        let moves = |link: &Link| moved.iter().any(|m| migrations[*m].label == link.label);
        if place != first && follows.is_some_and(moves) {
            moved.push(place);
        }
    }
    moved
}

/// Runs the migrations that stay; what they run into is returned.
fn stay(history: &mut History, moved: &[usize], project: &Project) -> Vec<Diagnostic> {
    let mut state = History::base(project).catalog;
    for (place, migration) in history.migrations.iter().enumerate() {
        let file = history.sources.file(migration.file);
        let Some(file) = file.filter(|_| !moved.contains(&place)) else {
            continue;
        };
        let (next, errors) = migration::fold(state, file, project.config.version);
        if !errors.is_empty() {
            return errors;
        }
        state = next;
    }
    history.catalog = state;
    Vec::new()
}

/// Migrations on their way behind the others.
struct Rebase<'a> {
    project: &'a Project,
    history: &'a History,
    /// What is before the next one that moves.
    state: Catalog,
    /// In front of the next one that moves.
    there: Vec<Migration>,
    last: usize,
    old: Vec<String>,
    files: Vec<File>,
    said: Vec<String>,
}

/// Why a migration cannot be moved.
enum Stopped {
    /// Its statements no longer run.
    Conflict {
        label: String,
        errors: Vec<Diagnostic>,
    },
    Stop(Stop),
    Failure(Failure),
}

impl Stopped {
    fn told(self, project: &Project, history: &History, console: &Console) -> Outcome {
        match self {
            Self::Conflict { label, errors } => {
                let text = report::findings(&errors, &history.sources.files, Format::Human);
                console.report(&text);
                console.report(&format!(
                    "{label} does not run behind the others, and holds statements that are not \
                     schemagen's; nothing was written\n  help: change these statements, or remove the \
                     migration and run `schemagen build`\n"
                ));
                Outcome::Findings
            }
            Self::Stop(stop) => {
                let folder = display(&migrations::folder(project));
                console.report(&stop.text(project, &folder, "build"));
                stop.outcome()
            }
            Self::Failure(failure) => {
                console.failure(&failure);
                Outcome::Refused
            }
        }
    }
}

impl<'a> Rebase<'a> {
    fn new(project: &'a Project, history: &'a History, moved: &[usize]) -> Self {
        let staying = history.migrations.iter().enumerate();
        let staying = staying.filter(|(place, _)| !moved.contains(place));
        Self {
            project,
            history,
            state: history.catalog.clone(),
            there: staying.map(|(_, m)| m.clone()).collect(),
            last: moved.last().copied().unwrap_or_default(),
            old: Vec::new(),
            files: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Moves one migration.
    fn step(&mut self, place: usize) -> Result<(), Stopped> {
        let history = self.history;
        let version = self.project.config.version;
        let found = history.sources.migrations().get(place).copied();
        let Some((up, file)) = found else {
            return Ok(());
        };
        let (next, errors) = migration::fold(self.state.clone(), file, version);
        let number = self.number(up).map_err(Stopped::Failure)?;
        let written = match errors.is_empty() {
            true => self.kept(up, &number, &next)?,
            false => self.again(place, up, file, &number, errors)?,
        };
        let label = up.label().to_owned();
        self.old.extend(history.layout.companions(up));
        if let Some((path, text)) = written.first()
            && let Some(now) = history.layout.up_file(path)
        {
            let part = history.layout.up_part(text);
            let behind = self.there.last().map_or("nothing", |m| m.label.as_str());
            let renamed = match now.label() == label {
                true => String::new(),
                false => format!(" is {} now, and", now.label()),
            };
            self.said.push(format!("{label}{renamed} follows {behind}"));
            self.there.push(Migration {
                label: now.label().to_owned(),
                version: now.version.clone(),
                hash: migration::hash(part),
                header: Header::read(part),
                file: file.id,
            });
        }
        self.files.extend(written);
        self.state = next;
        Ok(())
    }

    /// Its own version where that is behind the others, or the next one.
    fn number(&self, up: &UpFile) -> Result<String, Failure> {
        let last = self.there.last();
        match last.is_none_or(|last| up.version > last.version) {
            true => Ok(up.number().to_owned()),
            false => migrations::version(None, &self.there),
        }
    }

    fn follows(&self) -> Option<Link> {
        self.there.last().map(|last| Link {
            label: last.label.clone(),
            hash: last.hash.clone(),
        })
    }

    /// The same statements under another header.
    fn kept(&self, up: &UpFile, number: &str, next: &Catalog) -> Result<Vec<File>, Stopped> {
        let version = self.project.config.version;
        let folder = migrations::folder(self.project);
        let read = |path: &str| std::fs::read_to_string(folder.join(path)).ok();
        let (mut there, mut back) = self.history.layout.ways(up, read);
        if Header::read(&there.text).is_some() {
            let header = Header {
                before: Fingerprint::of(&self.state, version),
                after: Fingerprint::of(next, version),
                follows: self.follows(),
            };
            there.text = header.replace_in(&there.text);
        }
        if !self.leads_back(&back, next) {
            let pair = Pair::new(&self.state, next);
            let said = &self.project.loaded.catalog;
            let label = format!("{number}_{}", up.name());
            let layout = self.history.layout;
            let way = migration::way_back(pair, said, version, layout, &label);
            back = way.map_err(|refusal| Stopped::Stop(refusal.into()))?;
        }
        self.laid_out(up, number, there, back)
    }

    fn laid_out(
        &self,
        up: &UpFile,
        number: &str,
        there: Way,
        back: Way,
    ) -> Result<Vec<File>, Stopped> {
        let files = self.history.layout.files(number, up.name(), there, back);
        files.map_err(|error| {
            Stopped::Stop(Stop::Layout {
                layout: error.0,
                statement: up.label().to_owned(),
            })
        })
    }

    /// Whether the way back still leads to the state before.
    fn leads_back(&self, back: &Way, next: &Catalog) -> bool {
        let file = SourceFile {
            id: crate::diagnostic::FileId(0),
            path: String::new(),
            kind: source::SourceKind::Sql,
            text: back.text.clone(),
            external: false,
        };
        let (state, errors) = migration::fold(next.clone(), &file, self.project.config.version);
        errors.is_empty() && state == self.state
    }

    /// Statements that no longer run are made again, where all of them were made by schemagen and
    /// nothing follows them.
    fn again(
        &self,
        place: usize,
        up: &UpFile,
        file: &SourceFile,
        number: &str,
        errors: Vec<Diagnostic>,
    ) -> Result<Vec<File>, Stopped> {
        let version = self.project.config.version;
        let own = Header::read(&file.text).is_some()
            && source::sql::read(file, version).statistics.kept == 0;
        if !own || place != self.last {
            let label = up.label().to_owned();
            return Err(Stopped::Conflict { label, errors });
        }
        let draft = Draft {
            pair: Pair::new(&self.state, &self.project.loaded.catalog),
            version,
            layout: self.history.layout,
            number,
            name: up.name(),
            follows: self.follows(),
            online: self.project.config.migrations.online,
            hazards: &[],
            said: &[],
        };
        let plan = draft.plan();
        let losses = migrations::losses(self.project, draft.pair, &plan, Asked::default());
        let (_, refused) = losses.map_err(Stopped::Failure)?;
        if !refused.is_empty() {
            let sql = plan.sql();
            return Err(Stopped::Stop(Stop::Losses {
                losses: refused,
                sql,
            }));
        }
        let files = draft.files(&plan);
        files.map_err(|refusal| Stopped::Stop(refusal.into()))
    }
}
