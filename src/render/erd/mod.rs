//! Entity diagrams before anybody draws them: which tables, rows and lines, in decided words.
//!
//! Invariants: a [`Picture`] is a function of the catalog and the selection; every foreign key
//! between tables of the picture is either a line or a reference in its row, never neither.

mod boxes;
mod choose;
mod picture;

pub use choose::{Choice, Selection};
pub(crate) use picture::{Line, Outline, Picture, Row, TableBox};

/// How much of a table is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// All columns.
    #[default]
    Full,
    /// The columns of keys.
    Keys,
    /// No columns.
    Names,
}
