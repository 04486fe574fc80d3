//! The map of a large schema: a box a group with its tables, a line where foreign keys lead from
//! one group to another.
//!
//! Invariants: a box names the groups that most of its foreign keys lead to, and no more lines are
//! drawn than an eye can follow: those of the most foreign keys.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::QualifiedName;
use crate::render::erd::{Line, Picture, Row, TableBox};
use crate::render::grouping::Groups;
use crate::render::relations::Relations;

/// How much of each group the map shows.
#[derive(Clone, Copy)]
pub(in crate::render) struct Limits {
    /// How many of the groups are named that it refers to: those that most foreign keys lead to.
    pub(in crate::render) lines: usize,
    /// How many of its tables are named.
    pub(in crate::render) names: usize,
}

impl Limits {
    /// As much as a picture of its own holds.
    pub(in crate::render) const WHOLE: Self = Self { lines: 8, names: 6 };
}

/// The most lines that are drawn, for each group: those that have none are named in their rows.
const LINES: usize = 2;

pub(in crate::render) fn picture(
    groups: &Groups,
    relations: &Relations<'_>,
    files: &[String],
    limits: Limits,
) -> Picture {
    let targets = targets(groups, relations, limits.lines);
    let drawn = strongest(&targets);
    let all: usize = targets.iter().map(|of| of.named.len() + of.others).sum();
    let fewer = match all - drawn.len() {
        0 => String::new(),
        _ => format!(" Of {all} such pairs, {} have a line.", drawn.len()),
    };
    let mut picture = Picture {
        title: "Groups of tables".to_owned(),
        description: format!(
            "{} groups of tables, with the number of foreign keys from one to another.{fewer}",
            groups.parts.len()
        ),
        ..Picture::default()
    };
    for (n, part) in groups.parts.iter().enumerate() {
        let mut rows = Vec::new();
        for (to, count) in &targets[n].named {
            if drawn.contains(&(n, *to)) {
                picture.lines.push(Line {
                    edge: None,
                    parent: *to,
                    child: n,
                    parent_rows: Vec::new(),
                    child_rows: vec![rows.len()],
                    columns: Vec::new(),
                    label: format!("{} → {}", part.title, groups.parts[*to].title),
                    parent_optional: false,
                    child_unique: false,
                    identifying: true,
                });
            }
            rows.push(Row {
                name: format!("→ {}", short(&groups.parts[*to].title)),
                type_text: count.to_string(),
                ..Row::default()
            });
        }
        if targets[n].others > 0 {
            rows.push(Row {
                name: format!("→ {} more", targets[n].others),
                ..Row::default()
            });
        }
        let names = hubs(&part.members, relations);
        rows.extend(names.iter().take(limits.names).map(|table| Row {
            name: relations.nodes[*table].name.name.to_string(),
            ..Row::default()
        }));
        picture.tables.push(TableBox {
            qualified: QualifiedName::bare(part.title.as_str()),
            name: format!("{} ({})", short(&part.title), part.members.len()),
            comment: None,
            rows,
            hidden: part.members.len().saturating_sub(limits.names),
            group: None,
            outside: false,
            link: Some(format!("erd/{}.svg", files[n])),
        });
    }
    picture
}

/// As much of a title as leaves room for what stands beside it.
fn short(title: &str) -> String {
    const MOST: usize = 28;
    match title.char_indices().nth(MOST) {
        None => title.to_owned(),
        Some((at, _)) => format!("{}…", title[..at].trim_end_matches([' ', '_'])),
    }
}

/// The groups that one refers to.
#[derive(Clone, Default)]
struct Targets {
    /// With the number of foreign keys, in the order of the groups.
    named: Vec<(usize, usize)>,
    others: usize,
}

fn targets(groups: &Groups, relations: &Relations<'_>, most: usize) -> Vec<Targets> {
    let mut counts: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); groups.parts.len()];
    for edge in &relations.edges {
        if let (Some(from), Some(to)) = (groups.part_of[edge.child], groups.part_of[edge.parent])
            && from != to
        {
            *counts[from].entry(to).or_default() += 1;
        }
    }
    let of_one = |counts: BTreeMap<usize, usize>| {
        let mut named: Vec<(usize, usize)> = counts.into_iter().collect();
        let others = named.len().saturating_sub(most);
        named.sort_by_key(|(to, count)| (Reverse(*count), *to));
        named.truncate(most);
        named.sort_unstable();
        Targets { named, others }
    };
    counts.into_iter().map(of_one).collect()
}

/// The pairs of groups that are drawn with a line.
fn strongest(targets: &[Targets]) -> BTreeSet<(usize, usize)> {
    let of_one = |(n, of): (usize, &Targets)| {
        let pairs = of.named.iter();
        pairs
            .map(move |(to, count)| (Reverse(*count), n, *to))
            .collect::<Vec<_>>()
    };
    let mut pairs: Vec<_> = targets.iter().enumerate().flat_map(of_one).collect();
    pairs.sort_unstable();
    pairs.truncate(LINES * targets.len());
    pairs.into_iter().map(|(_, from, to)| (from, to)).collect()
}

/// The members that most foreign keys touch first.
fn hubs(members: &[usize], relations: &Relations<'_>) -> Vec<usize> {
    let degree = |n: usize| relations.incoming[n].len() + relations.outgoing[n].len();
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|n| (Reverse(degree(*n)), *n));
    sorted
}
