//! Triggers, rules and event triggers.

use super::constraints::deferral;
use super::fragments::{closed, join, names, parenthesised};
use super::subject::has;
use crate::dialect::{Capability, Dialect};
use crate::model::{EventTrigger, QualifiedName, Rule, Trigger, TriggerEnabled};

/// `CREATE TRIGGER` on `relation`.
pub(super) fn create(relation: &QualifiedName, trigger: &Trigger, dialect: Dialect) -> String {
    let constraint = if trigger.constraint {
        "CONSTRAINT "
    } else {
        ""
    };
    let mut text = format!(
        "CREATE {constraint}TRIGGER {}",
        dialect.quote(&trigger.name)
    );
    let timing = if trigger.timing.is_empty() {
        String::new()
    } else {
        format!("{} ", trigger.timing)
    };
    let events = events(trigger, dialect);
    let relation = dialect.quote_name(relation);
    text.push_str(&format!("\n    {timing}{events} ON {relation}"));
    if let Some(from) = &trigger.from {
        text.push_str(&format!("\n    FROM {}", dialect.quote_name(from)));
    }
    let deferral = deferral(trigger.deferral);
    if !deferral.is_empty() {
        text.push_str(&format!("\n   {deferral}"));
    }
    text.push_str(&transition_tables(trigger, dialect));
    if trigger.for_each_row {
        text.push_str("\n    FOR EACH ROW");
    } else if has(dialect, Capability::Routines) {
        text.push_str("\n    FOR EACH STATEMENT");
    }
    if let Some(when) = trigger.when.as_ref().filter(|_| trigger.body.is_some()) {
        text.push_str(&format!("\n    WHEN {}", when.text()));
    } else if let Some(when) = &trigger.when {
        text.push_str(&format!("\n    WHEN {}", parenthesised(when)));
    }
    match &trigger.body {
        Some(body) => text.push_str(&format!("\n{}", body.text())),
        None => text.push_str(&format!("\n    {}", execute(trigger, dialect))),
    }
    text
}

fn events(trigger: &Trigger, dialect: Dialect) -> String {
    let print = |event: &str| {
        if event == "UPDATE" && !trigger.update_of.is_empty() {
            format!("UPDATE OF {}", names(&trigger.update_of, dialect))
        } else {
            event.to_owned()
        }
    };
    let events: Vec<_> = trigger.events.iter().map(|e| print(e)).collect();
    events.join(" OR ")
}

fn transition_tables(trigger: &Trigger, dialect: Dialect) -> String {
    let mut text = String::new();
    for (word, name) in [("OLD", &trigger.old_table), ("NEW", &trigger.new_table)] {
        if let Some(name) = name {
            text.push_str(&format!(" {word} TABLE AS {}", dialect.quote(name)));
        }
    }
    if text.is_empty() {
        text
    } else {
        format!("\n    REFERENCING{text}")
    }
}

fn execute(trigger: &Trigger, dialect: Dialect) -> String {
    let function = dialect.quote_name(&trigger.function);
    let arguments = join(trigger.arguments.iter().map(|a| dialect.literal(a)));
    format!("EXECUTE FUNCTION {function}({arguments})")
}

/// What CREATE TRIGGER cannot say: whether it fires, the extension it belongs to.
pub(super) fn alterations(
    relation: &QualifiedName,
    trigger: &Trigger,
    dialect: Dialect,
) -> Vec<String> {
    let name = dialect.quote(&trigger.name);
    let relation = dialect.quote_name(relation);
    let mut out = Vec::new();
    if let Some(word) = enabled(trigger.enabled) {
        out.push(format!("ALTER TABLE {relation} {word} TRIGGER {name}"));
    }
    if let Some(extension) = &trigger.extension {
        let extension = dialect.quote(extension);
        out.push(format!(
            "ALTER TRIGGER {name} ON {relation} DEPENDS ON EXTENSION {extension}"
        ));
    }
    out
}

/// The words of ALTER TABLE for a state that is not the usual one.
pub(super) fn enabled(state: TriggerEnabled) -> Option<&'static str> {
    match state {
        TriggerEnabled::Origin => None,
        TriggerEnabled::Disabled => Some("DISABLE"),
        TriggerEnabled::Replica => Some("ENABLE REPLICA"),
        TriggerEnabled::Always => Some("ENABLE ALWAYS"),
    }
}

