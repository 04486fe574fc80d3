//! A line a finding: `path:line:column: severity[rule] headline`, as editors and `grep` take it.

use std::io::{Result, Write};

use super::position::{Places, printable};
use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;

pub(in crate::cli) fn write(
    diagnostics: &[Diagnostic],
    sources: &[SourceFile],
    out: &mut dyn Write,
    _color: bool,
) -> Result<()> {
    let places = Places::new(sources);
    for diagnostic in diagnostics {
        if let Some(label) = &diagnostic.primary
            && let Some(place) = places.of(label.span)
        {
            let position = place.position(place.range(label.span).0);
            let path = printable(&place.file.path);
            write!(out, "{path}:{}:{}: ", position.line, position.column)?;
        }
        let severity = diagnostic.severity.as_str();
        let headline = printable(&diagnostic.headline);
        writeln!(out, "{severity}[{}] {headline}", diagnostic.rule)?;
    }
    Ok(())
}
