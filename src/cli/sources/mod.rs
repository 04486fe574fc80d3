//! Sources to [`SourceFile`]s: files and folders (walked in the order of their names, checked for size
//! and encoding), revisions of git, databases. What cannot be read is a diagnostic, and the rest is read
//! all the same.

mod database;
mod git;
mod origin;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::migration::{Layout, UpFile};
use crate::source::{SourceFile, SourceKind};
pub(super) use database::{Read, Reading};
pub(super) use origin::Origin;

/// The largest file that is read: a schema of 10,000 tables takes a tenth of it.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;
/// Sources of more bytes are those of a large schema, of some thousand tables.
const LARGE: usize = 4 * 1024 * 1024;
/// What the program does about a large schema.
pub(super) static WHEN_LARGE: OnceLock<fn()> = OnceLock::new();
/// The deepest folder that is walked, so that a cycle of links ends.
const DEEPEST_FOLDER: usize = 32;

/// The sources of a run, as far as they could be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// Every file that reports may quote, by its number.
    pub files: Vec<SourceFile>,
    /// Those that hold the schema, in any order.
    schema: Vec<FileId>,
    /// Migrations, in the order in which they run.
    history: Vec<(UpFile, FileId)>,
    /// What is no source wherever it lies: the outputs, the configuration.
    skipped: BTreeSet<String>,
    /// The paths of the schema's files.
    seen: BTreeSet<String>,
    pub diagnostics: Vec<Diagnostic>,
    /// How databases and revisions are read.
    pub reading: Box<Reading>,
    /// What the last database said about itself.
    pub read: Option<Box<Read>>,
}

/// A schema file that was found.
struct Entry {
    /// Within the folder that was named.
    relative: String,
    /// As reports print it.
    shown: String,
    content: Content,
}

enum Content {
    File(PathBuf),
    Bytes(Vec<u8>),
}

impl Sources {
    /// Leaves a file or folder out, where a folder of sources holds it.
    pub(super) fn skip(&mut self, path: &Path) {
        self.skipped.insert(display(path));
    }

    /// Calls [`WHEN_LARGE`] where what was read is large.
    pub(super) fn tell_size(&self) {
        let bytes: usize = self.files.iter().map(|file| file.text.len()).sum();
        if let Some(large) = WHEN_LARGE.get()
            && bytes > LARGE
        {
            large();
        }
    }

    /// Adds a source of any kind; `external` marks what belongs to others.
    pub(super) fn add(&mut self, source: &Path, external: bool) {
        match Origin::of(source) {
            Origin::Path(path) => self.add_path(&path, external),
            Origin::Postgres(url) => self.add_postgres(&url, external),
            Origin::Sqlite(path) => self.add_sqlite(&path, external),
            Origin::Git { revision, path } => {
                self.add_revision(&revision, path.as_deref().unwrap_or("."), external);
            }
        }
    }

    /// Adds a file or everything below a folder.
    fn add_path(&mut self, path: &Path, external: bool) {
        let found = match std::fs::metadata(path) {
            Ok(data) if data.is_dir() => self.files_below(path),
            Ok(_) => vec![path.to_owned()],
            Err(error) => return self.unreadable(path, &error),
        };
        if found.is_empty() {
            return self.empty_folder(path);
        }
        let entries = found.into_iter().map(|file| Entry {
            relative: display(file.strip_prefix(path).unwrap_or(&file)),
            shown: display(&file),
            content: Content::File(file),
        });
        self.add_entries(entries.collect(), external);
    }

    /// Adds a file or everything below a folder as it was in a revision.
    pub(super) fn add_revision(&mut self, revision: &str, path: &str, external: bool) {
        let folder = self.reading.folder.clone();
        match git::files(&folder, revision, path, LARGEST_FILE) {
            Ok(entries) => self.add_entries(entries, external),
            Err(error) => self
                .diagnostics
                .push(Diagnostic::error("parse/revision", error.reason).help(error.help)),
        }
    }

