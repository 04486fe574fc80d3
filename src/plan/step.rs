//! The steps of a plan, and the transactions that they run in.
//!
//! Invariants: the steps of one group follow one another; a group that is not transactional holds
//! exactly one step, but in SQLite, where it holds the transaction that its steps open themselves.
//! Between two groups the database is a whole: every prefix of groups folds.

use crate::facts::Facts;
use crate::model::ObjectId;

/// Bodies may speak of what comes behind them.
pub(super) const BODIES_UNCHECKED: &str = "SET LOCAL check_function_bodies = false";

/// One statement of a plan, without the final semicolon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The object that it is about.
    pub object: ObjectId,
    pub sql: String,
    /// What running it means.
    pub facts: Facts,
    /// The number of the transaction that it runs in, from 0.
    pub group: usize,
}

impl Step {
    pub fn new(object: ObjectId, sql: String) -> Self {
        Self {
            object,
            sql,
            facts: Facts::default(),
            group: 0,
        }
    }
}

/// Steps that run in one transaction, or one step that cannot run in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group<'p> {
    pub transactional: bool,
    pub steps: &'p [Step],
}

/// The groups of steps, in their order.
pub(super) fn groups(steps: &[Step]) -> Vec<Group<'_>> {
    let chunks = steps.chunk_by(|a, b| a.group == b.group);
    let group = |steps: &'_ [Step]| steps.iter().all(|s| s.facts.transactional);
    chunks
        .map(|steps| Group {
            transactional: group(steps),
            steps,
        })
        .collect()
}
