//! CREATE of what is part of a relation: triggers, policies, rules.

use super::create::Meeting;
use super::fold::Fold;
use crate::model::{ObjectId, ObjectKind, Policy, QualifiedName, Rule, Trigger};

impl Fold {
    pub(super) fn create_trigger(
        &mut self,
        relation: &QualifiedName,
        mut trigger: Trigger,
        meeting: Meeting,
    ) -> Option<ObjectId> {
        let relation = self.relation_name(relation);
        if !trigger.function.name.is_empty() {
            self.resolve_routine_name(&mut trigger.function);
        }
        if let Some(from) = &mut trigger.from {
            *from = self.relation_name(from);
        }
        if let Some(when) = &trigger.when {
            trigger.when = Some(self.qualify(when));
        }
        let id = ObjectId::member(ObjectKind::Trigger, relation.clone(), trigger.name.clone());
        let list = match (
            self.catalog.tables.get(&relation),
            self.catalog.views.get(&relation),
        ) {
            (Some(table), _) => &table.triggers,
            (_, Some(view)) => &view.triggers,
            _ => return self.refuse_unmodelled(&id, &relation),
        };
        let taken = list.iter().any(|t| t.name == trigger.name);
        if !self.is_free(taken, &id, meeting) {
            return None;
        }
        let list = match self.catalog.tables.get_mut(&relation) {
            Some(table) => &mut table.triggers,
            None => &mut self.catalog.views.get_mut(&relation)?.triggers,
        };
        list.retain(|t| t.name != trigger.name);
        list.push(trigger);
        Some(id)
    }

    pub(super) fn create_policy(
        &mut self,
        table: &QualifiedName,
        mut policy: Policy,
    ) -> Option<ObjectId> {
        let name = self.relation_name(table);
        policy.using = policy.using.as_ref().map(|e| self.qualify(e));
        policy.with_check = policy.with_check.as_ref().map(|e| self.qualify(e));
        let id = ObjectId::member(ObjectKind::Policy, name.clone(), policy.name.clone());
        let Some(found) = self.catalog.tables.get(&name) else {
            return self.refuse_unmodelled(&id, &name);
        };
        let taken = found.policies.iter().any(|p| p.name == policy.name);
        let meeting = Meeting {
            or_replace: false,
            if_not_exists: false,
        };
        if self.is_free(taken, &id, meeting) {
            self.catalog.tables.get_mut(&name)?.policies.push(policy);
        }
        Some(id)
    }

    pub(super) fn create_rule(
        &mut self,
        relation: &QualifiedName,
        mut rule: Rule,
        or_replace: bool,
    ) -> Option<ObjectId> {
        let name = self.relation_name(relation);
        rule.action = self.qualify(&rule.action);
        let id = ObjectId::member(ObjectKind::Rule, name.clone(), rule.name.clone());
        let list = match (
            self.catalog.tables.get_mut(&name),
            self.catalog.views.get_mut(&name),
        ) {
            (Some(table), _) => &mut table.rules,
            (_, Some(view)) => &mut view.rules,
            _ => return self.refuse_unmodelled(&id, &name),
        };
        let taken = list.iter().any(|r| r.name == rule.name);
        if taken && !or_replace {
            self.refuse_duplicate(&id);
            return None;
        }
        list.retain(|r| r.name != rule.name);
        list.push(rule);
        self.place(&id);
        Some(id)
    }

    fn refuse_unmodelled(&mut self, id: &ObjectId, relation: &QualifiedName) -> Option<ObjectId> {
        let diagnostic = self.refuse(
            "resolve/unmodelled-relation",
            format!("{id} stands on `{relation}`, which is not modelled"),
        );
        diagnostic.help = Some("declare the table itself, with its columns".into());
        None
    }
}
