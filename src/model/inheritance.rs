//! What tables have from those that they inherit from, or are partitions of.

use super::{Catalog, Constraint, QualifiedName};

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

    /// The checks that a table has from those that it inherits from.
    pub fn inherited_checks<'a>(
        &'a self,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &'a Constraint> + use<'a> {
        let ancestors = self.ancestors(table).into_iter();
        let tables = ancestors.filter_map(|name| self.tables.get(name));
        tables
            .flat_map(|t| &t.constraints)
            .filter(|c| c.as_check().is_some() && !c.no_inherit)
    }
}
