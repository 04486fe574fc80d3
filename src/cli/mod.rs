//! The command line: the only room that reads the environment, prints and writes files.
//!
//! Invariants: a subcommand is one file with its arguments and its `run`; exit codes are 0 (clean),
//! 1 (findings, or stale outputs) and 2 (usage, unreadable or wrong sources, I/O); data goes to
//! stdout, everything said about it to stderr.

mod build;
mod check;
mod clock;
mod completions;
mod config;
mod console;
mod diff;
mod erd;
mod explain;
mod failure;
mod init;
mod inspect;
mod json_schema;
mod man;
mod migrate;
mod migration_sql;
mod migrations;
mod output;
mod project;
mod render;
mod report;
mod review;
mod sources;
mod summary;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use console::{ColorChoice, Console};
use failure::Failure;

/// How a command ended, where nothing stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Clean,
    /// Findings at or above the level that fails, or outputs that are stale.
    Findings,
    /// The sources are wrong; everything about them has been printed.
    Refused,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
            Outcome::Refused => Self::from(2),
        }
    }
}

/// Schema-first migrations, checks, documents and models for PostgreSQL and SQLite.
#[derive(Debug, Parser)]
#[command(name = "schemagen", version)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
struct Global {
    /// Say less: no summary, only findings and errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: every file read and written.
    #[arg(short, long, global = true)]
    verbose: bool,
    /// When to colour reports.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: ColorChoice,
    /// The configuration to use instead of ./schemagen.yaml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Check(check::Args),
    Explain(explain::Args),
    Render(render::Args),
    Inspect(inspect::Args),
    Diff(diff::Args),
    Migrate(migrate::Args),
    JsonSchema(json_schema::Args),
    Init(init::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the command line of this process; `large` is called when it turns out to be about a large
/// schema, so that the program can make its memory last.
pub fn main(large: fn()) -> ExitCode {
    sources::WHEN_LARGE.get_or_init(|| large);
    let cli = Cli::parse();
    let console = Console::new(cli.global.color, cli.global.quiet, cli.global.verbose);
    match run(&cli, &console) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            console.failure(&failure);
            Outcome::Refused.into()
        }
    }
}

fn run(cli: &Cli, console: &Console) -> Result<Outcome, Failure> {
    let config = cli.global.config.as_deref();
    match &cli.command {
        Command::Build(args) => build::run(args, config, console),
        Command::Check(args) => check::run(args, config, console),
        Command::Explain(args) => explain::run(args, console),
        Command::Render(args) => render::run(args, config, console),
        Command::Inspect(args) => inspect::run(args, config, console),
        Command::Diff(args) => diff::run(args, config, console),
        Command::Migrate(args) => migrate::run(args, config, console),
        Command::JsonSchema(args) => json_schema::run(args, console),
        Command::Init(args) => init::run(args, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Man(args) => man::run(args, console),
    }
}
