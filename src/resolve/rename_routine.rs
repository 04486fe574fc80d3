//! What calls a routine goes on calling it under its new name, as the server remembers it by number.
//!
//! Invariant: nothing is rewritten while another routine has the old name, because a text does not say
//! which of the two it calls.

use super::fold::Fold;
use super::rewrite::follow_in_table;
use crate::expr::{ReferenceKind, expression, query, replace_references};
use crate::model::{CastMethod, Expr, QualifiedName, RoutineBody, Trigger};

impl Fold {
    pub(super) fn follow_routine(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let routines = self
            .catalog
            .routines
            .keys()
            .chain(self.catalog.aggregates.keys());
        if routines.map(|(name, _)| name).any(|name| name == old) {
            return;
        }
        let dialect = self.dialect();
        let rewritten = |text: &str| {
            replace_references(text, dialect, |kind, name| {
                let schema = name.schema.is_none() || name.schema == old.schema;
                let called = kind == ReferenceKind::Function && schema && name.name == old.name;
                called.then(|| match name.schema.is_none() && new.schema == old.schema {
                    true => dialect.quote(&new.name).into_owned(),
                    false => dialect.quote_name(new),
                })
            })
        };
        let rewrite = |e: &Expr| rewritten(e.text()).map(|text| expression(&text, dialect));
        let nobody = QualifiedName::default();
        for table in self.catalog.tables.values_mut() {
            follow_in_table(table, &nobody, &nobody, &rewrite);
            follow_in_triggers(&mut table.triggers, old, new);
        }
        for view in self.catalog.views.values_mut() {
            follow_in_triggers(&mut view.triggers, old, new);
            if let Some(text) = rewritten(view.query.text()) {
                view.query = query(&text, dialect);
            }
        }
        for trigger in self.catalog.event_triggers.values_mut() {
            if trigger.function == *old {
                trigger.function = new.clone();
            }
        }
        for domain in self.catalog.domains.values_mut() {
            let checks = domain.checks.iter_mut().map(|c| &mut c.expression);
            for place in checks.chain(domain.default.as_mut()) {
                if let Some(found) = rewrite(place) {
                    *place = found;
                }
            }
        }
        for cast in self.catalog.casts.values_mut() {
            if let CastMethod::Function(name, _) = &mut cast.method
                && name == old
            {
                *name = new.clone();
            }
        }
        for routine in self.catalog.routines.values_mut() {
            let arguments = routine.arguments.iter_mut();
            for default in arguments.filter_map(|a| a.default.as_mut()) {
                if let Some(found) = rewrite(default) {
                    *default = found;
                }
            }
            if let RoutineBody::Standard(body) = &mut routine.body
                && let Some(found) = rewrite(body)
            {
                *body = found;
            }
        }
    }
}

fn follow_in_triggers(triggers: &mut [Trigger], old: &QualifiedName, new: &QualifiedName) {
    for trigger in triggers.iter_mut().filter(|t| t.function == *old) {
        trigger.function = new.clone();
    }
}
