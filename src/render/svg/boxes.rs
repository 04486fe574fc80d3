//! A table as a box: how large it is, where its rows are, and its elements.

use std::fmt::Write as _;

use super::font::{COLUMN, KEY_COLUMN, NAME, TYPE};
use super::text::{escape, tip};
use crate::render::erd::{Row, TableBox};

const HEAD: i32 = 30;
const ROW: i32 = 20;
/// Between the border and what is in it.
const PAD: i32 = 10;
/// Between a name and its type.
const BETWEEN: i32 = 20;
/// The widest that names and types are shown.
const MAX_NAME: i32 = 240;
const MAX_TYPE: i32 = 150;
const LEAST: i32 = 120;

/// A box with its measures.
pub(super) struct Sized<'a> {
    pub(super) table: &'a TableBox,
    pub(super) width: i32,
    pub(super) height: i32,
    /// How wide the column of key words is.
    keys: i32,
}

impl<'a> Sized<'a> {
    pub(super) fn new(table: &'a TableBox) -> Self {
        let keys = table.rows.iter().map(|row| key_words(row).len());
        let keys = match keys.max().unwrap_or(0) {
            0 => 0,
            2 => 18,
            _ => 32,
        };
        let rows = table.rows.iter().map(|row| {
            let right = right_text(row);
            let between = if right.is_empty() { 0 } else { BETWEEN };
            keys + name_width(row) + between + TYPE.width(&right)
        });
        let inner = rows.max().unwrap_or(0);
        let inner = inner.max(NAME.width(&shown_name(table)));
        let width = (inner + 2 * PAD).max(LEAST);
        let rows = i32::try_from(table.rows.len()).unwrap_or(i32::MAX / 100);
        let height = match (rows, table.hidden) {
            (0, _) => HEAD + 10,
            (rows, 0) => HEAD + ROW * rows,
            (rows, _) => HEAD + ROW * (rows + 1),
        };
        Self {
            table,
            width: (width + 9) / 10 * 10,
            height,
            keys,
        }
    }

    /// Where lines of a foreign key end: its first row, or the title where no row is shown.
    pub(super) fn port(&self, rows: &[usize]) -> i32 {
        match rows.first().and_then(|row| i32::try_from(*row).ok()) {
            Some(row) => HEAD + ROW * row + ROW / 2,
            None if self.table.rows.is_empty() => self.height / 2,
            None => HEAD / 2 + 5,
        }
    }

    /// The elements, one a line, at home at the origin. `brackets` are the rows of foreign keys of
    /// several columns.
    pub(super) fn draw(&self, id: &str, brackets: &[(usize, usize)], place: (i32, i32)) -> String {
        let table = self.table;
        let mut out = String::new();
        let class = if table.outside {
            "table outside"
        } else {
            "table"
        };
        let _ = writeln!(
            out,
            "<g id=\"t-{}\" class=\"{class}\" transform=\"translate({} {})\">",
            escape(id),
            place.0,
            place.1
        );
        let title = match table.comment.as_deref() {
            Some(comment) => format!("{}: {}", escape(&table.name), tip(comment)),
            None => escape(&table.name),
        };
        let _ = writeln!(out, "<title>{title}</title>");
        let (width, height) = (self.width, self.height);
        let _ = writeln!(
            out,
            "<rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>"
        );
        let head = if table.rows.is_empty() { height } else { HEAD };
        // The title's tint, round at the top only where rows follow.
        let tint = match table.rows.is_empty() {
            true => format!(
                "M0 4a4 4 0 0 1 4 -4H{}a4 4 0 0 1 4 4V{}a4 4 0 0 1 -4 4H4a4 4 0 0 1 -4 -4Z",
                width - 4,
                head - 4
            ),
            false => format!("M0 4a4 4 0 0 1 4 -4H{}a4 4 0 0 1 4 4V{head}H0Z", width - 4),
        };
        let _ = writeln!(out, "<path class=\"head\" d=\"{tint}\"/>");
        let name = escape(&shown_name(table));
        let baseline = head / 2 + 5;
        let name = format!("<text class=\"name\" x=\"{PAD}\" y=\"{baseline}\">{name}</text>");
        let _ = match &table.link {
            Some(link) => writeln!(out, "<a href=\"{}\">{name}</a>", escape(link)),
            None => writeln!(out, "{name}"),
        };
        for (n, row) in table.rows.iter().enumerate() {
            self.row(&mut out, n, row);
        }
        if table.hidden > 0 && !table.rows.is_empty() {
            let y = height - 6;
            let _ = writeln!(
                out,
                "<text class=\"more\" x=\"{PAD}\" y=\"{y}\">{} more</text>",
                table.hidden
            );
        }
        for (first, last) in brackets {
            let (top, bottom) = (self.port(&[*first]), self.port(&[*last]));
            let _ = writeln!(out, "<path class=\"bracket\" d=\"M7 {top}H3V{bottom}H7\"/>");
        }
        out.push_str("</g>\n");
        out
    }

    fn row(&self, out: &mut String, n: usize, row: &Row) {
        let y = self.port(&[n]) + 4;
        let keys = key_words(row);
        if !keys.is_empty() {
            let y = y - 1;
            let _ = writeln!(
                out,
                "<text class=\"key\" x=\"{PAD}\" y=\"{y}\">{keys}</text>"
            );
        }
        let class = if row.primary { "col pk" } else { "col" };
        let title = match &row.comment {
            Some(comment) => format!("<title>{}</title>", tip(comment)),
            None => String::new(),
        };
        let name = escape(&fit_name(row));
        let x = PAD + self.keys;
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{title}{name}</text>"
        );
        let right = escape(&right_text(row));
        let x = self.width - PAD;
        let _ = match row.references.first() {
            None if right.is_empty() => Ok(()),
            None => writeln!(
                out,
                "<text class=\"type\" x=\"{x}\" y=\"{y}\">{right}</text>"
            ),
            Some(reference) => {
                let text = format!("<text class=\"ref\" x=\"{x}\" y=\"{y}\">{right}</text>");
                match &reference.link {
                    Some(link) => writeln!(out, "<a href=\"{}\">{text}</a>", escape(link)),
                    None => writeln!(out, "{text}"),
                }
            }
        };
    }
}

fn shown_name(table: &TableBox) -> String {
    NAME.fit(&one_line(&table.name), MAX_NAME + 60)
}

fn key_words(row: &Row) -> &'static str {
    match (row.primary, row.foreign, row.unique) {
        (true, true, _) => "PK FK",
        (true, false, _) => "PK",
        (false, true, true) => "FK UK",
        (false, true, false) => "FK",
        (false, false, true) => "UK",
        (false, false, false) => "",
    }
}

fn fit_name(row: &Row) -> String {
    let font = if row.primary { KEY_COLUMN } else { COLUMN };
    font.fit(&one_line(&row.name), MAX_NAME)
}

fn name_width(row: &Row) -> i32 {
    let font = if row.primary { KEY_COLUMN } else { COLUMN };
    font.width(&fit_name(row))
}

/// The type, with `?` where a value may be missing; for a reference without a line, its table.
fn right_text(row: &Row) -> String {
    if !row.references.is_empty() {
        let names: Vec<String> = row.references.iter().map(|r| one_line(&r.name)).collect();
        return TYPE.fit(&format!("→ {}", names.join(", ")), MAX_TYPE + 50);
    }
    let mark = if row.nullable { "?" } else { "" };
    let mut text = TYPE.fit(&one_line(&row.type_text), MAX_TYPE);
    text.push_str(mark);
    text
}

fn one_line(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(400).collect()
}
