//! One round of a plan: what goes first, what is altered and created, what goes last.

use std::collections::HashSet;

use super::Step;
use super::closure::{self, Closure};
use super::creation::{self, Made};
use super::fate::{self, Fate};
use super::side::Side;
use super::table;
use crate::ddl::{self, Assembly, Context, Ddl, alter};
use crate::dialect::TargetVersion;
use crate::model::{Acl, Catalog, ObjectId, ObjectKind, ObjectRef, Pair};

/// The statements of a round; none where the catalogs are the same. In the `first` one, columns
/// that a table inherits are left to its parents.
pub(super) fn steps(pair: Pair<&Catalog>, version: TargetVersion, first: bool) -> Vec<Step> {
    let dialect = version.dialect;
    if fate::differing(pair.before, pair.after).is_empty() {
        return Vec::new();
    }
    let mut sides = Pair {
        before: Side::new(pair.before, dialect),
        after: Side::new(pair.after, dialect),
    };
    let fates = fate::fates(&sides, dialect);
    let closure = closure::close(&sides, fates, dialect);
    defer_foreign_keys(&mut sides.after, &closure);
    let mut round = Round {
        sides: &sides,
        closure: &closure,
        version,
        first,
        steps: Vec::new(),
        last: Vec::new(),
    };
    round.drop_early();
    round.alter_and_create();
    round.drop_late();
    round.steps
}

/// A new table cannot have a foreign key to a key that its target does not have yet.
fn defer_foreign_keys(after: &mut Side<'_>, closure: &Closure) {
    let changes = |name| {
        let fate = closure.fates.get(&ObjectId::table(name));
        let created = matches!(fate, Some(Fate::Create | Fate::Replace));
        !created && after.catalog.tables.contains_key(name)
    };
    let mut deferred = Vec::new();
    for table in after.catalog.tables.values() {
        for (constraint, fk) in table.foreign_keys() {
            if changes(&fk.target) {
                deferred.push(ObjectId::constraint(&table.name, &constraint.name));
            }
        }
    }
    after.graph.deferred.extend(deferred);
}

struct Round<'a, 'r> {
    sides: &'r Pair<Side<'a>>,
    closure: &'r Closure,
    version: TargetVersion,
    first: bool,
    steps: Vec<Step>,
    /// What waits until everything is created.
    last: Vec<Step>,
}

