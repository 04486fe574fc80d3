//! Text of a schema as Rust: literals, identifiers, doc comments.
//!
//! Invariants: whatever a name, default or comment holds, the result is one literal, one
//! identifier or one run of doc comments; nothing of it is read as code, as a doctest or as
//! markup that rustdoc or clippy object to.

use super::layout::width;

/// A string literal with its quotes.
pub(crate) fn rust_str(text: &str) -> String {
    format!("\"{}\"", rust_str_inner(text))
}

/// The inside of a string literal.
pub(super) fn rust_str_inner(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// A text that goes through `format!` as it is.
pub(super) fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// Control characters, and those that reorder or hide text, which rustc refuses in sources.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Words that are no identifiers in edition 2024, but for a few that raw identifiers cannot be.
static KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

/// A snake case identifier, raw or with an underscore where it would be a keyword.
pub(crate) fn rust_ident(text: &str) -> String {
    let name = super::words::snake(text);
    match name.as_str() {
        "self" | "super" | "crate" => name + "_",
        word if is_keyword(word) => format!("r#{word}"),
        _ => name,
    }
}

/// The lines of a comment as doc text, without the slashes; empty lines only between others.
pub(crate) fn doc(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = doc_line(line.trim());
        if !line.is_empty() || lines.last().is_some_and(|l| !l.is_empty()) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// One line of prose: what would start a list, a heading, a quote, a table, a link or a tag is
/// escaped, so that rustdoc shows what the author wrote.
fn doc_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let marker = line.starts_with(['-', '+', '*', '#', '>', '=', '|', '~', '_', '/', '!']);
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && line[digits..].starts_with(['.', ')']);
    if marker {
        out.push('\\');
    }
    let ticks = line.matches('`').count();
    let code_closed = ticks.is_multiple_of(2) && !line.contains("``");
    let mut in_code = false;
    for (i, c) in line.char_indices() {
        match c {
            '`' if code_closed => {
                in_code = !in_code;
                out.push(c);
            }
            '`' => out.push_str("\\`"),
            '[' | ']' | '<' | '\\' if !in_code => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if numbered && i == digits => {
                out.push('\\');
                out.push(c);
            }
            '\t' => out.push(' '),
            c if is_hidden(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Prose in lines of at most `limit` columns. No line is broken within a code span, nor before a
/// word that would begin a list or a heading.
pub(super) fn wrapped(text: &str, limit: usize) -> Vec<String> {
    if text.len() <= limit {
        return vec![text.to_owned()];
    }
    let (mut lines, mut line, mut ticks) = (Vec::new(), String::new(), 0);
    let mut column = 0;
    for word in text.split(' ') {
        let plain = word.starts_with(|c: char| c.is_alphabetic() || c == '`');
        let wide = width(word);
        let breaks = ticks % 2 == 0 && plain && column + 1 + wide > limit;
        if breaks && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            column = 0;
        } else if !line.is_empty() {
            line.push(' ');
            column += 1;
        }
        line.push_str(word);
        column += wide;
        ticks += word.matches('`').count();
    }
    lines.push(line);
    lines
}

/// SQL in a code span; text with backticks gets a longer fence.
pub(super) fn code(sql: &str) -> String {
    let sql: String = sql
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .map(|c| if is_hidden(c) { '\u{fffd}' } else { c })
        .collect();
    let longest = sql.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 {
        format!("{fence}{sql}{fence}")
    } else {
        format!("{fence} {sql} {fence}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn a_literal_stays_one_literal() {
        let hostile = "a\"; panic!(); \\ \n \u{202e} \0";
        let literal = rust_str(hostile);
        assert_eq!(literal, r#""a\"; panic!(); \\ \n \u{202e} \u{0}""#);
        let parsed: syn::LitStr = syn::parse_str(&literal).unwrap();
        assert_eq!(parsed.value(), hostile);
    }

    #[test]
    fn identifiers_are_escaped() {
        assert_eq!(rust_ident("type"), "r#type");
        assert_eq!(rust_ident("Self"), "self_");
        assert_eq!(rust_ident("x; drop"), "x_drop");
        assert_eq!(rust_ident("1a"), "n1a");
        assert_eq!(rust_ident("%"), "percent");
        assert_eq!(rust_ident(""), "empty");
    }

    #[test]
    fn a_comment_makes_no_doctest_and_no_code() {
        assert_eq!(
            doc("```\nstd::process::exit(1)\n```"),
            ["\\`\\`\\`", "std::process::exit(1)", "\\`\\`\\`"]
        );
        assert_eq!(doc("a\r\nb\r#c"), ["a", "b\u{fffd}#c"]);
        assert_eq!(doc("  - item [x] <y>"), ["\\- item \\[x\\] \\<y>"]);
        assert_eq!(doc("1. one `<ok>`"), ["1\\. one `<ok>`"]);
        assert_eq!(doc("\n\n a\n\n\n b \n\n"), ["a", "", "b"]);
        assert_eq!(code("a ` b"), "`` a ` b ``");
    }
}
