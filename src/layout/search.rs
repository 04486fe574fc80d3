//! The best drawing of a level: several assignments to columns and several orders are drawn.
//!
//! What is tried is a function of the level alone, and each try costs about the same, so that a
//! level costs no more than its size allows. Heights are given in full to the few best ones only.

use std::collections::BTreeSet;

use super::align::align;
use super::grid::Grid;
use super::order::{crossings, order};
use super::place::{place, touch_up};
use super::route::route;
use super::solve::{Level, Measures, Side, Solved, candidates, ordered, starts};
use super::wander::Dice;
use super::{Effort, Metrics};

/// Levels of at most so many blocks are worth more tries where lines cross.
const SMALL: usize = 80;

/// How far a search goes.
struct Reach {
    /// How many drawings are kept to have their corners taken out.
    kept: usize,
    /// More orders that are tried where lines cross.
    shuffles: usize,
    /// How many blocks are put in order, all tries together, to see whether one stands better in
    /// another column.
    moves: usize,
    /// By how many lines more than the best one a try may be tangled, and still be drawn.
    slack: usize,
}

impl Reach {
    fn of(effort: Effort) -> Self {
        match effort {
            Effort::Most => Self {
                kept: 8,
                shuffles: 30,
                moves: 12_000,
                slack: 1,
            },
            Effort::Whole | Effort::Little => Self {
                kept: 2,
                shuffles: 3,
                moves: 400,
                slack: 0,
            },
        }
    }
}

/// Lays a level out.
pub(super) fn solve(level: &Level, metrics: &Metrics) -> Solved {
    let mut search = Search {
        level,
        metrics,
        reach: Reach::of(metrics.effort),
        kept: Vec::new(),
        seen: BTreeSet::new(),
        close: false,
    };
    for columns in candidates(level, metrics) {
        for start in starts(level) {
            search.offer(&columns, &start);
        }
    }
    if metrics.effort != Effort::Little {
        search.shuffle();
        search.move_blocks();
    }
    if metrics.effort == Effort::Most && level.blocks.len() <= SMALL {
        search.refine();
    }
    search.finish()
}

pub(super) struct Search<'a> {
    pub(super) level: &'a Level,
    pub(super) metrics: &'a Metrics,
    reach: Reach,
    /// The best first.
    pub(super) kept: Vec<Drawing>,
    /// What has been drawn: several starts come to one order.
    pub(super) seen: BTreeSet<Vec<Vec<usize>>>,
    /// Whether corners are taken out of a drawing before it is compared.
    pub(super) close: bool,
}

#[derive(Clone)]
pub(super) struct Drawing {
    pub(super) badness: i64,
    pub(super) columns: Vec<usize>,
    pub(super) grid: Grid,
    /// Pairs of lines that cross, drawn straight.
    pub(super) tangle: usize,
    pub(super) measures: Measures,
}

