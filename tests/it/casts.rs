//! What converts to what is what a server says: every pair of a list of types, by assignment and by a
//! cast that is written.

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::expr::{Conversion, conversion};
use schemagen::model::{Catalog, DataType, Pair};

use crate::support::catalogs::Sources;
use crate::support::postgres;

const DECLARED: &str = "CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE weather AS ENUM ('sun', 'ok');
CREATE TYPE pair AS (one integer, two text);
CREATE DOMAIN small AS integer CHECK (VALUE < 10);
CREATE DOMAIN words AS text;
CREATE DOMAIN lists AS integer[];
CREATE FUNCTION to_mood(integer) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'ok'::mood $$;
CREATE CAST (integer AS mood) WITH FUNCTION to_mood(integer) AS ASSIGNMENT;
CREATE FUNCTION to_integer(weather) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
CREATE CAST (weather AS integer) WITH FUNCTION to_integer(weather);
";

const TYPES: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "numeric(8,2)",
    "real",
    "double precision",
    "money",
    "boolean",
    "text",
    "varchar(20)",
    "char(4)",
    "\"char\"",
    "name",
    "citext",
    "bytea",
    "uuid",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "json",
    "jsonb",
    "xml",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "bit(4)",
    "varbit",
    "oid",
    "regclass",
    "point",
    "box",
    "polygon",
    "circle",
    "path",
    "lseg",
    "tsvector",
    "tsquery",
    "int4range",
    "int4multirange",
    "int8range",
    "integer[]",
    "text[]",
    "bigint[]",
    "uuid[]",
    "mood",
    "weather",
    "mood[]",
    "weather[]",
    "pair",
    "small",
    "words",
    "lists",
    "small[]",
];

/// One column a type, as the schema has them.
fn columns() -> (Catalog, Vec<DataType>) {
    let columns: Vec<String> = (0..)
        .zip(TYPES)
        .map(|(n, t): (usize, _)| format!("c{n} {t}"))
        .collect();
    let text = format!("{DECLARED}CREATE TABLE types ({});", columns.join(", "));
    let sources = Sources::of_sql(&text);
    let loaded = sources.load(Dialect::Postgres);
    assert_eq!(sources.errors(&loaded), [""; 0]);
    let table = loaded.catalog.tables.values().next().expect("it is there");
    let types = (0..TYPES.len()).map(|n| {
        let name = format!("c{n}");
        let mut found = table.columns.iter().filter(|c| c.name == *name.as_str());
        found.next().expect("each has a column").data_type.clone()
    });
    (loaded.catalog.clone(), types.collect())
}

/// The server's answers, in the order of pairs: `a`, `e`, or nothing where there is no cast.
const ASK: &str = "
CREATE FUNCTION how(source text, target text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE format('CREATE TEMPORARY TABLE tried (c %s)', source);
        EXECUTE format('ALTER TABLE tried ALTER c TYPE %s', target);
        RAISE EXCEPTION 'taken';
    EXCEPTION WHEN datatype_mismatch THEN NULL; WHEN raise_exception THEN RETURN 'a';
    END;
    BEGIN
        EXECUTE format('CREATE TEMPORARY TABLE tried (c %s)', source);
        EXECUTE format('ALTER TABLE tried ALTER c TYPE %s USING c::%s', target, target);
        RAISE EXCEPTION 'taken';
    EXCEPTION WHEN cannot_coerce THEN RETURN ''; WHEN raise_exception THEN RETURN 'e';
    END;
END $$;";

#[test]
fn conversions_are_the_servers() {
    let Some(database) = postgres::database() else {
        return;
    };
    database.psql(DECLARED).expect("the server takes the types");
    database.psql(ASK).expect("the server takes the function");
    let mut client = database.client();
    let (catalog, types) = columns();
    let version = TargetVersion::default_of(Dialect::Postgres);
    let mut wrong = Vec::new();
    for (from, source) in types.iter().zip(TYPES) {
        for (to, target) in types.iter().zip(TYPES) {
            let row = client.query_one("SELECT how($1, $2)", &[source, target]);
            let told: String = row.expect("every pair has an answer").get(0);
            let ours = conversion(Pair::new(&catalog, &catalog), (from, to), version);
            let ours = match ours {
                Conversion::Assignment => "a",
                Conversion::Explicit => "e",
                Conversion::None => "",
                Conversion::Unknown => "unknown",
            };
            if told != ours {
                wrong.push(format!("{source} to {target}: `{told}`, here `{ours}`"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
