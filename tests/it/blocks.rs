//! `DO` blocks: what they say is declared, where it can be read, and kept where it cannot.

use schemagen::dialect::Dialect;
use schemagen::model::Catalog;
use schemagen::pipeline;

use crate::support::catalogs::{Sources, differences};
use crate::support::postgres;
use crate::support::program::Folder;

/// A text with blocks, and what it says without them.
const READ: &[(&str, &str, &str)] = &[
    (
        "the version is one that has it",
        "DO $do$BEGIN\n\
         IF (SELECT current_setting('server_version_num')::INT >= 110000) THEN\n\
         CREATE TABLE t (a int, b text DEFAULT $$x;y$$); -- a remark; of the author\n\
         COMMENT ON TABLE t IS $$of; the block$$;\n\
         ELSE CREATE TABLE old (a int); END IF;\nEND$do$;",
        "CREATE TABLE t (a int, b text DEFAULT 'x;y'); COMMENT ON TABLE t IS 'of; the block';",
    ),
    (
        "the version is none of those",
        "DO $$ BEGIN IF current_setting('server_version_num')::int < 90000 THEN PERFORM f(); CREATE TABLE t ();\n\
         ELSIF cast(current_setting('server_version_num') as integer) > 990000 THEN CREATE TABLE u ();\n\
         ELSE CREATE TABLE w (); END IF; END $$ LANGUAGE plpgsql;",
        "CREATE TABLE w ();",
    ),
    (
        "it is made where it is not there",
        "CREATE TYPE there AS ENUM ('a');\n\
         DO $$ BEGIN\n\
         IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace\n\
           WHERE t.typname = 'mood' AND n.nspname = 'public') THEN\n\
           CREATE TYPE mood AS ENUM ('sad', 'glad'); COMMENT ON TYPE mood IS 'how';\n\
         END IF;\n\
         IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'there') THEN\n\
           CREATE TYPE there AS ENUM ('b'); END IF;\n\
         IF to_regclass('public.t') IS NULL THEN CREATE TABLE t (m mood); END IF;\n\
         IF to_regclass('public.t') IS NOT NULL THEN ALTER TABLE t ADD n int; ELSE CREATE TABLE no (); END IF;\n\
         END $$;",
        "CREATE TYPE there AS ENUM ('a'); CREATE TYPE mood AS ENUM ('sad', 'glad');\n\
         COMMENT ON TYPE mood IS 'how'; CREATE TABLE t (m mood, n int);",
    ),
    (
        "a handler passes over what is there",
        "CREATE TABLE t (a int); CREATE TYPE there AS ENUM ('a');\n\
         DO $$ BEGIN CREATE TYPE mood AS ENUM ('sad'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n\
         DO $$ BEGIN CREATE TYPE there AS ENUM ('b'); EXCEPTION WHEN others THEN RAISE NOTICE 'it is'; END $$;\n\
         DO $$ BEGIN\n\
           BEGIN ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); EXCEPTION WHEN duplicate_object OR duplicate_table THEN NULL; END;\n\
           BEGIN ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); EXCEPTION WHEN duplicate_object OR duplicate_table THEN NULL; END;\n\
         END $$;",
        "CREATE TYPE there AS ENUM ('a'); CREATE TYPE mood AS ENUM ('sad');\n\
         CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));",
    ),
    (
        "strings without variables are executed",
        "DO 'BEGIN EXECUTE $x$CREATE TABLE t (a int); CREATE INDEX i ON t (a)$x$; END';",
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a);",
    ),
    (
        "variables change no statement of the schema",
        "DO $$ DECLARE a int := 1; BEGIN CREATE VIEW v AS SELECT 1 AS a; NULL; RAISE WARNING 'done %', a; END $$;",
        "CREATE VIEW v AS SELECT 1 AS a;",
    ),
];

