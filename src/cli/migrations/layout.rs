//! How the files of a migrations folder are named, so that they run under the tool a team has.

/// A naming of migration files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::cli) enum Layout {
    /// `VERSION_name.up.sql` and `VERSION_name.down.sql`; golang-migrate names them so too.
    #[default]
    Sqlx,
    /// A folder `VERSION_name` with `up.sql` and `down.sql`.
    Diesel,
    /// `V1__name.sql` and `U1__name.sql`.
    Flyway,
    /// `VERSION_name.sql`, with both directions under `-- migrate:` lines.
    Dbmate,
    /// `VERSION_name.sql`, with no way down.
    Supabase,
}

/// A migration's way up, found in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) struct UpFile {
    /// The numbers of its version: `1.10` comes after `1.9`.
    version: Vec<u128>,
    /// Relative to the folder, with forward slashes.
    pub path: String,
}

const DBMATE_UP: &str = "-- migrate:up";
const DBMATE_DOWN: &str = "-- migrate:down";

impl Layout {
    pub(in crate::cli) const ALL: [Self; 5] = [
        Self::Sqlx,
        Self::Diesel,
        Self::Flyway,
        Self::Dbmate,
        Self::Supabase,
    ];

    pub(in crate::cli) fn as_str(self) -> &'static str {
        match self {
            Self::Sqlx => "sqlx",
            Self::Diesel => "diesel",
            Self::Flyway => "flyway",
            Self::Dbmate => "dbmate",
            Self::Supabase => "supabase",
        }
    }

    pub(in crate::cli) fn parse(word: &str) -> Option<Self> {
        match word {
            "golang-migrate" => Some(Self::Sqlx),
            _ => Self::ALL.into_iter().find(|l| l.as_str() == word),
        }
    }

    /// The files of one migration: paths relative to the folder, and texts.
    pub(in crate::cli) fn files(
        self,
        version: &str,
        name: &str,
        up: String,
        down: String,
    ) -> Vec<(String, String)> {
        match self {
            Self::Sqlx => vec![
                (format!("{version}_{name}.up.sql"), up),
                (format!("{version}_{name}.down.sql"), down),
            ],
            Self::Diesel => vec![
                (format!("{version}_{name}/up.sql"), up),
                (format!("{version}_{name}/down.sql"), down),
            ],
            Self::Flyway => vec![
                (format!("V{version}__{name}.sql"), up),
                (format!("U{version}__{name}.sql"), down),
            ],
            Self::Dbmate => {
                let text = format!("{DBMATE_UP}\n{up}\n{DBMATE_DOWN}\n{down}");
                vec![(format!("{version}_{name}.sql"), text)]
            }
            Self::Supabase => vec![(format!("{version}_{name}.sql"), up)],
        }
    }

    /// A migration's way up, by its path; `None` for every other file.
    pub(in crate::cli) fn up_file(self, path: &str) -> Option<UpFile> {
        let stem = match self {
            Self::Sqlx => path.strip_suffix(".up.sql")?,
            Self::Diesel => path.strip_suffix("/up.sql")?,
            Self::Flyway => path.strip_suffix(".sql")?.strip_prefix('V')?,
            Self::Dbmate | Self::Supabase => path.strip_suffix(".sql")?,
        };
        let version = match self {
            Self::Flyway => stem.split_once("__")?.0,
            _ => stem.split_once('_').map_or(stem, |(version, _)| version),
        };
        let numbers = version.split(['.', '_', '-']).map(str::parse);
        Some(UpFile {
            version: numbers.collect::<Result<_, _>>().ok()?,
            path: path.to_owned(),
        })
    }

    /// The part of a file that goes up. Its length stays, so that positions stay.
    pub(in crate::cli) fn up_part(self, text: &str) -> &str {
        match (self, text.find(DBMATE_DOWN)) {
            (Self::Dbmate, Some(down)) => &text[..down],
            _ => text,
        }
    }

    /// The layout that every SQL file of a list fits, for a folder of migrations that no
    /// configuration names.
    pub(in crate::cli) fn detect(paths: &[String]) -> Option<Self> {
        let looks_dated = |file: &UpFile| file.version.iter().any(|n| *n >= 10_000_000);
        let every = |layout: Self, and: fn(&str) -> bool| {
            !paths.is_empty() && paths.iter().all(|p| layout.up_file(p).is_some() || and(p))
        };
        let is_down = |p: &str| p.ends_with(".down.sql");
        if paths.iter().any(|p| p.ends_with(".up.sql")) && every(Self::Sqlx, is_down) {
            return Some(Self::Sqlx);
        }
        if every(Self::Diesel, |p| p.ends_with("/down.sql")) {
            return Some(Self::Diesel);
        }
        let is_undo = |p: &str| p.starts_with('U') || p.starts_with('R');
        if every(Self::Flyway, is_undo) {
            return Some(Self::Flyway);
        }
        let dated = paths.iter().all(|p| {
            let file = Self::Supabase.up_file(p);
            file.as_ref().is_some_and(looks_dated)
        });
        (dated && !paths.is_empty()).then_some(Self::Supabase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_finds_what_it_writes() {
        for layout in Layout::ALL {
            let files = layout.files(
                "20260101000000",
                "initial",
                "up".to_owned(),
                "down".to_owned(),
            );
            let up: Vec<UpFile> = files
                .iter()
                .filter_map(|(p, _)| layout.up_file(p))
                .collect();
            assert_eq!(up.len(), 1, "{layout:?}");
            assert_eq!(up[0].version, [20_260_101_000_000], "{layout:?}");
            assert_eq!(Layout::parse(layout.as_str()), Some(layout));
            let (_, text) = files.iter().find(|(p, _)| *p == up[0].path).unwrap();
            let part = layout.up_part(text);
            assert!(part.contains("up") && !part.contains("down"), "{layout:?}");
        }
    }

    #[test]
    fn versions_are_numbers() {
        let version = |p| Layout::Flyway.up_file(p);
        assert!(version("V1.9__a.sql") < version("V1.10__a.sql"));
        assert_eq!(version("V__a.sql"), None);
        assert_eq!(Layout::Sqlx.up_file("notes.sql"), None);
        assert_eq!(Layout::Sqlx.up_file("1_a.down.sql"), None);
    }

    #[test]
    fn layouts_are_told_apart() {
        let detect = |paths: &[&str]| {
            let paths: Vec<String> = paths.iter().map(|p| (*p).to_owned()).collect();
            Layout::detect(&paths)
        };
        assert_eq!(detect(&["1_a.up.sql", "1_a.down.sql"]), Some(Layout::Sqlx));
        assert_eq!(
            detect(&["2_a/up.sql", "2_a/down.sql"]),
            Some(Layout::Diesel)
        );
        assert_eq!(detect(&["V1__a.sql", "U1__a.sql"]), Some(Layout::Flyway));
        assert_eq!(detect(&["20240101120000_a.sql"]), Some(Layout::Supabase));
        assert_eq!(detect(&["01_tables.sql", "02_views.sql"]), None);
        assert_eq!(detect(&["20240101120000_a.sql", "tables.sql"]), None);
        assert_eq!(detect(&[]), None);
    }
}
