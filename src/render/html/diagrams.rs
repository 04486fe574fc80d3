//! The geometry of the page's diagrams, as the JSON that its script reads.
//!
//! Names, types and comments are not repeated: the script takes them from the tables of the page.
//! Invariant: every string in it is a text, inserted as such.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::layout::Point;
use crate::model::{QualifiedName, ReferentialAction};
use crate::render::erd::{Detail, Outline, Picture, Row};
use crate::render::grouping::Group;
use crate::render::markdown::context::Context;
use crate::render::parallel;
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
pub(super) fn data(context: &Context<'_>, groups: &[Group], anchors: &[String]) -> Value {
    let no_pages = BTreeMap::new();
    let drawing = Drawing {
        context,
        numbers: numbers(context),
        full: outline(context, Detail::Full, &no_pages),
        keys: outline(context, Detail::Keys, &no_pages),
    };
    let mut diagrams = Map::new();
    diagrams.insert("overview".to_owned(), drawing.overview(anchors));
    if groups.len() > 1 {
        for (group, anchor) in groups.iter().zip(anchors) {
            let chosen = group.members.iter().copied().collect();
            let picture = drawing.full.part(&chosen);
            diagrams.insert(anchor.clone(), drawing.shape(&picture));
        }
    }
    json!({
        "tables": drawing.tables(),
        "edges": drawing.edges(),
        "diagrams": diagrams,
        "near": drawing.neighbourhoods(),
        "lean": super::page::is_lean(context),
    })
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
    /// By node: what its columns are, or the name and the columns of somebody else's. The script
    /// finds the others on the page, where they stand in this order.
    fn tables(&self) -> Vec<Value> {
        let relations = &self.context.relations;
        let all: BTreeSet<usize> = (0..relations.nodes.len()).collect();
        let picture = self.full.part(&all);
        let boxes = picture.tables.iter().zip(&relations.nodes);
        boxes
            .map(|(table, node)| match node.own {
                // A partition is on the page, and in no diagram.
                true if !node.is_drawn() => json!(""),
                true => json!(table.rows.iter().map(mark).collect::<String>()),
                false => {
                    let rows: Vec<&str> = table.rows.iter().map(|row| &*row.name).collect();
                    json!({ "name": table.name, "rows": rows })
                }
            })
            .collect()
    }

    /// Child, parent, the columns of the child, those of the parent, and what kind of line it is.
    fn edges(&self) -> Vec<Value> {
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
            json!([edge.child, edge.parent, columns, flags])
        });
        edges.collect()
    }

    /// All tables, or all groups where they are too many.
    fn overview(&self, anchors: &[String]) -> Value {
        let relations = &self.context.relations;
        let all: BTreeSet<usize> = relations.drawn().collect();
        if all.len() <= svg::MAX_TABLES {
            let picture = self.full.picture(&all, "", svg::MAX_TABLES);
            return self.shape(&picture);
        }
        let limits = match anchors.len() {
            0..=MANY_GROUPS => svg::overview::Limits::WHOLE,
            _ => FEW,
        };
        let picture = svg::overview::picture(&self.context.groups, relations, anchors, limits);
        let mut shape = self.shape(&picture);
        let boxes = picture.tables.iter().zip(anchors).map(|(table, anchor)| {
            let rows = table
                .rows
                .iter()
                .map(|row| json!([row.name, row.type_text]));
            let rows: Vec<Value> = rows.collect();
            json!({ "name": table.name, "anchor": anchor, "rows": rows, "more": table.hidden })
        });
        shape["groups"] = boxes.collect();
        let lines = picture
            .lines
            .iter()
            .map(|line| json!([line.child, line.parent]));
        shape["pairs"] = lines.collect();
        shape
    }

    /// By node: each table that has neighbours, with them.
    fn neighbourhoods(&self) -> Map<String, Value> {
        let relations = &self.context.relations;
        let drawn: Vec<usize> = relations.drawn().collect();
        let shapes = parallel::map(&drawn, |n| Ok::<_, ()>(self.neighbourhood(*n)));
        shapes.unwrap_or_default().into_iter().flatten().collect()
    }

    fn neighbourhood(&self, centre: usize) -> Option<(String, Value)> {
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
        let mut shape = self.shape(&picture);
        if left_out > 0 {
            shape["out"] = left_out.into();
        }
        Some((centre.to_string(), shape))
    }

    /// Where boxes, lines and frames are, in units of [`UNIT`] pixels.
    fn shape(&self, picture: &Picture) -> Value {
        let layout = svg::draw::place(picture);
        let boxes = picture.tables.iter().zip(&layout.boxes).enumerate();
        let boxes = boxes.flat_map(|(n, (table, rect))| {
            let number = self.numbers.get(&table.qualified).copied().unwrap_or(n);
            [
                json!(number),
                units(rect.x),
                units(rect.y),
                units(rect.width),
            ]
        });
        let lines = picture.lines.iter().zip(&layout.routes).enumerate();
        let lines = lines.map(|(n, (line, route))| {
            let mut numbers = vec![json!(line.edge.unwrap_or(n))];
            numbers.extend(turns(route).into_iter().map(units));
            Value::Array(numbers)
        });
        let mut shape = json!({
            "b": boxes.collect::<Vec<_>>(),
            "l": lines.collect::<Vec<_>>(),
        });
        if !picture.groups.is_empty() {
            let frames = picture.groups.iter().zip(&layout.frames);
            let frames = frames.map(|(title, r)| {
                json!([
                    title,
                    units(r.x),
                    units(r.y),
                    units(r.width),
                    units(r.height)
                ])
            });
            shape["frames"] = frames.collect();
        }
        shape
    }
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

/// Pixels in units; what lies between two is a fraction.
fn units(pixels: i32) -> Value {
    match pixels % UNIT {
        0 => json!(pixels / UNIT),
        _ => json!(f64::from(pixels) / f64::from(UNIT)),
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
