//! The comment on a pull request: the same words for the same pair, all changes by their names, and
//! never longer than a code host takes.

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::diff::{Comparison, Options, compare};
use schemagen::facts::hazard::hazards;
use schemagen::model::{Catalog, ObjectId, Pair};
use schemagen::{plan, review};

use crate::generate;
use crate::support::catalogs::Sources;
use crate::support::corpus;
use crate::support::program::Folder;

/// What code hosts take.
const MOST: usize = 60_000;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/review");

fn comment(before: &str, after: &str, arguments: &[&str]) -> String {
    let folder = Folder::with(&[("before.sql", before), ("after.sql", after)]);
    let mut all = vec!["diff", "before.sql", "after.sql", "--format", "markdown"];
    all.extend(arguments);
    folder.run(&all).expect(0).stdout
}

fn side(name: &str, side: &str) -> String {
    let place = format!("{FIXTURES}/{name}.{side}.sql");
    std::fs::read_to_string(&place).unwrap_or_else(|e| panic!("{place}: {e}"))
}

fn fixture(name: &str) -> String {
    let dialect: &[&str] = match name.ends_with("_sqlite") {
        true => &["--dialect", "sqlite"],
        false => &[],
    };
    comment(&side(name, "before"), &side(name, "after"), dialect)
}

#[test]
fn a_risky_change() {
    insta::assert_snapshot!(fixture("risky"));
}

#[test]
fn a_schema_that_grows() {
    insta::assert_snapshot!(fixture("growth"));
}

#[test]
fn who_may_read_what() {
    insta::assert_snapshot!(fixture("access"));
}

#[test]
fn renames_and_questions() {
    insta::assert_snapshot!(fixture("renames"));
}

#[test]
fn changes_that_people_make() {
    for name in PAIRS {
        insta::assert_snapshot!(format!("pair_{name}"), fixture(name));
    }
}

/// Versions of small schemas, each with a change that a team would make in one pull request.
const PAIRS: [&str; 8] = [
    "addresses",
    "audit",
    "discounts",
    "enum_value_gone",
    "notebook_sqlite",
    "partitions",
    "search",
    "tenancy",
];

#[test]
fn every_change_has_its_row_and_every_danger_its_word() {
    for name in PAIRS
        .into_iter()
        .chain(["access", "growth", "renames", "risky"])
    {
        let dialect = match name.ends_with("_sqlite") {
            true => Dialect::Sqlite,
            false => Dialect::Postgres,
        };
        let load = |text: String| Sources::of_sql(&text).load(dialect).catalog;
        let [before, after] = ["before", "after"].map(|s| load(side(name, s)));
        let (text, comparison) = of(&before, &after, dialect);
        rows_name_changes(name, &text, &comparison, dialect);
    }
}

#[test]
fn no_change_is_said_in_a_line() {
    let same = comment(
        "CREATE TABLE a (b int);",
        "CREATE TABLE a (b integer);",
        &[],
    );
    assert_eq!(
        same,
        "<!-- schemagen:diff -->\n### Schema: no changes\n\nThe two schemas are the same.\n"
    );
}

#[test]
fn a_page_says_the_same() {
    let [before, after] = ["before", "after"]
        .map(|side| std::fs::read_to_string(format!("{FIXTURES}/risky.{side}.sql")).unwrap());
    let folder = Folder::with(&[("before.sql", &before), ("after.sql", &after)]);
    let arguments = ["diff", "before.sql", "after.sql", "--format", "html"];
    let page = folder.run(&arguments).expect(0).stdout;
    assert_eq!(page.matches("<tr>").count(), 1 + 13);
    for text in [
        "<code>tasks.old</code>",
        "<svg",
        "DROP TABLE public.logs;",
        "<strong>deletes-data</strong>",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("erDiagram") && !page.contains("<script"));
}

/// The comment without findings, and what it is about.
fn of(before: &Catalog, after: &Catalog, dialect: Dialect) -> (String, Comparison) {
    let pair = Pair::new(before, after);
    let comparison = compare(pair, &Options::new(dialect));
    let version = TargetVersion::default_of(dialect);
    let plan = plan::plan(pair, version);
    let text = review::markdown(&review::Change {
        dialect,
        catalogs: pair,
        comparison: &comparison,
        plan: &plan,
        found: &[],
        gone: 0,
    });
    for found in plan.steps.iter().flat_map(|step| hazards(&step.facts)) {
        assert!(
            text.contains(found.hazard.as_str()),
            "no {found:?} in:\n{text}"
        );
    }
    (text, comparison)
}

/// The name of a thing as a comment has it.
fn shown(id: &ObjectId, dialect: Dialect) -> String {
    let mut id = id.clone();
    if id.name.schema.as_deref() == dialect.default_schema() {
        id.name.schema = None;
    }
    id.path()
}

/// One row for each change, with its name; rows without a mark are about what changes hold up.
fn rows_name_changes(name: &str, text: &str, comparison: &Comparison, dialect: Dialect) {
    let rows = text
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| |"));
    let rows: Vec<&str> = rows.collect();
    for change in &comparison.changes {
        let wanted = shown(&change.id, dialect);
        let plain = !wanted.contains(['"', '|', '$', '*', '_', '[', ' ']);
        let there = rows.iter().any(|row| row.contains(&wanted));
        assert!(there || !plain, "{name}: no row names {wanted}");
    }
    let own = rows.iter().filter(|row| !row.starts_with("|  |")).count();
    assert_eq!(own, comparison.changes.len(), "{name}");
}

