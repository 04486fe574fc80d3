//! File names made of names that may hold anything.
//!
//! Invariants: a name is letters, digits, `_`, `-` and `.` only, never one that a file system
//! reserves, and two never differ by case alone; a plain name is its own file name, and no other
//! name takes it away.

use std::collections::BTreeSet;

use crate::model::QualifiedName;

/// The longest file name, without its ending.
const MAX: usize = 100;

/// Gives file names, each once.
#[derive(Default)]
pub(crate) struct FileNames {
    /// In lower case.
    taken: BTreeSet<String>,
}

impl FileNames {
    /// `public.users`; a name with odd characters has them replaced and a hash added.
    pub(crate) fn of_name(&mut self, name: &QualifiedName) -> String {
        let parts: Vec<&str> = match &name.schema {
            Some(schema) => vec![schema.as_str(), name.name.as_str()],
            None => vec![name.name.as_str()],
        };
        let plain = parts.iter().all(|part| is_plain(part))
            && !is_reserved(parts[0])
            && parts.iter().map(|p| p.len() + 1).sum::<usize>() <= MAX;
        self.take(&parts.join("."), plain, &parts.join("\u{0}"))
    }

    /// `around_users` for `around users`.
    pub(crate) fn of_title(&mut self, title: &str) -> String {
        let spaced = title.replace(": ", "-").replace(' ', "_").to_lowercase();
        let plain = is_plain(&spaced) && !is_reserved(&spaced) && spaced.len() <= MAX;
        self.take(&spaced, plain, title)
    }

    fn take(&mut self, text: &str, plain: bool, identity: &str) -> String {
        if plain && self.taken.insert(text.to_lowercase()) {
            return text.to_owned();
        }
        let clean: String = text.chars().take(MAX / 2).map(clean).collect();
        let base = clean.trim_start_matches(['.', '-']);
        let hash = hash(identity.as_bytes());
        let mut name = format!("{base}-{hash:08x}");
        let mut n = 1;
        while !self.taken.insert(name.to_lowercase()) {
            n += 1;
            name = format!("{base}-{hash:08x}-{n}");
        }
        name
    }
}

fn clean(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') {
        c
    } else {
        '_'
    }
}

/// Letters, digits, `_` and `-`, and not something that a made name could be.
fn is_plain(part: &str) -> bool {
    let tail = part.rsplit('-').next().unwrap_or("");
    let like_hash =
        part.contains('-') && tail.len() == 8 && tail.bytes().all(|b| b.is_ascii_hexdigit());
    !part.is_empty()
        && !part.starts_with('-')
        && !like_hash
        && part
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Device names of Windows, which take any ending.
fn is_reserved(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// FNV-1a: stable across versions and platforms, which the standard hasher is not.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(schema: &str, name: &str) -> QualifiedName {
        QualifiedName::new(schema, name)
    }

    #[test]
    fn plain_names_stay() {
        let mut names = FileNames::default();
        assert_eq!(names.of_name(&name("public", "users")), "public.users");
        assert_eq!(names.of_name(&QualifiedName::bare("Album")), "Album");
    }

    #[test]
    fn odd_names_are_told_apart() {
        let odd = [
            "a b",
            "a/b",
            "../a",
            "",
            "a.b",
            "ü",
            "CON",
            "x-0123abcd",
            "a\nb",
        ];
        let mut names = FileNames::default();
        let mut seen = BTreeSet::new();
        for odd in odd {
            let file = names.of_name(&QualifiedName::bare(odd));
            assert!(
                file.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
            );
            assert!(!file.starts_with('.'), "{file}");
            assert!(seen.insert(file.to_lowercase()), "{file}");
        }
        let dotted = names.of_name(&name("a", "b.c"));
        assert_ne!(dotted, names.of_name(&name("a.b", "c")));
        assert!(names.of_name(&QualifiedName::bare("x".repeat(300))).len() < MAX);
    }

    #[test]
    fn names_that_differ_by_case_alone_get_different_files() {
        let mut names = FileNames::default();
        let upper = names.of_name(&name("public", "Users"));
        let lower = names.of_name(&name("public", "users"));
        assert_eq!(upper, "public.Users");
        assert_ne!(lower.to_lowercase(), upper.to_lowercase());
    }
}
