//! The whole diagram: frames with their contents, what stands outside of frames, and the lines
//! between them.
//!
//! A frame is laid out by itself, with a pin at its border for every trunk that passes it, and is
//! then a box with ports among others. What happens in one frame changes another one only where a
//! line between the two comes or goes.

use std::collections::{BTreeMap, BTreeSet};

use super::between::Units;
use super::components::components;
use super::pack::pack;
use super::search::solve;
use super::solve::{Block, Level, Side, Solved};
use super::{Diagram, Edge, Layout, Metrics, Node, Point, Port, Rect};

/// Puts everything in its place.
pub fn layout(diagram: &Diagram, metrics: &Metrics) -> Layout {
    let units = Units::new(diagram);
    let mut pieces: Vec<Piece> = Vec::new();
    for part in units.parts() {
        match part.as_slice() {
            [unit] => pieces.extend(units.alone(*unit, metrics)),
            several => pieces.push(units.together(several, metrics)),
        }
    }
    pieces.extend(free(diagram, &units.loose, metrics));
    assemble(diagram, pieces, metrics)
}

/// Packs the pieces, and lists what is in them by number.
fn assemble(diagram: &Diagram, pieces: Vec<Piece>, metrics: &Metrics) -> Layout {
    let whole = packed(pieces, metrics);
    let mut layout = Layout {
        width: whole.width,
        height: whole.height,
        boxes: vec![Rect::default(); diagram.nodes.len()],
        routes: vec![Vec::new(); diagram.edges.len()],
        frames: vec![Rect::default(); diagram.frames.len()],
    };
    for (n, rect) in whole.boxes {
        layout.boxes[n] = rect;
    }
    for (n, rect) in whole.frames {
        layout.frames[n] = rect;
    }
    for (n, route) in whole.routes {
        layout.routes[n] = route;
    }
    layout
}

/// Several pieces as one.
fn packed(pieces: Vec<Piece>, metrics: &Metrics) -> Piece {
    let sizes: Vec<(i32, i32)> = pieces.iter().map(|p| (p.width, p.height)).collect();
    let (places, (width, height)) = pack(&sizes, metrics);
    let mut whole = Piece {
        width,
        height,
        ..Piece::default()
    };
    for (piece, place) in pieces.into_iter().zip(places) {
        whole.add(piece, place);
    }
    whole
}

/// A frame around what stands in it.
pub(super) fn framed(mut inner: Piece, frame: usize, least: i32, metrics: &Metrics) -> Piece {
    let mut outer = Piece {
        width: (inner.width + 2 * metrics.frame_side).max(least),
        height: inner.height + metrics.frame_top + metrics.frame_side,
        ..Piece::default()
    };
    let rect = Rect {
        x: 0,
        y: 0,
        width: outer.width,
        height: outer.height,
    };
    inner.frames.clear();
    outer.add(
        inner,
        Point {
            x: metrics.frame_side,
            y: metrics.frame_top,
        },
    );
    outer.frames.push((frame, rect));
    outer
}

/// A frame's nodes with the lines among them, and nothing that leaves it.
pub(super) fn closed(diagram: &Diagram, frame: usize, nodes: &[usize], metrics: &Metrics) -> Piece {
    let inner = packed(free(diagram, nodes, metrics), metrics);
    framed(inner, frame, diagram.frames[frame], metrics)
}

/// Something that stands by itself, with what is in it.
#[derive(Clone, Default)]
pub(super) struct Piece {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) boxes: Vec<(usize, Rect)>,
    pub(super) frames: Vec<(usize, Rect)>,
    pub(super) routes: Vec<(usize, Vec<Point>)>,
}

impl Piece {
    pub(super) fn add(&mut self, other: Self, by: Point) {
        let moved = |rect: Rect| Rect {
            x: rect.x + by.x,
            y: rect.y + by.y,
            ..rect
        };
        self.boxes
            .extend(other.boxes.into_iter().map(|(n, r)| (n, moved(r))));
        self.frames
            .extend(other.frames.into_iter().map(|(n, r)| (n, moved(r))));
        let routes = other.routes.into_iter();
        self.routes
            .extend(routes.map(|(n, line)| (n, moved_line(&line, by))));
    }
}

