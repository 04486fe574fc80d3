//! Real schemas that nobody here wrote. They are not part of the project: `SCHEMAGEN_CORPUS` names
//! the folder that holds them, and without it the tests that read them are skipped.

use std::path::{Path, PathBuf};
use std::{env, fs};

use schemagen::dialect::Dialect;

use super::catalogs::Sources;

/// One version of a project's schema.
pub(crate) struct Schema {
    /// `pagila/2022-12`.
    pub(crate) name: String,
    pub(crate) dialect: Dialect,
    pub(crate) text: String,
    /// What exists before it: extensions and schemas of the platform.
    pub(crate) setup: Option<(PathBuf, String)>,
}

impl Schema {
    pub(crate) fn sources(&self) -> Sources {
        let mut sources = Sources::of_sql(&self.text);
        self.add_setup(&mut sources);
        sources
    }

    pub(crate) fn add_setup(&self, sources: &mut Sources) {
        if let Some((_, text)) = &self.setup {
            sources.add("setup.sql", text).external = true;
        }
    }
}

/// Every schema of the corpus in order of their names, or `None` where there is no corpus.
#[must_use]
pub(crate) fn schemas() -> Option<Vec<Schema>> {
    let root = root()?;
    let mut all = Vec::new();
    for project in entries(&root.join("schemas"))
        .into_iter()
        .filter(|path| path.is_dir())
    {
        let project_name = file_name(&project);
        let files = entries(&project)
            .into_iter()
            .filter(|path| path.extension().is_some_and(|e| e == "sql"));
        let (setup, versions): (Vec<_>, Vec<_>) =
            files.partition(|path| file_name(path) == "setup.sql");
        let setup = setup
            .into_iter()
            .next()
            .map(|path| (path.clone(), read(&path)));
        let dialect = if project_name.starts_with("sqlite-") {
            Dialect::Sqlite
        } else {
            Dialect::Postgres
        };
        all.extend(versions.into_iter().map(|path| Schema {
            name: format!(
                "{project_name}/{}",
                file_name(&path).trim_end_matches(".sql")
            ),
            dialect,
            text: read(&path),
            setup: setup.clone(),
        }));
    }
    assert!(
        all.len() >= 60,
        "the corpus at {} has {} schemas",
        root.display(),
        all.len()
    );
    Some(all)
}

/// The roles that the schemas grant to.
#[must_use]
pub(crate) fn roles() -> Option<Vec<String>> {
    let index = read(&root()?.join("schemas/index.json"));
    let index: serde_json::Value = serde_json::from_str(&index).expect("index.json is JSON");
    let projects = index.as_object().expect("index.json is a mapping").values();
    let roles = projects.filter_map(|p| p["roles"].as_array()).flatten();
    Some(roles.filter_map(|r| Some(r.as_str()?.to_owned())).collect())
}

/// The DDL of the design notes beside the corpus, each note a schema.
#[must_use]
pub(crate) fn notes() -> Option<Vec<Schema>> {
    let folder = root()?.parent()?.join("seeds");
    let mut all = Vec::new();
    for path in entries(&folder) {
        let text = ddl_blocks(&read(&path));
        if text.is_empty() {
            continue;
        }
        let dialect = if text.contains("fts5") {
            Dialect::Sqlite
        } else {
            Dialect::Postgres
        };
        all.push(Schema {
            name: format!("note {}", file_name(&path)),
            dialect,
            text,
            setup: None,
        });
    }
    assert!(
        !all.is_empty(),
        "{} has no notes with DDL",
        folder.display()
    );
    Some(all)
}

