//! Where PostgreSQL is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::driver::DriverError;

/// Where to look, as the environment says it.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The folder that is named outright (`SCHEMAGEN_PG_BIN`).
    pub named: Option<PathBuf>,
    /// The program that knows its folder (`PG_CONFIG`).
    pub pg_config: Option<PathBuf>,
    /// The search path.
    pub path: Vec<PathBuf>,
}

/// The folder of an installation that has `initdb` and `postgres`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// A folder, where both programs are in it.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let complete = ["initdb", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file());
        let folder = folder.to_owned();
        complete.then_some(Self { folder })
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The major version, as the server says it.
    pub fn major(&self) -> Option<u16> {
        let mut command = Command::new(self.program("postgres"));
        let output = command.arg("--version").output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let version = text
            .split_whitespace()
            .find(|w| w.starts_with(|c: char| c.is_ascii_digit()))?;
        let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    }
}

impl Search {
    /// An installation: what is named, then the search path, then where the packages of Debian, Red Hat
    /// and Homebrew put it, newest major first. `None` where there is none.
    pub fn binaries(&self) -> Result<Option<Binaries>, DriverError> {
        if let Some(folder) = &self.named {
            let found = Binaries::in_folder(folder).ok_or_else(|| {
                DriverError::new(
                    format!("{} has no initdb and postgres", folder.display()),
                    "let SCHEMAGEN_PG_BIN name the folder of a server's programs",
                )
            });
            return found.map(Some);
        }
        let configured = self.pg_config.as_deref().and_then(bindir);
        let places = configured
            .into_iter()
            .chain(self.path.iter().cloned())
            .chain(installed());
        let found = { places }.find_map(|folder| Binaries::in_folder(&folder));
        let asked = || Binaries::in_folder(&bindir(Path::new("pg_config"))?);
        Ok(found.or_else(asked))
    }
}

fn bindir(pg_config: &Path) -> Option<PathBuf> {
    let output = Command::new(pg_config).arg("--bindir").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim()))
}

fn installed() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql@"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ] {
        for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let major = name
                .strip_prefix(prefix)
                .and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
            if let Some(major) = major {
                found.push((major, entry.path().join("bin")));
            }
        }
    }
    found.sort();
    found.into_iter().rev().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_folder_must_have_the_programs() {
        let folder = tempfile::tempdir().unwrap();
        let search = Search {
            named: Some(folder.path().to_owned()),
            ..Search::default()
        };
        let error = search.binaries().unwrap_err();
        assert!(error.to_string().contains("has no initdb"), "{error}");
        for program in ["initdb", "postgres"] {
            std::fs::write(folder.path().join(program), "").unwrap();
        }
        let found = search.binaries().unwrap().unwrap();
        assert_eq!(found.folder(), folder.path());
    }

    #[test]
    fn the_search_path_goes_in_order() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        for program in ["initdb", "postgres"] {
            std::fs::write(folders[1].path().join(program), "").unwrap();
        }
        let search = Search {
            path: folders.iter().map(|f| f.path().to_owned()).collect(),
            ..Search::default()
        };
        let found = search.binaries().unwrap().unwrap();
        assert_eq!(found.folder(), folders[1].path());
    }
}
