//! One round of a plan: what goes first, what is altered and created, what goes last.

use std::collections::HashSet;

use super::Step;
use super::closure::{self, Closure};
use super::creation::{self, Made};
use super::fate::{self, Fate};
use super::recipe::Rests;
use super::side::Side;
use super::step::BODIES_UNCHECKED;
use super::table;
use super::using::Casting;
use crate::ddl::{self, Assembly, Context, Ddl, alter};
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{Catalog, Index, ObjectId, ObjectKind, ObjectRef, Pair};

/// The statements of a round; none where the catalogs are the same. In the `first` one, columns
/// that a table inherits are left to its parents. `rests` learns what their objects rest on.
pub(super) fn steps(
    pair: Pair<&Catalog>,
    version: TargetVersion,
    first: bool,
    rests: &mut Rests,
) -> Vec<Step> {
    let dialect = version.dialect;
    if fate::differing(pair.before, pair.after).is_empty() {
        return Vec::new();
    }
    let mut sides = Pair {
        before: Side::new(pair.before, dialect),
        after: Side::new(pair.after, dialect),
    };
    let fates = fate::fates(&sides, dialect);
    let closure = closure::close(&sides, fates, version);
    defer_foreign_keys(&mut sides.after, &closure);
    let goes = |id: &ObjectId| matches!(closure.fates.get(id), Some(Fate::Drop | Fate::Replace));
    sides.before.refer_first(goes);
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
    let steps = round.steps;
    for id in steps.iter().map(|s| &s.object) {
        if !rests.contains_key(id) {
            let goes = !matches!(closure.fates.get(id), None | Some(Fate::Alter));
            let ends = [&sides.before, &sides.after].map(|side| side.rests_on(id, goes));
            rests.insert(id.clone(), ends.concat());
        }
    }
    steps
}

/// The partitions that stay and are none any more, and the children that had checks of their parents.
pub(super) fn leaving(before: &Catalog, after: &Catalog, dialect: Dialect) -> Vec<Step> {
    let stay = before.tables.values().filter_map(|old| {
        let new = after.tables.get(&old.name)?;
        let detached = old.partition_of.is_some() && old.partition_of != new.partition_of;
        let leaves = old.inherits.iter().any(|p| !new.inherits.contains(p));
        let left = detached || (leaves && before.inherited_checks(&old.name).next().is_some());
        (left && table::can_alter(old, new)).then_some((old, new))
    });
    let steps = stay.flat_map(|(old, new)| {
        let id = ObjectId::table(&old.name);
        steps_of(&id, table::leaves(old, new, |_| false, dialect))
    });
    steps.collect()
}

/// Children that hold a check of their parent, which is NOT VALID there, and do not yet hold the one that
/// is new.
pub(super) fn validating(before: &Catalog, after: &Catalog, dialect: Dialect) -> Vec<Step> {
    let missing = after.holding.difference(&before.holding);
    let open = |(table, check): &&(crate::model::QualifiedName, crate::model::Ident)| {
        let mut checks = before.inherited_checks(table);
        checks.any(|c| c.name == *check && c.not_valid)
    };
    let steps = missing.filter(open).map(|(table, check)| {
        let name = dialect.quote(check);
        let table_name = dialect.quote_name(table);
        let sql = format!("ALTER TABLE {table_name} VALIDATE CONSTRAINT {name}");
        Step::new(ObjectId::constraint(table, check), sql)
    });
    steps.collect()
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

pub(super) struct Round<'a, 'r> {
    pub(super) sides: &'r Pair<Side<'a>>,
    pub(super) closure: &'r Closure,
    pub(super) version: TargetVersion,
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

    pub(super) fn fate(&self, id: &ObjectId) -> Option<Fate> {
        self.closure.fates.get(id).copied()
    }

    pub(super) fn push(&mut self, id: &ObjectId, statements: impl IntoIterator<Item = String>) {
        self.steps.extend(steps_of(id, statements));
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
            self.push(&id, [BODIES_UNCHECKED.to_owned()]);
        }
        let mut foreign_keys = Vec::new();
        for id in &self.sides.after.graph.order {
            match self.fate(id) {
                Some(Fate::Create | Fate::Replace) => {
                    self.create(id, &mut assembly);
                    let mut steps = creation::taken(&made);
                    if let Some(rename) = self.named_anew(id) {
                        steps = vec![rename];
                    }
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
        let mut last = std::mem::take(&mut self.last);
        // An index that is made says by itself what its table takes it for.
        last.retain(|step| self.steps.iter().all(|made| made.sql != step.sql));
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

    /// The index of a partition that the server makes, or has made, beside one of the parent's that stays:
    /// it gets the name that it is to have.
    fn named_anew(&self, id: &ObjectId) -> Option<Step> {
        let Some(ObjectRef::Index(relation, index)) = self.sides.after.object(id) else {
            return None;
        };
        let parent = ObjectId::index(index.parent.as_ref()?);
        let Some(ObjectRef::Index(_, of)) = self.sides.before.object(&parent) else {
            return None;
        };
        let before = self.sides.before.catalog.tables.get(relation);
        let own = |i: &Index| i.parent == index.parent || i.name == index.name;
        let made = crate::resolve::partition_index_name(relation, of, self.version.dialect);
        let kept = !matches!(
            self.fate(&parent),
            Some(Fate::Create | Fate::Replace | Fate::Drop)
        );
        let stays = before.is_none_or(|t| t.partition_of.is_some() && !t.indexes.iter().any(own));
        if of.only || !kept || !stays || made == index.name {
            return None;
        }
        let dialect = self.version.dialect;
        let from = dialect.quote_name(&relation.sibling(made));
        let to = dialect.quote(&index.name);
        let rename = format!("ALTER INDEX {from} RENAME TO {to}");
        Some(Step::new(id.clone(), rename))
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
            let mut statements = alter::alter(&self.cx(), before, after).unwrap_or_default();
            if let (ObjectRef::Sequence(_), ObjectRef::Sequence(_)) = (before, after) {
                // Its new owner may be created or altered after it.
                let owned = statements.iter().position(|s| s.contains(" OWNED BY "));
                let owned: Vec<String> = owned.map(|n| statements.remove(n)).into_iter().collect();
                self.last.extend(steps_of(id, owned));
            }
            return self.push(id, statements);
        };
        let catalogs = Pair::new(self.sides.before.catalog, self.sides.after.catalog);
        let casting = Casting::new(catalogs, self.version);
        let change = table::change(&self.cx(), old, new, self.closure, casting, self.first);
        self.push(id, change.first);
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
    let step = |sql| Step::new(id.clone(), sql);
    statements.into_iter().map(step).collect()
}

/// One ALTER TABLE with several actions.
pub(super) fn joined(alter: &str, actions: &[String]) -> String {
    match actions {
        [one] => format!("{alter} {one}"),
        several => format!("{alter}\n    {}", several.join(",\n    ")),
    }
}
