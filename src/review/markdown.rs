//! The review as a comment in Markdown.

use std::collections::BTreeSet;

use super::Change;
use super::diagram::diagram;
use super::risk::{self, Level, level};
use super::rows::{Row, details, object, rows, shown};
use crate::facts::hazard::Found;
use crate::model::ChangeKind;
use crate::render::markdown::text::{code, fence, inline, list, plural, remark};

/// By which whoever posts it finds the comment of the last time.
const MARKER: &str = "<!-- schemagen:diff -->";

/// Code hosts take comments of 65,536 characters; some count bytes.
const MAX_BYTES: usize = 60_000;

/// What is left out of a comment that would be too long, from the first on.
const PARTS: [&str; 3] = ["the SQL", "the diagram", "the details"];

/// More losses than this are in the table only.
const MAX_ALERTS: usize = 8;

/// More hazards and findings than this are counted.
const MAX_LISTED: usize = 40;

/// The comment.
pub fn markdown(review: &Change<'_>) -> String {
    let rows = rows(review);
    for left_out in 0..=PARTS.len() {
        let text = comment(review, &rows, rows.len(), left_out);
        if text.len() <= MAX_BYTES {
            return text;
        }
    }
    // What is most dangerous stands first: the rest of the rows is counted.
    let mut shown = rows.len();
    loop {
        shown = shown * 9 / 10;
        let text = comment(review, &rows, shown, PARTS.len());
        if text.len() <= MAX_BYTES || shown == 0 {
            return text;
        }
    }
}

/// The whole comment, however long it is.
pub fn unabridged(review: &Change<'_>) -> String {
    let rows = rows(review);
    comment(review, &rows, rows.len(), 0)
}

fn comment(review: &Change<'_>, rows: &[Row], shown: usize, left_out: usize) -> String {
    let hazards = risk::of_plan(review.plan);
    let mut out = format!("{MARKER}\n### {}\n", headline(review, &hazards));
    if rows.is_empty() {
        out.push_str("\nThe two schemas are the same.\n");
    } else {
        out.push_str(&alert(review, &hazards));
        out.push_str(&table(rows, shown));
    }
    out.push_str(&questions(review));
    if left_out < 2 {
        out.push_str(&picture(review));
    }
    out.push_str(&hazard_list(review, &hazards));
    out.push_str(&findings(review));
    if left_out < 3 {
        let blocks = details(review);
        if !blocks.is_empty() {
            out.push_str(&folded("What was and is", &blocks.join("\n\n")));
        }
    }
    if left_out < 1 && !review.plan.steps.is_empty() {
        let steps = plural(review.plan.steps.len(), "statement");
        let groups = plural(review.plan.groups().len(), "transaction");
        let title = format!("SQL: {steps} in {groups}");
        out.push_str(&folded(&title, &fence("sql", &review.plan.sql())));
    }
    if left_out > 0 {
        let parts: Vec<String> = PARTS[..left_out].iter().map(ToString::to_string).collect();
        out.push_str(&format!(
            "\n_Too long for a comment: {} left out. `schemagen diff` shows everything._\n",
            match parts.as_slice() {
                [one] => format!("{one} is"),
                parts => format!("{} are", list(parts)),
            }
        ));
    }
    out
}

