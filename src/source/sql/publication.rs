//! Publications and subscriptions.

use super::cursor::{Cursor, Parsed};
use super::operator::create;
use super::table::storage_parameters;
use crate::dialect::Capability;
use crate::model::{Object, Publication, PublicationTable, Subscription};
use crate::source::{AlterAction, Statement};

/// What follows `CREATE PUBLICATION`.
pub(super) fn create_publication(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let mut publication = Publication {
        name: c.ident()?,
        ..Publication::default()
    };
    if c.accept("for all tables") {
        publication.all_tables = true;
    } else if c.accept("for") {
        objects(c, &mut publication)?;
    }
    if c.accept("with") {
        publication.options = storage_parameters(c)?;
    }
    c.expect_end()?;
    Ok(create(Object::Publication(publication)))
}

/// `TABLE a, b, TABLES IN SCHEMA s, t`: an entry without words is of the kind of the one before.
fn objects(c: &mut Cursor<'_>, publication: &mut Publication) -> Parsed<()> {
    let mut schemas = false;
    loop {
        if c.accept("tables in schema") || c.accept("all tables in schema") {
            c.require(Capability::PublicationFilters)?;
            schemas = true;
        } else if c.accept("table") {
            schemas = false;
        }
        if schemas {
            publication.schemas.push(c.ident()?);
        } else {
            publication.tables.push(table(c)?);
        }
        if !c.accept(",") {
            break;
        }
    }
    publication.schemas.sort();
    publication.tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

fn table(c: &mut Cursor<'_>) -> Parsed<PublicationTable> {
    let only = c.accept("only");
    let mut table = PublicationTable {
        name: c.name()?,
        only,
        ..PublicationTable::default()
    };
    c.accept("*");
    if c.is("(") {
        c.require(Capability::PublicationFilters)?;
        table.columns = c.ident_list()?;
    }
    if c.accept("where") {
        c.require(Capability::PublicationFilters)?;
        table.filter = Some(c.parenthesized()?);
    }
    Ok(table)
}

/// `ADD`, `SET` and `DROP` of a publication's objects; `None` where another is next.
pub(super) fn alter_publication(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    if !(c.is_at(1, "table") || c.is_at(1, "tables") || c.is_at(1, "all")) {
        return Ok(None);
    }
    let Some(verb) = c.accept_any(&["add", "set", "drop"]) else {
        return Ok(None);
    };
    let mut publication = Publication::default();
    objects(c, &mut publication)?;
    Ok(Some(AlterAction::Publication {
        verb: verb.to_uppercase().into(),
        publication: Box::new(publication),
    }))
}

/// What follows `CREATE SUBSCRIPTION`.
pub(super) fn create_subscription(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let name = c.ident()?;
    c.expect("connection")?;
    let connection = c.string()?.into();
    c.expect("publication")?;
    let mut subscription = Subscription {
        name,
        connection,
        publications: c.comma_separated(Cursor::ident)?,
        ..Subscription::default()
    };
    if c.accept("with") {
        subscription.options = storage_parameters(c)?;
    }
    c.expect_end()?;
    Ok(create(Object::Subscription(subscription)))
}

/// What ALTER changes of a subscription; `None` where another is next.
pub(super) fn alter_subscription(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    let enabled = |on: &str| AlterAction::SetStorage(vec![("enabled".into(), on.into())]);
    Ok(Some(if c.accept("connection") {
        AlterAction::Connection(c.string()?.into())
    } else if c.accept("enable") {
        enabled("true")
    } else if c.accept("disable") {
        enabled("false")
    } else if c.accept("refresh publication") {
        with_options(c)?;
        AlterAction::Nothing
    } else if c.is("skip") && c.is_at(1, "(") {
        c.advance();
        storage_parameters(c)?;
        AlterAction::Nothing
    } else if c.is_at(1, "publication") {
        let Some(verb) = c.accept_any(&["add", "set", "drop"]) else {
            return Ok(None);
        };
        c.advance();
        let names = c.comma_separated(Cursor::ident)?;
        with_options(c)?;
        AlterAction::SubscriptionPublications {
            verb: verb.to_uppercase().into(),
            names,
        }
    } else {
        return Ok(None);
    }))
}

/// Options of the command itself (`refresh`, `copy_data`), which change no schema.
fn with_options(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.accept("with") {
        storage_parameters(c)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actions_of, object_of};
    use super::*;

    #[test]
    fn entries_without_words_go_on_with_the_kind_before() {
        let object = object_of(
            "CREATE PUBLICATION p FOR TABLE b (x, y) WHERE (x > 1), ONLY a, TABLES IN SCHEMA t, s \
             WITH (publish = 'insert, update')",
        );
        let Object::Publication(publication) = object else {
            panic!("{object:?}")
        };
        let names: Vec<String> = publication
            .tables
            .iter()
            .map(|t| t.name.to_string())
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert!(publication.tables[0].only && publication.tables[1].filter.is_some());
        assert_eq!(publication.schemas, ["s", "t"]);
        assert_eq!(
            publication.options.get("publish").unwrap_or_default(),
            "insert, update"
        );
    }

    #[test]
    fn publications_and_subscriptions_change() {
        let actions = actions_of("ALTER PUBLICATION p ADD TABLE a, b");
        assert!(matches!(
            actions.as_slice(),
            [AlterAction::Publication { verb, publication }]
                if &**verb == "ADD" && publication.tables.len() == 2
        ));
        let actions = actions_of("ALTER PUBLICATION p SET (publish = 'insert')");
        assert!(matches!(actions.as_slice(), [AlterAction::SetStorage(_)]));
        let object = object_of(
            "CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p, q WITH (connect = false)",
        );
        assert!(matches!(object, Object::Subscription(s) if s.publications.len() == 2));
        let actions = actions_of("ALTER SUBSCRIPTION s ADD PUBLICATION r WITH (refresh = false)");
        assert!(matches!(
            actions.as_slice(),
            [AlterAction::SubscriptionPublications { .. }]
        ));
        let actions = actions_of("ALTER SUBSCRIPTION s DISABLE");
        assert!(matches!(actions.as_slice(), [AlterAction::SetStorage(_)]));
    }
}
