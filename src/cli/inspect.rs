//! `schemagen inspect URL`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::console::Console;
use super::failure::Failure;
use super::project::{Databases, Project, Request};
use super::report;
use super::{Outcome, output};
use crate::render::{FileTree, Report, Split, json, sql, yaml};

/// Turn a database that exists into a readable schema.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// postgresql://..., or a SQLite database file; any other source works as well.
    #[arg(value_name = "URL")]
    source: PathBuf,
    /// How the schema is written.
    #[arg(long, value_enum, default_value_t = Language::Yaml)]
    format: Language,
    /// How it is divided into files.
    #[arg(long, value_enum, requires = "output")]
    split: Option<Division>,
    /// The folder that the files are written to, instead of standard output.
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
    /// Say the owner of every object, also where it is the user who connects.
    #[arg(long)]
    owners: bool,
    /// Read the history tables of migration tools like any other.
    #[arg(long)]
    history_tables: bool,
    /// Tell the passwords of user mappings and subscriptions, which are masked otherwise.
    #[arg(long)]
    show_passwords: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    Yaml,
    Sql,
    Json,
}

/// How a schema is divided into files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Division {
    /// A file a table, in a folder a schema.
    Table,
    /// A file a schema.
    Schema,
    /// One file.
    File,
}

impl From<Division> for Split {
    fn from(division: Division) -> Self {
        match division {
            Division::Table => Self::Table,
            Division::Schema => Self::Schema,
            Division::File => Self::File,
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
        dialect: None,
        sources: std::slice::from_ref(&args.source),
        setup: &args.setup,
        version: None,
        configured: false,
        databases: Databases {
            every_owner: args.owners,
            history_tables: args.history_tables,
            passwords: args.show_passwords,
            extension_versions: false,
        },
    });
    let diagnostics = &project.loaded.diagnostics;
    let files = &project.sources.files;
    console.report(&report::findings(diagnostics, files, report::Format::Human));
    console.left_out(&project.sources);
    if project.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    let templates = project.templates()?;
    let report = project.report(&[], &templates);
    let split = args.split.map_or(Split::File, Split::from);
    let tree = written(args.format, &report, split);
    match &args.output {
        Some(folder) => write(folder, &tree, console)?,
        None => {
            for (_, text) in tree.iter() {
                console.data(text)?;
            }
        }
    }
    Ok(Outcome::Clean)
}

fn written(format: Language, report: &Report<'_>, split: Split) -> FileTree {
    match format {
        Language::Yaml => yaml::files(report, split),
        Language::Sql => sql::files(report, split),
        Language::Json => {
            let mut tree = FileTree::default();
            tree.insert("schema.json", json::json(report));
            tree
        }
    }
}

fn write(folder: &Path, tree: &FileTree, console: &Console) -> Result<(), Failure> {
    let files: Vec<(String, String)> = tree
        .iter()
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect();
    output::add(folder, &files)?;
    for (path, _) in &files {
        console.detail(&format!("written  {path}"));
    }
    let folder = super::sources::display(folder);
    console.note(&format!("written  {} files to {folder}", files.len()));
    Ok(())
}
