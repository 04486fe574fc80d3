//! One of the two catalogs, with what its objects need and what needs them.

use std::collections::HashMap;

use crate::dialect::Dialect;
use crate::graph::{self, Graph};
use crate::model::{Catalog, ObjectId, ObjectKind, ObjectRef, QualifiedName, Table};

/// A catalog and its graph.
pub(super) struct Side<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) graph: Graph,
    pub(super) objects: HashMap<ObjectId, ObjectRef<'a>>,
    /// What rests on each object.
    dependents: HashMap<ObjectId, Vec<ObjectId>>,
    needs: HashMap<ObjectId, Vec<ObjectId>>,
    /// The order in which objects go, and the place of each in it.
    pub(super) going: Vec<ObjectId>,
    pub(super) places: HashMap<ObjectId, usize>,
}

impl<'a> Side<'a> {
    pub(super) fn new(catalog: &'a Catalog, dialect: Dialect) -> Self {
        let (graph, _) = graph::build(catalog, dialect);
        let mut dependents: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        let mut needs: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for (from, to) in graph.edges() {
            needs.entry(from.clone()).or_default().push(to.clone());
            dependents.entry(to.clone()).or_default().push(from.clone());
        }
        let going: Vec<ObjectId> = graph.order.iter().rev().cloned().collect();
        let places = going.iter().cloned().zip(0..).collect();
        Self {
            catalog,
            graph,
            objects: catalog.objects().into_iter().collect(),
            dependents,
            needs,
            going,
            places,
        }
    }

    /// Has tables go before those that they refer to, so that their foreign keys go along with them.
    pub(super) fn refer_first(&mut self, goes: impl Fn(&ObjectId) -> bool) {
        let mut edges = Vec::new();
        for table in self.catalog.tables.values() {
            let id = ObjectId::table(&table.name);
            for (_, fk) in table.foreign_keys().filter(|_| goes(&id)) {
                let target = ObjectId::table(&fk.target);
                if let (Some(from), Some(to), true) = (
                    self.places.get(&id),
                    self.places.get(&target),
                    goes(&target),
                ) {
                    edges.push((*from, *to));
                }
            }
        }
        if edges.iter().all(|(from, to)| from <= to) {
            return;
        }
        for (id, needs) in &self.needs {
            let needs = needs.iter().filter_map(|need| self.places.get(need));
            let from = self.places.get(id);
            edges.extend(needs.filter_map(|to| Some((*from?, *to))));
        }
        let groups = graph::arrange(self.going.len(), &edges);
        let order = groups.into_iter().flatten();
        self.going = order.map(|place| self.going[place].clone()).collect();
        self.places = self.going.iter().cloned().zip(0..).collect();
    }

    pub(super) fn dependents(&self, id: &ObjectId) -> &[ObjectId] {
        self.dependents.get(id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn needs(&self, id: &ObjectId) -> &[ObjectId] {
        self.needs.get(id).map_or(&[], Vec::as_slice)
    }

    /// What a step about the object may have to come before or behind: what it is part of and what it
    /// rests on, with its parts where they go along. The foreign keys of a table are objects of their own.
    pub(super) fn rests_on(&self, id: &ObjectId, goes: bool) -> Vec<ObjectId> {
        let table = self.catalog.tables.get(&id.name);
        let table = table.filter(|_| id.kind == ObjectKind::Table && !goes);
        let is_parent = |table: &Table, name: &QualifiedName| {
            let of = table.partition_of.as_ref().map(|of| &of.parent);
            table.inherits.contains(name) || of == Some(name)
        };
        let by_key = |on: &&ObjectId| {
            on.kind == ObjectKind::Table && table.is_some_and(|t| !is_parent(t, &on.name))
        };
        let part = |d: &&ObjectId| goes && self.relation_of(d).as_ref() == Some(id);
        let parts = self.dependents(id).iter().filter(part);
        let own = self.needs(id).iter().filter(|on| !by_key(on));
        let all = own.chain(parts.flat_map(|part| self.needs(part)));
        all.cloned().chain(self.relation_of(id)).collect()
    }

    pub(super) fn object(&self, id: &ObjectId) -> Option<ObjectRef<'a>> {
        self.objects.get(id).copied()
    }

    /// The table or view that the object is part of, and goes with.
    pub(super) fn relation_of(&self, id: &ObjectId) -> Option<ObjectId> {
        let name = match self.object(id)? {
            ObjectRef::Constraint(table, _) => return Some(ObjectId::table(&table.name)),
            ObjectRef::Index(relation, _)
            | ObjectRef::Trigger(relation, _)
            | ObjectRef::Rule(relation, _)
            | ObjectRef::Policy(relation, _) => relation,
            ObjectRef::Sequence(sequence) => {
                let (table, _) = sequence.owned_by.as_ref()?;
                return Some(ObjectId::table(table));
            }
            ObjectRef::Statistics(statistics) => &statistics.table,
            _ => return None,
        };
        if self.catalog.tables.contains_key(name) {
            return Some(ObjectId::table(name));
        }
        let view = self.catalog.views.get(name)?;
        let kind = match view.materialized {
            true => ObjectKind::MaterializedView,
            false => ObjectKind::View,
        };
        Some(ObjectId::new(kind, name.clone()))
    }
}
