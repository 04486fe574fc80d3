//! What `build --check` prints: the files that are not as they should be, and how the first ones
//! differ.

use std::fmt::Write as _;

use similar::TextDiff;

use super::compare::{ChangeKind, Comparison};
use crate::cli::sources::display;

/// The number of files whose differences are shown, and of lines of each.
const SHOWN_FILES: usize = 3;
const SHOWN_LINES: usize = 24;

/// The list for people; empty when nothing is stale.
pub(in crate::cli) fn list(comparison: &Comparison) -> String {
    let mut text = String::new();
    let folder = display(&comparison.folder);
    for change in &comparison.changes {
        let word = word(change.kind);
        let _ = writeln!(text, "{word:8} {folder}/{}", change.path);
    }
    for path in &comparison.foreign {
        let _ = writeln!(
            text,
            "foreign  {folder}/{path} (schemagen did not write it)"
        );
    }
    if comparison.manifest_is_stale && comparison.changes.is_empty() {
        let name = super::manifest::FILE_NAME;
        let _ = writeln!(text, "stale    {folder}/{name}");
    }
    let stale = comparison.changes.iter();
    let stale = stale.filter(|c| c.kind == ChangeKind::Stale);
    for change in stale.clone().take(SHOWN_FILES) {
        if let Some((old, new)) = &change.texts {
            text.push('\n');
            text.push_str(&difference(&format!("{folder}/{}", change.path), old, new));
        }
    }
    let more = stale.count().saturating_sub(SHOWN_FILES);
    if more > 0 {
        let files = if more == 1 {
            "file differs"
        } else {
            "files differ"
        };
        let _ = writeln!(text, "\n{more} more {files}.");
    }
    text
}

/// The word for a change, as reports print it.
pub(in crate::cli) fn word(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Missing => "missing",
        ChangeKind::Stale => "stale",
        ChangeKind::Extra => "extra",
    }
}

/// The beginning of a unified diff.
fn difference(path: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    unified.context_radius(2).header(path, path);
    let unified = unified.to_string();
    let lines = unified.lines().count();
    let mut text = String::new();
    for line in unified.lines().take(SHOWN_LINES) {
        let _ = writeln!(text, "{line}");
    }
    if lines > SHOWN_LINES {
        let _ = writeln!(text, "... {} more lines of this diff", lines - SHOWN_LINES);
    }
    text
}
