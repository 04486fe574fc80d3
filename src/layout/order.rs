//! The order within columns: few crossings.
//!
//! Sweeps sort every column by where its neighbours stand, then swaps of neighbours take out what
//! crossings they can. The best order seen is kept, so more rounds never make it worse.

use super::Metrics;
use super::grid::{Grid, Tie};
use super::place::{apart, settle, stack};

/// Improves the order within all columns.
pub(super) fn order(grid: &mut Grid, rounds: usize, metrics: &Metrics) {
    stack(grid, metrics);
    let mut best = (crossings(grid), snapshot(grid));
    let mut idle = 0;
    for round in 0..rounds {
        let before = best.0;
        for column in 1..grid.columns.len() {
            sort(grid, column, metrics, |other, column| other < column);
        }
        best = keep(grid, best);
        for column in (0..grid.columns.len().saturating_sub(1)).rev() {
            sort(grid, column, metrics, |other, column| other > column);
        }
        best = keep(grid, best);
        if round + 1 == rounds {
            for column in 0..grid.columns.len() {
                sort(grid, column, metrics, |_, _| true);
            }
            best = keep(grid, best);
        }
        idle = if best.0 < before { 0 } else { idle + 1 };
        if best.0 == 0 || idle == 2 {
            break;
        }
    }
    restore(grid, best.1);
    for _ in 0..rounds {
        if !swap_neighbours(grid, metrics) {
            break;
        }
    }
}

/// Improves an order that is good but for what has moved.
pub(super) fn touch_up(grid: &mut Grid, metrics: &Metrics) {
    for _ in 0..2 {
        if !swap_neighbours(grid, metrics) {
            break;
        }
    }
}

type Snapshot = (Vec<Vec<usize>>, Vec<i32>);

fn snapshot(grid: &Grid) -> Snapshot {
    let heights = grid.items.iter().map(|item| item.y).collect();
    (grid.columns.clone(), heights)
}

fn restore(grid: &mut Grid, (columns, heights): Snapshot) {
    grid.columns = columns;
    for (item, y) in grid.items.iter_mut().zip(heights) {
        item.y = y;
    }
}

fn keep(grid: &Grid, best: (usize, Snapshot)) -> (usize, Snapshot) {
    let now = crossings(grid);
    match now < best.0 {
        true => (now, snapshot(grid)),
        false => best,
    }
}

/// Sorts a column by the mean height of what its items are tied to, then moves it there. Items of
/// the same column count always: what is tied within a column should stand together.
fn sort(grid: &mut Grid, column: usize, metrics: &Metrics, wanted: impl Fn(usize, usize) -> bool) {
    let heights: Vec<(i64, usize)> = grid.columns[column]
        .iter()
        .map(|id| {
            let item = &grid.items[*id];
            let (mut sum, mut count) = (0, 0);
            for tie in &item.ties {
                let other = &grid.items[tie.other];
                if wanted(other.column, column) || other.column == column {
                    sum += i64::from(other.y + tie.other_at);
                    count += 1;
                }
            }
            let height = match count {
                0 => i64::from(item.y + item.height / 2),
                n => sum / n,
            };
            (height, *id)
        })
        .collect();
    let mut sorted = heights;
    sorted.sort_by_key(|(height, _)| *height);
    grid.columns[column] = sorted.into_iter().map(|(_, id)| id).collect();
    // They stand one below the other before they settle, so that heights follow the new order.
    restack(grid, column, metrics);
    settle(grid, column, metrics, |grid, tie: &Tie| {
        let other = grid.items[tie.other].column;
        wanted(other, column)
    });
}

fn restack(grid: &mut Grid, column: usize, metrics: &Metrics) {
    let order = &grid.columns[column];
    let tops = order.iter().map(|id| grid.items[*id].y);
    let Some(mut y) = tops.min() else { return };
    for n in 0..order.len() {
        if n > 0 {
            y += apart(&grid.items[order[n - 1]], &grid.items[order[n]], metrics);
        }
        grid.items[order[n]].y = y;
    }
}

