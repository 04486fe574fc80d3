//! Markdown: an index, a page a table, and pages of enums, types, views and functions.
//!
//! Invariants: view models hold decided Markdown, templates only lay it out; a name or a comment
//! changes nothing but its own text, whatever it holds; file names are safe on every file system.

pub(super) mod code_pages;
mod columns;
pub(super) mod context;
pub(super) mod definition;
pub(super) mod index_page;
pub(super) mod indexes;
mod security;
mod shape;
pub(super) mod table_page;
pub(crate) mod text;
mod triggers;
pub(super) mod type_pages;

use serde::Serialize;

use self::context::{Context, Links};
use self::text::{code, inline, paragraphs};
use super::mermaid::Target;
use super::{Emitter, Files, RenderError, Report};
use crate::model::VirtualTable;
use crate::parallel;

/// The emitter of `docs/`.
pub struct Markdown;

impl Emitter for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn emit(&self, report: &Report<'_>, files: &dyn Files) -> Result<(), RenderError> {
        let context = Context::new(report, Target::of(report)?, Links::Files);
        let pages = Pages { report, files };
        let groups = index_page::group_paths(&context);
        pages.add(
            "README.md",
            "markdown/index.md.j2",
            index_page::view(&context, &groups),
        )?;
        for ((_, path), group) in groups.iter().zip(&context.groups.parts) {
            let view = index_page::group_view(&context, group);
            pages.add(path, "markdown/group.md.j2", view)?;
        }
        let nodes: Vec<_> = context.relations.nodes.iter().enumerate().collect();
        parallel::try_map(&nodes, |(n, node)| {
            if let (Some(table), Some(path)) = (node.table, context.page(node.name)) {
                let view = table_page::view(&context, table, *n);
                pages.add(path, "markdown/table.md.j2", view)?;
            }
            Ok(())
        })?;
        for table in report.catalog.virtual_tables.values() {
            if let Some(path) = context.page(&table.name) {
                let view = virtual_table(&context, table);
                pages.add(path, "markdown/virtual_table.md.j2", view)?;
            }
        }
        pages.add_list("enums", type_pages::enums(&context))?;
        pages.add_list("types", type_pages::others(&context))?;
        pages.add_list("views", code_pages::views(&context))?;
        pages.add_list("functions", code_pages::functions(&context))
    }
}

struct Pages<'a> {
    report: &'a Report<'a>,
    files: &'a dyn Files,
}

impl Pages<'_> {
    fn add(&self, path: &str, template: &str, view: impl Serialize) -> Result<(), RenderError> {
        let text = self.report.templates.render(template, view)?;
        self.files.insert(format!("docs/{path}"), tidy(&text));
        Ok(())
    }

    /// A page of many items; none where there is nothing to list.
    fn add_list<T: Serialize>(&self, name: &str, items: Vec<T>) -> Result<(), RenderError> {
        if items.is_empty() {
            return Ok(());
        }
        let template = format!("markdown/{name}.md.j2");
        self.add(&format!("{name}.md"), &template, List { items })
    }
}

#[derive(Serialize)]
struct List<T> {
    items: Vec<T>,
}

/// A SQLite virtual table; every string is Markdown.
#[derive(Serialize)]
pub(super) struct VirtualTablePage {
    pub(super) title: String,
    module: String,
    description: String,
    arguments: Vec<String>,
}

pub(super) fn virtual_table(context: &Context<'_>, table: &VirtualTable) -> VirtualTablePage {
    VirtualTablePage {
        title: inline(&context.display(&table.name)),
        module: code(&table.module),
        description: paragraphs(table.comment.as_deref().unwrap_or("")),
        arguments: table.arguments.iter().map(|a| code(a.text())).collect(),
    }
}

/// One blank line between blocks and a line end at the end, so that templates may be generous.
/// Fenced blocks stay as they are.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<usize> = None;
    let mut blank = true;
    for line in text.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks >= open && line.len() == ticks => fence = None,
            None if ticks >= 3 => fence = Some(ticks),
            _ => {}
        }
        let is_blank = line.trim().is_empty();
        if is_blank && blank && fence.is_none() {
            continue;
        }
        blank = is_blank;
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests;
