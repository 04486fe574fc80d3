//! What statements make of a catalog: they are read and folded as any other text.

use super::Step;
use crate::diagnostic::{Diagnostic, FileId, Severity};
use crate::dialect::TargetVersion;
use crate::model::Catalog;
use crate::resolve;
use crate::source::{self, SourceFile, SourceKind};

/// The catalog after the steps, and the errors that they would run into.
pub(super) fn run(
    catalog: Catalog,
    steps: &[Step],
    version: TargetVersion,
) -> (Catalog, Vec<Diagnostic>) {
    let mut text = String::new();
    for step in steps {
        text.push_str(&step.sql);
        text.push_str(";\n");
    }
    let file = SourceFile {
        id: FileId(0),
        path: "plan.sql".to_owned(),
        kind: SourceKind::Sql,
        text,
        external: false,
    };
    let read = source::sql::read(&file, version);
    let resolved = resolve::replay(catalog, read.declarations, version);
    let diagnostics = read.diagnostics.into_iter().chain(resolved.diagnostics);
    let errors = diagnostics.filter(|d| d.severity == Severity::Error);
    (resolved.catalog, errors.collect())
}
