//! What a reviewer of a change is told: one comment on a pull request, or one page.
//!
//! Invariants: a function of two schemas and of what was found in them; what is most dangerous
//! stands first; nothing that a schema says becomes markup. A comment fits what code hosts take:
//! what does not fit is left out from the least important on, and the comment says so.

mod diagram;
mod markdown;
mod risk;
mod rows;

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::diff::Comparison;
use crate::model::{Catalog, ObjectKind, Pair};
use crate::plan::Plan;

pub use diagram::changed_tables;
pub use markdown::{markdown, unabridged};

/// Everything that a review is made of.
pub struct Change<'a> {
    pub dialect: Dialect,
    pub catalogs: Pair<&'a Catalog>,
    pub comparison: &'a Comparison,
    /// The way from the one to the other.
    pub plan: &'a Plan,
    /// What the rules say of the schema after that they did not say of the one before.
    pub found: &'a [Diagnostic],
    /// How many findings are gone.
    pub gone: usize,
}

/// Whether a thing is part of a relation rather than one of its own.
fn is_part(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Column
            | ObjectKind::Constraint
            | ObjectKind::Index
            | ObjectKind::Rule
            | ObjectKind::Trigger
            | ObjectKind::Policy
    )
}
