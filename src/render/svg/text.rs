//! Texts as XML holds them.

/// A text as content or attribute: on one line, without what XML forbids.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A text that somebody wrote, cut where it is too long for a tip.
pub(super) fn tip(text: &str) -> String {
    const MAX: usize = 600;
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = words.join(" ");
    match words.char_indices().nth(MAX) {
        None => escape(&words),
        Some((at, _)) => format!("{}…", escape(&words[..at])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            escape("<a b=\"c\">&\n\u{0}]]>"),
            "&lt;a b=&quot;c&quot;&gt;&amp;  ]]&gt;"
        );
        assert_eq!(tip(" a \n b "), "a b");
        assert_eq!(tip(&"x".repeat(5_000_000)).chars().count(), 601);
    }
}
