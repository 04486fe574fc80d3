//! What keeps a table from becoming a partition, or a child, of another.
//!
//! Source: `ATExecAttachPartition`, `ATPrepAddInherit`, `ATExecAddInherit`, `MergeAttributesIntoExisting` and
//! `MergeConstraintsIntoExisting` in src/backend/commands/tablecmds.c.

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::model::{Catalog, Column, Ident, Object, QualifiedName, Table};

impl Fold {
    /// Whether ATTACH PARTITION is refused.
    pub(super) fn refuse_partition(
        &mut self,
        child: &QualifiedName,
        parent: &QualifiedName,
    ) -> bool {
        let Some((of, table)) = self.both(parent, child) else {
            return false;
        };
        let circle = { self.catalog.lineage(parent) }.any(|t| t.name == *child);
        let parted = of.partition_by.is_some();
        let why = against_partition(&self.catalog, table)
            .or_else(|| (!parted).then(|| format!("`{parent}` is not partitioned")))
            .or_else(|| circle.then(|| format!("`{parent}` is part of it")))
            .or_else(|| other_columns(of, table))
            .or_else(|| self.looser(child, parent))
            .or_else(|| {
                self.trigger_of_both(parent, child)
                    .filter(|_| self.now.in_order)
            });
        self.refuse_to_join(why, format!("become a partition of `{parent}`"), child)
    }

    /// Whether INHERIT is refused.
    pub(super) fn refuse_child(&mut self, child: &QualifiedName, parent: &QualifiedName) -> bool {
        let Some((of, table)) = self.both(parent, child) else {
            return false;
        };
        let circle = { self.catalog.lineage(parent) }.any(|t| t.name == *child);
        let why = against_child(of, table)
            .or_else(|| circle.then(|| format!("`{parent}` has what `{child}` has")))
            .or_else(|| self.lacks_columns(of, table))
            .or_else(|| self.looser(child, parent));
        self.refuse_to_join(why, format!("inherit from `{parent}`"), child)
    }

    /// Why an object cannot be made beside the tables that it is of, or by the name that it has.
    pub(super) fn against_created(&self, object: &Object) -> Option<Diagnostic> {
        let given = |name: &QualifiedName| self.given_relation(&self.relation_name(name));
        match object {
            Object::Table(table) => given(&table.name)
                .or_else(|| self.against_parents(table))
                .or_else(|| self.against_parting(table)),
            Object::View(view) => given(&view.name),
            Object::Sequence(sequence) => given(&sequence.name),
            Object::Index(relation, index) => self.against_unique_index(relation, index),
            Object::Trigger(relation, trigger) => self.given_trigger(relation, trigger),
            _ => None,
        }
    }

    fn against_parents(&self, table: &Table) -> Option<Diagnostic> {
        let name = &table.name;
        let code = "resolve/unsupported-alter";
        let tables = &self.catalog.tables;
        let above = table
            .inherits
            .iter()
            .filter_map(|p| tables.get(&self.relation_name(p)));
        for parent in above {
            if parent.partition_by.is_some() || parent.partition_of.is_some() {
                let headline = format!(
                    "`{name}` cannot inherit from `{}`: it is partitioned, or a partition",
                    parent.name
                );
                return Some(self.refusal(
                    code,
                    headline,
                    "make it a partition, or copy the columns with LIKE",
                ));
            }
        }
        let of = table.partition_of.as_ref()?;
        let parent = tables.get(&self.relation_name(&of.parent))?;
        if parent.partition_by.is_none() {
            let headline = format!(
                "`{name}` cannot be a partition: `{}` is not partitioned",
                parent.name
            );
            return Some(self.refusal(
                code,
                headline,
                "partition the table that it is to be part of",
            ));
        }
        let mut columns = table.columns.iter();
        let missing = columns.find(|c| parent.column(&c.name).is_none());
        { missing.map(|c| self.no_column(&parent.name, &c.name)) }
            .or_else(|| self.against_bound(parent, &self.relation_name(name), &of.bound))
    }

