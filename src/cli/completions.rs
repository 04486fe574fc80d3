//! `schemagen completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::console::Console;
use super::failure::Failure;
use super::{Cli, Outcome};

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args, console: &Console) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "schemagen", &mut script);
    console.data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Clean)
}
