//! Loads a script into a database of a throwaway PostgreSQL server and runs a command that finds it in
//! `DATABASE_URL`: `cargo run --example with_database -- schema.sql pg_dump -s`. The server is gone with the
//! command. Its programs are found as the tests find them (`SCHEMAGEN_PG_BIN`, `PG_CONFIG`, the search path).

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::{env, fs};

use postgres::{Client, NoTls};
use schemagen::driver::{Search, Server};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(script), Some(program)) = (arguments.next(), arguments.next()) else {
        return Err("usage: with_database SCRIPT COMMAND [ARGUMENT...]".into());
    };
    let path = env::var_os("PATH").unwrap_or_default();
    let search = Search {
        named: env::var_os("SCHEMAGEN_PG_BIN").map(PathBuf::from),
        pg_config: env::var_os("PG_CONFIG").map(PathBuf::from),
        path: env::split_paths(&path).collect(),
    };
    let binaries = search.binaries()?;
    let binaries = binaries.ok_or("no PostgreSQL server is installed")?;
    let server = Server::start(&binaries, &env::temp_dir())?;
    let database = server.database()?;
    let mut client = Client::connect(&database.url(), NoTls)?;
    client.batch_execute(&fs::read_to_string(script)?)?;
    client.batch_execute("ANALYZE")?;
    let status = Command::new(program)
        .args(arguments)
        .env("DATABASE_URL", database.url())
        .status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
