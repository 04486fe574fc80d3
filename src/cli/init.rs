//! `schemagen init`.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::failure::Failure;
use super::project::{Project, Request};
use super::render::DialectName;
use super::report::{self, Format};
use super::{Outcome, output};
use crate::dialect::Dialect;
use crate::render::{Split, yaml};

/// Write a first schema and a configuration into this folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The database system.
    #[arg(long, value_enum, default_value_t = DialectName::Postgres)]
    dialect: DialectName,
    /// A database or SQL that exists already, to begin with.
    #[arg(long, value_name = "URL|FILE")]
    from: Option<PathBuf>,
}

const POSTGRES_SCHEMA: &str = "\
tables:
  users:
    description: Application accounts
    columns:
      id: bigint generated always as identity primary key
      email: { type: text, nullable: false, unique: true, description: Lower case }
      created_at: timestamptz not null default now()

  tasks:
    description: What is to be done
    columns:
      id: bigint generated always as identity primary key
      user_id: { references: users.id, on_delete: cascade, nullable: false }
      title: { type: text, nullable: false }
      done: boolean not null default false
";

const SQLITE_SCHEMA: &str = "\
tables:
  users:
    strict: true
    columns:
      id: integer primary key
      email: { type: text, nullable: false, unique: true }

  tasks:
    strict: true
    columns:
      id: integer primary key
      user_id: { references: users.id, on_delete: cascade, nullable: false }
      title: { type: text, nullable: false }
      done: integer not null default 0 check (done in (0, 1))
";

pub(super) fn run(args: &Args, console: &Console) -> Result<Outcome, Failure> {
    if let Some(source) = &args.from {
        return import(source, args, console);
    }
    let dialect = Dialect::from(args.dialect);
    let (schema, target) = match dialect {
        Dialect::Postgres => (POSTGRES_SCHEMA, "15"),
        Dialect::Sqlite => (SQLITE_SCHEMA, "3.40"),
    };
    let config = config(dialect, target);
    let files = [
        (super::config::FILE_NAME.to_owned(), config),
        ("schema/schema.yaml".to_owned(), schema.to_owned()),
    ];
    write(&files, console)?;
    console.note("next: schemagen build");
    Ok(Outcome::Clean)
}

/// A project around a schema that exists: a file a table.
fn import(source: &PathBuf, args: &Args, console: &Console) -> Result<Outcome, Failure> {
    let project = Project::load(&Request {
        dialect: Some(Dialect::from(args.dialect)),
        sources: std::slice::from_ref(source),
        ..Request::default()
    });
    let diagnostics = &project.loaded.diagnostics;
    let sources = &project.sources;
    console.report(&report::findings(
        diagnostics,
        &sources.files,
        Format::Human,
    ));
    console.left_out(sources);
    if project.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    let version = project.config.version;
    let target = match version.dialect {
        Dialect::Postgres => version.major.to_string(),
        Dialect::Sqlite => format!("3.{}", version.major),
    };
    let config = config(version.dialect, &target);
    let mut files = vec![(super::config::FILE_NAME.to_owned(), config)];
    let templates = project.templates()?;
    let tree = yaml::files(&project.report(&[], &templates), Split::Table);
    files.extend(
        tree.iter()
            .map(|(path, text)| (format!("schema/{path}"), text.to_owned())),
    );
    write(&files, console)?;
    // Where it came from is not repeated: a URL may hold a password.
    console.note(
        "next: schemagen migrate baseline --from the same, so that the first migration is what is there; \
         then schemagen build",
    );
    Ok(Outcome::Clean)
}

fn config(dialect: Dialect, target: &str) -> String {
    format!(
        "dialect: {}\ntarget_version: {target}\nsources: [schema]\noutput: generated\n\
         checks:\n  preset: recommended\n",
        dialect.as_str()
    )
}

/// Files that let a machine hold the project: each is written where nothing of its name is there.
const MACHINERY: [(&str, &str); 2] = [
    (
        ".github/workflows/schemagen.yml",
        include_str!("init/workflow.yml"),
    ),
    (
        ".pre-commit-config.yaml",
        include_str!("init/pre-commit.yaml"),
    ),
];

/// More than this is counted instead of listed.
const LISTED: usize = 12;

fn write(files: &[(String, String)], console: &Console) -> Result<(), Failure> {
    let (kept, new): (Vec<_>, Vec<_>) = MACHINERY
        .iter()
        .partition(|(path, _)| Path::new(path).exists());
    let new = new
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let all: Vec<(String, String)> = files.iter().cloned().chain(new).collect();
    output::add(Path::new(""), &all)?;
    let in_schema = |path: &str| path.starts_with("schema/");
    let schema = all.iter().filter(|(path, _)| in_schema(path)).count();
    let counted = schema > LISTED;
    for (path, _) in &all {
        match counted && in_schema(path) {
            true => console.detail(&format!("written  {path}")),
            false => console.note(&format!("written  {path}")),
        }
    }
    if counted {
        console.note(&format!("written  {schema} files to schema/"));
    }
    for (path, _) in kept {
        console.note(&format!(
            "kept     {path}; `schemagen build --check` belongs into it"
        ));
    }
    Ok(())
}
