//! Sequences, and the options that identity columns share with them.

use super::{DataType, Facets, Ident, Persistence, QualifiedName};

/// Options of a sequence; `None` is the server's default for the type and direction.
///
/// `resolve/` clears options that spell out the default, so that equality holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceOptions {
    pub data_type: Option<DataType>,
    pub start: Option<i64>,
    pub increment: Option<i64>,
    pub min_value: Option<i64>,
    pub max_value: Option<i64>,
    pub cache: Option<i64>,
    pub cycle: bool,
}

/// A sequence. The sequences of identity columns are not among these: see [`super::Identity`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    pub name: QualifiedName,
    pub options: SequenceOptions,
    /// Table and column of `OWNED BY`.
    pub owned_by: Option<(QualifiedName, Ident)>,
    pub persistence: Persistence,
    pub facets: Facets,
}
