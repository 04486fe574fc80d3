//! SVG: `erd.svg`, and `erd/<group>.svg` where one diagram cannot hold the schema legibly.
//!
//! Invariants: a document is a function of the catalog alone; a name changes nothing but its own
//! text, whatever it holds; tables do not overlap and no line runs through a table.

mod boxes;
mod draw;
mod font;
mod legend;
mod overview;
mod style;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use super::erd::{Detail, Outline, Picture, Selection};
use super::file_names::FileNames;
use super::grouping::Groups;
use super::relations::Relations;
use super::{Emitter, FileTree, RenderError, Report};
use crate::model::QualifiedName;

/// The most tables that `erd.svg` shows with their columns.
const MAX_TABLES: usize = 60;

/// The emitter of `erd.svg`.
pub struct Svg;

impl Emitter for Svg {
    fn name(&self) -> &'static str {
        "svg"
    }

    fn emit(&self, report: &Report<'_>, tree: &mut FileTree) -> Result<(), RenderError> {
        for (path, text) in files(report) {
            tree.insert(path, text);
        }
        Ok(())
    }
}

fn files(report: &Report<'_>) -> Vec<(String, String)> {
    let relations = Relations::new(report.catalog);
    let groups = Groups::new(report.catalog, &relations);
    let all: BTreeSet<usize> = relations.drawn().collect();
    let pages = pages(report, &relations, "");
    let outline = |pages| Outline {
        relations: &relations,
        groups: &groups,
        dialect: report.dialect,
        detail: Detail::Full,
        pages,
    };
    if all.len() <= MAX_TABLES {
        let picture = outline(&pages).picture(&all, TITLE, MAX_TABLES);
        return vec![("erd.svg".to_owned(), draw::draw(&picture))];
    }
    let mut names = FileNames::default();
    let titles = groups.parts.iter().map(|part| names.of_title(&part.title));
    let titles: Vec<String> = titles.collect();
    let overview = overview::picture(&groups, &relations, &titles);
    let mut files = vec![("erd.svg".to_owned(), draw::draw(&overview))];
    let pages = self::pages(report, &relations, "../");
    let outline = outline(&pages);
    for (part, title) in groups.parts.iter().zip(titles) {
        let chosen = part.members.iter().copied().collect();
        let mut picture = outline.part(&chosen);
        picture.title = format!("Tables: {}", part.title);
        files.push((format!("erd/{title}.svg"), draw::draw(&picture)));
    }
    files
}

const TITLE: &str = "Tables and their foreign keys";

/// The chosen tables as one document; tables beyond [`MAX_TABLES`] stand in frames by parts.
pub fn svg(report: &Report<'_>, selection: &Selection, detail: Detail) -> String {
    draw::draw(&picture(report, selection, detail, MAX_TABLES))
}

/// The picture of the chosen tables, without links.
pub(crate) fn picture(
    report: &Report<'_>,
    selection: &Selection,
    detail: Detail,
    most: usize,
) -> Picture {
    let relations = Relations::new(report.catalog);
    let groups = Groups::new(report.catalog, &relations);
    let chosen = relations
        .drawn()
        .filter(|n| selection.tables.contains(relations.nodes[*n].name));
    let outline = Outline {
        relations: &relations,
        groups: &groups,
        dialect: report.dialect,
        detail,
        pages: &BTreeMap::new(),
    };
    outline.picture(&chosen.collect(), TITLE, most)
}

/// The pages of tables, where the documents are made too.
fn pages<'a>(
    report: &Report<'_>,
    relations: &Relations<'a>,
    up: &str,
) -> BTreeMap<&'a QualifiedName, String> {
    let mut pages = BTreeMap::new();
    if report.options.is_empty() || report.options.contains_key("markdown") {
        let mut names = FileNames::default();
        for node in relations.nodes.iter().filter(|node| node.own) {
            let page = format!("{up}docs/tables/{}.md", names.of_name(node.name));
            pages.insert(node.name, page);
        }
    }
    pages
}