    /// Files that are named as migrations are are read as a history: the ways up, in order.
    fn add_entries(&mut self, entries: Vec<Entry>, external: bool) {
        let paths: Vec<String> = entries.iter().map(|e| e.relative.clone()).collect();
        if let Some(layout) = Layout::detect(&paths) {
            return self.add_history(layout, entries);
        }
        for entry in entries {
            // A file that is named twice, or by itself and by its folder, is one source.
            if !self.seen.insert(entry.shown.clone()) {
                continue;
            }
            let kind = SourceKind::of_path(&entry.shown).unwrap_or(SourceKind::Sql);
            let id = self.open_entry(entry, kind, external);
            self.schema.extend(id);
        }
    }

    /// Adds a folder of migrations that is known to be one; `false` where it holds none.
    pub(super) fn add_migrations(&mut self, folder: &Path, layout: Layout) -> bool {
        if !folder.is_dir() {
            return false;
        }
        let found = self.files_below(folder);
        let entries = found.into_iter().map(|file| Entry {
            relative: display(file.strip_prefix(folder).unwrap_or(&file)),
            shown: display(&file),
            content: Content::File(file),
        });
        self.add_history(layout, entries.collect());
        !self.history.is_empty()
    }

    fn add_history(&mut self, layout: Layout, entries: Vec<Entry>) {
        let mut ups: Vec<_> = entries
            .into_iter()
            .filter_map(|e| Some((layout.up_file(&e.relative)?, e)))
            .collect();
        ups.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (up, entry) in ups {
            let Some(id) = self.open_entry(entry, SourceKind::Sql, false) else {
                continue;
            };
            if let Some(file) = self.files.get_mut(id.0 as usize) {
                let length = layout.up_part(&file.text).len();
                file.text.truncate(length);
            }
            self.history.push((up, id));
        }
    }

    fn open_entry(&mut self, entry: Entry, kind: SourceKind, external: bool) -> Option<FileId> {
        match entry.content {
            Content::File(path) => self.open(&path, kind, external),
            Content::Bytes(bytes) => self.decode(entry.shown, kind, external, bytes),
        }
    }

    /// Reads a file for itself (a configuration), outside the schema.
    pub(super) fn open(&mut self, path: &Path, kind: SourceKind, external: bool) -> Option<FileId> {
        match std::fs::metadata(path) {
            Ok(data) if data.len() > LARGEST_FILE => {
                self.too_large(path, data.len());
                return None;
            }
            Ok(_) => {}
            Err(error) => {
                self.unreadable(path, &error);
                return None;
            }
        }
        match std::fs::read(path) {
            Ok(bytes) => self.decode(display(path), kind, external, bytes),
            Err(error) => {
                self.unreadable(path, &error);
                None
            }
        }
    }

    /// The files that hold the schema.
    pub(super) fn schema(&self) -> Vec<&SourceFile> {
        self.texts(&self.schema)
    }

    /// The migrations, in the order in which they run.
    pub(super) fn history(&self) -> Vec<&SourceFile> {
        self.migrations()
            .into_iter()
            .map(|(_, file)| file)
            .collect()
    }

    /// The migrations with their names, in the order in which they run.
    pub(super) fn migrations(&self) -> Vec<(&UpFile, &SourceFile)> {
        let found = self.history.iter();
        found
            .filter_map(|(up, id)| Some((up, self.file(*id)?)))
            .collect()
    }

    /// Whether the tool that runs a migration opens a transaction around it.
    pub(super) fn is_wrapped(&self, file: FileId, layout: Layout) -> bool {
        let found = self.history.iter().find(|(_, id)| *id == file);
        let Some((up, source)) = found.and_then(|(up, id)| Some((up, self.file(*id)?))) else {
            return layout.opens_transactions();
        };
        // Settings of a file lie beside it.
        let folder = source.path.strip_suffix(&up.path).unwrap_or("");
        let read = |path: &str| match path == up.path {
            true => Some(source.text.clone()),
            false => std::fs::read_to_string(format!("{folder}{path}")).ok(),
        };
        layout.is_wrapped(up, read)
    }

