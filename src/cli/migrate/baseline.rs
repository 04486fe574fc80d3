//! `schemagen migrate baseline --from SCHEMA|URL`.

use std::path::{Path, PathBuf};

use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::migration_sql::managed_part;
use crate::cli::migrations::{self, History};
use crate::cli::project::{Databases, Project, Request};
use crate::cli::report::{self, Format};
use crate::cli::sources::display;
use crate::cli::{Outcome, output};
use crate::diff::Managed;
use crate::migration;
use crate::render::migration as printed;

/// Write the first migration of databases that exist already.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What they hold: a database, a dump, or the schema of a revision.
    #[arg(long, value_name = "SCHEMA|URL")]
    from: PathBuf,
    /// What the migration is called.
    #[arg(long, default_value = "baseline")]
    name: String,
    /// The version, instead of the time of day.
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    super::new::check_name(&args.name)?;
    let load = |sources: &[PathBuf]| {
        Project::load(&Request {
            config,
            sources,
            setup: &args.setup,
            configured: true,
            databases: Databases {
                passwords: true,
                ..Databases::default()
            },
            ..Request::default()
        })
    };
    let mut held = load(std::slice::from_ref(&args.from));
    let text = report::findings(&held.loaded.diagnostics, &held.sources.files, Format::Human);
    console.report(&text);
    console.left_out(&held.sources);
    if held.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    let folder = migrations::folder(&held);
    if History::read(&held).is_some() {
        return Err(Failure::request(
            format!("{} holds migrations already", display(&folder)),
            "a baseline comes before every migration; the next one is written by `schemagen build`",
        ));
    }
    if held.sources.read.is_some() {
        leave_unmanaged(&mut held, &load(&[]));
    }
    let files = files(args, &held)?;
    output::add(&folder, &files)?;
    let first = files.first().map_or("", |(path, _)| path.as_str());
    console.note(&format!(
        "{}/{first} makes what is there: mark it as applied where it is, and run `schemagen build` for what \
         the schema has changed since",
        display(&folder)
    ));
    Ok(Outcome::Clean)
}

/// Takes out of a database what the schema says nothing about: the next migration would take it away.
fn leave_unmanaged(held: &mut Project, schema: &Project) {
    let manages = |what: &str| schema.config.manage.iter().any(|m| m == what);
    let mentioned = Managed::mentioned(&schema.loaded.catalog);
    let managed = Managed {
        owners: mentioned.owners || manages("owners"),
        privileges: mentioned.privileges || manages("grants"),
        tablespaces: mentioned.tablespaces || manages("tablespaces"),
    };
    held.loaded.catalog = managed_part(&held.loaded.catalog, managed);
}

fn files(args: &Args, held: &Project) -> Result<Vec<migration::File>, Failure> {
    let templates = held.templates()?;
    let report = held.report(&[], &templates);
    let pair = printed::initial(&report)?;
    let number = migrations::version(args.version.as_deref(), &[])?;
    let named = (number.as_str(), args.name.as_str());
    let up = format!(
        "-- What the databases hold that were there before the first migration.\n{}",
        pair.up
    );
    let layout = held.config.migrations.layout;
    let after = migration::Fingerprint::of(&held.loaded.catalog, held.config.version);
    let files = migration::first(after, held.config.version, layout, named, (up, pair.down));
    // The first migration is in a transaction, which every layout has a form for.
    Ok(files.unwrap_or_default())
}
