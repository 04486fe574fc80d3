//! Words that are never names.

/// Words that are syntax wherever they stand unqualified in an expression.
pub(super) fn is_noise(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "or"
            | "not"
            | "is"
            | "null"
            | "true"
            | "false"
            | "case"
            | "when"
            | "then"
            | "else"
            | "end"
            | "in"
            | "like"
            | "ilike"
            | "between"
            | "exists"
            | "any"
            | "all"
            | "some"
            | "array"
            | "distinct"
            | "by"
            | "asc"
            | "desc"
            | "with"
            | "recursive"
            | "inner"
            | "left"
            | "right"
            | "full"
            | "outer"
            | "cross"
            | "natural"
            | "default"
            | "similar"
            | "collate"
            | "isnull"
            | "notnull"
            | "both"
            | "leading"
            | "trailing"
            | "over"
            | "partition"
            | "filter"
            | "row"
            | "interval"
            | "current_date"
            | "current_timestamp"
            | "current_user"
            | "session_user"
            | "current_role"
            | "user"
            | "localtime"
            | "localtimestamp"
            | "current_time"
            | "symmetric"
            | "escape"
            | "insert"
            | "delete"
            | "do"
            | "nothing"
            | "begin"
            | "if"
    )
}

/// Whether a word at a place is part of `AT TIME ZONE`; `is` compares a word of the text.
pub(super) fn is_at_time_zone(at: usize, word: &str, is: impl Fn(usize, &str) -> bool) -> bool {
    let words = ["at", "time", "zone"];
    let first = words.iter().position(|w| *w == word);
    let start = first.and_then(|n| at.checked_sub(n));
    start.is_some_and(|start| (start..).zip(words).all(|(n, word)| is(n, word)))
}
