//! What authors write about a schema in words: paragraphs, lists, and links to tables and columns.
//!
//! Invariants: nothing but a list's mark and `[[name]]` means anything, all else is text; no byte of
//! a text but white space and marks is lost; the time is linear in the text.

mod blocks;
mod links;

use std::borrow::Cow;

pub use blocks::{Block, Item, blocks};
pub use links::{Link, Piece, Target, home, pieces, target};

/// A text without the marks of its links, for places that have none.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains("[[") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        out.push_str(match &piece {
            Piece::Text(text) => text,
            Piece::Link(link) => link.text,
        });
    }
    Cow::Owned(out)
}

/// A text that is no longer than `most` bytes, and says how much of it is missing.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let missing = text[end..].chars().count();
    Cow::Owned(format!("{}… ({missing} more characters)", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_their_names_where_there_are_none() {
        assert_eq!(
            plain("see [[users]] and [[a.b]], not [[1, 2]]"),
            "see users and a.b, not [[1, 2]]"
        );
        assert!(matches!(plain("nothing"), Cow::Borrowed("nothing")));
    }

    #[test]
    fn what_is_cut_is_counted() {
        assert_eq!(shortened("abc", 3), "abc");
        assert_eq!(shortened("aüc", 2), "a… (2 more characters)");
        let long = "x".repeat(5_000_000);
        assert!(shortened(&long, 100).len() < 150);
    }
}
