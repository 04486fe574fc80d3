//! The diagrams of real schemas, read back from the SVG: nothing lies upon anything else.
//!
//! How they compare with those of Graphviz is measured by `scripts/measure-layout`.

use std::fs;
use std::path::Path;
use std::process::Command;

use schemagen::dialect::Dialect;
use schemagen::pipeline::Loaded;
use schemagen::render::FileTree;
use schemagen::render::erd::{Choice, Detail, Selection};
use schemagen::render::text::Style;
use schemagen::render::{svg, text};
use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::catalogs::{Sources, outputs, with_report};
use crate::support::corpus;
use crate::support::program::Folder;

type Rect = (i32, i32, i32, i32);
type Point = (i32, i32);

/// What a document shows, in its own coordinates.
#[derive(Default)]
struct Drawn {
    size: (i32, i32),
    tables: Vec<Rect>,
    lines: Vec<Vec<Point>>,
}

fn numbers(text: &str) -> Vec<i32> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '-');
    words.filter_map(|word| word.parse().ok()).collect()
}

/// The value of an attribute; every element stands on a line of its own.
fn attribute<'a>(line: &'a str, name: &str) -> &'a str {
    let from = line.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
    line[from..].split('"').next().unwrap()
}

fn read(svg: &str) -> Drawn {
    let mut drawn = Drawn::default();
    let mut origins = vec![(0, 0)];
    for line in svg.lines() {
        let (x, y) = origins[origins.len() - 1];
        if line.starts_with("<svg") {
            let view = numbers(attribute(line, "viewBox"));
            drawn.size = (view[2], view[3]);
        } else if line.starts_with("<g") && !line.ends_with("</g>") {
            let by = match line.contains(" transform=") {
                true => numbers(attribute(line, "transform")),
                false => vec![0, 0],
            };
            origins.push((x + by[0], y + by[1]));
        } else if line == "</g>" {
            origins.pop();
        } else if line.starts_with("<rect class=\"box\"") {
            let width = numbers(attribute(line, "width"))[0];
            let height = numbers(attribute(line, "height"))[0];
            drawn.tables.push((x, y, width, height));
        } else if line.starts_with("<path class=\"fk") {
            let corners = corners(attribute(line, "d"));
            let moved = corners.into_iter().map(|(a, b)| (a + x, b + y));
            drawn.lines.push(moved.collect());
        }
    }
    drawn
}

/// The corners of a path: a round one is at its control point.
fn corners(d: &str) -> Vec<Point> {
    let mut points = Vec::new();
    for part in d.split_inclusive(|c: char| c.is_ascii_alphabetic()).skip(1) {
        points.push(numbers(part.trim_end_matches(char::is_alphabetic)));
    }
    let letters = d.chars().filter(char::is_ascii_alphabetic);
    let mut line: Vec<Point> = Vec::new();
    for (letter, numbers) in letters.zip(points) {
        if letter == 'Q' {
            // Back from where the curve begins to the corner itself.
            line.pop();
        }
        line.push((numbers[0], numbers[1]));
    }
    line
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.0 < b.0 + b.2 && b.0 < a.0 + a.2 && a.1 < b.1 + b.3 && b.1 < a.1 + a.3
}

/// Everything that is wrong with a document.
fn problems(path: &str, svg: &str) -> Vec<String> {
    let drawn = read(svg);
    let mut problems = Vec::new();
    for (n, a) in drawn.tables.iter().enumerate() {
        if drawn.tables[..n].iter().any(|b| overlap(*a, *b)) {
            problems.push(format!("{path}: a table upon another one at {a:?}"));
        }
    }
    for line in &drawn.lines {
        for ends in line.windows(2) {
            let ((ax, ay), (bx, by)) = (ends[0], ends[1]);
            if ax != bx && ay != by {
                problems.push(format!("{path}: a line askew: {line:?}"));
            }
            let piece = (
                ax.min(bx),
                ay.min(by),
                (ax - bx).abs().max(1),
                (ay - by).abs().max(1),
            );
            let inside = |t: &Rect| overlap(piece, (t.0 + 1, t.1 + 1, t.2 - 2, t.3 - 2));
            if drawn.tables.iter().any(inside) {
                problems.push(format!("{path}: a line through a table: {line:?}"));
            }
        }
    }
    let ratio = f64::from(drawn.size.0) / f64::from(drawn.size.1);
    if !(0.6..=2.2).contains(&ratio) {
        problems.push(format!("{path}: {:?} is no page", drawn.size));
    }
    problems
}

