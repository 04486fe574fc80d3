//! Kahn's algorithm over a sorted set, with cycles cut where they may be.

use std::collections::{BTreeSet, HashSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::Strength;
use super::dependencies::Edge;
use crate::model::{Ident, ObjectId, ObjectKind, ObjectRef, QualifiedName};

/// The result of ordering: positions in the list of objects.
pub(super) struct Ordered {
    pub(super) order: Vec<usize>,
    /// Edges of foreign keys that were cut: from a table, to its target.
    pub(super) cut: HashSet<(usize, usize)>,
    /// Cycles that could not be cut; the first object stands at the end again.
    pub(super) cycles: Vec<Vec<usize>>,
}

/// Where an object stands when nothing else decides: kinds first, what belongs to a relation right
/// behind it.
type Key<'a> = (
    ObjectKind,
    &'a QualifiedName,
    u8,
    Option<&'a Ident>,
    Option<&'a str>,
    usize,
);

fn key<'a>(n: usize, id: &'a ObjectId, object: &ObjectRef<'a>) -> Key<'a> {
    let (kind, relation, part) = match object {
        ObjectRef::Constraint(table, _) => (ObjectKind::Table, &table.name, 1),
        ObjectRef::Index(relation, _) => (ObjectKind::Table, *relation, 2),
        ObjectRef::Statistics(statistics) => (ObjectKind::Table, &statistics.table, 3),
        ObjectRef::Rule(relation, _) => (ObjectKind::Table, *relation, 4),
        ObjectRef::Trigger(relation, _) => (ObjectKind::Table, *relation, 5),
        ObjectRef::Policy(relation, _) => (ObjectKind::Table, *relation, 6),
        _ => (id.kind, &id.name, 0),
    };
    (
        kind,
        relation,
        part,
        id.member.as_ref(),
        id.signature.as_deref(),
        n,
    )
}

struct Sorter<'a> {
    keys: Vec<Key<'a>>,
    /// For each object the edges of those that wait for it.
    waiting: Vec<Vec<(usize, bool)>>,
    hard: Vec<usize>,
    /// Unmet edges that may be cut, because they lie within a cycle and are not hard.
    soft: Vec<usize>,
    ready: BTreeSet<Key<'a>>,
    candidates: BTreeSet<Key<'a>>,
    done: Vec<bool>,
}

/// Orders the objects.
pub(super) fn order<'a>(objects: &'a [(ObjectId, ObjectRef<'a>)], edges: &[Edge]) -> Ordered {
    let ends = edges.iter().map(|e| (e.from, e.to));
    let components = components(objects.len(), ends);
    let mut sorter = Sorter::new(objects, edges, &components);
    let mut ordered = Ordered {
        order: Vec::with_capacity(objects.len()),
        cut: HashSet::new(),
        cycles: Vec::new(),
    };
    while ordered.order.len() < objects.len() {
        let next = match sorter
            .ready
            .pop_first()
            .or_else(|| sorter.candidates.pop_first())
        {
            Some(key) => key.5,
            None => sorter.break_hard_cycle(edges, &mut ordered.cycles),
        };
        for edge in edges_of(edges, next) {
            if edge.strength == Strength::ForeignKey && !sorter.done[edge.to] && edge.to != next {
                ordered.cut.insert((edge.from, edge.to));
            }
        }
        sorter.finish(next);
        ordered.order.push(next);
    }
    ordered
}

/// The edges that start at an object; edges are sorted by where they start.
fn edges_of(edges: &[Edge], from: usize) -> &[Edge] {
    let start = edges.partition_point(|e| e.from < from);
    let end = edges.partition_point(|e| e.from <= from);
    &edges[start..end]
}

/// The strongly connected component of each object.
pub(super) fn components(
    count: usize,
    edges: impl ExactSizeIterator<Item = (usize, usize)>,
) -> Vec<usize> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(count, edges.len());
    for _ in 0..count {
        graph.add_node(());
    }
    for (from, to) in edges {
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
    }
    let mut component = vec![0; count];
    for (n, members) in tarjan_scc(&graph).into_iter().enumerate() {
        for member in members {
            component[member.index()] = n;
        }
    }
    component
}

impl<'a> Sorter<'a> {
    fn new(objects: &'a [(ObjectId, ObjectRef<'a>)], edges: &[Edge], components: &[usize]) -> Self {
        let count = objects.len();
        let mut sorter = Self {
            keys: objects
                .iter()
                .enumerate()
                .map(|(n, (id, o))| key(n, id, o))
                .collect(),
            waiting: vec![Vec::new(); count],
            hard: vec![0; count],
            soft: vec![0; count],
            ready: BTreeSet::new(),
            candidates: BTreeSet::new(),
            done: vec![false; count],
        };
        for edge in edges.iter().filter(|e| e.from != e.to) {
            let soft =
                edge.strength != Strength::Hard && components[edge.from] == components[edge.to];
            sorter.waiting[edge.to].push((edge.from, soft));
            if soft {
                sorter.soft[edge.from] += 1;
            } else {
                sorter.hard[edge.from] += 1;
            }
        }
        for n in 0..count {
            sorter.settle(n);
        }
        sorter
    }

    /// Puts an object among those that can come next, or that can when a cycle is cut.
    fn settle(&mut self, n: usize) {
        if self.hard[n] > 0 || self.done[n] {
            return;
        }
        if self.soft[n] == 0 {
            self.candidates.remove(&self.keys[n]);
            self.ready.insert(self.keys[n]);
        } else {
            self.candidates.insert(self.keys[n]);
        }
    }

    fn finish(&mut self, n: usize) {
        self.done[n] = true;
        self.candidates.remove(&self.keys[n]);
        for (from, soft) in std::mem::take(&mut self.waiting[n]) {
            let count = if soft {
                &mut self.soft[from]
            } else {
                &mut self.hard[from]
            };
            *count = count.saturating_sub(1);
            self.settle(from);
        }
    }

    /// Nothing can come next: finds a cycle to report, and goes on with its first object.
    fn break_hard_cycle(&mut self, edges: &[Edge], cycles: &mut Vec<Vec<usize>>) -> usize {
        let left = (0..self.done.len()).filter(|n| !self.done[*n]);
        let Some(start) = left.min_by_key(|n| self.keys[*n]) else {
            return 0;
        };
        let mut path = vec![start];
        let mut at = start;
        // Whoever waits has something unfinished to wait for, so the walk comes round again.
        while let Some(next) = edges_of(edges, at)
            .iter()
            .filter(|e| e.strength == Strength::Hard && e.to != at && !self.done[e.to])
            .map(|e| e.to)
            .min_by_key(|n| self.keys[*n])
        {
            if let Some(first) = path.iter().position(|n| *n == next) {
                let mut cycle = path.split_off(first);
                cycle.push(next);
                let first = cycle[0];
                cycles.push(cycle);
                return first;
            }
            path.push(next);
            at = next;
        }
        start
    }
}
