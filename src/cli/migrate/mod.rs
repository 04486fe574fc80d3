//! `schemagen migrate`: the migrations as files. What runs them is another tool.

mod baseline;
mod check;
mod new;
mod rebase;

use std::path::Path;

use clap::Subcommand;

use super::Outcome;
use super::console::Console;
use super::failure::Failure;

/// Write, check and reorder migrations.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::Args),
    Check(check::Args),
    Rebase(rebase::Args),
    Baseline(baseline::Args),
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    match &args.command {
        Command::New(args) => new::run(args, config, console),
        Command::Check(args) => check::run(args, config, console),
        Command::Rebase(args) => rebase::run(args, config, console),
        Command::Baseline(args) => baseline::run(args, config, console),
    }
}
