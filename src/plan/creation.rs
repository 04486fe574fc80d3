//! Creates objects of the catalog after, where the others are there already.

use std::cell::RefCell;
use std::collections::HashSet;

use super::Step;
use crate::ddl::{Assembly, Context, Ddl};
use crate::model::ObjectId;

/// Statements that have been made and not been taken yet.
pub(super) type Made = RefCell<Vec<Ddl>>;

/// Takes what was made.
pub(super) fn taken(made: &Made) -> Vec<Step> {
    let statements = made.borrow_mut().drain(..).collect::<Vec<_>>();
    let step = |ddl: Ddl| Step::new(ddl.object, ddl.sql);
    statements.into_iter().map(step).collect()
}

/// An assembly that takes `existing` for granted.
pub(super) fn assembly<'a, 'o>(
    cx: Context<'a>,
    existing: HashSet<ObjectId>,
    out: &'o mut dyn FnMut(Ddl),
) -> Assembly<'a, 'o> {
    Assembly::beside(cx, existing, out)
}
