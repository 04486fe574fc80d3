//! Findings for people: the place in the source with a caret, why it matters, what to do.

use std::io::{Result, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet,
    normalize_untrusted_str,
};

use super::position::{Place, Places};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::SourceFile;

/// An excerpt longer than this (a minified file, a bulk of data on one line) is not printed.
const MAX_EXCERPT: usize = 16 * 1024;

/// Places of one file that are at most so many lines apart share an excerpt.
const NEAR: usize = 40;

pub(in crate::cli) fn write(
    diagnostics: &[Diagnostic],
    sources: &[SourceFile],
    out: &mut dyn Write,
    color: bool,
) -> Result<()> {
    let places = Places::new(sources);
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(120);
    for diagnostic in diagnostics {
        let text = renderer.render(&[group(diagnostic, &places)]);
        writeln!(out, "{text}\n")?;
    }
    Ok(())
}

fn group<'a>(diagnostic: &'a Diagnostic, places: &'a Places<'a>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(&diagnostic.headline);
    let mut group = Group::with_title(title.id(diagnostic.rule));
    for labels in near_together(diagnostic, places) {
        group = group.elements(excerpt(&labels, places));
    }
    if let Some(note) = &diagnostic.note {
        group = group.element(Level::NOTE.message(normalize_untrusted_str(note)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    group
}

/// The labels of a finding, each list for one excerpt, the primary one first.
fn near_together<'a>(
    diagnostic: &'a Diagnostic,
    places: &Places<'_>,
) -> Vec<Vec<(AnnotationKind, &'a Label)>> {
    let line = |label: &Label| {
        let place = places.of(label.span)?;
        Some(place.position(place.range(label.span).0).line)
    };
    let primary = diagnostic.primary.iter();
    let labels = primary.map(|label| (AnnotationKind::Primary, label));
    let secondary = diagnostic.secondary.iter();
    let labels = labels.chain(secondary.map(|label| (AnnotationKind::Context, label)));
    let mut lists: Vec<Vec<(AnnotationKind, &Label)>> = Vec::new();
    for (kind, label) in labels {
        let Some(at) = line(label) else { continue };
        let near = lists.iter_mut().find(|list| {
            let first = list[0].1;
            let apart = line(first).map(|other| at.abs_diff(other));
            first.span.file == label.span.file && apart.is_some_and(|lines| lines <= NEAR)
        });
        match near {
            Some(list) => list.push((kind, label)),
            None => lists.push(vec![(kind, label)]),
        }
    }
    lists
}

/// The lines of some labels of one file; only a window of the source goes to the renderer, whose
/// time grows with what it is given.
fn excerpt<'a>(
    labels: &[(AnnotationKind, &'a Label)],
    places: &'a Places<'a>,
) -> Option<Element<'a>> {
    let (_, first) = labels.first()?;
    let place = places.of(first.span)?;
    let lines = || labels.iter().map(|(_, label)| line_of(place, label));
    let (top, bottom) = (lines().min()?, lines().max()?);
    let (start, end) = (place.line_start(top), place.line_end(bottom));
    let path = place.file.path.as_str();
    let window = place.file.text.get(start..end)?;
    if window.len() > MAX_EXCERPT {
        let position = place.position(place.range(first.span).0);
        let origin = Origin::path(path).line(position.line);
        return Some(origin.char_column(position.column).into());
    }
    let annotations = labels
        .iter()
        .map(|(kind, label)| annotation(*kind, label, place, start));
    let snippet = Snippet::source(window).path(path).line_start(top);
    Some(snippet.annotations(annotations).into())
}

fn line_of(place: &Place<'_>, label: &Label) -> usize {
    place.position(place.range(label.span).0).line
}

/// A label within the window that begins at byte `window`; what goes over several lines is marked
/// on the first only, since a whole statement under a brace says no more.
fn annotation<'a>(
    kind: AnnotationKind,
    label: &'a Label,
    place: &Place<'_>,
    window: usize,
) -> Annotation<'a> {
    let (start, end) = place.range(label.span);
    let line_end = place.line_end(place.position(start).line).max(start);
    let end = end.min(line_end);
    let annotation = kind.span(start - window..end - window);
    if label.text.is_empty() {
        annotation
    } else {
        annotation.label(label.text.as_str())
    }
}
