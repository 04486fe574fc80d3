//! The changes so far, and how objects and their properties are compared.

use std::collections::BTreeMap;

use super::matched::matched;
use super::renames::{Renames, questions};
use super::shown::Shown;
use super::{Comparison, LeftOut, Options};
use crate::dialect::Dialect;
use crate::model::{
    Catalog, Change, ChangeKind, Difference, ObjectId, ObjectKind, Pair, Parameters, Property,
    Value,
};

/// A comparison in the making.
pub(super) struct Differ<'a> {
    pub(super) pair: Pair<&'a Catalog>,
    pub(super) options: &'a Options,
    pub(super) left_out: LeftOut,
    /// The renames that are done in `pair.before` already.
    renames: Option<&'a Renames>,
    changes: Vec<Change>,
}

impl<'a> Differ<'a> {
    pub(super) fn new(
        pair: Pair<&'a Catalog>,
        renames: Option<&'a Renames>,
        options: &'a Options,
    ) -> Self {
        Self {
            pair,
            options,
            left_out: LeftOut::default(),
            renames,
            changes: renames.map_or_else(Vec::new, Renames::changes),
        }
    }

    /// The result. So far everything goes by its name after the renames.
    pub(super) fn finish(mut self) -> Comparison {
        let mut questions = questions(self.pair, &self.changes);
        if let Some(renames) = self.renames {
            let was = |id: &ObjectId| renames.was(id);
            for question in &mut questions {
                if let Some(old) = was(&question.dropped) {
                    question.dropped = old;
                }
            }
            for change in &mut self.changes {
                match change.kind {
                    ChangeKind::Create | ChangeKind::Rename { .. } => {}
                    ChangeKind::Drop => change.id = was(&change.id).unwrap_or(change.id.clone()),
                    ChangeKind::Alter(_) => change.was = was(&change.id),
                }
            }
        }
        Comparison {
            questions,
            changes: self.changes,
            left_out: self.left_out,
        }
    }

    /// Compares all objects of a map: `id` names one, `alter` says how two of the same name differ.
    pub(super) fn objects<K: Ord + 'a, V: PartialEq + 'a>(
        &mut self,
        of: impl Fn(&'a Catalog) -> &'a BTreeMap<K, V>,
        id: impl Fn(&V) -> ObjectId,
        alter: impl Fn(&mut Self, &ObjectId, &'a V, &'a V),
    ) {
        for (_, before, after) in matched(of(self.pair.before), of(self.pair.after)) {
            match (before, after) {
                (Some(before), Some(after)) if before == after => {}
                (Some(before), Some(after)) => {
                    let ids = Pair::new(id(before), id(after));
                    if self.is_external(&ids.before) || self.is_external(&ids.after) {
                        self.left_out.external += 1;
                    } else if ids.before == ids.after {
                        alter(self, &ids.after, before, after);
                    } else {
                        // The same name for a thing of another kind.
                        self.dropped(ids.before);
                        self.created(ids.after);
                    }
                }
                (Some(before), None) => self.dropped(id(before)),
                (None, Some(after)) => self.created(id(after)),
                (None, None) => {}
            }
        }
    }

    /// Whether it belongs to others on either side.
    fn is_external(&self, id: &ObjectId) -> bool {
        let of = |catalog: &Catalog| match id.kind {
            ObjectKind::Schema => {
                let schema = catalog.schemas.get(&id.name.name);
                schema.is_some_and(|schema| schema.external)
            }
            _ => catalog.is_external(&id.name),
        };
        of(self.pair.before) || of(self.pair.after)
    }

    /// Takes back what was said of objects that turn out to be on both sides.
    pub(super) fn forget(&mut self, is_on_both: impl Fn(&ObjectId) -> bool) {
        self.changes.retain(|change| !is_on_both(&change.id));
    }

    pub(super) fn created(&mut self, id: ObjectId) {
        self.push(id, ChangeKind::Create);
    }

    pub(super) fn dropped(&mut self, id: ObjectId) {
        self.push(id, ChangeKind::Drop);
    }

    /// The change of a thing that both sides have, where anything of it differs.
    pub(super) fn altered(&mut self, id: &ObjectId, differences: Differences) {
        let mut list = differences.list;
        if !list.is_empty() {
            list.sort_by(|a, b| a.property.cmp(&b.property));
            self.push(id.clone(), ChangeKind::Alter(list));
        }
    }

    fn push(&mut self, id: ObjectId, kind: ChangeKind) {
        let dialect = self.options.dialect;
        if id.kind == ObjectKind::Extension && dialect.has_from_the_start(&id.name.name) {
            return;
        }
        if self.is_external(&id) {
            self.left_out.external += 1;
        } else {
            self.changes.push(Change::new(id, kind));
        }
    }

    pub(super) fn differences(&self) -> Differences {
        Differences {
            dialect: self.options.dialect,
            list: Vec::new(),
        }
    }
}

/// The differences of one thing so far.
pub(super) struct Differences {
    dialect: Dialect,
    list: Vec<Difference>,
}

impl Differences {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn contains(&self, difference: &Difference) -> bool {
        self.list.contains(difference)
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&Difference) -> bool) {
        self.list.retain(keep);
    }

    pub(super) fn compare<T: PartialEq + Shown + ?Sized>(
        &mut self,
        property: Property,
        before: &T,
        after: &T,
    ) {
        if before != after {
            let values = Pair::new(before, after).map(|v| v.shown(self.dialect));
            if !T::RESOLVED || values.before != values.after {
                self.push(property, values.before, values.after);
            }
        }
    }

    /// Leaves out what the values are, and keeps that they differ.
    pub(super) fn hide(&mut self) {
        for difference in &mut self.list {
            for value in [&mut difference.before, &mut difference.after] {
                if *value != Value::Absent {
                    *value = Value::Hidden;
                }
            }
        }
    }

    pub(super) fn push(&mut self, property: Property, before: Value, after: Value) {
        self.list.push(Difference {
            property,
            before,
            after,
        });
    }

    /// Compares what comes once a name, name by name.
    pub(super) fn keyed<K: Ord + Clone, V: PartialEq + Shown>(
        &mut self,
        property: impl Fn(K) -> Property,
        before: &BTreeMap<K, V>,
        after: &BTreeMap<K, V>,
    ) {
        if before == after {
            return;
        }
        for (key, before, after) in matched(before, after) {
            if before.is_some() && after.is_some() {
                self.compare(property(key.clone()), &before, &after);
                continue;
            }
            // An option without a value is there or not.
            let value = |side: Option<&V>| match side.map(|v| v.shown(self.dialect)) {
                None => Value::Absent,
                Some(Value::Absent) => Value::Flag(true),
                Some(value) => value,
            };
            let (before, after) = (value(before), value(after));
            self.push(property(key.clone()), before, after);
        }
    }

    pub(super) fn parameters(
        &mut self,
        property: impl Fn(Box<str>) -> Property,
        before: &Parameters,
        after: &Parameters,
    ) {
        let sorted = |parameters: &Parameters| -> BTreeMap<Box<str>, Box<str>> {
            let pairs = parameters.iter().map(|(n, v)| (n.clone(), v.clone()));
            pairs.collect()
        };
        if before != after {
            self.keyed(property, &sorted(before), &sorted(after));
        }
    }
}
