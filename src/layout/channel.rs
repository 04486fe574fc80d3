//! The vertical lines of a gap: which stands left of which, and how many tracks they need.
//!
//! A wire is what a run does in a gap: one vertical line with a horizontal piece to each port. Of
//! two wires, which one stands left decides how often they cross, and whether two horizontal
//! pieces would lie upon one another; both are counted for each pair, and an order is sought in
//! which the sum is small.

use super::grid::Grid;

/// What two lines upon one another cost: more than any number of crossings.
const CONFLICT: i64 = 10_000;

/// Gaps with more wires than this are sorted once, without another look.
const MANY: usize = 150;

/// A run in a gap.
pub(super) struct Wire {
    pub(super) run: usize,
    pub(super) hop: usize,
    /// The heights of the ports at its left and right, sorted.
    left: Vec<i32>,
    right: Vec<i32>,
    low: i32,
    high: i32,
    /// Where its vertical line stands, counted from the left; `None` for a straight one.
    pub(super) track: Option<usize>,
}

impl Wire {
    fn is_straight(&self) -> bool {
        self.low == self.high
    }

    /// Where it turns without branching: at an end of its upright that only one side has.
    fn corners(&self) -> usize {
        usize::from(self.left.first() != self.right.first())
            + usize::from(self.left.last() != self.right.last())
    }
}

/// The wires of a gap, routed.
#[derive(Default)]
pub(super) struct Channel {
    pub(super) wires: Vec<Wire>,
    pub(super) tracks: usize,
    pub(super) crossings: usize,
    pub(super) corners: usize,
    /// Heights at which two wires lie upon one another.
    pub(super) conflicts: Vec<i32>,
}

/// The runs and hops of every gap.
pub(super) fn hops_by_gap(grid: &Grid) -> Vec<Vec<(usize, usize)>> {
    let mut gaps = vec![Vec::new(); grid.columns.len() + 1];
    for (r, run) in grid.runs.iter().enumerate() {
        for (h, hop) in run.hops.iter().enumerate() {
            gaps[hop.gap].push((r, h));
        }
    }
    gaps
}

/// Routes the wires of a gap at the present heights.
pub(super) fn channel(grid: &Grid, hops: &[(usize, usize)], apart: i32) -> Channel {
    let all = hops.iter().map(|(run, hop)| wire(grid, *run, *hop));
    let (straight, bent): (Vec<Wire>, Vec<Wire>) = all.partition(Wire::is_straight);
    let mut channel = Channel::default();
    let order = order(&bent);
    channel.corners = bent.iter().map(Wire::corners).sum();
    for (n, a) in order.iter().enumerate() {
        for b in &order[n + 1..] {
            let (crossings, conflict) = cost(&bent[*a], &bent[*b]);
            channel.crossings += crossings;
            channel.conflicts.extend(conflict);
        }
        for line in &straight {
            let wire = &bent[*a];
            channel.crossings += usize::from(wire.low < line.low && line.low < wire.high);
        }
    }
    channel.tracks = tracks(&order, bent, apart, &mut channel.wires);
    channel.wires.extend(straight);
    channel
}

fn wire(grid: &Grid, run: usize, number: usize) -> Wire {
    let hop = &grid.runs[run].hops[number];
    let ends = hop.targets.iter().map(|(end, _)| *end);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for end in ends.chain([hop.source]) {
        let side = if end.left { &mut left } else { &mut right };
        side.push(grid.y(end));
    }
    for side in [&mut left, &mut right] {
        side.sort_unstable();
        side.dedup();
    }
    let all = || left.iter().chain(&right).copied();
    let (low, high) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    Wire {
        run,
        hop: number,
        left,
        right,
        low,
        high,
        track: None,
    }
}

/// What it costs that `a` stands left of `b`: crossings, and the height of a conflict.
fn cost(a: &Wire, b: &Wire) -> (usize, Option<i32>) {
    if a.high < b.low || b.high < a.low {
        return (0, None);
    }
    let inside = |heights: &[i32], wire: &Wire| {
        let from = heights.partition_point(|y| *y <= wire.low);
        heights
            .partition_point(|y| *y < wire.high)
            .saturating_sub(from)
    };
    let crossings = inside(&b.left, a) + inside(&a.right, b);
    let shared = b.left.iter().find(|y| a.right.binary_search(y).is_ok());
    (crossings, shared.copied())
}

fn price(a: &Wire, b: &Wire) -> i64 {
    let (crossings, conflict) = cost(a, b);
    let crossings = i64::try_from(crossings).unwrap_or(CONFLICT);
    crossings + if conflict.is_some() { CONFLICT } else { 0 }
}

