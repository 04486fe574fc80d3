//! Migrations as files: how they are named, what they say about themselves, how one follows another,
//! and how a plan becomes the next ones. No file is opened here.
//!
//! Invariants: a migration's header names the states between which it leads and, by its hash, the
//! migration that it follows; every file leads from a whole catalog to a whole one, and its way down
//! back; a plan that is not proved becomes no file.

mod back;
mod chain;
mod draft;
mod fingerprint;
mod fold;
mod header;
mod history;
mod layout;
mod loss;
mod name;
mod pending;
mod remark;
mod stretch;
#[cfg(test)]
mod testing;

pub use back::{way_back, with_notes_back};
pub use chain::{Fault, Migration, faults};
pub use draft::{Draft, File, Refusal, Unproved, first, following};
pub use fingerprint::{Fingerprint, hash, is_same, stored};
pub use fold::{fold, read_order};
pub use header::{Header, Link};
pub use history::Chronicle;
pub use layout::{Layout, NoTransactionless, UpFile, Way};
pub use loss::{Loss, losses};
pub use name::of_changes;
pub use pending::{contracted, pending, said};
