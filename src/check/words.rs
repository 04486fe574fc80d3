//! The words within names: tokens, singular and plural.
//!
//! Heuristics over names build on these. A word that nobody knows stays as it is, so that no
//! finding comes of it.

use std::borrow::Cow;

/// The words of a name in lower case: `user_id`, `userId`, `UserID` and `user-id` are `user`, `id`.
/// Digits belong to the word before them.
pub fn tokens(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous: Option<char> = None;
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        if !c.is_alphanumeric() {
            finish(&mut words, &mut word);
            previous = None;
            continue;
        }
        let after_lower = previous.is_some_and(|p| !p.is_uppercase());
        let before_lower = rest.peek().is_some_and(|n| n.is_lowercase());
        if c.is_uppercase() && (after_lower || before_lower) {
            finish(&mut words, &mut word);
        }
        word.extend(c.to_lowercase());
        previous = Some(c);
    }
    finish(&mut words, &mut word);
    words
}

fn finish(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// A name as singular words joined by `_`: `OrderItems` and `order_items` are `order_item`.
pub fn entity(name: &str) -> String {
    let mut words = tokens(name);
    if let Some(last) = words.last_mut() {
        let single = singular(last).into_owned();
        *last = single;
    }
    words.join("_")
}

/// Plurals that the rules for English get wrong, and words that only look like plurals.
static SINGULARS: &[(&str, &str)] = &[
    ("access", "access"),
    ("address", "address"),
    ("addresses", "address"),
    ("alias", "alias"),
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("analytics", "analytics"),
    ("bias", "bias"),
    ("bonus", "bonus"),
    ("bonuses", "bonus"),
    ("caches", "cache"),
    ("campus", "campus"),
    ("canvas", "canvas"),
    ("children", "child"),
    ("class", "class"),
    ("cookies", "cookie"),
    ("corpus", "corpus"),
    ("criteria", "criterion"),
    ("curricula", "curriculum"),
    ("data", "data"),
    ("dns", "dns"),
    ("expenses", "expense"),
    ("focus", "focus"),
    ("gas", "gas"),
    ("gps", "gps"),
    ("https", "https"),
    ("indexes", "index"),
    ("indices", "index"),
    ("ios", "ios"),
    ("leaves", "leaf"),
    ("lens", "lens"),
    ("matrices", "matrix"),
    ("media", "media"),
    ("men", "man"),
    ("metadata", "metadata"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("news", "news"),
    ("os", "os"),
    ("people", "person"),
    ("persons", "person"),
    ("pos", "pos"),
    ("premises", "premises"),
    ("process", "process"),
    ("queries", "query"),
    ("radius", "radius"),
    ("rss", "rss"),
    ("series", "series"),
    ("sms", "sms"),
    ("statistics", "statistics"),
    ("status", "status"),
    ("statuses", "status"),
    ("tls", "tls"),
    ("vertices", "vertex"),
    ("virus", "virus"),
    ("women", "woman"),
];

/// The singular of a word in lower case; the word itself where it is one, or is not known.
pub fn singular(word: &str) -> Cow<'_, str> {
    if let Ok(place) = SINGULARS.binary_search_by_key(&word, |(plural, _)| plural) {
        return Cow::Borrowed(SINGULARS[place].1);
    }
    // Every other plural that is worth knowing ends in s, and asking for each name is slow.
    let regular = word.len() > 3
        && word.is_ascii()
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is");
    if !regular || word.bytes().any(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(pluralizer::pluralize(word, 1, false))
}

/// Whether the word is the plural of another one.
pub fn is_plural(word: &str) -> bool {
    singular(word) != word
}

/// The plural of a word in lower case.
pub fn plural(word: &str) -> String {
    let mut known = SINGULARS.iter().filter(|(_, single)| *single == word);
    match known
        .clone()
        .find(|(plural, _)| *plural != word)
        .or_else(|| known.next())
    {
        Some((plural, _)) => (*plural).to_owned(),
        None => pluralizer::pluralize(word, 2, false),
    }
}

/// Tables that record what was: copies of other tables' values are their purpose.
static RECORDS: &[&str] = &[
    "archive",
    "archived",
    "audit",
    "audits",
    "backup",
    "event",
    "events",
    "hist",
    "histories",
    "history",
    "invoice",
    "invoices",
    "journal",
    "ledger",
    "log",
    "logs",
    "old",
    "receipt",
    "receipts",
    "revision",
    "revisions",
    "snapshot",
    "snapshots",
    "version",
    "versions",
];

/// Whether a table of this name keeps copies on purpose: history, log, audit, event, snapshot,
/// invoice.
pub fn is_record(table: &str) -> bool {
    tokens(table)
        .iter()
        .any(|word| RECORDS.binary_search(&word.as_str()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_search() {
        assert!(SINGULARS.is_sorted_by_key(|(plural, _)| plural));
        assert!(RECORDS.is_sorted());
    }

    #[test]
    fn names_split_at_underscores_and_humps() {
        assert_eq!(tokens("user_id"), ["user", "id"]);
        assert_eq!(tokens("userId"), ["user", "id"]);
        assert_eq!(tokens("HTTPServerID"), ["http", "server", "id"]);
        assert_eq!(tokens("_line2_text"), ["line2", "text"]);
        assert_eq!(tokens("straßenName"), ["straßen", "name"]);
        assert!(tokens("__").is_empty());
    }

    #[test]
    fn singulars() {
        for (plural, single) in [
            ("users", "user"),
            ("categories", "category"),
            ("boxes", "box"),
            ("people", "person"),
            ("caches", "cache"),
            ("status", "status"),
            ("addresses", "address"),
            ("sms", "sms"),
            ("metadata", "metadata"),
            ("houses", "house"),
            ("xyzzy", "xyzzy"),
            ("bus", "bus"),
        ] {
            assert_eq!(singular(plural), single, "{plural}");
        }
        assert_eq!(entity("OrderItems"), "order_item");
        assert!(is_plural("tags") && !is_plural("status") && !is_plural("tag"));
    }

    #[test]
    fn plurals() {
        assert_eq!(plural("customer"), "customers");
        assert_eq!(plural("child"), "children");
        assert_eq!(plural("status"), "statuses");
        assert_eq!(plural("address"), "addresses");
    }

    #[test]
    fn records_are_known_by_any_of_their_words() {
        assert!(is_record("order_history") && is_record("AuditLog") && is_record("invoices"));
        assert!(!is_record("orders") && !is_record("catalogs"));
    }
}
