//! `docs/README.md`, and the pages of groups where one diagram cannot hold the schema.

use std::collections::BTreeMap;

use serde::Serialize;

use super::context::{Context, Links, Place};
use super::roles_page::some;
use super::table_page::column_count;
use super::text::{code, fence, inline, link, list, plural};
use super::{findings_page, history_page, roles_page};
use crate::diagnostic::Severity;
use crate::model::{ObjectKind, Table};
use crate::render::file_names::FileNames;
use crate::render::grouping::Group;
use crate::render::mermaid::{Detail, er_diagram, fits, overview, part, whole};

/// The index; every string is Markdown.
#[derive(Serialize)]
pub(in crate::render) struct IndexPage {
    pub(in crate::render) facts: String,
    diagram: String,
    diagram_note: &'static str,
    groups: Vec<String>,
    sections: Vec<Section>,
    virtual_tables: Vec<String>,
    pub(in crate::render) others: Vec<String>,
    coverage: String,
    undescribed: String,
    rules: Vec<RuleRow>,
    found: String,
    latest: String,
}

#[derive(Serialize)]
struct Section {
    title: String,
    tables: Vec<TableRow>,
}

#[derive(Serialize)]
pub(in crate::render) struct TableRow {
    name: String,
    description: String,
    columns: usize,
    references: String,
}

/// The findings of one rule.
#[derive(Serialize)]
struct RuleRow {
    severity: &'static str,
    rule: String,
    count: usize,
    tables: String,
}

/// The page of a group.
#[derive(Serialize)]
struct GroupPage {
    home: String,
    title: String,
    tables: Vec<TableRow>,
    diagram: String,
}

pub(in crate::render) fn view(context: &Context<'_>, pages: &[(String, String)]) -> IndexPage {
    let sections = context.groups.sections.iter().map(|group| Section {
        title: inline(&group.title),
        tables: table_rows(context, group, Place::Top),
    });
    let virtual_tables = context.report.catalog.virtual_tables.values().map(|t| {
        let link = context.table_link(&t.name, Place::Top);
        format!("{link} ({})", inline(&t.module))
    });
    let (coverage, undescribed) = coverage(context);
    let rules = findings(context);
    IndexPage {
        facts: facts(context),
        diagram: diagram(context),
        diagram_note: match (context.groups.parts.is_empty(), fits(&context.groups)) {
            (true, _) => "",
            (false, true) => "Columns of keys only; the page of a table shows all of them.",
            (false, false) => {
                "An arrow leads to the group that is referenced, with the number of foreign keys."
            }
        },
        groups: pages
            .iter()
            .map(|(title, path)| link(&inline(title), path))
            .collect(),
        sections: sections.filter(|s| !s.tables.is_empty()).collect(),
        virtual_tables: virtual_tables.collect(),
        others: others(context),
        coverage,
        undescribed,
        found: found(&rules),
        rules,
        latest: history_page::latest(context),
    }
}

/// The groups that have a page of their own: title and path.
pub(super) fn group_paths(context: &Context<'_>) -> Vec<(String, String)> {
    if fits(&context.groups) || context.links != Links::Files {
        return Vec::new();
    }
    let mut names = FileNames::default();
    let parts = context.groups.parts.iter();
    parts
        .map(|part| {
            let path = format!("groups/{}.md", names.of_title(&part.title));
            (part.title.clone(), path)
        })
        .collect()
}

pub(super) fn group_view(context: &Context<'_>, group: &Group) -> impl Serialize + use<> {
    let selection = part(&context.relations, group, Detail::Columns, false);
    let text = er_diagram(
        &selection,
        &context.relations,
        context.report.dialect,
        context.target,
    );
    GroupPage {
        home: context.home(Place::Group),
        title: inline(&group.title),
        tables: table_rows(context, group, Place::Group),
        diagram: fence("mermaid", &text),
    }
}

