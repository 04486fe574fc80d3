//! What the symbols mean; only those that the picture has.

use std::fmt::Write as _;

use super::font::TYPE;
use crate::render::erd::Picture;

/// The elements of a legend and their size.
#[derive(Default)]
pub(super) struct Legend {
    pub(super) elements: String,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Legend {
    /// Adds an entry: something drawn within `room` pixels, and what it means.
    fn entry(&mut self, drawn: &str, room: i32, text: &str) {
        let x = match self.width {
            0 => 0,
            width => width + 30,
        };
        let _ = writeln!(
            self.elements,
            "<g transform=\"translate({x} 0)\">{drawn}<text class=\"note\" x=\"{}\" y=\"14\">{text}</text></g>",
            room + 8
        );
        self.width = x + room + 8 + TYPE.width(text);
        self.height = 20;
    }
}

pub(super) fn draw(picture: &Picture) -> Legend {
    let mut legend = Legend::default();
    let rows = || picture.tables.iter().flat_map(|table| &table.rows);
    let word = |word: &str| format!("<text class=\"key\" x=\"0\" y=\"13\">{word}</text>");
    if rows().any(|row| row.primary) {
        legend.entry(&word("PK"), 12, "primary key");
    }
    if rows().any(|row| row.foreign) {
        legend.entry(&word("FK"), 12, "foreign key");
    }
    if rows().any(|row| row.unique) {
        legend.entry(&word("UK"), 12, "unique");
    }
    if rows().any(|row| row.nullable) {
        legend.entry(
            "<text class=\"note\" x=\"0\" y=\"14\">?</text>",
            6,
            "may be null",
        );
    }
    let line = |start: &str, end: &str, weak: &str| {
        let start = if start.is_empty() {
            String::new()
        } else {
            format!(" marker-start=\"url(#{start}0)\"")
        };
        let end = if end.is_empty() {
            String::new()
        } else {
            format!(" marker-end=\"url(#{end}0)\"")
        };
        format!("<path class=\"fk{weak} l0\"{start}{end} d=\"M0 10H40\"/>")
    };
    let lines = || picture.lines.iter();
    if lines().any(|line| !line.parent_optional) {
        legend.entry(&line("one", "", ""), 40, "exactly one");
    }
    if lines().any(|line| line.parent_optional) {
        legend.entry(&line("maybe", "", ""), 40, "one or none");
    }
    if lines().any(|line| !line.child_unique) {
        legend.entry(&line("", "many", ""), 40, "any number");
    }
    if lines().any(|line| line.child_unique) {
        legend.entry(&line("", "single", ""), 40, "at most one");
    }
    if lines().any(|line| line.identifying) && lines().any(|line| !line.identifying) {
        legend.entry(&line("", "", ""), 40, "part of the primary key");
    }
    legend
}
