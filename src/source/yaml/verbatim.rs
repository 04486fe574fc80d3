//! `sql:`: statements as they are, for what has no keys of its own.

use super::node::{Node, positions_in_scalar};
use super::reader::{Document, Reader};
use crate::diagnostic::Span;
use crate::source::{Declaration, SourceFile, SourceKind, sql};

impl<'a> Reader<'a> {
    /// One text of statements, or a list of them, folded in their order.
    pub(super) fn verbatim(&mut self, node: &Node, document: &Document<'a>) {
        let single = node.text().map(|_| node);
        for item in single.into_iter().chain(node.items()) {
            self.verbatim_text(item, document);
        }
    }

    fn verbatim_text(&mut self, node: &Node, document: &Document<'a>) {
        let Some(text) = node.text() else {
            return;
        };
        let file = SourceFile {
            id: node.span.file,
            path: String::new(),
            kind: SourceKind::Sql,
            text: text.to_owned(),
            external: document.external,
        };
        let mut read = sql::read_in(&file, self.version, document.search_path.clone());
        let source = self.sources.get(&node.span.file).copied().unwrap_or("");
        let positions = positions_in_scalar(source, node);
        let place = |span: &mut Span| {
            let at = |offset: u32| positions.get(offset as usize).or(positions.last());
            let start = at(span.start).copied().unwrap_or(node.span.start as usize);
            let end = at(span.end).copied().unwrap_or(start).max(start);
            *span = Span::new(span.file, start, end);
        };
        for declaration in &mut read.declarations {
            place_declaration(declaration, &place);
        }
        for diagnostic in &mut read.diagnostics {
            let labels = diagnostic.primary.iter_mut();
            labels
                .chain(&mut diagnostic.secondary)
                .for_each(|label| place(&mut label.span));
        }
        self.out.statistics.add(&read.statistics);
        self.out.declarations.append(&mut read.declarations);
        self.out.diagnostics.append(&mut read.diagnostics);
    }
}

fn place_declaration(declaration: &mut Declaration, place: &impl Fn(&mut Span)) {
    place(&mut declaration.span);
    for condition in &mut declaration.conditions {
        place(&mut condition.at);
    }
    for (_, span) in &mut declaration.parts {
        place(span);
    }
    for (_, _, _, span) in &mut declaration.note_spans {
        place(span);
    }
}
