//! Which column each block stands in: parents to the left of their children where that fits, and
//! no column higher than a limit.
//!
//! This is list scheduling: columns are filled from left to right with blocks whose parents stand
//! already, those first that have the longest line of descendants. A cycle is cut where a walk in
//! the blocks' order closes it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::solve::Level;

/// Parents and children without the links that close a cycle, without pins and without repeats.
pub(super) struct Family {
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    /// Children follow their parents in it.
    order: Vec<usize>,
    /// The length of the longest line of ancestors, and of descendants.
    rank: Vec<usize>,
    below: Vec<usize>,
}

impl Family {
    pub(super) fn new(level: &Level) -> Self {
        let count = level.blocks.len();
        let mut all: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
        for link in &level.links {
            let (child, parent) = (link.child.node, link.parent.node);
            let pinned = |n: usize| level.blocks[n].pin.is_some();
            if child != parent && !pinned(child) && !pinned(parent) {
                all[child].insert(parent);
            }
        }
        let (parents, order) = acyclic(&all);
        let mut children = vec![Vec::new(); count];
        for (child, parents) in parents.iter().enumerate() {
            for parent in parents {
                children[*parent].push(child);
            }
        }
        let (mut rank, mut below) = (vec![0; count], vec![0; count]);
        for n in &order {
            rank[*n] = parents[*n].iter().map(|p| rank[*p] + 1).max().unwrap_or(0);
        }
        for n in order.iter().rev() {
            below[*n] = children[*n]
                .iter()
                .map(|c| below[*c] + 1)
                .max()
                .unwrap_or(0);
        }
        Self {
            parents,
            children,
            order,
            rank,
            below,
        }
    }
}

/// Leaves out the links that a depth-first walk finds to close a cycle; parents come first in the
/// order of its ends. The walk keeps its own stack: schemas may be deeper than ours.
fn acyclic(all: &[BTreeSet<usize>]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut kept = vec![Vec::new(); all.len()];
    let mut order = Vec::new();
    let (mut open, mut done) = (vec![false; all.len()], vec![false; all.len()]);
    for start in 0..all.len() {
        if done[start] {
            continue;
        }
        open[start] = true;
        let mut stack = vec![(start, all[start].iter())];
        while let Some((node, rest)) = stack.last_mut() {
            let node = *node;
            match rest.next() {
                Some(parent) if open[*parent] => {}
                Some(parent) => {
                    kept[node].push(*parent);
                    if !done[*parent] {
                        open[*parent] = true;
                        stack.push((*parent, all[*parent].iter()));
                    }
                }
                None => {
                    open[node] = false;
                    done[node] = true;
                    order.push(node);
                    stack.pop();
                }
            }
        }
    }
    (kept, order)
}

/// The column of each block. With `strict`, children stand right of their parents; without, they
/// may also stand in the same column, so that a long line of descendants folds.
pub(super) fn assign(
    level: &Level,
    family: &Family,
    limit: i32,
    gap: i32,
    strict: bool,
) -> Vec<usize> {
    let mut schedule = Schedule {
        level,
        family,
        strict,
        waiting: family.parents.iter().map(Vec::len).collect(),
        ready: BTreeSet::new(),
        place: vec![0; level.blocks.len()],
        column: vec![0; level.blocks.len()],
    };
    schedule.fill(limit, gap);
    let mut column = schedule.column;
    if strict {
        pull(level, family, limit, gap, &mut column);
    }
    close_up(level, &mut column);
    column
}

struct Schedule<'a> {
    level: &'a Level,
    family: &'a Family,
    strict: bool,
    /// How many parents stand nowhere yet.
    waiting: Vec<usize>,
    ready: BTreeSet<(Reverse<usize>, usize, usize)>,
    /// When each block was placed.
    place: Vec<usize>,
    column: Vec<usize>,
}

impl Schedule<'_> {
    fn fill(&mut self, limit: i32, gap: i32) {
        let own = |n: &usize| self.level.blocks[*n].pin.is_none();
        let all: Vec<usize> = self.family.order.iter().copied().filter(own).collect();
        for n in &all {
            if self.waiting[*n] == 0 {
                self.ready.insert(self.key(*n));
            }
        }
        let (mut column, mut height, mut placed) = (0, 0, 0);
        // Children that become ready only when this column is full.
        let mut later = Vec::new();
        while placed < all.len() {
            let fits = |key: &&(_, _, usize)| {
                let more = self.level.blocks[key.2].height + gap;
                height == 0 || height + more <= limit.saturating_add(gap)
            };
            let Some(key) = self.ready.iter().take(8).find(fits).copied() else {
                column += 1;
                height = 0;
                for n in std::mem::take(&mut later) {
                    self.ready.insert(self.key(n));
                }
                continue;
            };
            self.ready.remove(&key);
            let n = key.2;
            self.column[n] = column;
            self.place[n] = placed;
            placed += 1;
            height += self.level.blocks[n].height + gap;
            for child in &self.family.children[n] {
                self.waiting[*child] -= 1;
                if self.waiting[*child] == 0 {
                    match self.strict {
                        true => later.push(*child),
                        false => {
                            self.ready.insert(self.key(*child));
                        }
                    }
                }
            }
        }
    }

    /// What comes first: long lines of descendants (strict) or the oldest generation, then the
    /// children of what was placed first.
    fn key(&self, n: usize) -> (Reverse<usize>, usize, usize) {
        let parents = self.family.parents[n].iter();
        let parent = parents.map(|p| self.place[*p] + 1).max().unwrap_or(0);
        let first = match self.strict {
            true => self.family.below[n],
            false => usize::MAX - self.family.rank[n],
        };
        (Reverse(first), parent, n)
    }
}

