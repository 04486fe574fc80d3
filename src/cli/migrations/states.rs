//! The states between migrations, one after the other.

use super::History;
use crate::cli::project::Project;
use crate::diagnostic::Diagnostic;
use crate::dialect::TargetVersion;
use crate::migration::{self, Migration};
use crate::model::Catalog;

/// A replay that stops after every migration.
pub(in crate::cli) struct States<'a> {
    history: &'a History,
    version: TargetVersion,
    next: usize,
    catalog: Catalog,
}

impl<'a> States<'a> {
    /// Before the first migration: only what belongs to others is there.
    pub(in crate::cli) fn new(project: &Project, history: &'a History) -> Self {
        Self {
            history,
            version: project.config.version,
            next: 0,
            catalog: History::base(project).catalog,
        }
    }

    /// Runs the next migration: it, the state before it, and what it runs into.
    pub(in crate::cli) fn step(&mut self) -> Option<(&'a Migration, Catalog, Vec<Diagnostic>)> {
        let migration = self.history.migrations.get(self.next)?;
        let file = self.history.sources.file(migration.file)?;
        self.next += 1;
        let before = self.catalog.clone();
        let now = std::mem::take(&mut self.catalog);
        let (after, errors) = migration::fold(now, file, self.version);
        self.catalog = after;
        Some((migration, before, errors))
    }

    /// The state after the last migration that was run.
    pub(in crate::cli) fn catalog(&self) -> &Catalog {
        &self.catalog
    }
}
