//! Names, types and sentences as Mermaid's lexers take them.
//!
//! Every rule here answers something that real Mermaid (10.9 to 12) refuses, misreads or drops.

/// The longest label, in characters: a longer one makes a diagram nobody can read.
const MAX_LABEL: usize = 80;

/// The longest word of an attribute, in characters.
const MAX_WORD: usize = 63;

/// A text between double quotes, without the quotes: never empty, on one line, and with every
/// character that some Mermaid lexer takes for syntax written as an entity code.
pub(crate) fn label(text: &str) -> String {
    let text = cut(&one_line(text), MAX_LABEL);
    if text.is_empty() {
        return "#32;".to_owned();
    }
    let marks = list_mark(&text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map_or(' ', |(_, c)| *c);
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '%' | '\\' | '#' | '`' | '~' | '{' | '}' => push_code(&mut out, c),
            c if Some(at) == marks || is_markdown(before, c, after) => push_code(&mut out, c),
            c => out.push(c),
        }
        before = c;
    }
    hide_directions(&out)
}

fn push_code(out: &mut String, c: char) {
    out.push_str(&format!("#{};", u32::from(c)));
}

/// Mermaid 11.6 reads labels as Markdown, knows little of it, and draws "Unsupported markdown" in
/// place of what it does not know: where the mark is that makes a text a list or a rule.
fn list_mark(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits)? {
        b'-' | b'+' if digits == 0 => Some(0),
        b'.' | b')' if digits > 0 => Some(digits),
        _ => None,
    }
}

/// Whether a character between two others makes something of Markdown: emphasis, a link written or
/// guessed, a formula; or an icon, which is `fa:` and a name.
fn is_markdown(before: char, c: char, after: char) -> bool {
    match c {
        '*' | '[' | '@' => true,
        '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
        ':' => !after.is_whitespace(),
        '$' => after == '$' || before == '$',
        '.' => before == 'w' || before == 'W',
        _ => false,
    }
}

/// A sentence for `accTitle` and `accDescr`, which end at the line's end and take no entities.
pub(crate) fn sentence(text: &str) -> String {
    let plain: String = one_line(text)
        .chars()
        .map(|c| match c {
            '%' | '#' | ';' | '{' | '}' | '<' | '>' | '"' | '\\' | '`' | '~' => ' ',
            c => c,
        })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    cut(&words.join(" "), 2 * MAX_LABEL)
}

/// A type or column name as the grammar of attributes takes it:
/// `[*A-Za-z_][A-Za-z0-9_\-\[\]()*]*`, and never one of the key words `PK`, `FK` and `UK`.
pub(crate) fn word(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(MAX_WORD) {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' | '[' | ']' | '(' | ')' => out.push(c),
            ',' => out.push('-'),
            '"' => {}
            _ => out.push('_'),
        }
    }
    if !out.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        out.insert(0, '_');
    }
    // The lexer takes `pk` for the key word wherever a word ends after it: `pk[]`, `pk-x`.
    let stem = out
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(out.len());
    if ["pk", "fk", "uk"].contains(&out[..stem].to_ascii_lowercase().as_str()) {
        out.insert(stem, '_');
    }
    plain(out)
}

/// A word that Markdown takes for nothing else: words have no entity codes. What goes is in the
/// comment, with the rest of the name.
fn plain(word: String) -> String {
    if word.bytes().all(|b| b == b'_') {
        return "_".to_owned();
    }
    let mut out = word.replace("](", "]_(");
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let opens = out.char_indices().any(|(at, c)| {
        let inside = out[at..].trim_start_matches('_').chars().next();
        c == '_' && is_edge(out[..at].chars().next_back()) && !is_edge(inside)
    });
    if opens {
        // Emphasis needs an end, which is underscores before an edge.
        let mut shown = String::with_capacity(out.len());
        for c in out.chars() {
            if is_edge(Some(c)) && shown.ends_with('_') && shown.len() > 1 {
                let kept = shown.trim_end_matches('_').len();
                shown.truncate(kept.max(1));
            }
            shown.push(c);
        }
        let kept = shown.trim_end_matches('_').len();
        shown.truncate(kept.max(1));
        out = shown;
    }
    out
}

