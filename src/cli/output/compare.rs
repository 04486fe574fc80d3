//! What a [`FileTree`] would change in a folder; decides, and touches nothing.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest};
use crate::cli::failure::Failure;
use crate::render::FileTree;

/// One file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Change {
    /// Relative to the output folder, with forward slashes.
    pub path: String,
    pub kind: ChangeKind,
    /// What stands there, where it is text.
    pub old: String,
    /// What should stand there; empty for a file that goes.
    pub new: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum ChangeKind {
    Missing,
    Stale,
    /// Schemagen wrote it, and no output makes it any more.
    Extra,
}

/// A folder held against what should be in it.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Comparison {
    pub folder: PathBuf,
    /// In the order of their paths.
    pub changes: Vec<Change>,
    /// Files of no output any more that somebody edited: left alone.
    pub kept: Vec<String>,
    /// Files in the way that schemagen did not write.
    pub foreign: Vec<String>,
    pub(super) old_manifest: Manifest,
    pub(super) new_manifest: Manifest,
    pub(super) manifest_is_stale: bool,
}

impl Comparison {
    /// The number of files that are as they should be.
    pub(in crate::cli) fn unchanged(&self) -> usize {
        let changed = self.changes.iter();
        let changed = changed.filter(|c| c.kind != ChangeKind::Extra).count();
        self.new_manifest.paths().count() - changed - self.foreign.len()
    }

    /// Whether nothing is to be done.
    pub(in crate::cli) fn is_clean(&self) -> bool {
        self.changes.is_empty() && self.foreign.is_empty() && !self.manifest_is_stale
    }
}

/// Holds a folder against the files that should be in it.
pub(in crate::cli) fn compare(folder: &Path, tree: &FileTree) -> Result<Comparison, Failure> {
    let listed = read(&folder.join(manifest::FILE_NAME))?;
    let listed_text = listed.as_deref().map(String::from_utf8_lossy);
    let old_manifest = Manifest::parse(&listed_text.clone().unwrap_or_default());
    let mut comparison = Comparison {
        folder: folder.to_owned(),
        changes: Vec::new(),
        kept: Vec::new(),
        foreign: Vec::new(),
        old_manifest,
        new_manifest: Manifest::default(),
        manifest_is_stale: false,
    };
    for (path, text) in tree.iter() {
        comparison.new_manifest.insert(path, text.as_bytes());
        comparison.compare_file(path, text)?;
    }
    comparison.find_leftovers(tree)?;
    comparison.manifest_is_stale =
        listed_text.as_deref() != Some(comparison.new_manifest.print().as_str());
    comparison.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(comparison)
}

impl Comparison {
    fn compare_file(&mut self, path: &str, text: &str) -> Result<(), Failure> {
        let change = |kind, old: String| Change {
            path: path.to_owned(),
            kind,
            old,
            new: text.to_owned(),
        };
        match read(&self.folder.join(path))? {
            None => self
                .changes
                .push(change(ChangeKind::Missing, String::new())),
            Some(old) if old == text.as_bytes() => {}
            Some(_) if !self.old_manifest.lists(path) => self.foreign.push(path.to_owned()),
            Some(old) => {
                let old = String::from_utf8_lossy(&old).into_owned();
                self.changes.push(change(ChangeKind::Stale, old));
            }
        }
        Ok(())
    }

    /// Own files that nothing makes any more: they go, unless somebody made them theirs.
    fn find_leftovers(&mut self, tree: &FileTree) -> Result<(), Failure> {
        for path in self.old_manifest.paths() {
            if tree.get(path).is_some() {
                continue;
            }
            match read(&self.folder.join(path))? {
                None => {}
                Some(old) if self.old_manifest.wrote(path, &old) => self.changes.push(Change {
                    path: path.to_owned(),
                    kind: ChangeKind::Extra,
                    old: String::from_utf8_lossy(&old).into_owned(),
                    new: String::new(),
                }),
                Some(_) => self.kept.push(path.to_owned()),
            }
        }
        Ok(())
    }
}

/// The contents of a file; `None` where there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Failure::io("read", path)(e)),
    }
}
