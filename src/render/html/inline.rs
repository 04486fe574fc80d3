//! The Markdown that view models hold, as HTML.
//!
//! It is our own Markdown, with few forms, and decided elsewhere. Invariants: no character of a text
//! becomes markup but through one of these forms, and a link leads nowhere but into the page.

/// How code is marked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Marked,
    /// Where all of a column is code, its style says so once.
    Bare,
}

/// A line of Markdown.
pub(in crate::render) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    line(text, Code::Marked, &mut out);
    out
}

/// A line of Markdown without the marks of code.
pub(in crate::render) fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    line(text, Code::Bare, &mut out);
    out
}

/// Paragraphs and fenced blocks.
pub(in crate::render) fn blocks(text: &str) -> String {
    let mut out = String::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks >= 3 {
            close(&mut paragraph, &mut out);
            let fence = &line[..ticks];
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            out.push_str("<pre><code>");
            escape_into(&code.join("\n"), &mut out);
            out.push_str("</code></pre>\n");
        } else if line.trim().is_empty() {
            close(&mut paragraph, &mut out);
        } else if item(line).is_some() {
            close(&mut paragraph, &mut out);
            list(line, &mut lines, &mut out);
        } else {
            paragraph.push(line);
        }
    }
    close(&mut paragraph, &mut out);
    out
}

/// The level, the number and the text of a line that begins an item of a list.
fn item(line: &str) -> Option<(usize, Option<&str>, &str)> {
    let text = line.trim_start_matches(' ');
    let level = (line.len() - text.len()) / 3;
    if let Some(rest) = text.strip_prefix("- ") {
        return Some((level, None, rest));
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text[digits..].strip_prefix(". ").filter(|_| digits > 0)?;
    Some((level, Some(&text[..digits]), rest))
}

/// A list, from its first line to the blank one behind it. What stands deeper is indented by its
/// style, so that no list has to be closed within another.
fn list<'a>(first: &'a str, lines: &mut impl Iterator<Item = &'a str>, out: &mut String) {
    let counted = item(first).is_some_and(|(_, number, _)| number.is_some());
    out.push_str(if counted { "<ul class=n>" } else { "<ul>" });
    let rest = lines.by_ref().take_while(|line| !line.trim().is_empty());
    for line in std::iter::once(first).chain(rest) {
        let Some((level, number, text)) = item(line) else {
            out.push_str(&inline(line.trim_start()));
            continue;
        };
        out.push_str(&format!("\n<li{}>", LEVELS[level.min(LEVELS.len() - 1)]));
        if let Some(number) = number {
            out.push_str(&format!("{number}. "));
        }
        out.push_str(&inline(text));
    }
    out.push_str("\n</ul>\n");
}

const LEVELS: [&str; 4] = ["", " class=l1", " class=l2", " class=l3"];

/// What an author says about something, as an element of its own.
pub(in crate::render) fn said(text: &str) -> String {
    let blocks = blocks(text);
    let one = blocks
        .strip_prefix("<p>")
        .and_then(|b| b.strip_suffix("</p>\n"));
    match one.filter(|one| !["<p>", "<pre>", "<ul"].iter().any(|tag| one.contains(tag))) {
        Some(one) => format!("<p class=said>{one}\n"),
        None => format!("<div class=said>{blocks}</div>\n"),
    }
}

fn close(paragraph: &mut Vec<&str>, out: &mut String) {
    if !paragraph.is_empty() {
        let lines: Vec<String> = paragraph.iter().map(|text| inline(text)).collect();
        out.push_str(&format!("<p>{}</p>\n", lines.join("\n")));
        paragraph.clear();
    }
}

/// A plain text.
pub(in crate::render) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(text, &mut out);
    out
}

fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        push(c, out);
    }
}

fn push(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\n' | '\t' => out.push(c),
        c if c.is_control() => out.push(' '),
        c => out.push(c),
    }
}

fn line(text: &str, code: Code, out: &mut String) {
    let mut rest = text;
    let mut strong = false;
    while let Some(c) = rest.chars().next() {
        if let Some(taken) = form(rest, code, &mut strong, out) {
            rest = &rest[taken..];
        } else {
            push(c, out);
            rest = &rest[c.len_utf8()..];
        }
    }
    if strong {
        out.push_str("</strong>");
    }
}

