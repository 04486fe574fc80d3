//! What stands on the page beside the tables themselves: navigation, overview, groups and lists.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{ObjectKind, Table};
use crate::render::file_names::FileNames;
use crate::render::grouping::Group;
use crate::render::markdown::context::{Context, Place};
use crate::render::markdown::index_page::{self, TableRow};
use crate::render::markdown::table_page::{FindingItem, finding};
use crate::render::markdown::text::{code, inline};
use crate::render::svg;

/// Colours of groups.
const HUES: usize = 8;

/// The most tables of a page that repeats itself for the reader's ease.
const MAX_AT_LENGTH: usize = 40;

/// More findings than this are listed by the tables that they are about, which have the words.
const MAX_HEADLINES: usize = 60;

/// The groups that the page shows, each with its anchor: those of the author, or parts that a
/// diagram can hold.
pub(super) fn groups(context: &Context<'_>) -> (Vec<Group>, Vec<String>) {
    let groups = match is_large(context) {
        true => context.groups.parts.clone(),
        false => context.groups.sections.clone(),
    };
    let mut names = FileNames::default();
    let anchors = groups
        .iter()
        .map(|g| format!("g={}", names.of_title(&g.title)));
    let anchors = anchors.collect();
    (groups, anchors)
}

/// A group as the navigation and its own section have it.
#[derive(Serialize)]
pub(super) struct GroupView {
    title: String,
    anchor: String,
    hue: usize,
    count: usize,
    /// Its most connected tables.
    hubs: String,
    lean: bool,
    rows: Vec<TableRow>,
}

#[derive(Serialize)]
pub(super) struct NavLink {
    /// Without the sign that begins it.
    pub(super) anchor: String,
    pub(super) name: String,
}

pub(super) fn group_views(
    context: &Context<'_>,
    groups: &[Group],
    anchors: &[String],
) -> Vec<GroupView> {
    let views = groups.iter().zip(anchors).enumerate();
    views
        .map(|(n, (group, anchor))| GroupView {
            title: match group.title.as_str() {
                "" => "Tables".to_owned(),
                title => inline(title),
            },
            anchor: anchor.clone(),
            hue: n % HUES,
            count: group.members.len(),
            hubs: hubs(context, group),
            lean: is_lean(context),
            rows: index_page::table_rows(context, group, Place::Top),
        })
        .collect()
}

/// The tables of a group that most foreign keys touch.
fn hubs(context: &Context<'_>, group: &Group) -> String {
    let relations = &context.relations;
    let degree = |n: &usize| relations.incoming[*n].len() + relations.outgoing[*n].len();
    let mut members: Vec<usize> = group.members.clone();
    members.sort_by_key(|n| (Reverse(degree(n)), *n));
    let names = members.iter().take(4);
    let names: Vec<String> = names
        .map(|n| context.table_link(relations.nodes[*n].name, Place::Top))
        .collect();
    names.join(", ")
}

/// The number and the noun of each fact.
pub(super) fn facts(facts: &str) -> Vec<(String, String)> {
    let counted = facts.split(" · ").skip(1);
    counted
        .filter_map(|fact| fact.split_once(' '))
        .map(|(count, noun)| (count.to_owned(), noun.to_owned()))
        .collect()
}

/// A table with policies, or with row-level security.
#[derive(Serialize)]
pub(super) struct PolicyRow {
    table: String,
    on: bool,
    policies: Vec<String>,
}

pub(super) fn policies(context: &Context<'_>) -> Vec<PolicyRow> {
    let own = context.relations.nodes.iter().filter(|node| node.own);
    let tables = own.filter_map(|node| node.table);
    tables
        .filter(|table| table.row_security || !table.policies.is_empty())
        .map(|table| PolicyRow {
            table: context.table_link(&table.name, Place::Top),
            on: table.row_security,
            policies: table
                .policies
                .iter()
                .map(crate::render::markdown::definition::policy_sentence)
                .collect(),
        })
        .collect()
}

/// The findings of one rule.
#[derive(Serialize)]
pub(super) struct RuleView {
    severity: &'static str,
    rule: String,
    help: String,
    count: usize,
    items: Vec<FoundItem>,
}

#[derive(Serialize)]
struct FoundItem {
    object: String,
    headline: String,
}