/// `Schema: deletes data · 2 created, 1 dropped`, the worst first.
fn headline(review: &Change<'_>, hazards: &[Found]) -> String {
    let changes = &review.comparison.changes;
    let count = |is: fn(&ChangeKind) -> bool| changes.iter().filter(|c| is(&c.kind)).count();
    let counts = [
        (count(|k| matches!(k, ChangeKind::Create)), "created"),
        (count(|k| matches!(k, ChangeKind::Drop)), "dropped"),
        (count(|k| matches!(k, ChangeKind::Rename { .. })), "renamed"),
        (count(|k| matches!(k, ChangeKind::Alter(_))), "altered"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(n, what)| format!("{n} {what}")).collect();
    if counts.is_empty() {
        return "Schema: no changes".to_owned();
    }
    let worst = hazards.iter().map(|found| level(found.hazard)).max();
    let risk = match worst.unwrap_or_default() {
        Level::Loss => "deletes or narrows data",
        Level::Careful => "may block, fail or break clients",
        Level::Note | Level::None => "no data at risk",
    };
    format!("Schema: {risk} · {}", counts.join(", "))
}

/// What the reviewer must not miss, in the host's own frame.
fn alert(review: &Change<'_>, hazards: &[Found]) -> String {
    let worst: Vec<&Found> = hazards
        .iter()
        .filter(|found| level(found.hazard) == Level::Loss)
        .collect();
    if worst.is_empty() {
        return unproved(review);
    }
    let mut out = String::from("\n> [!CAUTION]\n");
    for found in worst.iter().take(MAX_ALERTS) {
        out.push_str(&format!(
            "> - **{}**: {}\n",
            found.hazard,
            inline(&found.what)
        ));
    }
    if worst.len() > MAX_ALERTS {
        out.push_str(&format!(
            "> - and {} more, all below\n",
            worst.len() - MAX_ALERTS
        ));
    }
    out + &unproved(review)
}

/// What no statement of the plan reaches.
fn unproved(review: &Change<'_>) -> String {
    let plan = review.plan;
    if plan.is_proved() {
        return String::new();
    }
    let differs = plan.remaining.iter();
    let differs = differs.map(|id| format!("{} would still differ", object(review, id)));
    let said = plan.diagnostics.iter().map(|d| inline(&d.headline));
    let all: Vec<String> = said.chain(differs).collect();
    format!(
        "\n> [!WARNING]\n> No migration leads there: {}\n",
        all.join("; ")
    )
}

fn table(rows: &[Row], shown: usize) -> String {
    let mut out = String::from("\n| | Object | Change | Risk |\n|---|---|---|---|\n");
    for row in &rows[..shown] {
        out.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            row.mark, row.object, row.change, row.risk
        ));
    }
    if shown < rows.len() {
        out.push_str(&format!("\n… and {} more changes.\n", rows.len() - shown));
    }
    out
}

fn questions(review: &Change<'_>) -> String {
    let mut out = String::new();
    for question in &review.comparison.questions {
        out.push_str(&format!(
            "\n> [!NOTE]\n> Is {} another name for {}? Then say {} there, and its data stays; {} where it is not.\n",
            object(review, &question.created),
            code(&shown(review, &question.dropped)),
            code(&format!("renamed_from: {}", question.old())),
            code(&format!("replaces: {}", question.old())),
        ));
    }
    out
}

fn picture(review: &Change<'_>) -> String {
    match diagram(review) {
        Some(text) => format!("\n{}\n", fence("mermaid", &text)),
        None => String::new(),
    }
}

fn hazard_list(review: &Change<'_>, hazards: &[Found]) -> String {
    let rest: Vec<&Found> = hazards
        .iter()
        .filter(|found| level(found.hazard) != Level::Loss)
        .collect();
    if rest.is_empty() || review.comparison.changes.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    for found in rest.iter().take(MAX_LISTED) {
        text.push_str(&format!("- {}: {}\n", found.hazard, inline(&found.what)));
    }
    if rest.len() > MAX_LISTED {
        let more = &rest[MAX_LISTED..];
        let kinds: BTreeSet<&str> = more.iter().map(|found| found.hazard.as_str()).collect();
        let kinds: Vec<String> = kinds.into_iter().map(str::to_owned).collect();
        text.push_str(&format!("- and {} more: {}\n", more.len(), list(&kinds)));
    }
    folded(&format!("Hazards of the plan: {}", rest.len()), &text)
}

fn findings(review: &Change<'_>) -> String {
    let mut out = String::new();
    if !review.found.is_empty() {
        out.push_str(&format!(
            "\n**{}**\n\n",
            plural(review.found.len(), "new finding")
        ));
        for found in review.found.iter().take(MAX_LISTED) {
            out.push_str(&format!(
                "- {} {}: {}\n",
                found.severity.as_str(),
                code(found.rule),
                remark(&found.headline)
            ));
        }
        if review.found.len() > MAX_LISTED {
            out.push_str(&format!("- and {} more\n", review.found.len() - MAX_LISTED));
        }
    }
    if review.gone > 0 {
        let noun = plural(review.gone, "finding");
        let verb = if review.gone == 1 { "is" } else { "are" };
        out.push_str(&format!("\n{noun} of before {verb} gone.\n"));
    }
    out
}

fn folded(title: &str, text: &str) -> String {
    format!(
        "\n<details><summary>{title}</summary>\n\n{}\n\n</details>\n",
        text.trim_end()
    )
}
