//! What authors say in words, as Markdown: their paragraphs, lists and links, and nothing else of
//! what Markdown can do.

use super::context::{Context, Place};
use super::text::{escape_line, summary};
use crate::model::{ObjectId, ObjectKind, QualifiedName, RoutineKind};
use crate::prose::{self, Block, Item, Piece, Target};

/// A text is shown so far, in bytes: alone, and in the cell of a table.
const MOST: usize = 40_000;
const MOST_IN_CELL: usize = 4_000;

/// A line that ends before this column ends where its author wanted.
const WRAPPED: usize = 60;

impl Context<'_> {
    /// What is said about an object, as blocks.
    pub(in crate::render) fn said(
        &self,
        text: Option<&str>,
        of: &QualifiedName,
        place: Place,
    ) -> String {
        let text = prose::shortened(text.unwrap_or(""), MOST);
        let blocks = prose::blocks(&text);
        let blocks = blocks.iter().map(|block| match block {
            Block::Paragraph(lines) => self.lines(lines, of, place, "<br>\n"),
            Block::List(items) => self.list(items, of, place),
        });
        blocks.collect::<Vec<_>>().join("\n\n")
    }

    /// The same on one line, for cells and lists.
    pub(in crate::render) fn said_in_cell(
        &self,
        text: Option<&str>,
        of: &QualifiedName,
        place: Place,
    ) -> String {
        let text = prose::shortened(text.unwrap_or(""), MOST_IN_CELL);
        let mut parts: Vec<String> = Vec::new();
        for block in prose::blocks(&text) {
            match block {
                Block::Paragraph(lines) => {
                    let lines = self.lines(&lines, of, place, "<br>");
                    match parts.is_empty() {
                        true => parts.push(lines),
                        // A blank line parts paragraphs.
                        false => parts.push(format!("<br>{lines}")),
                    }
                }
                Block::List(items) => parts.extend(items.iter().map(|item| {
                    let mark = item
                        .number
                        .map_or_else(|| "•".to_owned(), |number| format!("{number}\\."));
                    let indent = "&emsp;".repeat(item.level);
                    let lines = self.lines(&item.lines, of, place, "<br>");
                    format!("{indent}{mark} {lines}")
                })),
            }
        }
        parts.join("<br>")
    }

    /// The first sentence, for lists of objects.
    pub(in crate::render) fn summed_up(
        &self,
        text: Option<&str>,
        of: &QualifiedName,
        place: Place,
    ) -> String {
        self.said_in_cell(Some(&summary(text.unwrap_or(""))), of, place)
    }

    fn list(&self, items: &[Item<'_>], of: &QualifiedName, place: Place) -> String {
        let item = |item: &Item<'_>| {
            let mark = item
                .number
                .map_or_else(|| "-".to_owned(), |number| format!("{number}."));
            let indent = "   ".repeat(item.level);
            let next = format!("<br>\n{indent}   ");
            format!(
                "{indent}{mark} {}",
                self.lines(&item.lines, of, place, &next)
            )
        };
        items.iter().map(item).collect::<Vec<_>>().join("\n")
    }

    /// Lines as one, but where their author ended them early.
    fn lines(&self, lines: &[&str], of: &QualifiedName, place: Place, end: &str) -> String {
        let longest = lines.iter().map(|line| line.chars().count()).max();
        let width = longest.unwrap_or(0).max(WRAPPED);
        let mut out = String::new();
        for (n, line) in lines.iter().enumerate() {
            out.push_str(&self.line(line, of, place));
            if let Some(next) = lines.get(n + 1) {
                let word = next.split_whitespace().next().unwrap_or("");
                let room = line.chars().count() + 1 + word.chars().count();
                out.push_str(if room <= width { end } else { " " });
            }
        }
        out
    }

    fn line(&self, line: &str, of: &QualifiedName, place: Place) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        let line = words.join(" ");
        let mut out = String::with_capacity(line.len() + 8);
        for piece in prose::pieces(&line) {
            let text = match &piece {
                Piece::Text(text) => *text,
                Piece::Link(link) => link.text,
            };
            let text = escape_line(text, out.is_empty());
            let path = match &piece {
                Piece::Link(link) => self.path_of(&link.names, of),
                Piece::Text(_) => None,
            };
            out.push_str(&self.linked(&text, path.as_deref(), place));
        }
        out
    }

    /// The page, and the place on it, that a link leads to.
    fn path_of(&self, names: &[String], of: &QualifiedName) -> Option<String> {
        let schemas = prose::home(of, self.report.dialect);
        match prose::target(self.report.catalog, names, &schemas)? {
            Target::Relation(name) | Target::Column(name, _) => self.relation_path(name),
            Target::Type(name) => self.type_path(name).cloned(),
            Target::Routine(routine) => {
                let kind = match routine.kind {
                    RoutineKind::Function => ObjectKind::Function,
                    RoutineKind::Procedure => ObjectKind::Procedure,
                };
                let id = ObjectId::overload(kind, routine.name.clone(), routine.signature());
                self.object_path(&id).cloned()
            }
        }
    }
}
