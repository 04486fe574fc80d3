//! `schemagen render WHAT [SOURCE...]`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Outcome;
use super::console::Console;
use super::failure::Failure;
use super::project::{Project, Request};
use super::report::{self, Format};
use crate::dialect::Dialect;
use crate::render::{EMITTERS, FileTree};

/// Print one output of a schema.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_enum)]
    what: What,
    /// Files and folders of the schema, instead of the configuration's.
    source: Vec<PathBuf>,
    /// The database system, instead of the configuration's.
    #[arg(long, value_enum)]
    dialect: Option<DialectName>,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// The canonical SQL.
    Sql,
    /// The Rust models, one file after the other.
    Rust,
    /// The documents, one page after the other.
    Markdown,
    /// The ER diagram for Mermaid.
    #[value(alias = "erd")]
    Mermaid,
}

impl What {
    /// The emitter that makes it.
    fn emitter(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Rust => "rust",
            Self::Markdown => "markdown",
            Self::Mermaid => "mermaid",
        }
    }
}

/// A database system, as the command line spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DialectName {
    Postgres,
    Sqlite,
}

impl From<DialectName> for Dialect {
    fn from(name: DialectName) -> Self {
        match name {
            DialectName::Postgres => Self::Postgres,
            DialectName::Sqlite => Self::Sqlite,
        }
    }
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let project = Project::load(&Request {
        config,
        dialect: args.dialect.map(Dialect::from),
        sources: &args.source,
        setup: &args.setup,
    });
    let findings = &project.loaded.diagnostics;
    console.report(&report::findings(
        findings,
        &project.sources.files,
        Format::Human,
    ));
    if project.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    let templates = project.templates()?;
    let report = project.report(&[], &templates);
    let mut tree = FileTree::default();
    let wanted = args.what.emitter();
    for emitter in EMITTERS.iter().filter(|e| e.name() == wanted) {
        emitter.emit(&report, &mut tree)?;
    }
    let texts: Vec<&str> = tree.iter().map(|(_, text)| text).collect();
    console.data(&texts.join("\n"))?;
    Ok(Outcome::Clean)
}
