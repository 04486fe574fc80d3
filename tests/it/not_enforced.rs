//! NOT ENFORCED: constraints of version 18 that are written down, and that no row is checked against.

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::Pair;
use schemagen::pipeline::{self, Loaded};
use schemagen::plan;
use schemagen::render::Split;

use crate::support::catalogs::{Sources, differences, printed, printed_yaml};

const VERSION: TargetVersion = TargetVersion {
    dialect: Dialect::Postgres,
    major: 18,
    zone: None,
};

const SCHEMA: &str = "CREATE TABLE authors (id bigint PRIMARY KEY);\n\
    CREATE TABLE books (id bigint PRIMARY KEY, author_id bigint, price numeric CHECK (price > 0) NOT ENFORCED,\n\
    CONSTRAINT books_author_fkey FOREIGN KEY (author_id) REFERENCES authors (id) NOT ENFORCED);\n";

fn load(sources: &Sources) -> Loaded {
    let loaded = pipeline::load(&sources.files, VERSION);
    assert_eq!(sources.errors(&loaded), [""; 0]);
    loaded
}

fn planned(before: &str, after: &str) -> String {
    let sides = Pair::new(before, after).map(|text| load(&Sources::of_sql(text)));
    let plan = plan::plan(
        Pair::new(&sides.before.catalog, &sides.after.catalog),
        VERSION,
    );
    assert!(plan.remaining.is_empty(), "{:?}", plan.remaining);
    plan.sql()
}

#[test]
fn it_survives_sql_and_yaml() {
    let loaded = load(&Sources::of_sql(SCHEMA));
    let text = printed(&loaded, Dialect::Postgres);
    assert_eq!(text.matches("NOT ENFORCED").count(), 2, "{text}");
    let again = load(&Sources::of_sql(&text));
    assert_eq!(differences(&loaded.catalog, &again.catalog), "");
    let mut yaml = Sources::default();
    for (path, text) in printed_yaml(&loaded, Dialect::Postgres, Split::File).iter() {
        yaml.add(path, text);
    }
    assert_eq!(differences(&loaded.catalog, &load(&yaml).catalog), "");
}

#[test]
fn versions_before_18_refuse_it_at_its_line() {
    let sources = Sources::of_sql(SCHEMA);
    let loaded = pipeline::load(
        &sources.files,
        TargetVersion {
            major: 17,
            ..VERSION
        },
    );
    let errors = sources.errors(&loaded);
    assert!(
        errors
            .iter()
            .any(|e| e.starts_with("schema.sql:2:") && e.contains("NOT ENFORCED")),
        "{errors:?}"
    );
}

#[test]
fn a_foreign_key_is_altered_in_place_and_a_check_made_anew() {
    let enforced = SCHEMA.replace(" NOT ENFORCED", "");
    let down = planned(&enforced, SCHEMA);
    assert!(
        down.contains("ALTER CONSTRAINT books_author_fkey NOT ENFORCED"),
        "{down}"
    );
    assert!(down.contains("DROP CONSTRAINT books_price_check"), "{down}");
    let up = planned(SCHEMA, &enforced);
    assert!(
        up.contains("ALTER CONSTRAINT books_author_fkey ENFORCED"),
        "{up}"
    );
    assert!(!up.contains("DROP CONSTRAINT books_author_fkey"), "{up}");
}
