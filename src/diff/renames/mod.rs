//! Renames: those that authors ask for, those that follow from them, and the catalog as it is when
//! nothing else has happened.
//!
//! A catalog with renames is compared after them: what only mentions a renamed thing is then equal, and
//! has no change.

mod asked;
mod derived;
mod follow;
mod questions;
mod refused;
mod relations;
mod spelling;

use std::collections::{BTreeMap, HashMap};

use crate::dialect::Dialect;
use crate::expr::normalize;
use crate::model::{Catalog, Change, ChangeKind, Ident, ObjectId, ObjectKind, Pair, QualifiedName};

pub(super) use questions::questions;
pub use refused::{RefusedRename, Why, refused_renames};

/// One rename; `id` is the identity after all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rename {
    was: ObjectId,
    id: ObjectId,
    because: Option<ObjectId>,
}

/// The renames between two catalogs, as changes.
pub fn renames(pair: Pair<&Catalog>) -> Vec<Change> {
    Renames::list(pair).changes()
}

/// All renames between two catalogs.
#[derive(Debug, Default)]
pub(super) struct Renames {
    list: Vec<Rename>,
    schemas: HashMap<Ident, Ident>,
    /// New names of what has a name in a schema, by kind and old name.
    objects: HashMap<(ObjectKind, QualifiedName), QualifiedName>,
    /// New names of members, by their old identity.
    members: HashMap<ObjectId, Ident>,
    /// The identity before, by that after.
    former: BTreeMap<ObjectId, ObjectId>,
    /// Old names of relations and types, by new ones.
    containers: HashMap<QualifiedName, QualifiedName>,
}

impl Renames {
    /// The renames, and the catalog before after them; `None` where there are none.
    pub(super) fn of(pair: Pair<&Catalog>, dialect: Dialect) -> Option<(Self, Catalog)> {
        let renames = Self::list(pair);
        if renames.list.is_empty() {
            return None;
        }
        let mut followed = follow::follow(pair.before, &renames, dialect);
        normalize(&mut followed, dialect);
        Some((renames, followed))
    }

    /// The renames alone: those asked for, and those that follow.
    fn list(pair: Pair<&Catalog>) -> Self {
        let mut renames = Self::default();
        for rename in asked::asked(pair) {
            renames.add(rename);
        }
        for rename in derived::derived(pair, &renames) {
            renames.add(rename);
        }
        renames
    }

    fn add(&mut self, rename: Rename) {
        let (was, id) = (&rename.was, &rename.id);
        match (&was.member, &id.member) {
            (Some(_), Some(member)) => {
                self.members.insert(was.clone(), member.clone());
            }
            _ if was.kind == ObjectKind::Schema => {
                self.schemas
                    .insert(was.name.name.clone(), id.name.name.clone());
            }
            _ => {
                let key = (was.kind, was.name.clone());
                self.objects.insert(key, id.name.clone());
                if was.kind.is_relation() || was.kind.is_type() {
                    self.containers.insert(id.name.clone(), was.name.clone());
                }
            }
        }
        self.former.insert(id.clone(), was.clone());
        self.list.push(rename);
    }

    /// The renames as changes: schemas, objects and parts, each by name.
    pub(super) fn changes(&self) -> Vec<Change> {
        let mut list = self.list.clone();
        list.sort_by(|a, b| {
            let key = |r: &Rename| (r.id.member.is_some(), r.id.clone());
            key(a).cmp(&key(b))
        });
        let changes = list.into_iter().map(|rename| Change {
            id: rename.id,
            was: Some(rename.was),
            kind: ChangeKind::Rename {
                because: rename.because,
            },
        });
        changes.collect()
    }

    /// The identity before the renames, where it is another.
    pub(super) fn was(&self, id: &ObjectId) -> Option<ObjectId> {
        if let Some(was) = self.former.get(id) {
            return Some(was.clone());
        }
        let name = self.old_name(&id.name, id.member.is_some());
        (name != id.name).then(|| ObjectId { name, ..id.clone() })
    }

    /// The name that a name had: its own was another, or its schema's.
    fn old_name(&self, name: &QualifiedName, container: bool) -> QualifiedName {
        if container && let Some(old) = self.containers.get(name) {
            return old.clone();
        }
        let schema = name.schema.as_ref().map(|schema| {
            let old = self.schemas.iter().find(|(_, new)| *new == schema);
            old.map_or_else(|| schema.clone(), |(old, _)| old.clone())
        });
        QualifiedName {
            schema,
            name: name.name.clone(),
        }
    }

    /// The name that an object of a kind has now.
    fn new_name(&self, kind: ObjectKind, name: &QualifiedName) -> QualifiedName {
        match self.objects.get(&(kind, name.clone())) {
            Some(new) => new.clone(),
            None => self.in_new_schema(name),
        }
    }

    fn in_new_schema(&self, name: &QualifiedName) -> QualifiedName {
        let schema = name.schema.as_ref().map(|schema| {
            let new = self.schemas.get(schema);
            new.unwrap_or(schema).clone()
        });
        QualifiedName {
            schema,
            name: name.name.clone(),
        }
    }

    /// The name that a member of an object has now; `id` is its identity before.
    fn new_member(&self, id: &ObjectId) -> Option<&Ident> {
        self.members.get(id)
    }
}
