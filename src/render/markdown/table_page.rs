//! The page of a table: `docs/tables/<name>.md`.

use serde::Serialize;

use super::columns::{self, ColumnRow};
use super::context::{Context, Links, Place, codes};
use super::definition::{constraint, partition_bound, partition_key};
use super::findings_page;
use super::history_page::{self, ColumnSince};
use super::indexes::{self, IndexRow};
use super::security::{self, GrantMatrix, PolicyItem};
use super::shape::{self, Shape};
use super::text::{code, fence, inline, list, plural, remark};
use super::triggers::{self, TriggerRow};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Constraint, ConstraintKind, ForeignKey, Notes, ObjectId, Persistence, ReferentialAction, Table,
};
use crate::render::mermaid::{around, er_diagram};
use crate::render::relations::join;

/// Everything on the page; every string is Markdown.
#[derive(Serialize)]
pub(in crate::render) struct TablePage {
    home: String,
    title: String,
    facts: String,
    description: String,
    columns: Vec<ColumnRow>,
    diagram: String,
    diagram_note: String,
    indexes: Vec<IndexRow>,
    constraints: Vec<ConstraintRow>,
    references: Vec<ReferenceRow>,
    referenced_by: Vec<ReferenceRow>,
    triggers: Vec<TriggerRow>,
    row_security: String,
    policies: Vec<PolicyItem>,
    grants: Option<GrantMatrix>,
    partitions: Vec<PartitionRow>,
    notes: Vec<String>,
    shapes: Vec<Shape>,
    rules: Vec<String>,
    readers: String,
    /// When it came to be and last changed.
    since: String,
    /// The columns that did not come with the table, or changed since.
    columns_since: Vec<ColumnSince>,
    findings: Vec<FindingItem>,
}

#[derive(Serialize)]
struct ConstraintRow {
    name: String,
    definition: String,
    description: String,
}

/// A foreign key, seen from either end.
#[derive(Serialize)]
struct ReferenceRow {
    columns: String,
    table: String,
    cardinality: &'static str,
    on_delete: &'static str,
    name: String,
}

#[derive(Serialize)]
struct PartitionRow {
    table: String,
    bound: String,
}

/// A finding of the checks.
#[derive(Serialize)]
pub(in crate::render) struct FindingItem {
    pub(in crate::render) severity: &'static str,
    pub(in crate::render) rule: String,
    pub(in crate::render) headline: String,
    pub(in crate::render) help: String,
}

pub(in crate::render) fn view(context: &Context<'_>, table: &Table, node: usize) -> TablePage {
    let catalog = context.report.catalog;
    let notes = catalog.notes(&ObjectId::table(&table.name));
    let (diagram, diagram_note) = diagram(context, node);
    TablePage {
        home: context.home(Place::Table),
        title: inline(&context.display(&table.name)),
        facts: facts(context, table, notes),
        description: context.said(table.facets.comment.as_deref(), &table.name, Place::Table),
        columns: columns::rows(context, table, node),
        diagram,
        diagram_note,
        indexes: indexes::rows(context, table),
        constraints: constraints(context, table),
        references: references(context, node),
        referenced_by: referenced_by(context, node),
        triggers: triggers::rows(context, table),
        row_security: security::row_security(table),
        policies: security::policies(context, table),
        grants: security::grants(&table.facets.acl),
        partitions: partitions(context, table),
        notes: notes.map_or_else(Vec::new, |notes| life(context, table, notes)),
        shapes: shape::of_table(context, table),
        rules: triggers::rules(table),
        readers: readers(context, table),
        since: history_page::since(context, &table.name),
        columns_since: history_page::columns_since(context, table),
        findings: context
            .findings(&table.name)
            .iter()
            .map(|f| finding(context, f, Place::Table))
            .collect(),
    }
}

