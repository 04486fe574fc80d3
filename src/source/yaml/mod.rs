//! YAML to declarations.
//!
//! A file is parsed into a tree with positions ([`node`]), held against the tables of keys
//! ([`keys`], [`validate`]), and lowered to the declarations that the SQL source would make of
//! equivalent SQL. Invariants: all errors of all files are reported; nothing is skipped in silence.

mod json_schema;
mod keys;
mod node;
mod parse;
mod validate;

pub use json_schema::json_schema;

use super::{Declarations, SourceFile};
use crate::dialect::TargetVersion;

/// What the configuration, which is YAML too, is read and checked with.
pub(crate) mod document {
    pub(crate) use super::keys::{Key, Shape, Value, key};
    pub(crate) use super::node::{Kind, Node};
    pub(crate) use super::parse::parse;
    pub(crate) use super::validate::validate_shape;
}

/// Reads YAML files; they are read together because mixins and reference types cross files.
pub fn read(files: &[&SourceFile], version: TargetVersion) -> Declarations {
    let mut declarations = Declarations::default();
    for file in files {
        let (documents, diagnostics) = parse::parse(file);
        declarations.diagnostics.extend(diagnostics);
        for document in &documents {
            let errors = validate::validate(document, version);
            declarations.diagnostics.extend(errors);
        }
    }
    declarations
}
