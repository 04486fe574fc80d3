//! Statements that are kept verbatim, and when they run.

use crate::model::KeptStatement;

/// When a statement that is kept verbatim runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeptPlace {
    First,
    BeforeTypes,
    Last,
}

/// A DO block often makes what the server has no IF NOT EXISTS for; that must be there before its
/// users. Everything else, reference data above all, needs the finished schema.
pub(super) fn kept_place(kept: &KeptStatement) -> KeptPlace {
    if kept.verb != "do" {
        return KeptPlace::Last;
    }
    let text = kept.text.to_ascii_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let makes = |kinds: &[&str]| {
        words
            .windows(2)
            .any(|pair| pair[0] == "create" && kinds.contains(&pair[1]))
    };
    if makes(&["role", "user", "group", "schema", "extension"]) {
        KeptPlace::First
    } else if makes(&["type", "domain"]) {
        KeptPlace::BeforeTypes
    } else {
        KeptPlace::Last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(verb: &str, text: &str) -> KeptPlace {
        kept_place(&KeptStatement {
            text: text.into(),
            verb: verb.into(),
        })
    }

    #[test]
    fn what_others_need_comes_first() {
        let role = "DO $$ BEGIN CREATE ROLE app; END $$";
        assert!(place("do", role) == KeptPlace::First);
        let made = "DO $$ BEGIN create  type t AS ENUM (); END $$";
        assert!(place("do", made) == KeptPlace::BeforeTypes);
        let refill = "DO $$ BEGIN PERFORM refill(); END $$";
        assert!(place("do", refill) == KeptPlace::Last);
        assert!(place("insert", "INSERT INTO t VALUES ('create role')") == KeptPlace::Last);
    }
}
