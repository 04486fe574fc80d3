//! SQL text to declarations: splitter, statement grammar, opaque statements for the rest.

use super::{Declarations, SourceFile};
use crate::dialect::TargetVersion;

/// Reads one SQL file.
pub fn read(file: &SourceFile, version: TargetVersion) -> Declarations {
    let _ = (file, version);
    Declarations::default()
}
