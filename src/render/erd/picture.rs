//! A diagram's tables, rows and lines.

use std::collections::{BTreeMap, BTreeSet};

use super::Detail;
use super::boxes::{Keys, column_row, ghost_row, remark};
use crate::dialect::Dialect;
use crate::model::{QualifiedName, Table};
use crate::render::grouping::Groups;
use crate::render::relations::{Edge, Relations};

/// A table as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct TableBox {
    pub(crate) qualified: QualifiedName,
    /// Without the schema where that is the default one.
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) rows: Vec<Row>,
    /// How many columns are not shown.
    pub(crate) hidden: usize,
    /// The frame it stands in.
    pub(crate) group: Option<usize>,
    /// Somebody else's: a box without columns of its own.
    pub(crate) outside: bool,
    /// The page that says more about it.
    pub(crate) link: Option<String>,
}

/// A column as it is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) type_text: String,
    pub(crate) primary: bool,
    pub(crate) foreign: bool,
    pub(crate) unique: bool,
    pub(crate) nullable: bool,
    pub(crate) comment: Option<String>,
    /// Tables that it references and no line leads to.
    pub(crate) references: Vec<Reference>,
}

/// A table that is named in a row.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) link: Option<String>,
}

/// A foreign key as a line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Its number among the foreign keys of the schema.
    pub(crate) edge: Option<usize>,
    pub(crate) parent: usize,
    pub(crate) child: usize,
    /// Rows of the two tables; empty where the table shows none of them.
    pub(crate) parent_rows: Vec<usize>,
    pub(crate) child_rows: Vec<usize>,
    /// The referencing and the referenced column of each pair.
    pub(crate) columns: Vec<(String, String)>,
    /// `tasks.user_id → users.id`
    pub(crate) label: String,
    pub(crate) parent_optional: bool,
    pub(crate) child_unique: bool,
    pub(crate) identifying: bool,
}

/// Everything that is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picture {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) tables: Vec<TableBox>,
    pub(crate) lines: Vec<Line>,
    /// The titles of the frames.
    pub(crate) groups: Vec<String>,
    /// Whether the frames are those of the schema's author.
    pub(crate) declared: bool,
}

/// What a picture is made of.
pub(crate) struct Outline<'a> {
    pub(crate) relations: &'a Relations<'a>,
    pub(crate) groups: &'a Groups,
    pub(crate) dialect: Dialect,
    pub(crate) detail: Detail,
    /// Where the pages of tables are, as seen from the picture.
    pub(crate) pages: &'a BTreeMap<&'a QualifiedName, String>,
}