/// Control characters and line ends become spaces; runs of white space become one.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ")
}

/// At most `max` characters, an ellipsis being the last where something was cut.
fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some(_) => {
            let mut short: String = text.chars().take(max - 1).collect();
            short.push('…');
            short
        }
    }
}

/// A line with `direction TB` anywhere in it, a label included, is read as a statement and its
/// relation lost: the space between the words becomes an entity code.
fn hide_directions(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, _) in lower.match_indices("direction ") {
        let after = at + "direction ".len();
        let word = lower.get(after..after + 2).unwrap_or("");
        if ["tb", "bt", "rl", "lr"].contains(&word) {
            out.push_str(&text[rest..after - 1]);
            out.push_str("#32;");
            rest = after;
        }
    }
    out.push_str(&text[rest..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hold_nothing_that_is_syntax() {
        assert_eq!(label("a \"b\"\n%% c\\"), "a #quot;b#quot; #37;#37; c#92;");
        assert_eq!(label("<b>#quot;"), "#lt;b#gt;#35;quot;");
        assert_eq!(label(""), "#32;");
        assert_eq!(label("\u{0}\t "), "#32;");
        assert_eq!(label(&"x".repeat(100)).chars().count(), MAX_LABEL);
    }

    #[test]
    fn labels_are_no_markdown() {
        assert_eq!(label("+ users"), "#43; users");
        assert_eq!(label("- [x](y)"), "#45; #91;x](y)");
        assert_eq!(label("2. step"), "2#46; step");
        assert_eq!(label("_a_ __b_c"), "#95;a#95; #95;#95;b_c");
        assert_eq!(label("a*b"), "a#42;b");
        assert_eq!(label("http://www.x"), "http#58;//www#46;x");
        assert_eq!(label("a@b.c $$x$$"), "a#64;b.c #36;#36;x#36;#36;");
        assert_eq!(label("new: user_id, 2.5"), "new: user_id, 2.5");
    }

    #[test]
    fn words_are_no_markdown() {
        assert_eq!(word("_x_"), "_x");
        assert_eq!(word("__v"), "__v");
        assert_eq!(word("v__"), "v__");
        assert_eq!(word("名前欄"), "_");
        assert_eq!(word("_"), "_");
        assert_eq!(word("a-_b_[]"), "a-_b[]");
        assert_eq!(word("x[a](b)"), "x[a]_(b)");
    }

    #[test]
    fn directions_are_hidden_in_any_case() {
        assert_eq!(label("direction TB"), "direction#32;TB");
        assert_eq!(label("In Direction  lr x"), "In Direction#32;lr x");
        assert_eq!(label("direction to"), "direction to");
        assert_eq!(label("direction ü"), "direction ü");
    }

    #[test]
    fn words_match_the_grammar_of_attributes() {
        assert_eq!(word("numeric(10,2)"), "numeric(10-2)");
        assert_eq!(word("double precision"), "double_precision");
        assert_eq!(word("2fa"), "_2fa");
        assert_eq!(word("a.b$c?"), "a_b_c_");
        assert_eq!(word("straße"), "stra_e");
        assert_eq!(word(""), "_");
        assert_eq!(word("-x"), "_-x");
    }

    #[test]
    fn key_words_are_no_names() {
        assert_eq!(word("pk"), "pk_");
        assert_eq!(word("Uk"), "Uk_");
        assert_eq!(word("fk[]"), "fk_[]");
        assert_eq!(word("pk-x"), "pk_-x");
        assert_eq!(word("pk_x"), "pk_x");
        assert_eq!(word("pkx"), "pkx");
    }

    #[test]
    fn sentences_lose_what_has_no_escape() {
        assert_eq!(sentence("a; %%{b}\n\"c\""), "a b c");
    }
}