pub(super) fn moved_line(line: &[Point], by: Point) -> Vec<Point> {
    let moved = line.iter().map(|point| Point {
        x: point.x + by.x,
        y: point.y + by.y,
    });
    moved.collect()
}

/// Nodes and the edges among them, each connected part by itself.
pub(super) fn free(diagram: &Diagram, nodes: &[usize], metrics: &Metrics) -> Vec<Piece> {
    let local: BTreeMap<usize, usize> = nodes.iter().enumerate().map(|(i, n)| (*n, i)).collect();
    let inner = inner_edges(diagram, &local);
    let ends = inner.iter().map(|e| {
        let edge = &diagram.edges[*e];
        (local[&edge.parent.node], local[&edge.child.node])
    });
    let parts = components(nodes.len(), ends);
    let mut part_of = vec![0; nodes.len()];
    for (n, part) in parts.iter().enumerate() {
        for member in part {
            part_of[*member] = n;
        }
    }
    let mut edges_of: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
    for edge in inner {
        edges_of[part_of[local[&diagram.edges[edge].parent.node]]].push(edge);
    }
    let both = parts.iter().zip(&edges_of);
    both.map(|(part, edges)| {
        let members: Vec<usize> = part.iter().map(|i| nodes[*i]).collect();
        let level = level(diagram, &members, edges, &Pins::default());
        piece(&solve(&level, metrics), &members, edges)
    })
    .collect()
}

fn piece(solved: &Solved, members: &[usize], edges: &[usize]) -> Piece {
    Piece {
        width: solved.width,
        height: solved.height,
        boxes: members
            .iter()
            .copied()
            .zip(solved.boxes.iter().copied())
            .collect(),
        frames: Vec::new(),
        routes: edges
            .iter()
            .copied()
            .zip(solved.routes.iter().cloned())
            .collect(),
    }
}

pub(super) fn inner_edges(diagram: &Diagram, local: &BTreeMap<usize, usize>) -> Vec<usize> {
    let inside = |e: &usize| {
        let edge = &diagram.edges[*e];
        local.contains_key(&edge.parent.node) && local.contains_key(&edge.child.node)
    };
    (0..diagram.edges.len()).filter(inside).collect()
}

/// Trunks that pass a frame's border, by the parent's port and the side.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pins {
    /// Of parents inside, to children elsewhere.
    pub(super) leaving: BTreeSet<(Port, Side)>,
    /// Of parents elsewhere, to children inside.
    pub(super) entering: BTreeMap<(Port, Side), BTreeSet<Port>>,
}

/// The blocks of some nodes, then a pin for each trunk; the links among the nodes, then those to
/// the pins.
pub(super) fn level(diagram: &Diagram, members: &[usize], edges: &[usize], pins: &Pins) -> Level {
    let local: BTreeMap<usize, usize> = members.iter().enumerate().map(|(i, n)| (*n, i)).collect();
    let here = |port: Port| Port {
        node: local[&port.node],
        y: port.y,
    };
    let mut level = Level::default();
    level.blocks.extend(members.iter().map(|n| {
        let Node { width, height, .. } = diagram.nodes[*n];
        Block {
            width,
            height,
            pin: None,
        }
    }));
    level.links.extend(edges.iter().map(|e| {
        let edge = &diagram.edges[*e];
        Edge {
            parent: here(edge.parent),
            child: here(edge.child),
        }
    }));
    for (port, side) in &pins.leaving {
        let pin = level.pin(*side);
        level.links.push(Edge {
            parent: here(*port),
            child: pin,
        });
    }
    for ((_, side), children) in &pins.entering {
        let pin = level.pin(*side);
        let links = children.iter().map(|child| Edge {
            parent: pin,
            child: here(*child),
        });
        level.links.extend(links);
    }
    level
}

impl Level {
    fn pin(&mut self, side: Side) -> Port {
        self.blocks.push(Block {
            width: 0,
            height: 0,
            pin: Some(side),
        });
        Port {
            node: self.blocks.len() - 1,
            y: 0,
        }
    }
}