impl Outline<'_> {
    /// All of some tables and the lines between them. Frames stand around what their authors put
    /// into groups; more tables than `most` are put into frames by parts, and references from one
    /// part to another one stay in their rows.
    pub(crate) fn picture(&self, chosen: &BTreeSet<usize>, title: &str, most: usize) -> Picture {
        let crowded = chosen.len() > most;
        let framing = match crowded {
            true => &self.groups.parts,
            false => &self.groups.sections,
        };
        let mut frames: BTreeMap<usize, usize> = BTreeMap::new();
        let mut titles = Vec::new();
        let framed = crowded || self.groups.declared;
        for group in framing.iter().filter(|_| framed) {
            let members = group.members.iter().filter(|n| chosen.contains(n));
            let members: Vec<usize> = members.copied().collect();
            if !members.is_empty() && !group.title.is_empty() {
                frames.extend(members.iter().map(|n| (*n, titles.len())));
                titles.push(group.title.clone());
            }
        }
        let mut picture = self.draw(chosen, &frames, crowded);
        picture.title = title.to_owned();
        picture.groups = titles;
        picture.declared = self.groups.declared;
        picture
    }

    /// Some tables without frames; references to other tables stay in their rows.
    pub(crate) fn part(&self, chosen: &BTreeSet<usize>) -> Picture {
        self.draw(chosen, &BTreeMap::new(), true)
    }

    /// A table and its neighbours, with the lines that touch it.
    pub(crate) fn around(&self, centre: usize, neighbours: &BTreeSet<usize>) -> Picture {
        let relations = self.relations;
        let mut chosen = neighbours.clone();
        chosen.insert(centre);
        let touching = relations.outgoing[centre]
            .iter()
            .chain(&relations.incoming[centre]);
        let lines = touching.copied().filter(|e| {
            let edge = &relations.edges[*e];
            chosen.contains(&edge.parent) && chosen.contains(&edge.child)
        });
        self.compose(
            &chosen,
            &BTreeSet::new(),
            &BTreeMap::new(),
            &lines.collect(),
        )
    }

    fn draw(
        &self,
        chosen: &BTreeSet<usize>,
        frames: &BTreeMap<usize, usize>,
        crowded: bool,
    ) -> Picture {
        let relations = self.relations;
        let mut lines: BTreeSet<usize> = BTreeSet::new();
        let mut outside: BTreeSet<usize> = BTreeSet::new();
        for n in chosen {
            for e in &relations.outgoing[*n] {
                let parent = relations.edges[*e].parent;
                let foreign = !relations.nodes[parent].own;
                let near = !crowded || frames.get(n) == frames.get(&parent);
                if foreign && !crowded {
                    outside.insert(parent);
                    lines.insert(*e);
                } else if chosen.contains(&parent) && near {
                    lines.insert(*e);
                }
            }
        }
        self.compose(chosen, &outside, frames, &lines)
    }

    fn compose(
        &self,
        chosen: &BTreeSet<usize>,
        outside: &BTreeSet<usize>,
        frames: &BTreeMap<usize, usize>,
        lines: &BTreeSet<usize>,
    ) -> Picture {
        let relations = self.relations;
        let mut picture = Picture::default();
        let mut number = BTreeMap::new();
        for n in chosen.iter().chain(outside) {
            number.insert(*n, picture.tables.len());
            let table = self.table(*n, frames.get(n).copied(), lines);
            picture.tables.push(table);
        }
        for e in lines {
            let edge = &relations.edges[*e];
            let (parent, child) = (number[&edge.parent], number[&edge.child]);
            picture
                .lines
                .push(self.line(*e, parent, child, &picture.tables));
        }
        let references: usize = chosen.iter().map(|n| relations.outgoing[*n].len()).sum();
        picture.description = describe(chosen.len(), references, references - lines.len());
        picture
    }

    fn table(&self, n: usize, group: Option<usize>, lines: &BTreeSet<usize>) -> TableBox {
        let node = &self.relations.nodes[n];
        let own = node.table.filter(|_| node.own);
        let (rows, hidden) = match own {
            Some(table) => self.rows(n, table, lines),
            None => (self.ghost_rows(n), 0),
        };
        TableBox {
            qualified: node.name.clone(),
            name: self.display(node.name),
            comment: own.and_then(|t| t.facets.comment.as_deref()).map(remark),
            rows,
            hidden,
            group,
            outside: own.is_none(),
            link: own.and_then(|_| self.pages.get(node.name).cloned()),
        }
    }

    fn rows(&self, n: usize, table: &Table, lines: &BTreeSet<usize>) -> (Vec<Row>, usize) {
        let keys = Keys::of(table);
        let mut rows = Vec::new();
        for column in &table.columns {
            let mut row = column_row(column, &keys, self.dialect);
            let key = row.primary || row.foreign || row.unique;
            let wanted = match self.detail {
                Detail::Full => true,
                Detail::Keys => key,
                Detail::Names => false,
            };
            if !wanted {
                continue;
            }
            for e in self.relations.outgoing[n]
                .iter()
                .filter(|e| !lines.contains(e))
            {
                let edge = &self.relations.edges[*e];
                if edge.key.columns.first() == Some(&column.name) {
                    let parent = self.relations.nodes[edge.parent].name;
                    row.references.push(Reference {
                        name: self.display(parent),
                        link: self.pages.get(parent).cloned(),
                    });
                }
            }
            rows.push(row);
        }
        let hidden = table.columns.len() - rows.len();
        (rows, hidden)
    }

    /// The columns of somebody else's table that keys of ours reference.
    fn ghost_rows(&self, n: usize) -> Vec<Row> {
        if self.detail == Detail::Names {
            return Vec::new();
        }
        let edges = self.relations.incoming[n]
            .iter()
            .map(|e| &self.relations.edges[*e]);
        let names: BTreeSet<_> = edges.flat_map(|edge| &edge.key.target_columns).collect();
        names.into_iter().map(ghost_row).collect()
    }

    /// The name as diagrams show it.
    fn display(&self, name: &QualifiedName) -> String {
        match name.schema.as_deref() {
            schema if schema == self.dialect.default_schema() => name.name.to_string(),
            _ => name.to_string(),
        }
    }

    fn line(&self, number: usize, parent: usize, child: usize, tables: &[TableBox]) -> Line {
        let rows_of = |table: usize, names: &[crate::model::Ident]| {
            let row = |name: &crate::model::Ident| {
                tables[table]
                    .rows
                    .iter()
                    .position(|row| row.name == name.as_str())
            };
            let mut rows: Vec<usize> = names.iter().filter_map(row).collect();
            rows.sort_unstable();
            rows.dedup();
            rows
        };
        let edge: &Edge<'_> = &self.relations.edges[number];
        let target = &edge.key.target_columns;
        let names = |names: &[crate::model::Ident]| match names {
            [] => String::new(),
            [one] => format!(".{one}"),
            many => format!(".({})", crate::render::relations::join(many)),
        };
        Line {
            edge: Some(number),
            parent,
            child,
            parent_rows: rows_of(parent, target),
            child_rows: rows_of(child, &edge.key.columns),
            columns: edge
                .key
                .columns
                .iter()
                .zip(target)
                .map(|(child, parent)| (child.to_string(), parent.to_string()))
                .collect(),
            label: format!(
                "{}{} → {}{}",
                tables[child].name,
                names(&edge.key.columns),
                tables[parent].name,
                names(target)
            ),
            parent_optional: edge.parent_optional,
            child_unique: edge.child_unique,
            identifying: edge.identifying,
        }
    }
}

/// `7 tables and 9 foreign keys.`
fn describe(tables: usize, keys: usize, in_rows: usize) -> String {
    let plural = |n: usize, noun: &str| match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    };
    let mut text = format!(
        "{} and {}.",
        plural(tables, "table"),
        plural(keys, "foreign key")
    );
    if in_rows > 0 {
        let verb = if in_rows == 1 { "is" } else { "are" };
        text.push_str(&format!(
            " {} to tables elsewhere {verb} written in the row of the column.",
            plural(in_rows, "reference")
        ));
    }
    text
}
