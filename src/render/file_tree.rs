//! Files to be written, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Paths (relative, with forward slashes) and contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<String, String>,
}

/// Takes files as they are made, from several threads.
pub trait Files: Sync {
    /// A file that is made in parts, one after the other: what is large is not copied together.
    fn insert_parts(&self, path: String, parts: Vec<String>);

    fn insert(&self, path: String, text: String) {
        self.insert_parts(path, vec![text]);
    }
}

/// Keeps files in memory.
#[derive(Debug, Default)]
pub(super) struct Collected(Mutex<FileTree>);

impl Files for Collected {
    fn insert_parts(&self, path: String, parts: Vec<String>) {
        let mut tree = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tree.insert(path, parts.concat());
    }
}

impl Collected {
    pub(super) fn into_tree(self) -> FileTree {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FileTree {
    /// Adds a file; a later one of the same path replaces it.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// In order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(p, t)| (p.as_str(), t.as_str()))
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// In order of their paths.
impl IntoIterator for FileTree {
    type Item = (String, String);
    type IntoIter = std::collections::btree_map::IntoIter<String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.files.into_iter()
    }
}