impl Search<'_> {
    fn offer(&mut self, columns: &[usize], start: &[usize]) {
        let grid = ordered(self.level, columns, start, self.metrics);
        self.draw(columns, grid);
    }

    pub(super) fn draw(&mut self, columns: &[usize], grid: Grid) {
        if !self.seen.insert(grid.columns.clone()) {
            return;
        }
        let tangle = crossings(&grid);
        let drawing = self.drawing(columns.to_vec(), grid, tangle);
        self.keep(drawing);
    }

    pub(super) fn drawing(&self, columns: Vec<usize>, mut grid: Grid, tangle: usize) -> Drawing {
        if self.close {
            touch_up(&mut grid, self.metrics);
            align(&mut grid, self.metrics);
        } else {
            place(&mut grid, self.metrics);
        }
        let measures = route(self.level, &mut grid, self.metrics).measures();
        Drawing {
            badness: measures.badness(columns.len(), self.metrics),
            columns,
            grid,
            tangle,
            measures,
        }
    }

    pub(super) fn keep(&mut self, drawing: Drawing) {
        let better = |other: &Drawing| other.badness <= drawing.badness;
        let at = self.kept.partition_point(better);
        if at < self.reach.kept {
            self.kept.insert(at, drawing);
            self.kept.truncate(self.reach.kept);
        }
    }

    /// Takes the corners out of the best drawings, and draws one of them.
    fn finish(mut self) -> Solved {
        self.come_close();
        let best = self.kept.first_mut();
        best.map(|best| route(self.level, &mut best.grid, self.metrics).solved())
            .unwrap_or_default()
    }

    /// From now on drawings are compared without the corners that can be taken out.
    pub(super) fn come_close(&mut self) {
        if self.close {
            return;
        }
        self.close = true;
        self.seen.clear();
        for mut drawing in std::mem::take(&mut self.kept) {
            align(&mut drawing.grid, self.metrics);
            drawing.measures = route(self.level, &mut drawing.grid, self.metrics).measures();
            drawing.badness = drawing
                .measures
                .badness(drawing.columns.len(), self.metrics);
            self.keep(drawing);
        }
    }

    /// Whether lines cross in the best drawing so far.
    fn crosses(&self) -> bool {
        self.kept
            .first()
            .is_some_and(|best| best.measures.crossings > 0)
    }

    /// Whether another drawing may be better.
    pub(super) fn is_worth_more(&self) -> bool {
        let most = self.metrics.effort == Effort::Most;
        let best = self.kept.first().map(|best| &best.measures);
        best.is_some_and(|best| best.crossings > 0 || (most && best.corners > 0))
    }

    /// Where lines cross, tries other orders to begin with.
    fn shuffle(&mut self) {
        let count = self.level.blocks.len();
        if count > SMALL || !self.crosses() {
            return;
        }
        let Some(columns) = self.kept.first().map(|best| best.columns.clone()) else {
            return;
        };
        for start in shuffles(count, self.reach.shuffles) {
            self.offer(&columns, &start);
        }
    }

    /// Where lines cross, puts blocks one by one into other columns, and keeps what is better.
    pub(super) fn move_blocks(&mut self) {
        let count = self.level.blocks.len();
        // Drawings that are compared to their end cost more.
        let dear = if self.close { 4 } else { 1 };
        let mut tries = self.reach.moves / dear / count.max(1);
        let (mut block, mut idle) = (0, 0);
        while self.is_worth_more() && tries > 0 && idle < count {
            let better =
                self.level.blocks[block].pin.is_none() && self.move_block(block, &mut tries);
            idle = if better { 0 } else { idle + 1 };
            block = (block + 1) % count;
        }
    }

    /// Whether a block stands better in another column.
    fn move_block(&mut self, block: usize, tries: &mut usize) -> bool {
        let Some(best) = self.kept.first() else {
            return false;
        };
        let (before, tangle, rank) = (best.badness, best.tangle, best.rank());
        let mut columns = best.columns.clone();
        let own = columns[block];
        let last = columns.iter().copied().max().unwrap_or(0);
        // The nearest first.
        let near = (1..=last).flat_map(|by| [own.checked_sub(by), Some(own + by)]);
        for column in near.flatten().filter(|column| *column <= last) {
            if *tries == 0 {
                break;
            }
            columns[block] = column;
            if !is_closed_up(self.level, &columns) {
                continue;
            }
            *tries = tries.saturating_sub(1);
            let mut grid = Grid::new(self.level, &columns, &rank);
            order(&mut grid, 1, self.metrics);
            // Whatever is more tangled is not worth a drawing.
            if crossings(&grid) < tangle + self.reach.slack {
                self.draw(&columns, grid);
            }
        }
        self.kept.first().is_some_and(|best| best.badness < before)
    }
}

impl Drawing {
    /// The height of each block.
    pub(super) fn heights(&self) -> Vec<i32> {
        let blocks = &self.grid.items[..self.columns.len()];
        blocks.iter().map(|item| item.y).collect()
    }

    /// The place of each block from top to bottom.
    pub(super) fn rank(&self) -> Vec<usize> {
        let mut blocks: Vec<usize> = (0..self.columns.len()).collect();
        blocks.sort_by_key(|block| self.grid.items[*block].y);
        let mut rank = vec![0; blocks.len()];
        for (n, block) in blocks.into_iter().enumerate() {
            rank[block] = n;
        }
        rank
    }
}

/// Whether pins have the outermost columns to themselves and no column is empty.
pub(super) fn is_closed_up(level: &Level, columns: &[usize]) -> bool {
    let last = columns.iter().copied().max().unwrap_or(0);
    let mut used = vec![false; last + 1];
    let side = |side: Side| level.blocks.iter().any(|block| block.pin == Some(side));
    let (left, right) = (side(Side::Left), side(Side::Right));
    for (block, column) in level.blocks.iter().zip(columns) {
        used[*column] = true;
        let taken = (left && *column == 0) || (right && *column == last);
        if block.pin.is_none() && taken {
            return false;
        }
    }
    used.into_iter().all(|used| used)
}

/// More orders to begin with: the given one backwards, then some that look random and are not.
fn shuffles(count: usize, tries: usize) -> Vec<Vec<usize>> {
    let mut all = vec![(0..count).rev().collect()];
    let mut dice = Dice::new(1);
    for _ in 0..tries {
        let mut order: Vec<usize> = (0..count).collect();
        for n in (1..count).rev() {
            order.swap(n, dice.below(n + 1));
        }
        all.push(order);
    }
    all
}
