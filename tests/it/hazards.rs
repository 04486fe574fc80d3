//! Every hazard, where it is and where it is not.

use std::collections::BTreeSet;

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::facts::hazard::{Hazard, hazards};
use schemagen::facts::tell;
use schemagen::model::Pair;
use schemagen::plan::{self, Options};

use crate::facts::catalog;

const VERSION: TargetVersion = TargetVersion {
    dialect: Dialect::Postgres,
    major: 15,
    zone: None,
};

const SETUP: &str = "
CREATE TABLE users (id bigint PRIMARY KEY, name text, code varchar(20), note text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total integer);
CREATE TABLE alone (id bigint PRIMARY KEY, word text);
CREATE INDEX users_name_idx ON users (name);
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n * 2 $$;
CREATE FUNCTION free(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n $$;
CREATE INDEX orders_twice_idx ON orders (twice(total));
CREATE FUNCTION notes() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(note) FROM users); END $$;
CREATE FUNCTION counted() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN EXECUTE 'SELECT count(*) FROM orders' INTO n; RETURN n; END $$;
CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
CREATE COLLATION ordering (provider = icu, locale = 'und');
CREATE TABLE words (word text COLLATE ordering);
CREATE INDEX words_word_idx ON words (word);
CREATE TYPE state AS ENUM ('draft');
CREATE TYPE address AS (street text, city text);
CREATE TYPE person AS (name text, home address);
CREATE TYPE unused AS (a int, b int);
CREATE TABLE people (id bigint PRIMARY KEY, person person);
CREATE PUBLICATION changes FOR TABLE users;
CREATE ROLE reader;
";

/// The hazards of a text that runs over the schema above.
fn found(text: &str) -> BTreeSet<Hazard> {
    let (told, resolved) = tell(&catalog(SETUP), text, VERSION);
    assert!(
        resolved.diagnostics.is_empty(),
        "{text}: {:?}",
        resolved.diagnostics
    );
    let all = told.iter().flat_map(|t| hazards(&t.facts));
    all.map(|f| f.hazard).collect()
}

