//! One level of a diagram: what is in it, how it is drawn, and how good a drawing is.

use super::align::align;
use super::columns::{Family, assign};
use super::grid::Grid;
use super::order::order;
use super::place::place;
use super::{Edge, Effort, Metrics, Point, Rect};

/// A side of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// Something to be placed: a box, a frame with its contents, or a pin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) width: i32,
    pub(super) height: i32,
    /// A pin is where a line passes the border: it stands at that side of everything.
    pub(super) pin: Option<Side>,
}

/// Blocks and the links between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    pub(super) blocks: Vec<Block>,
    pub(super) links: Vec<Edge>,
    /// Whether blocks are frames: where lines pass their borders is settled already.
    pub(super) framed: bool,
}

/// A level with everything in its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Solved {
    pub(super) width: i32,
    pub(super) height: i32,
    /// By block, and by link.
    pub(super) boxes: Vec<Rect>,
    pub(super) routes: Vec<Vec<Point>>,
}

/// What a drawing is like.
#[derive(Clone, Debug, Default)]
pub(super) struct Measures {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) crossings: usize,
    pub(super) conflicts: usize,
    /// Lines whose child does not stand right of its parent.
    pub(super) awkward: usize,
    /// Corners as drawn: those of a trunk count once.
    pub(super) corners: usize,
    /// Of all lines together.
    pub(super) length: i64,
}

impl Measures {
    /// What is wrong with its lines, in units of length.
    fn badness_inside(&self, metrics: &Metrics) -> i64 {
        let stub = i64::from(metrics.stub.max(1));
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / 4096);
        let lines = 70 * count(self.crossings) + 24 * count(self.corners);
        self.length / 2 + stub * (lines + 1000 * count(self.conflicts))
    }

    /// What is wrong with the drawing of so many blocks, in units of length.
    pub(super) fn badness(&self, blocks: usize, metrics: &Metrics) -> i64 {
        let stub = i64::from(metrics.stub.max(1));
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / 4096);
        let (width, height) = (i64::from(self.width), i64::from(self.height));
        let mut badness = self.badness_inside(metrics) + 2 * (width + height);
        // The shape of a small part hardly matters: parts are packed into a page.
        let weight = (count(blocks) - 5).clamp(0, 8);
        badness += stub * weight * shape_penalty(width, height, metrics.unit_y) / 2;
        badness += stub * 6 * count(self.awkward);
        if let Some(most) = metrics.max_width {
            badness += 10_000 * stub * (width - i64::from(most)).max(0);
        }
        badness
    }
}

/// By how many hundredths a shape misses being a page's; what is no page at all counts more, so
/// that no number of corners saved is worth a ribbon.
fn shape_penalty(width: i64, height: i64, unit_y: i32) -> i64 {
    let ratio = 1000 * width / (height * i64::from(unit_y)).max(1);
    let misses = if ratio < 75 {
        10_000 / ratio.max(1) - 133
    } else {
        (ratio - 185).max(0)
    };
    misses + 3 * (misses - 30).max(0)
}

/// A level with its blocks in these columns and everything at its height; `start` is their order
/// within columns at first.
pub(super) fn arrange(
    level: &Level,
    columns: &[usize],
    start: &[usize],
    metrics: &Metrics,
) -> Grid {
    let mut grid = ordered(level, columns, start, metrics);
    place(&mut grid, metrics);
    align(&mut grid, metrics);
    grid
}

/// A level with its blocks in these columns, in an order in which few lines cross.
pub(super) fn ordered(
    level: &Level,
    columns: &[usize],
    start: &[usize],
    metrics: &Metrics,
) -> Grid {
    let rounds = match level.blocks.len() {
        0..=60 => 6,
        61..=400 => 5,
        _ => 2,
    };
    let mut grid = Grid::new(level, columns, start);
    order(&mut grid, rounds, metrics);
    grid
}

/// Assignments to columns worth drawing, each once: about as many columns as give a page's shape.
pub(super) fn candidates(level: &Level, metrics: &Metrics) -> Vec<Vec<usize>> {
    let family = Family::new(level);
    let own: Vec<&Block> = level.blocks.iter().filter(|b| b.pin.is_none()).collect();
    let count = i32::try_from(own.len()).unwrap_or(i32::MAX).max(1);
    let total: i64 = own
        .iter()
        .map(|b| i64::from(b.height + metrics.gap_y))
        .sum();
    let tallest = own.iter().map(|b| b.height).max().unwrap_or(0);
    let widths: i64 = own.iter().map(|b| i64::from(b.width)).sum();
    let widest = own.iter().map(|b| b.width).max().unwrap_or(0);
    let step = widths / i64::from(count) + i64::from(3 * metrics.stub);
    // width = n * step, height = total / n, and the width is to be 1.3 times the height.
    let square = 13 * total * i64::from(metrics.unit_y) / (100 * step.max(1));
    let mut ideal = 1;
    while (ideal + 1) * (ideal + 1) <= square {
        ideal += 1;
    }
    let mut wanted: Vec<i64> = match level.blocks.len() {
        0..=400 if metrics.effort != Effort::Little => (ideal - 1..=ideal + 1).collect(),
        _ => vec![ideal],
    };
    if let Some(most) = metrics.max_width {
        let room = i64::from(most / (widest + 2 * metrics.stub).max(1)).max(1);
        wanted.retain(|n| *n < room);
        wanted.extend(1..=room.min(4));
    }
    let mut found: Vec<Vec<usize>> = Vec::new();
    for columns in wanted.into_iter().filter(|n| *n > 0) {
        let limit = i32::try_from(total * 11 / (columns * 10)).unwrap_or(i32::MAX / 2);
        let ways: &[bool] = match metrics.effort {
            Effort::Most | Effort::Whole => &[true, false],
            Effort::Little => &[true],
        };
        for strict in ways.iter().copied() {
            let assigned = assign(level, &family, limit.max(tallest), metrics.gap_y, strict);
            if !found.contains(&assigned) {
                found.push(assigned);
            }
        }
    }
    found
}

/// Orders to begin with: as given, and along the lines from the most connected block.
pub(super) fn starts(level: &Level) -> Vec<Vec<usize>> {
    let count = level.blocks.len();
    let given: Vec<usize> = (0..count).collect();
    let mut near = vec![Vec::new(); count];
    for link in &level.links {
        near[link.child.node].push(link.parent.node);
        near[link.parent.node].push(link.child.node);
    }
    let mut by_degree: Vec<usize> = (0..count).collect();
    by_degree.sort_by_key(|n| (std::cmp::Reverse(near[*n].len()), *n));
    let mut rank = vec![usize::MAX; count];
    let mut next = 0;
    for start in by_degree {
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if rank[node] == usize::MAX {
                rank[node] = next;
                next += 1;
                stack.extend(near[node].iter().rev().filter(|n| rank[**n] == usize::MAX));
            }
        }
    }
    match count {
        0..=400 => vec![given, rank],
        _ => vec![rank],
    }
}