    fn texts(&self, ids: &[FileId]) -> Vec<&SourceFile> {
        ids.iter().filter_map(|id| self.file(*id)).collect()
    }

    pub(super) fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    fn decode(
        &mut self,
        path: String,
        kind: SourceKind,
        external: bool,
        bytes: Vec<u8>,
    ) -> Option<FileId> {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let (text, broken) = match String::from_utf8(bytes) {
            // Some editors put a byte order mark first. It is no part of the text.
            Ok(text) => match text.strip_prefix('\u{feff}') {
                Some(rest) => (rest.to_owned(), None),
                None => (text, None),
            },
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let byte = error.as_bytes().get(at).copied().unwrap_or_default();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (text, Some((at, byte)))
            }
        };
        self.files.push(SourceFile {
            id,
            path,
            kind,
            text,
            external,
        });
        let Some((at, byte)) = broken else {
            return Some(id);
        };
        self.diagnostics.push(not_utf8(id, at, byte, utf16));
        None
    }

    /// Every schema file below a folder, in order.
    fn files_below(&mut self, folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        self.walk(folder, 0, &mut found);
        found
    }

    fn walk(&mut self, folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(error) => self.unreadable(folder, &error),
            }
        }
        paths.sort();
        for path in paths {
            let hidden = path
                .file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if hidden || self.skipped.contains(&display(&path)) {
                continue;
            }
            if path.is_dir() {
                if depth < DEEPEST_FOLDER {
                    self.walk(&path, depth + 1, found);
                }
            } else if SourceKind::of_path(&display(&path)).is_some() {
                found.push(path);
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        let shown = display(path);
        if let Some((scheme, _)) = shown.split_once("://") {
            // A URL is not repeated: it may hold a password.
            let headline = format!("cannot read a database of the kind `{scheme}`");
            let help =
                "name a PostgreSQL database (postgresql://...) or a SQLite one (sqlite:FILE)";
            let diagnostic = Diagnostic::error("parse/database", headline);
            return self.diagnostics.push(diagnostic.help(help));
        }
        let headline = format!("cannot read {shown}: {error}");
        let help = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "check the path; the files or folders of the schema stand under `sources:` in \
                 schemagen.yaml, and `schemagen init` makes a first one"
            }
            _ => "make it readable, or leave it out of `sources:`",
        };
        self.diagnostics
            .push(Diagnostic::error("parse/unreadable", headline).help(help));
    }

    fn empty_folder(&mut self, path: &Path) {
        let headline = format!("{} holds no .sql, .yaml or .yml file", display(path));
        self.diagnostics.push(
            Diagnostic::error("parse/empty-folder", headline)
                .note("an empty file is an empty schema; an empty folder is more likely a wrong path")
                .help("put a schema there, name another folder under `sources:`, or run `schemagen init`"),
        );
    }

    fn too_large(&mut self, path: &Path, size: u64) {
        let headline = format!(
            "{} has {} MB, more than the {} MB that are read",
            display(path),
            size / (1024 * 1024),
            LARGEST_FILE / (1024 * 1024)
        );
        self.diagnostics.push(
            Diagnostic::error("parse/too-large", headline)
                .note("a file of this size is a dump with data rather than a schema")
                .help("dump with `pg_dump --schema-only`, or split the file"),
        );
    }
}

fn not_utf8(file: FileId, at: usize, byte: u8, utf16: bool) -> Diagnostic {
    let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
    let from = if utf16 { "UTF-16" } else { "LATIN1" };
    Diagnostic::error("parse/encoding", format!("byte 0x{byte:02X} is not UTF-8"))
        .at(Span::new(file, at, end), "here")
        .note("schemas are read as UTF-8, and nothing is guessed about other encodings")
        .help(format!(
            "convert the file, as with `iconv -f {from} -t UTF-8`"
        ))
}

/// A path as reports print it: forward slashes, without a leading `./`.
pub(super) fn display(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map(str::to_owned).unwrap_or(text)
}
