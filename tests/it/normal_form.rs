//! One normal form: a database that was loaded from a file differs from that file in nothing, however
//! PostgreSQL rewrites what it stores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::diff::{Managed, Options, compare, without_made};
use schemagen::driver::{self, Environment, Location};
use schemagen::model::{Catalog, Change, ChangeKind, Pair};
use schemagen::pipeline::{self, Loaded};

use crate::support::catalogs::{Sources, differences};
use crate::support::corpus;
use crate::support::postgres::{self, Database};

/// What the database holds, without what a setup declares.
pub(crate) fn inspected(database: &Database, setup: &str) -> Loaded {
    read(database, setup).0
}

/// The same, with what the server says about itself.
fn read(database: &Database, setup: &str) -> (Loaded, TargetVersion) {
    let of_setup = Sources::of_sql(setup).load(Dialect::Postgres);
    let objects = of_setup.catalog.objects();
    let others = objects.iter().filter(|(id, _)| id.name.name != "public");
    let of_others: BTreeSet<String> = others.map(|(id, _)| id.name.to_string()).collect();
    let excluded = |name: &str| of_others.contains(name);
    let location =
        Location::parse(&database.url(), &Environment::default()).unwrap_or_else(|e| panic!("{e}"));
    let options = driver::Options {
        external_schemas: &[],
        excluded: &excluded,
        own_owner: false,
        history_tables: true,
        passwords: true,
        extension_versions: true,
    };
    let read = driver::inspect_postgres(&location, &options).unwrap_or_else(|e| panic!("{e}"));
    (declared(&read.owned, setup, read.version), read.version)
}

fn declared(text: &str, setup: &str, version: TargetVersion) -> Loaded {
    let mut sources = Sources::of_sql(text);
    sources.add("setup.sql", setup).external = true;
    pipeline::load(&sources.files, version)
}

fn changes(before: &Catalog, after: &Catalog) -> Vec<Change> {
    let mut options = Options::new(Dialect::Postgres);
    options.managed = Managed::mentioned(before);
    options.executor = Some("postgres".into());
    compare(Pair::new(before, after), &options).changes
}

/// What a change is about, to count by.
fn kinds(change: &Change) -> Vec<String> {
    let kind = change.id.kind.as_str();
    match &change.kind {
        ChangeKind::Create => vec![format!("{kind} in the database only")],
        ChangeKind::Drop => vec![format!("{kind} in the file only")],
        ChangeKind::Rename { .. } => vec![format!("{kind} renamed")],
        ChangeKind::Alter(differences) => differences
            .iter()
            .map(|d| format!("{kind}: {}", d.property))
            .collect(),
    }
}

fn line(change: &Change) -> String {
    let mut text = format!("{}: {}", change.id, kinds(change).join(", "));
    for difference in change.differences() {
        text.push_str(&format!(
            "\n    {:?}\n    {:?}",
            difference.before, difference.after
        ));
    }
    text
}

/// Loads a text into a database and says what differs; `Err` where it does not load.
fn difference(text: &str, setup: &str, roles: &[&str]) -> Result<Vec<Change>, String> {
    difference_in("UTC", text, setup, roles)
}