/// The number of pairs of lines that cross in some gap, drawn straight from port to port.
pub(super) fn crossings(grid: &Grid) -> usize {
    let mut gaps: Vec<Vec<(i32, i32)>> = vec![Vec::new(); grid.columns.len() + 1];
    for run in &grid.runs {
        for hop in &run.hops {
            let source = grid.y(hop.source);
            for (end, _) in &hop.targets {
                match (hop.source.left, end.left) {
                    (true, false) => gaps[hop.gap].push((source, grid.y(*end))),
                    (false, true) => gaps[hop.gap].push((grid.y(*end), source)),
                    _ => {}
                }
            }
        }
    }
    gaps.into_iter().map(inversions).sum()
}

/// Counts the pairs that stand in one order at the left and in the other at the right.
fn inversions(mut lines: Vec<(i32, i32)>) -> usize {
    lines.sort_unstable();
    let mut heights: Vec<i32> = lines.iter().map(|(_, right)| *right).collect();
    heights.sort_unstable();
    heights.dedup();
    // A Fenwick tree of how many lines end at or above each height so far.
    let mut tree = vec![0_usize; heights.len() + 1];
    let mut count = 0;
    for (seen, (_, right)) in lines.iter().enumerate() {
        let rank = heights.partition_point(|h| h < right) + 1;
        let mut above = 0;
        let mut n = rank;
        while n > 0 {
            above += tree[n];
            n &= n - 1;
        }
        count += seen - above;
        let mut n = rank;
        while n < tree.len() {
            tree[n] += 1;
            n += n & n.wrapping_neg();
        }
    }
    count
}

/// Swaps neighbours in a column wherever that takes out crossings; whether it did anywhere.
fn swap_neighbours(grid: &mut Grid, metrics: &Metrics) -> bool {
    let mut changed = false;
    for column in 0..grid.columns.len() {
        for n in 1..grid.columns[column].len() {
            let (above, below) = (grid.columns[column][n - 1], grid.columns[column][n]);
            if gain(grid, above, below) > 0 {
                swap_in_place(grid, column, n - 1, metrics);
                changed = true;
            }
        }
    }
    changed
}

/// Puts an item and the one below it the other way around.
pub(super) fn swap_in_place(grid: &mut Grid, column: usize, n: usize, metrics: &Metrics) {
    let (above, below) = (grid.columns[column][n], grid.columns[column][n + 1]);
    let top = grid.items[above].y;
    let bottom = grid.items[below].y + grid.items[below].height;
    grid.columns[column].swap(n, n + 1);
    grid.items[below].y = top;
    let room = apart(&grid.items[below], &grid.items[above], metrics);
    grid.items[above].y = (bottom - grid.items[above].height).max(top + room);
}

/// How many crossings go when `below` comes to stand above `above`.
fn gain(grid: &Grid, above: usize, below: usize) -> i64 {
    let column = grid.items[above].column;
    let mut gain = 0;
    for a in &grid.items[above].ties {
        let there = &grid.items[a.other];
        if there.column == column {
            continue;
        }
        let y = there.y + a.other_at;
        for b in &grid.items[below].ties {
            let other = &grid.items[b.other];
            if other.column == there.column {
                gain += i64::from((y - other.y - b.other_at).signum());
            }
        }
    }
    gain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversions_are_pairs_in_opposite_orders() {
        assert_eq!(inversions(vec![(0, 0), (1, 1), (2, 2)]), 0);
        assert_eq!(inversions(vec![(0, 2), (1, 1), (2, 0)]), 3);
        assert_eq!(inversions(vec![(0, 5), (0, 1), (1, 3)]), 1);
        assert_eq!(inversions(vec![(0, 1), (1, 1)]), 0);
    }
}
