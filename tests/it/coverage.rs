//! What is done with every kind of object: `docs/coverage.md`, measured and not written by hand.
//!
//! Each kind has a small sample under `tests/fixtures/coverage/` with everything that the kind can
//! have. A cell says `yes` only where the sample went through and came back the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use schemagen::dialect::Dialect;
use schemagen::diff::{Options, compare};
use schemagen::driver;
use schemagen::model::{Catalog, ChangeKind, ObjectId, ObjectKind, Pair, QualifiedName};
use schemagen::pipeline::Loaded;
use schemagen::render::Split;
use serde_json::Value;

use crate::support::catalogs::{
    Sources, differences, printed, printed_json, printed_yaml, statements,
};
use crate::support::postgres;

const PAGE: &str = "docs/coverage.md";

/// What was measured, a column each.
const COLUMNS: [&str; 5] = ["Read", "Render", "YAML", "Introspect", "Diff"];

/// The kinds of which SQLite has some too.
const SQLITE: [&str; 6] = ["table", "column", "constraint", "index", "view", "trigger"];

/// A kind with its sample.
struct Sample {
    title: String,
    kind: Option<ObjectKind>,
    dialect: Dialect,
    text: String,
}

fn samples() -> Vec<Sample> {
    let mut all = Vec::new();
    for kind in ObjectKind::ALL {
        let file = kind.as_str().replace([' ', '-'], "_");
        let dialect = match kind {
            ObjectKind::VirtualTable => Dialect::Sqlite,
            _ => Dialect::Postgres,
        };
        all.push(Sample {
            title: kind.as_str().to_owned(),
            kind: Some(kind),
            dialect,
            text: fixture(&file),
        });
    }
    all.push(Sample {
        title: format!("SQLite: {}", SQLITE.join(", ")),
        kind: None,
        dialect: Dialect::Sqlite,
        text: fixture("sqlite"),
    });
    all
}

/// The text of a kind's sample.
pub(crate) fn sample(kind: ObjectKind) -> String {
    fixture(&kind.as_str().replace([' ', '-'], "_"))
}

