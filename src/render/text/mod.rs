//! Diagrams as text, for terminals and for comments in SQL: with box-drawing characters, or with
//! nothing but ASCII.
//!
//! Invariants: no line is wider than asked for where any layout fits; every character is one that
//! prints, so that a name cannot move the cursor; the layout is the one of the other diagrams.

mod canvas;
mod card;
mod cells;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::canvas::{Canvas, Pen};
use self::card::Card;
use super::Report;
use super::erd::{Detail, Line, Picture, Selection};
use super::svg::picture;
use crate::layout::{Diagram, Edge, Effort, Layout, Metrics, Node, Point, Port, layout};

/// What a text diagram looks like.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The most characters on a line.
    pub width: usize,
    /// ASCII alone.
    pub ascii: bool,
    /// Whether the comments of columns are shown.
    pub comments: bool,
}

/// The narrowest diagram that is drawn.
pub const MIN_WIDTH: usize = 40;

/// More tables than this stand in frames by parts.
const MAX_TABLES: usize = 60;

const METRICS: Metrics = Metrics {
    lane_x: 2,
    lane_y: 1,
    stub: 4,
    gap_y: 1,
    apart: 3,
    frame_side: 2,
    frame_top: 2,
    unit_y: 20,
    max_width: None,
    effort: Effort::Whole,
};

/// The chosen tables.
pub fn text(report: &Report<'_>, selection: &Selection, detail: Detail, style: Style) -> String {
    let picture = picture(report, selection, detail, MAX_TABLES);
    if picture.tables.is_empty() {
        return "No tables.\n".to_owned();
    }
    let drawn = Drawing::new(&picture, style, true);
    let drawn = match drawn.fits() || picture.groups.is_empty() {
        true => drawn,
        // Frames take room that a narrow page does not have.
        false => Drawing::new(&picture, style, false),
    };
    drawn.text()
}

struct Drawing<'a> {
    picture: &'a Picture,
    style: Style,
    framed: bool,
    cards: Vec<Card>,
    layout: Layout,
}

impl<'a> Drawing<'a> {
    fn new(picture: &'a Picture, style: Style, framed: bool) -> Self {
        let room = style.width.saturating_sub(8);
        let cards = picture.tables.iter();
        let cards: Vec<Card> = cards.map(|t| Card::new(t, room, style)).collect();
        let nodes = picture.tables.iter().zip(&cards).map(|(table, card)| Node {
            width: card.width,
            height: card.height,
            frame: table.group.filter(|_| framed),
        });
        let edges = picture.lines.iter().map(|line| edge(line, &cards));
        let titles = picture.groups.iter().filter(|_| framed);
        let diagram = Diagram {
            nodes: nodes.collect(),
            edges: edges.collect(),
            frames: titles.map(|t| cells::width(&cells::clean(t)) + 8).collect(),
        };
        let metrics = Metrics {
            max_width: i32::try_from(style.width).ok(),
            ..METRICS
        };
        let layout = layout(&diagram, &metrics);
        Self {
            picture,
            style,
            framed,
            cards,
            layout,
        }
    }

    fn fits(&self) -> bool {
        usize::try_from(self.layout.width).is_ok_and(|width| width <= self.style.width)
    }

    fn text(&self) -> String {
        let mut canvas = Canvas::new(self.layout.width, self.layout.height);
        if self.framed {
            for (rect, title) in self.layout.frames.iter().zip(&self.picture.groups) {
                canvas.frame(*rect, &cells::clean(title));
            }
        }
        let mut nets: BTreeMap<Point, usize> = BTreeMap::new();
        for route in &self.layout.routes {
            if let Some(start) = route.first() {
                let next = nets.len();
                let net = *nets.entry(*start).or_insert(next);
                canvas.line(route, net);
            }
        }
        for (card, rect) in self.cards.iter().zip(&self.layout.boxes) {
            canvas.card(card, *rect);
        }
        let both = || self.picture.lines.iter().zip(&self.layout.routes);
        // Of lines along one trunk, some may be optional: its end shows the weaker promise, so
        // those are drawn last.
        for optional in [false, true] {
            for (line, route) in both().filter(|(line, _)| line.parent_optional == optional) {
                self.ends(&mut canvas, line, route);
            }
        }
        let mut out = canvas.print(self.pen());
        out.push_str(&self.legend());
        out
    }

    fn pen(&self) -> Pen {
        if self.style.ascii {
            Pen::Ascii
        } else {
            Pen::Unicode
        }
    }

    /// The two symbols at each end: next to the table how many at most, then how many at least.
    fn ends(&self, canvas: &mut Canvas, line: &Line, route: &[Point]) {
        let (Some(first), Some(last)) = (route.first(), route.last()) else {
            return;
        };
        let (most, least) = self.parent_symbols(line.parent_optional);
        let right = |x: i32, table: usize| x > self.layout.boxes[table].x;
        let step = if right(first.x, line.parent) { 1 } else { -1 };
        let x = if step > 0 { first.x } else { first.x - 1 };
        canvas.symbol(x, first.y, most);
        canvas.symbol(x + step, first.y, least);
        let step = if right(last.x, line.child) { 1 } else { -1 };
        let x = if step > 0 { last.x } else { last.x - 1 };
        let many = match (line.child_unique, step > 0) {
            (true, _) => most,
            (false, true) => '>',
            (false, false) => '<',
        };
        canvas.symbol(x, last.y, many);
        canvas.symbol(x + step, last.y, 'o');
    }

    fn parent_symbols(&self, optional: bool) -> (char, char) {
        let bar = if self.style.ascii { '+' } else { '┼' };
        (bar, if optional { 'o' } else { bar })
    }

    /// What the symbols mean, as far as they occur.
    fn legend(&self) -> String {
        let rows = || self.picture.tables.iter().flat_map(|table| &table.rows);
        let lines = || self.picture.lines.iter();
        let (bar, rule) = if self.style.ascii {
            ('+', '-')
        } else {
            ('┼', '─')
        };
        let mut entries = Vec::new();
        let mut add = |wanted: bool, text: String| entries.extend(wanted.then_some(text));
        add(rows().any(|r| r.primary), "PK primary key".to_owned());
        add(rows().any(|r| r.foreign), "FK foreign key".to_owned());
        add(rows().any(|r| r.unique), "UK unique".to_owned());
        add(rows().any(|r| r.nullable), "? may be null".to_owned());
        let optional = |wanted| lines().any(|line| line.parent_optional == wanted);
        add(optional(false), format!("{bar}{bar}{rule} exactly one"));
        add(optional(true), format!("{bar}o{rule} one or none"));
        let unique = |wanted| lines().any(|line| line.child_unique == wanted);
        add(unique(false), format!("{rule}o< any number"));
        add(unique(true), format!("{rule}o{bar} at most one"));
        let mut out = String::new();
        let mut used = 0;
        for entry in entries {
            let width = entry.chars().count();
            let gap = match used {
                0 => "\n",
                used if used + 3 + width > self.style.width => "\n",
                _ => "   ",
            };
            used = if gap == "\n" { width } else { used + 3 + width };
            out.push_str(gap);
            out.push_str(&entry);
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out
    }
}

fn edge(line: &Line, cards: &[Card]) -> Edge {
    let parent = Port {
        node: line.parent,
        y: cards[line.parent].port(&line.parent_rows),
    };
    let mut child = Port {
        node: line.child,
        y: cards[line.child].port(&line.child_rows),
    };
    // Without rows, both ends of a self reference would be one point.
    if child == parent {
        child.y += 1;
    }
    Edge { parent, child }
}
