//! The geometry of the page's diagrams, as the JSON that its script reads.
//!
//! Names, types and comments are not repeated: the script takes them from the tables of the page.
//! Invariant: every string in it is a text, inserted as such.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use serde::{Serialize, Serializer};

use crate::layout::{Effort, Point};
use crate::model::{QualifiedName, ReferentialAction};
use crate::parallel;
use crate::render::erd::{Detail, Outline, Picture, Row};
use crate::render::grouping::Group;
use crate::render::markdown::context::Context;
use crate::render::svg;

/// The most neighbours that the diagram of a table shows.
const MAX_NEIGHBOURS: usize = 24;

/// The grid that nearly everything stands on.
const UNIT: i32 = 10;

/// With more groups than this, the map of all of them shows [`FEW`] of each.
const MANY_GROUPS: usize = 24;
const FEW: svg::overview::Limits = svg::overview::Limits { lines: 2, names: 0 };

/// What a column is, as the digit that the script reads.
const PRIMARY: u32 = 1;
const FOREIGN: u32 = 2;
const UNIQUE: u32 = 4;
const NULLABLE: u32 = 8;

/// Everything that the script needs beside the page itself.
#[derive(Serialize)]
struct Data<'a> {
    diagrams: BTreeMap<&'a str, Shape>,
    edges: Vec<Edge>,
    lean: bool,
    /// By the node in the middle.
    near: BTreeMap<String, Shape>,
    tables: Vec<Table>,
}

/// Child, parent, the columns of the child, and what kind of line it is.
type Edge = (usize, usize, Vec<usize>, u32);

/// A node by what its columns are; somebody else's with its words, which are nowhere on the page.
#[derive(Serialize)]
#[serde(untagged)]
enum Table {
    Own(String),
    Foreign { name: String, rows: Vec<String> },
}

/// Where boxes, lines and frames are. Fields stand in the order of their names.
#[derive(Default, Serialize)]
struct Shape {
    /// Number, left, top and width of each box, one after the other.
    b: Vec<Units>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    frames: Vec<(String, Units, Units, Units, Units)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<GroupBox>>,
    /// The number of each line, then its [`turns`].
    l: Vec<Vec<Units>>,
    /// Neighbours that are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<usize>,
    /// The groups that each line joins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<Vec<(usize, usize)>>,
}

/// The box of a group, with its most connected tables.
#[derive(Serialize)]
struct GroupBox {
    anchor: String,
    more: usize,
    name: String,
    rows: Vec<(String, String)>,
}

/// A number that the script reads: so many, or pixels in units of [`UNIT`].
#[derive(Clone, Copy)]
enum Units {
    Count(u32),
    Pixels(i32),
}

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Count(n) => n.serialize(serializer),
            Self::Pixels(pixels) if pixels % UNIT == 0 => (pixels / UNIT).serialize(serializer),
            // What lies between two is a fraction.
            Self::Pixels(pixels) => (f64::from(pixels) / f64::from(UNIT)).serialize(serializer),
        }
    }
}

/// The same as the JSON that stands on the page.
pub(super) fn data(context: &Context<'_>, groups: &[Group], anchors: &[String]) -> String {
    let no_pages = BTreeMap::new();
    let drawing = Drawing {
        context,
        numbers: numbers(context),
        full: outline(context, Detail::Full, &no_pages),
        keys: outline(context, Detail::Keys, &no_pages),
    };
    let data = Data {
        diagrams: drawing.diagrams(groups, anchors),
        edges: drawing.edges(),
        lean: super::page::is_lean(context),
        near: drawing.neighbourhoods(),
        tables: drawing.tables(),
    };
    // Numbers and strings, all of which JSON can hold.
    let json = serde_json::to_string(&data).unwrap_or_default();
    match json.contains('<') {
        // Nothing in a text may end the element that the data stand in.
        true => json.replace('<', "\\u003c"),
        false => json,
    }
}

fn outline<'a>(
    context: &'a Context<'a>,
    detail: Detail,
    pages: &'a BTreeMap<&'a QualifiedName, String>,
) -> Outline<'a> {
    Outline {
        relations: &context.relations,
        groups: &context.groups,
        dialect: context.report.dialect,
        detail,
        pages,
    }
}

/// The number of each table among the nodes.
fn numbers<'a>(context: &'a Context<'_>) -> BTreeMap<&'a QualifiedName, usize> {
    let nodes = context.relations.nodes.iter().enumerate();
    nodes.map(|(n, node)| (node.name, n)).collect()
}