/// `CREATE RULE` on `relation`.
pub(super) fn create_rule(relation: &QualifiedName, rule: &Rule, dialect: Dialect) -> String {
    let name = dialect.quote(&rule.name);
    let relation = dialect.quote_name(relation);
    let event = &rule.event;
    let mut text = format!("CREATE RULE {name} AS\n    ON {event} TO {relation}");
    if let Some(condition) = &rule.condition {
        text.push_str(&format!("\n    WHERE {}", parenthesised(condition)));
    }
    let instead = if rule.instead { "INSTEAD" } else { "ALSO" };
    let action = rule_action(rule.action.text());
    text.push_str(&format!("\n    DO {instead} {action}"));
    closed(&text).into_owned()
}

/// Several commands stand in parentheses, which an expression's text does not keep.
fn rule_action(text: &str) -> String {
    let text = text.trim();
    if text.contains(';') && !text.starts_with('(') {
        format!("({})", closed(text))
    } else {
        text.to_owned()
    }
}

/// Whether a rule fires.
pub(super) fn rule_alterations(
    relation: &QualifiedName,
    rule: &Rule,
    dialect: Dialect,
) -> Option<String> {
    let word = enabled(rule.enabled)?;
    let relation = dialect.quote_name(relation);
    let name = dialect.quote(&rule.name);
    Some(format!("ALTER TABLE {relation} {word} RULE {name}"))
}

/// `CREATE EVENT TRIGGER`.
pub(super) fn create_event_trigger(trigger: &EventTrigger, dialect: Dialect) -> String {
    let name = dialect.quote(&trigger.name);
    let event = dialect.quote(&trigger.event);
    let mut text = format!("CREATE EVENT TRIGGER {name} ON {event}");
    if !trigger.tags.is_empty() {
        let tags = join(trigger.tags.iter().map(|t| dialect.literal(t)));
        text.push_str(&format!("\n    WHEN TAG IN ({tags})"));
    }
    let function = dialect.quote_name(&trigger.function);
    text.push_str(&format!("\n    EXECUTE FUNCTION {function}()"));
    text
}

/// Whether an event trigger fires.
pub(super) fn event_trigger_alterations(
    trigger: &EventTrigger,
    dialect: Dialect,
) -> Option<String> {
    let word = enabled(trigger.enabled)?;
    let name = dialect.quote(&trigger.name);
    Some(format!("ALTER EVENT TRIGGER {name} {word}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Deferral, Expr};

    fn tasks() -> QualifiedName {
        QualifiedName::new("public", "tasks")
    }

    #[test]
    fn every_clause_stands_on_its_line() {
        let trigger = Trigger {
            name: "touch".into(),
            timing: "AFTER".into(),
            events: vec!["INSERT".into(), "UPDATE".into()],
            update_of: vec!["a".into(), "b".into()],
            for_each_row: true,
            constraint: true,
            deferral: Deferral::Deferred,
            when: Some(Expr::new("NEW.a > 0", "")),
            function: QualifiedName::new("public", "touch"),
            arguments: vec!["it's".into()],
            enabled: TriggerEnabled::Always,
            ..Trigger::default()
        };
        assert_eq!(
            create(&tasks(), &trigger, Dialect::Postgres),
            "CREATE CONSTRAINT TRIGGER touch\n    \
             AFTER INSERT OR UPDATE OF a, b ON public.tasks\n    \
             DEFERRABLE INITIALLY DEFERRED\n    FOR EACH ROW\n    WHEN (NEW.a > 0)\n    \
             EXECUTE FUNCTION public.touch('it''s')"
        );
        assert_eq!(
            alterations(&tasks(), &trigger, Dialect::Postgres),
            ["ALTER TABLE public.tasks ENABLE ALWAYS TRIGGER touch"]
        );
    }

    #[test]
    fn sqlite_triggers_have_a_body() {
        let trigger = Trigger {
            name: "t".into(),
            timing: "BEFORE".into(),
            events: vec!["DELETE".into()],
            body: Some(Expr::new("BEGIN SELECT 1; END", "")),
            ..Trigger::default()
        };
        let table = QualifiedName::bare("tasks");
        assert_eq!(
            create(&table, &trigger, Dialect::Sqlite),
            "CREATE TRIGGER t\n    BEFORE DELETE ON tasks\nBEGIN SELECT 1; END"
        );
    }

    #[test]
    fn rules_with_several_commands_stand_in_parentheses() {
        let rule = Rule {
            name: "r".into(),
            event: "DELETE".into(),
            instead: true,
            action: Expr::new("DELETE FROM a; DELETE FROM b", ""),
            ..Rule::default()
        };
        assert_eq!(
            create_rule(&tasks(), &rule, Dialect::Postgres),
            "CREATE RULE r AS\n    ON DELETE TO public.tasks\n    \
             DO INSTEAD (DELETE FROM a; DELETE FROM b)"
        );
    }
}
