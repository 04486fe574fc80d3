//! Which tables stand together: in lists by what the author says, in diagrams also by size.
//!
//! Invariants: every drawn table is in exactly one section and exactly one part; a part holds at
//! most [`MAX_TABLES`] tables; both are functions of the catalog alone.

use std::collections::{BTreeMap, BTreeSet};

use super::relations::Relations;
use crate::model::{Catalog, ObjectId};

/// The most tables that one diagram shows legibly.
pub(crate) const MAX_TABLES: usize = 25;

/// Groups of fewer tables than this are drawn together.
const SMALL: usize = 4;

/// Tables that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// As people read it; empty where a schema has one section only.
    pub(crate) title: String,
    /// Nodes of the [`Relations`], in order.
    pub(crate) members: Vec<usize>,
}

/// The tables as lists show them (`sections`) and as diagrams do (`parts`).
pub(crate) struct Groups {
    pub(crate) sections: Vec<Group>,
    pub(crate) parts: Vec<Group>,
    /// The part of each node, where it has one.
    pub(crate) part_of: Vec<Option<usize>>,
    /// Whether an author put any table into a group.
    pub(crate) declared: bool,
}

impl Groups {
    pub(crate) fn new(catalog: &Catalog, relations: &Relations<'_>) -> Self {
        let sections = sections(catalog, relations);
        let mut parts = Vec::new();
        for section in &sections {
            if section.members.len() <= MAX_TABLES {
                parts.push(section.clone());
            } else {
                split(section, relations, &mut parts);
            }
        }
        let mut part_of = vec![None; relations.nodes.len()];
        for (n, part) in parts.iter().enumerate() {
            for member in &part.members {
                part_of[*member] = Some(n);
            }
        }
        let declared = relations.drawn().any(|n| {
            let notes = catalog.notes(&ObjectId::table(relations.nodes[n].name));
            notes.is_some_and(|notes| notes.group.is_some())
        });
        Self {
            sections,
            parts,
            part_of,
            declared,
        }
    }

    /// Leaves tables out, and groups that hold no other ones.
    pub(crate) fn keep(&mut self, chosen: impl Fn(usize) -> bool) {
        for groups in [&mut self.sections, &mut self.parts] {
            for group in groups.iter_mut() {
                group.members.retain(|n| chosen(*n));
            }
            groups.retain(|group| !group.members.is_empty());
        }
        self.part_of.fill(None);
        for (n, part) in self.parts.iter().enumerate() {
            for member in &part.members {
                self.part_of[*member] = Some(n);
            }
        }
    }
}

/// By the author's groups; where there are none, by schema; else all in one.
fn sections(catalog: &Catalog, relations: &Relations<'_>) -> Vec<Group> {
    let mut by_group: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_schema: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for n in relations.drawn() {
        let name = relations.nodes[n].name;
        let notes = catalog.notes(&ObjectId::table(name));
        let group = notes.and_then(|notes| notes.group.as_deref());
        by_group.entry(group.unwrap_or("")).or_default().push(n);
        by_schema.entry(name.schema_str()).or_default().push(n);
    }
    let declared = by_group.keys().any(|group| !group.is_empty());
    let by_title = if declared {
        by_group
    } else if by_schema.len() > 1 {
        by_schema
    } else {
        by_group
    };
    let mut groups: Vec<Group> = by_title
        .into_iter()
        .map(|(title, members)| Group {
            title: title.to_owned(),
            members,
        })
        .collect();
    // Tables without a group come last, under a title of their own.
    if groups.len() > 1 && groups[0].title.is_empty() {
        groups[0].title = "Other tables".to_owned();
        groups.rotate_left(1);
    }
    groups
}