impl<'a, 'r> Round<'a, 'r> {
    fn cx(&self) -> Context<'r> {
        Context {
            catalog: self.sides.after.catalog,
            graph: &self.sides.after.graph,
            dialect: self.version.dialect,
        }
    }

    fn fate(&self, id: &ObjectId) -> Option<Fate> {
        self.closure.fates.get(id).copied()
    }

    fn push(&mut self, id: &ObjectId, statements: impl IntoIterator<Item = String>) {
        self.steps.extend(steps_of(id, statements));
    }

    // -- what goes -----------------------------------------------------------------------------

    fn goes(&self, id: &ObjectId) -> bool {
        matches!(self.fate(id), Some(Fate::Drop | Fate::Replace))
    }

    fn drop_early(&mut self) {
        let order = || self.sides.before.graph.order.iter().rev();
        // Foreign keys rest on keys of other tables, which the order of tables says nothing about.
        for id in order().filter(|id| self.closure.early.contains(*id)) {
            if self.is_foreign_key(id) {
                self.drop(id);
            }
        }
        for id in order() {
            if self.closure.early.contains(id) && !self.is_foreign_key(id) {
                self.drop(id);
            }
            self.release(id);
        }
        let dialect = self.version.dialect;
        for (name, old) in &self.closure.swapped {
            let from = dialect.quote_name(name);
            let to = dialect.quote(&old.name);
            let id = self.type_id(name);
            let word = match id.kind {
                ObjectKind::Domain => "DOMAIN",
                _ => "TYPE",
            };
            self.push(&id, [format!("ALTER {word} {from} RENAME TO {to}")]);
        }
    }

    /// A table that stays leaves its parents and what its columns use.
    fn release(&mut self, id: &ObjectId) {
        let dialect = self.version.dialect;
        let (Some(ObjectRef::Table(before)), false) = (self.sides.before.object(id), self.goes(id))
        else {
            return;
        };
        if let Some(ObjectRef::Table(after)) = self.sides.after.object(id) {
            self.push(id, table::leaves(before, after, dialect));
        }
        let actions = table::early(before, self.closure, dialect);
        if !actions.is_empty() {
            let alter = ddl::alter_table(before, dialect);
            self.push(id, [joined(&alter, &actions)]);
        }
    }

    fn is_foreign_key(&self, id: &ObjectId) -> bool {
        let object = self.sides.before.object(id);
        matches!(object, Some(ObjectRef::Constraint(_, c)) if c.as_foreign_key().is_some())
    }

    fn type_id(&self, name: &crate::model::QualifiedName) -> ObjectId {
        let types = self.sides.before.objects.keys();
        let mut same = types.filter(|id| id.kind.is_type() && id.name == *name);
        let found = same.next().cloned();
        found.unwrap_or_else(|| ObjectId::new(ObjectKind::Enum, name.clone()))
    }

    fn drop_late(&mut self) {
        for id in self.sides.before.graph.order.iter().rev() {
            if self.fate(id) == Some(Fate::Drop) && !self.closure.early.contains(id) {
                self.drop(id);
            }
        }
        let dialect = self.version.dialect;
        for (name, old) in &self.closure.swapped {
            let id = self.type_id(name);
            let word = match id.kind {
                ObjectKind::Domain => "DOMAIN",
                _ => "TYPE",
            };
            self.push(&id, [format!("DROP {word} {}", dialect.quote_name(old))]);
        }
    }

    fn drop(&mut self, id: &ObjectId) {
        let Some(object) = self.sides.before.object(id) else {
            return;
        };
        if self.closure.swapped.contains_key(&id.name) && id.kind.is_type() {
            return;
        }
        if self.goes_along(id, object) {
            return;
        }
        let dialect = self.version.dialect;
        let statements: Vec<String> = match object {
            ObjectRef::DefaultPrivileges(defaults) => {
                let mut back = defaults.clone();
                back.acl = Acl {
                    granted: defaults.acl.revoked.clone(),
                    revoked: defaults.acl.granted.clone(),
                };
                ddl::default_privileges(&back, dialect)
            }
            ObjectRef::Index(_, index) if index.parent.is_some() => {
                // The server drops it with the index that it is attached to, and only so.
                let parent = index.parent.as_ref().map(ObjectId::index);
                match parent.is_some_and(|p| self.goes(&p)) {
                    true => Vec::new(),
                    false => ddl::drop_statement(object, dialect).into_iter().collect(),
                }
            }
            _ => ddl::drop_statement(object, dialect).into_iter().collect(),
        };
        self.push(id, statements);
    }

    /// Whether dropping something else takes the object along.
    fn goes_along(&self, id: &ObjectId, object: ObjectRef<'_>) -> bool {
        let before = &self.sides.before;
        if let ObjectRef::Sequence(sequence) = object
            && let Some((table, column)) = &sequence.owned_by
        {
            let stays = self.sides.after.catalog.tables.get(table);
            if stays.is_some_and(|t| t.column(column).is_none()) && !self.closure.early.contains(id)
            {
                return true;
            }
        }
        let Some(relation) = before.relation_of(id).filter(|r| self.goes(r)) else {
            return false;
        };
        let place = |id: &ObjectId| before.places.get(id).copied();
        let own = place(&relation);
        // Something that it uses goes before its relation does.
        let earlier = |need: &ObjectId| {
            let in_front = place(need) > own || self.closure.early.contains(need);
            *need != relation
                && self.goes(need)
                && (in_front && !self.closure.early.contains(&relation))
        };
        if let ObjectRef::Constraint(_, constraint) = object {
            let target = constraint
                .as_foreign_key()
                .map(|fk| ObjectId::table(&fk.target));
            return !target.is_some_and(|t| t != relation && self.goes(&t) && place(&t) > own);
        }
        !before.needs(id).iter().any(earlier)
    }

    // -- what comes ----------------------------------------------------------------------------

    fn alter_and_create(&mut self) {
        let made = Made::default();
        let mut out = |ddl: Ddl| made.borrow_mut().push(ddl);
        let stays = |id: &&ObjectId| !matches!(self.fate(id), Some(Fate::Create | Fate::Replace));
        let existing: HashSet<ObjectId> = self
            .sides
            .after
            .objects
            .keys()
            .filter(stays)
            .cloned()
            .collect();
        let mut assembly = creation::assembly(self.cx(), existing, &mut out);
        if self.makes_routines() {
            let id = ObjectId::new(ObjectKind::Kept, Default::default());
            self.push(&id, ["SET check_function_bodies = false".to_owned()]);
        }
        let mut foreign_keys = Vec::new();
        for id in &self.sides.after.graph.order {
            match self.fate(id) {
                Some(Fate::Create | Fate::Replace) => {
                    self.create(id, &mut assembly);
                    let steps = creation::taken(&made);
                    match self.sides.after.object(id) {
                        Some(ObjectRef::Constraint(_, c)) if c.as_foreign_key().is_some() => {
                            foreign_keys.extend(steps);
                        }
                        _ => self.steps.extend(steps),
                    }
                }
                Some(Fate::Alter) => self.alter(id),
                _ => {}
            }
        }
        self.steps.extend(foreign_keys);
        assembly.flush();
        self.steps.extend(creation::taken(&made));
        let last = std::mem::take(&mut self.last);
        self.steps.extend(last);
    }

    /// Whether bodies are created, which may use what is created later.
    fn makes_routines(&self) -> bool {
        let mut fates = self.closure.fates.iter();
        fates.any(|(id, fate)| {
            matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure) && *fate != Fate::Drop
        })
    }

    fn create(&self, id: &ObjectId, assembly: &mut Assembly<'_, '_>) {
        if !self.comes_with_its_column(id) {
            assembly.object(id);
        }
    }

    /// Whether a sequence is made by the word `serial` of a column that is added.
    fn comes_with_its_column(&self, id: &ObjectId) -> bool {
        let Some(ObjectRef::Sequence(sequence)) = self.sides.after.object(id) else {
            return false;
        };
        let Some((name, column)) = &sequence.owned_by else {
            return false;
        };
        let before = self.sides.before.catalog.tables.get(name);
        let Some(table) = self.sides.after.catalog.tables.get(name) else {
            return false;
        };
        let added = before.is_some_and(|t| t.column(column).is_none());
        let serial = |c| ddl::serial_type(&self.cx(), table, c).is_some();
        added && table.column(column).is_some_and(serial)
    }

    fn alter(&mut self, id: &ObjectId) {
        let (Some(before), Some(after)) =
            (self.sides.before.object(id), self.sides.after.object(id))
        else {
            return;
        };
        let (ObjectRef::Table(old), ObjectRef::Table(new)) = (before, after) else {
            let statements = alter::alter(&self.cx(), before, after).unwrap_or_default();
            return self.push(id, statements);
        };
        let change = table::change(&self.cx(), old, new, self.closure, self.first);
        if !change.actions.is_empty() {
            let words = ddl::alter_table(new, self.version.dialect);
            self.push(id, [joined(&words, &change.actions)]);
        }
        self.push(id, change.then);
        let facets = alter::facets(before, after, self.version.dialect);
        self.push(id, facets);
        self.last.extend(steps_of(id, change.last));
    }
}

fn steps_of(id: &ObjectId, statements: impl IntoIterator<Item = String>) -> Vec<Step> {
    let step = |sql| Step {
        object: id.clone(),
        sql,
    };
    statements.into_iter().map(step).collect()
}

/// One ALTER TABLE with several actions.
fn joined(alter: &str, actions: &[String]) -> String {
    match actions {
        [one] => format!("{alter} {one}"),
        several => format!("{alter}\n    {}", several.join(",\n    ")),
    }
}
