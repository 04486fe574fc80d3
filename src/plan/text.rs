//! A plan as a script: its transactions, and above each statement what to know about it.
//!
//! Invariant: the text depends on no setting of the session but those that it sets itself, and sets
//! none that outlives its transaction.

use super::Plan;
use super::step::{Group, Step};
use crate::facts::Facts;
use crate::facts::hazard::hazards;

impl Plan {
    /// All statements as one text, with BEGIN and COMMIT, timeouts and hazards.
    pub fn sql(&self) -> String {
        let groups = self.groups();
        let mut text = String::new();
        for group in &groups {
            if !text.is_empty() {
                text.push('\n');
            }
            if self.self_contained {
                text.push_str(&group.sql());
                continue;
            }
            if !group.transactional {
                text.push_str("-- outside of a transaction\n");
                text.push_str(&group.sql());
                continue;
            }
            text.push_str("BEGIN;\n");
            text.push_str(&group.sql());
            text.push_str("COMMIT;\n");
        }
        text
    }
}

impl Group<'_> {
    /// The statements, without BEGIN and COMMIT.
    pub fn sql(&self) -> String {
        let mut text = String::new();
        if let Some(timeout) = self.lock_timeout().filter(|_| self.transactional) {
            text.push_str(&format!("SET LOCAL lock_timeout = '{timeout}ms';\n"));
        }
        let mut previous: Option<&Step> = None;
        for step in self.steps {
            if previous.is_some_and(|p| p.object != step.object) {
                text.push('\n');
            }
            for line in notes(&step.facts) {
                text.push_str(&format!("-- {line}\n"));
            }
            for found in hazards(&step.facts) {
                text.push_str(&format!("-- {}: {}\n", found.hazard, found.what));
            }
            text.push_str(&step.sql);
            text.push_str(";\n");
            previous = Some(step);
        }
        text
    }

    /// How long each statement waits for its locks, in milliseconds: the shortest of its steps'.
    pub fn lock_timeout(&self) -> Option<u32> {
        self.steps.iter().filter_map(|s| s.facts.lock_timeout).min()
    }

    /// Whether running the group again after it failed is safe.
    pub fn retry(&self) -> bool {
        self.steps.iter().all(|s| s.facts.retry)
    }
}

/// What to know of a statement outside of transactions before it runs, and when it has failed.
pub(crate) fn notes(facts: &Facts) -> Vec<String> {
    let waits = facts.precondition.iter().filter(|_| !facts.transactional);
    let waits = waits.map(|query| {
        format!("waits for older transactions, of which there are none where this is true: {query}")
    });
    let left = facts.leftover.iter();
    let left = left.map(|sql| format!("where it fails, run `{sql}` before running it again"));
    facts
        .note
        .iter()
        .cloned()
        .chain(waits)
        .chain(left)
        .collect()
}
