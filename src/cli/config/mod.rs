//! `schemagen.yaml`: what is read, for which database, and what is made of it.

mod read;

use std::collections::BTreeMap;

use crate::diagnostic::Span;
use crate::dialect::{Dialect, TargetVersion};
use crate::render::{EMITTERS, Options};

pub(super) use read::read;

/// The file that is taken where the command line names none.
pub(super) const FILE_NAME: &str = "schemagen.yaml";

/// The configuration of a run.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub version: TargetVersion,
    /// Files and folders, relative to the configuration's folder.
    pub sources: Vec<String>,
    pub output: String,
    pub migrations: Migrations,
    /// The outputs that are made, by emitter name, with their options.
    pub outputs: BTreeMap<String, Options>,
    /// The user's own templates.
    pub templates: String,
    pub external_schemas: Vec<(String, Span)>,
    /// Globs over `schema.name`.
    pub exclude: Vec<String>,
}

/// Where migrations go and how they are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Migrations {
    pub folder: String,
    pub layout: Layout,
}

/// How the files of a migrations folder are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    /// `VERSION_name.up.sql` and `VERSION_name.down.sql`.
    #[default]
    Sqlx,
}

impl Config {
    /// What holds where no file says otherwise: `schema/` to `generated/`.
    pub(super) fn default_of(dialect: Dialect) -> Self {
        let outputs = EMITTERS
            .iter()
            .map(|e| (e.name().to_owned(), Options::default()));
        Self {
            version: TargetVersion::default_of(dialect),
            sources: vec!["schema".to_owned()],
            output: "generated".to_owned(),
            migrations: Migrations {
                folder: "generated/migrations".to_owned(),
                layout: Layout::default(),
            },
            outputs: outputs.collect(),
            templates: "templates".to_owned(),
            external_schemas: Vec::new(),
            exclude: Vec::new(),
        }
    }
}
