//! The dependency graph over every object of a catalog; the only user of petgraph.
//!
//! Invariants: the order is a function of the catalog alone; stable order comes first, topology
//! second (PostgreSQL's pg_dump_sort.c); a cycle of foreign keys is cut, any other is reported.

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::model::{Catalog, ObjectId};

/// Objects, what each needs to exist first, and an order in which they can be created.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// In the order of creation.
    pub order: Vec<ObjectId>,
    /// Edges from an object to what it depends on, sorted.
    pub edges: Vec<(ObjectId, ObjectId)>,
    /// Foreign keys that cannot stand in their table's CREATE statement, because their target is
    /// created later.
    pub deferred: Vec<ObjectId>,
}

/// Orders the objects of a catalog; what cannot be ordered is reported.
pub fn build(catalog: &Catalog, dialect: Dialect) -> (Graph, Vec<Diagnostic>) {
    let _ = (catalog, dialect);
    (Graph::default(), Vec::new())
}
