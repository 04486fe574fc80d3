//! Heights: every item as near to what it is tied to as the order in its column allows.
//!
//! For a column in a given order this is a regression under an order constraint, which pooling
//! adjacent violators solves exactly. Distances count as they are, not squared: medians put things
//! at exactly the same height wherever they can, and lines without bends are what that gives.

use super::Metrics;
use super::grid::{Grid, Item, Tie};

/// Rounds of looking left, then right.
const ROUNDS: usize = 2;

/// How much below the top of `above` the top of `below` must be.
pub(super) fn apart(above: &Item, below: &Item, metrics: &Metrics) -> i32 {
    match above.thin || below.thin {
        true => above.height + metrics.lane_y,
        false => above.height + metrics.gap_y,
    }
}

/// Puts the items of every column below one another, the columns around one middle line; where no
/// line connects anything, they all begin at the top.
pub(super) fn stack(grid: &mut Grid, metrics: &Metrics) {
    for column in &grid.columns {
        let mut y = 0;
        for (n, item) in column.iter().enumerate() {
            if n > 0 {
                y += apart(&grid.items[column[n - 1]], &grid.items[*item], metrics);
            }
            grid.items[*item].y = y;
        }
        let bottom = y + column.last().map_or(0, |last| grid.items[*last].height);
        let grain = metrics.lane_y.max(1);
        let up = match grid.runs.is_empty() {
            true => 0,
            false => bottom / 2 / grain * grain,
        };
        for item in column {
            grid.items[*item].y -= up;
        }
    }
}

/// Moves the items of a column towards what they are tied to by the ties that are `wanted`.
pub(super) fn settle(
    grid: &mut Grid,
    column: usize,
    metrics: &Metrics,
    wanted: impl Fn(&Grid, &Tie) -> bool,
) {
    let order = std::mem::take(&mut grid.columns[column]);
    // What the items want, in their order, so that those of a block stand side by side.
    let mut targets: Vec<(i32, i64)> = Vec::with_capacity(4 * order.len());
    let mut blocks: Vec<Block> = Vec::with_capacity(order.len());
    let mut offsets: Vec<i32> = Vec::with_capacity(order.len());
    let mut offset = 0;
    for (n, id) in order.iter().enumerate() {
        let item = &grid.items[*id];
        if n > 0 {
            offset += apart(&grid.items[order[n - 1]], item, metrics);
        }
        offsets.push(offset);
        let first = targets.len();
        targets.push((item.y - offset, 1));
        for tie in item.ties.iter().filter(|tie| wanted(grid, tie)) {
            let y = grid.items[tie.other].y + tie.other_at - tie.at;
            targets.push((y - offset, 4 * tie.weight));
        }
        let mut block = Block {
            items: n,
            targets: first,
            y: median(&mut targets[first..]),
        };
        while let Some(above) = blocks.pop_if(|above| above.y >= block.y) {
            block = Block {
                y: median(&mut targets[above.targets..]),
                ..above
            };
        }
        blocks.push(block);
    }
    let mut end = order.len();
    for block in blocks.into_iter().rev() {
        for n in block.items..end {
            grid.items[order[n]].y = block.y + offsets[n];
        }
        end = block.items;
    }
    grid.columns[column] = order;
}

/// Items that touch: where they and what they want begin, up to the next block, and the height
/// that is best for the first one of the column if all of them are taken along.
struct Block {
    items: usize,
    targets: usize,
    y: i32,
}

/// The first target at which half of the weight is reached.
fn median(targets: &mut [(i32, i64)]) -> i32 {
    targets.sort_unstable();
    let total: i64 = targets.iter().map(|(_, weight)| weight).sum();
    let mut below = 0;
    let middle = targets.iter().find(|(_, weight)| {
        below += weight;
        2 * below >= total
    });
    middle.map_or(0, |(y, _)| *y)
}

/// Gives every item its height; the order within columns stays.
pub(super) fn place(grid: &mut Grid, metrics: &Metrics) {
    let last = grid.columns.len();
    for _ in 0..ROUNDS {
        for column in 0..last {
            settle(grid, column, metrics, |grid, tie| {
                grid.items[tie.other].column <= column
            });
        }
        for column in (0..last).rev() {
            settle(grid, column, metrics, |grid, tie| {
                grid.items[tie.other].column >= column
            });
        }
    }
    for _ in 0..2 {
        for column in 0..last {
            settle(grid, column, metrics, |_, _| true);
        }
    }
    straighten(grid, metrics);
    for column in 0..last {
        settle(grid, column, metrics, |_, _| true);
    }
    straighten(grid, metrics);
}

/// Gives items their heights where most have them already.
pub(super) fn touch_up(grid: &mut Grid, metrics: &Metrics) {
    let last = grid.columns.len();
    for column in 0..last {
        settle(grid, column, metrics, |_, _| true);
    }
    straighten(grid, metrics);
}

/// Takes bends out of trunks: each lane keeps the height of the one before it where there is room,
/// and moves as early and as seldom as possible where there is not.
fn straighten(grid: &mut Grid, metrics: &Metrics) {
    let mut place_of = vec![0; grid.items.len()];
    for column in &grid.columns {
        for (n, item) in column.iter().enumerate() {
            place_of[*item] = n;
        }
    }
    for run in 0..grid.runs.len() {
        let hops = &grid.runs[run].hops;
        let lanes: Vec<usize> = hops.iter().skip(1).map(|hop| hop.source.item).collect();
        let Some(first) = hops.first().filter(|_| !lanes.is_empty()) else {
            continue;
        };
        let mut y = grid.y(first.source);
        let ends = hops.last().map(|hop| &hop.targets);
        let goal = match ends.map(Vec::as_slice) {
            Some([(end, _)]) => Some(grid.y(*end)),
            _ => None,
        };
        let free: Vec<(i32, i32)> = lanes
            .iter()
            .map(|lane| grid.free(*lane, &place_of, metrics))
            .collect();
        let mut n = 0;
        while n < lanes.len() {
            let mut range = free[n];
            let mut end = n + 1;
            while end < lanes.len() && range.0.max(free[end].0) <= range.1.min(free[end].1) {
                range = (range.0.max(free[end].0), range.1.min(free[end].1));
                end += 1;
            }
            let straight = free[n].0 <= y && y <= free[n].1;
            if straight {
                // As far as the height can be kept.
                end = n + 1;
                while end < lanes.len() && free[end].0 <= y && y <= free[end].1 {
                    end += 1;
                }
            } else {
                y = match goal.filter(|_| end == lanes.len()) {
                    Some(goal) => goal.clamp(range.0, range.1),
                    None => y.clamp(range.0, range.1),
                };
            }
            for lane in &lanes[n..end] {
                grid.items[*lane].y = y;
            }
            n = end;
        }
    }
}

impl Grid {
    /// Between which heights a lane can move without touching its neighbours.
    fn free(&self, lane: usize, place_of: &[usize], metrics: &Metrics) -> (i32, i32) {
        let item = &self.items[lane];
        let column = &self.columns[item.column];
        let at = place_of[lane];
        let above = at.checked_sub(1).map(|n| &self.items[column[n]]);
        let below = column.get(at + 1).map(|id| &self.items[*id]);
        let low = above.map_or(i32::MIN / 2, |a| a.y + apart(a, item, metrics));
        let high = below.map_or(i32::MAX / 2, |b| b.y - apart(item, b, metrics));
        (low, high)
    }
}
