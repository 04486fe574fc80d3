//! Words: identifiers of SQL as identifiers of Rust, singular and plural.

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::dialect::{Dialect, cut_identifier};

/// Singulars that rules get wrong, and words that have none.
static SINGULARS: &[(&str, &str)] = &[
    ("addresses", "address"),
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("axes", "axis"),
    ("bonuses", "bonus"),
    ("buses", "bus"),
    ("business", "business"),
    ("caches", "cache"),
    ("canvas", "canvas"),
    ("data", "data"),
    ("databases", "database"),
    ("dns", "dns"),
    ("gps", "gps"),
    ("https", "https"),
    ("kudos", "kudos"),
    ("leaves", "leave"),
    ("media", "media"),
    ("metadata", "metadata"),
    ("movies", "movie"),
    ("news", "news"),
    ("os", "os"),
    ("phases", "phase"),
    ("releases", "release"),
    ("responses", "response"),
    ("series", "series"),
    ("sms", "sms"),
    ("species", "species"),
    ("status", "status"),
    ("statuses", "status"),
    ("viruses", "virus"),
];

/// `name` as a snake case word, not yet escaped.
pub(super) fn snake(name: &str) -> String {
    start_with_letter(words(name).to_snake_case(), 'n', "empty")
}

/// `name` as a type or variant.
pub(super) fn pascal(name: &str) -> String {
    let pascal = start_with_letter(words(name).to_upper_camel_case(), 'N', "Empty");
    match pascal.as_str() {
        "Self" => "SelfValue".to_owned(),
        // Where the name was cut: an underscore would be no camel case.
        _ => pascal.replace('_', "X"),
    }
}

/// `name` as a constant.
pub(super) fn constant(name: &str) -> String {
    snake(name).to_uppercase()
}

fn start_with_letter(word: String, letter: char, empty: &str) -> String {
    let word = cut_identifier(Dialect::Postgres, &word);
    match word.chars().next() {
        None => empty.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{letter}{word}"),
        Some(_) => word,
    }
}

/// What an identifier can hold, the rest as underscores; where nothing would be left, the names of
/// the signs.
fn words(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || is_letter(c);
    if name.chars().any(kept) {
        return name
            .chars()
            .map(|c| if kept(c) { c } else { '_' })
            .collect();
    }
    let mut words = String::new();
    for c in name.chars().filter(|c| *c != '_') {
        match sign(c) {
            Some(word) => words.push_str(word),
            None => words.push_str(&format!("u{:04x}", u32::from(c))),
        }
        words.push('_');
    }
    words
}

/// Letters beyond ASCII that are letters in identifiers, and that normalisation leaves alone.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{17e}'
        | '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3c9}' | '\u{400}'..='\u{481}'
        | '\u{48a}'..='\u{52f}' | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}'
        | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}')
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        ' ' => "space",
        '!' => "bang",
        '"' => "quote",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "and",
        '\'' => "apostrophe",
        '(' => "open",
        ')' => "close",
        '*' => "star",
        '+' => "plus",
        ',' => "comma",
        '-' => "minus",
        '.' => "dot",
        '/' => "slash",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "less",
        '=' => "equal",
        '>' => "greater",
        '?' => "question",
        '@' => "at",
        '[' => "open_bracket",
        '\\' => "backslash",
        ']' => "close_bracket",
        '^' => "caret",
        '`' => "backtick",
        '{' => "open_brace",
        '|' => "bar",
        '}' => "close_brace",
        '~' => "tilde",
        _ => return None,
    })
}

/// The last word in the singular.
pub(super) fn singular(name: &str) -> String {
    inflect_last(name, |word| {
        let lower = word.to_ascii_lowercase();
        if let Some((_, singular)) = SINGULARS.iter().find(|(plural, _)| *plural == lower) {
            return (*singular).to_owned();
        }
        let left_alone = ["ss", "us", "is"].iter().any(|end| lower.ends_with(end));
        if !lower.ends_with('s') && !lower.ends_with("en") && !lower.ends_with("ple") || left_alone
        {
            return word.to_owned();
        }
        pluralizer::pluralize(word, 1, false)
    })
}

/// The last word in the plural.
pub(super) fn plural(name: &str) -> String {
    inflect_last(name, |word| {
        let known = SINGULARS
            .iter()
            .find(|(plural, singular)| *singular == word && plural != singular);
        known.map_or_else(
            || pluralizer::pluralize(word, 2, false),
            |(plural, _)| (*plural).to_owned(),
        )
    })
}

fn inflect_last(name: &str, inflect: impl Fn(&str) -> String) -> String {
    let letters = |c: char| c.is_ascii_alphabetic();
    let start = name.rfind(|c| !letters(c)).map_or(0, |i| {
        i + name[i..].chars().next().map_or(0, char::len_utf8)
    });
    let (head, last) = name.split_at(start);
    // In `userAccounts` the last word is `Accounts`.
    let camel = last.rfind(|c: char| c.is_ascii_uppercase()).unwrap_or(0);
    let (middle, word) = last.split_at(camel);
    if word.is_empty() {
        return name.to_owned();
    }
    format!("{head}{middle}{}", inflect(word))
}

/// What the parent of a foreign key's column is called: `author` for `author_id`.
pub(super) fn role(column: &str) -> String {
    let name = snake(column);
    for end in ["_id", "_uuid", "_uid", "_key", "_fk", "_code"] {
        if let Some(role) = name.strip_suffix(end).filter(|r| !r.is_empty()) {
            return role.to_owned();
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers() {
        assert_eq!(snake("CamelCase"), "camel_case");
        assert_eq!(snake("größe in %"), "größe_in");
        assert_eq!(pascal("foo/d"), "FooD");
        assert_eq!(pascal("0"), "N0");
        assert_eq!(pascal("*"), "Star");
        assert_eq!(pascal("self"), "SelfValue");
        assert_eq!(pascal(""), "Empty");
        assert_eq!(snake("²"), "u00b2");
    }

    #[test]
    fn words_are_inflected() {
        for (plural_word, one) in [
            ("users", "user"),
            ("task_categories", "task_category"),
            ("addresses", "address"),
            ("caches", "cache"),
            ("status", "status"),
            ("metadata", "metadata"),
            ("sms", "sms"),
            ("business", "business"),
            ("people", "person"),
            ("children", "child"),
            ("userAccounts", "userAccount"),
            ("boxes", "box"),
            ("indices", "index"),
            ("users_2", "users_2"),
            ("tokens", "token"),
            ("x", "x"),
            ("token", "token"),
        ] {
            assert_eq!(singular(plural_word), one);
        }
        assert_eq!(plural("author"), "authors");
        assert_eq!(plural("category"), "categories");
        assert_eq!(plural("status"), "statuses");
    }

    #[test]
    fn a_role_is_the_column_without_its_ending() {
        assert_eq!(role("author_id"), "author");
        assert_eq!(role("owner"), "owner");
        assert_eq!(role("_id"), "id");
    }
}
