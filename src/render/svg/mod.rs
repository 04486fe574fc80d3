//! SVG: `erd.svg`, and `erd/<group>.svg` where one diagram cannot hold the schema legibly.
//!
//! Invariants: a document is a function of the catalog alone; a name changes nothing but its own
//! text, whatever it holds; tables do not overlap and no line runs through a table.

mod boxes;
mod colours;
pub(super) mod draw;
mod font;
mod legend;
pub(super) mod overview;
mod style;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use super::erd::{Detail, Outline, Picture, Selection};
use super::file_names::FileNames;
use super::grouping::Groups;
use super::relations::Relations;
use super::{Emitter, Files, RenderError, Report};
use crate::layout::Effort;
use crate::model::QualifiedName;
use crate::parallel;

/// The most tables that `erd.svg` shows with their columns.
pub(super) const MAX_TABLES: usize = 60;

/// The emitter of `erd.svg`.
pub struct Svg;

impl Emitter for Svg {
    fn name(&self) -> &'static str {
        "svg"
    }

    fn emit(&self, report: &Report<'_>, files: &dyn Files) -> Result<(), RenderError> {
        documents(report, |path, text| files.insert(path, text));
        Ok(())
    }
}

/// Hands on each document as soon as it is drawn: all of them together are large.
fn documents(report: &Report<'_>, put: impl Fn(String, String) + Sync) {
    let relations = Relations::new(report.catalog);
    let groups = Groups::new(report.catalog, &relations);
    let all: BTreeSet<usize> = relations.drawn().collect();
    let whole = all.len() <= MAX_TABLES;
    let pages = pages(report, &relations, if whole { "" } else { "../" });
    let outline = Outline {
        relations: &relations,
        groups: &groups,
        dialect: report.dialect,
        detail: Detail::Full,
        pages: &pages,
    };
    if whole {
        let picture = outline.picture(&all, TITLE, MAX_TABLES);
        put(
            "erd.svg".to_owned(),
            draw::draw(&picture, draw::effort(&picture)),
        );
        return;
    }
    let mut names = FileNames::default();
    let titles = groups.parts.iter().map(|part| names.of_title(&part.title));
    let titles: Vec<String> = titles.collect();
    let overview = overview::picture(&groups, &relations, &titles, overview::Limits::WHOLE);
    put("erd.svg".to_owned(), draw::draw(&overview, Effort::Whole));
    let parts: Vec<_> = groups.parts.iter().zip(titles).collect();
    parallel::map(&parts, |(part, title)| {
        let chosen = part.members.iter().copied().collect();
        let mut picture = outline.part(&chosen);
        picture.title = format!("Tables: {}", part.title);
        put(
            format!("erd/{title}.svg"),
            draw::draw(&picture, Effort::Whole),
        );
    });
}

const TITLE: &str = "Tables and their foreign keys";

/// What every document begins with.
#[cfg(all(test, feature = "png"))]
pub(super) fn style_sheet() -> String {
    style::head()
}

/// The chosen tables as one document; tables beyond [`MAX_TABLES`] stand in frames by parts.
pub fn svg(report: &Report<'_>, selection: &Selection, detail: Detail) -> String {
    let picture = picture(report, selection, detail, MAX_TABLES);
    draw::draw(&picture, draw::effort(&picture))
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
