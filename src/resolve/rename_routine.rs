//! What calls a routine goes on calling it under its new name, as the server remembers it by number.
//!
//! Invariant: nothing is rewritten while another routine has the old name, because a text does not say
//! which of the two it calls.

use super::fold::Fold;
use super::rewrite::follow_in_table;
use crate::expr::{
    ReferenceKind, expression, is_support_option, name_of, query, replace_references,
};
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
        self.follow_in_definitions(old, new);
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

impl Fold {
    /// What is defined by functions: types, operators, aggregates, and the rare kinds.
    fn follow_in_definitions(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let dialect = self.dialect();
        let c = &mut self.catalog;
        let bases = c.shell_types.values_mut();
        let bases = bases.flat_map(|base| base.options.iter_mut());
        let bases = bases.filter(|(option, _)| is_support_option(option));
        let ranges = c.ranges.values_mut().flat_map(|r| r.options.iter_mut());
        let ranges = ranges.filter(|(o, _)| matches!(&***o, "canonical" | "subtype_diff"));
        let operators = c.operators.values_mut().map(|o| &mut o.options);
        let aggregates = c.aggregates.values_mut().map(|a| &mut a.options);
        let options = operators.chain(aggregates).flatten();
        let called = |o: &str| {
            matches!(o, "function" | "procedure" | "restrict" | "join") || o.ends_with("func")
        };
        let options = options
            .filter(|(option, _)| called(option))
            .filter_map(|(_, e)| e.as_mut());
        for function in { bases.chain(ranges) }.map(|(_, e)| e).chain(options) {
            if name_of(function.text(), dialect).as_ref() == Some(old) {
                let text = dialect.quote_name(new);
                *function = Expr::new(text.clone(), text);
            }
        }
        let wrappers = c.foreign_data_wrappers.values_mut();
        let wrappers = wrappers.flat_map(|w| w.handler.iter_mut().chain(&mut w.validator));
        let conversions = c.conversions.values_mut().map(|c| &mut c.function);
        let methods = c.access_methods.values_mut().map(|m| &mut m.handler);
        let languages = c.languages.values_mut();
        let languages = languages.flat_map(|l| l.handlers.values_mut());
        for name in wrappers.chain(conversions).chain(methods).chain(languages) {
            if name == old {
                *name = new.clone();
            }
        }
    }
}

fn follow_in_triggers(triggers: &mut [Trigger], old: &QualifiedName, new: &QualifiedName) {
    for trigger in triggers.iter_mut().filter(|t| t.function == *old) {
        trigger.function = new.clone();
    }
}
