//! A table as lines of text.

use super::Style;
use super::cells::{clean, fit, pad, width};
use crate::render::erd::{Row, TableBox};

/// The least cells that a name and a type keep when a page is narrow.
const LEAST: i32 = 8;
const MAX_COMMENT: i32 = 40;

/// The text of a box without its border.
pub(super) struct Card {
    pub(super) title: String,
    pub(super) rows: Vec<String>,
    /// With the border.
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) outside: bool,
}

impl Card {
    /// `room` is what the box may be wide.
    pub(super) fn new(table: &TableBox, room: usize, style: Style) -> Self {
        let room = i32::try_from(room).unwrap_or(i32::MAX / 4) - 4;
        let cells: Vec<[String; 4]> = table.rows.iter().map(|r| row_cells(r, style)).collect();
        let mut widths = [0; 4];
        for row in &cells {
            for (most, cell) in widths.iter_mut().zip(row) {
                *most = width(cell).max(*most);
            }
        }
        widths[3] = widths[3].min(MAX_COMMENT);
        shrink(&mut widths, room);
        let mut rows: Vec<String> = cells.iter().map(|row| join(row, &widths, style)).collect();
        if table.hidden > 0 && !table.rows.is_empty() {
            rows.push(fit(&format!("{} more", table.hidden), room, style.ascii));
        }
        let title = fit(&clean(&table.name), room, style.ascii);
        let inner = rows.iter().map(|row| width(row)).max().unwrap_or(0);
        let inner = inner.max(width(&title));
        let rows: Vec<String> = rows.iter().map(|row| pad(row, inner)).collect();
        let count = i32::try_from(rows.len()).unwrap_or(i32::MAX / 100);
        Self {
            title: pad(&title, inner),
            width: inner + 4,
            height: if count == 0 { 3 } else { count + 4 },
            rows,
            outside: table.outside,
        }
    }

    /// Where lines of a foreign key end.
    pub(super) fn port(&self, rows: &[usize]) -> i32 {
        match rows.first().and_then(|row| i32::try_from(*row).ok()) {
            Some(row) => 3 + row,
            None => 1,
        }
    }
}

/// Key words, name, type, comment.
fn row_cells(row: &Row, style: Style) -> [String; 4] {
    let mut keys = Vec::new();
    if row.primary {
        keys.push("PK");
    }
    if row.foreign {
        keys.push("FK");
    }
    if row.unique {
        keys.push("UK");
    }
    let mark = if row.nullable { "?" } else { "" };
    let mut right = format!("{}{mark}", clean(&row.type_text));
    if !row.references.is_empty() {
        let names: Vec<String> = row.references.iter().map(|r| clean(&r.name)).collect();
        let arrow = if style.ascii { "->" } else { "→" };
        right = format!("{arrow} {}", names.join(", "));
    }
    let comment = row.comment.as_deref().filter(|_| style.comments);
    let comment = comment.map(clean).unwrap_or_default();
    let words: Vec<&str> = comment.split_whitespace().collect();
    [keys.join(" "), clean(&row.name), right, words.join(" ")]
}

/// Takes room away where there is too little: from comments first, then types, then names.
fn shrink(widths: &mut [i32; 4], room: i32) {
    for column in [3, 2, 1] {
        let used: i32 = widths.iter().filter(|w| **w > 0).map(|w| w + 1).sum();
        let over = used - 1 - room;
        if over <= 0 {
            return;
        }
        let least = if column == 3 { 0 } else { LEAST };
        widths[column] = (widths[column] - over).max(least.min(widths[column]));
        if column == 3 && widths[3] < LEAST {
            widths[3] = 0;
        }
    }
}

fn join(row: &[String; 4], widths: &[i32; 4], style: Style) -> String {
    let used = row.iter().zip(widths).filter(|(_, width)| **width > 0);
    let cells = used.map(|(cell, width)| pad(&fit(cell, *width, style.ascii), *width));
    let cells: Vec<String> = cells.collect();
    cells.join(" ")
}