pub(in crate::render) fn table_rows(
    context: &Context<'_>,
    group: &Group,
    place: Place,
) -> Vec<TableRow> {
    let row = |node: &usize| {
        let table = context.relations.nodes[*node].table?;
        let mut references: Vec<String> = Vec::new();
        for edge in &context.relations.outgoing[*node] {
            let parent = context.relations.edges[*edge].parent;
            let link = context.table_link(context.relations.nodes[parent].name, place);
            if parent != *node && !references.contains(&link) {
                references.push(link);
            }
        }
        Some(TableRow {
            name: context.table_link(&table.name, place),
            description: context.summed_up(table.facets.comment.as_deref(), &table.name, place),
            columns: table.columns.len(),
            references: references.join(", "),
        })
    };
    group.members.iter().filter_map(row).collect()
}

/// What the schema holds, in a line.
fn facts(context: &Context<'_>) -> String {
    let catalog = context.report.catalog;
    let own = context.relations.nodes.iter().filter(|n| n.own);
    let partitions = own.clone().filter(|n| !n.is_drawn()).count();
    let tables = own.count() - partitions;
    let materialized = catalog.views.values().filter(|v| v.materialized).count();
    let counts = [
        (tables, "table"),
        (partitions, "partition"),
        (catalog.virtual_tables.len(), "virtual table"),
        (catalog.views.len() - materialized, "view"),
        (materialized, "materialized view"),
        (catalog.enums.len(), "enum"),
        (catalog.domains.len(), "domain"),
        (catalog.composites.len(), "composite type"),
        (catalog.ranges.len(), "range type"),
        (
            catalog.routines.len() + catalog.aggregates.len(),
            "function",
        ),
        (context.relations.edges.len(), "foreign key"),
        (catalog.extensions.len(), "extension"),
    ];
    let mut facts = vec![context.report.version.label()];
    let some = counts.iter().filter(|(count, _)| *count > 0);
    facts.extend(some.map(|(count, noun)| plural(*count, noun)));
    facts.join(" · ")
}

fn diagram(context: &Context<'_>) -> String {
    let relations = &context.relations;
    if context.groups.parts.is_empty() || context.links == Links::Anchors {
        return String::new();
    }
    let text = match fits(&context.groups) {
        true => er_diagram(
            &whole(relations, relations.drawn().collect(), Detail::Keys, false),
            relations,
            context.report.dialect,
            context.target,
        ),
        false => overview(&context.groups, relations),
    };
    fence("mermaid", &text)
}

/// The pages of what is no table, and what is only named.
fn others(context: &Context<'_>) -> Vec<String> {
    let catalog = context.report.catalog;
    let list_of = |title: &str| {
        let path = context.list_path(&title.to_lowercase(), Place::Top);
        link(title, &path)
    };
    let mut pages: BTreeMap<usize, (String, Vec<String>)> = BTreeMap::new();
    if context.links != Links::Anchors {
        let roles = roles_page::links(context);
        if !roles.is_empty() {
            pages.insert(4, (list_of("Roles"), roles));
        }
    }
    for (id, _) in catalog.objects() {
        let (order, page) = match id.kind {
            ObjectKind::View | ObjectKind::MaterializedView => (0, list_of("Views")),
            ObjectKind::Enum => (1, list_of("Enums")),
            ObjectKind::Domain | ObjectKind::Composite | ObjectKind::Range => (2, list_of("Types")),
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                (3, list_of("Functions"))
            }
            ObjectKind::Extension => (5, "Extensions".to_owned()),
            ObjectKind::Opaque => (6, "Kept as written".to_owned()),
            _ => continue,
        };
        let path = match id.kind.is_type() {
            true => context.type_path(&id.name),
            false => context.object_path(&id),
        };
        let name = inline(&context.display(&id.name));
        let item = path.map_or(name.clone(), |path| link(&name, path));
        let (_, items) = pages.entry(order).or_insert((page, Vec::new()));
        if items.last() != Some(&item) {
            items.push(item);
        }
    }
    let external: Vec<String> = context
        .relations
        .nodes
        .iter()
        .filter(|node| !node.own)
        .map(|node| code(&node.name.to_string()))
        .collect();
    let mut lines: Vec<String> = pages
        .into_values()
        .map(|(page, items)| match context.links {
            Links::Anchors => format!("{page}: {}", items.join(", ")),
            _ => format!("{page}: {}", some(items)),
        })
        .collect();
    if !external.is_empty() {
        lines.push(format!(
            "Tables of others that are referenced: {}",
            external.join(", ")
        ));
    }
    let alone = alone(context);
    if !alone.is_empty() {
        lines.push(format!("No foreign key touches {}", first(&alone)));
    }
    lines
}

