//! Bytes of a source to lines and columns, as people and editors count them.

use std::collections::BTreeMap;

use crate::diagnostic::{FileId, Span};
use crate::source::SourceFile;

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The sources of a run, with the beginnings of their lines.
pub(super) struct Places<'a> {
    files: BTreeMap<FileId, Place<'a>>,
}

/// One source.
pub(super) struct Place<'a> {
    pub(super) file: &'a SourceFile,
    line_starts: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new(sources: &'a [SourceFile]) -> Self {
        let place = |file: &'a SourceFile| {
            let breaks = file.text.match_indices('\n').map(|(at, _)| at + 1);
            let line_starts = std::iter::once(0).chain(breaks).collect();
            (file.id, Place { file, line_starts })
        };
        Self {
            files: sources.iter().map(place).collect(),
        }
    }

    pub(super) fn of(&self, span: Span) -> Option<&Place<'a>> {
        self.files.get(&span.file)
    }
}

impl<'a> Place<'a> {
    /// The bytes of a span, within the text and between characters.
    pub(super) fn range(&self, span: Span) -> (usize, usize) {
        let start = floor(&self.file.text, span.start as usize);
        let end = floor(&self.file.text, span.end as usize).max(start);
        (start, end)
    }

    /// The position of a byte that [`Self::range`] gave.
    pub(super) fn position(&self, byte: usize) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_start(line);
        let before = self.file.text.get(start..byte).unwrap_or("");
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }

    /// The first byte of a line.
    pub(super) fn line_start(&self, line: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1));
        start.copied().unwrap_or(self.file.text.len())
    }

    /// One past the last byte of a line, its break left out.
    pub(super) fn line_end(&self, line: usize) -> usize {
        let end = self.line_starts.get(line).copied();
        let end = end.unwrap_or(self.file.text.len());
        let text = self.file.text.get(self.line_start(line)..end);
        let cut = text.map_or(0, |t| t.len() - t.trim_end_matches(['\n', '\r']).len());
        end - cut
    }
}

/// The nearest place at or before `byte` that is within the text and between two characters.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// A text for one line of a terminal: control characters, which a schema may hold in quoted
/// names, would move the cursor or colour the screen.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceKind;

    fn source(text: &str) -> SourceFile {
        SourceFile {
            id: FileId(0),
            path: "a.sql".into(),
            kind: SourceKind::Sql,
            text: text.into(),
            external: false,
        }
    }

    #[test]
    fn columns_count_characters() {
        let sources = [source("é é\r\nx\n")];
        let places = Places::new(&sources);
        let place = places.of(Span::new(FileId(0), 0, 0)).expect("the file");
        assert_eq!(place.position(3), Position { line: 1, column: 3 });
        assert_eq!(place.position(7), Position { line: 2, column: 1 });
        assert_eq!(place.position(9), Position { line: 3, column: 1 });
        assert_eq!(
            &place.file.text[place.line_start(1)..place.line_end(1)],
            "é é"
        );
        assert_eq!((place.line_start(9), place.line_end(9)), (9, 9));
    }

    #[test]
    fn a_span_outside_the_text_is_brought_in() {
        let sources = [source("é")];
        let places = Places::new(&sources);
        let place = places.of(Span::new(FileId(0), 0, 0)).expect("the file");
        assert_eq!(place.range(Span::new(FileId(0), 1, 90)), (0, 2));
        assert_eq!(place.range(Span::new(FileId(0), 2, 1)), (2, 2));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(printable("a\u{1b}[31m\nb"), "a\u{fffd}[31m b");
    }
}
