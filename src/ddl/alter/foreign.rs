//! Foreign-data wrappers, servers and user mappings.

use super::option_changes;
use crate::ddl::subject::grantee;
use crate::dialect::Dialect;
use crate::model::{ForeignDataWrapper, ForeignServer, QualifiedName, UserMapping};

pub(super) fn wrapper(
    before: &ForeignDataWrapper,
    after: &ForeignDataWrapper,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut function = |word: &str, old: &Option<QualifiedName>, new: &Option<QualifiedName>| {
        if old != new {
            words.push(match new {
                Some(name) => format!("{word} {}", dialect.quote_name(name)),
                None => format!("NO {word}"),
            });
        }
    };
    function("HANDLER", &before.handler, &after.handler);
    function("VALIDATOR", &before.validator, &after.validator);
    words.extend(option_changes(&before.options, &after.options, dialect));
    let name = dialect.quote(&after.name);
    Some(statement(
        words,
        &format!("ALTER FOREIGN DATA WRAPPER {name}"),
    ))
}

pub(super) fn server(
    before: &ForeignServer,
    after: &ForeignServer,
    dialect: Dialect,
) -> Option<Vec<String>> {
    if (&before.wrapper, &before.server_type) != (&after.wrapper, &after.server_type) {
        return None;
    }
    let mut words = Vec::new();
    if before.version != after.version {
        let version = after.version.as_ref().map(|v| dialect.literal(v));
        words.push(format!("VERSION {}", version.as_deref().unwrap_or("NULL")));
    }
    words.extend(option_changes(&before.options, &after.options, dialect));
    let name = dialect.quote(&after.name);
    Some(statement(words, &format!("ALTER SERVER {name}")))
}

pub(super) fn user_mapping(
    before: &UserMapping,
    after: &UserMapping,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let words: Vec<String> = option_changes(&before.options, &after.options, dialect)
        .into_iter()
        .collect();
    let user = grantee(&after.user, dialect);
    let server = dialect.quote(&after.server);
    Some(statement(
        words,
        &format!("ALTER USER MAPPING FOR {user} SERVER {server}"),
    ))
}

fn statement(words: Vec<String>, alter: &str) -> Vec<String> {
    match words.is_empty() {
        true => Vec::new(),
        false => vec![format!("{alter} {}", words.join(" "))],
    }
}
