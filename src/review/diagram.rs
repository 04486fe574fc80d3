//! The changed tables with what they touch, for Mermaid: what did not change is counted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, is_part};
use crate::model::{self, Catalog, ChangeKind, Ident, ObjectKind, QualifiedName, Table};
use crate::render::markdown::text::plural;
use crate::render::mermaid::text::{label, sentence, word};
use crate::render::relations::{Edge, Relations};

/// More tables than this nobody reads in a comment.
const MAX_TABLES: usize = 25;
/// More columns of one table than this are counted.
const MAX_COLUMNS: usize = 12;
/// Code hosts draw little above this.
const MAX_BYTES: usize = 20_000;

/// What became of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    New,
    Gone,
    Changed,
    Near,
}

/// The diagram; none where no table changed, or more than a diagram can show.
pub(super) fn diagram(review: &Change<'_>) -> Option<String> {
    let mut fates = changed(review);
    if fates.is_empty() || fates.len() > MAX_TABLES {
        return None;
    }
    let before = Relations::new(review.catalogs.before);
    let after = Relations::new(review.catalogs.after);
    let lines = lines(&before, &after, &renamed(review), &mut fates);
    let columns = review.comparison.changes.iter();
    let mut columns = columns.filter(|c| c.id.kind == ObjectKind::Column);
    if lines.is_empty() && columns.next().is_none() && fates.values().all(|f| *f == Fate::Changed) {
        return None;
    }
    let mut text = String::from("erDiagram\n    accTitle: Tables that change\n");
    let counted = fates.values().filter(|fate| **fate != Fate::Near).count();
    let described = plural(counted, "changed table");
    let described = format!("{described}, with what foreign keys connect to them.");
    text.push_str(&format!("    accDescr: {}\n", sentence(&described)));
    let mut ids = BTreeMap::new();
    for (name, fate) in &fates {
        ids.insert(name.clone(), ids.len() + 1);
        text.push_str(&entity(review, ids.len(), name, *fate));
    }
    for (parent, child, line) in lines {
        if let (Some(parent), Some(child)) = (ids.get(&parent), ids.get(&child)) {
            text.push_str(&format!(
                "    t{parent} {} t{child} : \"{}\"\n",
                line.symbols, line.label
            ));
        }
    }
    let styles = [
        (Fate::New, "new stroke:#1a7f37,stroke-width:3px"),
        (
            Fate::Gone,
            "gone stroke:#cf222e,stroke-width:3px,stroke-dasharray:5",
        ),
        (Fate::Changed, "changed stroke:#9a6700,stroke-width:3px"),
    ];
    for (fate, style) in styles {
        if fates.values().any(|f| *f == fate) {
            text.push_str(&format!("    classDef {style}\n"));
        }
    }
    (text.len() <= MAX_BYTES).then_some(text)
}

/// The tables that change, by their name after.
fn changed(review: &Change<'_>) -> BTreeMap<QualifiedName, Fate> {
    let catalogs = review.catalogs;
    let mut fates = BTreeMap::new();
    for change in &review.comparison.changes {
        let fate = match (change.id.kind, &change.kind) {
            (ObjectKind::Table, ChangeKind::Create) => Fate::New,
            (ObjectKind::Table, ChangeKind::Drop) => Fate::Gone,
            (kind, _) if kind == ObjectKind::Table || is_part(kind) => Fate::Changed,
            _ => continue,
        };
        let name = &change.id.name;
        let known = catalogs.after.tables.contains_key(name)
            || fate == Fate::Gone && catalogs.before.tables.contains_key(name);
        if known {
            fates.entry(name.clone()).or_insert(fate);
        }
    }
    fates
}

/// Tables that have another name now: the new one by the old.
fn renamed(review: &Change<'_>) -> BTreeMap<QualifiedName, QualifiedName> {
    let changes = review.comparison.changes.iter();
    let tables = changes.filter(|c| c.id.kind == ObjectKind::Table);
    tables
        .filter_map(|c| Some((c.was.as_ref()?.name.clone(), c.id.name.clone())))
        .collect()
}

/// The tables that change and are there afterwards.
pub fn changed_tables(review: &Change<'_>) -> BTreeSet<QualifiedName> {
    let there = &review.catalogs.after.tables;
    let fates = changed(review).into_keys();
    fates.filter(|name| there.contains_key(name)).collect()
}

/// A foreign key as it is drawn.
struct Line {
    symbols: String,
    label: String,
}

