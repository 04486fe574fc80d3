//! The last touch of a small drawing: steps that look random and are not, towards what is better
//! mostly, at first also to what is a little worse, so that two blocks can move where each alone
//! would be in the other's way.

use std::collections::BTreeSet;

use super::align::align;
use super::grid::Grid;
use super::order::{crossings, order};
use super::place::stack;
use super::search::{Drawing, Search, is_closed_up};
use super::solve::drawn;

/// Steps of a level, all of its blocks together: a step of a larger level costs more.
const STEPS: usize = 8_000;

/// By how many stubs the first steps may be worse.
const HEAT: i64 = 20;

/// How much more tangled a step may be, in pairs of lines, and still be drawn.
const SLACK: usize = 2;

/// Looks at all neighbours.
const PASSES: usize = 2;

impl Search<'_> {
    /// Makes the best drawing better, in which lines still turn or cross.
    pub(super) fn refine(&mut self) {
        if !self.is_worth_more() {
            return;
        }
        self.come_close();
        self.wander();
        self.swap_neighbours();
        self.move_blocks();
        self.swap_neighbours();
    }

    /// From now on drawings are compared without the corners that can be taken out.
    fn come_close(&mut self) {
        self.close = true;
        self.seen.clear();
        for mut drawing in std::mem::take(&mut self.kept) {
            align(&mut drawing.grid, self.metrics);
            drawing.solved = drawn(
                self.level,
                &drawing.columns,
                &mut drawing.grid,
                self.metrics,
            );
            drawing.badness = drawing.solved.badness(self.metrics);
            self.keep(drawing);
        }
    }

    fn wander(&mut self) {
        let Some(mut here) = self.kept.first().cloned() else {
            return;
        };
        let steps = STEPS / self.level.blocks.len().max(1);
        let heat = HEAT * i64::from(self.metrics.stub);
        let mut dice = Dice::new(7);
        for step in 0..steps {
            let next = match dice.below(2) {
                0 => self.swapped(&here, &mut dice),
                _ => self.moved(&here, &mut dice),
            };
            let Some((columns, grid)) = next else {
                continue;
            };
            let tangle = crossings(&grid);
            if tangle > here.tangle + SLACK {
                continue;
            }
            let there = self.drawing(columns, grid, tangle);
            if there.badness < here.badness + dice.part_of(heat, steps - step, steps) {
                here = there;
                self.keep(here.clone());
            }
        }
    }

    /// Two neighbours of a column the other way around.
    fn swapped(&self, here: &Drawing, dice: &mut Dice) -> Option<(Vec<usize>, Grid)> {
        let column = dice.below(here.grid.columns.len());
        let pairs = here.grid.columns.get(column)?.len().checked_sub(1)?;
        let above = (pairs > 0).then(|| dice.below(pairs))?;
        let mut grid = here.grid.clone();
        grid.columns[column].swap(above, above + 1);
        stack(&mut grid, self.metrics);
        Some((here.columns.clone(), grid))
    }

    /// A block in another column, which may be a new one at either side.
    fn moved(&self, here: &Drawing, dice: &mut Dice) -> Option<(Vec<usize>, Grid)> {
        let block = dice.below(here.columns.len());
        let last = here.columns.iter().copied().max().unwrap_or(0);
        let to = dice.below(last + 3);
        if self.level.blocks[block].pin.is_some() {
            return None;
        }
        let mut columns: Vec<usize> = here.columns.iter().map(|column| column + 1).collect();
        columns[block] = to;
        close_up(&mut columns);
        if columns == here.columns || !is_closed_up(self.level, &columns) {
            return None;
        }
        let mut grid = Grid::new(self.level, &columns, &here.rank());
        order(&mut grid, 1, self.metrics);
        Some((columns, grid))
    }

    /// Puts neighbours in a column the other way around where that is better.
    fn swap_neighbours(&mut self) {
        for _ in 0..PASSES {
            let Some(best) = self.kept.first().filter(|_| self.is_worth_more()) else {
                return;
            };
            let mut better = false;
            let counts: Vec<usize> = best.grid.columns.iter().map(Vec::len).collect();
            let pairs = counts.into_iter().enumerate();
            let pairs = pairs.flat_map(|(column, count)| (1..count).map(move |n| (column, n)));
            for (column, below) in pairs {
                better |= self.swap(column, below);
            }
            if !better {
                return;
            }
        }
    }

    /// Whether an item stands better above its neighbour.
    fn swap(&mut self, column: usize, below: usize) -> bool {
        let Some(best) = self.kept.first() else {
            return false;
        };
        let before = best.badness;
        let (columns, mut grid) = (best.columns.clone(), best.grid.clone());
        // The best one may have other columns by now.
        match grid.columns.get_mut(column) {
            Some(items) if below < items.len() => items.swap(below - 1, below),
            _ => return false,
        }
        stack(&mut grid, self.metrics);
        self.draw(&columns, grid);
        self.kept.first().is_some_and(|best| best.badness < before)
    }
}

/// Numbers columns without leaving one out.
fn close_up(columns: &mut [usize]) {
    let used: BTreeSet<usize> = columns.iter().copied().collect();
    for column in columns {
        *column = used.range(..*column).count();
    }
}

/// Numbers that look random and are the same every time.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below another one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }

    /// Some of an amount that shrinks with what is left of all.
    fn part_of(&mut self, amount: i64, left: usize, all: usize) -> i64 {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / 4096);
        let most = amount * count(left) / count(all).max(1);
        most * count(self.below(1000)) / 1000
    }
}
