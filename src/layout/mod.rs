//! The geometry of entity diagrams: boxes with ports and lines between them, to positions.
//!
//! Whoever draws says in its own units (pixels, characters) how large everything is, and gets back
//! where it stands: boxes in columns, referenced ones to the left, lines along channels between the
//! columns, all lines to one port along one trunk. The steps are those of layered drawing, with two
//! differences: columns have a bounded height, so that a diagram fits a page, and a line may leave
//! a box on either side, so that every assignment to columns can be drawn.
//!
//! Invariants: boxes do not overlap and no line runs through a box; positions are integers, and a
//! function of the input's order alone; nothing here knows of tables, fonts or files.

mod align;
mod between;
mod channel;
mod columns;
mod components;
mod contents;
mod frames;
mod grid;
mod order;
mod pack;
mod place;
mod route;
mod search;
mod solve;
#[cfg(test)]
mod tests;
mod wander;

pub use frames::layout;

/// A place, from the top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// A rectangle by its top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// A box to be placed.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub width: i32,
    pub height: i32,
    /// The frame around it, where it has one.
    pub frame: Option<usize>,
}

/// The end of a line: on the left or right side of a box, so far below its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    pub node: usize,
    pub y: i32,
}

/// A line. Those that share their parent port share a trunk.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub parent: Port,
    pub child: Port,
}

/// What is to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Diagram {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// The least width of each frame, for its title.
    pub frames: Vec<i32>,
}

/// How many drawings are made to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As many as may be better, for a diagram that is looked at for long and is no large one.
    Most,
    /// Some, from which a box more hardly leads to another one.
    Whole,
    /// One or two: for small diagrams of which there are many.
    Little,
}

/// How much room everything takes.
#[derive(Clone, Copy, Debug)]
pub struct Metrics {
    /// Between two parallel vertical lines.
    pub lane_x: i32,
    /// Between two parallel horizontal lines, and between such a line and a box.
    pub lane_y: i32,
    /// Between a box and the nearest vertical line: room for the symbol at a line's end.
    pub stub: i32,
    /// Between two boxes above one another.
    pub gap_y: i32,
    /// Between parts of the diagram that no line connects.
    pub apart: i32,
    /// Around the contents of a frame; `frame_top` holds its title.
    pub frame_side: i32,
    pub frame_top: i32,
    /// How high a unit of y is where a unit of x is 10: 10 for pixels, 20 for characters.
    pub unit_y: i32,
    /// What the drawing should not be wider than.
    pub max_width: Option<i32>,
    /// How many drawings are made to choose from.
    pub effort: Effort,
}

/// Where everything stands.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    /// By node.
    pub boxes: Vec<Rect>,
    /// By edge: the corners of its line, from the parent's port to the child's.
    pub routes: Vec<Vec<Point>>,
    /// By frame; of no size where it has no nodes.
    pub frames: Vec<Rect>,
}
