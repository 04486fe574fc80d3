//! Made files to a folder: compared first, written last.
//!
//! `--check` and the writing share the comparison, so they cannot disagree about what is stale.

mod compare;
mod manifest;
mod stale;
mod write;

pub(super) use compare::{Change, ChangeKind, Comparing, Comparison, Purpose};
pub(super) use stale::{list, word};
pub(super) use write::{Staged, add, replace, stage, write};

#[cfg(test)]
mod tests;
