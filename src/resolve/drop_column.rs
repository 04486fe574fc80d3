//! DROP COLUMN, and what goes with the column.

use super::dependents::{Gone, Rest};
use super::fold::Fold;
use crate::dialect::identity_sequence;
use crate::expr::mentions;
use crate::model::{Constraint, Ident, ObjectId, ObjectKind, QualifiedName, Statistics};

impl Fold {
    pub(super) fn drop_column(
        &mut self,
        name: &QualifiedName,
        column: &Ident,
        if_exists: bool,
        cascade: bool,
    ) {
        let Some(table) = self.catalog.tables.get(name) else {
            return;
        };
        if table.column(column).is_none() {
            if !if_exists {
                self.refuse_unknown_column(name, column);
            }
            return;
        }
        if let Some(parent) = self.inherited_from(name, column) {
            return self.refuse_inherited(name, column, &parent, "dropped");
        }
        let only = self.now.only;
        let mut tables = match only {
            true => Vec::new(),
            false => self.children(name),
        };
        tables.push(name.clone());
        for table in tables {
            let gone = Gone::Column(table.clone(), column.clone());
            if !cascade && let Some(rest) = self.rests_on_column(&table, column) {
                let id = ObjectId::column(&table, column);
                self.refuse_drop(&id, &rest, 0);
                return;
            }
            self.release(&gone);
            match only {
                true => self.leave_column(&table, column),
                false => self.take_column(&table, column),
            }
        }
    }

    /// DROP COLUMN of a table alone: those that inherit from it keep the column as their own.
    fn leave_column(&mut self, table: &QualifiedName, column: &Ident) {
        self.drop_column_of(table, column);
        for child in self.children(table) {
            let from = self.inherited_from(&child, column);
            let own = self.catalog.tables.get_mut(&child);
            if let Some(found) = own.and_then(|t| t.column_mut(column)) {
                found.inherited = from.is_some();
            }
        }
    }

    /// The exclusion whose texts name a column: its index would go, and that stays with its constraint.
    fn excluded_by(&self, table: &QualifiedName, column: &Ident) -> Option<ObjectId> {
        let mut constraints = self.catalog.tables.get(table)?.constraints.iter();
        let dialect = self.dialect();
        let named = |c: &&Constraint| {
            let of_constraint = c.compared().contains(&column) || c.included().contains(column);
            let mut texts = c.expressions().into_iter();
            c.has_index() && !of_constraint && texts.any(|e| mentions(e.text(), column, dialect))
        };
        let found = constraints.find(named)?;
        Some(ObjectId::constraint(table, &found.name))
    }

    /// What rests on a column, or on the sequence that goes with it.
    fn rests_on_column(&mut self, table: &QualifiedName, column: &Ident) -> Option<ObjectId> {
        if let Some(excludes) = self
            .excluded_by(table, column)
            .filter(|_| self.now.in_order)
        {
            return Some(excludes);
        }
        let gone = Gone::Column(table.clone(), column.clone());
        if let Some(rest) = self.rests(&gone).first() {
            return Some(rest.id());
        }
        let itself = ObjectId::column(table, column);
        { self.sequences_of_column(table, column).into_iter() }.find_map(|sequence| {
            let rests = self.rests(&Gone::Object(sequence));
            rests.iter().map(Rest::id).find(|rest| *rest != itself)
        })
    }

    /// The sequences that a column owns, that of its identity among them.
    pub(super) fn sequences_of_column(
        &self,
        table: &QualifiedName,
        column: &Ident,
    ) -> Vec<ObjectId> {
        let owner = (table.clone(), column.clone());
        let sequences = self.catalog.sequences.values();
        let owned = sequences.filter(|s| s.owned_by.as_ref() == Some(&owner));
        let owned = owned.map(|s| s.name.clone());
        let found = self.catalog.tables.get(table);
        let identity = found.and_then(|t| {
            let column = t.column(column).filter(|c| c.identity.is_some())?;
            Some(identity_sequence(&t.name, column))
        });
        let names = owned.chain(identity);
        names
            .map(|name| ObjectId::new(ObjectKind::Sequence, name))
            .collect()
    }

