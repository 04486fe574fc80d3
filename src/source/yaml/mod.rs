//! YAML to declarations.

use super::{Declarations, SourceFile};
use crate::dialect::TargetVersion;

/// Reads YAML files; they are read together because mixins and reference types cross files.
pub fn read(files: &[&SourceFile], version: TargetVersion) -> Declarations {
    let _ = (files, version);
    Declarations::default()
}
