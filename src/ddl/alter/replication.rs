//! Publications and subscriptions.

use crate::ddl::fragments::{join, parameters};
use crate::ddl::publications::table;
use crate::dialect::Dialect;
use crate::model::{Parameters, Publication, Subscription};

/// The defaults that options go back to; they cannot be reset.
const PUBLICATION_DEFAULTS: &[(&str, &str)] = &[
    ("publish", "insert, update, delete, truncate"),
    ("publish_via_partition_root", "false"),
];

pub(super) fn publication(
    before: &Publication,
    after: &Publication,
    dialect: Dialect,
) -> Option<Vec<String>> {
    if before.all_tables != after.all_tables {
        return None;
    }
    let alter = format!("ALTER PUBLICATION {}", dialect.quote(&after.name));
    let mut out = Vec::new();
    // A table whose columns or filter change has to be taken out and put in again, which SET does
    // in one statement; with schemas beside the tables SET would have to name both.
    let members = |p: &Publication| {
        let mut all: Vec<String> = p
            .tables
            .iter()
            .map(|t| format!("TABLE {}", table(t, dialect)))
            .collect();
        all.extend(
            p.schemas
                .iter()
                .map(|s| format!("TABLES IN SCHEMA {}", dialect.quote(s))),
        );
        all
    };
    let (old, new) = (members(before), members(after));
    let gone = before.tables.iter().filter(|t| !after.tables.contains(t));
    let gone: Vec<String> = gone
        .map(|t| format!("TABLE {}", dialect.quote_name(&t.name)))
        .chain(
            before
                .schemas
                .iter()
                .filter(|s| !after.schemas.contains(s))
                .map(|s| format!("TABLES IN SCHEMA {}", dialect.quote(s))),
        )
        .collect();
    let added: Vec<String> = new.iter().filter(|m| !old.contains(m)).cloned().collect();
    if !gone.is_empty() && !added.is_empty() && !new.is_empty() {
        out.push(format!("{alter} SET {}", join(new)));
    } else {
        if !gone.is_empty() {
            out.push(format!("{alter} DROP {}", join(gone)));
        }
        if !added.is_empty() {
            out.push(format!("{alter} ADD {}", join(added)));
        }
    }
    out.extend(options(
        &alter,
        &before.options,
        &after.options,
        PUBLICATION_DEFAULTS,
        dialect,
    )?);
    Some(out)
}

pub(super) fn subscription(
    before: &Subscription,
    after: &Subscription,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let alter = format!("ALTER SUBSCRIPTION {}", dialect.quote(&after.name));
    let mut out = Vec::new();
    if before.connection != after.connection {
        let connection = dialect.literal(&after.connection);
        out.push(format!("{alter} CONNECTION {connection}"));
    }
    if before.publications != after.publications {
        let list = join(
            after
                .publications
                .iter()
                .map(|p| dialect.quote(p).into_owned()),
        );
        // What it follows is copied by whoever refreshes it, which no transaction may do.
        out.push(format!(
            "{alter} SET PUBLICATION {list} WITH (refresh = false)"
        ));
    }
    out.extend(options(
        &alter,
        &before.options,
        &after.options,
        &[],
        dialect,
    )?);
    Some(out)
}

fn options(
    alter: &str,
    before: &Parameters,
    after: &Parameters,
    defaults: &[(&str, &str)],
    dialect: Dialect,
) -> Option<Vec<String>> {
    let mut set: Parameters = after
        .iter()
        .filter(|(name, value)| before.get(name) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for name in before.keys().filter(|name| !after.contains_key(name)) {
        let (_, default) = defaults.iter().find(|(n, _)| **n == **name)?;
        set.insert(name.clone(), (*default).into());
    }
    if set.is_empty() {
        return Some(Vec::new());
    }
    Some(vec![format!("{alter} SET ({})", parameters(&set, dialect))])
}
