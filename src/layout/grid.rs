//! Blocks in columns with the lanes that lines take through columns they only pass.
//!
//! Invariants: all lines to one port on one side of it are a [`Run`], which passes each gap between
//! columns at most once; gap `g` is the one to the left of column `g`, so that there is one gap
//! more than columns.

use std::collections::BTreeMap;

use super::solve::Level;

/// Something that takes room in a column: a block, or the lane of a run.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) height: i32,
    /// Whether it is a line, not a box.
    pub(super) thin: bool,
    pub(super) column: usize,
    pub(super) y: i32,
    pub(super) ties: Vec<Tie>,
}

/// What an item is connected to in its own or a neighbouring column.
#[derive(Clone)]
pub(super) struct Tie {
    pub(super) other: usize,
    /// The offsets of the two ports.
    pub(super) at: i32,
    pub(super) other_at: i32,
    /// The number of lines along it.
    pub(super) weight: i64,
}

/// A port at a gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    pub(super) item: usize,
    pub(super) at: i32,
    /// Whether the item is the one to the left of the gap.
    pub(super) left: bool,
}

/// What a run does in one gap.
#[derive(Clone)]
pub(super) struct Hop {
    pub(super) gap: usize,
    pub(super) source: End,
    /// The link that ends there, or `None` for the lane into the next gap.
    pub(super) targets: Vec<(End, Option<usize>)>,
}

/// The lines that leave one port on one side.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) hops: Vec<Hop>,
}

#[derive(Clone, Default)]
pub(super) struct Grid {
    /// The blocks first, by number, then the lanes.
    pub(super) items: Vec<Item>,
    /// From top to bottom.
    pub(super) columns: Vec<Vec<usize>>,
    pub(super) runs: Vec<Run>,
}

impl Grid {
    /// `column_of` is by block; the order within columns is that of `rank`.
    pub(super) fn new(level: &Level, column_of: &[usize], rank: &[usize]) -> Self {
        let count = column_of.iter().max().map_or(0, |last| last + 1);
        let items = level
            .blocks
            .iter()
            .zip(column_of)
            .map(|(block, column)| Item {
                height: block.height,
                thin: block.pin.is_some(),
                column: *column,
                y: 0,
                ties: Vec::new(),
            });
        let mut grid = Self {
            items: items.collect(),
            columns: vec![Vec::new(); count],
            runs: Vec::new(),
        };
        let mut blocks: Vec<usize> = (0..level.blocks.len()).collect();
        blocks.sort_by_key(|block| rank[*block]);
        for block in blocks {
            grid.columns[column_of[block]].push(block);
        }
        let mut nets: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (n, link) in level.links.iter().enumerate() {
            nets.entry(link.parent).or_default().push(n);
        }
        for (port, links) in nets {
            let home = column_of[port.node];
            let column = |link: &usize| column_of[level.links[*link].child.node];
            // What stands in the parent's own column joins the lines that leave on one side only.
            let only_left = !level.framed
                && links.iter().any(|link| column(link) < home)
                && links.iter().all(|link| column(link) <= home);
            let (mut right, mut left) = (BTreeMap::new(), BTreeMap::new());
            for link in links {
                let side: &mut BTreeMap<usize, Vec<_>> = match column(&link) < home || only_left {
                    true => &mut left,
                    false => &mut right,
                };
                let child = level.links[link].child;
                let end = (child.node, child.y, link);
                side.entry(column(&link)).or_default().push(end);
            }
            let source = (port.node, port.y);
            grid.run(source, &right, true);
            grid.run(source, &left, false);
        }
        grid
    }

    /// The heights of lanes, by what they are part of: a port, its side, and a column.
    pub(super) fn lane_heights(&self) -> BTreeMap<(End, usize), i32> {
        let mut heights = BTreeMap::new();
        for run in &self.runs {
            let Some(first) = run.hops.first() else {
                continue;
            };
            for hop in &run.hops[1..] {
                let lane = &self.items[hop.source.item];
                heights.insert((first.source, lane.column), lane.y);
            }
        }
        heights
    }

