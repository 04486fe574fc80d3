//! Databases as sources: read by the driver, then treated as files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Sources;
use crate::check::glob;
use crate::diagnostic::{Diagnostic, FileId};
use crate::dialect::TargetVersion;
use crate::driver::{
    DriverError, Environment, Inspection, LeftOut, Location, Options, Secret, inspect_postgres,
    inspect_sqlite,
};
use crate::source::{SourceFile, SourceKind};

/// How databases and revisions among the sources are read.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Reading {
    /// The folder that revisions of git are read in.
    pub folder: PathBuf,
    /// Schemas that the platform owns.
    pub external_schemas: Vec<String>,
    /// Globs over names.
    pub exclude: Vec<String>,
    /// Names of objects that a `--setup` file declares.
    pub declared: std::collections::BTreeSet<String>,
    /// Whether every owner is said, or those who are not the user who connects.
    pub every_owner: bool,
    /// Whether the history tables of migration tools are read like any other.
    pub history_tables: bool,
    /// Whether passwords of user mappings and subscriptions are told.
    pub passwords: bool,
    /// Whether the versions of extensions are said.
    pub extension_versions: bool,
}

/// What a database that was read says about itself.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Read {
    pub version: TargetVersion,
    /// The role that asked.
    pub user: Option<String>,
    pub left_out: LeftOut,
}

impl Sources {
    /// Adds what a PostgreSQL database holds.
    pub(super) fn add_postgres(&mut self, url: &str, external: bool) {
        let location = match Location::parse(url, &environment()) {
            Ok(location) => location,
            Err(error) => return self.no_database(&error),
        };
        let read = self.inspect(|options| inspect_postgres(&location, options));
        match read {
            Ok(read) => self.add_inspection(location.shown(), read, external),
            Err(error) => self.no_database(&error),
        }
    }

    /// Adds what a SQLite database holds.
    pub(super) fn add_sqlite(&mut self, path: &Path, external: bool) {
        match self.inspect(|options| inspect_sqlite(path, options)) {
            Ok(read) => self.add_inspection(&super::display(path), read, external),
            Err(error) => self.no_database(&error),
        }
    }

    fn inspect(
        &self,
        inspect: impl FnOnce(&Options<'_>) -> Result<Inspection, DriverError>,
    ) -> Result<Inspection, DriverError> {
        let reading = &self.reading;
        let excluded = |name: &str| {
            let mut globs = reading.exclude.iter();
            reading.declared.contains(name) || globs.any(|glob| glob::matches_text(glob, name))
        };
        inspect(&Options {
            external_schemas: &reading.external_schemas,
            excluded: &excluded,
            own_owner: reading.every_owner,
            history_tables: reading.history_tables,
            passwords: reading.passwords,
            extension_versions: reading.extension_versions,
        })
    }

    fn add_inspection(&mut self, shown: &str, read: Inspection, external: bool) {
        let texts = [(read.owned, external), (read.external, true)];
        for (text, external) in texts {
            if external && text.is_empty() {
                continue;
            }
            let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
            self.files.push(SourceFile {
                id,
                path: shown.to_owned(),
                kind: SourceKind::Sql,
                text,
                external,
            });
            self.schema.push(id);
        }
        self.read = Some(Box::new(Read {
            version: read.version,
            user: read.user,
            left_out: read.left_out,
        }));
    }

    fn no_database(&mut self, error: &DriverError) {
        let diagnostic = Diagnostic::error("parse/database", error.to_string());
        self.diagnostics.push(diagnostic.help(error.help()));
    }
}

/// What libpq would read of this process's environment.
fn environment() -> Environment {
    let read = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let variables: BTreeMap<String, Secret> = Environment::VARIABLES
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), Secret::new(read(name)?))))
        .collect();
    let home = read("HOME")
        .or_else(|| read("USERPROFILE"))
        .map(PathBuf::from);
    let file = read("PGPASSFILE")
        .map(PathBuf::from)
        .or_else(|| Some(home.as_ref()?.join(".pgpass")));
    Environment {
        variables,
        user: read("USER")
            .or_else(|| read("LOGNAME"))
            .or_else(|| read("USERNAME")),
        home,
        password_file: file
            .and_then(|f| std::fs::read_to_string(f).ok())
            .map(Secret::new),
    }
}
