//! Rules, event triggers, extended statistics, languages.

use super::cursor::{Cursor, Parsed};
use super::operator::create;
use crate::expr::{expression, key_of};
use crate::model::{EventTrigger, Expr, Language, Object, Rule, Statistics, TriggerEnabled};
use crate::source::{AlterAction, Statement};

/// What follows `CREATE [OR REPLACE] RULE`.
pub(super) fn create_rule(c: &mut Cursor<'_>, or_replace: bool) -> Parsed<Statement> {
    let mut rule = Rule {
        name: c.ident()?,
        ..Rule::default()
    };
    c.expect("as on")?;
    rule.event = match c.accept_any(&["select", "insert", "update", "delete"]) {
        Some(event) => event.to_uppercase().into(),
        None => return Err(c.expected("SELECT, INSERT, UPDATE or DELETE")),
    };
    c.expect("to")?;
    let relation = c.name()?;
    if c.accept("where") {
        rule.condition = Some(c.expression_until(&["do"])?);
    }
    c.expect("do")?;
    rule.instead = c.accept("instead");
    c.accept("also");
    if c.at_end() {
        return Err(c.expected("NOTHING or a command"));
    }
    let action = c.rest();
    rule.action = expression(action, c.dialect());
    Ok(Statement::Create {
        object: Object::Rule(relation, Box::new(rule)),
        or_replace,
        if_not_exists: false,
        like: Vec::new(),
    })
}

/// What follows `CREATE EVENT TRIGGER`.
pub(super) fn create_event_trigger(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let name = c.ident()?;
    c.expect("on")?;
    let mut trigger = EventTrigger {
        name,
        event: c.ident()?,
        ..EventTrigger::default()
    };
    if c.accept("when") {
        loop {
            c.expect("tag in")?;
            let tags = c.list(|c| Ok(Box::from(c.string()?.to_uppercase())))?;
            trigger.tags.extend(tags);
            if !c.accept("and") {
                break;
            }
        }
    }
    c.expect("execute")?;
    if c.accept_any(&["function", "procedure"]).is_none() {
        return Err(c.expected("FUNCTION or PROCEDURE"));
    }
    trigger.function = c.name()?;
    c.expect("(")?;
    c.expect(")")?;
    c.expect_end()?;
    Ok(create(Object::EventTrigger(trigger)))
}

/// `ENABLE [REPLICA | ALWAYS]` and `DISABLE` of an event trigger; `None` where another is next.
pub(super) fn alter_event_trigger(c: &mut Cursor<'_>) -> Option<AlterAction> {
    let state = match c.accept_any(&["enable replica", "enable always", "enable", "disable"])? {
        "enable replica" => TriggerEnabled::Replica,
        "enable always" => TriggerEnabled::Always,
        "enable" => TriggerEnabled::Origin,
        _ => TriggerEnabled::Disabled,
    };
    Some(AlterAction::EventTriggerEnabled(state))
}

/// What follows `CREATE STATISTICS`.
pub(super) fn create_statistics(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut statistics = Statistics::default();
    if !c.is("on") && !c.is("(") {
        statistics.name = c.name()?;
    }
    if c.is("(") {
        let kinds = c.ident_list()?;
        statistics.kinds = kinds.iter().map(|k| Box::from(k.as_str())).collect();
        statistics.kinds.sort();
    }
    c.expect("on")?;
    statistics.elements = c.comma_separated(|c| {
        // Parentheses make the difference between a column and an expression.
        let text = c.until(&["from"])?;
        Ok(Expr::new(text, key_of(text, c.dialect())))
    })?;
    c.expect("from")?;
    statistics.table = c.name()?;
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Statistics(statistics),
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    })
}

/// `SET STATISTICS n`; `None` where another is next.
pub(super) fn alter_statistics(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    if !c.accept("set statistics") {
        return Ok(None);
    }
    let target = if c.accept("default") {
        -1
    } else {
        c.integer()?
    };
    let target = i32::try_from(target).unwrap_or(i32::MAX);
    Ok(Some(AlterAction::StatisticsTarget(target)))
}

/// What follows `CREATE [OR REPLACE] [TRUSTED] [PROCEDURAL] LANGUAGE`.
pub(super) fn create_language(
    c: &mut Cursor<'_>,
    trusted: bool,
    or_replace: bool,
) -> Parsed<Statement> {
    let name = if c.is_string() {
        c.string()?.to_lowercase().into()
    } else {
        c.ident()?
    };
    let mut language = Language {
        name,
        trusted,
        ..Language::default()
    };
    loop {
        let word = match c.accept_any(&["handler", "inline", "validator", "no validator"]) {
            Some("no validator") => continue,
            Some(word) => word.to_uppercase(),
            None => break,
        };
        language.handlers.insert(word.into(), c.name()?);
    }
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Language(language),
        or_replace,
        if_not_exists: false,
        like: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actions_of, object_of};
    use super::*;

    #[test]
    fn rules_keep_their_commands() {
        let object = object_of(
            "CREATE RULE r AS ON UPDATE TO app.v WHERE OLD.a <> NEW.a \
             DO INSTEAD (UPDATE t SET a = NEW.a; NOTIFY x);",
        );
        let Object::Rule(relation, rule) = object else {
            panic!("{object:?}")
        };
        assert_eq!(relation.to_string(), "app.v");
        assert!(rule.instead);
        assert_eq!(rule.condition.as_ref().unwrap().text(), "OLD.a <> NEW.a");
        assert_eq!(rule.action.text(), "UPDATE t SET a = NEW.a; NOTIFY x");
        let object = object_of("CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING");
        assert!(matches!(object, Object::Rule(_, r) if !r.instead && r.action.text() == "NOTHING"));
    }

    #[test]
    fn event_triggers_filter_by_tag() {
        let object = object_of(
            "CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('create table', 'DROP TABLE') \
             EXECUTE PROCEDURE app.f()",
        );
        let Object::EventTrigger(trigger) = object else {
            panic!("{object:?}")
        };
        assert_eq!(
            trigger.tags,
            [Box::from("CREATE TABLE"), Box::from("DROP TABLE")]
        );
        let actions = actions_of("ALTER EVENT TRIGGER e ENABLE ALWAYS");
        assert!(matches!(
            actions.as_slice(),
            [AlterAction::EventTriggerEnabled(TriggerEnabled::Always)]
        ));
    }

    #[test]
    fn statistics_tell_columns_from_expressions() {
        let object =
            object_of("CREATE STATISTICS s (mcv, dependencies) ON a, (lower(b)) FROM app.t");
        let Object::Statistics(statistics) = object else {
            panic!("{object:?}")
        };
        assert_eq!(
            statistics.kinds,
            [Box::from("dependencies"), Box::from("mcv")]
        );
        assert_eq!(statistics.elements[1].text(), "(lower(b))");
        let actions = actions_of("ALTER STATISTICS s SET STATISTICS 500");
        assert!(matches!(
            actions.as_slice(),
            [AlterAction::StatisticsTarget(500)]
        ));
    }

    #[test]
    fn languages_have_handlers() {
        let object =
            object_of("CREATE OR REPLACE TRUSTED PROCEDURAL LANGUAGE l HANDLER h INLINE i");
        let Object::Language(language) = object else {
            panic!("{object:?}")
        };
        assert!(language.trusted);
        assert_eq!(language.handlers["INLINE"].name, "i");
    }
}
