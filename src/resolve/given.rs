//! What the server makes on partitions for those above them, and names as it does: keys, indexes, triggers,
//! checks and foreign keys, which are no objects of their own here.
//!
//! Source: `ChooseIndexName` in src/backend/commands/indexcmds.c (a name that is taken is passed over),
//! `CloneRowTriggersToPartition` in src/backend/commands/tablecmds.c, `ATExecAttachPartitionIdx` there.

use super::fold::Fold;
use super::partition_parts::{partition_index_name, partition_key_name};
use crate::diagnostic::Diagnostic;
use crate::model::{Constraint, Ident, Index, ObjectKind, QualifiedName, Table, Trigger};
use crate::source::{AlterAction, Target};

/// The longest name of which no part was cut off to make room for what follows.
const UNCUT: usize = 62;

impl Fold {
    /// Why a relation cannot have this name: the server gave it to an index of a partition.
    pub(super) fn given_relation(&self, full: &QualifiedName) -> Option<Diagnostic> {
        let tables = &self.catalog.tables;
        let named =
            |table: &&Table| table.partition_of.is_some() && self.gives(&table.name, &full.name);
        let partition = match full.name.len() < UNCUT {
            true => {
                let ends = full.name.match_indices('_').map(|(at, _)| at);
                let near = ends.filter_map(|at| tables.get(&full.sibling(&full.name[..at])));
                near.into_iter().find(named)
            }
            false => { tables.values() }
                .filter(|t| t.name.schema == full.schema)
                .find(named),
        }?;
        Some(self.is_given(full, &partition.name))
    }

    /// Whether a key or an index of a table above has given this name to the partition's.
    fn gives(&self, partition: &QualifiedName, name: &Ident) -> bool {
        let Some(own) = self.catalog.tables.get(partition) else {
            return false;
        };
        if own.constraint(name).is_some() || own.index(name).is_some() {
            return false;
        }
        let mut above = self.catalog.partition_lineage(partition).skip(1);
        let dialect = self.dialect();
        let has_one = |i: &Index| {
            own.indexes
                .iter()
                .any(|o| o.parent.is_some() && o.does_the_same(i))
        };
        above.any(|of| {
            let has_key = |c: &Constraint| own.constraints.iter().any(|o| o.kind == c.kind);
            let mut keys = of.constraints.iter().filter(|c| !c.only && !has_key(c));
            let mut indexes = of.indexes.iter().filter(|i| !i.only);
            keys.any(|key| partition_key_name(partition, key).as_ref() == Some(name))
                || indexes
                    .any(|i| partition_index_name(partition, i, dialect) == *name && !has_one(i))
        })
    }

    /// Why a key cannot be added by the name that it is to have, or that its partitions' would get.
    pub(super) fn taken_by_key(
        &self,
        table: &QualifiedName,
        found: &Constraint,
        only: bool,
    ) -> Option<Diagnostic> {
        let table = self.relation_name(table);
        if let Some(taken) = self.given_constraint(&table, found) {
            return Some(taken);
        }
        if !found.has_index() {
            return None;
        }
        let own = found.name.is_empty();
        let full = table.sibling(found.name.clone());
        { self.given_relation(&full).filter(|_| !own) }
            .or_else(|| self.meets_index(&table, found).filter(|_| !only))
    }

    /// A constraint that a table has from those above it, by its name.
    fn given_constraint(&self, table: &QualifiedName, found: &Constraint) -> Option<Diagnostic> {
        let own = self.catalog.tables.get(table)?;
        let partition = own.partition_of.is_some();
        // The server takes the same check of an heir for one with the parent's.
        let mut checks = self.catalog.inherited_checks(table);
        let check =
            checks.any(|c| c.name == found.name && (partition || !self.is_same_check(found, c)));
        let mut above = self.catalog.partition_lineage(table).skip(1);
        let key = above.any(|t| t.foreign_keys().any(|(c, _)| c.name == found.name));
        (check || key).then(|| {
            let headline = format!(
                "constraint `{}` of `{table}` is there already, from above",
                found.name
            );
            let help = "give it another name, or leave it out";
            self.refusal("resolve/duplicate", headline, help)
        })
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
        Some(self.is_given(&partition.sibling(name), partition))
    }

    fn is_given(&self, name: &QualifiedName, partition: &QualifiedName) -> Diagnostic {
        let headline = format!("index `{name}` of partition `{partition}` is there already");
        let help = "drop the one before, or give it another name";
        self.refusal("resolve/duplicate", headline, help)
            .note("the server makes an index on each partition for those of the partitioned table")
    }

