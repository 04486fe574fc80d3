//! The migrations folder: history that is read, and only ever added to.

mod layout;

use super::project::{Project, input};
use super::sources::Sources;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Capability;
use crate::model::Catalog;

pub(super) use layout::Layout;

/// The name of the first migration.
pub(super) const FIRST: &str = "initial";

/// What the migrations folder says about the schema.
pub(super) enum State {
    /// There is no migration yet.
    None,
    /// Replaying the migrations gives the schema.
    Current,
    /// Replaying them gives another one.
    Behind,
    /// They cannot be replayed.
    Broken {
        sources: Sources,
        diagnostics: Vec<Diagnostic>,
    },
}

/// Replays the ways up of the migrations folder and compares what they make with the schema.
pub(super) fn state(project: &Project) -> State {
    let config = &project.config;
    let folder = project.path(&config.migrations.folder);
    let mut sources = Sources::default();
    if !sources.add_migrations(&folder, config.migrations.layout) {
        return State::None;
    }
    // What belongs to others is not in the migrations: it is declared as it is for the schema.
    let external: Vec<_> = project.sources.schema();
    let external = external.into_iter().filter(|f| f.external);
    let replayed = input(config, external.collect(), sources.history()).load();
    let mut diagnostics = std::mem::take(&mut sources.diagnostics);
    diagnostics.extend(replayed.diagnostics);
    diagnostics.retain(|d| d.severity == Severity::Error);
    if !diagnostics.is_empty() {
        return State::Broken {
            sources,
            diagnostics,
        };
    }
    let stored = |catalog: &Catalog| {
        let owned = catalog.owned();
        if config.version.has(Capability::CommentOn) {
            owned
        } else {
            owned.without_comments()
        }
    };
    let same = replayed.catalog == project.loaded.catalog
        || stored(&replayed.catalog) == stored(&project.loaded.catalog);
    if same { State::Current } else { State::Behind }
}
