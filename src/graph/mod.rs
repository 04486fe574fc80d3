//! The dependency graph over every object of a catalog; the only user of petgraph.
//!
//! Invariants: the order is a function of the catalog alone; stable order comes first, topology
//! second (PostgreSQL's pg_dump_sort.c); a cycle of foreign keys is cut, any other is reported.

mod arrange;
mod dependencies;
mod lookup;
mod order;
mod rare;

use std::collections::{BTreeSet, HashMap};

pub use arrange::arrange;

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::model::{Catalog, ObjectId};

/// Objects, what each needs to exist first, and an order in which they can be created.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// In the order of creation.
    pub order: Vec<ObjectId>,
    /// Edges from an object to what it depends on, as places in `order`, sorted by the objects'
    /// names: a name in every edge would be most of what a large graph takes.
    edges: Vec<(u32, u32)>,
    /// Foreign keys that cannot stand in their table's CREATE statement, because their target is
    /// created later.
    pub deferred: BTreeSet<ObjectId>,
    /// Sequences that something needs before the table is there that owns them.
    pub apart: BTreeSet<ObjectId>,
}

impl Graph {
    /// A graph with these edges; objects that only edges name come last in the order.
    pub fn new(mut order: Vec<ObjectId>, edges: &[(ObjectId, ObjectId)]) -> Self {
        if edges.is_empty() {
            return Self {
                order,
                ..Self::default()
            };
        }
        let mut places: HashMap<ObjectId, u32> = order.iter().cloned().zip(0..).collect();
        let mut place = |id: &ObjectId| {
            *places.entry(id.clone()).or_insert_with(|| {
                order.push(id.clone());
                u32::try_from(order.len() - 1).unwrap_or(u32::MAX)
            })
        };
        let edges = edges.iter().map(|(from, to)| (place(from), place(to)));
        let edges = edges.collect();
        let mut graph = Self {
            order,
            edges,
            ..Self::default()
        };
        graph.sort();
        graph
    }

    /// Edges from an object to what it depends on, sorted.
    pub fn edges(&self) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
        let id = |place: u32| &self.order[place as usize];
        self.edges
            .iter()
            .map(move |(from, to)| (id(*from), id(*to)))
    }

    fn sort(&mut self) {
        let ids = &self.order;
        let id = |place: u32| &ids[place as usize];
        self.edges
            .sort_unstable_by(|a, b| (id(a.0), id(a.1)).cmp(&(id(b.0), id(b.1))));
        self.edges.dedup();
    }
}

/// How much an edge means for the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// The one cannot be created without the other.
    Hard,
    /// A table after the target of its foreign key; the constraint can be added later.
    ForeignKey,
    /// A string body reads it; the server looks only when the function runs.
    Body,
}

/// Orders the objects of a catalog; a cycle that cannot be cut is reported with its path.
pub fn build(catalog: &Catalog, dialect: Dialect) -> (Graph, Vec<Diagnostic>) {
    let objects = catalog.objects();
    let lookup = lookup::Lookup::new(&objects, dialect);
    let edges = dependencies::edges(&objects, &lookup);
    let ordered = order::order(&objects, &edges);
    let deferred = dependencies::deferred(&objects, &ordered.cut);
    let mut places = vec![0; objects.len()];
    for (place, n) in (0..).zip(&ordered.order) {
        places[*n] = place;
    }
    let mut graph = Graph {
        order: ordered
            .order
            .iter()
            .map(|n| objects[*n].0.clone())
            .collect(),
        edges: edges
            .iter()
            .map(|e| (places[e.from], places[e.to]))
            .collect(),
        deferred,
        apart: dependencies::apart(&objects, &edges, &lookup, &places),
    };
    graph.sort();
    let diagnostics = ordered
        .cycles
        .iter()
        .map(|path| {
            let path: Vec<ObjectId> = path.iter().map(|n| objects[*n].0.clone()).collect();
            cycle(&path)
        })
        .collect();
    (graph, diagnostics)
}

fn cycle(path: &[ObjectId]) -> Diagnostic {
    let names: Vec<String> = path.iter().map(ToString::to_string).collect();
    let mut diagnostic = Diagnostic::error(
        "resolve/cycle",
        format!("objects depend on one another: {}", names.join(" -> ")),
    )
    .note("none of them can be created first")
    .help("take one of these dependencies out");
    diagnostic.object = path.first().cloned();
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Constraint, ConstraintKind, ForeignKey, Ident, ObjectKind, QualifiedName, Query, Table,
        View,
    };

    fn table(name: &str, targets: &[&str]) -> Table {
        let constraints = targets
            .iter()
            .map(|t| {
                let fk = ForeignKey {
                    columns: vec![Ident::new("x")],
                    target: QualifiedName::new("public", *t),
                    ..ForeignKey::default()
                };
                Constraint::new(format!("{name}_{t}_fkey"), ConstraintKind::ForeignKey(fk))
            })
            .collect();
        Table {
            name: QualifiedName::new("public", name),
            constraints,
            ..Table::default()
        }
    }

    fn catalog(tables: Vec<Table>, views: &[(&str, &str)]) -> Catalog {
        let mut catalog = Catalog::default();
        for t in tables {
            catalog.tables.insert(t.name.clone(), t);
        }
        for (name, text) in views {
            let name = QualifiedName::new("public", *name);
            let view = View {
                name: name.clone(),
                query: Query::new(*text, *text),
                ..View::default()
            };
            catalog.views.insert(name, view);
        }
        catalog
    }

    fn relations(graph: &Graph) -> Vec<&str> {
        let kinds = [ObjectKind::Table, ObjectKind::View];
        let order = graph.order.iter().filter(|id| kinds.contains(&id.kind));
        order.map(|id| id.name.name.as_str()).collect()
    }

    #[test]
    fn parents_come_first_then_names() {
        let catalog = catalog(
            vec![table("a", &["z"]), table("b", &[]), table("z", &[])],
            &[],
        );
        let (graph, problems) = build(&catalog, Dialect::Postgres);
        assert!(problems.is_empty());
        assert_eq!(relations(&graph), ["b", "z", "a"]);
        assert!(graph.deferred.is_empty());
    }

    #[test]
    fn a_cycle_of_foreign_keys_is_cut_once() {
        let catalog = catalog(
            vec![table("a", &["b"]), table("b", &["a"]), table("c", &["a"])],
            &[],
        );
        let (graph, problems) = build(&catalog, Dialect::Postgres);
        assert!(problems.is_empty());
        assert_eq!(relations(&graph), ["a", "b", "c"]);
        let deferred: Vec<String> = graph.deferred.iter().map(ObjectId::path).collect();
        assert_eq!(deferred, ["public.a.a_b_fkey"]);
    }

    #[test]
    fn views_follow_what_they_read() {
        let views = [
            ("a", "SELECT * FROM c"),
            ("c", "SELECT * FROM t"),
            ("b", "SELECT 1"),
        ];
        let (graph, _) = build(&catalog(vec![table("t", &[])], &views), Dialect::Postgres);
        assert_eq!(relations(&graph), ["t", "b", "c", "a"]);
    }

    #[test]
    fn a_cycle_of_views_is_reported_with_its_path() {
        let views = [("a", "SELECT * FROM b"), ("b", "SELECT * FROM a")];
        let (graph, problems) = build(&catalog(vec![], &views), Dialect::Postgres);
        assert_eq!(graph.order.len(), 2);
        assert_eq!(
            problems[0].headline,
            "objects depend on one another: view public.a -> view public.b -> view public.a"
        );
    }
}