pub(super) fn findings(context: &Context<'_>) -> Vec<RuleView> {
    let all = context.report.findings;
    let mut by_rule: BTreeMap<(Reverse<Severity>, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for f in all {
        let key = (Reverse(f.severity), f.rule);
        by_rule.entry(key).or_default().push(f);
    }
    let words = are_few(context);
    by_rule
        .into_iter()
        .map(|((severity, rule), found)| {
            // Where all say the same, it is said once.
            let help = |f: &&Diagnostic| f.help.clone().unwrap_or_default();
            let first = found.first().map(help).unwrap_or_default();
            let same = found.iter().all(|f| help(f) == first);
            // What is about no table has no other place.
            let listed = found.iter().filter(|f| words || !is_of_table(context, f));
            let items = listed.map(|f| FoundItem {
                object: object_link(context, f),
                headline: inline(&f.headline),
            });
            RuleView {
                severity: severity.0.as_str(),
                rule: code(rule),
                help: if same { inline(&first) } else { String::new() },
                count: found.len(),
                items: items.collect(),
            }
        })
        .collect()
}

/// Whether all findings stand on one section with all their words.
pub(super) fn are_few(context: &Context<'_>) -> bool {
    context.report.findings.len() <= MAX_HEADLINES
}

/// Whether the section of a table has the finding.
fn is_of_table(context: &Context<'_>, finding: &Diagnostic) -> bool {
    finding.object.as_ref().is_some_and(|id| {
        context.report.catalog.tables.contains_key(&id.name)
            || id.kind == ObjectKind::Index && context.table_of_index(&id.name).is_some()
    })
}

/// Whether no one diagram shows all tables.
fn is_large(context: &Context<'_>) -> bool {
    context.relations.drawn().count() > svg::MAX_TABLES
}

/// Whether the page says everything once, and leaves to its script what can be read elsewhere on
/// it: the other end of foreign keys, the users of types, descriptions in lists, made-up names.
pub(super) fn is_lean(context: &Context<'_>) -> bool {
    context.relations.drawn().count() > MAX_AT_LENGTH
}

/// The table, view or routine that a finding is about, linked.
fn object_link(context: &Context<'_>, finding: &Diagnostic) -> String {
    let Some(id) = &finding.object else {
        return String::new();
    };
    if context.page(&id.name).is_some() {
        return context.table_link(&id.name, Place::Top);
    }
    if id.kind == ObjectKind::Index
        && let Some(table) = context.table_of_index(&id.name)
    {
        return context.table_link(table, Place::Top);
    }
    context.object_link(id, Place::Top)
}

/// How much of the tables and their columns has a description.
#[derive(Serialize)]
pub(super) struct Coverage {
    what: &'static str,
    described: usize,
    all: usize,
    percent: usize,
}

pub(super) fn coverage(context: &Context<'_>) -> Vec<Coverage> {
    let drawn = context.relations.drawn();
    let tables: Vec<_> = drawn
        .filter_map(|n| context.relations.nodes[n].table)
        .collect();
    let columns = || tables.iter().flat_map(|t| &t.columns);
    let of = |what, described: usize, all: usize| Coverage {
        what,
        described,
        all,
        percent: (described * 100).checked_div(all).unwrap_or(0),
    };
    let described = tables.iter().filter(|t| t.facets.comment.is_some()).count();
    let of_columns = columns().filter(|c| c.comment.is_some()).count();
    match tables.is_empty() {
        true => Vec::new(),
        false => vec![
            of("tables", described, tables.len()),
            of("columns", of_columns, columns().count()),
        ],
    }
}

/// How many findings there are of each severity.
pub(super) fn severities(context: &Context<'_>) -> Vec<(&'static str, usize)> {
    let count = |severity: Severity| {
        let of = context.report.findings.iter();
        of.filter(|f| f.severity == severity).count()
    };
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| (severity.as_str(), count(severity)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// A text without a name, wherever it is not the end of a longer one.
fn without(text: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        out.push_str(&rest[..at]);
        if before.is_some_and(|c| c.is_alphanumeric() || "_.\"$".contains(c)) {
            out.push_str(name);
        }
        rest = &rest[at + name.len()..];
    }
    out.push_str(rest);
    out
}

/// The findings about a table, which need not say which one.
pub(super) fn found(context: &Context<'_>, table: &Table) -> Vec<FindingItem> {
    let name = context.display(&table.name);
    let all = context.findings(&table.name).iter();
    all.map(|f| {
        let mut headline = f.headline.clone();
        for name in [table.name.to_string(), name.clone()] {
            headline = without(&headline, &format!("{name}."));
            headline = headline.replace(&format!(" of {name} "), " ");
            if let Some(before) = headline.strip_suffix(&format!(" of {name}")) {
                headline = before.to_owned();
            }
        }
        let shorter = Diagnostic {
            headline,
            ..Diagnostic::clone(f)
        };
        finding(context, &shorter, Place::Table)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_left_out_where_it_is_whole() {
        let said = "column public.notes.id and my_notes.id and notes.id";
        let shorter = without(&without(said, "public.notes."), "notes.");
        assert_eq!(shorter, "column id and my_notes.id and id");
    }
}
