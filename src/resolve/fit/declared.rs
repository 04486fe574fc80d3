//! Types that cannot be declared as they are: names said twice, types without values, checks that are none.
//!
//! Source: `DefineEnum`, `DefineDomain` and `domainAddConstraint` in src/backend/commands/typecmds.c,
//! `EnumValuesCreate` in src/backend/catalog/pg_enum.c, `CheckAttributeNamesTypes` in src/backend/catalog/heap.c.

use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::expr::is_pseudo_type;
use crate::model::{
    CompositeType, DataType, Domain, DomainCheck, EnumType, Expr, Ident, QualifiedName,
};
use crate::resolve::fold::Fold;
use crate::source::AlterAction;

/// Labels are names: longer ones are none.
const LONGEST: usize = 63;

impl Fold {
    pub(super) fn unfit_enum(&self, found: &EnumType) -> Option<Diagnostic> {
        let values = &found.values;
        let mut each = values.iter().enumerate();
        if let Some((_, twice)) = each.find(|(n, v)| values[..*n].contains(v)) {
            return self.cannot(
                format!("enum `{}` has the value `{twice}` twice", found.name),
                "name it once",
            );
        }
        values.iter().find_map(|v| self.unfit_label(&found.name, v))
    }

    fn unfit_label(&self, of: &QualifiedName, label: &str) -> Option<Diagnostic> {
        (label.len() > LONGEST).then_some(())?;
        self.cannot(
            format!("`{label}` cannot be a value of `{of}`: it is longer than {LONGEST} bytes"),
            "choose a shorter one",
        )
    }

    pub(super) fn unfit_composite(&self, found: &CompositeType) -> Option<Diagnostic> {
        let names: Vec<&Ident> = found.attributes.iter().map(|(name, ..)| name).collect();
        let mut each = names.iter().enumerate();
        if let Some((_, twice)) = each.find(|(n, name)| names[..*n].contains(name)) {
            return self.cannot(
                format!("type `{}` has two attributes `{twice}`", found.name),
                "give one of them another name",
            );
        }
        found.attributes.iter().find_map(|(name, of, collation)| {
            self.without_values(&format!("attribute `{name}` of `{}`", found.name), of)
                .or_else(|| self.unfit_collation(of, collation.as_ref()))
        })
    }

    pub(super) fn unfit_domain(&self, found: &Domain) -> Option<Diagnostic> {
        let checks = &found.checks;
        let mut each = checks.iter().enumerate();
        let same = |(n, c): &(usize, &DomainCheck)| {
            !c.name.is_empty() && checks[..*n].iter().any(|other| other.name == c.name)
        };
        if let Some((_, twice)) = each.find(same) {
            return self.cannot(
                format!("domain `{}` has two checks `{}`", found.name, twice.name),
                "give one of them another name",
            );
        }
        self.without_values(&format!("domain `{}`", found.name), &found.base)
            .or_else(|| self.unfit_collation(&found.base, found.collation.as_ref()))
            .or_else(|| {
                let default = self.qualify(found.default.as_ref()?);
                self.unfit_text(&default, Place::of("a default"))
            })
            .or_else(|| {
                let mut checks = checks.iter();
                checks.find_map(|c| self.unfit_check(&found.base, &c.expression))
            })
    }

    fn without_values(&self, what: &str, of: &DataType) -> Option<Diagnostic> {
        let plain = of.name.schema.is_none() && is_pseudo_type(&of.name.name);
        plain.then_some(())?;
        self.cannot(
            format!("{what} cannot be of type {}, which has no values", of.name),
            "name the type of its values",
        )
    }

    /// A check of a domain over a type.
    fn unfit_check(&self, base: &DataType, text: &Expr) -> Option<Diagnostic> {
        let (base, text) = (self.known_type(base), self.qualify(text));
        let place = Place::of("a check of a domain");
        self.unfit_condition(&text, place, |r, t| r.type_of_checked(&base, t))
    }

    /// What ALTER cannot do to a type of one's own.
    pub(super) fn unfit_type_change(
        &self,
        name: &QualifiedName,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let full = self.names.data_type(name, &self.now.path)?;
        match action {
            AlterAction::AddValue { value: label, .. }
            | AlterAction::RenameValue { to: label, .. } => self.unfit_label(&full, label),
            AlterAction::AddConstraint(found) => {
                let domain = self.catalog.domains.get(&full)?;
                self.unfit_check(&domain.base, found.as_check()?)
            }
            AlterAction::DomainDefault(Some(default)) => {
                self.catalog.domains.get(&full)?;
                self.unfit_text(&self.qualify(default), Place::of("a default"))
            }
            _ => None,
        }
    }
}
