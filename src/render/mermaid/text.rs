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
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '%' | '\\' | '#' | '`' | '~' | '{' | '}' => {
                out.push_str(&format!("#{};", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    hide_directions(&out)
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
