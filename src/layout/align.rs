//! Corners taken out of lines, once everything has its height.
//!
//! In a gap, the upright of a run turns where its highest end is on one side only, and where its
//! lowest is. So corners go when two ends come to one height: a box is moved there, with what its
//! column and its straight lines take along, if corners and lengths say that the whole is better.

use super::Metrics;
use super::grid::Grid;
use super::place::apart;

/// Looks at all runs before it is left as it is.
const PASSES: usize = 6;

/// Items looked at in all moves together, by item of the level; what keeps large levels quick.
const EFFORT: usize = 100;

/// Moves items so that lines turn less often; the order in columns stays.
pub(super) fn align(grid: &mut Grid, metrics: &Metrics) {
    let mut search = Search::new(grid, metrics);
    for _ in 0..PASSES {
        if !search.pass(grid) {
            break;
        }
    }
}

/// What a corner costs, in stubs.
const CORNER: i64 = 4;

/// The end of a run in a gap: an item, how far below its top, and whether it is left of the gap.
type End = (usize, i32, bool);

struct Search<'a> {
    metrics: &'a Metrics,
    /// By gap and run: what it connects there.
    wires: Vec<Vec<End>>,
    /// By item: the wires that end there.
    wires_of: Vec<Vec<usize>>,
    /// By item: where it stands in its column.
    place_of: Vec<usize>,
    /// By item: how far the move that is being tried takes it.
    shift: Vec<i32>,
    moved: Vec<usize>,
    effort: usize,
    /// Room for what a try needs.
    waiting: Vec<(usize, i32)>,
    touched: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(grid: &Grid, metrics: &'a Metrics) -> Self {
        let count = grid.items.len();
        let mut search = Self {
            metrics,
            wires: Vec::new(),
            wires_of: vec![Vec::new(); count],
            place_of: vec![0; count],
            shift: vec![0; count],
            moved: Vec::new(),
            effort: EFFORT * count,
            waiting: Vec::new(),
            touched: Vec::new(),
        };
        for column in &grid.columns {
            for (n, item) in column.iter().enumerate() {
                search.place_of[*item] = n;
            }
        }
        for hop in grid.runs.iter().flat_map(|run| &run.hops) {
            let ends = hop.targets.iter().map(|(end, _)| end).chain([&hop.source]);
            let ends: Vec<End> = ends.map(|end| (end.item, end.at, end.left)).collect();
            for (item, ..) in &ends {
                if search.wires_of[*item].last() != Some(&search.wires.len()) {
                    search.wires_of[*item].push(search.wires.len());
                }
            }
            search.wires.push(ends);
        }
        search
    }

    /// Tries to straighten every wire; whether any got better.
    fn pass(&mut self, grid: &mut Grid) -> bool {
        let mut better = false;
        for wire in 0..self.wires.len() {
            let high = self.uneven(grid, wire, false);
            if let Some((left, right)) = high {
                better |= self.level(grid, left, right);
            }
            // A line of two ends has one way only of being uneven.
            let low = self
                .uneven(grid, wire, true)
                .filter(|low| high != Some(*low));
            if let Some((left, right)) = low {
                better |= self.level(grid, left, right);
            }
            if self.effort == 0 {
                return false;
            }
        }
        better
    }

    /// The outermost ends at the left and the right of a wire where they are not at one height.
    fn uneven(&self, grid: &Grid, wire: usize, low: bool) -> Option<(End, End)> {
        let outermost = |left: bool| {
            let ends = self.wires[wire].iter().filter(|end| end.2 == left);
            ends.copied().min_by_key(|(item, at, _)| {
                let y = grid.items[*item].y + at;
                if low { -y } else { y }
            })
        };
        let (left, right) = (outermost(true)?, outermost(false)?);
        let y = |end: End| grid.items[end.0].y + end.1;
        (left.0 != right.0 && y(left) != y(right)).then_some((left, right))
    }

    /// Brings two ends to one height in the way that is best, if any way is better than none.
    fn level(&mut self, grid: &mut Grid, left: End, right: End) -> bool {
        let down = grid.items[right.0].y + right.1 - grid.items[left.0].y - left.1;
        let ways = [(left.0, down), (right.0, -down)];
        let mut best: Option<(i64, Vec<(usize, i32)>)> = None;
        for (item, by) in ways {
            for drag in [true, false] {
                let (gain, dragged) = self.gain(grid, item, by, drag);
                if gain > best.as_ref().map_or(0, |(gain, _)| *gain) {
                    let moves = self.moved.iter().map(|item| (*item, self.shift[*item]));
                    best = Some((gain, moves.collect()));
                }
                self.forget();
                if !dragged {
                    break;
                }
            }
        }
        let Some((_, moves)) = best else {
            return false;
        };
        for (item, by) in moves {
            grid.items[item].y += by;
        }
        true
    }

    /// What is gained by moving an item and whatever has to make way for it. With `drag`, what a
    /// straight line connects to anything that moves moves too; whether there is such a thing.
    fn gain(&mut self, grid: &Grid, item: usize, by: i32, drag: bool) -> (i64, bool) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.push((item, by));
        let mut dragged = false;
        while let Some((item, by)) = waiting.pop() {
            if by.abs() <= self.shift[item].abs() {
                continue;
            }
            if self.shift[item] == 0 {
                self.moved.push(item);
            }
            self.shift[item] = by;
            self.effort = self.effort.saturating_sub(1);
            waiting.extend(self.in_the_way(grid, item, by));
            if drag {
                let before = waiting.len();
                self.straight_to(grid, item, by, &mut waiting);
                dragged |= waiting.len() > before;
            }
        }
        self.waiting = waiting;
        (self.worth(grid), dragged)
    }

    /// The neighbour in the column that an item runs into, and how far that one has to move.
    fn in_the_way(&self, grid: &Grid, item: usize, by: i32) -> Option<(usize, i32)> {
        let (column, n) = (&grid.columns[grid.items[item].column], self.place_of[item]);
        let own = &grid.items[item];
        let y = own.y + by;
        if by > 0 {
            let next = *column.get(n + 1)?;
            let below = &grid.items[next];
            let lack = y + apart(own, below, self.metrics) - below.y;
            (lack > 0).then_some((next, lack))
        } else {
            let next = column[n.checked_sub(1)?];
            let above = &grid.items[next];
            let lack = above.y + apart(above, own, self.metrics) - y;
            (lack > 0).then_some((next, -lack))
        }
    }

    /// What lines without a corner connect to an item.
    fn straight_to(&self, grid: &Grid, item: usize, by: i32, found: &mut Vec<(usize, i32)>) {
        for wire in &self.wires_of[item] {
            let ends = &self.wires[*wire];
            for (_, at, left) in ends.iter().filter(|end| end.0 == item) {
                let y = grid.items[item].y + at;
                let level = ends
                    .iter()
                    .filter(|end| end.2 != *left && grid.items[end.0].y + end.1 == y);
                found.extend(level.map(|end| (end.0, by)));
            }
        }
    }

    /// How much better it is with everything where the move takes it: corners and lengths.
    fn worth(&mut self, grid: &Grid) -> i64 {
        let mut touched = std::mem::take(&mut self.touched);
        touched.clear();
        for item in &self.moved {
            touched.extend(&self.wires_of[*item]);
        }
        touched.sort_unstable();
        touched.dedup();
        let mut worth = 0;
        for wire in &touched {
            worth += self.price(grid, *wire, false) - self.price(grid, *wire, true);
        }
        self.touched = touched;
        let (before, after) = (self.height(grid, false), self.height(grid, true));
        worth - 4 * i64::from((after - before).max(0)) + i64::from((before - after).max(0))
    }

    fn y(&self, grid: &Grid, item: usize, moved: bool) -> i32 {
        grid.items[item].y + if moved { self.shift[item] } else { 0 }
    }

    /// What a wire costs: its corners and the length of its upright.
    fn price(&self, grid: &Grid, wire: usize, moved: bool) -> i64 {
        let (mut left, mut right) = ((i32::MAX, i32::MIN), (i32::MAX, i32::MIN));
        for (item, at, is_left) in &self.wires[wire] {
            let y = self.y(grid, *item, moved) + at;
            let side = if *is_left { &mut left } else { &mut right };
            *side = (side.0.min(y), side.1.max(y));
        }
        let length = left.1.max(right.1) - left.0.min(right.0);
        if length == 0 {
            return 0;
        }
        // It turns without branching at an end that only one side has.
        let corners = i64::from(left.0 != right.0) + i64::from(left.1 != right.1);
        CORNER * i64::from(self.metrics.stub) * corners + i64::from(length)
    }

    /// From the highest top to the lowest bottom.
    fn height(&self, grid: &Grid, moved: bool) -> i32 {
        let tops = grid.columns.iter().filter_map(|column| column.first());
        let ends = grid.columns.iter().filter_map(|column| column.last());
        let top = tops.map(|item| self.y(grid, *item, moved)).min();
        let bottom = ends.map(|item| self.y(grid, *item, moved) + grid.items[*item].height);
        bottom.max().unwrap_or(0) - top.unwrap_or(0)
    }

    fn forget(&mut self) {
        for item in self.moved.drain(..) {
            self.shift[item] = 0;
        }
    }
}
