//! Foreign keys seen from both ends, with their cardinality: what diagrams and documents share.
//!
//! Invariants: computed once a report; nodes stand in the order of their names, edges in the order
//! of their child and constraint, so that everything drawn from them is a function of the catalog.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Catalog, Constraint, ConstraintKind, ForeignKey, Ident, MatchType, QualifiedName, Table,
};

/// A table, or the name of one that nobody declared.
pub(crate) struct Node<'a> {
    pub(crate) name: &'a QualifiedName,
    pub(crate) table: Option<&'a Table>,
    /// Whether the schema owns it: neither external nor only referred to.
    pub(crate) own: bool,
}

impl Node<'_> {
    /// Whether it gets a box of its own: a partition is drawn as its partitioned table.
    pub(crate) fn is_drawn(&self) -> bool {
        self.own && self.table.is_some_and(|t| t.partition_of.is_none())
    }
}

/// A foreign key.
pub(crate) struct Edge<'a> {
    /// The referencing table.
    pub(crate) child: usize,
    /// The referenced table.
    pub(crate) parent: usize,
    pub(crate) constraint: &'a Constraint,
    pub(crate) key: &'a ForeignKey,
    /// A child may have no parent.
    pub(crate) parent_optional: bool,
    /// A parent has at most one child.
    pub(crate) child_unique: bool,
    /// The foreign key is part of the child's primary key.
    pub(crate) identifying: bool,
}

impl Edge<'_> {
    /// The referencing columns, comma separated.
    pub(crate) fn columns(&self) -> String {
        join(&self.key.columns)
    }
}

/// All tables and all foreign keys between them.
pub(crate) struct Relations<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) edges: Vec<Edge<'a>>,
    /// Edges by their child.
    pub(crate) outgoing: Vec<Vec<usize>>,
    /// Edges by their parent.
    pub(crate) incoming: Vec<Vec<usize>>,
}

impl<'a> Relations<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let mut names: BTreeSet<&QualifiedName> = catalog.tables.keys().collect();
        for table in catalog.tables.values() {
            names.extend(table.foreign_keys().map(|(_, key)| &key.target));
        }
        let by_name: BTreeMap<_, _> = names.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let nodes: Vec<Node<'a>> = names
            .into_iter()
            .map(|name| {
                let table = catalog.tables.get(name);
                let own = table.is_some() && !catalog.is_external(name);
                Node { name, table, own }
            })
            .collect();
        let mut edges = Vec::new();
        let mut outgoing = vec![Vec::new(); nodes.len()];
        let mut incoming = vec![Vec::new(); nodes.len()];
        for (child, node) in nodes.iter().enumerate() {
            let Some(table) = node.table else { continue };
            for (constraint, key) in table.foreign_keys() {
                let parent = by_name[&key.target];
                outgoing[child].push(edges.len());
                incoming[parent].push(edges.len());
                edges.push(edge(child, parent, table, constraint, key));
            }
        }
        Self {
            nodes,
            edges,
            outgoing,
            incoming,
        }
    }

    /// The tables that get a box of their own.
    pub(crate) fn drawn(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|n| self.nodes[*n].is_drawn())
    }
}

fn edge<'a>(
    child: usize,
    parent: usize,
    table: &Table,
    constraint: &'a Constraint,
    key: &'a ForeignKey,
) -> Edge<'a> {
    let primary = table.primary_key_columns();
    Edge {
        child,
        parent,
        constraint,
        key,
        parent_optional: parent_optional(table, key),
        child_unique: child_unique(table, key),
        identifying: key.columns.iter().all(|c| primary.contains(c)),
    }
}

/// MATCH SIMPLE asks nothing of a row with any null among the columns, MATCH FULL only of one
/// with all of them null.
fn parent_optional(table: &Table, key: &ForeignKey) -> bool {
    let primary = table.primary_key_columns();
    let nullable = |name: &Ident| {
        !primary.contains(name) && table.column(name).is_none_or(|column| !column.not_null)
    };
    match key.match_type {
        MatchType::Full => key.columns.iter().all(nullable),
        MatchType::Simple | MatchType::Partial => key.columns.iter().any(nullable),
    }
}

