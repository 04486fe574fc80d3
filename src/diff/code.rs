//! Routines and aggregates.

use super::differ::{Differ, Differences};
use crate::model::{
    Argument, ArgumentMode, Ident, ObjectId, ObjectKind, Property, Routine, RoutineKind,
};

impl<'a> Differ<'a> {
    pub(super) fn code(&mut self) {
        self.objects(
            |c| &c.routines,
            |o| {
                let kind = match o.kind {
                    RoutineKind::Function => ObjectKind::Function,
                    RoutineKind::Procedure => ObjectKind::Procedure,
                };
                ObjectId::overload(kind, o.name.clone(), o.signature())
            },
            Self::routine,
        );
        self.objects(
            |c| &c.aggregates,
            |o| ObjectId::overload(ObjectKind::Aggregate, o.name.clone(), o.signature()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                arguments(&mut d, &before.arguments, &after.arguments);
                d.compare(Property::DirectArguments, &before.order_by, &after.order_by);
                d.keyed(Property::Parameter, &before.options, &after.options);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
    }

    fn routine(&mut self, id: &ObjectId, before: &'a Routine, after: &'a Routine) {
        let mut d = self.differences();
        arguments(&mut d, &before.arguments, &after.arguments);
        d.compare(Property::Returns, &before.returns, &after.returns);
        d.compare(Property::Language, &before.language, &after.language);
        d.compare(Property::Window, &before.window, &after.window);
        d.compare(Property::Volatility, &before.volatility, &after.volatility);
        d.compare(Property::StrictOnNull, &before.strict, &after.strict);
        d.compare(
            Property::SecurityDefiner,
            &before.security_definer,
            &after.security_definer,
        );
        d.compare(Property::Leakproof, &before.leakproof, &after.leakproof);
        d.compare(Property::Parallel, &before.parallel, &after.parallel);
        d.compare(Property::Cost, &before.cost, &after.cost);
        d.compare(Property::Rows, &before.rows, &after.rows);
        d.compare(Property::Support, &before.support, &after.support);
        d.compare(Property::Transforms, &before.transforms, &after.transforms);
        d.parameters(Property::Setting, &before.settings, &after.settings);
        d.compare(Property::Body, &before.body, &after.body);
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
    }
}

/// What of the arguments is no part of the identity: names, defaults, those that are output.
fn arguments(d: &mut Differences, before: &[Argument], after: &[Argument]) {
    if before == after {
        return;
    }
    let names =
        |list: &[Argument]| -> Vec<Option<Ident>> { list.iter().map(|a| a.name.clone()).collect() };
    d.compare(Property::ArgumentNames, &names(before), &names(after));
    let types = |list: &[Argument]| -> Vec<_> {
        list.iter().map(|a| (a.mode, a.data_type.clone())).collect()
    };
    let (old, new) = (types(before), types(after));
    d.compare(Property::ArgumentTypes, &old, &new);
    let defaults = |list: &[Argument]| -> Vec<_> {
        let input = list
            .iter()
            .filter(|a| !matches!(a.mode, ArgumentMode::Out | ArgumentMode::Table));
        input.map(|a| a.default.clone()).collect()
    };
    d.compare(
        Property::ArgumentDefaults,
        &defaults(before),
        &defaults(after),
    );
}