/// The foreign keys that touch what changes, with the tables at their other ends.
fn lines(
    before: &Relations<'_>,
    after: &Relations<'_>,
    renamed: &BTreeMap<QualifiedName, QualifiedName>,
    fates: &mut BTreeMap<QualifiedName, Fate>,
) -> Vec<(QualifiedName, QualifiedName, Line)> {
    let now = |relations: &Relations<'_>, n: usize| {
        let name = relations.nodes[n].name;
        renamed.get(name).unwrap_or(name).clone()
    };
    let keys = |relations: &Relations<'_>| -> BTreeSet<(QualifiedName, Ident)> {
        let edges = relations.edges.iter();
        edges
            .map(|e| (now(relations, e.child), e.constraint.name.clone()))
            .collect()
    };
    let (old, new) = (keys(before), keys(after));
    let changed: BTreeSet<QualifiedName> = fates.keys().cloned().collect();
    let mut drawn = Vec::new();
    for (relations, others, word) in [(after, &old, "new"), (before, &new, "dropped")] {
        for edge in &relations.edges {
            let (parent, child) = (now(relations, edge.parent), now(relations, edge.child));
            let kept = others.contains(&(child.clone(), edge.constraint.name.clone()));
            let touches = changed.contains(&child) || changed.contains(&parent);
            if !touches || (kept && word == "dropped") {
                continue;
            }
            for end in [&parent, &child] {
                if fates.len() < MAX_TABLES {
                    fates.entry(end.clone()).or_insert(Fate::Near);
                }
            }
            let said = match kept {
                true => edge.columns(),
                false => format!("{word}: {}", edge.columns()),
            };
            drawn.push((parent, child, line(edge, &said)));
        }
    }
    drawn
}

fn line(edge: &Edge<'_>, said: &str) -> Line {
    let left = if edge.parent_optional { "|o" } else { "||" };
    let middle = if edge.identifying { "--" } else { ".." };
    let right = if edge.child_unique { "o|" } else { "o{" };
    Line {
        symbols: format!("{left}{middle}{right}"),
        label: label(said),
    }
}

fn entity(review: &Change<'_>, id: usize, name: &QualifiedName, fate: Fate) -> String {
    let shown = match name.schema.as_deref() == review.dialect.default_schema() {
        true => name.name.to_string(),
        false => name.to_string(),
    };
    let (mark, class) = match fate {
        Fate::New => ("+ ", ":::new"),
        Fate::Gone => ("- ", ":::gone"),
        Fate::Changed => ("", ":::changed"),
        Fate::Near => ("", ""),
    };
    let head = format!("    t{id}[\"{}\"]{class}", label(&format!("{mark}{shown}")));
    let rows = match fate {
        Fate::New => all(review.catalogs.after, name, review),
        Fate::Gone => all(review.catalogs.before, name, review),
        Fate::Changed => some(review, name),
        Fate::Near => Vec::new(),
    };
    match rows.is_empty() {
        true => format!("{head}\n"),
        false => format!("{head} {{\n        {}\n    }}\n", rows.join("\n        ")),
    }
}

/// The columns of a table that comes or goes.
fn all(catalog: &Catalog, name: &QualifiedName, review: &Change<'_>) -> Vec<String> {
    let Some(table) = catalog.tables.get(name) else {
        return Vec::new();
    };
    let columns = table.columns.iter().take(MAX_COLUMNS);
    let mut rows: Vec<String> = columns.map(|c| row(table, &c.name, "", review)).collect();
    rows.extend(more(table.columns.len() - rows.len(), "more"));
    rows
}

/// The columns that change, and how many do not.
fn some(review: &Change<'_>, name: &QualifiedName) -> Vec<String> {
    let Some(after) = review.catalogs.after.tables.get(name) else {
        return Vec::new();
    };
    let changes = review.comparison.changes.iter();
    let columns: Vec<&model::Change> = changes
        .filter(|c| c.id.kind == ObjectKind::Column && c.id.name == *name)
        .collect();
    let mut rows = Vec::new();
    let mut there = BTreeSet::new();
    for change in &columns {
        let Some(column) = change.id.member.as_ref() else {
            continue;
        };
        let (table, said) = match &change.kind {
            ChangeKind::Create => (after, "added".to_owned()),
            ChangeKind::Rename { .. } => (after, "renamed".to_owned()),
            ChangeKind::Alter(differences) => {
                let properties = differences.iter().map(|d| d.property.to_string());
                (
                    after,
                    format!("{} changed", properties.collect::<Vec<_>>().join(", ")),
                )
            }
            ChangeKind::Drop => {
                let before = change
                    .before()
                    .and_then(|id| review.catalogs.before.tables.get(&id.name));
                (before.unwrap_or(after), "dropped".to_owned())
            }
        };
        there.insert(column.clone());
        if rows.len() < MAX_COLUMNS {
            rows.push(row(table, column, &said, review));
        }
    }
    let same = after
        .columns
        .iter()
        .filter(|c| !there.contains(&c.name))
        .count();
    rows.extend(more(same, "unchanged"));
    rows
}

fn row(table: &Table, name: &Ident, said: &str, review: &Change<'_>) -> String {
    let column = table.column(name);
    let data_type = column.map(|c| review.dialect.short_type(&c.data_type));
    let data_type = data_type.filter(|text| !text.is_empty());
    let mut text = format!(
        "{} {}",
        word(data_type.as_deref().unwrap_or("any")),
        word(name)
    );
    if table.primary_key_columns().contains(name) {
        text.push_str(" PK");
    }
    if !said.is_empty() {
        text.push_str(&format!(" \"{}\"", label(said)));
    }
    text
}

fn more(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| format!("_ {what} \"{count} {what}\""))
}
