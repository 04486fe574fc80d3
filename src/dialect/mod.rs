//! The only room where PostgreSQL and SQLite differ: capabilities by version, type names,
//! quoting, reserved words, made names.
//!
//! Invariant: nobody outside asks which dialect it is; they ask for a capability by name.

mod capabilities;
mod extension_types;
mod extensions;
mod key_types;
mod keywords;
mod names;
mod opclasses;
mod quote;
mod sqlite_keywords;
mod types;

pub use capabilities::{Capability, TargetVersion};
pub use extension_types::{extension_of_type, modifiers_of_extension};
pub use extensions::{known_extension, required_extension};
pub use key_types::KeyFit;
pub use names::{constraint_name, cut_identifier, identity_sequence, object_name, sequence_name};
pub use opclasses::{ClassFit, fit_of_class, is_default_operator_class};
pub use types::{
    builtin_types, canonical_type_name, default_storage, is_builtin_type, serial_integer,
    sqlite_affinity,
};

/// A database system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    #[default]
    Postgres,
    Sqlite,
}

impl Dialect {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
        }
    }

    /// Whether every database has the extension from the start, so that nobody has to declare it.
    pub fn has_from_the_start(self, extension: &str) -> bool {
        self == Self::Postgres && extension == "plpgsql"
    }

    /// Whose the schema is that every database begins with, since version 15 of PostgreSQL.
    pub const DEFAULT_SCHEMA_OWNER: &'static str = "pg_database_owner";

    /// The schema that unqualified names go to, where the dialect has schemas.
    pub fn default_schema(self) -> Option<&'static str> {
        match self {
            Self::Postgres => Some("public"),
            Self::Sqlite => None,
        }
    }
}