#[test]
fn every_change_of_real_schemas_has_its_name() {
    let Some(schemas) = corpus::schemas() else {
        return;
    };
    let mut pairs = 0;
    for two in schemas.windows(2) {
        let project = |name: &str| name.split('/').next().map(str::to_owned);
        if project(&two[0].name) != project(&two[1].name) {
            continue;
        }
        pairs += 1;
        let dialect = two[0].dialect;
        let [before, after] = [&two[0], &two[1]].map(|s| s.sources().load(dialect).catalog);
        let (text, comparison) = of(&before, &after, dialect);
        let name = format!("{} -> {}", two[0].name, two[1].name);
        assert!(text.len() <= MOST, "{name}: {}", text.len());
        if !text.contains(" more changes.") {
            rows_name_changes(&name, &text, &comparison, dialect);
        }
    }
    assert!(pairs >= 12, "{pairs} pairs");
}

/// Pairs of real versions whose comments were read by eye, line by line.
const READ: [(&str, &str); 12] = [
    ("chinook/2014", "chinook/2025"),
    ("ejabberd/2018-06", "ejabberd/2021-06"),
    ("gisia/2025-10", "gisia/2026-05"),
    ("harbor/2.4", "harbor/2.16"),
    ("icingadb/2024-06", "icingadb/2026-07"),
    ("kratos/2023-12", "kratos/2026-07"),
    ("listmonk/2022-08", "listmonk/2024-08"),
    ("openstreetmap/2024-06", "openstreetmap/2026-07"),
    ("pagila/2020-09", "pagila/2022-12"),
    ("roundcube/2017-01", "roundcube/2021-12"),
    ("sqlite-roundcube/2021-12", "sqlite-roundcube/2025-10"),
    ("supabase-auth/2022-12", "supabase-auth/2024-12"),
];

/// Lines of the table that stand in the snapshot; all of the comment but the SQL, which has tests
/// of its own, is in the hash.
const EXCERPT: usize = 16;

/// The schemas are no part of the project, so that their comments stand in the snapshot as what a
/// reviewer sees first, and a hash of the rest. Where one differs, the whole comment is written into
/// the temporary folder, to be read before the snapshot is accepted.
#[test]
fn comments_on_real_schemas_are_those_that_were_read() {
    let (Some(schemas), Some(root)) = (corpus::schemas(), corpus::root()) else {
        return;
    };
    let folder = std::env::temp_dir().join("schemagen-review-comments");
    std::fs::create_dir_all(&folder).unwrap();
    let mut said = String::new();
    for (old, new) in READ {
        let file = |name: &str| {
            root.join(format!("schemas/{name}.sql"))
                .display()
                .to_string()
        };
        let (before, after) = (file(old), file(new));
        let mut arguments = vec!["diff", &before, &after, "--format", "markdown"];
        let schema = schemas.iter().find(|s| s.name == new).unwrap();
        let setup = schema
            .setup
            .as_ref()
            .map(|(path, _)| path.display().to_string());
        if let Some(setup) = &setup {
            arguments.extend(["--setup", setup]);
        }
        if schema.dialect == Dialect::Sqlite {
            arguments.extend(["--dialect", "sqlite"]);
        }
        let text = Folder::new().run(&arguments).expect(0).stdout;
        let head = text.split("\n```").next().unwrap();
        let lines: Vec<&str> = head.lines().skip(1).filter(|l| !l.is_empty()).collect();
        said.push_str(&format!(
            "== {old} -> {new}: {}\n",
            short_hash(text.split("<details><summary>SQL").next().unwrap()),
        ));
        for line in lines.iter().take(EXCERPT) {
            said.push_str(line);
            said.push('\n');
        }
        let file = folder.join(format!("{}.md", new.replace('/', "-")));
        std::fs::write(file, &text).unwrap();
    }
    insta::assert_snapshot!("real_pairs", said);
}

fn short_hash(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(8).map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_comment_stays_within_its_limits_and_says_so() {
    let many = Sources::of_sql(&generate::schema(1000))
        .load(Dialect::Postgres)
        .catalog;
    let none = Sources::of_sql("").load(Dialect::Postgres).catalog;
    let (text, comparison) = of(&many, &none, Dialect::Postgres);
    assert!(
        text.len() <= MOST && text.len() > MOST / 2,
        "{}",
        text.len()
    );
    let cut = text
        .lines()
        .find_map(|line| line.strip_prefix("… and "))
        .unwrap();
    let cut: usize = cut.split(' ').next().unwrap().parse().unwrap();
    let rows = text.lines().filter(|l| l.starts_with("| − ")).count();
    assert_eq!(rows + cut, comparison.changes.len());
    assert!(
        text.contains("Too long for a comment: the SQL, the diagram and the details are left out.")
    );
}

#[test]
fn hostile_names_are_no_markup() {
    let before = "CREATE TABLE \"a|b </details> `c`\nd\" (\"x|y\" text DEFAULT '</details>|');";
    let after =
        "CREATE TABLE \"a|b </details> `c`\nd\" (\"x|y\" text DEFAULT '<script>|', \"-->\" text);";
    let text = comment(before, after, &[]);
    let outside: String = text.split("```").step_by(2).collect();
    assert_eq!(
        outside.matches("</details>").count(),
        outside.matches("<details>").count()
    );
    assert!(!outside.contains("<script>"));
    assert_eq!(outside.matches("-->").count(), 1, "{outside}");
    for row in text.lines().filter(|line| line.starts_with("| ")) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}
