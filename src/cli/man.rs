//! `schemagen man`.

use clap::CommandFactory;

use super::console::Console;
use super::failure::Failure;
use super::{Cli, Outcome};

/// Print the manual page, in roff.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args, console: &Console) -> Result<Outcome, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut page)
        .map_err(Failure::Stdout)?;
    console.data(&String::from_utf8_lossy(&page))?;
    Ok(Outcome::Clean)
}
