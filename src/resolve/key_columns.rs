//! What keys ask of the columns that are altered beneath them.
//!
//! Source: `ATExecDropNotNull` and `ATAddForeignKeyConstraint` in src/backend/commands/tablecmds.c.

use super::early::Brought;
use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::dialect::KeyFit;
use crate::model::{
    Column, Constraint, DataType, Ident, ObjectId, QualifiedName, ReplicaIdentity, Table,
};
use crate::source::{AlterAction, ColumnAction};

/// Domains over domains that are looked through for what they are based on.
const DEPTH: usize = 16;

impl Fold {
    /// What keeps a column from becoming an identity column, or one from having a default; the other
    /// actions of the statement may be about that.
    pub(super) fn unready(
        &self,
        table: &QualifiedName,
        action: &AlterAction,
        all: &[AlterAction],
    ) -> Option<Diagnostic> {
        let AlterAction::Column { name, action } = action else {
            return None;
        };
        let of_it =
            |a: &&AlterAction| matches!(a, AlterAction::Column { name: n, .. } if n == name);
        if all.iter().filter(of_it).count() > 1 {
            return None;
        }
        let found = self.catalog.tables.get(&self.relation_name(table))?;
        let column = found.column(name)?;
        let why = match action {
            ColumnAction::Default(_) if column.identity.is_some() => "it is an identity column",
            ColumnAction::Default(Some(_)) if column.generated.is_some() => "it is generated",
            ColumnAction::AddIdentity(_) if !column.not_null => "it is not NOT NULL",
            ColumnAction::AddIdentity(_) if column.default.is_some() => "it has a default",
            _ => return None,
        };
        let id = ObjectId::column(&found.name, name);
        let headline = format!("{id} cannot be altered so: {why}");
        Some(
            Diagnostic::error("resolve/unsupported-alter", headline)
                .at(self.now.span, "in this statement")
                .help("alter that first, in a statement before this one"),
        )
    }

    /// Whether a column has to stay NOT NULL: it numbers its rows, or a primary key has it, which a
    /// partition may have from its parent.
    pub(super) fn refuse_nullable(&mut self, table: &QualifiedName, column: &Column) -> bool {
        if !self.now.in_order {
            return false;
        }
        let in_key = |t: &&Table| t.primary_key_columns().contains(&column.name);
        let key = self.catalog.partition_lineage(table).find(in_key);
        let key = key.map(|t| t.name.clone());
        let id = ObjectId::column(table, &column.name);
        let why = match &key {
            Some(of) => format!("the primary key of `{of}` has it"),
            None if column.identity.is_some() => "it is an identity column".to_owned(),
            None if self.tells_apart(table, &column.name) => {
                "an index with it tells the rows apart".to_owned()
            }
            None => return false,
        };
        let headline = format!("{id} cannot become nullable: {why}");
        self.refuse("resolve/dependents", headline).help =
            Some("drop that first, in a statement before this one".to_owned());
        true
    }

    /// Whether a column is in the index of the replica identity.
    fn tells_apart(&self, table: &QualifiedName, column: &Ident) -> bool {
        let Some(found) = self.catalog.tables.get(table) else {
            return false;
        };
        let ReplicaIdentity::Index(name) = &found.replica_identity else {
            return false;
        };
        let key = found.constraint(name).map(|c| c.columns().to_vec());
        let index = found.index(name);
        let columns = index.map(|i| i.elements.iter().filter_map(|e| e.column.clone()).collect());
        key.or(columns)
            .is_some_and(|columns: Vec<Ident>| columns.contains(column))
    }

    /// Whether a foreign key from or to a column compares types that have no operator in common, now that
    /// one of them is another. Both sides of one table may change in one statement.
    pub(super) fn refuse_unequal_keys(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        data_type: &DataType,
    ) -> bool {
        if !self.now.in_order {
            return false;
        }
        // Its own keys, and those of whoever names it.
        let near = self.tables_near(table);
        let near = near.iter().filter_map(|name| self.catalog.tables.get(name));
        let type_of = |table: &QualifiedName, column: &Ident| {
            let found = self.catalog.tables.get(table)?.column(column)?;
            Some(found.data_type.clone())
        };
        let mut refused = None;
        for other in near {
            for (constraint, fk) in other
                .foreign_keys()
                .filter(|(_, fk)| fk.target != other.name)
            {
                for (from, to) in fk.columns.iter().zip(&fk.target_columns) {
                    let own = other.name == *table && from == column;
                    let theirs = fk.target == *table && to == column;
                    let pair = match (own, theirs) {
                        (true, _) => (Some(data_type.clone()), type_of(&fk.target, to)),
                        (_, true) => (type_of(&other.name, from), Some(data_type.clone())),
                        _ => continue,
                    };
                    if let (Some(child), Some(parent)) = pair
                        && self.never_equal(&child, &parent)
                    {
                        refused = Some(ObjectId::constraint(&other.name, &constraint.name));
                    }
                }
            }
        }
        let Some(constraint) = refused else {
            return false;
        };
        let column = ObjectId::column(table, column);
        let headline = format!("{constraint} cannot compare {column} with another type");
        let help = "drop the foreign key before, change both columns, and add it again behind";
        self.refuse("resolve/foreign-key", headline).help = Some(help.to_owned());
        true
    }

    /// A foreign key that compares types which have no operator in common; a statement that changes columns
    /// as well may change these.
    pub(super) fn unequal_key(
        &self,
        table: &QualifiedName,
        constraint: &Constraint,
        brought: &Brought<'_>,
    ) -> Option<Diagnostic> {
        let fk = constraint.as_foreign_key().filter(|_| !brought.changes)?;
        let tables = &self.catalog.tables;
        let child = tables.get(&self.relation_name(table))?;
        let parent = tables.get(&self.relation_name(&fk.target))?;
        let targets = match fk.target_columns.as_slice() {
            [] => parent.primary_key_columns(),
            columns => columns,
        };
        let mut pairs = fk.columns.iter().zip(targets);
        let (from, to) = pairs.find(|(from, to)| {
            let types = (child.column(from), parent.column(to));
            matches!(types, (Some(from), Some(to)) if self.never_equal(&from.data_type, &to.data_type))
        })?;
        let (from, to) = (
            ObjectId::column(&child.name, from),
            ObjectId::column(&parent.name, to),
        );
        let headline = format!("a foreign key cannot compare {from} with {to}: their types differ");
        Some(
            Diagnostic::error("resolve/foreign-key", headline)
                .at(self.now.span, "added here")
                .help("change both columns to one type, in statements before this one"),
        )
    }

    fn never_equal(&self, child: &DataType, parent: &DataType) -> bool {
        let plain = |found: &DataType| {
            let mut plain = found.clone();
            for _ in 0..DEPTH {
                match self.catalog.domains.get(&plain.name) {
                    Some(domain) if !plain.is_array() => plain = domain.base.clone(),
                    _ => break,
                }
            }
            plain
        };
        self.dialect().key_fit(&plain(child), &plain(parent)) == KeyFit::Refused
    }
}
