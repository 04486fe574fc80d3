//! Findings as text: one file a format.

use std::fmt::Write as _;

use clap::ValueEnum;

use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;

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

/// All findings, in their order.
pub(super) fn findings(diagnostics: &[Diagnostic], sources: &[SourceFile], _: Format) -> String {
    let mut text = String::new();
    for d in diagnostics {
        let place = d.primary.as_ref().map_or(String::new(), |label| {
            let file = sources.iter().find(|f| f.id == label.span.file);
            file.map_or(String::new(), |f| {
                let before = f.text.get(..label.span.start as usize).unwrap_or("");
                let line = before.matches('\n').count() + 1;
                let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                format!("{}:{line}:{column}: ", f.path)
            })
        });
        let severity = d.severity.as_str();
        let _ = writeln!(text, "{place}{severity}[{}]: {}", d.rule, d.headline);
    }
    text
}