/// Wires from left to right: each is put where it costs least, and taken out and put again until
/// nothing gets better.
fn order(wires: &[Wire]) -> Vec<usize> {
    let mut by_height: Vec<usize> = (0..wires.len()).collect();
    by_height.sort_by_key(|n| (wires[*n].low, wires[*n].high, wires[*n].run));
    if wires.len() > MANY {
        return by_height;
    }
    let prices = Prices::new(wires);
    let mut order: Vec<usize> = Vec::new();
    for wire in &by_height {
        let (at, _) = prices.best(&order, *wire);
        order.insert(at, *wire);
    }
    for _ in 0..4 {
        let mut moved = false;
        for wire in &by_height {
            let Some(old) = order.iter().position(|w| w == wire) else {
                continue;
            };
            order.remove(old);
            let (at, gain) = prices.best_instead(&order, *wire, old);
            moved |= gain;
            order.insert(at, *wire);
        }
        if !moved {
            break;
        }
    }
    order
}

/// What each wire costs left of each other one.
struct Prices {
    count: usize,
    prices: Vec<i64>,
}

impl Prices {
    fn new(wires: &[Wire]) -> Self {
        let mut prices = Vec::with_capacity(wires.len() * wires.len());
        for a in wires {
            prices.extend(wires.iter().map(|b| price(a, b)));
        }
        Self {
            count: wires.len(),
            prices,
        }
    }

    fn of(&self, left: usize, right: usize) -> i64 {
        self.prices[left * self.count + right]
    }

    /// Where a wire costs least among others in order, and what it costs there.
    fn best(&self, order: &[usize], wire: usize) -> (usize, i64) {
        let mut now: i64 = order.iter().map(|other| self.of(wire, *other)).sum();
        let mut best = (0, now);
        for (n, other) in order.iter().enumerate() {
            now += self.of(*other, wire) - self.of(wire, *other);
            if now < best.1 {
                best = (n + 1, now);
            }
        }
        best
    }

    /// The same, staying at `old` unless another place is better.
    fn best_instead(&self, order: &[usize], wire: usize, old: usize) -> (usize, bool) {
        let (at, least) = self.best(order, wire);
        let (before, after) = order.split_at(old);
        let left: i64 = before.iter().map(|other| self.of(*other, wire)).sum();
        let right: i64 = after.iter().map(|other| self.of(wire, *other)).sum();
        match least < left + right {
            true => (at, true),
            false => (old, false),
        }
    }
}

/// Gives each wire the leftmost track right of all those before it that it would touch.
fn tracks(order: &[usize], bent: Vec<Wire>, apart: i32, routed: &mut Vec<Wire>) -> usize {
    let mut bent: Vec<Option<Wire>> = bent.into_iter().map(Some).collect();
    let mut count = 0;
    for n in order {
        let Some(mut wire) = bent[*n].take() else {
            continue;
        };
        let touching = routed.iter().filter(|other| {
            wire.low < other.high.saturating_add(apart)
                && other.low < wire.high.saturating_add(apart)
        });
        let track = touching
            .filter_map(|other| other.track)
            .max()
            .map_or(0, |t| t + 1);
        wire.track = Some(track);
        count = count.max(track + 1);
        routed.push(wire);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(left: &[i32], right: &[i32]) -> Wire {
        let all = || left.iter().chain(right).copied();
        Wire {
            run: 0,
            hop: 0,
            left: left.to_vec(),
            right: right.to_vec(),
            low: all().min().unwrap(),
            high: all().max().unwrap(),
            track: None,
        }
    }

    #[test]
    fn of_two_wires_going_down_the_lower_stands_left() {
        let wires = [wire(&[0], &[30]), wire(&[10], &[40])];
        assert_eq!(order(&wires), [1, 0]);
        assert_eq!(price(&wires[1], &wires[0]), 0);
        assert_eq!(price(&wires[0], &wires[1]), 2);
    }

    #[test]
    fn horizontal_pieces_never_lie_upon_one_another() {
        // The second leaves to the right at the height at which the first comes from the left.
        let wires = [wire(&[20], &[40]), wire(&[0], &[20])];
        let order = order(&wires);
        assert_eq!(order, [0, 1]);
        assert_eq!(cost(&wires[1], &wires[0]).1, Some(20));
    }

    #[test]
    fn wires_that_do_not_touch_share_a_track() {
        let mut routed = Vec::new();
        let wires = vec![wire(&[0], &[10]), wire(&[50], &[60]), wire(&[5], &[55])];
        assert_eq!(tracks(&[0, 1, 2], wires, 10, &mut routed), 2);
        let tracks: Vec<_> = routed.iter().map(|w| w.track).collect();
        assert_eq!(tracks, [Some(0), Some(0), Some(1)]);
    }
}
