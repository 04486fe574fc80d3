//! What differs between two catalogs, in SQLite's eyes.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Catalog, Constraint, ObjectId, ObjectKind, Table, Trigger, View};
use crate::plan::fate;

/// The objects that are not the same in both.
pub(super) fn differing(before: &Catalog, after: &Catalog) -> BTreeSet<ObjectId> {
    let (old, new) = (Objects::of(before), Objects::of(after));
    let ids: BTreeSet<&ObjectId> = old.by_id.keys().chain(new.by_id.keys()).collect();
    let same = |id: &ObjectId| match (old.by_id.get(id), new.by_id.get(id)) {
        (Some(old), Some(new)) => old.equals(new),
        _ => false,
    };
    ids.into_iter().filter(|id| !same(id)).cloned().collect()
}

/// Something with a name of its own, without the parts that have one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Object<'a> {
    Table(&'a Table),
    View(&'a View),
    Trigger(&'a crate::model::QualifiedName, &'a Trigger),
    Other(crate::model::ObjectRef<'a>),
}

impl Object<'_> {
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Table(b), Self::Table(a)) => same_table(b, a),
            (Self::View(b), Self::View(a)) => same_view(b, a),
            (Self::Trigger(r, b), Self::Trigger(s, a)) => r == s && b == a,
            (Self::Other(b), Self::Other(a)) => fate::same(*b, *a),
            _ => false,
        }
    }
}

/// The objects of a catalog that are neither given nor another's.
pub(super) struct Objects<'a> {
    pub(super) by_id: BTreeMap<ObjectId, Object<'a>>,
}

impl<'a> Objects<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        use crate::model::ObjectRef as O;
        let mut by_id = BTreeMap::new();
        for (id, object) in catalog.objects() {
            if catalog.is_external(&id.name) {
                continue;
            }
            let object = match object {
                // A constraint is part of its table: most have no name.
                O::Constraint(..) | O::Schema(_) => continue,
                O::Table(table) => Object::Table(table),
                O::View(view) => Object::View(view),
                O::Trigger(relation, trigger) => Object::Trigger(relation, trigger),
                other => Object::Other(other),
            };
            by_id.insert(id, object);
        }
        Self { by_id }
    }
}

/// Tables without their indexes and triggers; columns have no order.
pub(super) fn same_table(before: &Table, after: &Table) -> bool {
    fate::same_table(before, after) && {
        let (gone, come) = constraints(before, after);
        gone.is_empty() && come.is_empty()
    }
}

pub(super) fn same_view(before: &View, after: &View) -> bool {
    let mut now = before.clone();
    now.triggers = after.triggers.clone();
    now == *after
}

/// The constraints that one table has beyond the other, and the other beyond it: each counts as
/// often as it is there.
pub(super) fn constraints<'a>(
    before: &'a Table,
    after: &'a Table,
) -> (Vec<&'a Constraint>, Vec<&'a Constraint>) {
    let mut come: Vec<&Constraint> = after.constraints.iter().collect();
    let mut gone = Vec::new();
    for old in &before.constraints {
        match come.iter().position(|new| *new == old) {
            Some(at) => {
                come.remove(at);
            }
            None => gone.push(old),
        }
    }
    (gone, come)
}

/// A trigger's identity.
pub(super) fn trigger_id(relation: &crate::model::QualifiedName, trigger: &Trigger) -> ObjectId {
    ObjectId::member(ObjectKind::Trigger, relation.clone(), trigger.name.clone())
}