fn difference_in(
    zone: &str,
    text: &str,
    setup: &str,
    roles: &[&str],
) -> Result<Vec<Change>, String> {
    let Some(database) = postgres::database() else {
        return Err("no server".to_owned());
    };
    database.roles(roles);
    // What a time without a zone means is then known, wherever the test runs.
    database.psql(&format!(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''{zone}''', current_database()); END $$",
    ))?;
    database.psql(setup)?;
    database.psql(text)?;
    let (mut url, version) = read(&database, setup);
    let file = declared(text, setup, version);
    without_made(&mut url.catalog, &file.catalog);
    let found = changes(&file.catalog, &url.catalog);
    if env::var_os("SCHEMAGEN_SHOW_KEYS").is_some() {
        say(&differences(&file.catalog, &url.catalog));
    }
    Ok(found)
}

#[expect(
    clippy::print_stderr,
    reason = "the counts are for whoever works on the normal form"
)]
fn say(text: &str) {
    eprintln!("{text}");
}

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/normal_form");
    fs::read_to_string(folder.join(name)).unwrap()
}

#[track_caller]
fn is_equal(name: &str) {
    if postgres::binaries().is_none() {
        return;
    }
    let found =
        difference(&fixture(name), "", &["reader"]).unwrap_or_else(|e| panic!("{name}: {e}"));
    let lines: Vec<String> = found.iter().map(line).collect();
    assert!(
        lines.is_empty(),
        "{name}: {} differences\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn expressions_come_back_as_they_were_meant() {
    is_equal("expressions.sql");
}

#[test]
fn queries_come_back_as_they_were_meant() {
    is_equal("queries.sql");
}

#[test]
fn commands_of_rules_and_functions_come_back_as_they_were_meant() {
    is_equal("commands.sql");
}

#[test]
fn what_has_a_syntax_of_its_own_comes_back_as_it_was_meant() {
    is_equal("syntax.sql");
}

#[test]
fn literals_of_every_type_come_back_as_they_were_meant() {
    is_equal("literals.sql");
}

#[test]
fn objects_come_back_as_they_were_meant() {
    is_equal("objects.sql");
}

#[test]
fn what_other_roles_queries_and_blocks_make_comes_back_as_it_was_meant() {
    is_equal("roles.sql");
    is_equal("blocks.sql");
}

#[test]
fn times_without_a_zone_are_of_the_servers() {
    if postgres::binaries().is_none() {
        return;
    }
    for zone in ["Europe/Berlin", "America/New_York", "Asia/Kolkata"] {
        let found = difference_in(zone, &fixture("zones.sql"), "", &[]);
        let found = found.unwrap_or_else(|e| panic!("{zone}: {e}"));
        let lines: Vec<String> = found.iter().map(line).collect();
        assert!(lines.is_empty(), "{zone}:\n{}", lines.join("\n"));
    }
}

/// Differences over many schemas, by what they are about.
#[derive(Default)]
struct Tally {
    schemas: usize,
    different: usize,
    unloadable: usize,
    kinds: BTreeMap<String, usize>,
    details: Vec<String>,
}

impl Tally {
    fn add(&mut self, name: &str, text: &str, setup: &str, roles: &[&str]) {
        match difference(text, setup, roles) {
            Err(_) => self.unloadable += 1,
            Ok(found) => {
                self.schemas += 1;
                self.different += usize::from(!found.is_empty());
                for change in &found {
                    for kind in kinds(change) {
                        *self.kinds.entry(kind).or_default() += 1;
                    }
                    self.details.push(format!("{name}: {}", line(change)));
                }
            }
        }
    }

    /// What was reached: no more schemas than these may differ.
    #[track_caller]
    fn holds(&self, most: usize) {
        assert!(
            self.schemas > 10,
            "only {} schemas were tried",
            self.schemas
        );
        let lines = self.details.join("\n");
        assert!(
            self.different <= most,
            "{} schemas differ, {most} did\n{lines}",
            self.different
        );
    }

    fn report(&self, what: &str) {
        say(&format!(
            "{what}: {} schemas, {} differ, {} do not load",
            self.schemas, self.different, self.unloadable
        ));
        for (kind, count) in &self.kinds {
            say(&format!("  {count:5}  {kind}"));
        }
        if let Some(path) = env::var_os("SCHEMAGEN_NORMAL_FORM_REPORT") {
            let path = Path::new(&path).join(format!("{}.txt", what.replace(' ', "-")));
            fs::write(path, self.details.join("\n")).unwrap();
        }
    }
}

#[test]
fn real_schemas_come_back_as_they_were_meant() {
    let (Some(schemas), Some(roles)) = (corpus::schemas(), corpus::roles()) else {
        return;
    };
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let mut tally = Tally::default();
    let all = env::var_os("SCHEMAGEN_CORPUS_ALL").is_some();
    let project = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
    for (at, schema) in schemas
        .iter()
        .enumerate()
        .filter(|(_, s)| s.dialect == Dialect::Postgres)
    {
        let last = schemas.get(at + 1).map(|s| project(&s.name)) != Some(project(&schema.name));
        if !(all || last) {
            continue;
        }
        let setup = schema.setup.as_ref().map_or("", |(_, text)| text);
        tally.add(&schema.name, &schema.text, setup, &roles);
    }
    tally.report("real schemas");
    if !all {
        tally.holds(0);
    }
}

#[test]
fn known_cases_come_back_as_they_were_meant() {
    let Some(cases) = corpus::loadable_cases() else {
        return;
    };
    let mut tally = Tally::default();
    let mut seen = BTreeSet::new();
    // All of them are tried where somebody asks; a build machine takes some of each suite.
    let every = if env::var_os("SCHEMAGEN_CORPUS_ALL").is_some() {
        1
    } else {
        8
    };
    for case in cases.iter().step_by(every) {
        let roles: Vec<&str> = case.roles.iter().map(String::as_str).collect();
        if seen.insert((&case.text, &case.setup)) {
            tally.add(&case.id, &case.text, &case.setup, &roles);
        }
    }
    tally.report("known cases");
    if every > 1 {
        tally.holds(2);
    }
}

/// What changes between two texts, as lines.
fn told(before: &str, after: &str) -> Vec<String> {
    let version = TargetVersion::default_of(Dialect::Postgres);
    let [before, after] = [before, after].map(|text| declared(text, "", version));
    changes(&before.catalog, &after.catalog)
        .iter()
        .flat_map(kinds)
        .collect()
}

#[test]
fn the_names_of_a_views_columns_are_its_own_wherever_they_stand() {
    let inside = "CREATE VIEW v AS SELECT 1 AS a;";
    assert_eq!(told(inside, "CREATE VIEW v (a) AS SELECT 1;"), [""; 0]);
    assert_eq!(
        told(inside, "CREATE VIEW v (b) AS SELECT 1;"),
        ["view: columns", "view: query"]
    );
    let recursive =
        "CREATE RECURSIVE VIEW v (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v WHERE n < 9;";
    let kept = "CREATE VIEW v AS WITH RECURSIVE v (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM v WHERE n < 9) SELECT n FROM v;";
    assert_eq!(told(recursive, kept), [""; 0]);
}

#[test]
fn a_column_of_another_type_changes_no_text_that_names_it() {
    let before = "CREATE TABLE t (a text CHECK (a <> ''));";
    assert_eq!(
        told(before, "CREATE TABLE t (a varchar(9) CHECK (a <> ''));"),
        ["column: type"]
    );
    let star =
        |columns: &str| format!("CREATE TABLE t ({columns}); CREATE VIEW v AS SELECT * FROM t;");
    let more = told(&star("a int"), &star("a int, b int"));
    assert!(more.contains(&"view: query".to_owned()), "{more:?}");
}

/// Privileges on a function of an extension, which the author names without a schema: the statement is
/// kept verbatim, and the database has another text of it.
const UNSAID: [&str; 1] = ["revoke-public-execute"];

#[test]
fn a_database_changes_as_the_file_that_it_was_loaded_from() {
    let (Some(cases), Some(roles)) = (corpus::changes(), corpus::loadable_cases()) else {
        return;
    };
    let roles: BTreeSet<&String> = roles.iter().flat_map(|c| &c.roles).collect();
    let roles: Vec<&str> = roles.into_iter().map(String::as_str).collect();
    let every = match env::var_os("SCHEMAGEN_CORPUS_ALL") {
        Some(_) => 1,
        None => 12,
    };
    let said = |case: &&corpus::Transition| {
        case.dialect == Dialect::Postgres && !UNSAID.iter().any(|name| case.name.contains(name))
    };
    let (mut tried, mut wrong) = (0, Vec::new());
    for case in cases.iter().filter(said).step_by(every) {
        let Some(database) = postgres::database() else {
            return;
        };
        database.roles(&roles);
        if database.psql(&case.new).is_err() {
            // What stands on a platform's own objects, or on an extension that this machine has not.
            continue;
        }
        let (mut url, version) = read(&database, "");
        let [old, new] = [&case.old, &case.new].map(|text| declared(text, "", version));
        without_made(&mut url.catalog, &new.catalog);
        let told = |after: &Catalog| -> Vec<String> {
            let mut options = Options::new(Dialect::Postgres);
            options.executor = Some("postgres".into());
            let changes = compare(Pair::new(&old.catalog, after), &options).changes;
            let one = |c: &Change| format!("{}: {}", c.id, kinds(c).join(", "));
            changes.iter().map(one).collect()
        };
        let (file, url) = (told(&new.catalog), told(&url.catalog));
        tried += 1;
        if file != url {
            wrong.push(format!("{}\n  file {file:?}\n  url  {url:?}", case.name));
        }
    }
    assert!(tried > 20, "only {tried} cases were tried");
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