    fn both(&self, parent: &QualifiedName, child: &QualifiedName) -> Option<(&Table, &Table)> {
        let tables = &self.catalog.tables;
        tables.get(parent).zip(tables.get(child))
    }

    fn refuse_to_join(&mut self, why: Option<String>, what: String, child: &QualifiedName) -> bool {
        let Some(why) = why else {
            return false;
        };
        let headline = format!("`{child}` cannot {what}: {why}");
        self.refuse("resolve/unsupported-alter", headline).help = Some(
            "let the statements before this one make both tables fit, or leave it out".to_owned(),
        );
        true
    }

    /// A column that a child does not have yet. Only where statements run in order: files declare in any.
    fn lacks_columns(&self, parent: &Table, child: &Table) -> Option<String> {
        let mut columns = { parent.columns.iter() }.filter(|_| self.now.in_order);
        let missing = columns.find(|c| child.column(&c.name).is_none())?;
        Some(format!("it has no column `{}`", missing.name))
    }

    /// Whether a table lets in what its parent to be keeps out, nulls or what checks refuse, or has columns of
    /// other types.
    fn looser(&self, child: &QualifiedName, parent: &QualifiedName) -> Option<String> {
        let table = self.catalog.tables.get(child)?;
        let mut lineage = self.catalog.lineage(parent).filter(|_| self.now.in_order);
        lineage.find_map(|of| {
            let pairs = of.columns.iter();
            let mut pairs = pairs.filter_map(|c| Some((c, table.column(&c.name)?)));
            let mut checks = of.passed_on_checks();
            let check = checks.find(|c| table.constraint(&c.name).is_none());
            { pairs.find_map(|(of, own)| unlike(of, own)) }
                .or(check.map(|c| format!("it has no check `{}`", c.name)))
        })
    }
}

fn against_partition(catalog: &Catalog, table: &Table) -> Option<String> {
    if let Some(of) = &table.partition_of {
        return Some(format!("it is a partition of `{}` already", of.parent));
    }
    if table.of_type.is_some() {
        return Some("it is a table OF a type".to_owned());
    }
    if let Some(parent) = table.inherits.first() {
        return Some(format!("it inherits from `{parent}`"));
    }
    let mut heirs = catalog.tables.values();
    let heir = heirs.find(|t| t.inherits.contains(&table.name))?;
    Some(format!("`{}` inherits from it", heir.name))
}

fn against_child(parent: &Table, child: &Table) -> Option<String> {
    if child.inherits.contains(&parent.name) {
        return Some("it does so already".to_owned());
    }
    if child.partition_of.is_some() || child.partition_by.is_some() {
        return Some("it is partitioned, or a partition".to_owned());
    }
    if parent.partition_of.is_some() || parent.partition_by.is_some() {
        let other = &parent.name;
        return Some(format!("`{other}` is partitioned, or a partition"));
    }
    let typed = child.of_type.is_some();
    typed.then(|| "it is a table OF a type".to_owned())
}

/// A partition has the columns of its parent, and no others.
fn other_columns(parent: &Table, child: &Table) -> Option<String> {
    let lacks = |t: &Table, c: &&Column| t.column(&c.name).is_none();
    let more = child.columns.iter().find(|c| lacks(parent, c));
    let less = parent.columns.iter().find(|c| lacks(child, c));
    let none = |of: &Table, column: &Ident| format!("`{}` has no column `{column}`", of.name);
    { more.map(|c| none(parent, &c.name)) }.or_else(|| less.map(|c| none(child, &c.name)))
}

fn unlike(of: &Column, own: &Column) -> Option<String> {
    let name = &own.name;
    if of.data_type != own.data_type {
        return Some(format!("its column `{name}` has another type"));
    }
    if of.collation != own.collation {
        return Some(format!("its column `{name}` has another collation"));
    }
    let looser = of.not_null && !own.not_null;
    looser.then(|| format!("its column `{name}` is not NOT NULL"))
}
