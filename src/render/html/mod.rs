//! HTML: `schema.html`, the whole schema as one page that needs no network and no server.
//!
//! Invariants: every word stands on the page as text, with scripts or without; nothing that a
//! schema says becomes markup or code, and the page's content security policy would not run it;
//! what is drawn was laid out here; the page is a function of the report alone.

mod comment;
mod content_policy;
mod diagrams;
mod inline;
mod keys;
mod page;

use serde::Serialize;

pub use self::comment::comment_page;
pub(super) use self::inline::{bare, blocks, escape, inline, said};

use self::content_policy::{condensed, policy};
use self::page::{GroupView, NavLink};
use super::markdown::context::{Context, Links};
use super::markdown::history_page::{self, ChapterRow};
use super::markdown::table_page::{self, FindingItem, TablePage};
use super::markdown::{VirtualTablePage, code_pages, index_page, type_pages, virtual_table};
use super::mermaid::Target;
use super::{Emitter, Files, RenderError, Report};
use crate::parallel;

/// The emitter of `schema.html`.
pub struct Html;

const STYLE: &str = include_str!("../../../templates/html/page.css");
/// What has to run before anything is drawn.
const BOOT: &str = include_str!("../../../templates/html/boot.js");
const SCRIPT: &str = include_str!("../../../templates/html/page.js");

impl Emitter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn emit(&self, report: &Report<'_>, files: &dyn Files) -> Result<(), RenderError> {
        files.insert_parts("schema.html".to_owned(), document(report)?);
        Ok(())
    }
}

/// The page around everything; its strings are HTML.
#[derive(Serialize)]
struct Page<'a> {
    title: String,
    version: String,
    policy: String,
    style: String,
    boot: String,
    script: String,
    body: &'static str,
    groups: &'a [GroupView],
    virtual_tables: Vec<NavLink>,
    lists: Vec<(&'static str, &'static str, usize)>,
    data: &'static str,
}

/// The first section.
#[derive(Serialize)]
struct Overview<'a> {
    title: String,
    version: String,
    facts: Vec<(String, String)>,
    others: Vec<String>,
    coverage: Vec<page::Coverage>,
    severities: Vec<(&'static str, usize)>,
    many: bool,
    /// So many that nothing stands here twice.
    lean: bool,
    groups: &'a [GroupView],
}

/// A table and its anchor.
#[derive(Serialize)]
struct TableSection {
    anchor: String,
    keys: Vec<keys::KeyRow>,
    children: Vec<String>,
    /// Whether what helps stands beside each finding, too.
    helped: bool,
    found: Vec<FindingItem>,
    /// Whether its history is that of most tables of a large page, and is not said again.
    usual: bool,
    #[serde(flatten)]
    page: TablePage,
}

fn document(report: &Report<'_>) -> Result<Vec<String>, RenderError> {
    let context = Context::new(report, Target::default(), Links::Anchors);
    let (groups, anchors) = page::groups(&context);
    let views = page::group_views(&context, &groups, &anchors);
    let title = title(report);
    let (sections, data) = parallel::join(
        || body(&context, &views, &title),
        || diagrams::data(&context, &groups, &anchors),
    );
    let (body, lists) = sections?;
    let (style, boot, script) = (condensed(STYLE), condensed(BOOT), condensed(SCRIPT));
    let page = Page {
        title: escape(&title),
        version: report.version.label(),
        policy: policy(&[&style], &[&boot, &script]),
        style,
        boot,
        script,
        body: BODY,
        groups: &views,
        virtual_tables: lists.virtual_links(),
        lists: lists.links(&context),
        data: DATA,
    };
    let frame = render(report, "page", page)?;
    Ok(filled(&frame, body, data))
}

/// All sections, and what the last ones list.
fn body(
    context: &Context<'_>,
    views: &[GroupView],
    title: &str,
) -> Result<(Vec<String>, Lists), RenderError> {
    let mut body = vec![overview(context, views, title)?];
    if views.len() > 1 {
        for view in views {
            body.push(render(context.report, "group", view)?);
        }
    }
    body.extend(tables(context)?);
    let lists = Lists::new(context);
    body.push(render(context.report, "lists", &lists)?);
    Ok((body, lists))
}

/// Where the body and the data go in the page. They are most of it, and are not copied through the
/// template: no text of a schema has these characters after escaping.
const BODY: &str = "\u{1}body\u{1}";
const DATA: &str = "\u{1}data\u{1}";