fn fixture(name: &str) -> String {
    let path = root().join(format!("tests/fixtures/coverage/{name}.sql"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a catalog holds an object of the kind.
fn holds(catalog: &Catalog, kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Column => catalog.tables.values().any(|t| !t.columns.is_empty()),
        ObjectKind::Kept => !catalog.kept.is_empty(),
        // `public` is there without anybody's doing.
        ObjectKind::Schema => catalog.schemas.len() > 1,
        _ => catalog.objects().iter().any(|(id, _)| id.kind == kind),
    }
}

/// What is wrong with reading the sample.
fn read(sample: &Sample) -> Result<Loaded, String> {
    let sources = Sources::of_sql(&sample.text);
    let loaded = sources.load(sample.dialect);
    let errors = sources.errors(&loaded);
    if !errors.is_empty() {
        return Err(errors.join("\n"));
    }
    if sample
        .kind
        .is_some_and(|kind| !holds(&loaded.catalog, kind))
    {
        return Err("the sample holds no such object".to_owned());
    }
    let s = &loaded.statistics;
    let verbatim = sample.kind == Some(ObjectKind::Opaque);
    if (s.opaque > 0) != verbatim || !s.skipped.is_empty() {
        return Err(format!("not everything is modelled: {s:?}"));
    }
    Ok(loaded)
}

fn same(want: &Loaded, sources: &Sources, dialect: Dialect) -> Result<(), String> {
    let got = sources.load(dialect);
    let errors = sources.errors(&got);
    let differences = differences(&want.catalog, &got.catalog);
    let kept = |l: &Loaded| {
        l.catalog
            .kept
            .iter()
            .map(|k| k.text.clone())
            .collect::<Vec<_>>()
    };
    if !errors.is_empty() {
        Err(errors.join("\n"))
    } else if !differences.is_empty() {
        Err(differences)
    } else if kept(want) != kept(&got) {
        Err("the kept statements differ".to_owned())
    } else {
        Ok(())
    }
}

/// Printed SQL is the same catalog. Whether PostgreSQL takes it shows when it is introspected.
fn rendered(sample: &Sample, loaded: &Loaded) -> Result<String, String> {
    let sql = printed(loaded, sample.dialect);
    same(loaded, &Sources::of_sql(&sql), sample.dialect)?;
    Ok("yes".to_owned())
}

/// Printed YAML is the same catalog; whether it needs statements as they are.
fn as_yaml(sample: &Sample, loaded: &Loaded) -> Result<String, String> {
    let tree = printed_yaml(loaded, sample.dialect, Split::File);
    let text = tree.get("schema.yaml").unwrap_or_default();
    let mut sources = Sources::default();
    sources.add("schema.yaml", text);
    same(loaded, &sources, sample.dialect).map_err(|error| format!("{error}\n{text}"))?;
    let verbatim = text.starts_with("sql:") || text.contains("\nsql:");
    Ok(if verbatim { "under `sql:`" } else { "yes" }.to_owned())
}

/// A database that was loaded from the sample holds the same objects, and one that is loaded from
/// what was read there is the same in everything. `None` where there is no server.
fn introspected(sample: &Sample, loaded: &Loaded) -> Option<Result<String, String>> {
    if sample.kind == Some(ObjectKind::Kept) {
        return Some(Ok("not in a database".to_owned()));
    }
    let once = match inspected(loaded, sample.dialect)? {
        Ok(once) => once,
        Err(error) => return Some(Err(error)),
    };
    let ids = |l: &Loaded| {
        l.catalog
            .objects()
            .into_iter()
            .map(|(id, _)| id)
            .collect::<BTreeSet<_>>()
    };
    let (want, got) = (ids(loaded), ids(&once));
    let lost: Vec<String> = want
        .symmetric_difference(&got)
        .map(ToString::to_string)
        .collect();
    if !lost.is_empty() {
        return Some(Err(format!("only on one side: {}", lost.join(", "))));
    }
    let twice = match inspected(&once, sample.dialect)? {
        Ok(twice) => twice,
        Err(error) => return Some(Err(error)),
    };
    let differences = differences(&once.catalog, &twice.catalog);
    Some(if differences.is_empty() {
        Ok("yes".to_owned())
    } else {
        Err(differences)
    })
}

/// The catalog of a new database with a schema.
fn inspected(loaded: &Loaded, dialect: Dialect) -> Option<Result<Loaded, String>> {
    let sql = printed(loaded, dialect);
    let options = driver::Options {
        external_schemas: &[],
        excluded: &|_| false,
        own_owner: false,
        history_tables: false,
        passwords: true,
        extension_versions: false,
    };
    let read = if dialect == Dialect::Sqlite {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sample.db");
        let database = rusqlite::Connection::open(&path).expect("a database");
        let made = database.execute_batch(&sql).map_err(|e| e.to_string());
        drop(database);
        made.and_then(|()| driver::inspect_sqlite(&path, &options).map_err(|e| e.to_string()))
    } else {
        let database = postgres::database()?;
        database.roles(&["boss", "reader", "writer"]);
        let made = database.psql(&sql);
        let location = driver::Location::parse(&database.url(), &driver::Environment::default());
        let read = made.and_then(|()| {
            let location = location.map_err(|e| e.to_string())?;
            driver::inspect_postgres(&location, &options).map_err(|e| e.to_string())
        });
        if let Err(error) = database.psql("DROP SUBSCRIPTION IF EXISTS copy") {
            return Some(Err(error));
        }
        read
    };
    Some(read.and_then(|read| {
        let sources = Sources::of_sql(&read.owned);
        let loaded = sources.load(dialect);
        match sources.errors(&loaded).as_slice() {
            [] => Ok(loaded),
            errors => Err(format!("{}\n{}", errors.join("\n"), read.owned)),
        }
    }))
}

/// Every object of the kind that is taken out of the sample is told to be dropped, and created on the
/// way back, and nothing else is; so is a comment that it did not have.
fn differs(sample: &Sample, loaded: &Loaded) -> Option<Result<String, String>> {
    if sample.kind == Some(ObjectKind::Kept) {
        return Some(Ok("counted".to_owned()));
    }
    let whole = &loaded.catalog;
    let same = told(whole, whole, sample.dialect);
    if !same.is_empty() {
        return Some(Err(format!("differs from itself: {}", same.join(", "))));
    }
    let mut tried = 0;
    for (id, lesser) in without_one(whole, sample.kind) {
        tried += 1;
        let (gone, back) = (
            told(whole, &lesser, sample.dialect),
            told(&lesser, whole, sample.dialect),
        );
        if gone != [format!("- {id}")] || back != [format!("+ {id}")] {
            return Some(Err(format!("without {id}: {gone:?}, with it: {back:?}")));
        }
        let mut other = whole.clone();
        if let Some(comment) = other.comment_mut(&id).filter(|_| id.member.is_none()) {
            *comment = Some("another".into());
            let commented = told(whole, &other, sample.dialect);
            if commented != [format!("~ {id}: comment")] {
                return Some(Err(format!("comment on {id}: {commented:?}")));
            }
        }
    }
    Some(match tried {
        0 => Err("nothing of the kind could be taken out".to_owned()),
        _ => Ok("yes".to_owned()),
    })
}

/// The catalog without each object of a kind, with the object's identity.
fn without_one(whole: &Catalog, kind: Option<ObjectKind>) -> Vec<(ObjectId, Catalog)> {
    let mut all = Vec::new();
    let wanted = |id: &ObjectId| kind.is_none_or(|kind| kind == id.kind);
    for (id, _) in whole.objects() {
        let mut lesser = whole.clone();
        if !wanted(&id) || id.name == QualifiedName::bare("public") {
            continue;
        }
        let taken = match (&id.member, id.kind) {
            (_, ObjectKind::Index) => take_part(&mut lesser, &id),
            (_, ObjectKind::UserMapping) | (None, _) => match id.kind {
                ObjectKind::DefaultPrivileges => {
                    let key = lesser
                        .default_privileges
                        .keys()
                        .find(|(role, schema, kind)| {
                            role.clone().unwrap_or_default() == id.name.name
                                && *schema == id.name.schema
                                && Some(kind.as_str()) == id.signature.as_deref()
                        });
                    let key = key.cloned();
                    key.is_some_and(|key| lesser.default_privileges.remove(&key).is_some())
                }
                _ => lesser.take(&id).is_some(),
            },
            (Some(_), _) => take_part(&mut lesser, &id),
        };
        if taken {
            all.push((id, lesser));
        }
    }
    if kind.is_none_or(|kind| kind == ObjectKind::Column) {
        for (name, table) in &whole.tables {
            // What is inherited comes and goes with the parent's.
            if table.columns.iter().any(|c| c.inherited) {
                continue;
            }
            for column in &table.columns {
                let mut lesser = whole.clone();
                let columns = lesser.tables.get_mut(name).map(|t| &mut t.columns);
                columns
                    .expect("it is there")
                    .retain(|c| c.name != column.name);
                all.push((ObjectId::column(name, &column.name), lesser));
            }
        }
    }
    all
}

/// Takes a part out of its relation.
fn take_part(catalog: &mut Catalog, id: &ObjectId) -> bool {
    let before = catalog.clone();
    let member = id.member.clone().unwrap_or_else(|| id.name.name.clone());
    let here = |relation: &QualifiedName| match id.kind {
        ObjectKind::Index => relation.schema == id.name.schema,
        _ => *relation == id.name,
    };
    for table in catalog.tables.values_mut().filter(|t| here(&t.name)) {
        match id.kind {
            ObjectKind::Constraint => table
                .constraints
                .retain(|c| c.name != member || c.name.is_empty()),
            ObjectKind::Index => table.indexes.retain(|i| i.name != member),
            ObjectKind::Trigger => table.triggers.retain(|t| t.name != member),
            ObjectKind::Rule => table.rules.retain(|r| r.name != member),
            _ => table.policies.retain(|p| p.name != member),
        }
    }
    for view in catalog.views.values_mut().filter(|v| here(&v.name)) {
        match id.kind {
            ObjectKind::Index => view.indexes.retain(|i| i.name != member),
            ObjectKind::Trigger => view.triggers.retain(|t| t.name != member),
            ObjectKind::Rule => view.rules.retain(|r| r.name != member),
            _ => {}
        }
    }
    *catalog != before
}

/// The changes between two catalogs: what is created, dropped, and which properties are others.
fn told(before: &Catalog, after: &Catalog, dialect: Dialect) -> Vec<String> {
    let comparison = compare(Pair::new(before, after), &Options::new(dialect));
    let changes = comparison.changes.iter();
    let lines = changes.map(|change| {
        let id = &change.id;
        match &change.kind {
            ChangeKind::Create => format!("+ {id}"),
            ChangeKind::Drop => format!("- {id}"),
            ChangeKind::Rename { .. } => format!("> {id}"),
            ChangeKind::Alter(list) => {
                let list: Vec<String> = list.iter().map(|d| d.property.to_string()).collect();
                format!("~ {id}: {}", list.join(", "))
            }
        }
    });
    lines.collect()
}

/// The cells of the page as it stands, by kind.
fn written() -> BTreeMap<String, Vec<String>> {
    let page = fs::read_to_string(root().join(PAGE)).unwrap_or_default();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|line| {
        let cells = line.trim_matches('|').split(" | ");
        let mut cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
        (cells.remove(0), cells)
    })
    .collect()
}

fn page(rows: &[(String, Vec<String>)]) -> String {
    let mut text = String::from(
        "# What is done with every kind of object\n\n\
         Written by `tests/it/coverage.rs` (`SCHEMAGEN_UPDATE=1 cargo test --test it coverage`), from a sample of each\n\
         kind with everything that it can have: comments, owners, privileges, states. **Read**: every statement is\n\
         modelled. **Render**: the printed SQL is read as the same catalog. **YAML**: the\n\
         printed YAML is read as the same catalog; *under `sql:`* where the sample needs statements as they are.\n\
         **Introspect**: a database that was\n\
         loaded from the sample holds the same objects, and one loaded from what was read there is the same in everything. **Diff**: an object\n\
         that comes or goes and a comment that is another are told, and nothing else; `tests/it/mutations.rs` does so for\n\
         every property.\n\n",
    );
    text.push_str(&format!("| Object | {} |\n", COLUMNS.join(" | ")));
    text.push_str(&format!("|---|{}\n", "---|".repeat(COLUMNS.len())));
    for (title, cells) in rows {
        text.push_str(&format!("| {title} | {} |\n", cells.join(" | ")));
    }
    text
}

/// `SCHEMAGEN_UPDATE=1 cargo test` writes the page.
#[test]
fn the_page_of_coverage_is_current() {
    let before = written();
    let mut problems = Vec::new();
    let mut rows = Vec::new();
    for sample in samples() {
        let mut cells = vec!["not yet".to_owned(); COLUMNS.len()];
        let unmeasured = before.get(&sample.title).filter(|c| c.len() == cells.len());
        let mut problem = |column: usize, error: String| {
            problems.push(format!(
                "--- {}: {}\n{error}",
                sample.title, COLUMNS[column]
            ));
        };
        match read(&sample) {
            Err(error) => problem(0, error),
            Ok(loaded) => {
                "yes".clone_into(&mut cells[0]);
                let measured = [
                    Some(rendered(&sample, &loaded)),
                    Some(as_yaml(&sample, &loaded)),
                    introspected(&sample, &loaded),
                    differs(&sample, &loaded),
                ];
                for (n, outcome) in (1..).zip(measured) {
                    match (outcome, unmeasured) {
                        (Some(Ok(cell)), _) => cells[n] = cell,
                        (Some(Err(error)), _) => problem(n, error),
                        (None, Some(cell)) => cells[n].clone_from(&cell[n]),
                        (None, None) => {}
                    }
                }
            }
        }
        rows.push((sample.title, cells));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let page = page(&rows);
    if std::env::var_os("SCHEMAGEN_UPDATE").is_some() {
        fs::write(root().join(PAGE), &page).expect("the page is writable");
    }
    let current = fs::read_to_string(root().join(PAGE)).unwrap_or_default();
    assert!(
        current == page,
        "{PAGE} is stale: run SCHEMAGEN_UPDATE=1 cargo test --test it coverage"
    );
}

/// Every object and every statement is in the JSON, once, and it is the same each time.
#[test]
fn json_holds_everything() {
    for sample in samples() {
        let loaded = read(&sample).expect("the sample is read");
        let text = printed_json(&loaded, sample.dialect);
        assert_eq!(text, printed_json(&loaded, sample.dialect));
        let json: Value = serde_json::from_str(&text).expect("it is JSON");
        let objects = json["objects"].as_array().expect("a list");
        let paths: Vec<_> = objects.iter().map(|o| (&o["kind"], &o["path"])).collect();
        let objects_of = loaded.catalog.objects();
        for (id, _) in &objects_of {
            let same = |(kind, path): &&(&Value, &Value)| {
                **kind == id.kind.as_str() && **path == id.path()
            };
            // SQLite's constraints need no names.
            let wanted = objects_of.iter().filter(|(other, _)| other == id);
            assert_eq!(paths.iter().filter(same).count(), wanted.count(), "{id}");
        }
        let of_objects = objects
            .iter()
            .flat_map(|o| o["sql"].as_array().into_iter().flatten());
        let kept = json["kept"].as_array().into_iter().flatten();
        let mut found: Vec<&str> = of_objects.chain(kept).filter_map(Value::as_str).collect();
        let mut wanted = statements(&loaded, sample.dialect);
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{}", sample.title);
    }
}
