//! Frames and single boxes as the blocks of a level of their own, with the lines between them.
//!
//! A line from a table in one frame to a table in another one has three pieces: from the parent to
//! its frame's border, between the frames, and from the border to the child. Which border follows
//! from the columns that the frames stand in, so these are chosen first.

use std::collections::{BTreeMap, BTreeSet};

use super::components::components;
use super::contents::Contents;
use super::frames::{Piece, Pins, closed, free, inner_edges, level, moved_line};
use super::grid::Grid;
use super::route::{route, simplify};
use super::search::solve;
use super::solve::{Block, Level, Side, Solved, arrange, candidates, starts};
use super::{Diagram, Edge, Metrics, Point, Port};

/// Frames by number, then the boxes outside of frames that have a line into one.
pub(super) struct Units<'a> {
    pub(super) diagram: &'a Diagram,
    /// The nodes of each unit.
    pub(super) nodes: Vec<Vec<usize>>,
    unit_of: Vec<Option<usize>>,
    /// Edges between units.
    edges: Vec<usize>,
    /// Nodes that are laid out without regard to frames.
    pub(super) loose: Vec<usize>,
}

impl<'a> Units<'a> {
    pub(super) fn new(diagram: &'a Diagram) -> Self {
        let mut nodes = vec![Vec::new(); diagram.frames.len()];
        let mut unit_of = vec![None; diagram.nodes.len()];
        for (n, node) in diagram.nodes.iter().enumerate() {
            if let Some(members) = node.frame.and_then(|frame| nodes.get_mut(frame)) {
                members.push(n);
                unit_of[n] = node.frame;
            }
        }
        let mut units = Self {
            diagram,
            nodes,
            unit_of,
            edges: Vec::new(),
            loose: Vec::new(),
        };
        units.add_singles();
        let ends = |edge: &Edge| {
            (
                units.unit_of[edge.parent.node],
                units.unit_of[edge.child.node],
            )
        };
        units.edges = (0..diagram.edges.len())
            .filter(|e| match ends(&diagram.edges[*e]) {
                (Some(a), Some(b)) => a != b || a >= diagram.frames.len(),
                _ => false,
            })
            .collect();
        units
    }

    /// Boxes outside of frames become units where a line connects them to a frame, be it by way of
    /// other such boxes.
    fn add_singles(&mut self) {
        let ends = self
            .diagram
            .edges
            .iter()
            .map(|e| (e.parent.node, e.child.node));
        for part in components(self.diagram.nodes.len(), ends) {
            let framed = part.iter().any(|n| self.unit_of[*n].is_some());
            let connected = part.len() > 1 && framed;
            for n in part {
                match (self.unit_of[n], connected) {
                    (Some(_), _) => {}
                    (None, true) => {
                        self.unit_of[n] = Some(self.nodes.len());
                        self.nodes.push(vec![n]);
                    }
                    (None, false) => self.loose.push(n),
                }
            }
        }
        self.loose.sort_unstable();
    }

    fn is_frame(&self, unit: usize) -> bool {
        unit < self.diagram.frames.len()
    }

    fn unit(&self, port: Port) -> usize {
        self.unit_of[port.node].unwrap_or(0)
    }

    /// Units that lines connect; an empty frame is in none.
    pub(super) fn parts(&self) -> Vec<Vec<usize>> {
        let edges = self.edges.iter().map(|e| &self.diagram.edges[*e]);
        let ends = edges.map(|e| (self.unit(e.parent), self.unit(e.child)));
        let ends: Vec<(usize, usize)> = ends.collect();
        let linked: BTreeSet<usize> = ends.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let mut parts = Vec::new();
        for part in components(self.nodes.len(), ends.into_iter()) {
            match part.first().is_some_and(|unit| linked.contains(unit)) {
                true => parts.push(part),
                false => parts.extend(part.into_iter().map(|unit| vec![unit])),
            }
        }
        parts.retain(|part| part.len() > 1 || !self.nodes[part[0]].is_empty());
        parts
    }

    /// A frame that no line leaves, or a box with lines to itself.
    pub(super) fn alone(&self, unit: usize, metrics: &Metrics) -> Vec<Piece> {
        let nodes = &self.nodes[unit];
        match self.is_frame(unit) {
            true => vec![closed(self.diagram, unit, nodes, metrics)],
            false => free(self.diagram, nodes, metrics),
        }
    }

