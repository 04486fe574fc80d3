//! One `erDiagram` within its budget.
//!
//! Invariants: the text parses in the target version; it is at most [`MAX_BYTES`] long: detail goes
//! first, then the labels of relations, then relations, and the description says so.

use std::collections::BTreeMap;

use super::Target;
use super::entity::{Detail, attributes, title};
use super::text::{label, sentence};
use crate::dialect::Dialect;
use crate::render::relations::{Edge, Relations};

/// Mermaid draws no text above 50,000 characters, and code hosts little above 40 KB.
pub(crate) const MAX_BYTES: usize = 40_000;

/// What a diagram shows.
pub(crate) struct Selection {
    pub(crate) title: String,
    pub(crate) description: String,
    /// Tables and how much of each, in order.
    pub(crate) tables: Vec<(usize, Detail)>,
    /// Tables that belong elsewhere: a box without columns, in a quieter style.
    pub(crate) outside: Vec<usize>,
    /// Edges between any of the tables.
    pub(crate) edges: Vec<usize>,
    /// The table the others are drawn around.
    pub(crate) centre: Option<usize>,
    /// Whether the comments of columns are shown.
    pub(crate) comments: bool,
}

/// The text of a diagram, with a line end at its end.
pub(crate) fn er_diagram(
    selection: &Selection,
    relations: &Relations<'_>,
    dialect: Dialect,
    target: Target,
) -> String {
    let mut drawing = Drawing {
        selection,
        relations,
        dialect,
        target,
        most: Detail::Columns,
        comments: selection.comments,
        labels: true,
        edges: selection.edges.len(),
    };
    loop {
        let text = drawing.text();
        if text.len() <= MAX_BYTES || !drawing.shrink() {
            return text;
        }
    }
}

struct Drawing<'a> {
    selection: &'a Selection,
    relations: &'a Relations<'a>,
    dialect: Dialect,
    target: Target,
    /// No table is shown in more detail than this.
    most: Detail,
    comments: bool,
    labels: bool,
    /// How many of the edges are drawn.
    edges: usize,
}

impl Drawing<'_> {
    /// Gives something up; false where nothing is left to give.
    fn shrink(&mut self) -> bool {
        if self.comments {
            self.comments = false;
        } else if let Some(less) = self.most.less() {
            self.most = less;
        } else if self.labels {
            self.labels = false;
        } else if self.edges > 0 {
            self.edges /= 2;
        } else {
            return false;
        }
        true
    }

    fn text(&self) -> String {
        let mut out = String::from("erDiagram\n");
        let selection = self.selection;
        out.push_str(&format!("    accTitle: {}\n", sentence(&selection.title)));
        let left_out = match selection.edges.len() - self.edges {
            0 => String::new(),
            n => format!(" {n} more relations are not drawn."),
        };
        let description = sentence(&format!("{}{left_out}", selection.description));
        out.push_str(&format!("    accDescr: {description}\n"));
        let ids = self.entities(&mut out);
        for edge in &selection.edges[..self.edges] {
            let edge = &self.relations.edges[*edge];
            if let (Some(parent), Some(child)) = (ids.get(&edge.parent), ids.get(&edge.child)) {
                out.push_str(&self.relation(edge, *parent, *child));
            }
        }
        if self.target.has_classes() {
            self.classes(&mut out);
        }
        out
    }

    /// Writes the entities and gives each its number.
    fn entities(&self, out: &mut String) -> BTreeMap<usize, usize> {
        let mut ids = BTreeMap::new();
        for (table, detail) in &self.selection.tables {
            ids.insert(*table, ids.len() + 1);
            let class = match self.selection.centre {
                Some(centre) if centre == *table => self.class("centre"),
                _ => "",
            };
            self.entity(out, ids.len(), *table, (*detail).max(self.most), class);
        }
        for table in &self.selection.outside {
            ids.insert(*table, ids.len() + 1);
            self.entity(out, ids.len(), *table, Detail::Names, self.class("outside"));
        }
        ids
    }

    fn class(&self, name: &'static str) -> &'static str {
        match (self.target.has_classes(), name) {
            (true, "centre") => ":::centre",
            (true, _) => ":::outside",
            (false, _) => "",
        }
    }

    fn entity(&self, out: &mut String, id: usize, table: usize, detail: Detail, class: &str) {
        let node = &self.relations.nodes[table];
        let name = title(node.name, self.dialect);
        out.push_str(&format!("    t{id}[\"{name}\"]{class}"));
        let lines = node.table.map_or_else(Vec::new, |table| {
            attributes(table, detail, self.comments, self.dialect)
        });
        if !lines.is_empty() {
            out.push_str(" {\n");
            for line in lines {
                out.push_str(&format!("        {line}\n"));
            }
            out.push_str("    }");
        }
        out.push('\n');
    }

    fn relation(&self, edge: &Edge<'_>, parent: usize, child: usize) -> String {
        let left = if edge.parent_optional { "|o" } else { "||" };
        let line = if edge.identifying { "--" } else { ".." };
        let right = if edge.child_unique { "o|" } else { "o{" };
        let text = match self.labels {
            true => label(&edge.columns()),
            false => String::new(),
        };
        format!("    t{parent} {left}{line}{right} t{child} : \"{text}\"\n")
    }

    /// Stroke and width only: colours of a fill would fight the reader's theme.
    fn classes(&self, out: &mut String) {
        if !self.selection.outside.is_empty() {
            out.push_str("    classDef outside stroke-width:1px,stroke-dasharray:4\n");
        }
        if self.selection.centre.is_some() {
            out.push_str("    classDef centre stroke-width:2px\n");
        }
    }
}
