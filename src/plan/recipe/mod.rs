//! Online recipes: what keeps a table that is in use readable and writable while it changes.
//!
//! Invariants: a recipe takes a step and its facts and gives statements that end in the same schema,
//! in three parts: what goes before everything else, what stays in its place, and what comes behind
//! everything else, in transactions of its own. Only steps whose facts name a table that was there
//! before have one, so new tables keep the short forms. The text of all of them together is folded
//! again; where it does not end where it should, the short forms stay.

mod actions;
mod alter;
mod constraint;
mod domain;
mod fitting;
mod gather;
mod index;
mod join;
mod late;
mod online;
mod partition;
mod partitioned;
mod short;
mod transactions;

pub(super) use constraint::{index_of, using_index};
pub(super) use gather::Rests;
pub(super) use online::online;
pub(super) use short::short;
pub(super) use transactions::separate;

use super::step::Step;

/// A step, and whether a transaction begins with it.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) step: Step,
    pub(super) apart: bool,
}

/// Where the statements of a recipe go.
#[derive(Debug, Default)]
struct Parts {
    early: Vec<Piece>,
    main: Vec<Piece>,
    late: Vec<Piece>,
}

impl Parts {
    fn into_pieces(self) -> Vec<Piece> {
        let mut all = self.early;
        for part in [self.main, self.late] {
            let from = all.len();
            all.extend(part);
            if let Some(first) = all.get_mut(from) {
                first.apart = true;
            }
        }
        all
    }
}
