//! What happens by itself: the triggers and the rewrite rules of a table.

use serde::Serialize;

use super::context::{Context, Place, codes};
use super::text::code;
use crate::model::{ObjectId, ObjectKind, Rule, Table, Trigger, TriggerEnabled};

/// A row: every string is Markdown, ready for a cell.
#[derive(Serialize)]
pub(super) struct TriggerRow {
    name: String,
    fires: String,
    calls: String,
    description: String,
}

pub(super) fn rows(context: &Context<'_>, table: &Table) -> Vec<TriggerRow> {
    let row = |trigger: &Trigger| TriggerRow {
        name: code(&trigger.name),
        fires: fires(trigger),
        calls: calls(context, trigger),
        description: context.said_in_cell(trigger.comment.as_deref(), &table.name, Place::Table),
    };
    table.triggers.iter().map(row).collect()
}

/// `before update, for each row, when ...`.
fn fires(trigger: &Trigger) -> String {
    let events: Vec<String> = trigger
        .events
        .iter()
        .map(|event| match (&**event, trigger.update_of.as_slice()) {
            ("UPDATE", [_, ..]) => format!("update of {}", codes(&trigger.update_of)),
            (event, _) => event.to_lowercase(),
        })
        .collect();
    let mut text = format!("{} {}", trigger.timing.to_lowercase(), events.join(" or "));
    text.push_str(if trigger.fires_by_row() {
        ", each row"
    } else {
        ", each statement"
    });
    if let Some(when) = &trigger.when {
        text.push_str(&format!(", when {}", code(when.text())));
    }
    match trigger.enabled {
        TriggerEnabled::Origin => {}
        TriggerEnabled::Disabled => text.push_str(" (disabled)"),
        TriggerEnabled::Replica => text.push_str(" (on replicas)"),
        TriggerEnabled::Always => text.push_str(" (always)"),
    }
    text
}

/// The function, or the body where the dialect has no functions.
fn calls(context: &Context<'_>, trigger: &Trigger) -> String {
    if let Some(body) = &trigger.body {
        let words: Vec<&str> = body.text().split_whitespace().collect();
        return code(&words.join(" "));
    }
    let name = context.display(&trigger.function);
    let id = ObjectId::overload(ObjectKind::Function, trigger.function.clone(), "");
    let arguments: Vec<String> = trigger.arguments.iter().map(|a| format!("'{a}'")).collect();
    match context.object_path(&id) {
        Some(_) if arguments.is_empty() => context.object_link(&id, Place::Table),
        _ => code(&format!("{name}({})", arguments.join(", "))),
    }
}

/// Rewrite rules, a line each.
pub(super) fn rules(table: &Table) -> Vec<String> {
    let rule = |rule: &Rule| {
        let instead = if rule.instead { "instead" } else { "also" };
        let condition = rule
            .condition
            .as_ref()
            .map_or_else(String::new, |c| format!(" where {}", code(c.text())));
        format!(
            "{}: on {}{condition} {instead} {}",
            code(&rule.name),
            rule.event.to_lowercase(),
            code(rule.action.text())
        )
    };
    table.rules.iter().map(rule).collect()
}
