//! A picture as one SVG document.
//!
//! Invariants: one element a line, with positions relative to its frame and its table, so that a
//! table that moves changes one line; no script, nothing from elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::boxes::Sized;
use super::colours::colours;
use super::font::FRAME;
use super::legend;
use super::style::{HUE_COUNT, head};
use super::text::{escape, tip};
use crate::layout::{Diagram, Edge, Effort, Layout, Metrics, Node, Point, Port, layout};
use crate::render::erd::{Line, Picture};
use crate::render::file_names::FileNames;

/// Around everything.
const MARGIN: i32 = 30;
/// The radius of a line's corners.
const ROUND: i32 = 6;

const METRICS: Metrics = Metrics {
    lane_x: 10,
    lane_y: 10,
    stub: 40,
    gap_y: 30,
    apart: 50,
    frame_side: 20,
    frame_top: 40,
    unit_y: 10,
    max_width: None,
    effort: Effort::Whole,
};

/// A diagram of more tables than this is not drawn as often as a small one.
const LARGE: usize = 100;

/// How much a picture is worth. What an author has grouped should stay where it stands when a table
/// is added, so that less is tried to draw it better.
pub(in crate::render) fn effort(picture: &Picture) -> Effort {
    match picture.declared || picture.tables.len().min(picture.lines.len()) > LARGE {
        true => Effort::Whole,
        false => Effort::Most,
    }
}

/// Where everything stands, in pixels.
pub(in crate::render) fn place(picture: &Picture, effort: Effort) -> Layout {
    let boxes: Vec<Sized<'_>> = picture.tables.iter().map(Sized::new).collect();
    layout(&diagram(picture, &boxes), &Metrics { effort, ..METRICS })
}

/// The document.
pub(super) fn draw(picture: &Picture, effort: Effort) -> String {
    let boxes: Vec<Sized<'_>> = picture.tables.iter().map(Sized::new).collect();
    let layout = layout(&diagram(picture, &boxes), &Metrics { effort, ..METRICS });
    let both = picture.lines.iter().zip(&layout.routes);
    let optional = both.filter(|(line, _)| line.parent_optional);
    let optional = optional
        .filter_map(|(_, route)| route.first().copied())
        .collect();
    Drawing {
        picture,
        boxes,
        layout,
        optional,
        colours: colours(picture),
    }
    .document()
}

fn diagram(picture: &Picture, boxes: &[Sized<'_>]) -> Diagram {
    let nodes = picture.tables.iter().zip(boxes).map(|(table, sized)| Node {
        width: sized.width,
        height: sized.height,
        frame: table.group,
    });
    let edges = picture.lines.iter().map(|line| {
        let parent = Port {
            node: line.parent,
            y: boxes[line.parent].port(&line.parent_rows),
        };
        let mut child = Port {
            node: line.child,
            y: boxes[line.child].port(&line.child_rows),
        };
        // Without rows, both ends of a self reference would be one point.
        if child == parent {
            child.y += 10;
        }
        Edge { parent, child }
    });
    let frames = picture.groups.iter().map(|title| {
        let width = FRAME.width(&frame_title(title)) + 2 * METRICS.frame_side;
        (width + 9) / 10 * 10
    });
    Diagram {
        nodes: nodes.collect(),
        edges: edges.collect(),
        frames: frames.collect(),
    }
}

fn frame_title(title: &str) -> String {
    FRAME.fit(title, 400)
}

struct Drawing<'a> {
    picture: &'a Picture,
    boxes: Vec<Sized<'a>>,
    layout: Layout,
    /// Where trunks begin that some optional line leaves by.
    optional: BTreeSet<Point>,
    /// Of the lines to each table.
    colours: Vec<usize>,
}

