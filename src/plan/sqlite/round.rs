//! All that is not a rename, in the order in which it runs: what reads tables goes, tables change,
//! tables go, and everything that is missing then is created.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Object, Objects, same_table, trigger_id};
use super::renames::triggers;
use super::table::{self, Change};
use super::{facts, rebuild, virtual_table};
use crate::ddl::{self, Context};
use crate::dialect::{Dialect, TargetVersion};
use crate::graph::{self, Graph};
use crate::model::{
    Catalog, ObjectId, ObjectKind, ObjectRef, Pair, QualifiedName, ReferentialAction, VirtualTable,
};
use crate::plan::Step;

/// The statements of a round, and what they need around them.
pub(super) struct Round {
    pub(super) steps: Vec<Step>,
    /// Foreign keys have to look away.
    pub(super) detached: bool,
    /// Views or triggers stay that may read a table while it is away.
    pub(super) read_by_others: bool,
}

/// `stale` are tables whose foreign keys are not what the catalog says.
pub(super) fn round(
    pair: Pair<&Catalog>,
    version: TargetVersion,
    stale: &BTreeSet<QualifiedName>,
) -> Round {
    let dialect = version.dialect;
    let (before_graph, _) = graph::build(pair.before, dialect);
    let (graph, _) = graph::build(pair.after, dialect);
    let cx = Context {
        catalog: pair.after,
        graph: &graph,
        dialect,
    };
    let mut making = Making {
        pair,
        cx,
        old: Objects::of(pair.before),
        new: Objects::of(pair.after),
        changes: BTreeMap::new(),
        moved: BTreeMap::new(),
        round: Round {
            steps: Vec::new(),
            detached: false,
            read_by_others: false,
        },
    };
    making.decide(version, stale);
    making.drop_readers(&before_graph);
    making.change_tables();
    making.drop_tables(&before_graph);
    making.create();
    making.round
}

struct Making<'a> {
    pair: Pair<&'a Catalog>,
    cx: Context<'a>,
    old: Objects<'a>,
    new: Objects<'a>,
    changes: BTreeMap<ObjectId, Change>,
    /// Virtual tables whose rows move into a new one.
    moved: BTreeMap<ObjectId, Vec<String>>,
    round: Round,
}

