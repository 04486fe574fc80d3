//! What a migration makes of a catalog.

use crate::diagnostic::{Diagnostic, FileId, Severity};
use crate::dialect::TargetVersion;
use crate::model::Catalog;
use crate::resolve;
use crate::source::{self, Declaration, SourceFile, SourceKind};

/// Folds the way up of a migration over the state before it; with what it would run into.
pub fn fold(
    catalog: Catalog,
    file: &SourceFile,
    version: TargetVersion,
) -> (Catalog, Vec<Diagnostic>) {
    let mut read = source::sql::read(file, version);
    read_order(&mut read.declarations);
    let resolved = resolve::replay(catalog, read.declarations, version);
    let mut diagnostics = read.diagnostics;
    diagnostics.extend(resolved.diagnostics);
    diagnostics.retain(|d| d.severity == Severity::Error);
    (resolved.catalog, diagnostics)
}

/// Marks declarations as those of a migration: they change what migrations before them have made.
pub fn read_order(declarations: &mut [Declaration]) {
    for declaration in declarations {
        declaration.in_order = true;
    }
}

/// Folds a text that no file holds yet.
pub(super) fn text(
    catalog: Catalog,
    text: &str,
    version: TargetVersion,
) -> Result<Catalog, Vec<Diagnostic>> {
    let file = SourceFile {
        id: FileId(0),
        path: String::new(),
        kind: SourceKind::Sql,
        text: text.to_owned(),
        external: false,
    };
    match fold(catalog, &file, version) {
        (catalog, errors) if errors.is_empty() => Ok(catalog),
        (_, errors) => Err(errors),
    }
}
