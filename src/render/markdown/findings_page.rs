//! `docs/findings.md`: the rules that found something, why they are, and where.

use std::collections::BTreeMap;

use serde::Serialize;

use super::context::{Context, Links, Place};
use super::roles_page::some;
use super::table_page::{FindingItem, finding};
use super::text::{code, link};
use crate::diagnostic::Severity;

/// A rule with its findings; every string is Markdown.
#[derive(Serialize)]
pub(super) struct RuleItem {
    anchor: String,
    title: String,
    severities: String,
    count: usize,
    /// Why the rule is, and what to do.
    text: String,
    tables: String,
    /// Findings about what has no page to say them on.
    elsewhere: Vec<FindingItem>,
}

/// A rule, linked to what is said about it.
pub(super) fn rule_link(context: &Context<'_>, rule: &str, place: Place) -> String {
    let path = match context.links {
        Links::Files => format!("findings.md#{}", anchor(rule)),
        _ => format!("#{}", anchor(rule)),
    };
    match context.links {
        Links::Files => context.linked(&code(rule), Some(&path), place),
        _ => link(&code(rule), &path),
    }
}

/// `naming/case` as an anchor that no other list has.
fn anchor(rule: &str) -> String {
    format!("r-{}", rule.replace('/', "."))
}

/// The tables with findings of each rule and severity, linked.
pub(super) fn tables<'a>(context: &Context<'a>) -> BTreeMap<(Severity, &'a str), Vec<String>> {
    let mut tables: BTreeMap<(Severity, &str), Vec<String>> = BTreeMap::new();
    for node in context.relations.nodes.iter().filter(|n| n.own) {
        for f in context.findings(node.name) {
            let link = context.table_link(node.name, Place::Top);
            let links = tables.entry((f.severity, f.rule)).or_default();
            if links.last() != Some(&link) {
                links.push(link);
            }
        }
    }
    tables
}

/// Every rule that found something, in the order of their names.
pub(super) fn rules(context: &Context<'_>) -> Vec<RuleItem> {
    let mut rules: BTreeMap<&str, BTreeMap<Severity, usize>> = BTreeMap::new();
    for f in context.report.findings {
        *rules
            .entry(f.rule)
            .or_default()
            .entry(f.severity)
            .or_default() += 1;
    }
    let tables = tables(context);
    let item = |(rule, severities): (&str, BTreeMap<Severity, usize>)| {
        let mut links: Vec<String> = Vec::new();
        for severity in severities.keys().rev() {
            links.extend(
                tables
                    .get(&(*severity, rule))
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        let words: Vec<&str> = severities.keys().rev().map(|s| s.as_str()).collect();
        RuleItem {
            anchor: anchor(rule),
            title: code(rule),
            severities: words.join(", "),
            count: severities.values().sum(),
            text: (context.report.rule)(rule).unwrap_or_default(),
            tables: some(links),
            elsewhere: elsewhere(context, rule),
        }
    };
    rules.into_iter().map(item).collect()
}

/// The findings of a rule that no table's page has.
fn elsewhere(context: &Context<'_>, rule: &str) -> Vec<FindingItem> {
    let catalog = context.report.catalog;
    let of_table = |f: &crate::diagnostic::Diagnostic| {
        let id = f.object.as_ref();
        id.is_some_and(|id| {
            catalog.tables.contains_key(&id.name) || context.table_of_index(&id.name).is_some()
        })
    };
    let findings = context.report.findings.iter();
    let findings = findings.filter(|f| f.rule == rule && !of_table(f));
    findings.map(|f| finding(context, f, Place::Top)).collect()
}
