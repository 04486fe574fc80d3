//! A PostgreSQL database, majors 13 to 18, as SQL text.
//!
//! Invariants: a constant number of queries, one for each area of the catalog, in one read-only
//! transaction that sees one state; an empty search path, so that whatever the server prints is
//! qualified. What pg_dump dumps as schema is read here, in its order of kinds.

mod areas;
mod query;
mod zone;

use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::error::DriverError;
use super::left_out::{LeftOut, is_history_table};
use super::location::Location;
use super::{Inspection, Options};
use crate::dialect::{Dialect, TargetVersion};
use areas::AREAS;
use query::Spelling;

/// The majors whose catalogs are known.
const MAJORS: std::ops::RangeInclusive<u16> = 13..=18;

/// Settings under which the server prints the same text for everybody.
const BEGIN: &str = "\
    BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;\
    SET LOCAL search_path = '';\
    SET LOCAL statement_timeout = 0;\
    SET LOCAL jit = off;\
    SET LOCAL idle_in_transaction_session_timeout = 0;\
    SET LOCAL datestyle = 'ISO, MDY';\
    SET LOCAL intervalstyle = 'postgres';\
    SET LOCAL timezone = 'UTC';\
    SET LOCAL extra_float_digits = 3;\
    SET LOCAL bytea_output = 'hex';\
    SET LOCAL quote_all_identifiers = off;\
    SET LOCAL standard_conforming_strings = on;\
    SET LOCAL client_encoding = 'UTF8'";

/// Reads a whole database.
pub fn inspect(location: &Location, options: &Options<'_>) -> Result<Inspection, DriverError> {
    let mut client = location.connect()?;
    let read = read(&mut client, options);
    read.map_err(|e| e.without(location.password.as_ref()))
}

fn read(client: &mut Client, options: &Options<'_>) -> Result<Inspection, DriverError> {
    let Asked {
        version,
        superuser,
        user,
    } = server(client)?;
    let spelling = Spelling {
        major: version.major,
        passwords: options.passwords,
        extension_versions: options.extension_versions,
        own_owner: options.own_owner,
        superuser,
    };
    run(client, BEGIN, "the settings")?;
    let mut sorted = Sorted::default();
    for area in AREAS {
        if area.superuser && !superuser {
            continue;
        }
        for row in run(client, &spelling.write(area.query), area.what)? {
            sorted.add(&row, area, options);
        }
    }
    let counted = run(client, &spelling.write(areas::LEFT_OUT), "what is left out")?;
    for row in counted {
        sorted.count(&row);
    }
    run(client, "COMMIT", "the end of the transaction")?;
    Ok(Inspection {
        version,
        user: Some(user),
        owned: sorted.owned,
        external: sorted.external,
        left_out: sorted.left_out,
    })
}

/// The version of the server, and who asks.
struct Asked {
    version: TargetVersion,
    superuser: bool,
    user: String,
}

fn server(client: &mut Client) -> Result<Asked, DriverError> {
    let query = "SELECT current_setting('server_version_num'), current_setting('is_superuser'), current_user, \
                 current_setting('TimeZone')";
    let rows = run(client, query, "the server's version")?;
    let cell = |at| rows.first().and_then(|r| r.get(at)).unwrap_or_default();
    let number: u32 = cell(0).parse().unwrap_or_default();
    let major = u16::try_from(number / 10_000).unwrap_or_default();
    if !MAJORS.contains(&major) {
        let reason = format!(
            "the server is PostgreSQL {major}; majors {} to {} are known",
            MAJORS.start(),
            MAJORS.end()
        );
        let help = "read the output of `pg_dump --schema-only` instead, or upgrade the server";
        return Err(DriverError::new(reason, help));
    }
    let dialect = Dialect::Postgres;
    let zone = zone::of(client, cell(3))?;
    Ok(Asked {
        version: TargetVersion {
            dialect,
            major,
            zone: Some(zone),
        },
        superuser: cell(1) == "on",
        user: cell(2).to_owned(),
    })
}

/// One round trip: everything as text, so that no type has to be asked for.
fn run(client: &mut Client, query: &str, what: &str) -> Result<Vec<SimpleQueryRow>, DriverError> {
    let messages = client.simple_query(query);
    let messages = messages.map_err(|e| DriverError::query(&e, what))?;
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    Ok(rows.collect())
}

/// The statements, told apart by whose they are.
#[derive(Default)]
struct Sorted {
    owned: String,
    external: String,
    left_out: LeftOut,
}

impl Sorted {
    /// A row: schema, name, the table it belongs to in the same schema, statements.
    fn add(&mut self, row: &SimpleQueryRow, area: &areas::Area, options: &Options<'_>) {
        let cell = |at| row.get(at).unwrap_or_default();
        let (schema, name, statements) = (cell(0), cell(1), cell(3));
        let parent = row.get(2);
        if statements.is_empty() {
            return;
        }
        let counts = usize::from(area.counts);
        if options.external_schemas.iter().any(|s| s == schema) {
            self.left_out.external += counts;
            return push(&mut self.external, statements);
        }
        let history = !options.history_tables;
        if history
            && [Some(name), parent]
                .into_iter()
                .flatten()
                .any(is_history_table)
        {
            self.left_out.history_tables += usize::from(area.tables);
            return;
        }
        let excluded = |name: &str| match (schema, name) {
            ("", name) | (name, "") => !name.is_empty() && (options.excluded)(name),
            (schema, name) => (options.excluded)(&format!("{schema}.{name}")),
        };
        if excluded(name) || parent.is_some_and(excluded) {
            self.left_out.excluded += counts;
            return;
        }
        push(&mut self.owned, statements);
    }

    fn count(&mut self, row: &SimpleQueryRow) {
        let number = row.get(1).and_then(|n| n.parse().ok()).unwrap_or_default();
        match row.get(0).unwrap_or_default() {
            "extension" => self.left_out.extension_members = number,
            "temporary" => self.left_out.temporary = number,
            "invalid_index" => self.left_out.invalid_indexes = number,
            "detaching_partition" => self.left_out.detaching_partitions = number,
            "large_object" => self.left_out.large_objects = number,
            "subscription" => self.left_out.subscriptions = number,
            "not_null_comment" => self.left_out.not_null_comments = number,
            _ => {}
        }
    }
}

fn push(text: &mut String, statements: &str) {
    text.push_str(statements);
    text.push_str(";\n");
}