/// Some unique set of columns lies within the foreign key: a parent has one child at most.
fn child_unique(table: &Table, key: &ForeignKey) -> bool {
    unique_sets(table).any(|set| set.iter().all(|c| key.columns.contains(c)))
}

/// The column sets that are unique over the whole table.
pub(crate) fn unique_sets(table: &Table) -> impl Iterator<Item = Vec<&Ident>> {
    let constraints = table.constraints.iter().filter_map(|c| match &c.kind {
        ConstraintKind::PrimaryKey {
            columns,
            without_overlaps: false,
            ..
        }
        | ConstraintKind::Unique {
            columns,
            without_overlaps: false,
            ..
        } => Some(columns.iter().collect()),
        _ => None,
    });
    let indexes = table
        .indexes
        .iter()
        .filter(|i| i.unique && i.predicate.is_none())
        .filter_map(|i| i.plain_columns());
    constraints.chain(indexes).filter(|set| !set.is_empty())
}

pub(crate) fn join(names: &[Ident]) -> String {
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Index, IndexElement};

    fn table(name: &str, columns: &[(&str, bool)]) -> Table {
        Table {
            name: QualifiedName::new("public", name),
            columns: columns
                .iter()
                .map(|(name, not_null)| Column {
                    name: (*name).into(),
                    not_null: *not_null,
                    ..Column::default()
                })
                .collect(),
            ..Table::default()
        }
    }

    fn key(columns: &[&str], match_type: MatchType) -> Constraint {
        Constraint::new(
            "fk",
            ConstraintKind::ForeignKey(ForeignKey {
                columns: columns.iter().map(Ident::new).collect(),
                target: QualifiedName::new("auth", "users"),
                match_type,
                ..ForeignKey::default()
            }),
        )
    }

    fn primary(columns: &[&str]) -> Constraint {
        Constraint::new(
            "pk",
            ConstraintKind::PrimaryKey {
                columns: columns.iter().map(Ident::new).collect(),
                include: Vec::new(),
                storage: crate::model::Parameters::new(),
                tablespace: None,
                without_overlaps: false,
            },
        )
    }

    /// Optional parent, unique child, identifying.
    fn facts(table: Table) -> (bool, bool, bool) {
        let mut catalog = Catalog::default();
        catalog.tables.insert(table.name.clone(), table);
        let relations = Relations::new(&catalog);
        let edge = &relations.edges[0];
        assert!(!relations.nodes[edge.parent].own);
        (edge.parent_optional, edge.child_unique, edge.identifying)
    }

    #[test]
    fn one_nullable_column_makes_the_parent_optional_unless_match_full() {
        let mut t = table("t", &[("a", true), ("b", false)]);
        t.constraints = vec![key(&["a", "b"], MatchType::Simple)];
        assert_eq!(facts(t.clone()), (true, false, false));
        t.constraints = vec![key(&["a", "b"], MatchType::Full)];
        assert_eq!(facts(t.clone()), (false, false, false));
        t.columns[0].not_null = false;
        assert_eq!(facts(t), (true, false, false));
    }

    #[test]
    fn a_unique_set_within_the_key_makes_the_child_single() {
        let mut t = table("t", &[("a", true), ("b", true)]);
        t.constraints = vec![key(&["a", "b"], MatchType::Simple)];
        t.indexes = vec![Index {
            name: "i".into(),
            unique: true,
            elements: vec![IndexElement::column("a")],
            ..Index::default()
        }];
        assert_eq!(facts(t.clone()), (false, true, false));
        t.indexes[0].predicate = Some(crate::model::Expr::new("b > 0", "b > 0"));
        assert_eq!(facts(t.clone()), (false, false, false));
        t.indexes[0].predicate = None;
        t.indexes[0].elements = vec![IndexElement::column("a"), IndexElement::column("c")];
        assert_eq!(facts(t), (false, false, false));
    }

    #[test]
    fn a_key_within_the_primary_key_identifies() {
        let mut t = table("t", &[("a", false), ("b", true)]);
        t.constraints = vec![primary(&["a", "b"]), key(&["a"], MatchType::Simple)];
        assert_eq!(facts(t.clone()), (false, false, true));
        t.constraints = vec![primary(&["a"]), key(&["a"], MatchType::Simple)];
        assert_eq!(facts(t), (false, true, true));
    }
}
