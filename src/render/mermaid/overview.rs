//! The map of a large schema: a node a group, an arrow with the number of foreign keys between two.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::diagram::MAX_BYTES;
use super::text::{label, sentence};
use crate::render::grouping::Groups;
use crate::render::relations::Relations;

/// The most groups shown: the largest ones.
const MAX_GROUPS: usize = 50;

/// The most arrows shown: those of the most foreign keys. Mermaid refuses more than 500.
const MAX_ARROWS: usize = 200;

/// The text of the map, with a line end at its end.
pub(crate) fn overview(groups: &Groups, relations: &Relations<'_>) -> String {
    let mut most = MAX_ARROWS;
    loop {
        let text = draw(groups, relations, most);
        if text.len() <= MAX_BYTES || most == 0 {
            return text;
        }
        most /= 2;
    }
}

fn draw(groups: &Groups, relations: &Relations<'_>, most: usize) -> String {
    let shown = largest(groups);
    let (arrows, inside) = count(groups, relations);
    let mut out = String::from("flowchart LR\n");
    out.push_str("    accTitle: Groups of tables\n");
    let more = match groups.parts.len() - shown.len() {
        0 => String::new(),
        n => format!(" {n} smaller groups are not drawn."),
    };
    let text = format!(
        "{} groups with the number of foreign keys from one to another.{more}",
        groups.parts.len()
    );
    out.push_str(&format!("    accDescr: {}\n", sentence(&text)));
    for part in &shown {
        let group = &groups.parts[*part];
        let tables = plural(group.members.len(), "table");
        let keys = plural(inside[*part], "foreign key");
        let title = label(&group.title);
        out.push_str(&format!(
            "    g{}[\"{title}<br/>{tables}, {keys}\"]\n",
            part + 1
        ));
    }
    let mut arrows: Vec<_> = arrows
        .into_iter()
        .filter(|((from, to), _)| shown.contains(from) && shown.contains(to))
        .collect();
    arrows.sort_by_key(|(ends, count)| (Reverse(*count), *ends));
    arrows.truncate(most);
    arrows.sort_unstable();
    for ((from, to), count) in arrows {
        out.push_str(&format!("    g{} -->|\"{count}\"| g{}\n", from + 1, to + 1));
    }
    out
}

/// The parts that are shown, in order.
fn largest(groups: &Groups) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..groups.parts.len()).collect();
    shown.sort_by_key(|n| (Reverse(groups.parts[*n].members.len()), *n));
    shown.truncate(MAX_GROUPS);
    shown.sort_unstable();
    shown
}

/// Foreign keys between parts, from the referencing to the referenced one, and within each.
fn count(
    groups: &Groups,
    relations: &Relations<'_>,
) -> (BTreeMap<(usize, usize), usize>, Vec<usize>) {
    let mut arrows = BTreeMap::new();
    let mut inside = vec![0; groups.parts.len()];
    for edge in &relations.edges {
        match (groups.part_of[edge.child], groups.part_of[edge.parent]) {
            (Some(from), Some(to)) if from == to => inside[from] += 1,
            (Some(from), Some(to)) => *arrows.entry((from, to)).or_insert(0) += 1,
            _ => {}
        }
    }
    (arrows, inside)
}

fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}