/// A hazard, a text that has it and one like it that has not.
const CASES: &[(Hazard, &str, &str)] = &[
    (
        Hazard::DeletesData,
        "ALTER TABLE users DROP COLUMN name",
        "ALTER TABLE users ADD COLUMN nick text; ALTER TABLE users ALTER COLUMN name DROP DEFAULT",
    ),
    (
        Hazard::DeletesData,
        "ALTER TYPE address DROP ATTRIBUTE city",
        "ALTER TYPE unused DROP ATTRIBUTE b; ALTER TYPE address ADD ATTRIBUTE zip text",
    ),
    (
        Hazard::NarrowsData,
        "ALTER TABLE users ALTER COLUMN code TYPE varchar(10)",
        "ALTER TABLE users ALTER COLUMN code TYPE varchar(40)",
    ),
    (
        Hazard::BlocksReadsAndWrites,
        "ALTER TABLE orders ADD CHECK (total > 0)",
        "ALTER TABLE orders ADD CHECK (total > 0) NOT VALID",
    ),
    (
        Hazard::BlocksWrites,
        "CREATE INDEX ON orders (total)",
        "CREATE INDEX CONCURRENTLY ON orders (total)",
    ),
    (
        Hazard::IndexBuild,
        "CREATE INDEX CONCURRENTLY ON orders (total)",
        "CREATE TABLE made (id int); CREATE INDEX ON made (id)",
    ),
    (
        Hazard::IndexDropped,
        "DROP INDEX users_name_idx",
        "COMMENT ON INDEX users_name_idx IS 'by name'",
    ),
    (
        Hazard::BreaksRunningClients,
        "ALTER TABLE users RENAME COLUMN name TO called",
        "ALTER TABLE users ALTER COLUMN name SET DEFAULT ''",
    ),
    (
        Hazard::BreaksReplication,
        "ALTER TABLE users ADD COLUMN nick text",
        "ALTER TABLE orders ADD COLUMN nick text",
    ),
    (
        Hazard::BreaksReplication,
        "ALTER TABLE users DROP CONSTRAINT users_pkey",
        "ALTER TABLE alone DROP CONSTRAINT alone_pkey",
    ),
    (
        Hazard::BreaksReplication,
        "ALTER TABLE users REPLICA IDENTITY NOTHING",
        "ALTER TABLE users SET (fillfactor = 90)",
    ),
    (
        Hazard::ChangesAccess,
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE users ALTER COLUMN name SET STATISTICS 100",
    ),
    (
        Hazard::StaleDerivedData,
        "CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n + n $$",
        "CREATE OR REPLACE FUNCTION free(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n + 0 $$",
    ),
    (
        Hazard::StaleDerivedData,
        "ALTER COLLATION ordering REFRESH VERSION",
        "COMMENT ON COLLATION ordering IS 'by the root'",
    ),
    (
        Hazard::Recomputes,
        "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders",
        "CREATE MATERIALIZED VIEW fresh AS SELECT user_id FROM orders",
    ),
    (
        Hazard::Recomputes,
        "REFRESH MATERIALIZED VIEW totals",
        "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders WITH NO DATA",
    ),
    (
        Hazard::RowDependent,
        "ALTER TABLE orders ALTER COLUMN total SET NOT NULL",
        "ALTER TABLE orders ALTER COLUMN total DROP NOT NULL",
    ),
    (
        Hazard::UntrackedDependency,
        "ALTER TABLE users RENAME COLUMN note TO remark",
        "ALTER TABLE users RENAME COLUMN code TO cipher",
    ),
    (
        Hazard::UntrackedDependency,
        "ALTER TABLE orders RENAME TO purchases",
        "ALTER TABLE alone RENAME TO single",
    ),
    (
        Hazard::UntrackedDependency,
        "ALTER TABLE users RENAME COLUMN note TO remark",
        "ALTER TABLE users RENAME COLUMN note TO remark; CREATE OR REPLACE FUNCTION notes() RETURNS bigint \
         LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(remark) FROM users); END $$",
    ),
    (
        Hazard::Irreversible,
        "ALTER TYPE state ADD VALUE 'sent'",
        "ALTER TYPE state RENAME VALUE 'draft' TO 'sketch'",
    ),
];

#[test]
fn each_hazard_is_where_it_is_and_nowhere_else() {
    let mut wrong = Vec::new();
    for (hazard, with, without) in CASES {
        if !found(with).contains(hazard) {
            wrong.push(format!("{hazard} is missing: {with}"));
        }
        if found(without).contains(hazard) {
            wrong.push(format!("{hazard} is too much: {without}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What only several transactions can do has its tests in `src/plan/exposure.rs`.
    let tried: BTreeSet<Hazard> = CASES.iter().map(|(hazard, _, _)| *hazard).collect();
    let left: Vec<Hazard> = Hazard::ALL
        .iter()
        .copied()
        .filter(|h| !tried.contains(h))
        .collect();
    assert_eq!(left, [Hazard::ExposesData]);
}

/// What a schema says of one table keeps the others online.
#[test]
fn a_table_may_keep_the_short_forms() {
    let before = catalog("CREATE TABLE a (id int); CREATE TABLE b (id int);");
    let after = catalog(
        "CREATE TABLE a (id int); CREATE TABLE b (id int); -- schemagen:offline\n
         CREATE INDEX a_idx ON a (id); CREATE INDEX b_idx ON b (id);",
    );
    let options = Options {
        online: true,
        ..Options::default()
    };
    let plan = plan::plan_with(Pair::new(&before, &after), VERSION, &options);
    let text = plan.sql();
    assert!(text.contains("CREATE INDEX CONCURRENTLY a_idx"), "{text}");
    assert!(text.contains("CREATE INDEX b_idx"), "{text}");
}
