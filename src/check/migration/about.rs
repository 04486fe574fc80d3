//! Which statements of a transaction are about one name.
//!
//! Invariant: the statements are in their order; each stands under the relations that it locks, what it
//! creates, alters or drops, and the name that it gives.

use std::collections::HashMap;

use super::act::Act;
use crate::model::QualifiedName;
use crate::source::{AlterAction, Statement};

/// The places of statements, by transaction and name.
#[derive(Debug, Default)]
pub struct About(HashMap<(u32, QualifiedName), Vec<usize>>);

impl About {
    pub(super) fn of(acts: &[Act<'_>]) -> Self {
        let mut places: HashMap<(u32, QualifiedName), Vec<usize>> = HashMap::new();
        for (n, act) in acts.iter().enumerate() {
            let Some(transaction) = act.transaction else {
                continue;
            };
            for name in names(act) {
                let found = places.entry((transaction, name)).or_default();
                if found.last() != Some(&n) {
                    found.push(n);
                }
            }
        }
        Self(places)
    }

    pub(super) fn places(&self, transaction: Option<u32>, name: &QualifiedName) -> &[usize] {
        let found = transaction.and_then(|t| self.0.get(&(t, name.clone())));
        found.map_or(&[], Vec::as_slice)
    }
}

fn names(act: &Act<'_>) -> Vec<QualifiedName> {
    let locked = act.facts().locks.iter().map(|l| l.relation.clone());
    let mut names: Vec<QualifiedName> = locked.collect();
    match &act.told.statement {
        Some(Statement::Create { object, .. }) => {
            names.extend(object.id().map(|id| act.qualified(&id.name)));
        }
        Some(Statement::Alter {
            target, actions, ..
        }) => {
            let target = act.qualified(&target.name);
            for action in actions {
                if let AlterAction::Rename(new) = action {
                    names.push(target.sibling(new.clone()));
                }
            }
            names.push(target);
        }
        Some(Statement::Drop { targets, .. }) => {
            names.extend(targets.iter().map(|t| act.qualified(&t.name)));
        }
        _ => {}
    }
    names
}
