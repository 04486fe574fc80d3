//! What is drawn into a plan by what rests on what.
//!
//! Invariants: an object that goes, or whose columns change their type or go, takes nothing along:
//! whatever rests on it is dropped before and created again behind it, and nothing else is. Bodies
//! that the server keeps as text rest on nothing.
//!
//! Source: the kinds of dependency that the server enforces, `src/backend/catalog/dependency.c` and
//! `ATPrepAlterColumnType` in `src/backend/commands/tablecmds.c`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::fate::{Fate, Fates};
use super::numbers;
use super::reads::Texts;
use super::side::Side;
use crate::dialect::{TargetVersion, identity_sequence};
use crate::model::{
    Column, Ident, ObjectId, ObjectKind, ObjectRef, Pair, QualifiedName, Routine, Table,
};

/// What a round does, besides the fates.
#[derive(Debug, Default)]
pub(super) struct Closure {
    pub(super) fates: Fates,
    /// Dropped before anything is altered or created; other objects go when everything else is done.
    pub(super) early: HashSet<ObjectId>,
    /// Columns whose default goes early and comes back.
    pub(super) defaults: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// Generated columns that are dropped early and come back.
    pub(super) generated: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// What frees objects that stay of something that they use; the next round gives it back.
    pub(super) freed: BTreeMap<ObjectId, BTreeSet<String>>,
    /// Foreign keys whose target loses the key before their own table goes.
    pub(super) unkeyed: HashSet<ObjectId>,
    /// Types that columns use while they are replaced, with the name the old one has meanwhile.
    pub(super) swapped: BTreeMap<QualifiedName, QualifiedName>,
    /// The same of collations.
    pub(super) recollated: BTreeMap<QualifiedName, QualifiedName>,
    /// Sequences that identity columns take their numbers over from, with their names meanwhile.
    pub(super) handed_over: BTreeMap<QualifiedName, QualifiedName>,
}

impl Closure {
    /// Whether the column's collation is replaced beneath it.
    pub(super) fn is_recollated(&self, column: &Column) -> bool {
        let collation = column.collation.as_ref();
        collation.is_some_and(|c| self.recollated.contains_key(c))
    }
}

/// Follows the dependencies of everything that goes.
pub(super) fn close(pair: &Pair<Side<'_>>, fates: Fates, version: TargetVersion) -> Closure {
    let mut closing = Closing {
        pair,
        version,
        texts: Texts::of(pair.before.catalog),
        reused: reused(pair, &fates),
        closure: Closure {
            fates,
            ..Closure::default()
        },
        waiting: Vec::new(),
    };
    let all: Vec<ObjectId> = closing.closure.fates.keys().cloned().collect();
    for id in &all {
        closing.enter(id);
    }
    while let Some(id) = closing.waiting.pop() {
        closing.follow(&id);
    }
    let mut closure = closing.closure;
    closure.handed_over = numbers::handed_over(pair, &closure);
    closure
}

/// Names that new objects take: what has them now must go first.
fn reused(pair: &Pair<Side<'_>>, fates: &Fates) -> HashSet<QualifiedName> {
    let mut names = HashSet::new();
    for (id, fate) in fates {
        if matches!(fate, Fate::Create | Fate::Replace)
            && let Some(object) = pair.after.object(id)
        {
            names.extend(taken(id, object));
        }
    }
    // The sequence of an identity column has a name as well.
    for table in pair.after.catalog.tables.values() {
        let old = pair.before.catalog.tables.get(&table.name);
        for column in table.columns.iter().filter(|c| c.identity.is_some()) {
            let had = old.and_then(|t| t.column(&column.name));
            if had.is_none_or(|c| c.identity.is_none()) {
                names.insert(identity_sequence(&table.name, column));
            }
        }
    }
    names
}

/// The names that an object has for itself; those of its parts that are objects are theirs.
fn taken(id: &ObjectId, object: ObjectRef<'_>) -> Vec<QualifiedName> {
    let mut names = vec![id.name.clone()];
    match object {
        ObjectRef::Constraint(table, constraint) => {
            names.clear();
            if constraint.has_index() {
                names.push(table.name.sibling(constraint.name.clone()));
            }
        }
        ObjectRef::Trigger(..) | ObjectRef::Policy(..) | ObjectRef::Rule(..) => names.clear(),
        ObjectRef::Table(table) => {
            let identities = table.columns.iter().filter(|c| c.identity.is_some());
            names.extend(identities.map(|c| identity_sequence(&table.name, c)));
        }
        _ => {}
    }
    names
}

