//! The canonical DDL and the first migration, run by psql on a real server.

use schemagen::dialect::Dialect;
use schemagen::pipeline::Loaded;
use schemagen::render::migration::{self, Migration};
use schemagen::render::{Report, Split, Templates};

use crate::support::catalogs::{Sources, differences, printed, printed_yaml};
use crate::support::postgres::{self, Database};

const EVERY_KIND: &str = include_str!("../fixtures/ddl/every_kind.sql");

/// What a user could have made in a database, one line an object.
const OBJECTS: &str = "
    SELECT 'relation ' || oid::regclass FROM pg_class WHERE relnamespace >= 16384
    UNION ALL SELECT 'routine ' || oid::regprocedure FROM pg_proc p WHERE pronamespace >= 16384
    UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_'
    UNION ALL SELECT 'server ' || srvname FROM pg_foreign_server
    UNION ALL SELECT 'wrapper ' || fdwname FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'publication ' || pubname FROM pg_publication
    UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
    UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE oid >= 16384
    UNION ALL SELECT 'default privileges ' || oid FROM pg_default_acl
    UNION ALL SELECT 'cast ' || castsource::regtype FROM pg_cast WHERE oid >= 16384
    ORDER BY 1";

fn load(text: &str) -> Loaded {
    let sources = Sources::of_sql(text);
    let loaded = sources.load(Dialect::Postgres);
    let errors = sources.errors(&loaded);
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    loaded
}

fn migration_of(loaded: &Loaded) -> Migration {
    let version = schemagen::dialect::TargetVersion::default_of(Dialect::Postgres);
    let report = Report {
        dialect: Dialect::Postgres,
        version,
        catalog: &loaded.catalog,
        graph: &loaded.graph,
        source_map: &loaded.source_map,
        findings: &[],
        templates: &Templates::default(),
        history: None,
        rule: |_| None,
        options: &Default::default(),
        script: Default::default(),
    };
    migration::initial(&report).expect("a first migration can always be made")
}

fn objects(database: &Database) -> Vec<String> {
    let rows = database
        .client()
        .query(OBJECTS, &[])
        .expect("the catalog can be read");
    rows.iter().map(|row| row.get(0)).collect()
}

fn database() -> Option<Database> {
    let database = postgres::database()?;
    database.roles(&["ddl_reader", "ddl_owner"]);
    Some(database)
}

#[test]
fn every_kind_reads_back_as_the_same_catalog() {
    let loaded = load(EVERY_KIND);
    let text = printed(&loaded, Dialect::Postgres);
    let again = load(&text);
    let found = differences(&loaded.catalog, &again.catalog);
    assert!(found.is_empty(), "{found}\n{text}");
    assert_eq!(text, printed(&again, Dialect::Postgres));
}

#[test]
fn nothing_of_the_fixture_is_opaque() {
    let loaded = load(EVERY_KIND);
    assert_eq!(loaded.statistics.opaque, 0, "{:?}", loaded.catalog.opaque);
}

#[test]
fn psql_loads_the_script_in_one_go() {
    let Some(database) = database() else { return };
    let text = printed(&load(EVERY_KIND), Dialect::Postgres);
    if let Err(message) = database.psql(&text) {
        panic!("{message}\n{text}");
    }
}

#[test]
fn the_way_down_leaves_nothing() {
    let Some(database) = database() else { return };
    let migration = migration_of(&load(EVERY_KIND));
    assert_eq!(objects(&database), Vec::<String>::new());
    if let Err(message) = database.psql(&migration.up) {
        panic!("{message}\n{}", migration.up);
    }
    assert!(objects(&database).len() > 40);
    if let Err(message) = database.psql(&migration.down) {
        panic!("{message}\n{}", migration.down);
    }
    assert_eq!(objects(&database), Vec::<String>::new());
    assert!(!migration.down.contains("CASCADE"), "{}", migration.down);
}

