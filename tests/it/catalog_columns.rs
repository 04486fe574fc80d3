//! Every column of PostgreSQL's catalogs is read by a query of the driver, is printed by a function of the
//! server that such a query calls, or stands in `tests/fixtures/catalog_columns/reasons.txt` with the
//! reason why it is none of a schema's business.
//!
//! What is read is taken from the server's log of a run, not from the sources, and so is what pg_dump
//! reads: of a column that pg_dump reads and schemagen does not, the list has to say so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use schemagen::driver::{Binaries, Server};

use crate::inspect::fetched;
use crate::support::postgres::{self, Database};
use crate::support::program::Folder;

/// The columns of each catalog.
type Catalogs = BTreeMap<String, BTreeSet<String>>;

/// `pg_class.relname`.
type Column = (String, String);

/// What the list says about columns that no query names.
struct Reason {
    columns: BTreeSet<Column>,
    /// Whether pg_dump reads them.
    dumped: bool,
    /// The function or view of the server through which they are read, where there is one.
    through: Option<String>,
    line: usize,
}

#[test]
fn every_column_is_read_or_listed_on_the_installed_server() {
    let Some(binaries) = postgres::binaries() else {
        // Says that there is none, and fails where somebody insists.
        assert!(postgres::database().is_none());
        return;
    };
    let found = problems(&binaries, true);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_column_is_read_or_listed_on_every_major() {
    let mut found = Vec::new();
    for (major, binaries) in &fetched() {
        let problems = problems(binaries, false);
        found.extend(problems.into_iter().map(|p| format!("{major}: {p}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_number_of_queries_does_not_depend_on_what_there_is() {
    let Some(binaries) = postgres::binaries() else {
        return;
    };
    let server = Server::start(&binaries, &env::temp_dir()).unwrap_or_else(|e| panic!("{e}"));
    let sent = |database: &Database| {
        let before = log(database).len();
        let url = database.url();
        Folder::new().run(&["inspect", &url]).expect(0);
        let statements = log(database).split_off(before);
        statements
            .iter()
            .filter(|(who, _)| who == "schemagen")
            .count()
    };
    let full = logged(&server);
    let empty = Database::on(&server, &postgres::psql());
    let many = sent(&full);
    assert_eq!(many, sent(&empty));
    // One an area of the catalog, and what begins and ends them.
    assert!((30..60).contains(&many), "{many} statements were sent");
}

/// What does not hold on a server.
fn problems(binaries: &Binaries, with_pg_dump: bool) -> Vec<String> {
    let major = binaries.major().expect("a server knows its version");
    let server = Server::start(binaries, &env::temp_dir()).unwrap_or_else(|e| panic!("{e}"));
    let database = logged(&server);
    let catalogs = catalogs(&database);
    Folder::new()
        .run(&["inspect", &database.url(), "--format", "sql"])
        .expect(0);
    // What pg_dump reads is another matter in each version; the list says it for one.
    let dump = (with_pg_dump && major == 15)
        .then(|| postgres::pg_dump(&database))
        .flatten();
    let statements = log(&database);
    let read = columns_of(&statements, "schemagen", &catalogs);
    assert!(read.len() > 100, "the log tells what was read: {read:?}");
    let words: BTreeSet<String> = statements
        .iter()
        .filter(|(who, _)| who == "schemagen")
        .flat_map(|(_, text)| words(text))
        .collect();
    let reasons = reasons(major, &catalogs);
    let mut found = unlisted(&catalogs, &read, &reasons);
    for reason in &reasons {
        let line = reason.line;
        for (catalog, column) in &reason.columns {
            if read.contains(&(catalog.clone(), column.clone())) {
                found.push(format!("line {line}: {catalog}.{column} is read by now"));
            }
        }
        if let Some(through) = reason.through.as_ref().filter(|t| !words.contains(*t)) {
            found.push(format!("line {line}: no query calls {through}"));
        }
    }
    if dump.is_some() {
        let dumped = columns_of(&statements, "pg_dump", &catalogs);
        assert!(dumped.len() > 100, "the log tells what pg_dump reads");
        found.extend(wrongly_marked(&reasons, &dumped));
    }
    found
}

fn unlisted(catalogs: &Catalogs, read: &BTreeSet<Column>, reasons: &[Reason]) -> Vec<String> {
    let listed: BTreeSet<&Column> = reasons.iter().flat_map(|r| &r.columns).collect();
    let all = catalogs.iter().flat_map(|(catalog, columns)| {
        let pair = |column: &String| (catalog.clone(), column.clone());
        columns.iter().map(pair)
    });
    all.filter(|column| !read.contains(column) && !listed.contains(column))
        .map(|(catalog, column)| format!("{catalog}.{column} is neither read nor listed"))
        .collect()
}

/// The entries that say `dumped` of what pg_dump does not read, or do not say it of what it reads.
fn wrongly_marked(reasons: &[Reason], dumped: &BTreeSet<Column>) -> Vec<String> {
    let mut found = Vec::new();
    for reason in reasons.iter().filter(|r| r.through.is_none()) {
        for column in &reason.columns {
            if dumped.contains(column) != reason.dumped {
                let (catalog, column) = column;
                let does = if reason.dumped {
                    "does not read"
                } else {
                    "reads"
                };
                let line = reason.line;
                found.push(format!("line {line}: pg_dump {does} {catalog}.{column}"));
            }
        }
    }
    found
}

/// A database with everything in it, on a server that logs every statement with who sent it.
fn logged(server: &Arc<Server>) -> Database {
    let database = Database::on(server, &postgres::psql());
    let binaries = "ALTER SYSTEM SET log_line_prefix = '%a|'";
    server.run(binaries).unwrap_or_else(|e| panic!("{e}"));
    for statement in [
        "SELECT pg_reload_conf()",
        "ALTER ROLE postgres SET log_statement = 'all'",
    ] {
        server.run(statement).unwrap_or_else(|e| panic!("{e}"));
    }
    crate::inspect::with_everything(&database, 13);
    database
}

/// The catalogs of the server, its own columns without those of the system.
fn catalogs(database: &Database) -> Catalogs {
    let query = "SELECT c.relname::text, a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
                 WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND a.attnum > 0";
    let rows = database.client().query(query, &[]).unwrap();
    let mut catalogs = Catalogs::new();
    for row in rows {
        let columns: &mut BTreeSet<String> = catalogs.entry(row.get(0)).or_default();
        columns.insert(row.get(1));
    }
    catalogs
}

/// The statements of the server's log, each with the application that sent it.
fn log(database: &Database) -> Vec<(String, String)> {
    let url = database.url();
    let folder = url.rsplit("host=").next().map(PathBuf::from).unwrap();
    let text = fs::read(folder.join("log")).unwrap();
    let text = String::from_utf8_lossy(&text);
    let mut statements: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.split_once("|LOG:  statement: ") {
            Some((who, text)) => statements.push((who.to_owned(), format!("{text}\n"))),
            None => {
                // What a statement goes on with is indented; anything else ends it.
                let more = line.strip_prefix('\t');
                if let (Some((_, text)), Some(more)) = (statements.last_mut(), more) {
                    text.push_str(more);
                    text.push('\n');
                }
            }
        }
    }
    statements
}

/// The words and signs of a query, without its literals and comments.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\'' {
            rest.by_ref().find(|c| *c == '\'');
        } else if c == '-' && rest.peek() == Some(&'-') {
            rest.by_ref().find(|c| *c == '\n');
        } else if c.is_ascii_alphabetic() || c == '_' {
            let mut word = String::from(c);
            while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                word.push(c);
            }
            words.push(word.to_ascii_lowercase());
        } else if !c.is_whitespace() && c != '"' {
            words.push(c.to_string());
        }
    }
    words
}

