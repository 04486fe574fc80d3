//! Which children of a table hold a check of it that is NOT VALID.
//!
//! The server keeps this for each table (`pg_constraint.convalidated`): a child made after the check has no
//! rows that were not looked at, ADD ... NOT VALID reaches the children that are there, and VALIDATE goes
//! down from where it is said.

use super::fold::Fold;
use crate::model::{Constraint, Ident, QualifiedName};

impl Fold {
    /// A new table holds every check that it inherits.
    pub(super) fn holds_what_it_inherits(&mut self, child: &QualifiedName) {
        self.catalog.holding.retain(|(table, _)| table != child);
        let checks = self.catalog.inherited_checks(child);
        let names = checks.filter(|c| c.not_valid).map(|c| c.name.clone());
        let names: Vec<Ident> = names.collect();
        let holding = names.into_iter().map(|name| (child.clone(), name));
        self.catalog.holding.extend(holding);
    }

    /// A child that joins holds what it held before.
    pub(super) fn holds_its_own(&mut self, child: &QualifiedName, merged: &[Constraint]) {
        let valid = merged.iter().filter(|c| !c.not_valid);
        let holding = valid.map(|c| (child.clone(), c.name.clone()));
        self.catalog.holding.extend(holding.collect::<Vec<_>>());
    }

    /// A check that is added unlooked reaches the children that are there.
    pub(super) fn holds_no_longer(&mut self, table: &QualifiedName, check: &Ident) {
        if self.catalog.holding.is_empty() {
            return;
        }
        let children = self.children(table);
        self.catalog
            .holding
            .retain(|(child, name)| name != check || !children.contains(child));
    }

    /// VALIDATE of a check that the table inherits; whether it does.
    pub(super) fn validates_inherited(&mut self, table: &QualifiedName, check: &Ident) -> bool {
        let own = self.catalog.tables.get(table);
        if own.is_none_or(|t| t.constraint(check).is_some())
            || !self
                .catalog
                .inherited_checks(table)
                .any(|c| c.name == *check)
        {
            return false;
        }
        let mut all = self.children(table);
        all.push(table.clone());
        let holding = all.into_iter().map(|name| (name, check.clone()));
        self.catalog.holding.extend(holding);
        true
    }
}
