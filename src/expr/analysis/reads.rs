//! What a text rests on, as the server would note it in `pg_depend`: relations, their columns,
//! functions and types of the schema.
//!
//! Invariants: only what the text itself names counts, and not what the views that it reads are made
//! of. `*` is every column that it stands for. What the analysis does not understand has no answer,
//! rather than half of one.
//!
//! Source: src/backend/catalog/dependency.c (`find_expr_references_walker`).

use std::collections::BTreeSet;

use super::choice::Candidate;
use super::scope::{Entry, Scope, Visible};
use super::types::Type;
use super::world::{World, qualified};
use super::{Analysis, Context};
use crate::expr::tree::{self, OperatorName};
use crate::model::{Ident, ObjectId, ObjectKind, QualifiedName};

/// Objects of the schema that a text reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    pub relations: BTreeSet<QualifiedName>,
    /// Columns, with their relations.
    pub columns: BTreeSet<(QualifiedName, Ident)>,
    /// Functions, by name and signature.
    pub routines: BTreeSet<(QualifiedName, Box<str>)>,
    pub types: BTreeSet<QualifiedName>,
    /// Collations, and what is for searching text.
    pub others: BTreeSet<ObjectId>,
}

impl Reads {
    pub fn extend(&mut self, other: Self) {
        self.relations.extend(other.relations);
        self.columns.extend(other.columns);
        self.routines.extend(other.routines);
        self.types.extend(other.types);
        self.others.extend(other.others);
    }
}

impl World<'_> {
    fn records(&self) -> bool {
        self.depth.get() == 0 && self.reads.borrow().is_some()
    }

    fn record(&self, note: impl FnOnce(&mut Reads)) {
        if self.depth.get() == 0
            && let Some(reads) = self.reads.borrow_mut().as_mut()
        {
            note(reads);
        }
    }

    pub(super) fn record_relation(&self, name: &QualifiedName) {
        self.record(|reads| {
            reads.relations.insert(name.clone());
        });
    }

    /// The relation of an INSERT, and the columns that it fills.
    pub(super) fn record_target(&self, relation: &QualifiedName, columns: &[&str]) {
        self.record_relation(relation);
        self.record(|reads| {
            let columns = columns.iter().map(Ident::new);
            reads.columns.extend(columns.map(|c| (relation.clone(), c)));
        });
    }

    pub(super) fn record_routine(&self, name: &(QualifiedName, Box<str>)) {
        self.record(|reads| {
            reads.routines.insert(name.clone());
        });
    }

    pub(super) fn record_type(&self, name: &str) {
        let element = name.strip_suffix("[]").unwrap_or(name);
        if let Some(name) = qualified(element) {
            self.record(|reads| {
                reads.types.insert(name);
            });
        }
    }

    pub(super) fn record_other(&self, id: ObjectId) {
        self.record(|reads| {
            reads.others.insert(id);
        });
    }

    /// The operator of the schema that is chosen, by its name and the types of its sides.
    pub(super) fn record_operator(&self, name: &OperatorName, chosen: &Candidate) {
        if !self.records() || chosen.result.is_some() {
            return;
        }
        let schema = name.schema.as_deref();
        let of = self.catalog.operators.iter().find(|((own, _), operator)| {
            let sides = operator.left.iter().chain(&operator.right);
            let sides: Vec<Type> = sides.map(|t| self.declared_type(t)).collect();
            own.name == name.name.as_str()
                && schema.is_none_or(|s| own.schema.as_deref() == Some(s))
                && sides == chosen.arguments
        });
        if let Some(((own, sides), _)) = of {
            let id = ObjectId::overload(ObjectKind::Operator, own.clone(), sides.clone());
            self.record_other(id);
        }
    }

    /// The collation of the schema that COLLATE names.
    pub(super) fn record_collation(&self, parts: &[String]) {
        let name = match parts {
            [name] => QualifiedName::new("public", name.as_str()),
            [.., schema, name] => QualifiedName::new(schema.as_str(), name.as_str()),
            [] => return,
        };
        if self.catalog.collations.contains_key(&name) {
            self.record_other(ObjectId::new(ObjectKind::Collation, name));
        }
    }

    /// A field of a row: an attribute of its type.
    pub(super) fn record_field(&self, of: &Type, field: &str) {
        if let Some(relation) = qualified(&of.name) {
            self.record(|reads| {
                reads.columns.insert((relation, Ident::new(field)));
            });
        }
    }

    fn record_columns<'v>(&self, columns: impl Iterator<Item = &'v Visible>) {
        for column in columns {
            if let Some(origin) = &column.origin {
                self.record(|reads| {
                    reads.columns.insert(origin.as_ref().clone());
                });
            }
        }
    }
}

