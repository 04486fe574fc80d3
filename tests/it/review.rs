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
        let plan = plan::plan(
            Pair::new(&before, &after),
            TargetVersion::default_of(dialect),
        );
        for found in plan.steps.iter().flat_map(|step| hazards(&step.facts)) {
            assert!(text.contains(found.hazard.as_str()), "{name}: {found:?}");
        }
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
