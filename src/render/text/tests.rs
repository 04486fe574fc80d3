//! Diagrams as a person would draw them, and what holds for any.

use std::collections::BTreeMap;

use super::*;
use crate::model::QualifiedName;
use crate::render::erd::{Row, TableBox};

fn row(name: &str, type_text: &str, keys: &str) -> Row {
    Row {
        name: name.to_owned(),
        type_text: type_text.to_owned(),
        primary: keys.contains("PK"),
        foreign: keys.contains("FK"),
        nullable: keys.contains('?'),
        ..Row::default()
    }
}

fn table(name: &str, rows: Vec<Row>) -> TableBox {
    TableBox {
        qualified: QualifiedName::bare(name),
        name: name.to_owned(),
        comment: None,
        rows,
        hidden: 0,
        group: None,
        outside: false,
        link: None,
    }
}

fn line(parent: usize, child: usize, child_row: usize) -> Line {
    Line {
        edge: None,
        parent,
        child,
        parent_rows: vec![0],
        child_rows: vec![child_row],
        columns: Vec::new(),
        label: String::new(),
        parent_optional: false,
        child_unique: false,
        identifying: false,
    }
}

fn todo() -> Picture {
    Picture {
        tables: vec![
            table(
                "users",
                vec![row("id", "uuid", "PK"), row("email", "text", "")],
            ),
            table(
                "tasks",
                vec![
                    row("id", "bigint", "PK"),
                    row("user_id", "uuid", "FK"),
                    row("due", "date", "?"),
                ],
            ),
            table(
                "notes",
                vec![row("id", "bigint", "PK"), row("task_id", "bigint", "FK")],
            ),
        ],
        lines: vec![line(0, 1, 1), line(1, 2, 1)],
        ..Picture::default()
    }
}

fn style(width: usize, ascii: bool) -> Style {
    Style {
        width,
        ascii,
        comments: false,
    }
}

fn draw(picture: &Picture, style: Style) -> String {
    Drawing::new(picture, style, true).text()
}

#[test]
fn three_tables_in_a_row() {
    insta::assert_snapshot!(draw(&todo(), style(100, false)));
}

#[test]
fn the_same_in_ascii_on_a_narrow_page() {
    let drawn = draw(&todo(), style(40, true));
    assert!(drawn.is_ascii());
    insta::assert_snapshot!(drawn);
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in [40, 60, 80, 100, 200] {
        for ascii in [false, true] {
            let drawn = draw(&todo(), style(width, ascii));
            let widest = drawn.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(width), "{width}\n{drawn}");
        }
    }
}

#[test]
fn long_names_are_cut_and_none_moves_the_cursor() {
    let mut picture = todo();
    picture.tables[0].name = format!("{}\u{1b}[2J\n", "x".repeat(200));
    picture.tables[1].rows[0].name = "表".repeat(100);
    let drawn = draw(&picture, style(60, false));
    assert!(drawn.chars().all(|c| c == '\n' || !c.is_control()));
    for line in drawn.lines() {
        assert!(cells::width(line) <= 60, "{line}");
    }
}

#[test]
fn every_line_has_both_its_ends() {
    let drawn = draw(&todo(), style(100, false));
    let symbols: BTreeMap<&str, usize> = ["o<", "┼┼"]
        .into_iter()
        .map(|symbol| (symbol, drawn.matches(symbol).count()))
        .collect();
    // Two lines, and one of each in the legend.
    assert_eq!(symbols, BTreeMap::from([("o<", 3), ("┼┼", 3)]));
}