/// The page with its body and its data in their places, in parts.
fn filled(frame: &str, body: Vec<String>, data: String) -> Vec<String> {
    let mut page = Vec::with_capacity(body.len() + 5);
    let (mut body, mut data) = (Some(body), Some(data));
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('\u{1}') {
        page.push(before.to_owned());
        let (name, after) = after.split_once('\u{1}').unwrap_or((after, ""));
        match name {
            "body" => page.extend(body.take().into_iter().flatten()),
            "data" => page.extend(data.take()),
            _ => page.push(name.to_owned()),
        }
        rest = after;
    }
    page.push(rest.to_owned());
    page
}

fn title(report: &Report<'_>) -> String {
    let options = report.options.get("html");
    let title = options.and_then(|options| options.get("title"));
    title.unwrap_or("Database schema").to_owned()
}

fn render(report: &Report<'_>, name: &str, view: impl Serialize) -> Result<String, RenderError> {
    report
        .templates
        .render(&format!("html/{name}.html.j2"), view)
}

fn overview(
    context: &Context<'_>,
    views: &[GroupView],
    title: &str,
) -> Result<String, RenderError> {
    let index = index_page::view(context, &[]);
    let view = Overview {
        title: escape(title),
        version: context.report.version.label(),
        facts: page::facts(&index.facts),
        others: index.others,
        coverage: page::coverage(context),
        severities: page::severities(context),
        many: views.len() > 1,
        lean: page::is_lean(context),
        groups: views,
    };
    render(context.report, "overview", view)
}

/// The sections of all tables, in the order of their names.
fn tables(context: &Context<'_>) -> Result<Vec<String>, RenderError> {
    let nodes: Vec<_> = context.relations.nodes.iter().enumerate().collect();
    parallel::try_map(&nodes, |(n, node)| {
        let (Some(table), Some(path)) = (node.table, context.page(node.name)) else {
            return Ok(String::new());
        };
        let anchor = path.trim_start_matches('#').to_owned();
        let section = TableSection {
            anchor,
            keys: keys::rows(context, table, *n),
            children: match page::is_lean(context) {
                true => Vec::new(),
                false => keys::referenced_by(context, *n),
            },
            found: page::found(context, table),
            helped: page::are_few(context),
            usual: page::is_lean(context) && history_page::is_of_the_first(context, &table.name),
            page: table_page::view(context, table, *n),
        };
        render(context.report, "table", section)
    })
}

/// What is listed on a section a kind.
#[derive(Serialize)]
struct Lists {
    lean: bool,
    virtual_tables: Vec<(String, VirtualTablePage)>,
    views: Vec<code_pages::ViewItem>,
    enums: Vec<type_pages::TypeItem>,
    types: Vec<type_pages::TypeItem>,
    functions: Vec<code_pages::FunctionItem>,
    policies: Vec<page::PolicyRow>,
    findings: Vec<page::RuleView>,
    migrations: Vec<ChapterRow>,
}

impl Lists {
    fn new(context: &Context<'_>) -> Self {
        let virtual_tables = context.report.catalog.virtual_tables.values();
        let anchored = virtual_tables.filter_map(|table| {
            let path = context.page(&table.name)?;
            let anchor = path.trim_start_matches('#').to_owned();
            Some((anchor, virtual_table(context, table)))
        });
        Self {
            lean: page::is_lean(context),
            virtual_tables: anchored.collect(),
            views: code_pages::views(context),
            enums: type_pages::enums(context),
            types: type_pages::others(context),
            functions: code_pages::functions(context),
            policies: page::policies(context),
            findings: page::findings(context),
            migrations: history_page::chapters(context),
        }
    }

    fn virtual_links(&self) -> Vec<NavLink> {
        let tables = self.virtual_tables.iter();
        let link = |(anchor, table): &(String, VirtualTablePage)| NavLink {
            anchor: anchor.clone(),
            name: table.title.clone(),
        };
        tables.map(link).collect()
    }

    /// Anchor, name and length of each list that has anything in it.
    fn links(&self, context: &Context<'_>) -> Vec<(&'static str, &'static str, usize)> {
        let lists = [
            ("views", "Views", self.views.len()),
            ("enums", "Enums", self.enums.len()),
            ("types", "Types", self.types.len()),
            ("functions", "Functions", self.functions.len()),
            ("policies", "Policies", self.policies.len()),
            ("findings", "Findings", context.report.findings.len()),
            ("history", "History", self.migrations.len()),
        ];
        lists
            .into_iter()
            .filter(|(_, _, count)| *count > 0)
            .collect()
    }
}
