//! What a statement may not do to one table alone: to what its children have from it, to what it has from
//! others or from its type, to the columns that its rows are parted by.
//!
//! Source: `ATPrepAddColumn`, `ATExecDropColumn`, `ATExecDropNotNull`, `ATPrepAlterColumnType`,
//! `ATAddCheckConstraint`, `renameatt_internal` and `rename_constraint_internal` in
//! src/backend/commands/tablecmds.c.

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::dialect::serial_integer;
use crate::expr::mentions;
use crate::model::{Constraint, DataType, Ident, QualifiedName, Table};
use crate::source::{AlterAction, ColumnAction};

impl Fold {
    pub(super) fn against_kin(
        &self,
        table: &QualifiedName,
        action: &AlterAction,
        only: bool,
    ) -> Option<Diagnostic> {
        let table = self.catalog.tables.get(&self.relation_name(table))?;
        self.alone(table, action)
            .filter(|_| only)
            .or_else(|| self.of_partition_key(table, action))
            .or_else(|| self.not_its_own(table, action))
            .or_else(|| self.unlike_below(table, action))
            .or_else(|| self.against_key(table, action, only))
    }

    /// What ALTER TABLE ONLY would leave out.
    fn alone(&self, table: &Table, action: &AlterAction) -> Option<Diagnostic> {
        let children = self.children(&table.name);
        if children.is_empty() {
            return None;
        }
        let parted = table.partition_by.is_some();
        let passes_on = |c: &Constraint| c.as_check().is_some() && !c.no_inherit;
        let own_check = |name: &Ident| table.constraint(name).is_some_and(passes_on);
        let what = match action {
            AlterAction::AddColumn { column, .. } => format!("column `{}` is added", column.name),
            AlterAction::RenameColumn { from, .. } => format!("column `{from}` is renamed"),
            AlterAction::Column {
                name,
                action:
                    ColumnAction::Type { .. }
                    | ColumnAction::SetExpression(_)
                    | ColumnAction::DropExpression { .. },
            } => format!("column `{name}` is changed"),
            AlterAction::Column {
                name,
                action: ColumnAction::NotNull(true),
            } if parted && self.may_be_null(&children, name) => {
                format!("column `{name}` becomes NOT NULL")
            }
            AlterAction::Column {
                name,
                action: ColumnAction::NotNull(false),
            } if parted => format!("column `{name}` takes nulls"),
            AlterAction::AddConstraint(found) if parted && self.marks_null(&children, found) => {
                "a primary key makes its columns NOT NULL".to_owned()
            }
            AlterAction::AddConstraint(found)
                if passes_on(found) || parted && found.as_foreign_key().is_some() =>
            {
                format!("constraint `{}` is added", found.name)
            }
            AlterAction::RenameConstraint { from, .. } if own_check(from) => {
                format!("constraint `{from}` is renamed")
            }
            AlterAction::DropColumn { name, .. } if parted => format!("column `{name}` is dropped"),
            AlterAction::DropConstraint { name, .. } if parted && own_check(name) => {
                format!("constraint `{name}` is dropped")
            }
            _ => return None,
        };
        let headline = format!(
            "{what} for `{}` alone, and `{}` is below it",
            table.name, children[0]
        );
        Some(self.refusal(
            "resolve/unsupported-alter",
            headline,
            "leave ONLY out: what is below follows",
        ))
    }

    fn may_be_null(&self, tables: &[QualifiedName], column: &Ident) -> bool {
        let mut tables = tables.iter().filter_map(|t| self.catalog.tables.get(t));
        tables.any(|t| t.column(column).is_some_and(|c| !c.not_null))
    }

    fn marks_null(&self, tables: &[QualifiedName], key: &Constraint) -> bool {
        let mut columns = key.columns().iter();
        key.is_primary_key() && columns.any(|c| self.may_be_null(tables, c))
    }

    /// A column by which rows are parted goes with its table, and keeps its type.
    fn of_partition_key(&self, table: &Table, action: &AlterAction) -> Option<Diagnostic> {
        let (column, done) = match action {
            AlterAction::DropColumn { name, .. } => (name, "dropped"),
            AlterAction::Column {
                name,
                action: ColumnAction::Type { .. },
            } => (name, "changed"),
            _ => return None,
        };
        let below = self.children(&table.name);
        let below = below.iter().filter_map(|t| self.catalog.tables.get(t));
        let parted = std::iter::once(table).chain(below).find(|t| {
            let mut keys = t.partition_by.iter().flat_map(|by| &by.keys);
            keys.any(|key| {
                let expression = key.expression.as_ref();
                key.column.as_ref() == Some(column)
                    || expression.is_some_and(|e| mentions(e.text(), column, self.dialect()))
            })
        })?;
        let headline = format!(
            "column `{column}` cannot be {done}: it is part of the partition key of `{}`",
            parted.name
        );
        let help = "make another partitioned table, and move the rows";
        Some(self.refusal("resolve/dependents", headline, help))
    }