/// What kind of table it is, in a line under the title.
fn facts(context: &Context<'_>, table: &Table, notes: Option<&Notes>) -> String {
    let dialect = context.report.dialect;
    let mut facts = Vec::new();
    if let Some(group) = notes.and_then(|n| n.group.as_deref()) {
        facts.push(format!("group {}", inline(group)));
    }
    match table.persistence {
        Persistence::Permanent => {}
        Persistence::Unlogged => facts.push("unlogged".to_owned()),
        Persistence::Temporary => facts.push("temporary".to_owned()),
    }
    if let Some(by) = &table.partition_by {
        facts.push(format!(
            "partitioned by {}",
            code(&partition_key(by, dialect))
        ));
    }
    if let Some(of) = &table.partition_of {
        let parent = context.table_link(&of.parent, Place::Table);
        facts.push(format!(
            "partition of {parent}, {}",
            partition_bound(&of.bound)
        ));
    }
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table
            .inherits
            .iter()
            .map(|p| context.table_link(p, Place::Table))
            .collect();
        facts.push(format!("inherits {}", list(&parents)));
    }
    if let Some(name) = &table.of_type {
        facts.push(format!("of type {}", inline(&context.display(name))));
    }
    if let Some(foreign) = &table.foreign {
        facts.push(format!("foreign table on server {}", code(&foreign.server)));
    }
    if table.row_security {
        facts.push("row-level security".to_owned());
    }
    if table.strict {
        facts.push("strict".to_owned());
    }
    if table.without_rowid {
        facts.push("without rowid".to_owned());
    }
    if let Some(owner) = &table.facets.owner {
        facts.push(format!("owned by {}", code(owner)));
    }
    facts.join(" · ")
}

fn diagram(context: &Context<'_>, node: usize) -> (String, String) {
    let relations = &context.relations;
    let alone = relations.outgoing[node].is_empty() && relations.incoming[node].is_empty();
    if alone || context.links != Links::Files {
        return (String::new(), String::new());
    }
    let title = context.display(relations.nodes[node].name);
    let (selection, left_out) = around(relations, node, &title);
    let text = er_diagram(
        &selection,
        relations,
        context.report.dialect,
        context.target,
    );
    let note = match left_out {
        0 => String::new(),
        1 => "1 more table is not drawn.".to_owned(),
        n => format!("{n} more tables are not drawn."),
    };
    (fence("mermaid", &text), note)
}

fn constraints(context: &Context<'_>, table: &Table) -> Vec<ConstraintRow> {
    let row = |c: &Constraint| ConstraintRow {
        name: code(&c.name),
        definition: constraint(c, context.report.dialect),
        description: context.said_in_cell(c.comment.as_deref(), &table.name, Place::Table),
    };
    // Foreign keys have a table of their own, and the list of indexes shows plain keys.
    let others = table
        .constraints
        .iter()
        .filter(|c| c.as_foreign_key().is_none() && !is_plain_key(c, context));
    others.map(row).collect()
}

/// A key that says no more than which columns it is of.
fn is_plain_key(key: &Constraint, context: &Context<'_>) -> bool {
    let words = match key.kind {
        ConstraintKind::PrimaryKey { .. } => "PRIMARY KEY",
        ConstraintKind::Unique { .. } => "UNIQUE",
        _ => return false,
    };
    let plain = code(&format!("{words} ({})", join(key.columns())));
    key.comment.is_none() && constraint(key, context.report.dialect) == plain
}

fn references(context: &Context<'_>, node: usize) -> Vec<ReferenceRow> {
    let edges = context.relations.outgoing[node].iter();
    edges
        .map(|edge| {
            let edge = &context.relations.edges[*edge];
            ReferenceRow {
                columns: codes(&edge.key.columns),
                table: context.column_link(
                    &edge.key.target,
                    &edge.key.target_columns,
                    Place::Table,
                ),
                cardinality: match (edge.child_unique, edge.parent_optional) {
                    (true, true) => "one to one, optional",
                    (true, false) => "one to one",
                    (false, true) => "many to one, optional",
                    (false, false) => "many to one",
                },
                on_delete: on_delete(edge.key),
                name: code(&edge.constraint.name),
            }
        })
        .collect()
}

