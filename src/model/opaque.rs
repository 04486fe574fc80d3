//! What is kept verbatim: objects nobody modelled, reference data and DO blocks.

use super::{Ident, ObjectId, QualifiedName};

/// An object that is not modelled: rendered, ordered and compared like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// The words after CREATE that name the kind, in lower case: `access method`.
    pub kind: Box<str>,
    pub name: QualifiedName,
    /// The statements that make and change it, verbatim, without the final semicolon, in order.
    pub statements: Vec<Box<str>>,
    /// What it needs to exist first, as far as its text tells.
    pub depends_on: Vec<ObjectId>,
}

/// An `INSERT` of reference data, a `DO` block or a call: kept, counted, never compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptStatement {
    /// Verbatim, without the final semicolon.
    pub text: Box<str>,
    /// `insert`, `do`, `select`, `update`, ...: its first word.
    pub verb: Ident,
    /// The search path it was written under, where that is not the default one: its names are not
    /// qualified, since a block's text is not looked into.
    pub search_path: Vec<Ident>,
}