/// What can stand behind the name of a table without being an alias of it.
const KEY_WORDS: [&str; 18] = [
    "as", "cross", "except", "for", "group", "having", "in", "inner", "join", "left", "limit",
    "natural", "offset", "on", "order", "right", "union", "where",
];

/// The columns that an application named in its statements: `alias.column` by what the alias stands for,
/// a column without alias by the catalogs of the statement.
fn columns_of(
    statements: &[(String, String)],
    application: &str,
    catalogs: &Catalogs,
) -> BTreeSet<Column> {
    let mut columns = BTreeSet::new();
    for (_, text) in statements.iter().filter(|(who, _)| who == application) {
        let words = words(text);
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let mut aliases: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for at in (0..words.len()).filter(|at| catalogs.contains_key(word(*at))) {
            let behind = at + 1 + usize::from(word(at + 1) == "as");
            let named = word(behind).starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            let alias = match word(behind) {
                alias if named && !KEY_WORDS.contains(&alias) => alias,
                _ => word(at),
            };
            aliases.entry(alias).or_default().insert(word(at));
        }
        let everywhere: BTreeSet<&str> = aliases.values().flatten().copied().collect();
        for at in 0..words.len() {
            let qualified = at >= 2 && word(at - 1) == ".";
            let tables = match aliases.get(if qualified { word(at - 2) } else { "" }) {
                Some(tables) => tables,
                None if qualified => continue,
                None => &everywhere,
            };
            for table in tables.iter().filter(|t| catalogs[**t].contains(word(at))) {
                columns.insert(((*table).to_owned(), word(at).to_owned()));
            }
        }
    }
    columns
}

/// The list: `catalog: column column ... | reason`, `*` for all columns that no other line names. A line
/// may begin with `dumped`, and end with the majors that it is for: `@ 16..`.
fn reasons(major: u16, catalogs: &Catalogs) -> Vec<Reason> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/catalog_columns/reasons.txt");
    let text = fs::read_to_string(path).unwrap();
    let mut reasons = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (line, versions) = line.split_once(" @ ").unwrap_or((line, ".."));
        let (from, to) = versions.split_once("..").expect("a range of majors");
        let bound = |text: &str, open: u16| text.parse().unwrap_or(open);
        if !(bound(from, 0)..=bound(to, u16::MAX)).contains(&major) {
            continue;
        }
        let (what, why) = line.split_once(" | ").expect("a reason");
        assert!(why.len() > 3, "line {number} gives no reason");
        let dumped = what.strip_prefix("dumped ");
        let (catalog, columns) = dumped.unwrap_or(what).split_once(": ").expect("columns");
        let known = catalogs.get(catalog);
        let known = known.unwrap_or_else(|| panic!("line {number}: there is no {catalog}"));
        let columns = if columns == "*" {
            known.iter().map(String::as_str).collect()
        } else {
            columns.split(' ').collect::<Vec<_>>()
        };
        let absent = columns.iter().find(|c| !known.contains(**c));
        assert_eq!(absent, None, "line {number}: {catalog} has no such column");
        reasons.push(Reason {
            columns: { columns }
                .into_iter()
                .map(|c| (catalog.to_owned(), c.to_owned()))
                .collect(),
            dumped: dumped.is_some(),
            through: why.strip_prefix("through ").map(str::to_owned),
            line: number,
        });
    }
    reasons
}