/// Cuts a section that is too large for one diagram along the lines where few references cross.
fn split(section: &Group, relations: &Relations<'_>, parts: &mut Vec<Group>) {
    let mut small = Vec::new();
    let mut titled = BTreeMap::new();
    for mut members in communities(&section.members, relations) {
        if members.len() < SMALL {
            small.append(&mut members);
        } else {
            titled.insert(hub(&members, relations), members);
        }
    }
    let prefix = match section.title.as_str() {
        "" => String::new(),
        title => format!("{title}: "),
    };
    for (hub, members) in titled {
        let title = format!("{prefix}around {}", relations.nodes[hub].name.name);
        parts.push(Group { title, members });
    }
    small.sort_unstable();
    let chunks: Vec<&[usize]> = small.chunks(MAX_TABLES).collect();
    for chunk in &chunks {
        // Several of them are told apart as the volumes of a dictionary are.
        let title = match (chunk, chunks.len()) {
            ([first, .., last], 2..) => {
                let name = |n: &usize| &relations.nodes[*n].name.name;
                format!("{prefix}{} to {}", name(first), name(last))
            }
            ([only], 2..) => format!("{prefix}{}", relations.nodes[*only].name.name),
            _ => format!("{prefix}others"),
        };
        let members = chunk.to_vec();
        parts.push(Group { title, members });
    }
}

/// The member that the most foreign keys touch; the first by name among equals.
fn hub(members: &[usize], relations: &Relations<'_>) -> usize {
    let degree = |n: usize| relations.outgoing[n].len() + 2 * relations.incoming[n].len();
    let mut best = members[0];
    for member in members {
        if degree(*member) > degree(best) {
            best = *member;
        }
    }
    best
}

/// Bounded greedy modularity (Clauset, Newman and Moore, 2004): joins the two communities that gain
/// most until nothing gains or all would be too large.
///
/// The gain of a join is `w/m - d1*d2/(2*m*m)`; times `2*m*m` it is an integer, so that the result
/// does not depend on rounding.
fn communities(members: &[usize], relations: &Relations<'_>) -> Vec<Vec<usize>> {
    let mut state = Communities::new(members, relations);
    while let Some((gain, a, b)) = state.queue.pop_first() {
        if gain >= 0 {
            break;
        }
        if state.members[a].len() + state.members[b].len() <= MAX_TABLES {
            state.join(a, b);
        }
    }
    let mut all: Vec<Vec<usize>> = state.members;
    all.retain(|community| !community.is_empty());
    for community in &mut all {
        community.sort_unstable();
    }
    all.sort_unstable();
    all
}

struct Communities {
    members: Vec<Vec<usize>>,
    /// The number of foreign keys between two communities.
    weights: Vec<BTreeMap<usize, i64>>,
    degrees: Vec<i64>,
    total: i64,
    /// Negated gains, so that the best comes first; the smaller community number stands first.
    queue: BTreeSet<(i64, usize, usize)>,
}

impl Communities {
    fn new(members: &[usize], relations: &Relations<'_>) -> Self {
        let local: BTreeMap<usize, usize> =
            members.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let mut weights = vec![BTreeMap::new(); members.len()];
        let mut degrees = vec![0; members.len()];
        let mut total = 0;
        for (i, member) in members.iter().enumerate() {
            for edge in &relations.outgoing[*member] {
                let Some(j) = local.get(&relations.edges[*edge].parent).copied() else {
                    continue;
                };
                if i != j {
                    *weights[i].entry(j).or_insert(0) += 1;
                    *weights[j].entry(i).or_insert(0) += 1;
                    degrees[i] += 1;
                    degrees[j] += 1;
                    total += 1;
                }
            }
        }
        let mut state = Self {
            members: members.iter().map(|n| vec![*n]).collect(),
            weights,
            degrees,
            total,
            queue: BTreeSet::new(),
        };
        for a in 0..members.len() {
            state.enqueue(a, |b| a < b);
        }
        state
    }

    fn entry(&self, a: usize, b: usize, weight: i64) -> (i64, usize, usize) {
        let gain = 2 * self.total * weight - self.degrees[a] * self.degrees[b];
        (-gain, a.min(b), a.max(b))
    }

