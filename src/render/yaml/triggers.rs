//! Triggers, policies and event triggers.

use super::columns::put_deferral;
use super::names::Names;
use super::said;
use super::value::{Map, Value, one_or_list, texts};
use crate::model::{
    EventTrigger, ObjectId, ObjectKind, PolicyCommand, QualifiedName, Table, Trigger,
    TriggerEnabled,
};

impl Names<'_> {
    pub(super) fn triggers(&self, relation: &QualifiedName, triggers: &[Trigger]) -> Map {
        let mut map = Map::block();
        for trigger in triggers {
            map.put(&*trigger.name, self.trigger(relation, trigger));
        }
        map
    }

    fn trigger(&self, relation: &QualifiedName, trigger: &Trigger) -> Value {
        let mut map = Map::inline();
        said::describe(&mut map, trigger.comment.as_deref());
        let id = ObjectId::member(ObjectKind::Trigger, relation.clone(), trigger.name.clone());
        self.notes(&mut map, &id);
        if !trigger.timing.is_empty() {
            map.put("timing", trigger.timing.to_ascii_lowercase());
        }
        let events = trigger.events.iter().map(|e| e.to_ascii_lowercase());
        map.put("events", one_or_list(events));
        map.put_filled("update_of", texts(&trigger.update_of));
        if !trigger.fires_by_row() {
            map.put("for_each", "statement");
        }
        let when = trigger.when.as_ref().map(|w| w.text().to_owned());
        map.put_some("when", when.map(Value::Literal));
        map.put_flag("constraint", trigger.constraint);
        map.put_some("from", trigger.from.as_ref().map(|t| self.relation(t)));
        put_deferral(&mut map, trigger.deferral);
        map.put_some("old_table", trigger.old_table.as_deref());
        map.put_some("new_table", trigger.new_table.as_deref());
        match &trigger.body {
            Some(body) => map.put("body", body.text()),
            None => map.put("function", self.routine(&trigger.function)),
        }
        map.put_filled("arguments", texts(&trigger.arguments));
        put_enabled(&mut map, trigger.enabled);
        map.into()
    }

    pub(super) fn policies(&self, table: &Table) -> Map {
        let mut map = Map::block();
        for policy in &table.policies {
            let mut inner = Map::inline();
            said::describe(&mut inner, policy.comment.as_deref());
            let id = ObjectId::member(ObjectKind::Policy, table.name.clone(), policy.name.clone());
            self.notes(&mut inner, &id);
            if policy.restrictive {
                inner.put("as", "restrictive");
            }
            let command = policy.command.as_sql().to_ascii_lowercase();
            if policy.command != PolicyCommand::All {
                inner.put("for", command);
            }
            inner.put_filled("to", one_or_list(&policy.roles));
            let sql = |e: &Option<crate::model::Expr>| {
                e.as_ref().map(|e| Value::Literal(e.text().to_owned()))
            };
            inner.put_some("using", sql(&policy.using));
            inner.put_some("with_check", sql(&policy.with_check));
            map.put(&*policy.name, inner);
        }
        map
    }

    pub(super) fn event_trigger(&self, trigger: &EventTrigger) -> Value {
        let mut map = Map::block();
        said::facets(&mut map, &trigger.facets);
        map.put("event", &*trigger.event);
        map.put_filled("tags", texts(&trigger.tags));
        map.put("function", self.routine(&trigger.function));
        put_enabled(&mut map, trigger.enabled);
        map.into()
    }
}

fn put_enabled(map: &mut Map, enabled: TriggerEnabled) {
    match enabled {
        TriggerEnabled::Origin => {}
        TriggerEnabled::Disabled => map.put("enabled", Value::Boolean(false)),
        TriggerEnabled::Replica => map.put("enabled", "replica"),
        TriggerEnabled::Always => map.put("enabled", "always"),
    }
}