    /// Gives blocks these heights, and lanes those they had or the height of their port; the order
    /// in columns follows.
    pub(super) fn take_heights(&mut self, blocks: &[i32], lanes: &BTreeMap<(End, usize), i32>) {
        for (item, y) in self.items.iter_mut().zip(blocks) {
            item.y = *y;
        }
        for run in &self.runs {
            let Some(first) = run.hops.first() else {
                continue;
            };
            let port = self.items[first.source.item].y + first.source.at;
            for hop in &run.hops[1..] {
                let lane = &mut self.items[hop.source.item];
                lane.y = *lanes.get(&(first.source, lane.column)).unwrap_or(&port);
            }
        }
        let items = &self.items;
        for column in &mut self.columns {
            column.sort_by_key(|id| 2 * items[*id].y + items[*id].height);
        }
    }

    /// Adds the run from a port to the ports of `children`, by their column.
    fn run(
        &mut self,
        source: (usize, i32),
        children: &BTreeMap<usize, Vec<(usize, i32, usize)>>,
        forward: bool,
    ) {
        let home = self.items[source.0].column;
        let ends = (children.keys().next(), children.keys().next_back());
        let (Some(first), Some(last)) = ends else {
            return;
        };
        let gaps: Vec<usize> = match forward {
            true => (home + 1..=(*last).max(home + 1)).collect(),
            false => (first + 1..=home).rev().collect(),
        };
        let mut from = End {
            item: source.0,
            at: source.1,
            left: forward,
        };
        let mut hops = Vec::new();
        for (n, gap) in gaps.iter().enumerate() {
            let beyond = if forward { *gap } else { gap - 1 };
            let mut targets = Vec::new();
            if n == 0 {
                add_ends(&mut targets, children.get(&home), forward);
            }
            add_ends(&mut targets, children.get(&beyond), !forward);
            let mut next = from;
            if n + 1 < gaps.len() {
                let lane = self.lane(beyond);
                let end = |left| End {
                    item: lane,
                    at: 0,
                    left,
                };
                targets.push((end(!forward), None));
                next = end(forward);
            }
            hops.push(Hop {
                gap: *gap,
                source: from,
                targets,
            });
            from = next;
        }
        self.tie(&hops);
        self.runs.push(Run { hops });
    }

    fn lane(&mut self, column: usize) -> usize {
        let lane = self.items.len();
        self.items.push(Item {
            height: 0,
            thin: true,
            column,
            y: 0,
            ties: Vec::new(),
        });
        self.columns[column].push(lane);
        lane
    }

    /// Ties the ends of each hop, those that more lines pass more strongly.
    fn tie(&mut self, hops: &[Hop]) {
        let mut beyond = 0;
        for hop in hops.iter().rev() {
            let source = hop.source;
            let through = beyond;
            for (end, link) in &hop.targets {
                let weight = if link.is_some() { 1 } else { through };
                beyond += i64::from(link.is_some());
                if end.item == source.item {
                    continue;
                }
                self.items[source.item].ties.push(Tie {
                    other: end.item,
                    at: source.at,
                    other_at: end.at,
                    weight,
                });
                self.items[end.item].ties.push(Tie {
                    other: source.item,
                    at: end.at,
                    other_at: source.at,
                    weight,
                });
            }
        }
    }

    /// The y of a port.
    pub(super) fn y(&self, end: End) -> i32 {
        self.items[end.item].y + end.at
    }
}

fn add_ends(
    targets: &mut Vec<(End, Option<usize>)>,
    children: Option<&Vec<(usize, i32, usize)>>,
    left: bool,
) {
    for (item, at, link) in children.into_iter().flatten() {
        let end = End {
            item: *item,
            at: *at,
            left,
        };
        targets.push((end, Some(*link)));
    }
}