    /// Why a trigger cannot be made: one for each row comes down to every partition.
    pub(super) fn given_trigger(
        &self,
        relation: &QualifiedName,
        trigger: &Trigger,
    ) -> Option<Diagnostic> {
        let relation = self.relation_name(relation);
        let mut above = self.catalog.partition_lineage(&relation).skip(1);
        let below = self.children(&relation);
        let parted = self.catalog.tables.get(&relation)?.partition_by.is_some();
        let mut parts = { below.iter() }.filter_map(|t| self.catalog.tables.get(t));
        let named = |t: &&Table| t.triggers.iter().any(|own| own.name == trigger.name);
        let of_rows = |t: &&Table| rows_have(t, &trigger.name);
        let with = { above.find(of_rows) }
            .or_else(|| parts.find(named).filter(|_| parted && trigger.for_each_row))?;
        Some(self.has_trigger(&trigger.name, (&with.name, &relation)))
    }

    /// The trigger that keeps a table from becoming a partition.
    pub(super) fn trigger_of_both(
        &self,
        parent: &QualifiedName,
        child: &QualifiedName,
    ) -> Option<String> {
        let mut tables = self.children(child);
        tables.push(child.clone());
        let own = tables.iter().filter_map(|t| self.catalog.tables.get(t));
        let mut own = own.flat_map(|t| &t.triggers);
        let above: Vec<&Table> = self.catalog.partition_lineage(parent).collect();
        let trigger = own.find(|own| above.iter().any(|t| rows_have(t, &own.name)))?;
        Some(format!("both have a trigger `{}`", trigger.name))
    }

    fn has_trigger(
        &self,
        trigger: &Ident,
        (with, other): (&QualifiedName, &QualifiedName),
    ) -> Diagnostic {
        let headline = format!("trigger `{trigger}` of `{with}` is one of `{other}` as well");
        let help =
            "a partition has the row triggers of its parent: drop the one before, or rename it";
        self.refusal("resolve/duplicate", headline, help)
    }

    /// Why an index cannot be attached to that of the partitioned table.
    pub(super) fn against_attached(
        &self,
        target: &Target,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let AlterAction::AttachPartition { partition, .. } = action else {
            return None;
        };
        if target.kind != ObjectKind::Index {
            return None;
        }
        let [above, below] = [&target.name, partition].map(|name| self.relation_name(name));
        let (parent, of) = self.index_and_table(&above)?;
        let why = match self.index_and_table(&below) {
            _ if of.partition_by.is_none() => format!("`{}` is not partitioned", of.name),
            None => return None,
            Some((own, table)) => self.against_part(&above, parent, of, own, table)?,
        };
        let headline = format!("index `{below}` cannot become a part of `{above}`: {why}");
        Some(self.refusal(
            "resolve/unsupported-alter",
            headline,
            "leave the statement out",
        ))
    }

    fn against_part(
        &self,
        name: &QualifiedName,
        parent: &Index,
        of: &Table,
        own: &Index,
        table: &Table,
    ) -> Option<String> {
        let part_of = table.partition_of.as_ref();
        if part_of.is_none_or(|p| p.parent != of.name) {
            return Some(format!("`{}` is no partition of `{}`", table.name, of.name));
        }
        match &own.parent {
            Some(already) if already == name => return None,
            Some(already) => return Some(format!("it is part of `{already}`")),
            None => {}
        }
        let attached = |i: &Index| i.parent.as_ref() == Some(name);
        if !parent.only || table.indexes.iter().any(attached) {
            return Some(format!("`{}` has another one for it", table.name));
        }
        (!own.does_the_same(parent)).then(|| "they are over other keys".to_owned())
    }

    fn index_and_table(&self, name: &QualifiedName) -> Option<(&Index, &Table)> {
        let table = self.catalog.tables.get(self.index_owner.get(name)?)?;
        Some((table.index(&name.name)?, table))
    }

    /// Why an index does not go alone: it is part of one that does not go with it.
    pub(super) fn against_part_dropped(&self, targets: &[Target]) -> Option<Diagnostic> {
        let indexes = targets.iter().filter(|t| t.kind == ObjectKind::Index);
        let names: Vec<QualifiedName> = indexes.map(|t| self.relation_name(&t.name)).collect();
        names.iter().find_map(|name| {
            let parent = self.index_and_table(name)?.0.parent.as_ref()?;
            let headline = format!("index `{name}` goes with `{parent}`, whose part it is");
            let help = format!("drop `{parent}`, or leave the statement out");
            let stays = !names.contains(parent);
            stays.then(|| self.refusal("resolve/dependents", headline, help))
        })
    }
}

fn rows_have(table: &Table, name: &Ident) -> bool {
    let mut own = table.triggers.iter();
    own.any(|t| t.name == *name && t.for_each_row)
}
