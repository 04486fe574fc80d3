//! Writes what [`compare`](super::compare) found: every new file is first written whole beside its
//! place, while it is compared, then all are renamed into place.
//!
//! Invariants: whatever fails before the first rename (a full disk, a folder that cannot be
//! written) leaves every old file as it was and no new one; a process that dies later leaves whole
//! files only, and a manifest that lists all of them; a file with the right contents is not touched.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::compare::{ChangeKind, Comparison};
use super::manifest;
use crate::cli::failure::Failure;

/// Brings a folder into the state that the comparison asks for. Its new files are staged already.
pub(in crate::cli) fn write(comparison: &mut Comparison) -> Result<(), Failure> {
    if let Some(path) = comparison.foreign.first() {
        return Err(foreign(
            &comparison.folder.join(path),
            comparison.foreign.len(),
        ));
    }
    if comparison.is_clean() {
        return Ok(());
    }
    let folder = &comparison.folder;
    // While files are renamed, the manifest lists the old ones and the new ones, so that a run
    // that dies half way leaves nothing that the next one would take for somebody else's.
    let both = comparison
        .old_manifest
        .clone()
        .with(&comparison.new_manifest);
    let (mut first, mut last) = (Staged::default(), Staged::default());
    first.file(folder, manifest::FILE_NAME, &[both.print()])?;
    last.file(
        folder,
        manifest::FILE_NAME,
        &[comparison.new_manifest.print()],
    )?;
    first.rename()?;
    if let Some(staged) = comparison.staged.take() {
        staged.rename()?;
    }
    for change in &comparison.changes {
        if change.kind == ChangeKind::Extra {
            remove(folder, &change.path)?;
        }
    }
    last.rename()
}

/// Writes files that are no part of any manifest, all of them or none; none may exist.
pub(in crate::cli) fn add(folder: &Path, files: &[(String, String)]) -> Result<(), Failure> {
    stage(folder, files)?.rename()
}

/// The same but for their names, which they get when they are renamed.
pub(in crate::cli) fn stage(folder: &Path, files: &[(String, String)]) -> Result<Staged, Failure> {
    let mut staged = Staged::default();
    for (path, text) in files {
        let place = folder.join(path);
        if place.symlink_metadata().is_ok() {
            return Err(foreign(&place, 1));
        }
        staged.file(folder, path, &[text])?;
    }
    Ok(staged)
}

/// Writes files in the place of others that are no part of any manifest either: the new ones are all
/// there, whole, before an old one goes.
pub(in crate::cli) fn replace(
    folder: &Path,
    old: &[String],
    files: &[(String, String)],
) -> Result<(), Failure> {
    let mut staged = Staged::default();
    for (path, text) in files {
        let place = folder.join(path);
        if !old.contains(path) && place.symlink_metadata().is_ok() {
            return Err(foreign(&place, 1));
        }
        staged.file(folder, path, &[text])?;
    }
    staged.rename()?;
    let gone = old
        .iter()
        .filter(|path| !files.iter().any(|(new, _)| new == *path));
    for path in gone.filter(|path| folder.join(path).is_file()) {
        remove(folder, path)?;
    }
    Ok(())
}

fn foreign(path: &Path, count: usize) -> Failure {
    let more = match count {
        0 | 1 => String::new(),
        2 => " (and one more file like it)".to_owned(),
        n => format!(" (and {} more files like it)", n - 1),
    };
    Failure::request(
        format!(
            "{} is in the way{more}: schemagen did not write it",
            path.display()
        ),
        "move it out of the way, or remove it, and run the command again; nothing was written",
    )
}

/// Files that are written and wait for their names; those that never get one are removed.
#[derive(Debug, Default)]
pub(in crate::cli) struct Staged {
    /// Their handles are closed: a large schema has more files than a process may hold open.
    files: Vec<(TempPath, PathBuf)>,
    /// Folders made for them, outermost first.
    folders: Vec<PathBuf>,
}

impl Staged {
    pub(super) fn file(
        &mut self,
        folder: &Path,
        path: &str,
        parts: &[impl AsRef<str>],
    ) -> Result<(), Failure> {
        let place = folder.join(path);
        let parent = place.parent().unwrap_or(folder).to_owned();
        self.folder(&parent)?;
        let mut file = new_file(&parent).map_err(Failure::io("write into", &parent))?;
        for part in parts {
            file.write_all(part.as_ref().as_bytes())
                .map_err(Failure::io("write", &place))?;
        }
        self.files.push((file.into_temp_path(), place));
        Ok(())
    }

    /// Makes a folder and those above it, and remembers which are new.
    pub(super) fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let here = Path::new("");
        let mut missing: Vec<&Path> = Vec::new();
        let mut at = folder;
        while at != here && !at.is_dir() {
            missing.push(at);
            match at.parent() {
                Some(parent) => at = parent,
                None => break,
            }
        }
        for folder in missing.into_iter().rev() {
            if make_folder(folder).map_err(Failure::io("create the folder", folder))? {
                self.folders.push(folder.to_owned());
            }
        }
        Ok(())
    }

    pub(in crate::cli) fn rename(mut self) -> Result<(), Failure> {
        self.folders.clear();
        for (file, place) in self.files.drain(..) {
            file.persist(&place)
                .map_err(|e| Failure::io("write", &place)(e.error))?;
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        self.files.clear();
        for folder in self.folders.drain(..).rev() {
            // A folder that somebody else has filled by now stays.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Makes a folder; `false` where another thread was faster, as outputs and migrations are staged side by
/// side and may share one.
pub(super) fn make_folder(folder: &Path) -> std::io::Result<bool> {
    match std::fs::create_dir(folder) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(false),
        Err(e) => Err(e),
    }
}

/// A file without its final name, readable for everybody whom the umask lets.
fn new_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let folder = if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".schemagen-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Removes an own file, and the folders that it leaves empty.
fn remove(folder: &Path, path: &str) -> Result<(), Failure> {
    let place = folder.join(path);
    std::fs::remove_file(&place).map_err(Failure::io("remove", &place))?;
    let mut parent = place.parent();
    while let Some(empty) = parent.filter(|p| *p != folder) {
        if std::fs::remove_dir(empty).is_err() {
            break;
        }
        parent = empty.parent();
    }
    Ok(())
}