impl Making<'_> {
    fn dialect(&self) -> Dialect {
        self.cx.dialect
    }

    fn push(&mut self, id: &ObjectId, statements: impl IntoIterator<Item = String>) {
        let step = |sql| Step::new(id.clone(), sql);
        self.round.steps.extend(statements.into_iter().map(step));
    }

    fn decide(&mut self, version: TargetVersion, stale: &BTreeSet<QualifiedName>) {
        for (id, new) in &self.new.by_id {
            match (self.old.by_id.get(id), new) {
                (Some(Object::Table(old)), Object::Table(new)) => {
                    let change = if stale.contains(&new.name) {
                        Change::Rebuild("its foreign keys have an old name".to_owned())
                    } else if same_table(old, new) {
                        continue;
                    } else {
                        table::change(&self.cx, old, new, version)
                    };
                    self.round.detached |= matches!(change, Change::Rebuild(_));
                    self.changes.insert(id.clone(), change);
                }
                (
                    Some(Object::Other(ObjectRef::VirtualTable(old))),
                    Object::Other(ObjectRef::VirtualTable(new)),
                ) if old != new => {
                    let moved = virtual_table::replace(&self.cx, old, new, self.pair.before);
                    self.round.detached |= moved.is_some();
                    self.moved.extend(moved.map(|m| (id.clone(), m)));
                }
                _ => {}
            }
        }
    }

    /// Whether the object as it is now is not there afterwards.
    fn goes(&self, id: &ObjectId) -> bool {
        match (self.old.by_id.get(id), self.new.by_id.get(id)) {
            (Some(_), None) => true,
            // They are altered, and others are not read here.
            (Some(Object::Table(_)), _) => false,
            (Some(Object::Other(ObjectRef::Opaque(_))), Some(_)) => false,
            (Some(old), Some(new)) => !self.moved.contains_key(id) && !old.equals(new),
            (None, _) => false,
        }
    }

    /// Whether the relation goes for a while at least, and takes its indexes and triggers along.
    fn goes_away(&self, relation: &QualifiedName) -> bool {
        let table = ObjectId::table(relation);
        let view = ObjectId::new(ObjectKind::View, relation.clone());
        let rebuilt = matches!(self.changes.get(&table), Some(Change::Rebuild(_)));
        rebuilt || self.goes(&table) || self.goes(&view)
    }

    /// Triggers, views and indexes that go.
    fn drop_readers(&mut self, graph: &Graph) {
        let dialect = self.dialect();
        let rewrites = self.round.detached;
        let before = self.pair.before;
        for (relation, trigger) in triggers(before) {
            let id = trigger_id(relation, trigger);
            let along = self.goes_away(relation);
            if self.goes(&id) && !along {
                self.push(
                    &id,
                    [format!("DROP TRIGGER {}", dialect.quote(&trigger.name))],
                );
            }
            self.round.read_by_others |= rewrites && !self.goes(&id) && !along;
        }
        for id in graph.order.iter().rev() {
            if id.kind != ObjectKind::View {
                continue;
            }
            if self.goes(id) {
                self.push(id, [format!("DROP VIEW {}", dialect.quote_name(&id.name))]);
            } else {
                self.round.read_by_others |= rewrites;
            }
        }
        for table in before.tables.values() {
            for index in &table.indexes {
                let id = ObjectId::index(&table.name.sibling(index.name.clone()));
                if self.goes(&id) && !self.goes_away(&table.name) {
                    self.push(
                        &id,
                        [format!("DROP INDEX {}", dialect.quote_name(&id.name))],
                    );
                }
            }
        }
    }

    fn change_tables(&mut self) {
        let order = &self.cx.graph.order;
        for id in order {
            if let Some(statements) = self.moved.get(id).cloned() {
                self.push(id, statements);
            }
            let (Some(change), Some(Object::Table(old)), Some(Object::Table(new))) = (
                self.changes.get(id),
                self.old.by_id.get(id).copied(),
                self.new.by_id.get(id).copied(),
            ) else {
                continue;
            };
            let (statements, reason) = match change {
                Change::InPlace(statements) => (statements.clone(), None),
                Change::Rebuild(reason) => {
                    let made = rebuild::statements(&self.cx, old, new, self.pair.before);
                    (made, Some(reason.clone()))
                }
            };
            let first = self.round.steps.len();
            self.push(id, statements);
            let steps = &mut self.round.steps[first..];
            facts::tell(steps, (old, new), self.cx.catalog, reason.as_deref());
        }
    }

    /// Tables that others refer to go behind these.
    fn drop_tables(&mut self, graph: &Graph) {
        let dialect = self.dialect();
        let mut there: BTreeSet<&QualifiedName> = self.pair.before.tables.keys().collect();
        for id in graph.order.iter().rev() {
            if !self.goes(id) {
                continue;
            }
            let statement = match self.old.by_id.get(id) {
                Some(Object::Table(table)) => ddl::drop_statement(ObjectRef::Table(table), dialect),
                Some(Object::Other(
                    other @ (ObjectRef::VirtualTable(_) | ObjectRef::Opaque(_)),
                )) => ddl::drop_statement(*other, dialect),
                _ => continue,
            };
            if id.kind == ObjectKind::Table {
                there.remove(&id.name);
                let detached = self.is_referred_to(&id.name, &there);
                self.round.detached |= detached;
            }
            self.push(id, statement);
            if id.kind == ObjectKind::Table
                && let Some(step) = self.round.steps.last_mut()
            {
                facts::tell_drop(step);
            }
        }
    }

    /// Whether a foreign key would see the rows of the table go.
    fn is_referred_to(&self, name: &QualifiedName, there: &BTreeSet<&QualifiedName>) -> bool {
        let tables = self.pair.before.tables.values();
        let mut keys = tables.flat_map(|t| t.foreign_keys().map(move |(_, fk)| (t, fk)));
        keys.any(|(table, fk)| {
            let own = table.name == *name && fk.on_delete == ReferentialAction::Restrict;
            fk.target == *name && (own || there.contains(&table.name))
        })
    }

    fn create(&mut self) {
        let dialect = self.dialect();
        let order = &self.cx.graph.order;
        for id in order {
            let Some(new) = self.new.by_id.get(id).copied() else {
                continue;
            };
            let again = match new {
                Object::Trigger(relation, _) => self.goes_away(relation),
                Object::Other(ObjectRef::Index(relation, _)) => self.goes_away(relation),
                _ => false,
            };
            if self.old.by_id.contains_key(id) && !self.goes(id) && !again {
                continue;
            }
            let object = match new {
                Object::Table(table) => ObjectRef::Table(table),
                Object::View(view) => ObjectRef::View(view),
                Object::Trigger(relation, trigger) => ObjectRef::Trigger(relation, trigger),
                Object::Other(object) => object,
            };
            if let ObjectRef::Opaque(opaque) = object {
                let statements = opaque.statements.iter().map(|s| s.to_string());
                self.push(id, statements.collect::<Vec<_>>());
                continue;
            }
            self.push(id, ddl::create_statement(&self.cx, object));
            if let ObjectRef::VirtualTable(table) = object {
                self.push(id, self.fill(table, dialect));
            }
        }
    }

    fn fill(&self, table: &VirtualTable, dialect: Dialect) -> Option<String> {
        virtual_table::fill(table, self.pair.before, dialect)
    }
}