fn referenced_by(context: &Context<'_>, node: usize) -> Vec<ReferenceRow> {
    let edges = context.relations.incoming[node].iter();
    edges
        .map(|edge| {
            let edge = &context.relations.edges[*edge];
            let child = context.relations.nodes[edge.child].name;
            ReferenceRow {
                columns: codes(&edge.key.target_columns),
                table: context.column_link(child, &edge.key.columns, Place::Table),
                cardinality: if edge.child_unique {
                    "at most one"
                } else {
                    "any number"
                },
                on_delete: on_delete(edge.key),
                name: code(&edge.constraint.name),
            }
        })
        .collect()
}

/// What deleting the referenced row does.
pub(in crate::render) fn on_delete(key: &ForeignKey) -> &'static str {
    match key.on_delete {
        ReferentialAction::NoAction => "no action",
        ReferentialAction::Restrict => "restrict",
        ReferentialAction::Cascade => "cascade",
        ReferentialAction::SetNull => "set null",
        ReferentialAction::SetDefault => "set default",
    }
}

fn partitions(context: &Context<'_>, table: &Table) -> Vec<PartitionRow> {
    let names = context
        .partitions
        .get(&table.name)
        .map_or(&[][..], Vec::as_slice);
    names
        .iter()
        .filter_map(|name| {
            let partition = context.report.catalog.tables.get(*name)?;
            Some(PartitionRow {
                table: context.table_link(name, Place::Table),
                bound: partition_bound(&partition.partition_of.as_ref()?.bound),
            })
        })
        .collect()
}

/// What happens to rows over time, and what the author says on purpose, as sentences.
fn life(context: &Context<'_>, table: &Table, notes: &Notes) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(text) = &notes.deprecated {
        said.push(format!(
            "**Deprecated:** {}",
            context.said_in_cell(Some(text), &table.name, Place::Table)
        ));
    }
    if let Some(column) = &notes.soft_delete {
        let column = code(column);
        said.push(format!(
            "Rows are not deleted but marked: {column} says when; a row that lives has none."
        ));
    }
    if let Some(retention) = &notes.retention {
        said.push(format!("Rows are kept for {}.", inline(retention)));
    }
    if let Some(audit) = &notes.audit_table {
        let link = context.table_link(&table.name.sibling(audit.clone()), Place::Table);
        said.push(format!("Every change is recorded in {link}."));
    }
    if notes.sensitive {
        said.push("Holds sensitive data.".to_owned());
    }
    for (columns, reason) in &notes.denormalized {
        said.push(format!(
            "{} repeated on purpose: {}",
            match columns.len() {
                1 => format!("{} is", codes(columns)),
                _ => format!("{} are", codes(columns)),
            },
            context.said_in_cell(Some(reason), &table.name, Place::Table)
        ));
    }
    for dependency in &notes.dependencies {
        said.push(format!(
            "{} {} {}.",
            codes(&dependency.from),
            if dependency.from.len() == 1 {
                "determines"
            } else {
                "determine"
            },
            codes(&dependency.to)
        ));
    }
    said
}

/// The views and functions that read the table.
fn readers(context: &Context<'_>, table: &Table) -> String {
    let links: Vec<String> = context
        .readers(&table.name)
        .into_iter()
        .map(|id| format!("{} {}", id.kind, context.object_link(id, Place::Table)))
        .collect();
    list(&links)
}

pub(in crate::render) fn finding(
    context: &Context<'_>,
    finding: &Diagnostic,
    place: Place,
) -> FindingItem {
    // The script of the page with everything compares these words with others of it.
    let words = match context.links {
        Links::Anchors => inline,
        _ => remark,
    };
    FindingItem {
        severity: finding.severity.as_str(),
        rule: match context.links {
            Links::Anchors => code(finding.rule),
            _ => findings_page::rule_link(context, finding.rule, place),
        },
        headline: words(&finding.headline),
        help: words(finding.help.as_deref().unwrap_or("")),
    }
}

/// `9 columns`, for lists of tables.
pub(super) fn column_count(table: &Table) -> String {
    plural(table.columns.len(), "column")
}
