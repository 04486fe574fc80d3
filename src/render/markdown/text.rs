//! Text as Markdown takes it: whatever it holds, it changes nothing but its own place.
//!
//! Written for GitHub's dialect and the code hosts that follow it (tables, strikethrough, `$math$`).

/// Prose on one line, for headings, links and lists.
pub(crate) fn inline(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    escape_line(&words.join(" "), true)
}

/// What we say ourselves: what stands between backticks is code, and it begins with a capital unless
/// that is the one of a name.
pub(crate) fn remark(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (n, part) in text.trim().split('`').enumerate() {
        // An odd number of backticks is closed by the end of the text.
        match n % 2 {
            1 if !part.is_empty() => out.push_str(&code(part)),
            _ => {
                let spaced: String = part
                    .chars()
                    .map(|c| if c.is_control() { ' ' } else { c })
                    .collect();
                out.push_str(&escape_line(&spaced, n == 0));
            }
        }
    }
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_name = word.trim_end_matches('.').contains(['.', '_']);
    let mut characters = out.chars();
    match characters.next().filter(|_| !is_name) {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => out,
    }
}

/// Prose in a cell of a table: line ends become breaks.
pub(crate) fn cell(text: &str) -> String {
    let lines: Vec<String> = lines(text).iter().map(|line| inline(line)).collect();
    lines.join("<br>")
}

/// The first sentence of a text, for lists.
pub(crate) fn summary(text: &str) -> String {
    let text = text.trim();
    let paragraph = text.split("\n\n").next().unwrap_or(text);
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let line = words.join(" ");
    match line.find(". ") {
        Some(end) => line[..=end].to_owned(),
        None => line,
    }
}

/// The lines of a text without leading and trailing blank ones, control characters gone.
fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.trim()
        .split('\n')
        .map(|line| {
            line.chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect()
        })
        .collect()
}

/// Prose without a meaning; `begins` says whether it stands at the beginning of its line.
pub(super) fn escape_line(text: &str, begins: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let characters: Vec<char> = text.chars().collect();
    for (at, c) in characters.iter().enumerate() {
        match c {
            '\\' => out.push_str("&#92;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '`' | '*' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(*c);
            }
            // Within a word it is no emphasis, and names are full of them.
            '_' if !within_word(&characters, at) => out.push_str("\\_"),
            '#' | '+' | '-' | '=' | ':' if begins && at == 0 => {
                out.push('\\');
                out.push(*c);
            }
            '.' | ')' if begins && characters[..at].iter().all(char::is_ascii_digit) => {
                out.push('\\');
                out.push(*c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(*c),
        }
    }
    out
}

/// Whether the underscores around `at` stand between letters or digits.
fn within_word(characters: &[char], at: usize) -> bool {
    let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
    let before = characters[..at].iter().rev().find(|c| **c != '_');
    let after = characters[at..].iter().find(|c| **c != '_');
    is_word(before) && is_word(after)
}

/// A name or a piece of SQL as code, in any place on a line.
///
/// What a code span cannot hold in every place (a pipe in a table, a backtick) is written as an
/// HTML element whose characters are entities.
pub(crate) fn code(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_graphic() && !b"`|\\$".contains(&b);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return format!("`{text}`");
    }
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let plain = !spaced.contains(['`', '|', '\\', '$'])
        && !spaced.is_empty()
        && spaced.trim().len() == spaced.len()
        && !spaced.contains("  ");
    if plain {
        return format!("`{spaced}`");
    }
    let padded = spaced.trim().len() < spaced.len();
    let mut out = String::from("<code>");
    for (at, c) in spaced.char_indices() {
        let entity = match c {
            ' ' => padded || spaced[at + 1..].starts_with(' '),
            // What starts a link without being asked to.
            ':' => spaced[at + 1..].starts_with('/'),
            c => "|`*_[]<>&~$\\@!\"".contains(c),
        };
        match entity {
            true => out.push_str(&format!("&#{};", u32::from(c))),
            false => out.push(c),
        }
    }
    out.push_str("</code>");
    out
}

/// A link. `href` is one of our own making: a file name or an anchor.
pub(super) fn link(text: &str, href: &str) -> String {
    format!("[{text}]({href})")
}

/// A fenced block, with a fence that its text cannot close.
pub(crate) fn fence(language: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text
        .chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let ticks = "`".repeat((longest + 1).max(3));
    let text = text.trim_matches('\n').trim_end();
    format!("{ticks}{language}\n{text}\n{ticks}")
}

/// `1 table`, `2 tables`, `2 foreign keys`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_not_markdown() {
        assert_eq!(
            inline("a|b `c` <d> [e](f)"),
            "a\\|b \\`c\\` &lt;d&gt; \\[e\\](f)"
        );
        assert_eq!(
            inline("user_id and _emphasis_"),
            "user_id and \\_emphasis\\_"
        );
        assert_eq!(inline("# no heading"), "\\# no heading");
        assert_eq!(inline("12. no item"), "12\\. no item");
        assert_eq!(inline("costs $5 & $6"), "costs \\$5 &amp; \\$6");
        assert_eq!(inline("a\\|b"), "a&#92;\\|b");
        assert_eq!(inline("__init__ a__b"), "\\_\\_init\\_\\_ a__b");
    }

    #[test]
    fn remarks_hold_code() {
        assert_eq!(
            remark("add `a|b` to x_y\n*z*"),
            "Add <code>a&#124;b</code> to x_y \\*z\\*"
        );
        assert_eq!(remark("a `b"), "A `b`");
        assert_eq!(remark("public.a is no b"), "public.a is no b");
        assert_eq!(remark("done."), "Done.");
        assert_eq!(remark(" a "), "A");
        assert_eq!(remark(""), "");
    }

    #[test]
    fn cells_are_one_line() {
        assert_eq!(cell("a\r\nb\n\nc|d\n"), "a<br>b<br><br>c\\|d");
        assert_eq!(cell(""), "");
    }

    #[test]
    fn code_holds_anything() {
        assert_eq!(code("now()"), "`now()`");
        assert_eq!(code("a|b"), "<code>a&#124;b</code>");
        assert_eq!(code("`"), "<code>&#96;</code>");
        assert_eq!(code(" "), "<code>&#32;</code>");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(code(""), "<code></code>");
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(fence("sql", "a\n```\nb\n"), "````sql\na\n```\nb\n````");
    }

    #[test]
    fn summaries_are_first_sentences() {
        assert_eq!(summary("One thing. Another."), "One thing.");
        assert_eq!(summary("One\nline\n\nMore"), "One line");
    }
}
