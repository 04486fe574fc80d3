//! Corners taken out of lines, once everything has its height.
//!
//! In a gap, the upright of a run turns where its highest end is on one side only, and where its
//! lowest is. So corners go when two ends come to one height: a box is moved there, with what its
//! column and its straight lines take along, if corners and lengths say that the whole is better.

use super::Metrics;
use super::grid::Grid;
use super::place::apart;

/// Looks at all runs before it is left as it is.
const PASSES: usize = 3;

/// Items looked at in all moves together, by item of the level; what keeps large levels quick.
const EFFORT: usize = 100;

/// Moves items so that lines turn less often; the order in columns stays.
pub(super) fn align(grid: &mut Grid, metrics: &Metrics) {
    let mut search = Search::new(grid, metrics);
    for _ in 0..PASSES {
        if !search.pass() {
            break;
        }
    }
    for (item, y) in grid.items.iter_mut().zip(search.y) {
        item.y = y;
    }
}

/// What a corner costs, in stubs.
const CORNER: i64 = 8;

/// The end of a run in a gap: an item, how far below its top, and whether it is left of the gap.
type End = (usize, i32, bool);

/// What an item needs to know of its column.
#[derive(Clone, Copy, Default)]
struct Place {
    above: Option<usize>,
    below: Option<usize>,
    /// From its own top to the nearest that the top of the next one may be.
    room: i32,
}

struct Search {
    /// By item.
    y: Vec<i32>,
    places: Vec<Place>,
    /// By gap and run: what it connects there, and what that costs at present.
    wires: Vec<Vec<End>>,
    prices: Vec<i64>,
    /// By item: the wires that end there.
    wires_of: Vec<Vec<usize>>,
    /// The first item of each column, and the last one with its height.
    firsts: Vec<usize>,
    lasts: Vec<(usize, i32)>,
    /// From the highest top to the lowest bottom.
    height: i32,
    corner: i64,
    /// By item: how far the move that is being tried takes it.
    shift: Vec<i32>,
    moved: Vec<usize>,
    effort: usize,
    /// Room for what a try needs.
    waiting: Vec<(usize, i32)>,
    touched: Vec<usize>,
}

