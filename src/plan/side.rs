//! One of the two catalogs, with what its objects need and what needs them.

use std::collections::HashMap;

use crate::dialect::Dialect;
use crate::graph::{self, Graph};
use crate::model::{Catalog, ObjectId, ObjectRef};

/// A catalog and its graph.
pub(super) struct Side<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) graph: Graph,
    pub(super) objects: HashMap<ObjectId, ObjectRef<'a>>,
    /// What rests on each object.
    dependents: HashMap<ObjectId, Vec<ObjectId>>,
    needs: HashMap<ObjectId, Vec<ObjectId>>,
    /// The place of each object in the order of creation.
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
        let places = graph.order.iter().cloned().zip(0..).collect();
        Self {
            catalog,
            graph,
            objects: catalog.objects().into_iter().collect(),
            dependents,
            needs,
            places,
        }
    }

    pub(super) fn dependents(&self, id: &ObjectId) -> &[ObjectId] {
        self.dependents.get(id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn needs(&self, id: &ObjectId) -> &[ObjectId] {
        self.needs.get(id).map_or(&[], Vec::as_slice)
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
            true => crate::model::ObjectKind::MaterializedView,
            false => crate::model::ObjectKind::View,
        };
        Some(ObjectId::new(kind, name.clone()))
    }
}
