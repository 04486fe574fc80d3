//! Names that the server gives to the keys of partitions, where they meet others.
//!
//! Source: `ChooseIndexName` in src/backend/commands/indexcmds.c: a name that is taken is passed over.

use super::fold::Fold;
use super::partition_parts::partition_key_name;
use crate::diagnostic::Diagnostic;
use crate::model::{Constraint, Ident, QualifiedName};

impl Fold {
    /// Why a key cannot be added by the name that it is to have, or that its partitions' would get.
    pub(super) fn taken_by_key(
        &self,
        table: &QualifiedName,
        found: &Constraint,
        only: bool,
    ) -> Option<Diagnostic> {
        if !found.has_index() {
            return None;
        }
        let table = self.relation_name(table);
        self.given_to_partition(&table, &found.name)
            .or_else(|| self.meets_index(&table, found).filter(|_| !only))
    }

    /// A key of a table above has given the name to the partition's.
    fn given_to_partition(&self, table: &QualifiedName, name: &Ident) -> Option<Diagnostic> {
        let own = self.catalog.tables.get(table)?;
        let above = self.catalog.ancestors(table).into_iter();
        let above = above.filter_map(|name| self.catalog.tables.get(name));
        let mut keys = above.flat_map(|t| &t.constraints).filter(|c| !c.only);
        let given = own.partition_of.is_some()
            && own.constraint(name).is_none()
            && keys.any(|key| partition_key_name(table, key).as_ref() == Some(name));
        given.then(|| self.is_taken(&table.sibling(name.clone()), table))
    }

    /// An index that is none of a key has the name that a partition's key would get.
    fn meets_index(&self, table: &QualifiedName, found: &Constraint) -> Option<Diagnostic> {
        self.catalog.tables.get(table)?.partition_by.as_ref()?;
        let partitions = self.children(table);
        let meets = |partition: &&QualifiedName| {
            let own = self.catalog.tables.get(*partition);
            let name = partition_key_name(partition, found);
            own.zip(name).is_some_and(|(own, name)| {
                own.index(&name).is_some() && own.constraint(&name).is_none()
            })
        };
        let partition = partitions.iter().find(meets)?;
        let name = partition_key_name(partition, found)?;
        Some(self.is_taken(&partition.sibling(name), partition))
    }

    fn is_taken(&self, name: &QualifiedName, partition: &QualifiedName) -> Diagnostic {
        Diagnostic::error(
            "resolve/duplicate",
            format!("index `{name}` of partition `{partition}` is there already"),
        )
        .at(self.now.span, "made here")
        .note("the server makes an index for the key of the partitioned table on each partition")
        .help("drop the one before, or give it another name")
    }
}
