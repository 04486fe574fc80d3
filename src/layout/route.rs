//! Columns and tracks to places: where each block stands and which corners each line has.

use std::collections::BTreeMap;

use super::channel::{Channel, channel, hops_by_gap};
use super::grid::{End, Grid, Run};
use super::solve::{Level, Solved};
use super::{Metrics, Point, Rect};

/// How often a column is moved to keep lines apart before it is left as it is.
const MOVES: usize = 40;

/// Routes all gaps from left to right, then puts the columns where the tracks leave room.
pub(super) fn route(level: &Level, grid: &mut Grid, metrics: &Metrics) -> Solved {
    let hops = hops_by_gap(grid);
    let mut channels = Vec::new();
    for (gap, hops) in hops.iter().enumerate() {
        let mut routed = channel(grid, hops, metrics.lane_y);
        for _ in 0..MOVES {
            let Some(y) = routed.conflicts.first().copied() else {
                break;
            };
            if !make_way(grid, gap, hops, y, metrics) {
                break;
            }
            routed = channel(grid, hops, metrics.lane_y);
        }
        channels.push(routed);
    }
    let frame = Frame::new(level, grid, &channels, metrics);
    frame.solved(level, grid, &channels)
}

/// Moves whatever has a port at height `y` at the right of a gap down, and all below it.
fn make_way(
    grid: &mut Grid,
    gap: usize,
    hops: &[(usize, usize)],
    y: i32,
    metrics: &Metrics,
) -> bool {
    let ends = hops.iter().flat_map(|(run, hop)| {
        let hop = &grid.runs[*run].hops[*hop];
        let targets = hop.targets.iter().map(|(end, _)| *end);
        targets.chain([hop.source])
    });
    let mut at_right = ends.filter(|end| !end.left);
    let Some(end) = at_right.find(|end| grid.y(*end) == y) else {
        return false;
    };
    let column = &grid.columns[gap];
    let from = column.iter().position(|id| *id == end.item).unwrap_or(0);
    for id in &column[from..] {
        grid.items[*id].y += metrics.lane_y;
    }
    true
}

/// Where columns and gaps begin.
struct Frame {
    columns: Vec<i32>,
    /// The place of the first track of each gap.
    tracks: Vec<i32>,
    width: i32,
    lane: i32,
}

impl Frame {
    fn new(level: &Level, grid: &Grid, channels: &[Channel], metrics: &Metrics) -> Self {
        let width_of = |column: &Vec<usize>| {
            let blocks = column.iter().filter_map(|id| level.blocks.get(*id));
            blocks.map(|block| block.width).max().unwrap_or(0)
        };
        let mut frame = Self {
            columns: Vec::new(),
            tracks: Vec::new(),
            width: 0,
            lane: metrics.lane_x,
        };
        let last = grid.columns.len();
        for (gap, channel) in channels.iter().enumerate() {
            let tracks = i32::try_from(channel.tracks).unwrap_or(i32::MAX / 1000);
            let lines = (tracks - 1).max(0) * metrics.lane_x;
            let outer = gap == 0 || gap == last;
            // Lines that leave the diagram's own side need room beside them.
            let width = match (outer, tracks) {
                (true, 0) => 0,
                (true, _) => metrics.stub + lines + metrics.lane_x,
                (false, _) => 2 * metrics.stub + lines,
            };
            let first = if gap == 0 {
                metrics.lane_x
            } else {
                metrics.stub
            };
            frame.tracks.push(frame.width + first);
            frame.width += width;
            if let Some(column) = grid.columns.get(gap) {
                frame.columns.push(frame.width);
                frame.width += width_of(column);
            }
        }
        frame
    }

    fn solved(&self, level: &Level, grid: &Grid, channels: &[Channel]) -> Solved {
        let mut solved = Solved {
            width: self.width,
            corners: channels.iter().map(|channel| channel.corners).sum(),
            crossings: channels.iter().map(|channel| channel.crossings).sum(),
            conflicts: channels.iter().map(|channel| channel.conflicts.len()).sum(),
            routes: vec![Vec::new(); level.links.len()],
            ..Solved::default()
        };
        solved.boxes = level
            .blocks
            .iter()
            .enumerate()
            .map(|(n, block)| {
                let item = &grid.items[n];
                Rect {
                    x: self.columns[item.column],
                    y: item.y,
                    width: block.width,
                    height: block.height,
                }
            })
            .collect();
        let tracks = self.track_places(channels);
        for (number, run) in grid.runs.iter().enumerate() {
            self.draw(number, run, grid, &tracks, &mut solved);
        }
        solved.measure();
        solved
    }

    /// Where the vertical line of each run in each gap stands.
    fn track_places(&self, channels: &[Channel]) -> BTreeMap<(usize, usize), i32> {
        let mut places = BTreeMap::new();
        for (gap, channel) in channels.iter().enumerate() {
            for wire in &channel.wires {
                let track = wire.track.and_then(|track| i32::try_from(track).ok());
                if let Some(track) = track {
                    places.insert((gap, wire.run), self.tracks[gap] + track * self.lane);
                }
            }
        }
        places
    }

    /// Draws all lines of a run: each is the trunk as far as it goes, and a branch.
    fn draw(
        &self,
        number: usize,
        run: &Run,
        grid: &Grid,
        tracks: &BTreeMap<(usize, usize), i32>,
        solved: &mut Solved,
    ) {
        let mut trunk: Vec<Point> = Vec::new();
        for hop in &run.hops {
            let start = self.edge(&solved.boxes, grid, hop.source);
            if trunk.is_empty() {
                trunk.push(start);
            }
            let track = tracks.get(&(hop.gap, number)).copied();
            let mut onwards = Vec::new();
            for (end, link) in &hop.targets {
                let goal = self.edge(&solved.boxes, grid, *end);
                let corners = track.map(|x| [Point { x, y: start.y }, Point { x, y: goal.y }]);
                let corners = corners.into_iter().flatten();
                match link {
                    Some(link) => {
                        let mut line = trunk.clone();
                        line.extend(corners);
                        line.push(goal);
                        solved.routes[*link] = simplify(line);
                    }
                    None => onwards.extend(corners),
                }
            }
            trunk.extend(onwards);
            trunk = simplify(trunk);
        }
    }

    /// The place of a port; that of a lane is only as high as it, and in the column's middle.
    fn edge(&self, boxes: &[Rect], grid: &Grid, end: End) -> Point {
        let y = grid.y(end);
        let x = match boxes.get(end.item) {
            Some(rect) if end.left => rect.x + rect.width,
            Some(rect) => rect.x,
            None => self.columns[grid.items[end.item].column],
        };
        Point { x, y }
    }
}

/// Takes out points that are no corners.
pub(super) fn simplify(line: Vec<Point>) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(line.len());
    for point in line {
        if corners.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = corners[..]
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
        {
            corners.pop();
        }
        corners.push(point);
    }
    corners
}
