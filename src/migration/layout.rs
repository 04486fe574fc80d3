//! How the files of a migrations folder are named, so that they run under the tool a team has.

/// A naming of migration files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
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
pub struct UpFile {
    /// The numbers of its version: `1.10` comes after `1.9`.
    pub version: Vec<u128>,
    /// Relative to the folder, with forward slashes.
    pub path: String,
}

impl UpFile {
    /// What the migration is called: its version and name, as its layout joins them.
    pub fn label(&self) -> &str {
        let path = self.path.as_str();
        let ends = [".up.sql", "/up.sql", ".sql"];
        ends.iter()
            .find_map(|end| path.strip_suffix(end))
            .unwrap_or(path)
    }

    /// Its version as it is written.
    pub fn number(&self) -> &str {
        self.split().0
    }

    /// Its name, without the version.
    pub fn name(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (&str, &str) {
        let label = self.label();
        let bare = label.strip_prefix('V').unwrap_or(label);
        let (number, name) = bare.split_once('_').unwrap_or((bare, ""));
        (number, name.trim_start_matches('_'))
    }
}

/// One direction of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub text: String,
    /// Whether the tool that runs it is to open a transaction; without one the text is one statement.
    pub transaction: bool,
}

impl Way {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            transaction: true,
        }
    }
}

/// A migration that a layout has no form for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTransactionless(pub Layout);

/// The first bytes of a file that sqlx runs outside of a transaction.
const NO_TRANSACTION: &str = "-- no-transaction";
const DBMATE_UP: &str = "-- migrate:up";
const DBMATE_DOWN: &str = "-- migrate:down";

