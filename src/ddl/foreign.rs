//! Foreign-data wrappers, servers and user mappings. Foreign tables are in `tables.rs`.

use super::fragments::generic_options;
use super::subject::grantee;
use crate::dialect::Dialect;
use crate::model::{ForeignDataWrapper, ForeignServer, UserMapping};

/// `CREATE FOREIGN DATA WRAPPER`.
pub(super) fn create_wrapper(wrapper: &ForeignDataWrapper, dialect: Dialect) -> String {
    let name = dialect.quote(&wrapper.name);
    let mut text = format!("CREATE FOREIGN DATA WRAPPER {name}");
    let functions = [
        ("HANDLER", &wrapper.handler),
        ("VALIDATOR", &wrapper.validator),
    ];
    for (word, function) in functions {
        if let Some(function) = function {
            text.push_str(&format!(" {word} {}", dialect.quote_name(function)));
        }
    }
    text + &generic_options(&wrapper.options, dialect)
}

/// `CREATE SERVER`.
pub(super) fn create_server(server: &ForeignServer, dialect: Dialect) -> String {
    let mut text = format!("CREATE SERVER {}", dialect.quote(&server.name));
    if let Some(server_type) = &server.server_type {
        text.push_str(&format!(" TYPE {}", dialect.literal(server_type)));
    }
    if let Some(version) = &server.version {
        text.push_str(&format!(" VERSION {}", dialect.literal(version)));
    }
    let wrapper = dialect.quote(&server.wrapper);
    text.push_str(&format!(" FOREIGN DATA WRAPPER {wrapper}"));
    text + &generic_options(&server.options, dialect)
}

/// `CREATE USER MAPPING`.
pub(super) fn create_user_mapping(mapping: &UserMapping, dialect: Dialect) -> String {
    let user = grantee(&mapping.user, dialect);
    let server = dialect.quote(&mapping.server);
    let options = generic_options(&mapping.options, dialect);
    format!("CREATE USER MAPPING FOR {user} SERVER {server}{options}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Grantee;

    #[test]
    fn options_are_literals() {
        let server = ForeignServer {
            name: "far".into(),
            version: Some("12".into()),
            wrapper: "postgres_fdw".into(),
            options: [("host".into(), "db.local".into())].into(),
            ..ForeignServer::default()
        };
        assert_eq!(
            create_server(&server, Dialect::Postgres),
            "CREATE SERVER far VERSION '12' FOREIGN DATA WRAPPER postgres_fdw \
             OPTIONS (host 'db.local')"
        );
        let mapping = UserMapping {
            user: Grantee::Role("current_user".into()),
            server: "far".into(),
            options: [("user".into(), "me".into())].into(),
        };
        assert_eq!(
            create_user_mapping(&mapping, Dialect::Postgres),
            "CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (\"user\" 'me')"
        );
    }
}
