//! What running a statement means: locks, rewrites, scans, what it destroys.
//!
//! Invariants: facts come from the meaning of a statement and the catalogs around it, never from who
//! wrote it, so that a plan's steps and a migration written by hand have the same ones. Only locks
//! that keep somebody waiting are named (SHARE UPDATE EXCLUSIVE and above), and only on relations
//! that were there before the statement.
//!
//! Source: `AlterTableGetLockLevel` in `src/backend/commands/tablecmds.c`, the manual's chapter
//! "Explicit Locking", and what servers report (`tests/it/facts.rs`).

pub mod hazard;

mod column;
mod expressions;
mod followers;
mod kin;
mod objects;
mod partition;
mod pass;
mod retype;
mod scene;
mod skipped;
mod table;
mod tell;
mod types;
mod validate;

pub use column::retype_of;
pub use expressions::{is_volatile, proves_not_null};
pub use pass::{can_join, pass_of};
pub(crate) use retype::narrows;
pub use retype::{Retype, is_widest};
pub use scene::Scene;
pub use table::is_proved;
pub use tell::{LOCK_TIMEOUT, Reading, Told, tell, tell_each};

use crate::model::{ObjectId, QualifiedName};

/// How strongly a relation is locked, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockMode {
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl LockMode {
    /// As LOCK TABLE spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    pub fn blocks_writes(self) -> bool {
        self >= Self::Share
    }

    pub fn blocks_reads(self) -> bool {
        self == Self::AccessExclusive
    }
}

/// A lock that a statement takes and its transaction keeps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lock {
    pub relation: QualifiedName,
    pub mode: LockMode,
}

/// Why all rows of a relation are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScanKind {
    /// They have to satisfy a constraint.
    Verify,
    /// An index is built of them.
    BuildIndex,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scan {
    pub relation: QualifiedName,
    pub kind: ScanKind,
}

/// What the way back would give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reverse {
    #[default]
    Lossless,
    /// A statement undoes it, and this is gone.
    Loses(String),
    /// No statement undoes it, for this reason.
    Impossible(&'static str),
}

/// What else a statement does to those who use the database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Values may no longer fit and are cut, rounded or refused.
    Narrows(ObjectId),
    /// It fails where rows do not satisfy it.
    DependsOnRows(String),
    /// Running clients know it under its old name, or at all.
    BreaksClients(ObjectId),
    BreaksReplication(String),
    /// Until a later transaction it shows what is shown neither before nor after.
    Exposes {
        object: ObjectId,
        what: String,
    },
    ChangesAccess(ObjectId),
    DropsIndex(QualifiedName),
    StaleDerivedData(String),
    Recomputes(QualifiedName),
    Untracked(String),
}

/// What is declared of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The strongest one of each relation, by name.
    pub locks: Vec<Lock>,
    /// Relations whose rows are all written again.
    pub rewrites: Vec<QualifiedName>,
    pub scans: Vec<Scan>,
    /// Objects whose data is gone afterwards.
    pub destroys: Vec<ObjectId>,
    pub effects: Vec<Effect>,
    /// Whether it can run in a transaction.
    pub transactional: bool,
    /// Milliseconds; 0 waits for ever. `None` where no lock keeps others waiting.
    pub lock_timeout: Option<u32>,
    /// Milliseconds; 0 is no limit, `None` what the session has.
    pub statement_timeout: Option<u32>,
    /// Whether running it again after it failed is safe.
    pub retry: bool,
    /// A query that is true where the statement will not fail or wait for long.
    pub precondition: Option<String>,
    /// The statement that takes away what is left behind where it fails.
    pub leftover: Option<String>,
    pub reverse: Reverse,
    /// What else its reader wants to know.
    pub note: Option<String>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            locks: Vec::new(),
            rewrites: Vec::new(),
            scans: Vec::new(),
            destroys: Vec::new(),
            effects: Vec::new(),
            transactional: true,
            lock_timeout: None,
            statement_timeout: None,
            retry: true,
            precondition: None,
            leftover: None,
            reverse: Reverse::Lossless,
            note: None,
        }
    }
}
