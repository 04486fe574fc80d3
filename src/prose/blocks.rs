//! Paragraphs and lists.

/// A part of a text that stands apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// Its lines.
    Paragraph(Vec<&'a str>),
    List(Vec<Item<'a>>),
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// How deep it stands, from 0.
    pub level: usize,
    /// Its number, where it has one.
    pub number: Option<&'a str>,
    pub lines: Vec<&'a str>,
}

/// Lists within lists are followed so deep.
const MAX_LEVEL: usize = 3;

/// The paragraphs and lists of a text.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut reader = Reader::default();
    for line in text.trim_matches(['\n', '\r']).lines() {
        reader.line(line);
    }
    reader.blocks
}

#[derive(Default)]
struct Reader<'a> {
    blocks: Vec<Block<'a>>,
    /// Whether the line before was blank, or is not there.
    apart: bool,
    /// How far the items around the current one are indented.
    indents: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a str) {
        let text = line.trim();
        if text.is_empty() {
            self.apart = true;
            return;
        }
        let indent = indent(line);
        let in_list = matches!(self.blocks.last(), Some(Block::List(_)));
        match marker(text) {
            // As in Markdown, a number in the middle of a paragraph is a number.
            Some((number, rest)) if in_list || self.may_begin(number) => {
                self.item(indent, number, rest);
            }
            _ => match self.blocks.last_mut() {
                Some(Block::Paragraph(lines)) if !self.apart => lines.push(text),
                Some(Block::List(items)) if indent > 0 || !self.apart => {
                    if let Some(item) = items.last_mut() {
                        item.lines.push(text);
                    }
                }
                _ => self.blocks.push(Block::Paragraph(vec![text])),
            },
        }
        self.apart = false;
    }

    fn may_begin(&self, number: Option<&str>) -> bool {
        self.apart || self.blocks.is_empty() || number.is_none_or(|number| number == "1")
    }

    fn item(&mut self, indent: usize, number: Option<&'a str>, rest: &'a str) {
        if !matches!(self.blocks.last(), Some(Block::List(_))) {
            self.blocks.push(Block::List(Vec::new()));
            self.indents.clear();
        }
        while self.indents.last().is_some_and(|last| *last >= indent) {
            self.indents.pop();
        }
        let level = self.indents.len().min(MAX_LEVEL);
        self.indents.push(indent);
        if let Some(Block::List(items)) = self.blocks.last_mut() {
            items.push(Item {
                level,
                number,
                lines: vec![rest],
            });
        }
    }
}

fn indent(line: &str) -> usize {
    let blank = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    blank.map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// The mark of a list's item: its number, where it has one, and the text behind it.
fn marker(text: &str) -> Option<(Option<&str>, &str)> {
    for mark in ["- ", "* ", "+ ", "• "] {
        if let Some(rest) = text.strip_prefix(mark) {
            return Some((None, rest.trim_start()));
        }
    }
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let rest = text[end..].strip_prefix(['.', ')'])?.strip_prefix(' ')?;
    matches!(end, 1..=3).then(|| (Some(&text[..end]), rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<String> {
        let mut shape = Vec::new();
        for block in blocks(text) {
            match block {
                Block::Paragraph(lines) => shape.push(lines.join("/")),
                Block::List(items) => shape.extend(items.iter().map(|item| {
                    let number = item.number.unwrap_or("-");
                    format!(
                        "{}{number} {}",
                        ">".repeat(item.level),
                        item.lines.join("/")
                    )
                })),
            }
        }
        shape
    }

    #[test]
    fn paragraphs_keep_their_lines_and_lists_their_items() {
        let text = "\na\nb\n\nc:\n- one\n  more\n  * inner\n- two\n\n1. x\n2) y\n\nd";
        let expected = [
            "a/b",
            "c:",
            "- one/more",
            ">- inner",
            "- two",
            "1 x",
            "2 y",
            "d",
        ];
        assert_eq!(shape(text), expected);
    }

    #[test]
    fn what_only_looks_like_a_list_is_text() {
        assert_eq!(shape("built in\n15. May"), ["built in/15. May"]);
        assert_eq!(shape("-1 means none\n--\n- "), ["-1 means none/--/-"]);
        assert_eq!(shape("2024. It"), ["2024. It"]);
    }

    #[test]
    fn depth_is_limited() {
        let text: String = (0..50).map(|n| format!("{}- x\n", " ".repeat(n))).collect();
        let Some(Block::List(items)) = blocks(&text).pop() else {
            panic!("no list");
        };
        assert_eq!(items.iter().map(|i| i.level).max(), Some(MAX_LEVEL));
        assert_eq!(items.len(), 50);
    }
}
