//! Text to declarations: what the sources say, with positions, before any name is looked up.
//!
//! Invariants: reading never stops at the first error; every byte of a source is accounted for by a
//! declaration, a skip with its reason, or a diagnostic. No catalog is consulted here.

pub(crate) mod condition;
mod declaration;
pub mod sql;
mod statistics;
pub mod yaml;

pub use condition::{Condition, InSchema, Presence, PresenceKind};
pub use declaration::{
    AlterAction, AttributeChange, ColumnAction, Declaration, Declarations, LikeClause, Part,
    SearchPath, Statement, Target,
};
pub use statistics::{SkipReason, Statistics};

use crate::diagnostic::FileId;

/// How a source file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    Sql,
    Yaml,
}

impl SourceKind {
    /// By the file name's extension: `.sql`, `.yaml`, `.yml`.
    pub fn of_path(path: &str) -> Option<Self> {
        let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
        match extension.as_str() {
            "sql" | "ddl" | "psql" => Some(Self::Sql),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// A file of the schema, read. Its number is its place in the run's list of sources.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub id: FileId,
    /// As reports print it: relative to the working folder, with forward slashes.
    pub path: String,
    pub kind: SourceKind,
    pub text: String,
    /// Whether its objects exist already and belong to others (`--setup`).
    pub external: bool,
}
