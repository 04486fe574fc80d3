//! Columns and tracks to places: where each block stands and which corners each line has.

use super::channel::{Channel, channel, hops_by_gap};
use super::grid::{End, Grid, Run};
use super::solve::{Level, Measures, Solved};
use super::{Metrics, Point, Rect};

/// How often a column is moved to keep lines apart before it is left as it is.
const MOVES: usize = 40;

/// Columns and tracks: what is left is to draw the lines.
pub(super) struct Routed<'a> {
    level: &'a Level,
    grid: &'a Grid,
    channels: Vec<Channel>,
    frame: Frame,
}

/// Routes all gaps from left to right, then puts the columns where the tracks leave room.
pub(super) fn route<'a>(level: &'a Level, grid: &'a mut Grid, metrics: &Metrics) -> Routed<'a> {
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
    Routed {
        level,
        grid,
        channels,
        frame,
    }
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
}

impl Routed<'_> {
    /// What the drawing will be like, without making it.
    pub(super) fn measures(&self) -> Measures {
        let items = &self.grid.items;
        let top = items.iter().map(|item| item.y).min().unwrap_or(0);
        let bottoms = items.iter().map(|item| item.y + item.height);
        let channels = || self.channels.iter();
        Measures {
            width: self.frame.width,
            height: bottoms.max().unwrap_or(0) - top,
            crossings: channels().map(|channel| channel.crossings).sum(),
            conflicts: channels().map(|channel| channel.conflicts.len()).sum(),
            awkward: self.backward(),
            corners: channels().map(|channel| channel.corners).sum(),
            length: self.length(),
        }
    }

    /// Lines whose child does not stand right of its parent.
    fn backward(&self) -> usize {
        let column = |node: usize| self.grid.items[node].column;
        let backward = self.level.links.iter().filter(|link| {
            let (parent, child) = (link.parent.node, link.child.node);
            parent != child && column(child) <= column(parent)
        });
        backward.count()
    }

    /// Of all lines together.
    fn length(&self) -> i64 {
        let tracks = self.tracks();
        let mut length = 0;
        for (run, tracks) in self.grid.runs.iter().zip(&tracks) {
            let mut trunk = 0;
            for (hop, track) in run.hops.iter().zip(tracks) {
                let start = self.edge(hop.source);
                let mut onwards = trunk;
                for (end, link) in &hop.targets {
                    let goal = self.edge(*end);
                    let across = match track {
                        Some(x) => (start.x - x).abs() + (x - goal.x).abs(),
                        None => (start.x - goal.x).abs(),
                    };
                    let whole = trunk + i64::from(across + (start.y - goal.y).abs());
                    match link {
                        Some(_) => length += whole,
                        None => onwards = whole,
                    }
                }
                trunk = onwards;
            }
        }
        length
    }

    /// By run and hop: where the vertical line stands, if there is one.
    fn tracks(&self) -> Vec<Vec<Option<i32>>> {
        let runs = self.grid.runs.iter();
        let mut places: Vec<_> = runs.map(|run| vec![None; run.hops.len()]).collect();
        for (gap, channel) in self.channels.iter().enumerate() {
            for wire in &channel.wires {
                let track = wire.track.and_then(|track| i32::try_from(track).ok());
                let place = track.map(|track| self.frame.tracks[gap] + track * self.frame.lane);
                places[wire.run][wire.hop] = place;
            }
        }
        places
    }

    /// The drawing, which begins at 0.
    pub(super) fn solved(&self) -> Solved {
        let top = self.grid.items.iter().map(|item| item.y).min().unwrap_or(0);
        let both = self.level.blocks.iter().zip(&self.grid.items);
        let boxes = both.map(|(block, item)| Rect {
            x: self.frame.columns[item.column],
            y: item.y - top,
            width: block.width,
            height: block.height,
        });
        let mut routes = vec![Vec::new(); self.level.links.len()];
        for (run, tracks) in self.grid.runs.iter().zip(&self.tracks()) {
            self.draw(run, tracks, &mut routes);
        }
        for point in routes.iter_mut().flatten() {
            point.y -= top;
        }
        let measures = self.measures();
        Solved {
            width: measures.width,
            height: measures.height,
            boxes: boxes.collect(),
            routes,
        }
    }

    /// Draws all lines of a run: each is the trunk as far as it goes, and a branch.
    fn draw(&self, run: &Run, tracks: &[Option<i32>], routes: &mut [Vec<Point>]) {
        let mut trunk: Vec<Point> = Vec::new();
        for (hop, track) in run.hops.iter().zip(tracks) {
            let start = self.edge(hop.source);
            if trunk.is_empty() {
                trunk.push(start);
            }
            let mut onwards = Vec::new();
            for (end, link) in &hop.targets {
                let goal = self.edge(*end);
                let corners = track.map(|x| [Point { x, y: start.y }, Point { x, y: goal.y }]);
                let corners = corners.into_iter().flatten();
                match link {
                    Some(link) => {
                        let mut line = trunk.clone();
                        line.extend(corners);
                        line.push(goal);
                        routes[*link] = simplify(line);
                    }
                    None => onwards.extend(corners),
                }
            }
            trunk.extend(onwards);
            trunk = simplify(trunk);
        }
    }

    /// The place of a port; that of a lane is only as high as it, and in the column's middle.
    fn edge(&self, end: End) -> Point {
        let column = self.frame.columns[self.grid.items[end.item].column];
        let x = match self.level.blocks.get(end.item) {
            Some(block) if end.left => column + block.width,
            _ => column,
        };
        Point {
            x,
            y: self.grid.y(end),
        }
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