    /// Units with the lines between them.
    pub(super) fn together(&self, units: &[usize], metrics: &Metrics) -> Piece {
        let cluster = Cluster::new(self, units);
        let sketch = cluster.sketch(metrics);
        let mut best: Option<(i64, Vec<usize>)> = None;
        for columns in candidates(&sketch, metrics) {
            let badness = most_orderly(&sketch, &sketch, &columns, metrics).0;
            if best.as_ref().is_none_or(|(least, _)| badness < *least) {
                best = Some((badness, columns));
            }
        }
        let columns = best.map(|(_, columns)| columns).unwrap_or_default();
        cluster.draw(&sketch, &columns, metrics)
    }
}

/// The best drawing of a level with its blocks in these columns.
fn most_orderly(
    level: &Level,
    sketch: &Level,
    columns: &[usize],
    metrics: &Metrics,
) -> (i64, Grid) {
    let mut best: Option<(i64, Grid)> = None;
    for start in starts(sketch) {
        let mut grid = arrange(level, columns, &start, metrics);
        let measures = route(level, &mut grid, metrics).measures();
        let badness = measures.badness(columns.len(), metrics);
        if best.as_ref().is_none_or(|(least, _)| badness < *least) {
            best = Some((badness, grid));
        }
    }
    best.unwrap_or_default()
}

/// Units that lines connect.
struct Cluster<'a> {
    units: &'a Units<'a>,
    members: &'a [usize],
    local: BTreeMap<usize, usize>,
    /// Edges between the members.
    edges: Vec<usize>,
}

impl<'a> Cluster<'a> {
    fn new(units: &'a Units<'a>, members: &'a [usize]) -> Self {
        let local: BTreeMap<usize, usize> = members
            .iter()
            .enumerate()
            .map(|(i, unit)| (*unit, i))
            .collect();
        let inside = |e: &usize| local.contains_key(&units.unit(units.diagram.edges[*e].parent));
        let edges = units.edges.iter().copied().filter(inside).collect();
        Self {
            units,
            members,
            local,
            edges,
        }
    }

    fn ends(&self, edge: usize) -> (usize, usize) {
        let edge = &self.units.diagram.edges[edge];
        (
            self.local[&self.units.unit(edge.parent)],
            self.local[&self.units.unit(edge.child)],
        )
    }

    /// The units as blocks of one size. The columns are chosen by it, so that they follow from
    /// which units lines connect alone: a frame that grows must not turn the others around.
    fn sketch(&self, metrics: &Metrics) -> Level {
        let mut sketch = Level {
            framed: true,
            ..Level::default()
        };
        for unit in self.members {
            let side = match self.units.is_frame(*unit) {
                true => 12 * metrics.stub,
                false => 5 * metrics.stub,
            };
            sketch.blocks.push(Block {
                width: side,
                height: side * 10 / metrics.unit_y,
                pin: None,
            });
        }
        for edge in &self.edges {
            let (parent, child) = self.ends(*edge);
            let port = |node| Port { node, y: 0 };
            sketch.links.push(Edge {
                parent: port(parent),
                child: port(child),
            });
        }
        sketch
    }

    /// On which sides a line leaves its parent's unit and enters its child's.
    fn sides(&self, edge: usize, columns: &[usize]) -> (Side, Side) {
        let (parent, child) = self.ends(edge);
        match columns[child].cmp(&columns[parent]) {
            std::cmp::Ordering::Greater => (Side::Right, Side::Left),
            std::cmp::Ordering::Equal => (Side::Right, Side::Right),
            std::cmp::Ordering::Less => (Side::Left, Side::Right),
        }
    }

    fn pins(&self, columns: &[usize]) -> Vec<Pins> {
        let mut pins = vec![Pins::default(); self.members.len()];
        for e in &self.edges {
            let (parent, child) = self.ends(*e);
            let (leave, enter) = self.sides(*e, columns);
            let edge = &self.units.diagram.edges[*e];
            pins[parent].leaving.insert((edge.parent, leave));
            let entering = &mut pins[child].entering;
            entering
                .entry((edge.parent, enter))
                .or_default()
                .insert(edge.child);
        }
        pins
    }

