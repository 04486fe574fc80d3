//! Findings for programs. Keys are only ever added; `version` changes when one changes its meaning.

use std::io::{Error, Result, Write};

use serde_json::{Map, Value, json};

use super::Counts;
use super::position::{Places, Position};
use crate::check::baseline::fingerprint;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::SourceFile;

pub(in crate::cli) fn write(
    diagnostics: &[Diagnostic],
    sources: &[SourceFile],
    out: &mut dyn Write,
    _color: bool,
) -> Result<()> {
    let counts = Counts::of(diagnostics);
    let report = json!({
        "version": 1,
        "findings": value(diagnostics, sources),
        "summary": { "error": counts.errors, "warning": counts.warnings, "info": counts.infos },
    });
    serde_json::to_writer_pretty(&mut *out, &report).map_err(Error::from)?;
    writeln!(out)
}

/// The list of findings, for reports that say more than findings.
pub(in crate::cli) fn value(diagnostics: &[Diagnostic], sources: &[SourceFile]) -> Value {
    let places = Places::new(sources);
    diagnostics.iter().map(|d| finding(d, &places)).collect()
}

fn finding(diagnostic: &Diagnostic, places: &Places<'_>) -> Value {
    let mut map = Map::new();
    map.insert("rule".into(), json!(diagnostic.rule));
    map.insert("severity".into(), json!(diagnostic.severity.as_str()));
    map.insert("headline".into(), json!(diagnostic.headline));
    map.insert("fingerprint".into(), json!(fingerprint(diagnostic)));
    if let Some(object) = &diagnostic.object {
        let object = json!({ "kind": object.kind.as_str(), "path": object.path() });
        map.insert("object".into(), object);
    }
    if let Some(place) = diagnostic.primary.as_ref().and_then(|l| place(l, places)) {
        map.insert("location".into(), place);
    }
    let related: Vec<Value> = diagnostic
        .secondary
        .iter()
        .filter_map(|label| place(label, places))
        .collect();
    if !related.is_empty() {
        map.insert("related".into(), Value::Array(related));
    }
    if let Some(note) = &diagnostic.note {
        map.insert("note".into(), json!(note));
    }
    if let Some(help) = &diagnostic.help {
        map.insert("help".into(), json!(help));
    }
    Value::Object(map)
}

fn place(label: &Label, places: &Places<'_>) -> Option<Value> {
    let place = places.of(label.span)?;
    let (start, end) = place.range(label.span);
    let point = |p: Position| json!({ "line": p.line, "column": p.column });
    let mut map = Map::new();
    map.insert("path".into(), json!(place.file.path));
    map.insert("start".into(), point(place.position(start)));
    map.insert("end".into(), point(place.position(end)));
    if !label.text.is_empty() {
        map.insert("label".into(), json!(label.text));
    }
    Some(Value::Object(map))
}
