//! What migrations did to the tables of a schema, and when.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ident, QualifiedName};

/// The migrations in their order, and what came with which of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub migrations: Vec<Chapter>,
    /// The tables that are there at the end.
    pub tables: BTreeMap<QualifiedName, Life>,
}

/// One migration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapter {
    /// What it is called: `20260101000000_initial`.
    pub label: String,
    /// What it says about itself, in a line.
    pub summary: String,
    /// Its way up, as seen from the folder of the documents; empty where nothing leads there.
    pub path: String,
    pub created: BTreeSet<QualifiedName>,
    pub changed: BTreeSet<QualifiedName>,
    pub dropped: BTreeSet<QualifiedName>,
    /// From the old name to the new one.
    pub renamed: BTreeMap<QualifiedName, QualifiedName>,
    /// What somebody has to know before it runs.
    pub hazards: Vec<String>,
}

/// When something came to be and changed, as numbers of migrations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since {
    pub introduced: usize,
    pub changed: usize,
}

impl Since {
    pub fn new(migration: usize) -> Self {
        Self {
            introduced: migration,
            changed: migration,
        }
    }
}

/// When a table and its columns came to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    pub table: Since,
    pub columns: BTreeMap<Ident, Since>,
}
