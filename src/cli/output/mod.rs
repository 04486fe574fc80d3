//! A [`FileTree`] to a folder.

use std::path::Path;

use super::failure::Failure;
use crate::render::FileTree;

pub(super) fn write(folder: &Path, tree: &FileTree) -> Result<(), Failure> {
    for (path, text) in tree.iter() {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(Failure::io("create the folder", parent))?;
        }
        std::fs::write(&path, text).map_err(Failure::io("write", &path))?;
    }
    Ok(())
}
