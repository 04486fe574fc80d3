//! What a source on the command line is: a file or folder, a database, a revision of git.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::driver::Location;

/// The first bytes of every SQLite database.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// A source, by what it says or holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Origin {
    Path(PathBuf),
    /// The URL of a PostgreSQL database; it may hold a password.
    Postgres(String),
    /// A SQLite database file.
    Sqlite(PathBuf),
    /// `git:REV[:path]`.
    Git {
        revision: String,
        path: Option<String>,
    },
}

impl Origin {
    pub(in crate::cli) fn of(source: &Path) -> Self {
        let Some(text) = source.to_str() else {
            return Self::Path(source.to_owned());
        };
        if Location::is_url(text) {
            return Self::Postgres(text.to_owned());
        }
        if let Some(rest) = text.strip_prefix("git:") {
            let (revision, path) = match rest.split_once(':') {
                Some((revision, path)) => (revision, Some(path.to_owned())),
                None => (rest, None),
            };
            let revision = revision.to_owned();
            return Self::Git { revision, path };
        }
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return Self::Sqlite(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)));
        }
        if is_sqlite_file(source) || has_sqlite_name(source) {
            return Self::Sqlite(source.to_owned());
        }
        Self::Path(source.to_owned())
    }

    /// Whether it is a database that runs or can be opened.
    pub(in crate::cli) fn is_database(&self) -> bool {
        matches!(self, Self::Postgres(_) | Self::Sqlite(_))
    }
}

/// A name that only databases have: where it holds none, that is what has to be said of it.
fn has_sqlite_name(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    let endings = ["db", "db3", "sqlite", "sqlite3"];
    path.is_file() && endings.iter().any(|e| ending.eq_ignore_ascii_case(e))
}

fn is_sqlite_file(path: &Path) -> bool {
    let mut start = [0; SQLITE_MAGIC.len()];
    let file = path.is_file().then(|| std::fs::File::open(path));
    let read = file
        .and_then(Result::ok)
        .map(|mut f| f.read_exact(&mut start));
    matches!(read, Some(Ok(()))) && start == *SQLITE_MAGIC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_apart() {
        let of = |text: &str| Origin::of(Path::new(text));
        let git = |revision: &str, path: Option<&str>| Origin::Git {
            revision: revision.to_owned(),
            path: path.map(str::to_owned),
        };
        assert_eq!(of("git:HEAD~1:schema"), git("HEAD~1", Some("schema")));
        assert_eq!(of("git:v1"), git("v1", None));
        assert_eq!(of("sqlite:a.db"), Origin::Sqlite("a.db".into()));
        assert_eq!(of("sqlite:///a.db"), Origin::Sqlite("/a.db".into()));
        assert_eq!(of("schema"), Origin::Path("schema".into()));
        assert!(of("postgres://h/d").is_database());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data");
        std::fs::write(&file, b"SQLite format 3\0 and more").unwrap();
        assert_eq!(Origin::of(&file), Origin::Sqlite(file.clone()));
        let broken = folder.path().join("broken.SQLite3");
        std::fs::write(&broken, b"not a database").unwrap();
        assert_eq!(Origin::of(&broken), Origin::Sqlite(broken.clone()));
    }
}