/// `CompareIndexInfo`: the parent's index takes what the partition has, and what the partition has
/// beside the parent's stays beside it.
#[test]
fn the_parents_index_takes_the_partitions_equal_one() {
    const TABLES: &str = "CREATE TABLE t (a int, b int) PARTITION BY LIST (a);\n\
                          CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);\n\
                          CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);\n";
    let taken = load(&format!(
        "{TABLES}CREATE INDEX mine ON t1 (b);\nCREATE INDEX all_b ON t (b);"
    ));
    let text = printed(&taken, Dialect::Postgres);
    for wanted in [
        "CREATE INDEX all_b ON ONLY public.t (b);",
        "ALTER INDEX public.all_b ATTACH PARTITION public.mine;",
        "CREATE INDEX t2_b_idx ON public.t2 (b);",
        "ALTER INDEX public.all_b ATTACH PARTITION public.t2_b_idx;",
    ] {
        assert!(text.contains(wanted), "no {wanted} in {text}");
    }
    let apart = load(&format!(
        "{TABLES}CREATE INDEX z ON t (b);\nCREATE INDEX a ON t1 (b);"
    ));
    let text = printed(&apart, Dialect::Postgres);
    let at = |what: &str| {
        text.find(what)
            .unwrap_or_else(|| panic!("no {what} in {text}"))
    };
    assert!(at("CREATE INDEX z ON public.t (b)") < at("CREATE INDEX a ON public.t1 (b)"));
}

#[test]
fn a_block_runs_under_the_search_path_it_was_written_for() {
    let text = "CREATE SCHEMA s;\nSET search_path = s;\nCREATE TABLE t (a int);\n\
                DO $$ BEGIN EXECUTE 'CREATE DOMAIN d ' || 'AS t'; END $$;\nRESET search_path;\n\
                DO $$ BEGIN NULL; END $$;\n";
    let once = printed(&load(text), Dialect::Postgres);
    let at = |what: &str| {
        once.find(what)
            .unwrap_or_else(|| panic!("no {what} in {once}"))
    };
    assert!(at("CREATE TABLE s.t") < at("SET search_path = s;\nDO $$ BEGIN EXECUTE"));
    assert!(once.contains("END $$;\nRESET search_path;"), "{once}");
    assert_eq!(once.matches("SET search_path =").count(), 1, "{once}");
    assert_eq!(printed(&load(&once), Dialect::Postgres), once);
}

/// Blocks that make tables, and privileges of all tables behind them, given and taken again.
const PRIVILEGES: &str = "CREATE SCHEMA s;\nSET search_path = s;\n\
    CREATE TABLE open (a int);\nCREATE TABLE shut (a int);\nCREATE TABLE narrow (a int, b int);\n\
    DO $$ BEGIN CREATE TABLE made (a int); CREATE VIEW seen AS SELECT a FROM made; END $$;\n\
    GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA s TO reader;\n\
    REVOKE ALL ON shut, narrow FROM reader;\n\
    GRANT SELECT (b) ON narrow TO reader;\n\
    GRANT USAGE ON SCHEMA s TO reader;\n\
    REVOKE INSERT ON ALL TABLES IN SCHEMA s FROM reader;\n\
    GRANT UPDATE ON open TO reader;\n";

#[test]
fn privileges_behind_a_block_end_as_the_author_meant() {
    let printed = printed(&load(PRIVILEGES), Dialect::Postgres);
    let schema = "GRANT USAGE ON SCHEMA s TO reader";
    assert_eq!(printed.matches(schema).count(), 1, "{printed}");
    assert_eq!(self::printed(&load(&printed), Dialect::Postgres), printed);
    let loaded = load(PRIVILEGES);
    let mut apart = Sources::default();
    for (path, text) in printed_yaml(&loaded, Dialect::Postgres, Split::Table).iter() {
        apart.add(path, text);
    }
    let read = apart.load(Dialect::Postgres);
    assert_eq!(differences(&loaded.catalog, &read.catalog), "");
    let (Some(written), Some(again)) = (postgres::database(), postgres::database()) else {
        return;
    };
    written.roles(&["reader"]);
    let held = |database: &Database, script: &str| -> Vec<String> {
        database
            .psql(script)
            .unwrap_or_else(|e| panic!("{e}\n{script}"));
        let query = "SELECT format('%s %s %s %s', c.relname, a.attname, r.rolname, x.privilege_type) \
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
            CROSS JOIN LATERAL aclexplode(CASE WHEN a.attname = 'a' THEN c.relacl ELSE a.attacl END) x \
            JOIN pg_roles r ON r.oid = x.grantee \
            WHERE c.relnamespace = 's'::regnamespace AND r.rolname = 'reader' ORDER BY 1";
        let rows = database.client().query(query, &[]).expect("the query runs");
        rows.iter().map(|row| row.get(0)).collect()
    };
    let meant = held(&written, PRIVILEGES);
    assert_eq!(
        meant,
        [
            "made a reader SELECT",
            "narrow b reader SELECT",
            "open a reader SELECT",
            "open a reader UPDATE",
            "seen a reader SELECT"
        ]
    );
    assert_eq!(held(&again, &printed), meant, "{printed}");
}
