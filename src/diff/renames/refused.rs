//! Annotations of new things that make no rename, though their author expects one.
//!
//! What was there before under its own name may have been renamed long ago: its annotation is done, and
//! nothing is said, unless its old name is there as well, and goes.

use std::collections::{HashMap, HashSet};

use super::Renames;
use super::asked::{asked, can_be_renamed, exact, identities, was_of};
use crate::model::{Catalog, Ident, Notes, ObjectId, Pair, QualifiedName};

/// An annotation that makes no rename, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRename {
    pub id: ObjectId,
    /// The name that it names.
    pub old: Ident,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing of the kind has the old name.
    Unknown,
    /// The old name is still declared.
    Stays,
    /// Something has the new name already.
    Taken,
    /// Another one was renamed from it.
    Twice(ObjectId),
    /// Names go round in a circle.
    Circle,
    /// Nothing follows the name of such an object.
    Kind,
    /// It is said to be a rename, and to be none.
    Both,
    /// What it is said to replace is not there.
    ReplacesNothing,
    /// What it is said to replace is still declared.
    ReplacesWhatStays,
}

/// The annotations of the catalog after that say something else than what can be done.
pub fn refused_renames(pair: Pair<&Catalog>) -> Vec<RefusedRename> {
    let says = |n: &Notes| n.renamed_from.is_some() || n.replaces.is_some();
    if !pair.after.notes.values().any(says) {
        return Vec::new();
    }
    let mut renames = Renames::default();
    for rename in asked(pair) {
        renames.add(rename);
    }
    let there = Pair::new(identities(pair.before), identities(pair.after));
    let takers = renames.list.iter().map(|r| (r.was.clone(), r.id.clone()));
    let reading = Reading {
        pair,
        takers: takers.collect(),
        names: there.before.iter().map(|id| id.name.clone()).collect(),
        renames,
        there,
    };
    let notes = pair.after.notes.iter();
    let found = notes.filter(|(id, n)| says(n) && !n.expands && !pair.after.is_external(&id.name));
    found.filter_map(|(id, n)| reading.refused(id, n)).collect()
}

struct Reading<'a> {
    pair: Pair<&'a Catalog>,
    renames: Renames,
    there: Pair<HashSet<ObjectId>>,
    /// What takes each name that goes.
    takers: HashMap<ObjectId, ObjectId>,
    /// Every name of the catalog before.
    names: HashSet<QualifiedName>,
}

impl Reading<'_> {
    fn refused(&self, noted: &ObjectId, notes: &Notes) -> Option<RefusedRename> {
        let id = exact(noted, &self.there.after)?;
        if self.renames.former.contains_key(&id) {
            return None;
        }
        let container = self.renames.old_name(&id.name, id.member.is_some());
        let now = ObjectId {
            name: container.clone(),
            ..id.clone()
        };
        if id.member.is_some() && !self.names.contains(&container) {
            return None;
        }
        let new = !self.there.before.contains(&now);
        let (old, why) = match (&notes.renamed_from, &notes.replaces) {
            (Some(old), Some(_)) if new => (old, Why::Both),
            (Some(old), _) => (old, self.of_rename(noted, &id, old, new)?),
            (None, Some(old)) if new => (old, self.of_replacement(&id, &container, old)?),
            _ => return None,
        };
        Some(RefusedRename {
            id,
            old: old.clone(),
            why,
        })
    }

    fn of_rename(&self, noted: &ObjectId, id: &ObjectId, old: &Ident, new: bool) -> Option<Why> {
        let all = was_of(id, old, &self.renames);
        let was = all.iter().find(|was| self.there.before.contains(was));
        let Some(was) = was else {
            return new.then_some(Why::Unknown);
        };
        if !can_be_renamed(id) {
            return new.then_some(Why::Kind);
        }
        if let Some(taker) = self.takers.get(was) {
            return new.then(|| Why::Twice(taker.clone()));
        }
        let kept = ObjectId {
            name: match was.member {
                Some(_) => id.name.clone(),
                None => self.renames.in_new_schema(&was.name),
            },
            ..was.clone()
        };
        match (self.there.after.contains(&kept), new) {
            (true, true) => Some(Why::Stays),
            (false, false) if was != id => Some(Why::Taken),
            (true, false) if self.is_circle(noted) => Some(Why::Circle),
            _ => None,
        }
    }

    /// Whether following the annotations leads back to where they began.
    fn is_circle(&self, noted: &ObjectId) -> bool {
        let mut at = noted.clone();
        for _ in 0..self.pair.after.notes.len() {
            let notes = self.pair.after.notes(&at);
            let Some(old) = notes.and_then(|n| n.renamed_from.clone()) else {
                return false;
            };
            at = match at.member {
                Some(_) => ObjectId {
                    member: Some(old),
                    ..at
                },
                None => ObjectId {
                    name: at.name.sibling(old),
                    ..at
                },
            };
            if at == *noted {
                return true;
            }
        }
        false
    }

    fn of_replacement(&self, id: &ObjectId, container: &QualifiedName, old: &Ident) -> Option<Why> {
        let (before, after) = match &id.member {
            Some(_) => {
                let of = |name: &QualifiedName| ObjectId {
                    name: name.clone(),
                    member: Some(old.clone()),
                    ..id.clone()
                };
                let there = &self.there;
                (
                    there.before.contains(&of(container)),
                    there.after.contains(&of(&id.name)),
                )
            }
            // A view may replace a table.
            None => {
                let name = id.name.sibling(old.clone());
                let after = self.there.after.iter().any(|id| id.name == name);
                (self.names.contains(&name), after)
            }
        };
        match (before, after) {
            (_, true) => Some(Why::ReplacesWhatStays),
            (false, false) => Some(Why::ReplacesNothing),
            (true, false) => None,
        }
    }
}
