//! What outputs would change in a folder; decides, and changes nothing that is there.
//!
//! Files come one after the other and their texts are not kept: all outputs of a large schema
//! together are larger than everything else that is known about it. A comparison that is going to
//! be written stages every new text at once; one that is only listed keeps those that it shows.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest};
use super::write::Staged;
use crate::cli::failure::Failure;

/// One file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Change {
    /// Relative to the output folder, with forward slashes.
    pub path: String,
    pub kind: ChangeKind,
    /// What stands there and what should, where the comparison is for listing and the two differ.
    pub texts: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum ChangeKind {
    Missing,
    Stale,
    /// Schemagen wrote it, and no output makes it any more.
    Extra,
}

/// What becomes of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Purpose {
    /// It is listed, and nothing is written.
    List,
    Write,
}

/// A folder held against what should be in it.
#[derive(Debug)]
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
    /// The new files, where they are to be written.
    pub(super) staged: Option<Staged>,
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

/// A comparison that has not seen all files yet.
pub(in crate::cli) struct Comparing {
    so_far: Comparison,
    listed: String,
}

impl Comparing {
    pub(in crate::cli) fn new(folder: &Path, purpose: Purpose) -> Result<Self, Failure> {
        let listed = read(&folder.join(manifest::FILE_NAME))?.unwrap_or_default();
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let mut staged = (purpose == Purpose::Write).then(Staged::default);
        if let Some(staged) = &mut staged {
            // Made by the one who removes it again at last, should anything fail: migrations are staged
            // beside the outputs, mostly in a folder within.
            staged.folder(folder)?;
        }
        let so_far = Comparison {
            folder: folder.to_owned(),
            changes: Vec::new(),
            kept: Vec::new(),
            foreign: Vec::new(),
            old_manifest: Manifest::parse(&listed),
            new_manifest: Manifest::default(),
            manifest_is_stale: false,
            staged,
        };
        Ok(Self { so_far, listed })
    }

    /// Holds the folder against one more file.
    pub(in crate::cli) fn add(&mut self, path: String, parts: &[String]) -> Result<(), Failure> {
        if self.so_far.new_manifest.lists(&path) {
            return Err(Failure::request(
                format!("two outputs make {path}"),
                "give one of them another `folder:` under `outputs:`; nothing was written",
            ));
        }
        self.so_far.new_manifest.insert(&path, parts);
        self.so_far.compare_file(path, parts)
    }

    /// The comparison with all files, those that nothing makes any more included.
    pub(in crate::cli) fn finish(self) -> Result<Comparison, Failure> {
        let mut comparison = self.so_far;
        comparison.find_leftovers()?;
        comparison.manifest_is_stale = self.listed != comparison.new_manifest.print();
        comparison.changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(comparison)
    }
}

impl Comparison {
    fn compare_file(&mut self, path: String, parts: &[String]) -> Result<(), Failure> {
        let (kind, old) = match read(&self.folder.join(&path))? {
            None => (ChangeKind::Missing, Vec::new()),
            Some(old) if is_made_of(&old, parts) => return Ok(()),
            Some(_) if !self.old_manifest.lists(&path) => {
                self.foreign.push(path);
                return Ok(());
            }
            Some(old) => (ChangeKind::Stale, old),
        };
        let mut texts = None;
        if let Some(staged) = &mut self.staged {
            staged.file(&self.folder, &path, parts)?;
        } else if kind == ChangeKind::Stale {
            texts = Some((String::from_utf8_lossy(&old).into_owned(), parts.concat()));
        }
        self.changes.push(Change { path, kind, texts });
        Ok(())
    }

    /// Own files that nothing makes any more: they go, unless somebody made them theirs.
    fn find_leftovers(&mut self) -> Result<(), Failure> {
        for path in self.old_manifest.paths() {
            if self.new_manifest.lists(path) {
                continue;
            }
            match read(&self.folder.join(path))? {
                None => {}
                Some(old) if self.old_manifest.wrote(path, &old) => self.changes.push(Change {
                    path: path.to_owned(),
                    kind: ChangeKind::Extra,
                    texts: None,
                }),
                Some(_) => self.kept.push(path.to_owned()),
            }
        }
        Ok(())
    }
}

/// Whether a text is its parts, one after the other.
fn is_made_of(text: &[u8], parts: &[String]) -> bool {
    let rest = parts
        .iter()
        .try_fold(text, |rest, part| rest.strip_prefix(part.as_bytes()));
    rest == Some(b"")
}

/// The contents of a file; `None` where there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Failure::io("read", path)(e)),
    }
}
