//! Declarations to a catalog: names, references, implicit names, the fold of ALTER and DROP.

use crate::diagnostic::{Diagnostic, SourceMap};
use crate::dialect::TargetVersion;
use crate::model::Catalog;
use crate::source::Declaration;

/// A catalog with the positions of its objects and what was wrong with the declarations.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    pub catalog: Catalog,
    pub source_map: SourceMap,
    pub diagnostics: Vec<Diagnostic>,
}

/// Folds declarations into a catalog.
pub fn resolve(declarations: Vec<Declaration>, version: TargetVersion) -> Resolved {
    let _ = (declarations, version);
    Resolved::default()
}
