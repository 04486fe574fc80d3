//! The line of data as one call: sources that have been read into memory to a schema with its
//! graph. Pure: no file is opened here, so tests and benchmarks run what the program runs.
//!
//! Invariant: the result does not depend on the order in which the files are given.

use crate::diagnostic::{Diagnostic, Severity, SourceMap};
use crate::dialect::TargetVersion;
use crate::graph::{self, Graph};
use crate::model::Catalog;
use crate::resolve;
use crate::source::{self, Declarations, SourceFile, SourceKind, Statistics};

/// A schema as its sources say it.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub catalog: Catalog,
    pub source_map: SourceMap,
    pub graph: Graph,
    pub statistics: Statistics,
    /// Of reading, resolving and ordering, in that order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether the catalog is not what the author meant, so that nothing may be made of it.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }
}

/// Reads, resolves and orders a schema.
pub fn load(files: &[SourceFile], version: TargetVersion) -> Loaded {
    let read = read(files, version);
    let resolved = resolve::resolve(read.declarations, version);
    let (graph, ordering) = graph::build(&resolved.catalog, version.dialect);
    let mut diagnostics = read.diagnostics;
    diagnostics.extend(resolved.diagnostics);
    diagnostics.extend(ordering);
    Loaded {
        catalog: resolved.catalog,
        source_map: resolved.source_map,
        graph,
        statistics: read.statistics,
        diagnostics,
    }
}

/// The declarations of all files, in the order of their paths.
pub fn read(files: &[SourceFile], version: TargetVersion) -> Declarations {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| (!a.external, &a.path).cmp(&(!b.external, &b.path)));
    let (sql, yaml): (Vec<&SourceFile>, Vec<&SourceFile>) =
        sorted.iter().partition(|f| f.kind == SourceKind::Sql);
    let mut all = Declarations::default();
    for file in sql {
        append(&mut all, source::sql::read(file, version));
    }
    append(&mut all, source::yaml::read(&yaml, version));
    all
}

fn append(all: &mut Declarations, more: Declarations) {
    all.declarations.extend(more.declarations);
    all.diagnostics.extend(more.diagnostics);
    all.statistics.add(&more.statistics);
}