/// One of the forms at the start of `rest`, and how long it is.
fn form(rest: &str, code: Code, strong: &mut bool, out: &mut String) -> Option<usize> {
    let marks = code == Code::Marked;
    match rest.as_bytes()[0] {
        b'\\' => {
            let c = rest[1..].chars().next()?;
            push(c, out);
            Some(1 + c.len_utf8())
        }
        b'&' => {
            let end = rest.find(';').filter(|end| *end < 10)?;
            is_entity(&rest[1..end]).then(|| out.push_str(&rest[..=end]))?;
            Some(end + 1)
        }
        b'`' => {
            let end = rest[1..].find('`')? + 1;
            out.push_str(if marks { "<code>" } else { "" });
            escape_into(&rest[1..end], out);
            out.push_str(if marks { "</code>" } else { "" });
            Some(end + 1)
        }
        b'<' => {
            let tag = ["<code>", "</code>", "<br>"];
            let tag = tag.into_iter().find(|tag| rest.starts_with(tag))?;
            out.push_str(if marks || tag == "<br>" { tag } else { "" });
            Some(tag.len())
        }
        b'*' if rest.starts_with("**") => {
            out.push_str(if *strong { "</strong>" } else { "<strong>" });
            *strong = !*strong;
            Some(2)
        }
        b'[' => link(rest, code, out),
        _ => None,
    }
}

/// What we write ourselves: `&lt;`, `&#124;`.
fn is_entity(name: &str) -> bool {
    match name.strip_prefix('#') {
        Some(digits) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
        None => matches!(name, "lt" | "gt" | "amp" | "emsp"),
    }
}

/// `[text](#t=public.users)`; a link to a place that this page does not have is its text.
fn link(rest: &str, code: Code, out: &mut String) -> Option<usize> {
    let mut escaped = false;
    let mut end = None;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => return None,
            ']' => {
                end = Some(at);
                break;
            }
            _ => {}
        }
    }
    let end = end?;
    let target = rest[end..].strip_prefix("](")?;
    let close = target.find(')')?;
    let href = &target[..close];
    let inside = href.strip_prefix('#').and_then(|h| h.split_once('='));
    let inside = inside.is_some_and(|(kind, _)| kind.len() == 1);
    if inside {
        out.push_str("<a href=\"");
        escape_into(href, out);
        out.push_str("\">");
    }
    line(&rest[1..end], code, out);
    out.push_str(if inside { "</a>" } else { "" });
    Some(end + 2 + close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::markdown::text::{code, inline as markdown};

    #[test]
    fn texts_are_texts_whatever_they_hold() {
        for text in [
            "<script>alert(1)</script>",
            "a|b `c` **d** _e_ [f](#t=g) &lt; \\",
            "]](#t=x) <code> </code> <br>",
            "$x$ ~y~ 1. # - &#60;",
        ] {
            let said = decoded(&inline(&markdown(text)));
            assert_eq!(said, decoded(&escape(text)), "{text}");
            let marked = format!("<code>{}</code>", escape(text));
            assert_eq!(decoded(&inline(&code(text))), decoded(&marked), "{text}");
        }
    }

    /// Numeric entities of `code` as the others.
    fn decoded(html: &str) -> String {
        let mut out = html.to_owned();
        for c in "|`*_[]<>&~$\\@!\" :".chars() {
            out = out.replace(&format!("&#{};", u32::from(c)), &escape(&c.to_string()));
        }
        out
    }

    #[test]
    fn links_stay_on_the_page() {
        assert_eq!(
            inline("[a\\]](#t=public.a)"),
            "<a href=\"#t=public.a\">a]</a>"
        );
        assert_eq!(inline("[a](javascript:alert)"), "a");
        assert_eq!(inline("[Shape](#json-shapes)."), "Shape.");
        assert_eq!(bare("[`a`](#t=a)"), "<a href=\"#t=a\">a</a>");
    }

    #[test]
    fn lists() {
        assert_eq!(
            blocks("a\n\n- b<br>\n   c\n   2. d\n\ne"),
            "<p>a</p>\n<ul>\n<li>b<br>c\n<li class=l1>2. d\n</ul>\n<p>e</p>\n"
        );
    }

    #[test]
    fn paragraphs_and_fences() {
        assert_eq!(
            blocks("a\nb\n\n```sql\nselect '<';\n\n```\nc"),
            "<p>a\nb</p>\n<pre><code>select '&lt;';\n</code></pre>\n<p>c</p>\n"
        );
    }
}
