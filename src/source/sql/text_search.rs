//! Text search configurations, dictionaries, parsers and templates.

use super::cursor::{Cursor, Parsed};
use super::operator::create;
use super::type_definition::{definition, required};
use crate::model::{Facets, Object, TextSearch, TextSearchKind};
use crate::source::{AlterAction, Statement};

/// What follows `CREATE TEXT SEARCH`.
pub(super) fn create_text_search(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let kinds = ["configuration", "dictionary", "parser", "template"];
    let kind = match c.accept_any(&kinds) {
        Some("configuration") => TextSearchKind::Configuration,
        Some("dictionary") => TextSearchKind::Dictionary,
        Some("parser") => TextSearchKind::Parser,
        Some(_) => TextSearchKind::Template,
        None => return Err(c.expected("CONFIGURATION, DICTIONARY, PARSER or TEMPLATE")),
    };
    let object = TextSearch {
        name: c.name()?,
        kind,
        options: required(definition(c)?),
        mappings: Default::default(),
        facets: Facets::default(),
    };
    c.expect_end()?;
    Ok(create(Object::TextSearch(object)))
}

/// Mappings of a configuration, options of a dictionary; `None` where neither is next.
pub(super) fn alter_text_search(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    if c.is("(") {
        let options = definition(c)?;
        return Ok(Some(AlterAction::Definition(options.into_iter().collect())));
    }
    let Some(words) = c.accept_any(&["add mapping", "alter mapping", "drop mapping"]) else {
        return Ok(None);
    };
    let mut verb = match words {
        "add mapping" => "ADD",
        "alter mapping" => "ALTER",
        _ => "DROP",
    };
    c.accept("if exists");
    let mut tokens = Vec::new();
    if c.accept("for") {
        tokens = c.comma_separated(|c| Ok(Box::from(c.ident()?.as_str())))?;
    }
    let mut replaced = None;
    if c.accept("replace") {
        verb = "REPLACE";
        replaced = Some(c.name()?);
    }
    let dictionaries = if c.accept("with") {
        c.comma_separated(Cursor::name)?
    } else {
        Vec::new()
    };
    Ok(Some(AlterAction::Mapping {
        verb: verb.into(),
        tokens,
        dictionaries,
        replaced,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actions_of, object_of};
    use super::*;

    #[test]
    fn kinds_options_and_mappings() {
        let object = object_of("CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.english)");
        let Object::TextSearch(object) = object else {
            panic!("{object:?}")
        };
        assert_eq!(object.kind, TextSearchKind::Configuration);
        assert_eq!(object.options["copy"].text(), "pg_catalog.english");
        let actions = actions_of(
            "ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word, hword WITH unaccent, simple",
        );
        let [
            AlterAction::Mapping {
                verb,
                tokens,
                dictionaries,
                ..
            },
        ] = actions.as_slice()
        else {
            panic!("{actions:?}")
        };
        assert_eq!((&**verb, tokens.len(), dictionaries.len()), ("ALTER", 2, 2));
        let actions =
            actions_of("ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING REPLACE a WITH b");
        assert!(matches!(
            actions.as_slice(),
            [AlterAction::Mapping { verb, replaced: Some(_), .. }] if &**verb == "REPLACE"
        ));
        let actions = actions_of("ALTER TEXT SEARCH DICTIONARY d (StopWords = 'x', Language)");
        assert!(matches!(actions.as_slice(), [AlterAction::Definition(d)] if d.len() == 2));
    }
}
