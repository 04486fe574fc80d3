//! What is in a frame or single box, and where trunks pass its border.

use std::collections::BTreeMap;

use super::between::Units;
use super::frames::{Piece, Pins, framed, moved_line};
use super::solve::{Side, Solved};
use super::{Metrics, Point, Port, Rect};

/// A unit with what is in it, and where trunks pass its border.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) piece: Piece,
    pub(super) leaving: BTreeMap<(Port, Side), i32>,
    pub(super) entering: BTreeMap<(Port, Side), i32>,
    /// The pieces of lines within, from a parent to the border and from the border to a child.
    pub(super) out: BTreeMap<(Port, Side), Vec<Point>>,
    pub(super) into: BTreeMap<(Port, Side, Port), Vec<Point>>,
}

impl Contents {
    /// A box that stands outside of frames: its ports are its own.
    pub(super) fn single(units: &Units<'_>, node: usize) -> Self {
        let size = &units.diagram.nodes[node];
        let rect = Rect {
            x: 0,
            y: 0,
            width: size.width,
            height: size.height,
        };
        let piece = Piece {
            width: size.width,
            height: size.height,
            boxes: vec![(node, rect)],
            ..Piece::default()
        };
        Self {
            piece,
            ..Self::default()
        }
    }

    pub(super) fn new(
        units: &Units<'_>,
        frame: usize,
        edges: &[usize],
        pins: &Pins,
        solved: &Solved,
        metrics: &Metrics,
    ) -> Self {
        let nodes = &units.nodes[frame];
        let inner = Piece {
            width: solved.width,
            height: solved.height,
            boxes: nodes
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
        };
        let by = Point {
            x: metrics.frame_side,
            y: metrics.frame_top,
        };
        let mut contents = Self {
            piece: framed(inner, frame, units.diagram.frames[frame], metrics),
            ..Self::default()
        };
        let mut pin = nodes.len();
        let mut route = edges.len();
        for (port, side) in &pins.leaving {
            contents
                .leaving
                .insert((*port, *side), solved.boxes[pin].y + by.y);
            contents
                .out
                .insert((*port, *side), moved_line(&solved.routes[route], by));
            pin += 1;
            route += 1;
        }
        for ((port, side), children) in &pins.entering {
            contents
                .entering
                .insert((*port, *side), solved.boxes[pin].y + by.y);
            pin += 1;
            for child in children {
                let line = moved_line(&solved.routes[route], by);
                contents.into.insert((*port, *side, *child), line);
                route += 1;
            }
        }
        contents
    }
}
