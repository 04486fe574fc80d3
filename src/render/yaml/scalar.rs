//! One scalar as YAML: plain where every YAML reader takes it for the same text, else quoted.
//!
//! Invariant: YAML 1.1 and 1.2 agree on what is printed, so that words such as `no` and `on`,
//! numbers of every form and dates are quoted.

/// Where a scalar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Block,
    /// Within `[]` or `{}`, where commas and brackets end it.
    Flow,
}

/// A text on one line.
pub(super) fn scalar(text: &str, place: Place) -> String {
    if is_plain(text, place) {
        text.to_owned()
    } else if !text.chars().all(is_printable) {
        double_quoted(text)
    } else if text.contains('\'') && !text.contains(['"', '\\']) {
        // Within single quotes every quote of an SQL string would be doubled.
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// A text that may be read as a number or truth value: a plain one stays bare.
pub(super) fn literal(text: &str, place: Place) -> String {
    if is_integer(text) || matches!(text, "true" | "false") {
        text.to_owned()
    } else {
        scalar(text, place)
    }
}

pub(super) fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) <= 0xff => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if u32::from(c) <= 0xffff => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Whether a character stands for itself on a line, in every version of YAML.
pub(super) fn is_printable(c: char) -> bool {
    match u32::from(c) {
        0x20..=0x7e => true,
        0x00..=0x9f | 0xad => false,
        // Line breaks of YAML 1.1, the mark of byte order, what is no character.
        0x2028 | 0x2029 | 0xfeff => false,
        // Marks of direction and joiners: they would be there without being seen.
        0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 => false,
        0xe000..=0xf8ff => false,
        // Non-characters at the end of each plane, and the planes for private use.
        other => other & 0xfffe != 0xfffe && other < 0xe0000,
    }
}

fn is_plain(text: &str, place: Place) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().last()) else {
        return false;
    };
    let indicator = "-?:,[]{}#&*!|>'\"%@`=<~".contains(first);
    !indicator
        && first != ' '
        && last != ' '
        && last != ':'
        && text.chars().all(is_printable)
        && !text.contains(": ")
        && !text.contains(" #")
        && (place == Place::Block || !text.contains([',', '[', ']', '{', '}', ':', '?', '#']))
        && !is_word_of_yaml(text)
        && !looks_like_number(text)
}

fn is_word_of_yaml(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    )
}

/// Whether some reader might take it for a number, a date or a time.
fn looks_like_number(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let made = |c: char| {
        c.is_ascii_hexdigit()
            || matches!(c, 'x' | 'X' | 'o' | 'O' | '_' | '.' | ':' | '+' | '-')
            || matches!(c, 't' | 'T' | 'z' | 'Z' | ' ' | 'i' | 'I' | 'n' | 'N')
    };
    starts && text.chars().all(made)
}

/// A whole number that every reader takes for the same one.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = digits == "0" || !digits.starts_with('0');
    !digits.is_empty()
        && digits.len() < 19
        && canonical
        && text != "-0"
        && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_where_nobody_can_err() {
        for plain in [
            "tasks",
            "status <> 'done'",
            "varchar(200)",
            "a::text",
            "ä",
            "now()",
        ] {
            assert_eq!(scalar(plain, Place::Block), plain);
        }
    }

    #[test]
    fn what_is_something_else_to_some_reader_is_quoted() {
        for text in [
            "",
            "no",
            "On",
            "null",
            "12",
            "1e3",
            "0x1f",
            "2026-01-01",
            "12:30:00",
            "~",
            ".5",
            "a: b",
            "a #b",
            " a",
            "a ",
            "- a",
            "*",
            "a:",
            "=",
            "<<",
            "1_000",
            "+1",
            ".inf",
            ".nan",
        ] {
            assert_eq!(scalar(text, Place::Block), format!("'{text}'"), "{text}");
        }
        assert_eq!(scalar("numeric(1,2)", Place::Flow), "'numeric(1,2)'");
        assert_eq!(scalar("a::text", Place::Flow), "'a::text'");
    }

    #[test]
    fn sql_texts_keep_their_quotes() {
        assert_eq!(scalar("'user'", Place::Block), "\"'user'\"");
        assert_eq!(scalar("'a\"b'", Place::Block), "'''a\"b'''");
        assert_eq!(
            scalar("a\tb\u{1}\u{2028}", Place::Block),
            "\"a\\tb\\x01\\u2028\""
        );
    }

    #[test]
    fn literals_stay_bare() {
        for text in ["0", "-12", "true", "false"] {
            assert_eq!(literal(text, Place::Flow), text);
        }
        for text in ["007", "0.5", "1e3", "yes", "-0"] {
            assert_eq!(literal(text, Place::Flow), format!("'{text}'"));
        }
    }
}
