//! What the documents tell of the migrations: those of the folder, and the one that is about to be
//! written, so that the documents of a build know it.

use super::{FIRST, History};
use crate::cli::project::Project;
use crate::migration::{Chronicle, File, UpFile};
use crate::model;
use crate::render::migration::SUMMARY;
use crate::source::{SourceFile, SourceKind};

/// What is known of the migrations so far.
pub(in crate::cli) struct Documented {
    chronicle: Chronicle,
    /// From the folder of the documents to that of the migrations, with a slash at its end.
    way: Option<String>,
}

impl Documented {
    /// Reads the migrations of a project's folder.
    pub(in crate::cli) fn read(project: &Project) -> Self {
        let config = &project.config;
        let mut documented = Self {
            chronicle: Chronicle::new(config.version),
            way: way(
                &format!("{}/docs", config.output),
                &config.migrations.folder,
            ),
        };
        if let Some(history) = History::read(project) {
            for (up, file) in history.sources.migrations() {
                documented.add(up, file);
            }
        }
        documented
    }

    fn add(&mut self, up: &UpFile, file: &SourceFile) {
        let path = self.path(&up.path);
        self.chronicle.add(up.label(), path, file);
    }

    /// Adds the first migration, which makes the whole schema.
    pub(in crate::cli) fn add_first(&mut self, project: &Project, number: &str) {
        let layout = project.config.migrations.layout;
        let empty = || crate::migration::Way::new("");
        let files = layout.files(number, FIRST, empty(), empty());
        let first = files.unwrap_or_default().into_iter().next();
        if let Some(up) = first.and_then(|(path, _)| layout.up_file(&path)) {
            let path = self.path(&up.path);
            let catalog = &project.loaded.catalog;
            self.chronicle.add_whole(up.label(), path, SUMMARY, catalog);
        }
    }

    /// Adds migrations that are about to be written.
    pub(in crate::cli) fn add_files(&mut self, project: &Project, files: &[File]) {
        let layout = project.config.migrations.layout;
        for (path, text) in files {
            if let Some(up) = layout.up_file(path) {
                let file = SourceFile {
                    id: crate::diagnostic::FileId(0),
                    path: path.clone(),
                    kind: SourceKind::Sql,
                    text: layout.up_part(text).to_owned(),
                    external: false,
                };
                self.add(&up, &file);
            }
        }
    }

    pub(in crate::cli) fn finish(self) -> model::History {
        self.chronicle.finish()
    }

    fn path(&self, file: &str) -> String {
        match &self.way {
            Some(way) => format!("{way}{file}"),
            None => String::new(),
        }
    }
}

/// The relative way from one folder to another, both seen from the same one; `None` where there is
/// none that a document may say.
fn way(from: &str, to: &str) -> Option<String> {
    let parts = |path: &str| -> Option<Vec<String>> {
        let mut parts: Vec<String> = Vec::new();
        if path.starts_with('/') || path.contains(['\\', ':']) {
            return None;
        }
        for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
            match part {
                // Above the folder that both are seen from, nothing is known by name.
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part.to_owned()),
            }
        }
        Some(parts)
    };
    let (from, to) = (parts(from)?, parts(to)?);
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut way = "../".repeat(from.len() - same);
    for part in &to[same..] {
        way.push_str(part);
        way.push('/');
    }
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_folders() {
        let way = |to| way("generated/docs", to);
        assert_eq!(way("generated/migrations").unwrap(), "../migrations/");
        assert_eq!(way("./db/../migrations/").unwrap(), "../../migrations/");
        assert_eq!(way("/var/migrations"), None);
        assert_eq!(way("../migrations"), None);
    }
}
