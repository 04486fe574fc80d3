//! Globs over object paths (`public.tasks`, `audit.*`): `*` is any run of characters, `?` one.
//!
//! A pattern matches an object when it matches its path or its relation's, so that `audit.*` holds
//! for every column of every table of `audit`. A pattern without a dot leaves the schema open.

use crate::model::ObjectId;

/// Whether a pattern names an object or the relation that the object is a member of.
pub fn matches(pattern: &str, object: &ObjectId) -> bool {
    let relation = object.name.to_string();
    matches_text(pattern, &relation)
        || matches_text(pattern, &object.path())
        || (!pattern.contains('.') && matches_text(pattern, &object.name.name))
}

/// Whether a pattern covers the whole of a text.
///
/// Linear in the product of the lengths: on a mismatch it goes back to the last star only.
pub fn matches_text(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ident, QualifiedName};

    #[test]
    fn stars_and_marks() {
        assert!(matches_text("a*c", "abbc"));
        assert!(matches_text("a*b*c", "axbxbc"));
        assert!(matches_text("?b", "ab"));
        assert!(matches_text("*", ""));
        assert!(!matches_text("a*c", "abcd"));
        assert!(!matches_text("?", ""));
    }

    #[test]
    fn a_pattern_holds_for_members() {
        let column = ObjectId::column(&QualifiedName::new("audit", "log"), &Ident::from("id"));
        assert!(matches("audit.*", &column));
        assert!(matches("audit.log", &column));
        assert!(matches("*.log.id", &column));
        assert!(matches("log", &column));
        assert!(!matches("public.*", &column));
        assert!(!matches("id", &column));
    }
}
