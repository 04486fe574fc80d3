//! The changes as rows of a table.

use super::risk::{self, Level, level};
use std::collections::BTreeSet;

use super::{Change, is_part};
use crate::diff::words::{is_short, phrase, said};
use crate::facts::hazard::Hazard;
use crate::model::{self, ChangeKind, Difference, ObjectId, ObjectKind, Property, Value};
use crate::render::markdown::definition;
use crate::render::markdown::text::{cell, code, inline, plural};

/// A change; every string is Markdown for a cell.
pub(super) struct Row {
    pub(super) level: Level,
    pub(super) mark: &'static str,
    pub(super) object: String,
    pub(super) change: String,
    pub(super) risk: String,
}

/// A row a change, the most dangerous first, otherwise in the order of the comparison; and a row
/// for each object that does not change itself, and is held up by what does.
pub(super) fn rows(review: &Change<'_>) -> Vec<Row> {
    let changes = &review.comparison.changes;
    let hazards = risk::of_changes(review.plan, changes);
    let mut rows: Vec<Row> = changes
        .iter()
        .zip(&hazards.of)
        .map(|(change, hazards)| Row {
            level: worst(hazards),
            mark: mark(&change.kind),
            object: object(review, &change.id),
            change: what(review, change),
            risk: words(hazards),
        })
        .collect();
    rows.extend(hazards.around.iter().map(|(path, hazards)| Row {
        level: worst(hazards),
        mark: "",
        object: code(without_schema(review, path)),
        change: "for the changes below".to_owned(),
        risk: words(hazards),
    }));
    // What others wait for stands above what they wait on.
    rows.sort_by_key(|row| (std::cmp::Reverse(row.level), !row.mark.is_empty()));
    rows
}

fn worst(hazards: &BTreeSet<Hazard>) -> Level {
    hazards
        .iter()
        .map(|hazard| level(*hazard))
        .max()
        .unwrap_or_default()
}

fn words(hazards: &BTreeSet<Hazard>) -> String {
    let words = hazards.iter().map(|hazard| match level(*hazard) {
        Level::Loss => format!("**{hazard}**"),
        _ => hazard.to_string(),
    });
    let words: Vec<String> = words.collect();
    words.join(", ")
}

/// A path without the schema that goes without saying.
fn without_schema<'p>(review: &Change<'_>, path: &'p str) -> &'p str {
    let schema = review.dialect.default_schema().unwrap_or_default();
    let short = path.strip_prefix(schema).and_then(|p| p.strip_prefix('.'));
    short.unwrap_or(path)
}

pub(super) fn mark(kind: &ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create => "+",
        ChangeKind::Drop => "−",
        ChangeKind::Rename { .. } => "→",
        ChangeKind::Alter(_) => "~",
    }
}

/// ``column `tasks.title` ``
pub(super) fn object(review: &Change<'_>, id: &ObjectId) -> String {
    let part = match (id.kind, &id.member) {
        (ObjectKind::Enum, Some(_)) => " value",
        _ => "",
    };
    format!("{}{part} {}", id.kind, code(&shown(review, id)))
}

/// The path of an object, without the schema where that is the default one.
pub(super) fn shown(review: &Change<'_>, id: &ObjectId) -> String {
    let mut id = id.clone();
    if id.name.schema.as_deref() == review.dialect.default_schema() {
        id.name.schema = None;
    }
    match id.kind {
        ObjectKind::DefaultPrivileges if id.name.name.is_empty() => id
            .signature
            .as_deref()
            .map_or_else(String::new, |kind| format!("on {kind}s")),
        _ => id.path(),
    }
}

fn what(review: &Change<'_>, change: &model::Change) -> String {
    match &change.kind {
        ChangeKind::Create => created(review, &change.id),
        ChangeKind::Drop => "dropped".to_owned(),
        ChangeKind::Rename { because } => {
            let was = change.was.as_ref().map_or_else(String::new, |was| {
                format!(", was {}", code(&shown(review, was)))
            });
            let because = because.as_ref().map_or_else(String::new, |because| {
                format!(", as the {} is", because.kind)
            });
            format!("renamed{was}{because}")
        }
        ChangeKind::Alter(differences) => {
            let phrases = privileges_together(differences).into_iter();
            let phrases = phrases.map(|difference| match is_short(&difference) {
                true => short(&difference),
                false => format!("{} changed", inline(&difference.property.to_string())),
            });
            let phrases: Vec<String> = phrases.collect();
            phrases.join("<br>")
        }
    }
}

/// What is granted to one role in the same way is one difference: `SELECT, INSERT to reader`.
fn privileges_together(differences: &[Difference]) -> Vec<Difference> {
    let mut together: Vec<Difference> = Vec::new();
    for difference in differences {
        let alike = |other: &&mut Difference| {
            (&other.before, &other.after) == (&difference.before, &difference.after)
        };
        if let Property::Privilege {
            grantee,
            column,
            privilege,
        } = &difference.property
        {
            let same = together.iter_mut().filter(alike).find_map(|other| {
                let Property::Privilege {
                    grantee: to,
                    column: of,
                    privilege: list,
                } = &mut other.property
                else {
                    return None;
                };
                (&*to == grantee && &*of == column).then_some(list)
            });
            if let Some(list) = same {
                *list = format!("{list}, {privilege}").into();
                continue;
            }
        }
        together.push(difference.clone());
    }
    together
}

