//! Findings as text: one file a format.
//!
//! Every format takes the findings in their order and the sources they point into, and prints the
//! rule of each.

pub(super) mod changes;
mod changes_json;
mod concise;
mod human;
mod json;
mod plan_json;
mod position;

use std::io::Write;

use clap::ValueEnum;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SourceFile;

pub(super) use changes_json::json as changes_json;
pub(super) use json::value as json_value;

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With excerpts of the sources.
    #[default]
    Human,
    /// A line a finding.
    Concise,
    /// For programs.
    Json,
}

/// Writes findings in a format.
pub(super) fn write(
    diagnostics: &[Diagnostic],
    sources: &[SourceFile],
    format: Format,
    color: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let write = match format {
        Format::Human => human::write,
        Format::Concise => concise::write,
        Format::Json => json::write,
    };
    write(diagnostics, sources, out, color)
}

/// All findings as one text, with colours, which the console takes out where nobody wants them.
pub(super) fn findings(
    diagnostics: &[Diagnostic],
    sources: &[SourceFile],
    format: Format,
) -> String {
    let mut text = Vec::new();
    // Writing into memory does not fail.
    let _ = write(diagnostics, sources, format, true, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) infos: usize,
}

impl Counts {
    pub(super) fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut counts = Self::default();
        for diagnostic in diagnostics {
            *match diagnostic.severity {
                Severity::Error => &mut counts.errors,
                Severity::Warning => &mut counts.warnings,
                Severity::Info => &mut counts.infos,
            } += 1;
        }
        counts
    }
}

/// `2 errors, 1 warning`; `no findings` where there are none.
impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = [
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.infos, "hint"),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}{}", if n == 1 { "" } else { "s" }))
        .collect();
        match parts.as_slice() {
            [] => f.write_str("no findings"),
            parts => f.write_str(&parts.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests;
