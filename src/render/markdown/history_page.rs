//! `docs/history.md`, and the same on the HTML page: the migrations and what each did, the latest
//! first; and what a table tells of it.

use serde::Serialize;

use super::context::{Context, Links, Place};
use super::text::{cell, code, inline, link};
use crate::model::{Chapter, QualifiedName, Since, Table};
use crate::render::file_names::FileNames;

/// A migration; every string is Markdown.
#[derive(Serialize)]
pub(in crate::render) struct ChapterRow {
    anchor: String,
    label: String,
    summary: String,
    tables: String,
    hazards: String,
}

/// When a column came to be and last changed.
#[derive(Serialize)]
pub(super) struct ColumnSince {
    name: String,
    introduced: String,
    changed: String,
}

/// The migrations, the latest first.
pub(in crate::render) fn chapters(context: &Context<'_>) -> Vec<ChapterRow> {
    let Some(history) = context.report.history else {
        return Vec::new();
    };
    let row = |(n, chapter): (usize, &Chapter)| {
        let label = code(&chapter.label);
        let hazards = chapter.hazards.iter().map(|h| inline(h));
        ChapterRow {
            anchor: anchor(context.links, n, &chapter.label),
            label: match chapter.path.as_str() {
                // The HTML page is sent around alone, so it leads to no other file.
                path if path.is_empty() || context.links == Links::Anchors => label,
                path => link(&label, &address(path)),
            },
            summary: cell(&chapter.summary),
            tables: touched(context, chapter),
            hazards: hazards.collect::<Vec<_>>().join("<br>"),
        }
    };
    let rows = history.migrations.iter().enumerate().rev();
    rows.map(row).collect()
}

/// What a migration did to tables.
fn touched(context: &Context<'_>, chapter: &Chapter) -> String {
    let mut parts = Vec::new();
    let linked = |name: &QualifiedName| context.table_link(name, Place::Top);
    let mut part = |word: &str, names: Vec<String>| {
        /// More are counted.
        const MOST: usize = 12;
        if names.is_empty() {
            return;
        }
        let shown = names.iter().take(MOST).cloned().collect::<Vec<_>>();
        let more = match names.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        parts.push(format!("{word} {}{more}", shown.join(", ")));
    };
    part("new:", chapter.created.iter().map(linked).collect());
    let renamed = chapter.renamed.iter();
    let renamed = renamed.map(|(old, new)| {
        let old = inline(&context.display(old));
        format!("{old} → {}", linked(new))
    });
    part("renamed:", renamed.collect());
    part("changed:", chapter.changed.iter().map(linked).collect());
    let dropped = chapter.dropped.iter();
    let dropped = dropped.map(|name| inline(&context.display(name)));
    part("dropped:", dropped.collect());
    parts.join("<br>")
}

/// The number tells migrations apart whose labels make one anchor.
fn anchor(links: Links, n: usize, label: &str) -> String {
    let mut names = FileNames::default();
    let name = names.of_title(label);
    let sign = match links {
        Links::Anchors => '=',
        _ => '-',
    };
    match name == label {
        true => format!("m{sign}{name}"),
        false => format!("m{sign}{n}-{name}"),
    }
}

/// A path as the target of a link.
fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A migration by its number, linked to its row.
fn migration(context: &Context<'_>, n: usize, place: Place) -> String {
    let chapters = context.report.history.map(|h| h.migrations.as_slice());
    let Some(chapter) = chapters.unwrap_or_default().get(n) else {
        return String::new();
    };
    let anchor = anchor(context.links, n, &chapter.label);
    let path = match context.links {
        Links::Files => format!("history.md#{anchor}"),
        _ => format!("#{anchor}"),
    };
    context.linked(&inline(&chapter.label), Some(&path), place)
}

/// When a table came to be, and when it last changed.
pub(super) fn since(context: &Context<'_>, name: &QualifiedName) -> String {
    let life = context.report.history.and_then(|h| h.tables.get(name));
    let Some(Since {
        introduced,
        changed,
    }) = life.map(|life| life.table)
    else {
        return String::new();
    };
    let link = |n| migration(context, n, Place::Table);
    match introduced == changed {
        true => format!("introduced in {}", link(introduced)),
        false => format!(
            "introduced in {}, last changed in {}",
            link(introduced),
            link(changed)
        ),
    }
}

/// Whether a table is as the first migration made it.
pub(in crate::render) fn is_of_the_first(context: &Context<'_>, name: &QualifiedName) -> bool {
    let life = context.report.history.and_then(|h| h.tables.get(name));
    life.is_some_and(|life| life.table == Since::new(0))
}

/// The columns that did not come with their table, or changed since.
pub(super) fn columns_since(context: &Context<'_>, table: &Table) -> Vec<ColumnSince> {
    let life = context
        .report
        .history
        .and_then(|h| h.tables.get(&table.name));
    let Some(life) = life else {
        return Vec::new();
    };
    let rows = table.columns.iter().filter_map(|column| {
        let since = life.columns.get(&column.name)?;
        if *since == Since::new(life.table.introduced) {
            return None;
        }
        let link = |n| migration(context, n, Place::Table);
        Some(ColumnSince {
            name: code(&column.name),
            introduced: link(since.introduced),
            changed: match since.changed == since.introduced {
                true => String::new(),
                false => link(since.changed),
            },
        })
    });
    rows.collect()
}

/// The last migration, for the first page.
pub(super) fn latest(context: &Context<'_>) -> String {
    let count = context.report.history.map_or(0, |h| h.migrations.len());
    match count.checked_sub(1) {
        Some(last) => {
            let history = link("History", &context.list_path("history", Place::Top));
            let counted = super::text::plural(count, "migration");
            format!(
                "{history}: {counted}, the last one is {}",
                migration(context, last, Place::Top)
            )
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_any_path() {
        assert_eq!(address("../m/1_a b)#.sql"), "../m/1_a%20b%29%23.sql");
        assert_eq!(address("ü"), "%C3%BC");
    }

    #[test]
    fn anchors_tell_migrations_apart() {
        assert_eq!(
            anchor(Links::Files, 0, "20260101000000_initial"),
            "m-20260101000000_initial"
        );
        assert_eq!(anchor(Links::Anchors, 0, "1_a"), "m=1_a");
        let of = |n| anchor(Links::Files, n, "a b");
        assert_ne!(of(1), of(2));
    }
}