/// Blocks that say what nobody can tell without running them.
const KEPT: &[&str] = &[
    "DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE 'CREATE TABLE t ()'; END LOOP; END $$",
    "DO $$ BEGIN EXECUTE format('CREATE TABLE %I ()', 't'); END $$",
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'r') THEN CREATE TABLE t (); END IF; END $$",
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_type WHERE typlen = 4) THEN CREATE TABLE t (); END IF; END $$",
    "DO $$ BEGIN CREATE TABLE t (); PERFORM f(); END $$",
    "DO $$ BEGIN CREATE TABLE t (); RAISE EXCEPTION 'no'; END $$",
    "DO $$ BEGIN CREATE TABLE t (); CREATE TABLE u (); EXCEPTION WHEN duplicate_table THEN NULL; END $$",
    "DO $$ BEGIN CREATE TYPE t AS ENUM (); EXCEPTION WHEN undefined_object THEN NULL; END $$",
    "DO $$ BEGIN CREATE TABLE t (); EXCEPTION WHEN duplicate_table THEN DROP TABLE u; END $$",
    "DO $$ BEGIN IF current_setting('server_version_num')::int >= 150004 THEN CREATE TABLE t (); END IF; END $$",
    "DO $$ DECLARE a int := f(); BEGIN CREATE TABLE t (); END $$",
    "DO $$ BEGIN CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; END $$",
    "DO LANGUAGE plv8 $$ BEGIN CREATE TABLE t (); END $$",
    "DO $$ BEGIN CREATE TABLE t (); $$",
];

fn load(text: &str) -> Catalog {
    let sources = Sources::of_sql(text);
    let loaded = sources.load(Dialect::Postgres);
    assert_eq!(sources.errors(&loaded), [""; 0], "{text}");
    let s = &loaded.statistics;
    let parts = s.modelled + s.opaque + s.kept + s.failed + s.skipped.values().sum::<usize>();
    assert_eq!(s.read, parts, "{text}");
    loaded.catalog
}

#[test]
fn what_can_be_read_is_declared() {
    for (what, block, plain) in READ {
        let (read, plain) = (load(block), load(plain));
        assert_eq!(differences(&plain, &read), "", "{what}");
        assert!(read.kept.is_empty(), "{what}: {:?}", read.kept);
    }
}

#[test]
fn what_cannot_be_read_is_kept_as_it_is() {
    for block in KEPT {
        let catalog = load(block);
        let kept: Vec<&str> = catalog.kept.iter().map(|k| &*k.text).collect();
        assert_eq!(kept, [*block]);
        assert_eq!(catalog.tables.len() + catalog.enums.len(), 0, "{block}");
    }
}

#[test]
fn an_error_within_a_block_has_its_line() {
    let sources =
        Sources::of_sql("DO $$ BEGIN\nCREATE TABLE t (a int);\n  CREATE TABLE t (b int);\nEND $$;");
    let loaded = sources.load(Dialect::Postgres);
    let errors = sources.errors(&loaded);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].starts_with("schema.sql:3:"), "{errors:?}");
}

#[test]
fn a_block_in_another_file_waits_for_what_it_changes() {
    let mut sources = Sources::default();
    sources.add("a.sql", "DO $$ BEGIN ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); EXCEPTION WHEN duplicate_object OR duplicate_table THEN NULL; END $$;");
    sources.add("b.sql", "CREATE TABLE t (a int);");
    let loaded = pipeline::load(
        &sources.files,
        schemagen::dialect::TargetVersion::default_of(Dialect::Postgres),
    );
    assert_eq!(sources.errors(&loaded), [""; 0]);
    let plain = load("CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0));");
    assert_eq!(differences(&plain, &loaded.catalog), "");
}

#[test]
fn a_server_makes_of_the_blocks_what_is_read() {
    for (what, block, _) in READ {
        let Some(database) = postgres::database() else {
            return;
        };
        database
            .psql(block)
            .unwrap_or_else(|e| panic!("{what}: {e}"));
        let folder = Folder::with(&[("schema.sql", block)]);
        let run = folder.run(&["diff", "schema.sql", &database.url()]);
        let run = run.expect(0);
        let said = run.stdout + &run.stderr;
        assert!(said.contains("no differences"), "{what}: {said}");
        assert!(!said.contains("not compared"), "{what}: {said}");
    }
}
