//! The list of files that schemagen wrote into a folder, with what it wrote: how a later run tells
//! its own files from everybody else's.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path};

use sha2::{Digest, Sha256};

/// The manifest's own name, in the folder it is about.
pub(super) const FILE_NAME: &str = ".schemagen-manifest";

const HEADER: &str = "# Written by schemagen: what it may replace and remove in this folder.\n";

/// Paths (relative, with forward slashes) and the hashes of their contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    files: BTreeMap<String, String>,
}

impl Manifest {
    /// Lines that are not understood are passed over: what is not listed is foreign, and safe.
    pub(super) fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            if let Some((hash, path)) = line.split_once("  ")
                && stays_inside(path)
            {
                manifest.files.insert(path.to_owned(), hash.to_owned());
            }
        }
        manifest
    }

    pub(super) fn print(&self) -> String {
        let mut text = HEADER.to_owned();
        for (path, hash) in &self.files {
            let _ = writeln!(text, "{hash}  {path}");
        }
        text
    }

    /// Lists a file by the parts of its text.
    pub(super) fn insert(&mut self, path: &str, parts: &[String]) {
        self.files.insert(path.to_owned(), hash(parts));
    }

    pub(super) fn lists(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether schemagen wrote exactly this.
    pub(super) fn wrote(&self, path: &str, contents: &[u8]) -> bool {
        self.files
            .get(path)
            .is_some_and(|h| *h == hash(&[contents]))
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Everything that either lists; where both do, what the other one says.
    pub(super) fn with(mut self, other: &Self) -> Self {
        self.files.extend(other.files.clone());
        self
    }
}

/// A manifest comes with the repository, so it must not lead out of its folder.
fn stays_inside(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}

fn hash(parts: &[impl AsRef<[u8]>]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    let mut text = String::with_capacity(64);
    for byte in digest.finalize() {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_what_it_prints() {
        let mut manifest = Manifest::default();
        manifest.insert("docs/two words.md", &["te".to_owned(), "xt".to_owned()]);
        manifest.insert("schema.sql", &[]);
        let again = Manifest::parse(&manifest.print());
        assert_eq!(again, manifest);
        assert!(again.wrote("docs/two words.md", b"text"));
        assert!(!again.wrote("docs/two words.md", b"edited"));
    }

    #[test]
    fn a_manifest_never_leads_out_of_its_folder() {
        for path in ["../secret", "/etc/passwd", "a/../../b", ""] {
            let manifest = Manifest::parse(&format!("00  {path}\n"));
            assert_eq!(manifest.paths().count(), 0, "{path}");
        }
    }
}
