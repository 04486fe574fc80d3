//! Triggers, rules and policies of relations.

use super::differ::Differ;
use crate::model::{ObjectId, ObjectKind, Policy, Property, QualifiedName, Rule, Trigger};

impl<'a> Differ<'a> {
    pub(super) fn triggers(
        &mut self,
        relation: &QualifiedName,
        lists: (&'a [Trigger], &'a [Trigger]),
    ) {
        self.parts(
            lists,
            |trigger| &trigger.name,
            |trigger| ObjectId::member(ObjectKind::Trigger, relation.clone(), trigger.name.clone()),
            Self::trigger,
        );
    }

    fn trigger(&mut self, id: &ObjectId, before: &'a Trigger, after: &'a Trigger) {
        let mut d = self.differences();
        d.compare(Property::Timing, &before.timing, &after.timing);
        d.compare(Property::Events, &before.events, &after.events);
        d.compare(Property::UpdateOf, &before.update_of, &after.update_of);
        d.compare(
            Property::ForEachRow,
            &before.fires_by_row(),
            &after.fires_by_row(),
        );
        d.compare(
            Property::ConstraintTrigger,
            &before.constraint,
            &after.constraint,
        );
        d.compare(Property::From, &before.from, &after.from);
        d.compare(Property::Deferral, &before.deferral, &after.deferral);
        d.compare(Property::OldTable, &before.old_table, &after.old_table);
        d.compare(Property::NewTable, &before.new_table, &after.new_table);
        d.compare(Property::When, &before.when, &after.when);
        d.compare(Property::Function, &before.function, &after.function);
        d.compare(Property::Arguments, &before.arguments, &after.arguments);
        d.compare(Property::Body, &before.body, &after.body);
        d.compare(Property::Enabled, &before.enabled, &after.enabled);
        d.compare(Property::Extension, &before.extension, &after.extension);
        d.compare(Property::Comment, &before.comment, &after.comment);
        self.altered(id, d);
    }

    pub(super) fn rules(&mut self, relation: &QualifiedName, lists: (&'a [Rule], &'a [Rule])) {
        self.parts(
            lists,
            |rule| &rule.name,
            |rule| ObjectId::member(ObjectKind::Rule, relation.clone(), rule.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Events, &before.event, &after.event);
                d.compare(Property::When, &before.condition, &after.condition);
                d.compare(Property::Instead, &before.instead, &after.instead);
                d.compare(Property::Action, &before.action, &after.action);
                d.compare(Property::Enabled, &before.enabled, &after.enabled);
                d.compare(Property::Comment, &before.comment, &after.comment);
                differ.altered(id, d);
            },
        );
    }

    pub(super) fn policies(&mut self, table: &QualifiedName, lists: (&'a [Policy], &'a [Policy])) {
        self.parts(
            lists,
            |policy| &policy.name,
            |policy| ObjectId::member(ObjectKind::Policy, table.clone(), policy.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(
                    Property::Restrictive,
                    &before.restrictive,
                    &after.restrictive,
                );
                d.compare(Property::Command, &before.command, &after.command);
                d.compare(Property::Roles, &before.roles, &after.roles);
                d.compare(Property::Using, &before.using, &after.using);
                d.compare(Property::WithCheck, &before.with_check, &after.with_check);
                d.compare(Property::Comment, &before.comment, &after.comment);
                differ.altered(id, d);
            },
        );
    }
}