    /// What a table has from those above it, or from its type.
    fn not_its_own(&self, table: &Table, action: &AlterAction) -> Option<Diagnostic> {
        let name = &table.name;
        let code = "resolve/unsupported-alter";
        match action {
            AlterAction::Column {
                name: column,
                action: ColumnAction::NotNull(false),
            } => {
                let of = self
                    .catalog
                    .tables
                    .get(&table.partition_of.as_ref()?.parent)?;
                let marked = of.column(column).is_some_and(|c| c.not_null);
                let headline = format!(
                    "column `{column}` of `{name}` stays NOT NULL, as in `{}`, whose partition it is",
                    of.name
                );
                let help = format!("drop it from `{}`, and its partitions follow", of.name);
                marked.then(|| self.refusal(code, headline, help))
            }
            AlterAction::AddColumn { .. }
            | AlterAction::DropColumn { .. }
            | AlterAction::RenameColumn { .. }
            | AlterAction::Column {
                action: ColumnAction::Type { .. },
                ..
            } => {
                let of_type = table.of_type.as_ref()?;
                let headline = format!("the columns of `{name}` are those of type `{of_type}`");
                Some(self.refusal(code, headline, "alter the type with CASCADE"))
            }
            AlterAction::AttachPartition { partition, bound } => {
                let child = self.relation_name(partition);
                self.against_bound(table, &child, bound.as_ref()?)
                    .or_else(|| self.against_parting_below(table, &child))
            }
            AlterAction::DropConstraint { name: key, .. } => {
                let own = table.constraint(key).filter(|c| c.has_index())?;
                let same = |t: &Table| t.constraints.iter().filter(|c| c.kind == own.kind).count();
                let mut above = self.catalog.partition_lineage(name).skip(1);
                let of =
                    above.find(|t| t.constraints.iter().any(|c| !c.only && c.kind == own.kind))?;
                let headline = format!(
                    "constraint `{key}` of `{name}` is a part of one of `{}`",
                    of.name
                );
                let help = format!(
                    "drop that of `{}`, and those of its partitions go with it",
                    of.name
                );
                (same(table) == 1).then(|| self.refusal(code, headline, help))
            }
            AlterAction::NoInherit(parent) => {
                let parent = self.relation_name(parent);
                let headline = format!("`{name}` does not inherit from `{parent}`");
                let help = "leave the statement out; a partition is detached";
                (!table.inherits.contains(&parent)).then(|| self.refusal(code, headline, help))
            }
            AlterAction::DetachPartition { partition, .. } => {
                let child = self.relation_name(partition);
                let of = self.catalog.tables.get(&child)?.partition_of.as_ref();
                let headline = format!("`{child}` is no partition of `{name}`");
                let is = of.is_some_and(|of| of.parent == *name);
                (!is).then(|| self.refusal(code, headline, "leave the statement out"))
            }
            _ => None,
        }
    }

    /// Whether a check that is added says the same as one that is there.
    pub(super) fn is_same_check(&self, added: &Constraint, own: &Constraint) -> bool {
        let both = added.as_check().zip(own.as_check());
        both.is_some_and(|(added, own)| self.qualify(added) == *own)
    }

    fn is_other_type(&self, declared: &DataType, own: &DataType) -> bool {
        let mut declared = declared.clone();
        if let Some(integer) = serial_integer(&declared) {
            declared = DataType::builtin(integer);
        }
        if let Some(name) = self.names.data_type(&declared.name, &self.now.path) {
            declared.name = name;
        }
        declared != *own
    }

    /// A column or check that children get, where one has another of the name.
    fn unlike_below(&self, table: &Table, action: &AlterAction) -> Option<Diagnostic> {
        let children = self.children(&table.name);
        let mut below = children.iter().filter_map(|t| self.catalog.tables.get(t));
        let (what, unlike) = match action {
            AlterAction::AddColumn { column, .. } => {
                let unlike = |t: &&Table| {
                    let own = t.column(&column.name);
                    own.is_some_and(|own| {
                        self.is_other_type(&column.data_type, &own.data_type)
                            || column.collation != own.collation
                    })
                };
                (format!("column `{}`", column.name), below.find(unlike)?)
            }
            AlterAction::AddConstraint(found)
                if found.as_check().is_some() && !found.no_inherit =>
            {
                let unlike = |t: &&Table| {
                    let own = t.constraint(&found.name);
                    own.is_some_and(|own| own.no_inherit || !self.is_same_check(found, own))
                };
                (format!("constraint `{}`", found.name), below.find(unlike)?)
            }
            _ => return None,
        };
        let headline = format!(
            "`{}` below `{}` has another {what}",
            unlike.name, table.name
        );
        let help = "rename or drop the one, or make both equal, before";
        Some(self.refusal("resolve/duplicate", headline, help))
    }
}