struct Drawing<'a> {
    context: &'a Context<'a>,
    numbers: BTreeMap<&'a QualifiedName, usize>,
    full: Outline<'a>,
    keys: Outline<'a>,
}

impl Drawing<'_> {
    /// By anchor: that of all tables, and that of each group where there are several.
    fn diagrams<'n>(&self, groups: &[Group], anchors: &'n [String]) -> BTreeMap<&'n str, Shape> {
        let several = match groups.len() {
            0 | 1 => &[],
            _ => groups,
        };
        let mut wanted = vec![("overview", None)];
        wanted.extend(
            anchors
                .iter()
                .map(String::as_str)
                .zip(several.iter().map(Some)),
        );
        let shapes = parallel::map(&wanted, |(_, group)| match group {
            None => self.overview(anchors),
            Some(group) => {
                let chosen = group.members.iter().copied().collect();
                let picture = self.full.part(&chosen);
                self.shape(&picture, Effort::Whole)
            }
        });
        wanted
            .into_iter()
            .map(|(anchor, _)| anchor)
            .zip(shapes)
            .collect()
    }

    /// By node: what its columns are, or the name and the columns of somebody else's. The script
    /// finds the others on the page, where they stand in this order.
    fn tables(&self) -> Vec<Table> {
        let relations = &self.context.relations;
        let all: BTreeSet<usize> = (0..relations.nodes.len()).collect();
        let picture = self.full.part(&all);
        let boxes = picture.tables.iter().zip(&relations.nodes);
        boxes
            .map(|(table, node)| match node.own {
                // A partition is on the page, and in no diagram.
                true if !node.is_drawn() => Table::Own(String::new()),
                true => Table::Own(table.rows.iter().map(mark).collect()),
                false => Table::Foreign {
                    name: table.name.clone(),
                    rows: table.rows.iter().map(|row| row.name.clone()).collect(),
                },
            })
            .collect()
    }

    fn edges(&self) -> Vec<Edge> {
        let relations = &self.context.relations;
        let edges = relations.edges.iter().map(|edge| {
            let row = |node: usize, name: &crate::model::Ident| {
                let table = relations.nodes[node].table?;
                table.columns.iter().position(|c| c.name == *name)
            };
            let columns = edge.key.columns.iter();
            let columns: Vec<usize> = columns.filter_map(|name| row(edge.child, name)).collect();
            let flags = u32::from(edge.parent_optional)
                + 2 * u32::from(edge.child_unique)
                + 4 * u32::from(edge.identifying)
                + 8 * deletes(edge.key.on_delete);
            (edge.child, edge.parent, columns, flags)
        });
        edges.collect()
    }

    /// All tables, or all groups where they are too many.
    fn overview(&self, anchors: &[String]) -> Shape {
        let relations = &self.context.relations;
        let all: BTreeSet<usize> = relations.drawn().collect();
        if all.len() <= svg::MAX_TABLES {
            let picture = self.full.picture(&all, "", svg::MAX_TABLES);
            return self.shape(&picture, svg::draw::effort(&picture));
        }
        let limits = match anchors.len() {
            0..=MANY_GROUPS => svg::overview::Limits::WHOLE,
            _ => FEW,
        };
        let picture = svg::overview::picture(&self.context.groups, relations, anchors, limits);
        let mut shape = self.shape(&picture, Effort::Whole);
        let boxes = picture.tables.iter().zip(anchors);
        let boxes = boxes.map(|(table, anchor)| GroupBox {
            anchor: anchor.clone(),
            more: table.hidden,
            name: table.name.clone(),
            rows: table
                .rows
                .iter()
                .map(|row| (row.name.clone(), row.type_text.clone()))
                .collect(),
        });
        shape.groups = Some(boxes.collect());
        let lines = picture.lines.iter();
        shape.pairs = Some(lines.map(|line| (line.child, line.parent)).collect());
        shape
    }

    /// By node: each table that has neighbours, with them.
    fn neighbourhoods(&self) -> BTreeMap<String, Shape> {
        let relations = &self.context.relations;
        let drawn: Vec<usize> = relations.drawn().collect();
        let shapes = parallel::map(&drawn, |n| self.neighbourhood(*n));
        shapes.into_iter().flatten().collect()
    }

    fn neighbourhood(&self, centre: usize) -> Option<(String, Shape)> {
        let relations = &self.context.relations;
        let parents = relations.outgoing[centre]
            .iter()
            .map(|e| relations.edges[*e].parent);
        let children = relations.incoming[centre]
            .iter()
            .map(|e| relations.edges[*e].child);
        let drawable = |n: &usize| relations.nodes[*n].is_drawn() || !relations.nodes[*n].own;
        let mut near = Vec::new();
        for n in parents.chain(children).filter(drawable) {
            if n != centre && !near.contains(&n) {
                near.push(n);
            }
        }
        let itself = relations.outgoing[centre]
            .iter()
            .any(|e| relations.edges[*e].parent == centre);
        if near.is_empty() && !itself {
            return None;
        }
        let left_out = near.len().saturating_sub(MAX_NEIGHBOURS);
        near.truncate(MAX_NEIGHBOURS);
        let picture = self.keys.around(centre, &near.into_iter().collect());
        let mut shape = self.shape(&picture, Effort::Little);
        if left_out > 0 {
            shape.out = Some(left_out);
        }
        Some((centre.to_string(), shape))
    }

    fn shape(&self, picture: &Picture, effort: Effort) -> Shape {
        let layout = svg::draw::place(picture, effort);
        let boxes = picture.tables.iter().zip(&layout.boxes).enumerate();
        let boxes = boxes.flat_map(|(n, (table, rect))| {
            let number = self.numbers.get(&table.qualified).copied().unwrap_or(n);
            let places = [rect.x, rect.y, rect.width].map(Units::Pixels);
            iter::once(count(number)).chain(places)
        });
        let lines = picture.lines.iter().zip(&layout.routes).enumerate();
        let lines = lines.map(|(n, (line, route))| {
            let number = count(line.edge.unwrap_or(n));
            let turns = turns(route).into_iter().map(Units::Pixels);
            iter::once(number).chain(turns).collect()
        });
        let frames = picture.groups.iter().zip(&layout.frames);
        let frames = frames.map(|(title, r)| {
            let [x, y, width, height] = [r.x, r.y, r.width, r.height].map(Units::Pixels);
            (title.clone(), x, y, width, height)
        });
        Shape {
            b: boxes.collect(),
            l: lines.collect(),
            frames: frames.collect(),
            ..Shape::default()
        }
    }
}