impl Search {
    fn new(grid: &Grid, metrics: &Metrics) -> Self {
        let count = grid.items.len();
        let mut search = Self {
            y: grid.items.iter().map(|item| item.y).collect(),
            places: vec![Place::default(); count],
            wires: Vec::new(),
            prices: Vec::new(),
            wires_of: vec![Vec::new(); count],
            firsts: Vec::new(),
            lasts: Vec::new(),
            height: 0,
            corner: CORNER * i64::from(metrics.stub),
            shift: vec![0; count],
            moved: Vec::new(),
            effort: EFFORT * count,
            waiting: Vec::new(),
            touched: Vec::new(),
        };
        for column in &grid.columns {
            search.add_column(grid, column, metrics);
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
        let prices = (0..search.wires.len()).map(|wire| search.price(wire));
        search.prices = prices.collect();
        search.height = search.height();
        search
    }

    fn add_column(&mut self, grid: &Grid, column: &[usize], metrics: &Metrics) {
        for pair in column.windows(2) {
            let (above, below) = (pair[0], pair[1]);
            self.places[above].below = Some(below);
            self.places[above].room = apart(&grid.items[above], &grid.items[below], metrics);
            self.places[below].above = Some(above);
        }
        self.firsts.extend(column.first());
        let last = column.last().map(|item| (*item, grid.items[*item].height));
        self.lasts.extend(last);
    }

    /// Tries to straighten every wire; whether any got better.
    fn pass(&mut self) -> bool {
        let mut better = false;
        for wire in 0..self.wires.len() {
            let high = self.uneven(wire, false);
            if let Some((left, right)) = high {
                better |= self.level(left, right);
            }
            // A line of two ends has one way only of being uneven.
            let low = self.uneven(wire, true).filter(|low| high != Some(*low));
            if let Some((left, right)) = low {
                better |= self.level(left, right);
            }
            if self.effort == 0 {
                return false;
            }
        }
        better
    }

    /// The outermost ends at the left and the right of a wire where they are not at one height.
    fn uneven(&self, wire: usize, low: bool) -> Option<(End, End)> {
        let y = |end: &End| self.y[end.0] + end.1;
        let outermost = |left: bool| {
            let ends = self.wires[wire].iter().filter(|end| end.2 == left);
            ends.copied()
                .min_by_key(|end| if low { -y(end) } else { y(end) })
        };
        let (left, right) = (outermost(true)?, outermost(false)?);
        (left.0 != right.0 && y(&left) != y(&right)).then_some((left, right))
    }

    /// Brings two ends to one height in the way that is best, if any way is better than none.
    fn level(&mut self, left: End, right: End) -> bool {
        let down = self.y[right.0] + right.1 - self.y[left.0] - left.1;
        let ways = [(left.0, down), (right.0, -down)];
        let mut best: Option<(i64, Vec<(usize, i32)>)> = None;
        for (item, by) in ways {
            for drag in [true, false] {
                let (gain, dragged) = self.gain(item, by, drag);
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
        self.take(&moves);
        true
    }

    fn take(&mut self, moves: &[(usize, i32)]) {
        for (item, by) in moves {
            self.y[*item] += by;
        }
        for (item, _) in moves {
            for wire in &self.wires_of[*item] {
                self.prices[*wire] = self.price(*wire);
            }
        }
        self.height = self.height();
    }

    /// What is gained by moving an item and whatever has to make way for it. With `drag`, what a
    /// straight line connects to anything that moves moves too; whether there is such a thing.
    fn gain(&mut self, item: usize, by: i32, drag: bool) -> (i64, bool) {
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
            waiting.extend(self.in_the_way(item, by));
            if drag {
                let before = waiting.len();
                self.straight_to(item, by, &mut waiting);
                dragged |= waiting.len() > before;
            }
        }
        self.waiting = waiting;
        (self.worth(), dragged)
    }

    /// The neighbour in the column that an item runs into, and how far that one has to move.
    fn in_the_way(&self, item: usize, by: i32) -> Option<(usize, i32)> {
        let y = self.y[item] + by;
        if by > 0 {
            let below = self.places[item].below?;
            let lack = y + self.places[item].room - self.y[below];
            (lack > 0).then_some((below, lack))
        } else {
            let above = self.places[item].above?;
            let lack = self.y[above] + self.places[above].room - y;
            (lack > 0).then_some((above, -lack))
        }
    }

    /// What lines without a corner connect to an item.
    fn straight_to(&self, item: usize, by: i32, found: &mut Vec<(usize, i32)>) {
        for wire in &self.wires_of[item] {
            let ends = &self.wires[*wire];
            for (_, at, left) in ends.iter().filter(|end| end.0 == item) {
                let y = self.y[item] + at;
                let level = ends
                    .iter()
                    .filter(|end| end.2 != *left && self.y[end.0] + end.1 == y);
                found.extend(level.map(|end| (end.0, by)));
            }
        }
    }

    /// How much better it is with everything where the move takes it: corners and lengths.
    fn worth(&mut self) -> i64 {
        let mut touched = std::mem::take(&mut self.touched);
        touched.clear();
        for item in &self.moved {
            touched.extend(&self.wires_of[*item]);
        }
        touched.sort_unstable();
        touched.dedup();
        let gains = touched
            .iter()
            .map(|wire| self.prices[*wire] - self.price(*wire));
        let worth: i64 = gains.sum();
        self.touched = touched;
        let higher = self.height() - self.height;
        worth - 4 * i64::from(higher.max(0)) + i64::from((-higher).max(0))
    }

    /// What a wire costs: its corners and the length of its upright.
    fn price(&self, wire: usize) -> i64 {
        let (mut left, mut right) = ((i32::MAX, i32::MIN), (i32::MAX, i32::MIN));
        for (item, at, is_left) in &self.wires[wire] {
            let y = self.y[*item] + self.shift[*item] + at;
            let side = if *is_left { &mut left } else { &mut right };
            *side = (side.0.min(y), side.1.max(y));
        }
        let length = left.1.max(right.1) - left.0.min(right.0);
        if length == 0 {
            return 0;
        }
        // It turns without branching at an end that only one side has.
        let corners = i64::from(left.0 != right.0) + i64::from(left.1 != right.1);
        self.corner * corners + i64::from(length)
    }

    /// From the highest top to the lowest bottom, with everything where the move takes it.
    fn height(&self) -> i32 {
        let y = |item: usize| self.y[item] + self.shift[item];
        let top = self.firsts.iter().map(|item| y(*item)).min();
        let bottoms = self.lasts.iter().map(|(item, height)| y(*item) + height);
        bottoms.max().unwrap_or(0) - top.unwrap_or(0)
    }

    fn forget(&mut self) {
        for item in self.moved.drain(..) {
            self.shift[item] = 0;
        }
    }
}
