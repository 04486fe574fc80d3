//! The best drawing of a level: several assignments to columns and several orders are drawn.
//!
//! What is tried is a function of the level alone, and each try costs about the same, so that a
//! level costs no more than its size allows. Heights are given in full to the few best ones only.

use std::collections::BTreeSet;

use super::align::align;
use super::grid::Grid;
use super::order::{crossings, order};
use super::place::place;
use super::solve::{Level, Side, Solved, candidates, drawn, ordered, starts};
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
    pub(super) solved: Solved,
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
        place(&mut grid, self.metrics);
        if self.close {
            align(&mut grid, self.metrics);
        }
        let solved = drawn(self.level, &columns, &mut grid, self.metrics);
        Drawing {
            badness: solved.badness(self.metrics),
            columns,
            grid,
            tangle,
            solved,
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

    /// Takes the corners out of the best drawings, and one of them.
    fn finish(self) -> Solved {
        let mut best: Option<(i64, Solved)> = None;
        for mut drawing in self.kept {
            align(&mut drawing.grid, self.metrics);
            let solved = drawn(
                self.level,
                &drawing.columns,
                &mut drawing.grid,
                self.metrics,
            );
            let badness = solved.badness(self.metrics);
            if best.as_ref().is_none_or(|(least, _)| badness < *least) {
                best = Some((badness, solved));
            }
        }
        best.map(|(_, solved)| solved).unwrap_or_default()
    }

    /// Whether lines cross in the best drawing so far.
    fn crosses(&self) -> bool {
        self.kept
            .first()
            .is_some_and(|best| best.solved.crossings > 0)
    }

    /// Whether another drawing may be better.
    pub(super) fn is_worth_more(&self) -> bool {
        let turns = |solved: &Solved| self.metrics.effort == Effort::Most && solved.corners > 0;
        let best = self.kept.first().map(|best| &best.solved);
        best.is_some_and(|solved| solved.crossings > 0 || turns(solved))
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
    /// The place of each block from top to bottom.
    pub(super) fn rank(&self) -> Vec<usize> {
        let mut blocks: Vec<usize> = (0..self.solved.boxes.len()).collect();
        blocks.sort_by_key(|block| self.solved.boxes[*block].y);
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
