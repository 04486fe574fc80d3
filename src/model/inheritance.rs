//! What tables have from those that they inherit from, or are partitions of.

use super::{Catalog, Constraint, QualifiedName};

impl Catalog {
    /// The checks that a table has from those that it inherits from, near or far.
    pub fn inherited_checks<'a>(
        &'a self,
        table: &QualifiedName,
    ) -> impl Iterator<Item = &'a Constraint> + use<'a> {
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
        let tables = found.into_iter().filter_map(|name| self.tables.get(name));
        tables
            .flat_map(|t| &t.constraints)
            .filter(|c| c.as_check().is_some() && !c.no_inherit)
    }
}
