//! The functions that aggregates consist of.
//!
//! Source: `AggregateCreate` in src/backend/catalog/pg_aggregate.c.

use super::dependents::Rest;
use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::expr::name_of;
use crate::model::{Aggregate, ObjectId, ObjectKind, QualifiedName};

impl Fold {
    /// The aggregates that a function is part of. Where the name has overloads, it is not said which of
    /// them is meant.
    pub(super) fn aggregates_of(&self, id: &ObjectId) -> Vec<Rest> {
        let overloads = || {
            let names = self.catalog.routines.keys().map(|(name, _)| name);
            names.filter(|name| **name == id.name).count()
        };
        if id.kind != ObjectKind::Function || overloads() != 1 {
            return Vec::new();
        }
        let aggregates = self.catalog.aggregates.iter();
        let of = aggregates.filter(|(_, a)| self.functions_of(a).contains(&id.name));
        let ids = of.map(|((name, signature), _)| {
            ObjectId::overload(ObjectKind::Aggregate, name.clone(), signature.clone())
        });
        ids.map(Rest::Object).collect()
    }

    /// A function of a new aggregate that comes later, or is gone.
    pub(super) fn missing_function_of(&self, aggregate: &Aggregate) -> Option<Diagnostic> {
        let mut functions = self.functions_of(aggregate).into_iter();
        let missing = functions.find(|f| !self.has_routine(f) && !self.is_mentioned(&f.name));
        missing.map(|name| self.not_yet("function", &name))
    }

    /// Those of its functions that the schema declares.
    fn functions_of(&self, aggregate: &Aggregate) -> Vec<QualifiedName> {
        let options = aggregate.options.iter();
        let functions = options.filter(|(option, _)| option.ends_with("func"));
        let names = functions.filter_map(|(_, f)| name_of(f.as_ref()?.text(), self.dialect()));
        names
            .filter_map(|name| self.names.routine(&name, &self.now.path))
            .collect()
    }
}