/// ``type `text` → `citext` ``, or a phrase.
fn short(difference: &Difference) -> String {
    let is_value =
        |value: &Value| matches!(value, Value::Number(_) | Value::Text(_) | Value::List(_));
    let (before, after) = (&difference.before, &difference.after);
    if before == after || matches!(difference.property, Property::Privilege { .. }) {
        return cell(&phrase(difference));
    }
    let is_none = |value: &Value| match value {
        Value::List(list) => list.is_empty(),
        value => *value == Value::Absent,
    };
    let property = inline(&difference.property.to_string());
    let shown = |value: &Value| code(&said(value));
    match (is_none(before), is_none(after)) {
        (true, false) if is_value(after) => format!("{property} added: {}", shown(after)),
        (false, true) if is_value(before) => format!("{property} removed, was {}", shown(before)),
        (false, false) if is_value(before) && is_value(after) => {
            format!("{property} {} → {}", shown(before), shown(after))
        }
        _ => cell(&phrase(difference)),
    }
}

/// `created` with what it is, where that is short.
fn created(review: &Change<'_>, id: &ObjectId) -> String {
    let tables = &review.catalogs.after.tables;
    let table = tables.get(&id.name);
    match (id.kind, table) {
        (ObjectKind::Table, Some(table)) => {
            format!("created with {}", plural(table.columns.len(), "column"))
        }
        (ObjectKind::Column, Some(table)) => {
            let column = id.member.as_deref().and_then(|name| table.column(name));
            column.map_or_else(
                || "added".to_owned(),
                |column| {
                    let text = review.dialect.short_type(&column.data_type);
                    let not_null = if column.not_null { ", not null" } else { "" };
                    let default = column.default.as_ref();
                    let default = default.map_or_else(String::new, |default| {
                        format!(", default {}", code(default.text()))
                    });
                    format!("added: {}{not_null}{default}", code(&text))
                },
            )
        }
        (kind, _) if is_part(kind) => match definition(review, id) {
            Some(said) if said.len() <= LONGEST_DEFINITION && !said.contains("<br>") => {
                format!("added: {said}")
            }
            _ => "added".to_owned(),
        },
        _ => "created".to_owned(),
    }
}

/// What a part is, in Markdown. One that is longer than this stands in the SQL only.
const LONGEST_DEFINITION: usize = 160;

fn definition(review: &Change<'_>, id: &ObjectId) -> Option<String> {
    let after = review.catalogs.after;
    let table = || after.tables.get(&id.name);
    // SQLite's constraints without a name say in their path what they are.
    let member = id.member.as_deref().filter(|name| !name.is_empty());
    match id.kind {
        ObjectKind::Constraint => {
            let found = table()?.constraint(member?)?;
            Some(definition::constraint(found, review.dialect))
        }
        ObjectKind::Index => {
            let own = |t: &&model::Table| t.name.schema == id.name.schema;
            let tables = after.tables.values().filter(own);
            let found = tables.filter_map(|t| Some((t, t.index(&id.name.name)?)));
            let (table, index) = found.into_iter().next()?;
            let unique = if index.unique { "unique, " } else { "" };
            let on = &table.name.name;
            let keys = definition::index_keys(index, review.dialect);
            Some(format!("{unique}on {} by {keys}", code(on)))
        }
        ObjectKind::Policy => {
            let policies = &table()?.policies;
            let found = policies.iter().find(|p| Some(p.name.as_str()) == member)?;
            Some(definition::policy_sentence(found))
        }
        _ => None,
    }
}

/// What was and is, of everything that no row says at length: a Markdown block each.
pub(super) fn details(review: &Change<'_>) -> Vec<String> {
    let mut blocks = Vec::new();
    for change in &review.comparison.changes {
        let long = change.differences().iter().filter(|d| !is_short(d));
        for difference in long {
            let (before, after) = (said(&difference.before), said(&difference.after));
            let lines = similar::TextDiff::from_lines(before.as_str(), after.as_str());
            let mut text = String::new();
            for hunk in lines.unified_diff().context_radius(3).iter_hunks() {
                for line in hunk.iter_changes() {
                    let sign = match line.tag() {
                        similar::ChangeTag::Insert => '+',
                        similar::ChangeTag::Delete => '-',
                        similar::ChangeTag::Equal => ' ',
                    };
                    let line = line.value().trim_end_matches(['\n', '\r']);
                    text.push_str(&format!("{sign}{line}\n"));
                }
            }
            blocks.push(format!(
                "{}, {}:\n\n{}",
                object(review, &change.id),
                inline(&difference.property.to_string()),
                crate::render::markdown::text::fence("diff", &text)
            ));
        }
    }
    blocks
}
