//! Keys of partitioned tables: they hold the columns that rows are parted by, and no table below has
//! another primary key.
//!
//! Source: `DefineIndex` in src/backend/commands/indexcmds.c, `transformIndexConstraint` in
//! src/backend/parser/parse_utilcmd.c.

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::model::{Constraint, Ident, Index, PartitionBy, QualifiedName, Table};
use crate::source::AlterAction;

impl Fold {
    /// Why a key cannot be added to a table that exists.
    pub(super) fn against_key(
        &self,
        table: &Table,
        action: &AlterAction,
        only: bool,
    ) -> Option<Diagnostic> {
        if let AlterAction::AddConstraintUsingIndex { constraint, .. } = action {
            let parted = table.partition_by.is_some();
            let headline = format!(
                "constraint `{}` of a partitioned table cannot be made of an index",
                constraint.name
            );
            let help = "add the constraint by its columns";
            return parted.then(|| self.refusal("resolve/unsupported-alter", headline, help));
        }
        let AlterAction::AddConstraint(key) = action else {
            return None;
        };
        if !(key.is_primary_key() || key.is_unique()) {
            return None;
        }
        self.uncovered(table, key.columns(), only)
            .or_else(|| self.second_primary_key(table, key).filter(|_| !only))
    }

    /// The same for a unique index.
    pub(super) fn against_unique_index(
        &self,
        relation: &QualifiedName,
        index: &Index,
    ) -> Option<Diagnostic> {
        let table = self.catalog.tables.get(&self.relation_name(relation))?;
        let columns: Vec<Ident> = { index.elements.iter() }
            .filter_map(|e| e.column.clone())
            .collect();
        let uncovered = self.uncovered(table, &columns, index.only);
        uncovered.filter(|_| index.unique)
    }

    /// The same for a partitioned table that becomes a partition.
    pub(super) fn against_parting_below(
        &self,
        parent: &Table,
        child: &QualifiedName,
    ) -> Option<Diagnostic> {
        let keys = { self.catalog.partition_lineage(&parent.name) }.flat_map(|t| &t.constraints);
        let mut below = self.children(child);
        below.push(child.clone());
        let parted = below.iter().filter_map(|t| self.catalog.tables.get(t));
        let parted: Vec<&Table> = parted.filter(|t| t.partition_by.is_some()).collect();
        keys.filter(|c| !c.only && (c.is_primary_key() || c.is_unique()))
            .find_map(|key| {
                parted.iter().find_map(|t| {
                    let outside = outside(t.partition_by.as_ref()?, key.columns())?;
                    Some(self.lacks_column(&t.name, &outside))
                })
            })
    }

    /// The keys of a table that is made partitioned, and of those above it.
    pub(super) fn against_parting(&self, table: &Table) -> Option<Diagnostic> {
        let by = table.partition_by.as_ref()?;
        let own = table.constraints.iter();
        let parent = table
            .partition_of
            .as_ref()
            .map(|of| self.relation_name(&of.parent));
        let above = parent
            .iter()
            .flat_map(|p| self.catalog.partition_lineage(p));
        let mut keys = own.chain(above.flat_map(|t| &t.constraints));
        keys.find_map(|key| {
            let is_key = key.is_primary_key() || key.is_unique();
            let outside = outside(by, key.columns()).filter(|_| is_key && !key.only)?;
            Some(self.lacks_column(&table.name, &outside))
        })
    }

    fn uncovered(&self, table: &Table, columns: &[Ident], only: bool) -> Option<Diagnostic> {
        let below = match only {
            true => Vec::new(),
            false => self.children(&table.name),
        };
        let below = below.iter().filter_map(|t| self.catalog.tables.get(t));
        std::iter::once(table).chain(below).find_map(|t| {
            let outside = outside(t.partition_by.as_ref()?, columns)?;
            Some(self.lacks_column(&t.name, &outside))
        })
    }

    fn lacks_column(&self, table: &QualifiedName, outside: &str) -> Diagnostic {
        let headline = format!(
            "a key of a partitioned table holds all that its rows are parted by, and {outside} of `{table}` is not in it"
        );
        let help = "take it into the key: each partition only knows its own rows";
        self.refusal("resolve/unsupported-alter", headline, help)
    }

    fn second_primary_key(&self, table: &Table, key: &Constraint) -> Option<Diagnostic> {
        if !key.is_primary_key() {
            return None;
        }
        let other = |t: &&Table| {
            let own = t.primary_key();
            own.is_some_and(|own| !own.only && own.columns() != key.columns())
        };
        let mut above = self.catalog.partition_lineage(&table.name).skip(1);
        let above = above.find(|t| t.primary_key().is_some_and(|own| !own.only));
        let children = self.children(&table.name);
        let mut parts = { children.iter() }.filter_map(|t| self.catalog.tables.get(t));
        let parted = table.partition_by.is_some();
        let with = above.or_else(|| parts.find(other).filter(|_| parted))?;
        let headline = format!(
            "`{}` would have two primary keys: `{}` has one already",
            table.name, with.name
        );
        Some(self.refusal("resolve/duplicate", headline, "drop the one before"))
    }
}

/// What rows are parted by that is none of the columns.
fn outside(by: &PartitionBy, columns: &[Ident]) -> Option<String> {
    by.keys.iter().find_map(|key| match &key.column {
        Some(column) => (!columns.contains(column)).then(|| format!("column `{column}`")),
        None => Some("an expression".to_owned()),
    })
}