/// Millions of them are kept until they are printed: half as large as they would be.
fn count(n: usize) -> Units {
    Units::Count(u32::try_from(n).unwrap_or(u32::MAX))
}

/// What deleting a parent does, as the script numbers it.
fn deletes(action: ReferentialAction) -> u32 {
    match action {
        ReferentialAction::NoAction => 0,
        ReferentialAction::Restrict => 1,
        ReferentialAction::Cascade => 2,
        ReferentialAction::SetNull => 3,
        ReferentialAction::SetDefault => 4,
    }
}

/// A line by its first point, then where each piece ends, pieces being level and upright in turn.
fn turns(route: &[Point]) -> Vec<i32> {
    let Some(mut at) = route.first().copied() else {
        return Vec::new();
    };
    let mut numbers = vec![at.x, at.y];
    let mut level = true;
    for next in &route[1..] {
        if next.x != at.x {
            if !level {
                numbers.push(at.y);
            }
            numbers.push(next.x);
            level = false;
        }
        if next.y != at.y {
            if level {
                numbers.push(next.x);
            }
            numbers.push(next.y);
            level = true;
        }
        at = *next;
    }
    numbers
}

fn mark(row: &Row) -> char {
    let bit = |is: bool, bit: u32| if is { bit } else { 0 };
    let bits = bit(row.primary, PRIMARY)
        | bit(row.foreign, FOREIGN)
        | bit(row.unique, UNIQUE)
        | bit(row.nullable, NULLABLE);
    char::from_digit(bits, 16).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(corners: &[(i32, i32)]) -> Vec<Point> {
        corners
            .iter()
            .map(|(x, y)| Point { x: *x, y: *y })
            .collect()
    }

    #[test]
    fn pieces_are_level_and_upright_in_turn() {
        let route = points(&[(10, 20), (40, 20), (40, 60), (90, 60)]);
        assert_eq!(turns(&route), [10, 20, 40, 60, 90]);
        let upright = points(&[(10, 20), (10, 50), (30, 50)]);
        assert_eq!(turns(&upright), [10, 20, 10, 50, 30]);
        let straight = points(&[(0, 0), (20, 0), (50, 0)]);
        assert_eq!(turns(&straight), [0, 0, 20, 0, 50]);
    }
}
