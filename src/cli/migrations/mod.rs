//! The migrations folder: history that is read, and only ever added to.

mod documented;
mod next;
mod safety;
mod states;
mod stop;

use std::path::PathBuf;

use super::project::{Project, input};
use super::sources::Sources;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::dialect::Dialect;
use crate::migration::{self, Fingerprint, Header, Layout, Migration};
use crate::model::Catalog;
use crate::pipeline::Loaded;
use crate::plan::{self, Expansion};

pub(super) use documented::Documented;
pub(super) use next::{Asked, Next, allowances, losses, version};
pub(super) use safety::{Checker, Safety, sent, together};
pub(super) use states::States;
pub(super) use stop::{Stop, located};

/// The name of the first migration.
pub(super) const FIRST: &str = "initial";

/// What the migrations folder says about the schema.
pub(super) enum State {
    /// There is no migration yet.
    None,
    /// Replaying the migrations gives the schema.
    Current,
    /// Replaying them gives another one.
    Behind(Box<History>),
    /// They cannot be replayed, or do not follow one another.
    Broken(Stop),
}

/// The migrations of a folder.
pub(super) struct History {
    pub sources: Sources,
    pub layout: Layout,
    pub migrations: Vec<Migration>,
    /// What they make; empty until they are replayed.
    pub catalog: Catalog,
}

/// Where the migrations are, from the folder that schemagen runs in.
pub(super) fn folder(project: &Project) -> PathBuf {
    project.path(&project.config.migrations.folder)
}

impl History {
    /// Reads the migrations of a project's folder; `None` where there are none.
    pub(super) fn read(project: &Project) -> Option<Self> {
        let layout = project.config.migrations.layout;
        let mut sources = Sources::default();
        if !sources.add_migrations(&folder(project), layout) {
            return None;
        }
        let found = sources.migrations().into_iter();
        let migrations = found.map(|(up, file)| Migration {
            label: up.label().to_owned(),
            version: up.version.clone(),
            hash: migration::hash(&file.text),
            header: Header::read(&file.text),
            file: file.id,
        });
        let migrations = migrations.collect();
        Some(Self {
            sources,
            layout,
            migrations,
            catalog: Catalog::default(),
        })
    }

    /// What is wrong with the chain.
    pub(super) fn faults(&self) -> Vec<Diagnostic> {
        let faults = migration::faults(&self.migrations);
        let said = faults.iter().map(|f| f.diagnostic(&self.migrations));
        said.collect()
    }

    /// What the schema finds there before any migration: the objects of others.
    pub(super) fn base(project: &Project) -> Loaded {
        let external = project.sources.schema();
        let external = external.into_iter().filter(|f| f.external);
        input(&project.config, external.collect(), Vec::new()).load()
    }

    /// The last migration, which no other holds by its hash, where it makes something else than it says.
    fn edited_last(&self, project: &Project) -> Option<Diagnostic> {
        let last = self.migrations.last()?;
        let ends = Fingerprint::of(&self.catalog, project.config.version);
        let contradicts = last.header.as_ref()?.after.contradicts(&ends);
        contradicts.then(|| edited(last))
    }

    /// The columns that are two at the moment.
    pub(super) fn pending(&self, dialect: Dialect) -> Vec<Expansion> {
        let files = self
            .migrations
            .iter()
            .filter_map(|m| self.sources.file(m.file));
        migration::pending(files.map(|f| f.text.as_str()), dialect)
    }

    /// Runs all migrations; what they run into is returned.
    pub(super) fn replay(&mut self, project: &Project) -> Vec<Diagnostic> {
        // What belongs to others is not in the migrations: it is declared as it is for the schema.
        let external = project.sources.schema();
        let external = external.into_iter().filter(|f| f.external).collect();
        let loaded = input(&project.config, external, self.sources.history()).load();
        self.catalog = loaded.catalog;
        let mut diagnostics = std::mem::take(&mut self.sources.diagnostics);
        diagnostics.extend(loaded.diagnostics);
        diagnostics.retain(|d| d.severity == Severity::Error);
        diagnostics
    }
}

/// Whether a column waits for the second act of its change.
pub(super) fn is_pending(project: &Project) -> bool {
    let dialect = project.config.version.dialect;
    History::read(project).is_some_and(|history| !history.pending(dialect).is_empty())
}

/// Replays the ways up of the migrations folder and compares what they make with the schema.
/// With `contract`, columns that are two are to become one.
pub(super) fn state(project: &Project, contract: bool) -> State {
    let Some(mut history) = History::read(project) else {
        return State::None;
    };
    let diagnostics = history.replay(project);
    if !diagnostics.is_empty() {
        let sources = history.sources;
        return State::Broken(Stop::Broken {
            sources: Box::new(sources),
            diagnostics,
        });
    }
    let faults = history.faults();
    if !faults.is_empty() {
        let sources = history.sources;
        return State::Broken(Stop::Unchained {
            sources: Box::new(sources),
            diagnostics: faults,
        });
    }
    let version = project.config.version;
    let pending = history.pending(version.dialect);
    let (ending, staying) = match contract {
        true => (&pending[..], &[][..]),
        false => (&[][..], &pending[..]),
    };
    let replayed = &history.catalog;
    let wanted = &project.loaded.catalog;
    let schema = plan::expanded(replayed, wanted, staying, ending, version).catalog;
    if migration::is_same(replayed, &schema, version) {
        return State::Current;
    }
    match history.edited_last(project) {
        Some(diagnostic) => State::Broken(Stop::Unchained {
            sources: Box::new(history.sources),
            diagnostics: vec![diagnostic],
        }),
        None => State::Behind(Box::new(history)),
    }
}

/// A migration whose header says another state after it than its statements make.
pub(super) fn edited(migration: &Migration) -> Diagnostic {
    let label = &migration.label;
    let headline = format!("migration {label} has been edited");
    Diagnostic::error("migration/edited", headline)
        .at(Span::new(migration.file, 0, 0), "this migration")
        .note("its statements lead to another schema than its header says")
        .help(format!(
            "change the schema and write another migration; while no database has run {label}, remove it \
             and run `schemagen build`"
        ))
}