    fn enqueue(&mut self, a: usize, wanted: impl Fn(usize) -> bool) {
        let entries: Vec<_> = self.weights[a]
            .iter()
            .filter(|(b, _)| wanted(**b))
            .map(|(b, weight)| self.entry(a, *b, *weight))
            .collect();
        self.queue.extend(entries);
    }

    fn dequeue(&mut self, a: usize) {
        for (b, weight) in &self.weights[a] {
            let entry = self.entry(a, *b, *weight);
            self.queue.remove(&entry);
        }
    }

    /// Joins `b` into `a`.
    fn join(&mut self, a: usize, b: usize) {
        self.dequeue(a);
        self.dequeue(b);
        let moved = std::mem::take(&mut self.members[b]);
        self.members[a].extend(moved);
        for (c, weight) in std::mem::take(&mut self.weights[b]) {
            self.weights[c].remove(&b);
            if c != a {
                *self.weights[a].entry(c).or_insert(0) += weight;
                *self.weights[c].entry(a).or_insert(0) += weight;
            }
        }
        self.degrees[a] += std::mem::take(&mut self.degrees[b]);
        self.enqueue(a, |_| true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Constraint, ConstraintKind, ForeignKey, Notes, QualifiedName, Table};

    fn catalog(tables: usize, edges: &[(usize, usize)]) -> Catalog {
        let name = |n: usize| QualifiedName::new("public", format!("t{n:03}"));
        let mut catalog = Catalog::default();
        for n in 0..tables {
            let mut table = Table {
                name: name(n),
                ..Table::default()
            };
            for (_, to) in edges.iter().filter(|(from, _)| *from == n) {
                table.constraints.push(Constraint::new(
                    format!("fk{to}"),
                    ConstraintKind::ForeignKey(ForeignKey {
                        columns: vec!["a".into()],
                        target: name(*to),
                        ..ForeignKey::default()
                    }),
                ));
            }
            catalog.tables.insert(name(n), table);
        }
        catalog
    }

    fn groups(catalog: &Catalog) -> Groups {
        Groups::new(catalog, &Relations::new(catalog))
    }

    #[test]
    fn a_small_schema_is_one_part() {
        let found = groups(&catalog(25, &[]));
        assert_eq!(found.parts.len(), 1);
        assert_eq!(found.parts[0].title, "");
    }

    #[test]
    fn two_stars_are_told_apart() {
        let mut edges: Vec<_> = (1..20).map(|n| (n, 0)).collect();
        edges.extend((21..40).map(|n| (n, 20)));
        edges.push((20, 0));
        let found = groups(&catalog(42, &edges));
        let shapes: Vec<_> = found
            .parts
            .iter()
            .map(|p| (p.title.as_str(), p.members.len()))
            .collect();
        assert_eq!(
            shapes,
            [("around t000", 20), ("around t020", 20), ("others", 2)]
        );
    }

    #[test]
    fn a_star_larger_than_a_diagram_is_cut() {
        let edges: Vec<_> = (1..90).map(|n| (n, 0)).collect();
        let found = groups(&catalog(90, &edges));
        let total: usize = found.parts.iter().map(|p| p.members.len()).sum();
        assert_eq!(total, 90);
        assert!(found.parts.iter().all(|p| p.members.len() <= MAX_TABLES));
    }

    #[test]
    fn the_author_s_groups_come_before_schemas() {
        let mut catalog = catalog(3, &[]);
        let id = ObjectId::table(&QualifiedName::new("public", "t001"));
        catalog.notes.insert(
            id,
            Notes {
                group: Some("core".into()),
                ..Notes::default()
            },
        );
        let titles: Vec<_> = groups(&catalog)
            .sections
            .into_iter()
            .map(|g| (g.title, g.members))
            .collect();
        assert_eq!(
            titles,
            [
                ("core".to_owned(), vec![1]),
                ("Other tables".to_owned(), vec![0, 2])
            ]
        );
    }
}
