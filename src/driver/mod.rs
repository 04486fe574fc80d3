//! Databases that run: what they hold, read into SQL text that goes through the same reader as files.
//!
//! Invariants: the only user of the crates `postgres` and `rusqlite`. The environment is handed in, never
//! read. Reading changes nothing: PostgreSQL in a read-only transaction, SQLite opened read-only. No
//! password reaches an error or, unless it is asked for, an output.

mod connect;
mod error;
mod left_out;
mod location;
mod postgres;
mod secret;
mod sqlite;
mod throwaway;
mod tls;

pub use error::DriverError;
pub use left_out::{LeftOut, is_history_table};
pub use location::{Environment, Location};
pub use postgres::inspect as inspect_postgres;
pub use secret::Secret;
pub use sqlite::inspect as inspect_sqlite;
pub use throwaway::{Binaries, Database, Search, Server};

use crate::dialect::TargetVersion;

/// What is read, and what is left out on the way.
pub struct Options<'a> {
    /// Schemas that the platform owns: their objects are told apart from the others.
    pub external_schemas: &'a [String],
    /// Whether an object is no part of the schema, by its qualified name.
    pub excluded: &'a dyn Fn(&str) -> bool,
    /// Whether the owner is said of objects that belong to the user who asks.
    pub own_owner: bool,
    /// Whether the history tables of migration tools are read like any other.
    pub history_tables: bool,
    /// Whether passwords in the options of user mappings and subscriptions are told.
    pub passwords: bool,
    /// Whether the versions of extensions are said, also where they are the server's own choice.
    pub extension_versions: bool,
}

/// A database as SQL text.
#[derive(Clone, Debug)]
pub struct Inspection {
    pub version: TargetVersion,
    /// The role that asked; `None` where there are no roles.
    pub user: Option<String>,
    /// What the schema holds.
    pub owned: String,
    /// What the external schemas hold.
    pub external: String,
    pub left_out: LeftOut,
}
