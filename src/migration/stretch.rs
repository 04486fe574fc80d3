//! The text of a stretch of a plan: of what becomes one file.

use crate::facts::hazard::hazards;
use crate::plan::{Group, Plan, Step, notes};

/// A stretch of a plan that becomes one file.
pub(super) struct Stretch {
    pub(super) sql: String,
    pub(super) transaction: bool,
}

impl Stretch {
    /// The stretches of a plan. `local` settings end with the transaction that a tool opens around the
    /// file.
    pub(super) fn of(plan: &Plan, local: bool) -> Vec<Self> {
        if plan.self_contained && !plan.steps.is_empty() {
            return vec![Self {
                sql: plan.sql(),
                transaction: false,
            }];
        }
        let groups = plan.groups();
        groups.iter().map(|group| Self::one(group, local)).collect()
    }

    fn one(group: &Group<'_>, local: bool) -> Self {
        let set = if local { "SET LOCAL" } else { "SET" };
        let mut sql = String::new();
        // Outside of a transaction a file has one statement, and no room for settings.
        if let Some(timeout) = group.lock_timeout().filter(|_| group.transactional) {
            sql.push_str(&format!("{set} lock_timeout = '{timeout}ms';\n"));
        }
        let mut previous: Option<&Step> = None;
        for step in group.steps {
            if !sql.is_empty() && previous.is_none_or(|p| p.object != step.object) {
                sql.push('\n');
            }
            for line in notes(&step.facts) {
                sql.push_str(&format!("-- {line}\n"));
            }
            for found in hazards(&step.facts) {
                sql.push_str(&format!("-- {}: {}\n", found.hazard, found.what));
            }
            let setting = step.sql.strip_prefix("SET ");
            match setting.filter(|s| group.transactional && !s.starts_with("LOCAL ")) {
                Some(setting) => sql.push_str(&format!("{set} {setting}")),
                None => sql.push_str(&step.sql),
            }
            sql.push_str(";\n");
            previous = Some(step);
        }
        Self {
            sql,
            transaction: group.transactional,
        }
    }
}
