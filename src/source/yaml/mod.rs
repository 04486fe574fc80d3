//! YAML to declarations.
//!
//! A file is parsed into a tree with positions ([`node`]), held against the tables of keys
//! ([`keys`], [`validate`]), and lowered to the declarations that the SQL source would make of
//! equivalent SQL; `sql:` holds statements as they are. Invariants: all errors of all files are reported; nothing is skipped in silence.

mod audit;
mod column;
mod constraint;
mod draft;
mod elsewhere;
mod file;
mod index;
mod json_schema;
mod keys;
mod names;
mod node;
mod on_update;
mod origin;
mod parse;
mod partition;
mod reader;
mod reference;
mod routine;
mod said;
mod shape;
mod table;
mod trigger;
mod types;
mod validate;
mod verbatim;
mod view;

#[cfg(test)]
mod tests;

pub use file::read;
pub use json_schema::json_schema;

/// What the configuration, which is YAML too, is read and checked with.
pub(crate) mod document {
    pub(crate) use super::keys::{Key, Shape, Value, key};
    pub(crate) use super::node::{Kind, Node};
    pub(crate) use super::parse::parse;
    pub(crate) use super::validate::validate_shape;
}
