//! Markdown: an index, a page a table, and pages of enums, types, views, functions, roles, findings
//! and history; or all of it as one file.
//!
//! Invariants: view models hold decided Markdown, templates only lay it out; a name or a comment
//! changes nothing but its own text, whatever it holds; file names are safe on every file system.

pub(super) mod code_pages;
mod columns;
pub(super) mod context;
pub(crate) mod definition;
mod description;
mod findings_page;
pub(super) mod history_page;
pub(super) mod index_page;
pub(super) mod indexes;
mod one_file;
mod roles_page;
mod security;
mod shape;
pub(super) mod table_page;
pub(crate) mod text;
mod triggers;
pub(super) mod type_pages;

use serde::Serialize;

use self::context::{Context, Links, Place};
use self::text::{code, inline};
use super::file_tree::Collected;
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
        let form = Form::of(report)?;
        if !form.one_file {
            return Pages {
                report,
                files,
                form,
            }
            .all(Links::Files);
        }
        let parts = Collected::default();
        let pages = Pages {
            report,
            files: &parts,
            form,
        };
        pages.all(Links::OneFile)?;
        let whole = one_file::joined(&parts.into_tree());
        files.insert("docs/README.md".to_owned(), whole);
        Ok(())
    }
}

/// What the configuration says of the documents.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Form {
    one_file: bool,
    /// Of columns: name, type and description alone.
    short: bool,
}

impl Form {
    fn of(report: &Report<'_>) -> Result<Self, RenderError> {
        let options = report.options.get("markdown");
        let choice = |key: &str, words: [&str; 2]| {
            let word = options.and_then(|o| o.get(key)).unwrap_or(words[0]);
            match words.iter().position(|known| *known == word) {
                Some(place) => Ok(place == 1),
                None => Err(RenderError::Unsupported(format!(
                    "outputs.markdown: {key}: {word} is not known; use {} or {}",
                    words[0], words[1]
                ))),
            }
        };
        Ok(Self {
            one_file: choice("form", ["pages", "one-file"])?,
            short: choice("columns", ["full", "short"])?,
        })
    }
}

struct Pages<'a> {
    report: &'a Report<'a>,
    files: &'a dyn Files,
    form: Form,
}

impl Pages<'_> {
    fn all(&self, links: Links) -> Result<(), RenderError> {
        let report = self.report;
        let context = Context::new(report, Target::of(report)?, links);
        let groups = index_page::group_paths(&context);
        self.add(
            "README.md",
            "markdown/index.md.j2",
            index_page::view(&context, &groups),
        )?;
        for ((_, path), group) in groups.iter().zip(&context.groups.parts) {
            let view = index_page::group_view(&context, group);
            self.add(path, "markdown/group.md.j2", view)?;
        }
        let nodes: Vec<_> = context.relations.nodes.iter().enumerate().collect();
        parallel::try_map(&nodes, |(n, node)| {
            if let (Some(table), Some(path)) = (node.table, context.page(node.name)) {
                let page = table_page::view(&context, table, *n);
                let short = self.form.short;
                self.add(&file(path), "markdown/table.md.j2", Table { short, page })?;
            }
            Ok(())
        })?;
        for table in report.catalog.virtual_tables.values() {
            if let Some(path) = context.page(&table.name) {
                let view = virtual_table(&context, table);
                self.add(&file(path), "markdown/virtual_table.md.j2", view)?;
            }
        }
        self.add_list(&context, "enums", type_pages::enums(&context))?;
        self.add_list(&context, "types", type_pages::others(&context))?;
        self.add_list(&context, "views", code_pages::views(&context))?;
        self.add_list(&context, "functions", code_pages::functions(&context))?;
        self.add_list(&context, "roles", roles_page::roles(&context))?;
        self.add_list(&context, "findings", findings_page::rules(&context))?;
        self.add_list(&context, "history", history_page::chapters(&context))
    }

    fn add(&self, path: &str, template: &str, view: impl Serialize) -> Result<(), RenderError> {
        let text = self.report.templates.render(template, view)?;
        self.files.insert(format!("docs/{path}"), tidy(&text));
        Ok(())
    }

    /// A page of many items; none where there is nothing to list.
    fn add_list<T: Serialize>(
        &self,
        context: &Context<'_>,
        name: &str,
        items: Vec<T>,
    ) -> Result<(), RenderError> {
        if items.is_empty() {
            return Ok(());
        }
        let template = format!("markdown/{name}.md.j2");
        let home = context.home(Place::Top);
        self.add(&format!("{name}.md"), &template, List { home, items })
    }
}

/// The file of a table; in the form of one file, the part of it.
fn file(path: &str) -> String {
    match path.strip_prefix('#') {
        Some(anchor) => format!("tables/{anchor}.md"),
        None => path.to_owned(),
    }
}

#[derive(Serialize)]
struct Table {
    short: bool,
    #[serde(flatten)]
    page: table_page::TablePage,
}

#[derive(Serialize)]
struct List<T> {
    home: String,
    items: Vec<T>,
}

/// A SQLite virtual table; every string is Markdown.
#[derive(Serialize)]
pub(super) struct VirtualTablePage {
    home: String,
    pub(super) title: String,
    module: String,
    description: String,
    arguments: Vec<String>,
}

pub(super) fn virtual_table(context: &Context<'_>, table: &VirtualTable) -> VirtualTablePage {
    VirtualTablePage {
        home: context.home(Place::Table),
        title: inline(&context.display(&table.name)),
        module: code(&table.module),
        description: context.said(table.comment.as_deref(), &table.name, Place::Table),
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