impl Layout {
    pub const ALL: [Self; 5] = [
        Self::Sqlx,
        Self::Diesel,
        Self::Flyway,
        Self::Dbmate,
        Self::Supabase,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlx => "sqlx",
            Self::Diesel => "diesel",
            Self::Flyway => "flyway",
            Self::Dbmate => "dbmate",
            Self::Supabase => "supabase",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "golang-migrate" => Some(Self::Sqlx),
            _ => Self::ALL.into_iter().find(|l| l.as_str() == word),
        }
    }

    /// Those that can run a statement outside of a transaction.
    pub fn without_transactions() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|l| *l != Self::Supabase)
    }

    /// Whether its tool opens a transaction around a file, or sends its statements one by one.
    pub fn opens_transactions(self) -> bool {
        self != Self::Supabase
    }

    pub fn has_down(self) -> bool {
        self != Self::Supabase
    }

    /// The files of one migration: paths relative to the folder, and texts. The first holds the way up.
    pub fn files(
        self,
        version: &str,
        name: &str,
        up: Way,
        down: Way,
    ) -> Result<Vec<(String, String)>, NoTransactionless> {
        let own = up.transaction && down.transaction;
        let stem = format!("{version}_{name}");
        Ok(match self {
            Self::Sqlx => {
                let marked = |way: Way| match way.transaction {
                    true => way.text,
                    false => format!("{NO_TRANSACTION}\n{}", way.text),
                };
                vec![
                    (format!("{stem}.up.sql"), marked(up)),
                    (format!("{stem}.down.sql"), marked(down)),
                ]
            }
            Self::Diesel => {
                let mut files = vec![
                    (format!("{stem}/up.sql"), up.text),
                    (format!("{stem}/down.sql"), down.text),
                ];
                if !own {
                    let text = "run_in_transaction = false\n".to_owned();
                    files.push((format!("{stem}/metadata.toml"), text));
                }
                files
            }
            Self::Flyway => {
                let mut files = Vec::new();
                for (letter, way) in [('V', up), ('U', down)] {
                    let path = format!("{letter}{version}__{name}.sql");
                    let setting = (!way.transaction).then(|| {
                        let text = "executeInTransaction=false\n".to_owned();
                        (format!("{path}.conf"), text)
                    });
                    files.push((path, way.text));
                    files.extend(setting);
                }
                files
            }
            Self::Dbmate => {
                let option = |way: &Way| match way.transaction {
                    true => "",
                    false => " transaction:false",
                };
                let (above, below) = (option(&up), option(&down));
                let (up, down) = (up.text, down.text);
                let text = format!("{DBMATE_UP}{above}\n{up}\n{DBMATE_DOWN}{below}\n{down}");
                vec![(format!("{stem}.sql"), text)]
            }
            Self::Supabase if !up.transaction => return Err(NoTransactionless(self)),
            Self::Supabase => vec![(format!("{stem}.sql"), up.text)],
        })
    }

    /// A migration's way up, by its path; `None` for every other file.
    pub fn up_file(self, path: &str) -> Option<UpFile> {
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
    pub fn up_part(self, text: &str) -> &str {
        // A folder of dbmate's looks like one of Supabase's; the marks tell.
        let one_file = matches!(self, Self::Dbmate | Self::Supabase);
        match marked(text, DBMATE_DOWN) {
            Some(down) if one_file && marked(text, DBMATE_UP).is_some() => &text[..down],
            _ => text,
        }
    }

    /// Both ways of a migration, as [`Layout::files`] writes them; `read` gives the text of a file that is
    /// there.
    pub fn ways(self, up: &UpFile, read: impl Fn(&str) -> Option<String>) -> (Way, Way) {
        let text = read(&up.path).unwrap_or_default();
        let files = self.companions(up);
        let other = |end: &str| files.iter().find(|f| f.ends_with(end) && **f != up.path);
        let other = |end: &str| other(end).and_then(|f| read(f));
        let without = |text: Option<String>| text.is_some_and(|text| text.contains("false"));
        let way = |text: String, without: bool| Way {
            text,
            transaction: !without,
        };
        match self {
            Self::Sqlx => {
                let bare = |text: String| match text.strip_prefix(NO_TRANSACTION) {
                    Some(rest) => way(rest.trim_start_matches(['\r', '\n']).to_owned(), true),
                    None => way(text, false),
                };
                (bare(text), bare(other(".down.sql").unwrap_or_default()))
            }
            Self::Diesel => {
                let both = without(other("metadata.toml"));
                let down = other("down.sql").unwrap_or_default();
                (way(text, both), way(down, both))
            }
            Self::Flyway => {
                let undo = files
                    .iter()
                    .find(|f| f.starts_with('U') && f.ends_with(".sql"));
                let down = undo.and_then(|f| read(f)).unwrap_or_default();
                let setting = |file: &str| without(read(&format!("{file}.conf")));
                let back = undo.is_some_and(|f| setting(f));
                let there = setting(&up.path);
                (way(text, there), way(down, back))
            }
            Self::Dbmate => {
                let cut = marked(&text, DBMATE_DOWN).unwrap_or(text.len());
                let (above, below) = text.split_at(cut);
                let body = |part: &str| {
                    let at = marked(part, DBMATE_UP).or_else(|| marked(part, DBMATE_DOWN));
                    let part = &part[at.unwrap_or(0)..];
                    let (line, rest) = part.split_once('\n').unwrap_or((part, ""));
                    way(rest.to_owned(), line.contains("transaction:false"))
                };
                (body(above), body(below))
            }
            Self::Supabase => (Way::new(text), Way::new("")),
        }
    }

    /// The same of a text, whose settings may be in other files.
    pub fn wraps(self, text: &str) -> bool {
        let marked_without = text.starts_with(NO_TRANSACTION)
            || text
                .lines()
                .any(|l| l.starts_with(DBMATE_UP) && l.contains("transaction:false"));
        self.opens_transactions() && !marked_without
    }

    /// Whether its tool opens a transaction around the way up; `read` gives the text of a file that is
    /// there.
    pub fn is_wrapped(self, up: &UpFile, read: impl Fn(&str) -> Option<String>) -> bool {
        self.opens_transactions() && self.ways(up, read).0.transaction
    }

    /// The files that belong to the migration whose way up is there: it, its way down, its settings.
    pub fn companions(self, up: &UpFile) -> Vec<String> {
        let (path, label) = (&up.path, up.label());
        let mut files = vec![path.clone()];
        match self {
            Self::Sqlx => files.push(format!("{label}.down.sql")),
            Self::Diesel => {
                files.push(format!("{label}/down.sql"));
                files.push(format!("{label}/metadata.toml"));
            }
            Self::Flyway => {
                let undo = format!("U{}", label.strip_prefix('V').unwrap_or(label));
                files.push(format!("{path}.conf"));
                files.push(format!("{undo}.sql"));
                files.push(format!("{undo}.sql.conf"));
            }
            Self::Dbmate | Self::Supabase => {}
        }
        files
    }

    /// The layout that every SQL file of a list fits, for a folder of migrations that no
    /// configuration names.
    pub fn detect(paths: &[String]) -> Option<Self> {
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

/// Where the line begins that holds a mark of dbmate's: spaces may stand within, options behind.
fn marked(text: &str, mark: &str) -> Option<usize> {
    let word = mark.trim_start_matches("--").trim();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix("--").map(str::trim_start);
        let rest = rest.and_then(|rest| rest.strip_prefix(word));
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            return Some(start);
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests;
