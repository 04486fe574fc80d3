//! What tables have from those that they inherit from, or are partitions of.

use std::collections::HashSet;

use super::{Catalog, Constraint, Ident, QualifiedName, Table};

impl Catalog {
    /// The tables that a table is a partition of or inherits from, near or far, the nearest first.
    pub fn ancestors<'a>(&'a self, table: &QualifiedName) -> Vec<&'a QualifiedName> {
        let mut found: Vec<&QualifiedName> = Vec::new();
        let mut next = self.tables.get(table);
        let mut at = 0;
        while let Some(table) = next {
            let parents = table.partition_of.iter().map(|p| &p.parent);
            for parent in parents.chain(&table.inherits) {
                if !found.contains(&parent) {
                    found.push(parent);
                }
            }
            next = None;
            while next.is_none() && at < found.len() {
                next = self.tables.get(found[at]);
                at += 1;
            }
        }
        found
    }

    /// A table, and those that it is a partition of or inherits from, the nearest first.
    pub fn lineage<'a>(&'a self, table: &'a QualifiedName) -> impl Iterator<Item = &'a Table> {
        let names = std::iter::once(table).chain(self.ancestors(table));
        names.filter_map(|name| self.tables.get(name))
    }

    /// A table, and those that it is a partition of, the nearest first: keys come down to partitions, not to
    /// tables that inherit, and no table is both.
    pub fn partition_lineage<'a>(
        &'a self,
        table: &'a QualifiedName,
    ) -> impl Iterator<Item = &'a Table> {
        let own = self.tables.get(table);
        let is_partition = own.is_some_and(|t| t.partition_of.is_some());
        self.lineage(table)
            .take(if is_partition { usize::MAX } else { 1 })
    }

    /// The checks that a table has from those that it inherits from; of checks with one name, which the
    /// server merges, the nearest.
    pub fn inherited_checks<'a>(
        &'a self,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &'a Constraint> + use<'a> {
        let ancestors = self.ancestors(table).into_iter();
        merged(ancestors.filter_map(|name| self.tables.get(name)))
    }

    /// The checks that a table's children have of it: its own, and those that it has from others.
    pub fn checks_for_children<'a>(
        &'a self,
        table: &'a QualifiedName,
    ) -> impl Iterator<Item = &'a Constraint> {
        merged(self.lineage(table))
    }
}

impl Table {
    /// Its own checks that its children have, too.
    pub fn passed_on_checks(&self) -> impl Iterator<Item = &Constraint> {
        let checks = self.constraints.iter();
        checks.filter(|c| c.as_check().is_some() && !c.no_inherit)
    }
}

fn merged<'a>(tables: impl Iterator<Item = &'a Table>) -> impl Iterator<Item = &'a Constraint> {
    let mut seen: HashSet<&Ident> = HashSet::new();
    tables
        .flat_map(Table::passed_on_checks)
        .filter(move |c| seen.insert(&c.name))
}
