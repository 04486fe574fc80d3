//! Foreign-data wrappers, servers, user mappings.

use super::cursor::{Cursor, Parsed};
use super::grant::grantee;
use super::table::generic_options;
use crate::model::{ForeignDataWrapper, ForeignServer, Object, QualifiedName, UserMapping};
use crate::source::{AlterAction, Statement};

fn create(object: Object, if_not_exists: bool) -> Statement {
    Statement::Create {
        object,
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    }
}

/// What follows `CREATE FOREIGN DATA WRAPPER`.
pub(super) fn create_wrapper(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let mut wrapper = ForeignDataWrapper {
        name: c.ident()?,
        ..ForeignDataWrapper::default()
    };
    while let Some((word, function)) = handler(c)? {
        match word {
            "HANDLER" => wrapper.handler = function,
            _ => wrapper.validator = function,
        }
    }
    if c.accept("options") {
        wrapper.options = generic_options(c)?;
    }
    c.expect_end()?;
    Ok(create(Object::ForeignDataWrapper(wrapper), false))
}

/// `HANDLER f`, `NO VALIDATOR`
fn handler(c: &mut Cursor<'_>) -> Parsed<Option<(&'static str, Option<QualifiedName>)>> {
    for (word, with, without) in [
        ("HANDLER", "handler", "no handler"),
        ("VALIDATOR", "validator", "no validator"),
    ] {
        if c.accept(without) {
            return Ok(Some((word, None)));
        }
        if c.accept(with) {
            return Ok(Some((word, Some(c.name()?))));
        }
    }
    Ok(None)
}

/// The handlers in ALTER FOREIGN DATA WRAPPER; `None` where none is next.
pub(super) fn alter_wrapper(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    let found = handler(c)?;
    Ok(found.map(|(word, function)| AlterAction::Handler { word, function }))
}

/// What follows `CREATE SERVER`.
pub(super) fn create_server(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut server = ForeignServer {
        name: c.ident()?,
        ..ForeignServer::default()
    };
    if c.accept("type") {
        server.server_type = Some(c.string()?.into());
    }
    if c.accept("version") && !c.accept("null") {
        server.version = Some(c.string()?.into());
    }
    c.expect("foreign data wrapper")?;
    server.wrapper = c.ident()?;
    if c.accept("options") {
        server.options = generic_options(c)?;
    }
    c.expect_end()?;
    Ok(create(Object::ForeignServer(server), if_not_exists))
}

/// `VERSION 'v'` of ALTER SERVER; `None` where another is next.
pub(super) fn alter_server(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    if !c.accept("version") {
        return Ok(None);
    }
    let version = match c.accept("null") {
        true => None,
        false => Some(c.string()?.into()),
    };
    Ok(Some(AlterAction::ServerVersion(version)))
}

/// What follows `CREATE USER MAPPING`.
pub(super) fn create_user_mapping(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    c.expect("for")?;
    let user = grantee(c)?;
    c.expect("server")?;
    let mut mapping = UserMapping {
        user,
        server: c.ident()?,
        options: Default::default(),
    };
    if c.accept("options") {
        mapping.options = generic_options(c)?;
    }
    c.expect_end()?;
    Ok(create(Object::UserMapping(mapping), if_not_exists))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actions_of, object_of};
    use super::*;
    use crate::model::Grantee;

    #[test]
    fn wrappers_servers_and_mappings() {
        let object =
            object_of("CREATE FOREIGN DATA WRAPPER w NO HANDLER VALIDATOR v OPTIONS (a 'b')");
        let Object::ForeignDataWrapper(wrapper) = object else {
            panic!("{object:?}")
        };
        assert_eq!(
            (
                wrapper.handler,
                wrapper.options.get("a").unwrap_or_default()
            ),
            (None, "b")
        );
        let object = object_of("CREATE SERVER s TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w");
        assert!(matches!(object, Object::ForeignServer(s) if s.wrapper == "w"));
        for (user, expected) in [
            ("PUBLIC", Grantee::Public),
            ("USER", Grantee::Role("current_user".into())),
            ("me", Grantee::Role("me".into())),
        ] {
            let object = object_of(&format!("CREATE USER MAPPING FOR {user} SERVER s"));
            assert!(matches!(object, Object::UserMapping(m) if m.user == expected));
        }
    }

    #[test]
    fn a_server_changes_version_and_options_at_once() {
        let actions = actions_of("ALTER SERVER s VERSION '2' OPTIONS (SET host 'b', DROP port)");
        assert!(matches!(
            actions.as_slice(),
            [AlterAction::ServerVersion(_), AlterAction::Options(o)] if o.len() == 2
        ));
        let actions = actions_of("ALTER FOREIGN DATA WRAPPER w HANDLER h NO VALIDATOR");
        assert_eq!(actions.len(), 2);
    }
}