    /// The parent that a column comes from: it goes, and changes its type and name, with the parent's.
    pub(super) fn inherited_from(
        &self,
        name: &QualifiedName,
        column: &Ident,
    ) -> Option<QualifiedName> {
        let table = self.catalog.tables.get(name)?;
        let of = table.partition_of.iter().map(|of| &of.parent);
        let mut parents = of.chain(&table.inherits);
        let has = |parent: &&QualifiedName| {
            let parent = self.catalog.tables.get(*parent);
            parent.is_some_and(|t| t.column(column).is_some())
        };
        parents.find(has).cloned()
    }

    pub(super) fn refuse_inherited(
        &mut self,
        name: &QualifiedName,
        column: &Ident,
        parent: &QualifiedName,
        done: &str,
    ) {
        let headline =
            format!("column `{column}` of `{name}` cannot be {done}, because it is inherited");
        let help = format!("do it to `{parent}`, and its children follow");
        self.refuse("resolve/dependents", headline).help = Some(help);
    }

    /// Takes a column out of a table and its children.
    pub(super) fn take_column(&mut self, name: &QualifiedName, column: &Ident) {
        let mut tables = self.children(name);
        tables.push(name.clone());
        for table in tables {
            self.drop_column_of(&table, column);
        }
    }

    fn drop_column_of(&mut self, name: &QualifiedName, column: &Ident) {
        let dialect = self.dialect();
        let owned = self.sequences_of_column(name, column);
        for sequence in &owned {
            self.release(&Gone::Object(sequence.clone()));
        }
        let Some(table) = self.catalog.tables.get_mut(name) else {
            return;
        };
        table.columns.retain(|c| c.name != *column);
        let acl = &mut table.facets.acl;
        acl.granted
            .retain(|item| item.column.as_ref() != Some(column));
        acl.revoked
            .retain(|item| item.column.as_ref() != Some(column));
        let dropped: Vec<Ident> = table
            .constraints
            .iter()
            .filter(|c| uses_column(c, column, dialect))
            .map(|c| c.name.clone())
            .collect();
        let indexes: Vec<Ident> = table
            .indexes
            .iter()
            .filter(|i| index_uses(i, column, dialect))
            .map(|i| i.name.clone())
            .collect();
        for constraint in dropped {
            self.remove_member(&ObjectId::constraint(name, &constraint));
        }
        for index in indexes {
            self.remove(&ObjectId::index(&name.sibling(index)));
        }
        let of_column = |s: &&Statistics| s.table == *name && statistics_use(s, column, dialect);
        let statistics = self.catalog.statistics.values().filter(of_column);
        let statistics: Vec<QualifiedName> = statistics.map(|s| s.name.clone()).collect();
        for statistics in statistics {
            self.remove(&ObjectId::new(ObjectKind::Statistics, statistics));
        }
        for sequence in owned {
            self.catalog.sequences.remove(&sequence.name);
            self.relations.remove(&sequence.name);
        }
        self.catalog.notes.remove(&ObjectId::column(name, column));
    }
}

/// Whether dropping the column drops the constraint.
fn uses_column(constraint: &Constraint, column: &Ident, dialect: crate::dialect::Dialect) -> bool {
    let in_text = |text: &str| {
        crate::expr::references_of_expression(text, dialect)
            .iter()
            .any(|r| r.kind == crate::expr::ReferenceKind::Column && r.name.name == *column)
    };
    constraint.columns().contains(column)
        || constraint.included().contains(column)
        || constraint.compared().contains(&column)
        || constraint
            .expressions()
            .into_iter()
            .any(|e| in_text(e.text()))
}

/// Extended statistics go with the first of their columns (`RemoveStatisticsById` follows the dependency).
fn statistics_use(
    statistics: &Statistics,
    column: &Ident,
    dialect: crate::dialect::Dialect,
) -> bool {
    let of_element = |e: &crate::model::Expr| {
        let references = crate::expr::references_of_expression(e.text(), dialect);
        let mut columns = references
            .iter()
            .filter(|r| r.kind == crate::expr::ReferenceKind::Column);
        columns.any(|r| r.name.name == *column)
    };
    statistics.elements.iter().any(of_element)
}

pub(super) fn index_uses(
    index: &crate::model::Index,
    column: &Ident,
    dialect: crate::dialect::Dialect,
) -> bool {
    let in_text = |text: &str| {
        crate::expr::references_of_expression(text, dialect)
            .iter()
            .any(|r| r.kind == crate::expr::ReferenceKind::Column && r.name.name == *column)
    };
    let mut elements = index.elements.iter();
    index.include.contains(column)
        || elements.any(|e| e.column.as_ref() == Some(column))
        || index.expressions().any(|e| in_text(e.text()))
}