impl Entry {
    /// Says of the columns that they are those of a relation.
    pub(super) fn originate(&mut self, world: &World<'_>, relation: &QualifiedName) {
        if !world.records() && world.names.is_none() {
            return;
        }
        for column in self.columns.iter_mut().flatten() {
            column.origin = Some((relation.clone(), Ident::new(&column.name)).into());
        }
    }

    fn columns_named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Visible> {
        let columns = self.columns.iter().flatten();
        columns.filter(move |c| c.name == name)
    }
}

impl Scope {
    /// The columns that a name stands for: several where USING has merged them.
    pub(super) fn named<'s>(&'s self, parts: &'s [String]) -> Vec<&'s Visible> {
        let (table, name) = match parts {
            [name] => (None, name),
            [.., table, name] => (Some(table), name),
            [] => return Vec::new(),
        };
        let schema = parts.len().checked_sub(3).map(|at| parts[at].as_str());
        match table {
            Some(table) => {
                let entry = self.entry(schema, table).into_iter();
                entry.flat_map(|e| e.columns_named(name)).collect()
            }
            None => {
                let merged = self.merged.iter().any(|(n, _)| n == name);
                let visible = self.entries.iter().filter(|e| !e.hidden);
                let found = visible.flat_map(|e| e.columns_named(name));
                found.take(if merged { usize::MAX } else { 1 }).collect()
            }
        }
    }
}

impl Analysis<'_, '_> {
    pub(super) fn record_column(&self, scope: &Scope, parts: &[String]) {
        if self.world.records() {
            self.world.record_columns(scope.named(parts).into_iter());
        }
    }

    /// `*`, or `t.*`.
    pub(super) fn record_all<'v>(&self, entries: impl Iterator<Item = &'v Entry>) {
        if self.world.records() {
            let columns = entries.flat_map(|e| e.columns.iter().flatten());
            self.world.record_columns(columns);
        }
    }

    pub(super) fn record_assigned(&self, columns: &[Visible], names: &[String]) {
        if self.world.records() {
            let assigned = columns.iter().filter(|c| names.contains(&c.name));
            self.world.record_columns(assigned);
        }
    }

    /// The columns that a join compares by their names.
    pub(super) fn record_joined(&self, entries: &[Entry], names: &[String]) {
        if self.world.records() {
            let of = |entry: &'_ Entry| -> Vec<Visible> {
                let columns = entry.columns.iter().flatten();
                columns
                    .filter(|c| names.contains(&c.name))
                    .cloned()
                    .collect()
            };
            for entry in entries {
                self.world.record_columns(of(entry).iter());
            }
        }
    }
}

impl Context<'_, '_> {
    /// What a query reads; `None` where the grammar does not know it.
    pub(in crate::expr) fn reads_of_query(&self, text: &str) -> Option<Reads> {
        let query = tree::query(text)?;
        self.recorded(|analysis| analysis.query(&query).map(|_| ()))
    }

    /// What an expression reads.
    pub(in crate::expr) fn reads_of(&self, text: &str) -> Option<Reads> {
        let node = tree::expression(text)?;
        self.recorded(|analysis| analysis.node(&node).map(|_| ()))
    }

    fn recorded(&self, run: impl FnOnce(&mut Analysis<'_, '_>) -> Option<()>) -> Option<Reads> {
        self.world.reads.replace(Some(Reads::default()));
        let mut analysis = self.analysis();
        run(&mut analysis)?;
        self.world.reads.replace(Some(Reads::default()))
    }
}
