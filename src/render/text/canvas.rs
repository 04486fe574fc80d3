//! A page of characters: boxes, lines that know where they come from, and what they look like.

use super::card::Card;
use super::cells::cell_width;
use crate::layout::{Point, Rect};

const NORTH: u8 = 1;
const EAST: u8 = 2;
const SOUTH: u8 = 4;
const WEST: u8 = 8;

/// Which characters lines are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pen {
    Unicode,
    Ascii,
}

#[derive(Clone, Copy, Debug)]
enum Cell {
    Empty,
    /// The second cell of a wide character.
    Taken,
    Text(char),
    /// The border of a box, with the directions it goes to.
    Border(u8),
    /// The border of a frame.
    Frame(u8),
    /// A line of a net; `crossed` by another one.
    Line {
        arms: u8,
        net: usize,
        crossed: bool,
    },
}

pub(super) struct Canvas {
    cells: Vec<Vec<Cell>>,
}

impl Canvas {
    pub(super) fn new(width: i32, height: i32) -> Self {
        let size = |n: i32| usize::try_from(n).unwrap_or(0);
        Self {
            cells: vec![vec![Cell::Empty; size(width) + 1]; size(height) + 1],
        }
    }

    fn at(&mut self, x: i32, y: i32) -> Option<&mut Cell> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        self.cells.get_mut(y)?.get_mut(x)
    }

    fn set(&mut self, x: i32, y: i32, cell: Cell) {
        if let Some(place) = self.at(x, y) {
            *place = cell;
        }
    }

    fn write(&mut self, mut x: i32, y: i32, text: &str) {
        for c in text.chars() {
            let width = cell_width(c);
            // A mark upon the character before has no cell; it is left out.
            if width == 0 {
                continue;
            }
            self.set(x, y, Cell::Text(c));
            if width == 2 {
                self.set(x + 1, y, Cell::Taken);
            }
            x += width;
        }
    }

    pub(super) fn symbol(&mut self, x: i32, y: i32, symbol: char) {
        self.set(x, y, Cell::Text(symbol));
    }

    fn outline(&mut self, rect: Rect, cell: impl Fn(u8) -> Cell) {
        let (right, bottom) = (rect.x + rect.width - 1, rect.y + rect.height - 1);
        for x in rect.x + 1..right {
            self.set(x, rect.y, cell(EAST | WEST));
            self.set(x, bottom, cell(EAST | WEST));
        }
        for y in rect.y + 1..bottom {
            self.set(rect.x, y, cell(NORTH | SOUTH));
            self.set(right, y, cell(NORTH | SOUTH));
        }
        self.set(rect.x, rect.y, cell(EAST | SOUTH));
        self.set(right, rect.y, cell(WEST | SOUTH));
        self.set(rect.x, bottom, cell(EAST | NORTH));
        self.set(right, bottom, cell(WEST | NORTH));
    }

    pub(super) fn frame(&mut self, rect: Rect, title: &str) {
        if rect.width < 2 || rect.height < 2 {
            return;
        }
        self.outline(rect, Cell::Frame);
        self.write(rect.x + 2, rect.y, &format!(" {title} "));
    }

    pub(super) fn card(&mut self, card: &Card, rect: Rect) {
        match card.outside {
            true => self.outline(rect, Cell::Frame),
            false => self.outline(rect, Cell::Border),
        }
        self.write(rect.x + 1, rect.y + 1, &format!(" {} ", card.title));
        if card.rows.is_empty() {
            return;
        }
        for x in rect.x + 1..rect.x + rect.width - 1 {
            self.set(x, rect.y + 2, Cell::Border(EAST | WEST));
        }
        self.set(rect.x, rect.y + 2, Cell::Border(NORTH | EAST | SOUTH));
        let right = rect.x + rect.width - 1;
        self.set(right, rect.y + 2, Cell::Border(NORTH | WEST | SOUTH));
        for (y, row) in (rect.y + 3..).zip(&card.rows) {
            self.write(rect.x + 1, y, &format!(" {row} "));
        }
    }

    /// A line from the cell beside its parent to the one beside its child.
    pub(super) fn line(&mut self, route: &[Point], net: usize) {
        for ends in route.windows(2) {
            let (a, b) = (ends[0], ends[1]);
            let (dx, dy) = ((b.x - a.x).signum(), (b.y - a.y).signum());
            let (ahead, back) = match (dx, dy) {
                (1, _) => (EAST, WEST),
                (-1, _) => (WEST, EAST),
                (_, 1) => (SOUTH, NORTH),
                _ => (NORTH, SOUTH),
            };
            let (mut x, mut y) = (a.x, a.y);
            while (x, y) != (b.x, b.y) {
                self.arm(x, y, ahead, net);
                x += dx;
                y += dy;
                self.arm(x, y, back, net);
            }
        }
    }

    fn arm(&mut self, x: i32, y: i32, arm: u8, net: usize) {
        let Some(cell) = self.at(x, y) else { return };
        *cell = match *cell {
            Cell::Line {
                arms,
                net: other,
                crossed,
            } => Cell::Line {
                arms: arms | arm,
                net: other,
                crossed: crossed || other != net,
            },
            _ => Cell::Line {
                arms: arm,
                net,
                crossed: false,
            },
        };
    }

    /// The page, lines without spaces at their ends.
    pub(super) fn print(&self, pen: Pen) -> String {
        let mut out = String::new();
        for row in &self.cells {
            let line: String = row
                .iter()
                .filter_map(|cell| character(*cell, pen))
                .collect();
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

fn character(cell: Cell, pen: Pen) -> Option<char> {
    let c = match (cell, pen) {
        (Cell::Taken, _) => return None,
        (Cell::Empty, _) => ' ',
        (Cell::Text(c), _) => c,
        (
            Cell::Border(arms)
            | Cell::Line {
                arms,
                crossed: false,
                ..
            },
            Pen::Unicode,
        ) => joined(arms),
        (Cell::Line { arms, .. }, Pen::Unicode) => joined(arms),
        (Cell::Frame(arms), Pen::Unicode) => match arms {
            a if a == EAST | WEST => '╌',
            a if a == NORTH | SOUTH => '╎',
            a => joined(a),
        },
        (Cell::Frame(arms), Pen::Ascii) => match arms {
            a if a == EAST | WEST => '.',
            a if a == NORTH | SOUTH => ':',
            _ => '.',
        },
        // Two lines that cross, not join: the upright one runs over the other.
        (
            Cell::Line {
                arms: 15,
                crossed: true,
                ..
            },
            Pen::Ascii,
        ) => '|',
        (Cell::Border(arms) | Cell::Line { arms, .. }, Pen::Ascii) => {
            if arms & (NORTH | SOUTH) == 0 {
                '-'
            } else if arms & (EAST | WEST) == 0 {
                '|'
            } else {
                '+'
            }
        }
    };
    Some(c)
}

fn joined(arms: u8) -> char {
    const ALL: [char; 16] = [
        ' ', '│', '─', '└', '│', '│', '┌', '├', '─', '┘', '─', '┴', '┐', '┤', '┬', '┼',
    ];
    ALL[usize::from(arms & 15)]
}
