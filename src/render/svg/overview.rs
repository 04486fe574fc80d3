//! The map of a large schema: a box a group with its tables, a line where foreign keys lead from
//! one group to another.

use std::collections::BTreeMap;

use crate::model::QualifiedName;
use crate::render::erd::{Line, Picture, Row, TableBox};
use crate::render::grouping::Groups;
use crate::render::relations::Relations;

/// How much of each group the map shows.
#[derive(Clone, Copy)]
pub(in crate::render) struct Limits {
    /// To how many groups lines lead: those that most foreign keys lead to.
    pub(in crate::render) lines: usize,
    /// How many of its tables are named.
    pub(in crate::render) names: usize,
}

impl Limits {
    /// Every line, and a few names.
    pub(in crate::render) const WHOLE: Self = Self {
        lines: usize::MAX,
        names: 6,
    };
}

pub(in crate::render) fn picture(
    groups: &Groups,
    relations: &Relations<'_>,
    files: &[String],
    limits: Limits,
) -> Picture {
    let mut counts: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); groups.parts.len()];
    for edge in &relations.edges {
        if let (Some(from), Some(to)) = (groups.part_of[edge.child], groups.part_of[edge.parent])
            && from != to
        {
            *counts[from].entry(to).or_default() += 1;
        }
    }
    let mut picture = Picture {
        title: "Groups of tables".to_owned(),
        description: format!(
            "{} groups of tables, with the number of foreign keys from one to another.",
            groups.parts.len()
        ),
        ..Picture::default()
    };
    for (n, part) in groups.parts.iter().enumerate() {
        let mut rows = Vec::new();
        for (to, count) in strongest(&counts[n], limits.lines) {
            picture.lines.push(Line {
                edge: None,
                parent: to,
                child: n,
                parent_rows: Vec::new(),
                child_rows: vec![rows.len()],
                columns: Vec::new(),
                label: format!("{} → {}", part.title, groups.parts[to].title),
                parent_optional: false,
                child_unique: false,
                identifying: true,
            });
            rows.push(Row {
                name: format!("→ {}", groups.parts[to].title),
                type_text: count.to_string(),
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
            name: format!("{} ({})", part.title, part.members.len()),
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

/// The groups that most foreign keys lead to, in their order.
fn strongest(counts: &BTreeMap<usize, usize>, most: usize) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = counts.iter().map(|(to, n)| (*to, *n)).collect();
    all.sort_by_key(|(to, count)| (std::cmp::Reverse(*count), *to));
    all.truncate(most);
    all.sort_unstable();
    all
}

/// The members that most foreign keys touch first.
fn hubs(members: &[usize], relations: &Relations<'_>) -> Vec<usize> {
    let degree = |n: usize| relations.incoming[n].len() + relations.outgoing[n].len();
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|n| (std::cmp::Reverse(degree(*n)), *n));
    sorted
}