impl Drawing<'_> {
    fn document(&self) -> String {
        let legend = legend::draw(self.picture);
        let wide = self.layout.width.max(legend.width) + 2 * MARGIN;
        let below = if legend.height > 0 {
            legend.height + MARGIN
        } else {
            0
        };
        let high = self.layout.height + below + 2 * MARGIN;
        // A page is no ribbon: what is very wide or high for its content gets more paper.
        let width = wide.max(high * 65 / 100);
        let height = high.max(wide * 48 / 100);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"erd-title erd-desc\">\n"
        );
        let _ = writeln!(
            out,
            "<title id=\"erd-title\">{}</title>",
            tip(&self.picture.title)
        );
        let _ = writeln!(
            out,
            "<desc id=\"erd-desc\">{}</desc>",
            tip(&self.picture.description)
        );
        out.push_str(&head());
        let _ = writeln!(
            out,
            "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>"
        );
        let left = (width - self.layout.width) / 20 * 10;
        let top = MARGIN + (height - high) / 20 * 10;
        let _ = writeln!(out, "<g transform=\"translate({left} {top})\">");
        self.contents(&mut out);
        out.push_str("</g>\n");
        if legend.height > 0 {
            let y = height - MARGIN - legend.height;
            let _ = writeln!(
                out,
                "<g class=\"legend\" transform=\"translate({MARGIN} {y})\">"
            );
            out.push_str(&legend.elements);
            out.push_str("</g>\n");
        }
        out.push_str("</svg>\n");
        out
    }

    /// Frames with what is in them, then what stands outside, then the lines between frames.
    fn contents(&self, out: &mut String) {
        let ids = self.ids();
        let mut frame_names = FileNames::default();
        for (n, title) in self.picture.groups.iter().enumerate() {
            let rect = self.layout.frames[n];
            let _ = writeln!(
                out,
                "<g id=\"g-{}\" class=\"group h{}\" transform=\"translate({} {})\">",
                escape(&frame_names.of_title(title)),
                n % HUE_COUNT,
                rect.x,
                rect.y
            );
            let _ = writeln!(
                out,
                "<rect class=\"frame\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
                rect.width, rect.height
            );
            let title = escape(&frame_title(title));
            let _ = writeln!(
                out,
                "<text class=\"label\" x=\"20\" y=\"25\">{title}</text>"
            );
            let corner = Point {
                x: rect.x,
                y: rect.y,
            };
            self.within(out, Some(n), corner, &ids);
            out.push_str("</g>\n");
        }
        let _ = writeln!(
            out,
            "<g class=\"h{}\">",
            if self.picture.groups.is_empty() { 0 } else { 7 }
        );
        self.within(out, None, Point::default(), &ids);
        let between = self
            .picture
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| self.frame(line.parent) != self.frame(line.child));
        for (n, line) in between {
            self.line(out, n, line, Point::default());
        }
        out.push_str("</g>\n");
    }

    fn frame(&self, table: usize) -> Option<usize> {
        self.picture.tables[table].group
    }

    /// The lines and tables of a frame.
    fn within(&self, out: &mut String, frame: Option<usize>, corner: Point, ids: &[String]) {
        for (n, line) in self.picture.lines.iter().enumerate() {
            if self.frame(line.parent) == frame && self.frame(line.child) == frame {
                self.line(out, n, line, corner);
            }
        }
        let mut brackets: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for line in &self.picture.lines {
            if let [first, .., last] = line.child_rows[..] {
                brackets.entry(line.child).or_default().push((first, last));
            }
        }
        for (n, sized) in self.boxes.iter().enumerate() {
            if sized.table.group == frame {
                let rect = self.layout.boxes[n];
                let place = (rect.x - corner.x, rect.y - corner.y);
                let brackets = brackets.get(&n).map_or(&[][..], Vec::as_slice);
                out.push_str(&sized.draw(&ids[n], brackets, place));
            }
        }
    }

    fn ids(&self) -> Vec<String> {
        let mut names = FileNames::default();
        let tables = self.picture.tables.iter();
        tables
            .map(|table| names.of_name(&table.qualified))
            .collect()
    }

    fn line(&self, out: &mut String, n: usize, line: &Line, corner: Point) {
        let colour = self.colours[line.parent];
        // Of lines along one trunk, some may be optional: its end shows the weaker promise.
        let route = &self.layout.routes[n];
        let start = match self
            .optional
            .contains(&route.first().copied().unwrap_or_default())
        {
            true => "maybe",
            false => "one",
        };
        let end = if line.child_unique { "single" } else { "many" };
        let weak = if line.identifying { "" } else { " weak" };
        let _ = writeln!(
            out,
            "<path class=\"fk{weak} l{colour}\" marker-start=\"url(#{start}{colour})\" marker-end=\"url(#{end}{colour})\" d=\"{}\"><title>{}</title></path>",
            path(route, corner),
            tip(&line.label)
        );
    }
}

/// A line with round corners.
fn path(corners: &[Point], origin: Point) -> String {
    let local: Vec<Point> = corners
        .iter()
        .map(|p| Point {
            x: p.x - origin.x,
            y: p.y - origin.y,
        })
        .collect();
    let mut d = String::new();
    for (n, point) in local.iter().enumerate() {
        if n == 0 {
            let _ = write!(d, "M{} {}", point.x, point.y);
            continue;
        }
        let (Some(next), Some(before)) = (local.get(n + 1), local.get(n - 1)) else {
            let _ = write!(d, "L{} {}", point.x, point.y);
            continue;
        };
        let round = ROUND
            .min(length(*before, *point) / 2)
            .min(length(*point, *next) / 2);
        let (into, out) = (toward(*point, *before, round), toward(*point, *next, round));
        let _ = write!(
            d,
            "L{} {}Q{} {} {} {}",
            into.x, into.y, point.x, point.y, out.x, out.y
        );
    }
    d
}

fn length(a: Point, b: Point) -> i32 {
    (a.x - b.x).abs() + (a.y - b.y).abs()
}

/// A point so far from one corner on the way to the next.
fn toward(from: Point, to: Point, by: i32) -> Point {
    Point {
        x: from.x + (to.x - from.x).signum() * by,
        y: from.y + (to.y - from.y).signum() * by,
    }
}