pub(super) struct Closing<'a, 'p> {
    pub(super) pair: &'p Pair<Side<'a>>,
    pub(super) version: TargetVersion,
    pub(super) texts: Texts<'a>,
    reused: HashSet<QualifiedName>,
    pub(super) closure: Closure,
    waiting: Vec<ObjectId>,
}

impl<'a> Closing<'a, '_> {
    pub(super) fn fate(&self, id: &ObjectId) -> Option<Fate> {
        self.closure.fates.get(id).copied()
    }

    /// Takes note of an object that goes early, or that changes under others.
    fn enter(&mut self, id: &ObjectId) {
        match self.fate(id) {
            Some(Fate::Create) if matches!(id.kind, ObjectKind::Index | ObjectKind::Constraint) => {
                self.unindexed_partitions_go(id);
            }
            Some(Fate::Replace) => {
                self.unindexed_partitions_go(id);
                self.goes(id);
            }
            Some(Fate::Drop) if self.goes_early(id) => self.goes(id),
            Some(Fate::Alter) if matches!(id.kind, ObjectKind::Table | ObjectKind::Composite) => {
                self.waiting.push(id.clone());
            }
            // It goes with a column or a table, before whatever else uses it is altered.
            Some(Fate::Drop) if id.kind == ObjectKind::Sequence => self.waiting.push(id.clone()),
            _ => {}
        }
    }

    pub(super) fn wait(&mut self, id: ObjectId) {
        self.waiting.push(id);
    }

    pub(super) fn goes(&mut self, id: &ObjectId) {
        if self.closure.early.insert(id.clone()) {
            self.waiting.push(id.clone());
        }
    }

    fn goes_early(&self, id: &ObjectId) -> bool {
        matches!(
            id.kind,
            ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Index
                | ObjectKind::Constraint
                | ObjectKind::Trigger
                | ObjectKind::Policy
                | ObjectKind::Rule
                | ObjectKind::Statistics
                | ObjectKind::EventTrigger
                | ObjectKind::Publication
        ) || self.is_in_the_way(id)
    }

    /// Whether the object, or what goes with it, has a name that something new takes.
    fn is_in_the_way(&self, id: &ObjectId) -> bool {
        let before = &self.pair.before;
        let named = |id: &ObjectId| {
            let names = before.object(id).map(|o| taken(id, o)).unwrap_or_default();
            names.iter().any(|n| self.reused.contains(n))
        };
        let part = |d: &&ObjectId| before.relation_of(d).as_ref() == Some(id);
        named(id) || before.dependents(id).iter().filter(part).any(named)
    }

    /// Has an object dropped and created again, or just dropped where it is not there afterwards.
    pub(super) fn replace(&mut self, id: &ObjectId) {
        match self.fate(id) {
            Some(Fate::Drop) => self.goes(id),
            Some(Fate::Create | Fate::Replace) => {}
            Some(Fate::Alter) | None => {
                let stays = self.pair.after.objects.contains_key(id);
                let fate = if stays { Fate::Replace } else { Fate::Drop };
                self.closure.fates.insert(id.clone(), fate);
                self.goes(id);
            }
        }
    }

    fn follow(&mut self, id: &ObjectId) {
        match (self.fate(id), id.kind) {
            (Some(Fate::Alter), ObjectKind::Composite) => return self.follow_attributes(id),
            (Some(Fate::Alter), _) => return self.follow_columns(id),
            _ => self.swap(id),
        }
        self.follow_attached(id);
        for dependent in self.pair.before.dependents(id).to_vec() {
            self.release(&dependent, id);
        }
        self.follow_key(id);
    }

    /// An attached index goes with the one that it is attached to, or with its table, and not alone.
    fn follow_attached(&mut self, id: &ObjectId) {
        let Some(ObjectRef::Index(relation, index)) = self.pair.before.object(id) else {
            return;
        };
        let table = self.fate(&ObjectId::table(relation));
        if let (Some(parent), false) = (
            &index.parent,
            matches!(table, Some(Fate::Drop | Fate::Replace)),
        ) {
            self.replace(&ObjectId::index(parent));
        }
    }

    /// Frees `on`, which goes, of something that rests on it.
    fn release(&mut self, dependent: &ObjectId, on: &ObjectId) {
        if matches!(self.fate(dependent), Some(Fate::Drop | Fate::Replace)) {
            let held = match self.pair.before.object(dependent) {
                // Its sequence goes along with it.
                Some(ObjectRef::Table(_)) if self.is_part_of(on, dependent) => false,
                Some(ObjectRef::Routine(routine)) => self.rests_on(dependent, routine, on),
                Some(ObjectRef::Publication(_)) | None => false,
                Some(_) => true,
            };
            // What goes itself goes before what it rests on.
            if held {
                self.goes(dependent);
            }
            if self.fate(dependent) == Some(Fate::Replace) {
                self.free_domain(dependent, on);
            }
            return;
        }
        if self.free_domain(dependent, on) {
            return;
        }
        match self.pair.before.object(dependent) {
            // Its rows are the server's.
            Some(ObjectRef::Table(_)) if on.kind == ObjectKind::ForeignServer => {
                self.replace(dependent);
            }
            // A partition goes with its table, and comes back with it.
            Some(ObjectRef::Table(table)) if self.stays_partition(table, on) => {
                let fates = &mut self.closure.fates;
                fates.insert(dependent.clone(), Fate::Replace);
                self.wait(dependent.clone());
            }
            Some(ObjectRef::Table(table)) => self.release_table(table, on),
            Some(ObjectRef::Routine(routine)) => {
                if self.rests_on(dependent, routine, on) {
                    self.replace(dependent);
                }
            }
            Some(
                ObjectRef::Publication(_)
                | ObjectRef::Schema(_)
                | ObjectRef::Extension(_)
                | ObjectRef::Sequence(_)
                | ObjectRef::DefaultPrivileges(_),
            )
            | None => {}
            Some(object) if self.is_part_of(dependent, on) || self.uses(dependent, object, on) => {
                self.replace(dependent);
            }
            Some(_) => {}
        }
    }

    fn stays_partition(&self, table: &Table, of: &ObjectId) -> bool {
        let is_of = |t: &Table| {
            let parent = t.partition_of.as_ref().map(|p| &p.parent);
            parent == Some(&of.name) && of.kind == ObjectKind::Table
        };
        let after = self.pair.after.catalog.tables.get(&table.name);
        is_of(table) && after.is_some_and(is_of)
    }

    fn is_part_of(&self, id: &ObjectId, relation: &ObjectId) -> bool {
        self.pair.before.relation_of(id).as_ref() == Some(relation)
    }

    /// Whether it uses what goes: as the graph says, unless its texts are all that could.
    fn uses(&self, id: &ObjectId, object: ObjectRef<'a>, on: &ObjectId) -> bool {
        let by_text = match object {
            ObjectRef::View(_) | ObjectRef::Policy(..) | ObjectRef::Rule(..) => true,
            ObjectRef::Trigger(_, trigger) => trigger.function != on.name,
            _ => false,
        };
        let said = self.texts.object(id, object).filter(|_| by_text);
        said.is_none_or(|said| said.uses(on))
    }

    /// Whether the server keeps the routine from outliving a type, or a function that it calls.
    fn rests_on(&self, id: &ObjectId, routine: &'a Routine, on: &ObjectId) -> bool {
        let said = self.texts.object(id, ObjectRef::Routine(routine));
        routine.has_type(&on.name) || said.is_some_and(|said| said.uses(on))
    }

    /// Foreign keys rest on the key that they refer to, and views that group by it as well.
    fn follow_key(&mut self, id: &ObjectId) {
        let (table, columns): (QualifiedName, Vec<Ident>) = match self.pair.before.object(id) {
            Some(ObjectRef::Constraint(table, c)) if c.has_index() => {
                (table.name.clone(), c.columns().to_vec())
            }
            Some(ObjectRef::Index(relation, index)) if index.unique => {
                let columns = index.plain_columns().unwrap_or_default();
                (relation.clone(), columns.into_iter().cloned().collect())
            }
            _ => return,
        };
        let sorted = |columns: &[Ident]| -> BTreeSet<Ident> { columns.iter().cloned().collect() };
        let key = sorted(&columns);
        for dependent in self
            .pair
            .before
            .dependents(&ObjectId::table(&table))
            .to_vec()
        {
            let rests = match self.pair.before.object(&dependent) {
                Some(ObjectRef::Constraint(_, c)) => c
                    .as_foreign_key()
                    .is_some_and(|fk| fk.target == table && sorted(&fk.target_columns) == key),
                Some(view @ ObjectRef::View(_)) => {
                    let said = self.texts.object(&dependent, view);
                    id.kind == ObjectKind::Constraint
                        && said.is_some_and(|said| said.groups_by(&table, &columns))
                }
                _ => false,
            };
            if rests {
                self.closure.unkeyed.insert(dependent.clone());
                self.replace(&dependent);
            }
        }
    }
}
