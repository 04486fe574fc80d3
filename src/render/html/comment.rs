//! The comment on a pull request as a page of its own.
//!
//! Invariant: only the forms that our own Markdown has become elements; every other line is text.

use serde::Serialize;

use super::content_policy::{condensed, policy};
use super::inline::{escape, inline};
use crate::render::{RenderError, Templates};

/// The page; its strings are HTML.
#[derive(Serialize)]
struct Page {
    policy: String,
    style: String,
    body: String,
    picture: String,
}

/// A comment and a picture of what it is about as one page without scripts.
pub fn comment_page(
    templates: &Templates,
    comment: &str,
    picture: &str,
) -> Result<String, RenderError> {
    let style = condensed(super::STYLE);
    let own = picture
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"));
    let mut styles = vec![style.as_str()];
    styles.extend(own.map(|(text, _)| text));
    let page = Page {
        policy: policy(&styles, &[]),
        body: blocks(comment),
        picture: picture.to_owned(),
        style,
    };
    templates.render("html/review.html.j2", page)
}

fn blocks(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks >= 3 {
            let fence = &line[..ticks];
            let code: Vec<&str> = lines.by_ref().take_while(|l| *l != fence).collect();
            // The picture takes the place of what other programs draw.
            if !line.ends_with("mermaid") {
                out.push_str(&format!(
                    "<pre><code>{}</code></pre>\n",
                    escape(&code.join("\n"))
                ));
            }
        } else if let Some(title) = line.strip_prefix("### ") {
            out.push_str(&format!("<h2>{}</h2>\n", inline(title)));
        } else if let Some(kind) = line.strip_prefix("> [!") {
            let mut said = Vec::new();
            while let Some(more) = lines.next_if(|l| l.starts_with("> ")) {
                said.push(more.trim_start_matches("> ").trim_start_matches("- "));
            }
            let said: Vec<String> = said.into_iter().map(inline).collect();
            let class = kind.trim_end_matches(']').to_lowercase();
            out.push_str(&format!(
                "<p class=\"notes {}\">{}\n",
                escape(&class),
                said.join("<br>")
            ));
        } else if line.starts_with("| ") {
            out.push_str("<table class=changes>\n");
            row(line, "th", &mut out);
            while let Some(line) = lines.next_if(|l| l.starts_with('|')) {
                if !line.starts_with("|-") {
                    row(line, "td", &mut out);
                }
            }
            out.push_str("</table>\n");
        } else if let Some(item) = line.strip_prefix("- ") {
            out.push_str(&format!("<ul><li>{}\n", inline(item)));
            while let Some(line) = lines.next_if(|l| l.starts_with("- ")) {
                out.push_str(&format!("<li>{}\n", inline(&line[2..])));
            }
            out.push_str("</ul>\n");
        } else if let Some(title) = line.strip_prefix("<details><summary>") {
            let title = title.trim_end_matches("</summary>");
            out.push_str(&format!("<details><summary>{}</summary>\n", inline(title)));
        } else if line == "</details>" {
            out.push_str("</details>\n");
        } else if !line.is_empty() && !line.starts_with("<!--") {
            out.push_str(&format!("<p>{}\n", inline(line)));
        }
    }
    out
}

/// The cells of a row; a bar within one has a backslash before it.
fn row(line: &str, tag: &str, out: &mut String) {
    let inner = line
        .trim_start_matches('|')
        .trim_end()
        .trim_end_matches('|');
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in inner.chars() {
        if c == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    out.push_str("<tr>");
    for cell in cells {
        out.push_str(&format!("<{tag}>{}", inline(cell.trim())));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_comment() {
        let text = "<!-- x -->\n### a `b`\n\n> [!CAUTION]\n> - **c**: d\n\n| | e |\n|---|---|\n| f | g\\|h |\n\n\
                    <details><summary>i</summary>\n\n- j\n- k\n\n```sql\n<l>\n```\n\n</details>\n";
        assert_eq!(
            blocks(text),
            "<h2>a <code>b</code></h2>\n<p class=\"notes caution\"><strong>c</strong>: d\n\
             <table class=changes>\n<tr><th><th>e\n<tr><td>f<td>g|h\n</table>\n\
             <details><summary>i</summary>\n<ul><li>j\n<li>k\n</ul>\n\
             <pre><code>&lt;l&gt;</code></pre>\n</details>\n"
        );
    }

    #[test]
    fn other_markup_is_text() {
        assert_eq!(blocks("<b>x</b>"), "<p>&lt;b&gt;x&lt;/b&gt;\n");
    }
}
