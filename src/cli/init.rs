//! `schemagen init`.

use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use super::render::DialectName;
use super::{Outcome, output};
use crate::dialect::Dialect;

/// Write a first schema and a configuration into this folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The database system.
    #[arg(long, value_enum, default_value_t = DialectName::Postgres)]
    dialect: DialectName,
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
    let dialect = Dialect::from(args.dialect);
    let (schema, target) = match dialect {
        Dialect::Postgres => (POSTGRES_SCHEMA, "15"),
        Dialect::Sqlite => (SQLITE_SCHEMA, "3.40"),
    };
    let config = format!(
        "dialect: {}\ntarget_version: {target}\nsources: [schema]\noutput: generated\n\
         checks:\n  preset: recommended\n",
        dialect.as_str()
    );
    let files = [
        (super::config::FILE_NAME.to_owned(), config),
        ("schema/schema.yaml".to_owned(), schema.to_owned()),
    ];
    output::add(Path::new(""), &files)?;
    for (path, _) in &files {
        console.note(&format!("written  {path}"));
    }
    console.note("next: schemagen build");
    Ok(Outcome::Clean)
}