/// Tables that no line of a diagram leads to, where others have some: they may have been forgotten.
fn alone(context: &Context<'_>) -> Vec<String> {
    let relations = &context.relations;
    let is_alone =
        |n: &usize| relations.incoming[*n].is_empty() && relations.outgoing[*n].is_empty();
    if relations.edges.is_empty() || context.links == Links::Anchors {
        return Vec::new();
    }
    let alone = relations.drawn().filter(is_alone);
    let names = alone.map(|n| relations.nodes[n].name);
    names
        .map(|name| context.table_link(name, Place::Top))
        .collect()
}

/// How much is described, and the tables that are not.
fn coverage(context: &Context<'_>) -> (String, String) {
    let own: Vec<&Table> = context
        .relations
        .drawn()
        .filter_map(|n| context.relations.nodes[n].table)
        .collect();
    if own.is_empty() {
        return (String::new(), String::new());
    }
    let columns: usize = own.iter().map(|t| t.columns.len()).sum();
    let described_columns: usize = own
        .iter()
        .map(|t| t.columns.iter().filter(|c| c.comment.is_some()).count())
        .sum();
    let undescribed: Vec<&&Table> = own.iter().filter(|t| t.facets.comment.is_none()).collect();
    let share = |part: usize, all: usize| match all {
        0 => String::new(),
        all => format!(" ({} %)", part * 100 / all),
    };
    let described = own.len() - undescribed.len();
    let text = format!(
        "{described} of {}{} and {described_columns} of {}{} have a description.",
        plural(own.len(), "table"),
        share(described, own.len()),
        plural(columns, "column"),
        share(described_columns, columns),
    );
    let missing: Vec<String> = match described {
        0 => Vec::new(),
        _ => undescribed
            .iter()
            .map(|t| {
                format!(
                    "{} ({})",
                    context.table_link(&t.name, Place::Top),
                    column_count(t)
                )
            })
            .collect(),
    };
    (text, first(&missing))
}

/// `2 errors and 5 warnings`.
fn found(rules: &[RuleRow]) -> String {
    let of = |severity: Severity| {
        let rules = rules.iter().filter(|r| r.severity == severity.as_str());
        rules.map(|r| r.count).sum::<usize>()
    };
    let counts = [
        (of(Severity::Error), "error"),
        (of(Severity::Warning), "warning"),
        (of(Severity::Info), "remark"),
    ];
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let some: Vec<String> = some.map(|(count, noun)| plural(*count, noun)).collect();
    list(&some)
}

/// The findings by rule, the gravest first.
fn findings(context: &Context<'_>) -> Vec<RuleRow> {
    let mut by_rule: BTreeMap<(std::cmp::Reverse<Severity>, &str), usize> = BTreeMap::new();
    for f in context.report.findings {
        *by_rule
            .entry((std::cmp::Reverse(f.severity), f.rule))
            .or_default() += 1;
    }
    let tables = findings_page::tables(context);
    let rows = by_rule
        .into_iter()
        .map(|((severity, rule), count)| RuleRow {
            severity: severity.0.as_str(),
            rule: findings_page::rule_link(context, rule, Place::Top),
            count,
            tables: first(tables.get(&(severity.0, rule)).map_or(&[], Vec::as_slice)),
        });
    rows.collect()
}

/// The first few of many links.
fn first(links: &[String]) -> String {
    const MOST: usize = 8;
    match links.len() {
        0..=MOST => list(links),
        n => format!("{} and {} more", links[..MOST].join(", "), n - MOST),
    }
}