    /// Draws the cluster with its units in these columns.
    fn draw(&self, sketch: &Level, columns: &[usize], metrics: &Metrics) -> Piece {
        let pins = self.pins(columns);
        let contents: Vec<Contents> = self
            .members
            .iter()
            .zip(&pins)
            .map(|(unit, pins)| self.contents(*unit, pins, metrics))
            .collect();
        let mut outer = Level {
            framed: true,
            ..Level::default()
        };
        outer.blocks.extend(contents.iter().map(|c| Block {
            width: c.piece.width,
            height: c.piece.height,
            pin: None,
        }));
        // One link for each trunk and the unit it enters.
        let mut links: BTreeMap<(Port, Port), usize> = BTreeMap::new();
        let mut link_of = Vec::new();
        for e in &self.edges {
            let edge = self.between(*e, columns, &contents);
            let next = links.len();
            let link = *links.entry((edge.parent, edge.child)).or_insert(next);
            if link == next {
                outer.links.push(edge);
            }
            link_of.push(link);
        }
        let (_, mut grid) = most_orderly(&outer, sketch, columns, metrics);
        let solved = route(&outer, &mut grid, metrics).solved();
        self.piece(&solved, columns, contents, &link_of)
    }

    /// The line between units that an edge takes.
    fn between(&self, e: usize, columns: &[usize], contents: &[Contents]) -> Edge {
        let (parent, child) = self.ends(e);
        let (leave, enter) = self.sides(e, columns);
        let edge = &self.units.diagram.edges[e];
        let at = |unit: usize, ports: &BTreeMap<_, i32>, key| Port {
            node: unit,
            y: ports.get(&key).copied().unwrap_or(0),
        };
        let single = |unit: usize| !self.units.is_frame(self.members[unit]);
        Edge {
            parent: match single(parent) {
                true => Port {
                    node: parent,
                    y: edge.parent.y,
                },
                false => at(parent, &contents[parent].leaving, (edge.parent, leave)),
            },
            child: match single(child) {
                true => Port {
                    node: child,
                    y: edge.child.y,
                },
                false => at(child, &contents[child].entering, (edge.parent, enter)),
            },
        }
    }

    fn contents(&self, unit: usize, pins: &Pins, metrics: &Metrics) -> Contents {
        let diagram = self.units.diagram;
        let nodes = &self.units.nodes[unit];
        if !self.units.is_frame(unit) {
            return Contents::single(self.units, nodes[0]);
        }
        let local: BTreeMap<usize, usize> =
            nodes.iter().enumerate().map(|(i, n)| (*n, i)).collect();
        let edges = inner_edges(diagram, &local);
        let solved = solve(&level(diagram, nodes, &edges, pins), metrics);
        Contents::new(self.units, unit, &edges, pins, &solved, metrics)
    }

    fn piece(
        &self,
        solved: &Solved,
        columns: &[usize],
        contents: Vec<Contents>,
        link_of: &[usize],
    ) -> Piece {
        let mut piece = Piece {
            width: solved.width,
            height: solved.height,
            ..Piece::default()
        };
        for (e, link) in self.edges.iter().zip(link_of) {
            let edge = &self.units.diagram.edges[*e];
            let (parent, child) = self.ends(*e);
            let (leave, enter) = self.sides(*e, columns);
            let corner = |unit: usize| {
                let rect = solved.boxes[unit];
                Point {
                    x: rect.x,
                    y: rect.y,
                }
            };
            let middle = &solved.routes[*link];
            let mut line = Vec::new();
            if let Some(leaving) = contents[parent].out.get(&(edge.parent, leave)) {
                line.extend(moved_line(leaving, corner(parent)));
            }
            line.extend(middle.iter().copied());
            if let Some(entering) = contents[child].into.get(&(edge.parent, enter, edge.child)) {
                line.extend(moved_line(entering, corner(child)));
            }
            piece.routes.push((*e, simplify(line)));
        }
        for (contents, rect) in contents.into_iter().zip(&solved.boxes) {
            piece.add(
                contents.piece,
                Point {
                    x: rect.x,
                    y: rect.y,
                },
            );
        }
        piece
    }
}