fn all_problems(tree: &FileTree) -> Vec<String> {
    let documents = tree.iter().filter(|(path, _)| path.ends_with(".svg"));
    documents
        .flat_map(|(path, svg)| problems(path, svg))
        .collect()
}

/// The whole schema in one document, however large.
fn whole(loaded: &Loaded, dialect: Dialect) -> String {
    with_report(loaded, dialect, |report| {
        let all = Selection::new(report.catalog, &Choice::default()).unwrap();
        svg::svg(report, &all, Detail::Full)
    })
}

fn fixture(name: &str) -> (Sources, Loaded) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/documents");
    let sources = Sources::of_sql(&fs::read_to_string(folder.join(name)).unwrap());
    let loaded = sources.load(Dialect::Postgres);
    (sources, loaded)
}

#[test]
fn nothing_lies_upon_anything_else() {
    for name in ["todo.sql", "hostile.sql"] {
        let (_, loaded) = fixture(name);
        let tree = outputs(&loaded, Dialect::Postgres);
        assert_eq!(all_problems(&tree), Vec::<String>::new(), "{name}");
        let drawn = read(tree.get("erd.svg").unwrap());
        assert!(
            !drawn.tables.is_empty() && !drawn.lines.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn nor_in_real_schemas() {
    let Some(schemas) = corpus::schemas() else {
        return;
    };
    for schema in &schemas {
        let loaded = schema.sources().load(schema.dialect);
        let tree = outputs(&loaded, schema.dialect);
        assert_eq!(all_problems(&tree), Vec::<String>::new(), "{}", schema.name);
        let found = problems(&schema.name, &whole(&loaded, schema.dialect));
        assert_eq!(found, Vec::<String>::new());
    }
}

/// Texts of a drawing that lie upon one another or outside of the paper, as the browser sets them.
const CROWDED: &str = "(() => { \
  const paper = document.querySelector('svg').getBoundingClientRect(); \
  const all = [...document.querySelectorAll('svg text')].map(e => [e.textContent, e.getBoundingClientRect()]); \
  all.sort((a, b) => a[1].top - b[1].top); const found = []; \
  all.forEach(([text, a], i) => { \
    if (a.right > paper.right || a.left < paper.left || a.bottom > paper.bottom) found.push(text + ' is cut'); \
    for (let j = i + 1; j < all.length && all[j][1].top < a.bottom - 2; j++) { \
      const b = all[j][1]; \
      if (a.left < b.right - 1 && b.left < a.right - 1) found.push(text + ' and ' + all[j][0]); } }); \
  return [all.length, ...found.slice(0, 9)]; })()";

fn crowded(browser: &Browser, name: &str, svg: &str) {
    let page = format!("<!DOCTYPE html><meta charset=utf-8>{svg}");
    let folder = Folder::with(&[("drawing.html", &page)]);
    browser.open(&folder.path().join("drawing.html"));
    let found = browser.eval(CROWDED);
    let found = found.as_array().unwrap();
    assert!(found[0].as_u64() > Some(0), "{name}");
    assert_eq!(found[1..].to_vec(), Vec::<Value>::new(), "{name}");
}

#[test]
fn no_text_lies_upon_another_one() {
    let Some(browser) = Browser::start() else {
        return;
    };
    for name in ["todo.sql", "hostile.sql"] {
        let (_, loaded) = fixture(name);
        crowded(&browser, name, &whole(&loaded, Dialect::Postgres));
    }
    let schemas = corpus::schemas().unwrap_or_default();
    for (n, schema) in schemas.iter().enumerate() {
        let project = |name: &str| name.split('/').next().map(str::to_owned);
        let next = schemas.get(n + 1).map(|next| project(&next.name));
        if next != Some(project(&schema.name)) {
            let loaded = schema.sources().load(schema.dialect);
            crowded(&browser, &schema.name, &whole(&loaded, schema.dialect));
        }
    }
}

#[test]
fn lines_turn_and_cross_no_more_than_those_of_dot() {
    let Some(corpus) = corpus::root() else {
        return;
    };
    // Without Graphviz there is nothing to compare with.
    if Command::new("dot").arg("-V").output().is_err() {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/measure-layout");
    let done = Command::new(script)
        .args(["--check", env!("CARGO_BIN_EXE_schemagen")])
        .arg(corpus.join("schemas"))
        .output()
        .unwrap();
    let table = String::from_utf8_lossy(&done.stdout);
    assert!(table.lines().count() > 10, "{table}");
    assert!(done.status.success(), "{table}");
}

#[test]
fn every_table_has_a_page_to_link_to() {
    let (_, loaded) = fixture("hostile.sql");
    let tree = outputs(&loaded, Dialect::Postgres);
    let svg = tree.get("erd.svg").unwrap();
    let links: Vec<&str> = svg
        .split("<a href=\"")
        .skip(1)
        .map(|l| l.split('"').next().unwrap())
        .collect();
    assert!(!links.is_empty());
    for link in links {
        assert!(tree.get(link).is_some(), "{link}");
    }
}

fn chosen(loaded: &Loaded, choice: &Choice) -> Result<Vec<String>, String> {
    with_report(loaded, Dialect::Postgres, |report| {
        let found = Selection::new(report.catalog, choice).map_err(|e| e.to_string())?;
        Ok(found
            .tables
            .iter()
            .map(|name| name.name.to_string())
            .collect())
    })
}

#[test]
fn tables_are_chosen_by_name_group_and_neighbourhood() {
    let (_, loaded) = fixture("todo.sql");
    let only = |pattern: &str| Choice {
        only: vec![pattern.to_owned()],
        ..Choice::default()
    };
    assert_eq!(chosen(&loaded, &only("task?")).unwrap(), ["tasks"]);
    assert_eq!(chosen(&loaded, &only("public.task?")).unwrap(), ["tasks"]);
    let error = chosen(&loaded, &only("taks")).unwrap_err();
    assert_eq!(
        error,
        "--only \"taks\" matches no table of this schema; did you mean public.tasks?"
    );
    let around = Choice {
        around: vec!["tasks".to_owned()],
        depth: 0,
        ..Choice::default()
    };
    assert_eq!(chosen(&loaded, &around).unwrap(), ["tasks"]);
    let near = chosen(&loaded, &Choice { depth: 1, ..around }).unwrap();
    assert!(
        near.len() > 1 && near.contains(&"users".to_owned()),
        "{near:?}"
    );
    let group = Choice {
        groups: vec!["no such".to_owned()],
        ..Choice::default()
    };
    assert!(
        chosen(&loaded, &group)
            .unwrap_err()
            .starts_with("--group \"no such\" names no group")
    );
}

#[test]
fn text_keeps_to_its_width() {
    let (_, loaded) = fixture("todo.sql");
    for width in [60, 80, 120] {
        let drawn = with_report(&loaded, Dialect::Postgres, |report| {
            let all = Selection::new(report.catalog, &Choice::default()).unwrap();
            let style = Style {
                width,
                ascii: true,
                comments: false,
            };
            text::text(report, &all, Detail::Full, style)
        });
        assert!(drawn.is_ascii());
        let widest = drawn.lines().map(str::len).max().unwrap();
        assert!(widest <= width, "{widest} > {width}\n{drawn}");
    }
}
