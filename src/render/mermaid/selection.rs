//! Which tables and foreign keys a diagram shows.

use std::collections::BTreeSet;

use super::diagram::Selection;
use super::entity::Detail;
use crate::render::grouping::{Group, MAX_TABLES};
use crate::render::relations::Relations;

/// All of a schema, or all that is chosen of it; only what fits.
pub(crate) fn whole(
    relations: &Relations<'_>,
    members: Vec<usize>,
    detail: Detail,
    comments: bool,
) -> Selection {
    let group = Group {
        title: String::new(),
        members,
    };
    let mut selection = part(relations, &group, detail, comments);
    selection.title = "Tables and their foreign keys".to_owned();
    selection
}

/// A group with its outside parents as empty boxes.
pub(crate) fn part(
    relations: &Relations<'_>,
    group: &Group,
    detail: Detail,
    comments: bool,
) -> Selection {
    let members: BTreeSet<usize> = group.members.iter().copied().collect();
    let edges: Vec<usize> = members
        .iter()
        .flat_map(|n| relations.outgoing[*n].iter().copied())
        .collect();
    let parents: BTreeSet<usize> = edges.iter().map(|e| relations.edges[*e].parent).collect();
    // What does not fit is left out with its edges: a diagram shows its own tables first.
    let room = MAX_TABLES.saturating_sub(members.len());
    let outside: Vec<usize> = parents.difference(&members).copied().take(room).collect();
    let left_out = parents.difference(&members).count() - outside.len();
    let edges: Vec<usize> = edges
        .into_iter()
        .filter(|e| {
            let parent = relations.edges[*e].parent;
            members.contains(&parent) || outside.contains(&parent)
        })
        .collect();
    let mut description = match (members.len(), edges.len()) {
        (1, 1) => "1 table and 1 foreign key".to_owned(),
        (1, keys) => format!("1 table and {keys} foreign keys"),
        (tables, 1) => format!("{tables} tables and 1 foreign key"),
        (tables, keys) => format!("{tables} tables and {keys} foreign keys"),
    };
    if !outside.is_empty() {
        description.push_str(", with referenced tables from outside as empty boxes");
    }
    description.push('.');
    if left_out > 0 {
        description.push_str(&format!(
            " {left_out} more referenced tables from outside are not drawn."
        ));
    }
    Selection {
        title: format!("Tables: {}", group.title),
        description,
        tables: members.iter().map(|n| (*n, detail)).collect(),
        outside,
        edges,
        centre: None,
        comments,
    }
}

/// A table of more columns is drawn with those of its keys.
const MAX_COLUMNS: usize = 8;

/// A table with what it references and what references it. The second value is the number of
/// neighbours that did not fit.
pub(crate) fn around(relations: &Relations<'_>, centre: usize, title: &str) -> (Selection, usize) {
    let parents = relations.outgoing[centre]
        .iter()
        .map(|e| relations.edges[*e].parent);
    let children = relations.incoming[centre]
        .iter()
        .map(|e| relations.edges[*e].child);
    let mut neighbours: Vec<usize> = Vec::new();
    let mut seen = BTreeSet::from([centre]);
    for n in parents.chain(children) {
        if seen.insert(n) {
            neighbours.push(n);
        }
    }
    let left_out = neighbours.len().saturating_sub(MAX_TABLES - 1);
    neighbours.truncate(MAX_TABLES - 1);
    neighbours.sort_unstable();
    let drawn: BTreeSet<usize> = neighbours.iter().copied().chain([centre]).collect();
    let edges: BTreeSet<usize> = relations.outgoing[centre]
        .iter()
        .chain(&relations.incoming[centre])
        .copied()
        .filter(|e| {
            let edge = &relations.edges[*e];
            drawn.contains(&edge.parent) && drawn.contains(&edge.child)
        })
        .collect();
    // All columns of a wide table stand in the list of columns; here they would only take room.
    let columns = relations.nodes[centre].table.map_or(0, |t| t.columns.len());
    let detail = match columns {
        0..=MAX_COLUMNS => Detail::Columns,
        _ => Detail::Keys,
    };
    let mut tables = vec![(centre, detail)];
    let (near, outside): (Vec<usize>, Vec<usize>) = neighbours
        .into_iter()
        .partition(|n| relations.nodes[*n].own);
    tables.extend(near.into_iter().map(|n| (n, Detail::Keys)));
    let selection = Selection {
        title: format!("{title} and its neighbours"),
        description: format!("{title} with the tables it references and those that reference it."),
        tables,
        outside,
        edges: edges.into_iter().collect(),
        centre: Some(centre),
        comments: false,
    };
    (selection, left_out)
}