/// The wanted schemas of the known cases, with their dialects, in the order of their files.
#[must_use]
pub(crate) fn cases() -> Option<Vec<(String, Dialect, String)>> {
    let mut all = Vec::new();
    let files = entries(&root()?.join("cases")).into_iter();
    for path in files.filter(|path| path.extension().is_some_and(|e| e == "json")) {
        let file = file_name(&path);
        let dialect = if file.contains("sqlite") {
            Dialect::Sqlite
        } else {
            Dialect::Postgres
        };
        let cases: serde_json::Value =
            serde_json::from_str(&read(&path)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for case in cases.as_array().into_iter().flatten() {
            if let (Some(id), Some(new)) = (case["id"].as_str(), case["new"].as_str()) {
                all.push((format!("{file} {id}"), dialect, new.to_owned()));
            }
        }
    }
    assert!(all.len() >= 1000, "the corpus has {} cases", all.len());
    Some(all)
}

/// A known change from one schema to another.
pub(crate) struct Transition {
    pub(crate) name: String,
    pub(crate) dialect: Dialect,
    pub(crate) old: String,
    pub(crate) new: String,
    /// Whether the two mean the same.
    pub(crate) noop: bool,
    /// What exists before both and belongs to others.
    pub(crate) setup: String,
    /// The roles that they name.
    pub(crate) roles: Vec<String>,
}

impl Transition {
    /// One of its sides, over what exists before it.
    pub(crate) fn sources(&self, side: &str) -> Sources {
        let mut sources = Sources::of_sql(side);
        if !self.setup.is_empty() {
            sources.add("setup.sql", &self.setup).external = true;
        }
        sources
    }
}

/// The known changes, in the order of their files.
#[must_use]
pub(crate) fn changes() -> Option<Vec<Transition>> {
    let mut all = Vec::new();
    let files = entries(&root()?.join("cases")).into_iter();
    for path in files.filter(|path| path.extension().is_some_and(|e| e == "json")) {
        let file = file_name(&path);
        let dialect = match file.contains("sqlite") {
            true => Dialect::Sqlite,
            false => Dialect::Postgres,
        };
        let cases: serde_json::Value =
            serde_json::from_str(&read(&path)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for case in cases.as_array().into_iter().flatten() {
            let text = |key: &str| case[key].as_str().map(str::to_owned);
            if let (Some(id), Some(old), Some(new)) = (text("id"), text("old"), text("new")) {
                let features = case["features"].as_array().into_iter().flatten();
                let roles = case["roles"].as_array().into_iter().flatten();
                all.push(Transition {
                    name: format!("{file} {id}"),
                    dialect,
                    old,
                    new,
                    noop: { features }.any(|f| f == "noop"),
                    setup: text("setup").unwrap_or_default(),
                    roles: roles.filter_map(|r| Some(r.as_str()?.to_owned())).collect(),
                });
            }
        }
    }
    assert!(all.len() >= 1000, "the corpus has {} changes", all.len());
    Some(all)
}

/// The fenced `sql` blocks that define something, one after the other. Some notes escape the fence.
fn ddl_blocks(note: &str) -> String {
    let mut found = String::new();
    let mut block: Option<String> = None;
    for line in note.lines() {
        let fence = line.trim().replace('\\', "");
        match &mut block {
            None if fence == "```sql" => block = Some(String::new()),
            None => {}
            Some(text) if fence == "```" => {
                if text
                    .lines()
                    .any(|line| line.starts_with("CREATE ") || line.starts_with("ALTER "))
                {
                    found.push_str(text);
                }
                block = None;
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    found
}

#[expect(
    clippy::print_stderr,
    reason = "a skipped test has no other way to say so"
)]
pub(crate) fn root() -> Option<PathBuf> {
    let Some(root) = env::var_os("SCHEMAGEN_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: SCHEMAGEN_CORPUS does not name a folder of schemas");
        return None;
    };
    assert!(
        root.is_dir(),
        "SCHEMAGEN_CORPUS={} is not a folder",
        root.display()
    );
    Some(root)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listing =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = listing
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One side of a known case, as psql can load it.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) setup: String,
    pub(crate) roles: Vec<String>,
}

/// Both sides of every known case for PostgreSQL that holds its schemas itself.
#[must_use]
pub(crate) fn loadable_cases() -> Option<Vec<Case>> {
    let mut all = Vec::new();
    for path in entries(&root()?.join("cases")) {
        let file = file_name(&path);
        if file.contains("sqlite") || file.starts_with("real") {
            continue;
        }
        let cases: serde_json::Value =
            serde_json::from_str(&read(&path)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for case in cases.as_array().into_iter().flatten() {
            let text = |key: &str| case[key].as_str().map(str::to_owned);
            let roles = case["roles"].as_array().into_iter().flatten();
            let quoted = |role: &str| format!("\"{}\"", role.replace('"', "\"\""));
            let roles: Vec<String> = roles.filter_map(|r| Some(quoted(r.as_str()?))).collect();
            for (side, load) in [("old", "old_load"), ("new", "new_load")] {
                let Some(schema) = text(load).or_else(|| text(side)) else {
                    continue;
                };
                all.push(Case {
                    id: format!("{file} {} {side}", case["id"].as_str().unwrap_or_default()),
                    text: schema,
                    setup: text("setup").unwrap_or_default(),
                    roles: roles.clone(),
                });
            }
        }
    }
    Some(all)
}
