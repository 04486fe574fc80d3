//! `schemagen.yaml`: what is read, for which database, and what is made of it.

mod checks;
mod keys;
mod read;

use std::collections::BTreeMap;

use crate::check::Settings;
use crate::diagnostic::{Severity, Span};
use crate::dialect::{Dialect, TargetVersion};
use crate::facts::hazard::Allowance;
use crate::migration::Layout;
use crate::render::{EMITTERS, Options};

pub(super) use read::read;

/// The file that is taken where the command line names none.
pub(super) const FILE_NAME: &str = "schemagen.yaml";

/// The configuration of a run. Paths start from the configuration's folder.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub version: TargetVersion,
    /// Files and folders.
    pub sources: Vec<String>,
    /// Files whose objects exist already and belong to others.
    pub setup: Vec<String>,
    pub output: String,
    pub migrations: Migrations,
    /// The outputs that are made, by emitter name, with their options.
    pub outputs: BTreeMap<String, Options>,
    /// The user's own templates.
    pub templates: String,
    pub checks: Settings,
    /// The least severity of findings that makes the exit code 1.
    pub fail_on: Severity,
    pub external_schemas: Vec<(String, Span)>,
    /// Globs over object names.
    pub exclude: Vec<String>,
    /// `owners`, `grants`, `tablespaces`: what counts against a database though no source mentions it.
    pub manage: Vec<String>,
    /// Whether migrations keep tables that are in use readable and writable.
    pub online: bool,
}

/// Where migrations go and how they are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Migrations {
    pub folder: String,
    pub layout: Layout,
    /// What migrations may do to data.
    pub allow: Vec<Allowance>,
    /// Whether tables that are in use stay so while a migration runs.
    pub online: bool,
}

impl Config {
    /// What holds where no file says otherwise: `schema/` to `generated/`.
    pub(super) fn default_of(dialect: Dialect) -> Self {
        let outputs = EMITTERS.iter().map(|e| e.name().to_owned());
        Self {
            version: TargetVersion::default_of(dialect),
            sources: vec!["schema".to_owned()],
            setup: Vec::new(),
            output: "generated".to_owned(),
            migrations: Migrations {
                folder: "generated/migrations".to_owned(),
                layout: Layout::default(),
                allow: Vec::new(),
                online: true,
            },
            outputs: outputs.map(|name| (name, Options::default())).collect(),
            templates: "templates".to_owned(),
            checks: Settings::default(),
            fail_on: Severity::Error,
            external_schemas: Vec::new(),
            exclude: Vec::new(),
            manage: Vec::new(),
            online: true,
        }
    }
}

#[cfg(test)]
mod tests;
