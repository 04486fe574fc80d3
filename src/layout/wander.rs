//! The last touch of a small drawing: steps that look random and are not, towards what is better
//! mostly, at first also to what is a little worse, so that two blocks can move where each alone
//! would be in the other's way.

use std::collections::BTreeSet;

use super::grid::Grid;
use super::order::{crossings, order, swap_in_place, touch_up};
use super::search::{Drawing, Search, is_closed_up};

/// Steps of a level, all of its blocks together: a step of a larger level costs more.
const STEPS: usize = 12_000;

/// How often they begin again from the best drawing.
const ROUNDS: usize = 2;

/// By how many stubs the first steps may be worse.
const HEAT: i64 = 50;

/// How much more tangled a step may be, in pairs of lines, and still be drawn.
const SLACK: usize = 3;

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

    /// Goes from the best drawing through others, several times.
    fn wander(&mut self) {
        let steps = STEPS / ROUNDS / self.level.blocks.len().max(1);
        let mut dice = Dice::new(7);
        for _ in 0..ROUNDS {
            let Some(mut here) = self.kept.first().cloned() else {
                return;
            };
            for step in 0..steps {
                let heat = HEAT * i64::from(self.metrics.stub);
                let Some(there) = self.step(&here, &mut dice) else {
                    continue;
                };
                if there.badness < here.badness + dice.part_of(heat, steps - step, steps) {
                    here = there;
                    self.keep(here.clone());
                    if !self.is_worth_more() {
                        return;
                    }
                }
            }
        }
    }

    /// A drawing that is another one but for a block or two, unless its lines are far more tangled.
    fn step(&self, here: &Drawing, dice: &mut Dice) -> Option<Drawing> {
        let (columns, grid) = match dice.below(4) {
            0 => self.exchanged(here, dice),
            1 => self.tied(here, dice),
            2 => self.moved(here, dice),
            _ => self.swapped(here, dice),
        }?;
        let tangle = crossings(&grid);
        (tangle <= here.tangle + SLACK).then(|| self.drawing(columns, grid, tangle))
    }

    /// Two neighbours of a column the other way around.
    fn swapped(&self, here: &Drawing, dice: &mut Dice) -> Option<(Vec<usize>, Grid)> {
        let column = dice.below(here.grid.columns.len());
        let pairs = here.grid.columns.get(column)?.len().checked_sub(1)?;
        let above = (pairs > 0).then(|| dice.below(pairs))?;
        let mut grid = here.grid.clone();
        swap_in_place(&mut grid, column, above, self.metrics);
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

    /// A block beside another one, at the height at which the line between them is straight.
    fn tied(&self, here: &Drawing, dice: &mut Dice) -> Option<(Vec<usize>, Grid)> {
        let link = &self.level.links[dice.below(self.level.links.len())];
        let (still, moving) = match dice.below(2) {
            0 => (link.parent, link.child),
            _ => (link.child, link.parent),
        };
        let by = dice.below(4);
        if still.node == moving.node || self.level.blocks[moving.node].pin.is_some() {
            return None;
        }
        let mut columns: Vec<usize> = here.columns.iter().map(|column| column + 2).collect();
        let beside = columns[still.node];
        columns[moving.node] = match by {
            0 => beside - 1,
            1 | 2 => beside + 1,
            _ => columns[moving.node],
        };
        let mut heights = here.heights();
        heights[moving.node] = heights[still.node] + still.y - moving.y;
        self.with_heights(here, columns, &heights)
    }

    /// Two blocks, each in the place of the other.
    fn exchanged(&self, here: &Drawing, dice: &mut Dice) -> Option<(Vec<usize>, Grid)> {
        let count = here.columns.len();
        let (a, b) = (dice.below(count), dice.below(count));
        let pinned = |block: usize| self.level.blocks[block].pin.is_some();
        if a == b || pinned(a) || pinned(b) {
            return None;
        }
        let mut columns = here.columns.clone();
        columns.swap(a, b);
        let mut heights = here.heights();
        heights.swap(a, b);
        self.with_heights(here, columns, &heights)
    }

    fn with_heights(
        &self,
        here: &Drawing,
        mut columns: Vec<usize>,
        heights: &[i32],
    ) -> Option<(Vec<usize>, Grid)> {
        close_up(&mut columns);
        if !is_closed_up(self.level, &columns) {
            return None;
        }
        let mut grid = Grid::new(self.level, &columns, &here.rank());
        grid.take_heights(heights, &here.grid.lane_heights());
        touch_up(&mut grid, self.metrics);
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
        if grid
            .columns
            .get(column)
            .is_none_or(|items| below >= items.len())
        {
            return false;
        }
        swap_in_place(&mut grid, column, below - 1, self.metrics);
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
