//! What each object needs: the edges of the graph.

use std::collections::{BTreeSet, HashSet};

use super::Strength;
use super::lookup::Lookup;
use crate::expr::{ReferenceKind, references_of_query};
use crate::model::{
    Constraint, ConstraintKind, DataType, Expr, Ident, IndexElement, ObjectId, ObjectKind,
    ObjectRef, QualifiedName, Returns, Routine, RoutineBody, Table, Trigger,
};

/// From an object to one that it depends on: positions in the list of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) strength: Strength,
}

/// Every edge, sorted by where it starts; of several between two objects the strongest.
pub(super) fn edges(objects: &[(ObjectId, ObjectRef<'_>)], lookup: &Lookup<'_>) -> Vec<Edge> {
    let mut all = Vec::new();
    for (from, (id, object)) in objects.iter().enumerate() {
        let mut needs = Needs {
            lookup,
            from,
            edges: &mut all,
        };
        needs.schema(id);
        needs.object(object);
    }
    all.sort();
    all.dedup_by_key(|e| (e.from, e.to));
    all
}

/// The foreign keys whose edges were cut.
pub(super) fn deferred(
    objects: &[(ObjectId, ObjectRef<'_>)],
    cut: &HashSet<(usize, usize)>,
) -> BTreeSet<ObjectId> {
    let mut ids = BTreeSet::new();
    for (from, to) in cut {
        let ObjectRef::Table(table) = objects[*from].1 else {
            continue;
        };
        let target = &objects[*to].0.name;
        let keys = table.foreign_keys().filter(|(_, fk)| fk.target == *target);
        ids.extend(keys.map(|(c, _)| ObjectId::constraint(&table.name, &c.name)));
    }
    ids
}

/// The sequences that something needs before the table that owns them.
pub(super) fn apart(
    objects: &[(ObjectId, ObjectRef<'_>)],
    edges: &[Edge],
    lookup: &Lookup<'_>,
    places: &[u32],
) -> BTreeSet<ObjectId> {
    let hard = edges.iter().filter(|e| e.strength == Strength::Hard);
    let early = hard.filter(|e| {
        let owner = lookup.owner(e.to);
        owner.is_some_and(|owner| e.from != owner && places[e.from] < places[owner])
    });
    early.map(|e| objects[e.to].0.clone()).collect()
}

/// Collects the edges of one object.
pub(super) struct Needs<'l, 'a, 'e> {
    pub(super) lookup: &'l Lookup<'a>,
    from: usize,
    edges: &'e mut Vec<Edge>,
}

impl Needs<'_, '_, '_> {
    pub(super) fn edge(&mut self, to: Option<usize>, strength: Strength) {
        if let Some(to) = to.filter(|to| *to != self.from) {
            self.edges.push(Edge {
                from: self.from,
                to,
                strength,
            });
        }
    }

    pub(super) fn hard(&mut self, to: Option<usize>) {
        self.edge(to, Strength::Hard);
    }

    fn schema(&mut self, id: &ObjectId) {
        if let Some(schema) = &id.name.schema {
            let id = ObjectId::new(ObjectKind::Schema, QualifiedName::bare(schema.clone()));
            self.hard(self.lookup.id(&id));
        }
    }

    pub(super) fn bare(&mut self, kind: ObjectKind, name: &Ident) {
        let id = ObjectId::new(kind, QualifiedName::bare(name.clone()));
        self.hard(self.lookup.id(&id));
    }

    pub(super) fn relation(&mut self, name: &QualifiedName) {
        self.hard(self.lookup.relation(name));
    }

    pub(super) fn data_type(&mut self, data_type: &DataType) {
        self.hard(self.lookup.data_type(data_type));
    }

    pub(super) fn routine(&mut self, name: &QualifiedName, strength: Strength) {
        for to in self.lookup.routines(name) {
            self.edge(Some(*to), strength);
        }
    }

    /// What a text reads.
    fn text(&mut self, text: &str, strength: Strength) {
        for reference in references_of_query(text, self.lookup.dialect) {
            match reference.kind {
                ReferenceKind::Relation => {
                    let found = self.lookup.relation(&reference.name);
                    self.edge(found, strength);
                    // A sequence comes and goes with its table.
                    let owner = found.and_then(|found| self.lookup.owner(found));
                    self.edge(owner, Strength::Body);
                }
                ReferenceKind::Function => self.routine(&reference.name, strength),
                ReferenceKind::Type => self.edge(self.lookup.type_name(&reference.name), strength),
                ReferenceKind::Column => {}
            }
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) {
        self.text(expr.text(), Strength::Hard);
    }

    fn element(&mut self, element: &IndexElement) {
        if let Some(expression) = &element.expression {
            self.expr(expression);
        }
        self.collation(element.collation.as_ref());
    }

    fn object(&mut self, object: &ObjectRef<'_>) {
        match object {
            ObjectRef::Table(table) => self.table(table),
            ObjectRef::Constraint(table, constraint) => self.constraint(table, constraint),
            ObjectRef::Index(relation, index) => {
                self.relation(relation);
                // Attaching a partition would look for an index of its own that fits.
                let partitions = self.lookup.partitions.get(relation);
                for partition in partitions.into_iter().flatten() {
                    self.hard(Some(*partition));
                }
                index.elements.iter().for_each(|e| self.element(e));
                self.operator_classes(relation, index);
                index.predicate.iter().for_each(|e| self.expr(e));
                match &index.parent {
                    Some(parent) => self.hard(self.lookup.id(&ObjectId::index(parent))),
                    None => {
                        for n in self.lookup.takers(relation, index) {
                            self.hard(Some(n));
                        }
                    }
                }
            }
            ObjectRef::View(view) => self.text(view.query.text(), Strength::Hard),
            ObjectRef::Routine(routine) => self.routine_needs(routine),
            ObjectRef::Trigger(relation, trigger) => self.trigger(relation, trigger),
            ObjectRef::Policy(table, policy) => {
                self.relation(table);
                policy
                    .using
                    .iter()
                    .chain(&policy.with_check)
                    .for_each(|e| self.expr(e));
            }
            ObjectRef::Rule(relation, rule) => {
                self.relation(relation);
                rule.condition.iter().for_each(|e| self.expr(e));
                self.expr(&rule.action);
            }
            ObjectRef::Extension(extension) => {
                extension
                    .schema
                    .iter()
                    .for_each(|s| self.bare(ObjectKind::Schema, s));
            }
            ObjectRef::Statistics(statistics) => {
                self.relation(&statistics.table);
                statistics.elements.iter().for_each(|e| self.expr(e));
            }
            ObjectRef::Opaque(opaque) => {
                opaque
                    .depends_on
                    .iter()
                    .for_each(|id| self.relation(&id.name));
            }
            ObjectRef::Sequence(_) | ObjectRef::Schema(_) | ObjectRef::VirtualTable(_) => {}
            other => self.rare(other),
        }
    }

    fn table(&mut self, table: &Table) {
        for column in &table.columns {
            self.data_type(&column.data_type);
            self.collation(column.collation.as_ref());
            column.default.iter().for_each(|e| self.expr(e));
            column
                .generated
                .iter()
                .for_each(|g| self.expr(&g.expression));
        }
        for constraint in &table.constraints {
            match &constraint.kind {
                ConstraintKind::Check { expression } => self.expr(expression),
                ConstraintKind::ForeignKey(fk) => {
                    self.edge(self.lookup.relation(&fk.target), Strength::ForeignKey);
                }
                ConstraintKind::Exclusion { elements, .. } => {
                    elements.iter().for_each(|e| self.element(&e.element));
                }
                _ => {}
            }
        }
        if let Some(partition) = &table.partition_of {
            self.relation(&partition.parent);
        }
        table.inherits.iter().for_each(|p| self.relation(p));
        if let Some(of_type) = &table.of_type {
            self.hard(self.lookup.type_name(of_type));
        }
        if let Some(partition_by) = &table.partition_by {
            partition_by.keys.iter().for_each(|e| self.element(e));
        }
        if let Some(foreign) = &table.foreign {
            self.bare(ObjectKind::ForeignServer, &foreign.server);
        }
    }

    fn constraint(&mut self, table: &Table, constraint: &Constraint) {
        self.relation(&table.name);
        if constraint.only {
            // Without partitions it would be valid.
            let partitions = self.lookup.partitions.get(&table.name);
            for partition in partitions.into_iter().flatten() {
                self.hard(Some(*partition));
            }
        }
        if let Some(fk) = constraint.as_foreign_key() {
            self.relation(&fk.target);
            let indexes = self.lookup.unique_indexes.get(&fk.target);
            for index in indexes.into_iter().flatten() {
                self.hard(Some(*index));
            }
        }
    }

    fn trigger(&mut self, relation: &QualifiedName, trigger: &Trigger) {
        self.relation(relation);
        self.routine(&trigger.function, Strength::Hard);
        trigger.from.iter().for_each(|t| self.relation(t));
        trigger.when.iter().for_each(|e| self.expr(e));
        if let Some(body) = &trigger.body {
            self.text(body.text(), Strength::Body);
        }
    }

    fn routine_needs(&mut self, routine: &Routine) {
        for argument in &routine.arguments {
            self.data_type(&argument.data_type);
            argument.default.iter().for_each(|e| self.expr(e));
        }
        if let Some(Returns::Type(t) | Returns::SetOf(t)) = &routine.returns {
            self.data_type(t);
        }
        self.bare(ObjectKind::Language, &routine.language);
        match &routine.body {
            RoutineBody::Standard(body) => self.expr(body),
            RoutineBody::Source(text) if matches!(routine.language.as_str(), "sql" | "plpgsql") => {
                self.text(text, Strength::Body);
            }
            _ => {}
        }
    }
}