/// Moves blocks towards their children, where that makes lines shorter and the column has room.
fn pull(level: &Level, family: &Family, limit: i32, gap: i32, column: &mut [usize]) {
    let mut heights: BTreeMap<usize, i32> = BTreeMap::new();
    for (n, block) in level.blocks.iter().enumerate() {
        *heights.entry(column[n]).or_insert(0) += block.height + gap;
    }
    for n in family.order.iter().rev().copied() {
        let nearest = family.children[n].iter().map(|c| column[*c]).min();
        // A block with parents gains nothing for them by moving away.
        let Some(nearest) = nearest.filter(|_| family.parents[n].is_empty()) else {
            continue;
        };
        let height = level.blocks[n].height + gap;
        let mut to = nearest.saturating_sub(1);
        while to > column[n] && heights.get(&to).copied().unwrap_or(0) + height > limit + gap {
            to -= 1;
        }
        if to > column[n] {
            *heights.entry(column[n]).or_insert(0) -= height;
            *heights.entry(to).or_insert(0) += height;
            column[n] = to;
        }
    }
}

/// Leaves no column empty, and gives pins columns of their own at the sides.
fn close_up(level: &Level, column: &mut [usize]) {
    let own: Vec<usize> = (0..column.len())
        .filter(|n| level.blocks[*n].pin.is_none())
        .collect();
    let used: BTreeSet<usize> = own.iter().map(|n| column[*n]).collect();
    let has_left = level
        .blocks
        .iter()
        .any(|b| b.pin == Some(super::solve::Side::Left));
    let first = usize::from(has_left);
    let number: BTreeMap<usize, usize> = used
        .iter()
        .enumerate()
        .map(|(n, c)| (*c, n + first))
        .collect();
    for n in own {
        column[n] = number[&column[n]];
    }
    let last = first + used.len();
    for (n, block) in level.blocks.iter().enumerate() {
        match block.pin {
            Some(super::solve::Side::Left) => column[n] = 0,
            Some(super::solve::Side::Right) => column[n] = last,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::solve::Block;
    use super::super::{Edge, Port};
    use super::*;

    fn level(count: usize, links: &[(usize, usize)]) -> Level {
        let port = |node| Port { node, y: 5 };
        Level {
            blocks: vec![
                Block {
                    width: 10,
                    height: 10,
                    pin: None
                };
                count
            ],
            links: links
                .iter()
                .map(|(child, parent)| Edge {
                    parent: port(*parent),
                    child: port(*child),
                })
                .collect(),
            ..Level::default()
        }
    }

    fn columns(level: &Level, limit: i32, strict: bool) -> Vec<usize> {
        assign(level, &Family::new(level), limit, 0, strict)
    }

    #[test]
    fn parents_stand_left_of_their_children() {
        let chain = level(3, &[(0, 1), (1, 2)]);
        assert_eq!(columns(&chain, 100, true), [2, 1, 0]);
        assert_eq!(columns(&chain, 100, false), [0, 0, 0]);
        assert_eq!(columns(&chain, 20, false), [1, 0, 0]);
    }

    #[test]
    fn cycles_and_self_references_are_no_obstacle() {
        let ring = level(3, &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        let mut found = columns(&ring, 100, true);
        found.sort_unstable();
        assert_eq!(found, [0, 1, 2]);
    }

    #[test]
    fn a_column_is_no_higher_than_the_limit() {
        let star = level(
            9,
            &[
                (1, 0),
                (2, 0),
                (3, 0),
                (4, 0),
                (5, 0),
                (6, 0),
                (7, 0),
                (8, 0),
            ],
        );
        let found = columns(&star, 30, true);
        for column in 0..=3 {
            assert!(found.iter().filter(|c| **c == column).count() <= 3);
        }
    }

    #[test]
    fn a_parent_moves_to_its_only_child() {
        let late = level(4, &[(1, 0), (2, 1), (2, 3)]);
        assert_eq!(columns(&late, 20, true), [0, 1, 2, 1]);
    }
}
