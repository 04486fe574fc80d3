//! Which recipe a step gets, and in what order the parts stand.

use std::collections::{BTreeMap, BTreeSet};

use super::short::{adds_value, made_type};
use super::{Parts, Piece, domain, index, partition};
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::mentions;
use crate::facts::{Facts, Told};
use crate::model::{
    Catalog, Ident, Object, ObjectId, ObjectKind, Pair, QualifiedName, ReplicaIdentity, Table,
};
use crate::plan::Options;
use crate::plan::step::Step;
use crate::source::{AlterAction, ColumnAction, Statement};

/// The steps in their online forms.
pub(in crate::plan) fn online(
    steps: &[Step],
    told: &[Told],
    pair: Pair<&Catalog>,
    version: TargetVersion,
    options: &Options,
) -> Vec<Piece> {
    let mut work = Work {
        pair,
        version,
        options,
        parts: Parts::default(),
        late: BTreeSet::new(),
        late_keys: BTreeSet::new(),
        late_columns: BTreeMap::new(),
        hard: BTreeMap::new(),
        retyped: BTreeMap::new(),
        dropped: BTreeMap::new(),
        dropped_late: Vec::new(),
        adopted: BTreeMap::new(),
        replaced: BTreeSet::new(),
        types: BTreeSet::new(),
        temporary: BTreeSet::new(),
    };
    for told in told {
        work.note(told);
    }
    for (step, told) in steps.iter().zip(told) {
        work.step(step, told);
        work.types
            .extend(told.statement.as_ref().and_then(made_type));
    }
    work.analyze();
    work.parts.into_pieces()
}

/// The state of the pass.
pub(super) struct Work<'a> {
    pub(super) pair: Pair<&'a Catalog>,
    pub(super) version: TargetVersion,
    options: &'a Options,
    pub(super) parts: Parts,
    /// Indexes and constraints that are made late: what speaks of them is late as well.
    late: BTreeSet<Ident>,
    /// Tables whose keys are made late.
    pub(super) late_keys: BTreeSet<QualifiedName>,
    /// Tables whose columns become NOT NULL late.
    pub(super) late_columns: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// Columns that go or change their type.
    hard: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// Those that stay, with another type.
    retyped: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// Indexes and constraints that were to be dropped and wait for the one that takes their place.
    pub(super) dropped: BTreeMap<QualifiedName, Step>,
    /// The indexes that are dropped late, as they are created.
    pub(super) dropped_late: Vec<String>,
    /// Indexes that become those of constraints, by the constraints.
    pub(super) adopted: BTreeMap<QualifiedName, Ident>,
    /// Routines that are dropped, and whose names others take at once: what is made of them cannot stay.
    replaced: BTreeSet<QualifiedName>,
    types: BTreeSet<QualifiedName>,
    temporary: BTreeSet<QualifiedName>,
}

impl<'a> Work<'a> {
    pub(super) fn dialect(&self) -> Dialect {
        self.version.dialect
    }

    /// Takes note of the columns that go or are retyped, before anything is decided.
    fn note(&mut self, told: &Told) {
        if let Some(Statement::Drop { targets, .. }) = &told.statement {
            let routines = || self.pair.after.routines.keys();
            let again = targets.iter().filter(|target| {
                target.kind == ObjectKind::Function
                    && routines().any(|(name, _)| *name == target.name)
            });
            self.replaced
                .extend(again.map(|target| target.name.clone()));
        }
        let Some(Statement::Alter {
            target, actions, ..
        }) = &told.statement
        else {
            return;
        };
        for action in actions {
            let column = match action {
                AlterAction::DropColumn { name, .. } => name,
                AlterAction::Column {
                    name,
                    action: ColumnAction::Type { .. },
                } => name,
                AlterAction::RenameColumn { from, .. } => from,
                _ => continue,
            };
            let of = self.hard.entry(target.name.clone()).or_default();
            of.insert(column.clone());
            if matches!(action, AlterAction::Column { .. }) {
                let of = self.retyped.entry(target.name.clone()).or_default();
                of.insert(column.clone());
            }
        }
    }

    /// The server forgets what it knew of a column's values when its type changes.
    fn analyze(&mut self) {
        let dialect = self.dialect();
        let mut first = Vec::new();
        for (table, columns) in &self.retyped {
            let (Some(_), Some(after)) = (self.pair.before.tables.get(table), self.after(table))
            else {
                continue;
            };
            let there = columns.iter().filter(|c| after.column(c).is_some());
            let names: Vec<String> = there.map(|c| dialect.quote(c).into_owned()).collect();
            if names.is_empty() || after.foreign.is_some() || self.options.offline.contains(table) {
                continue;
            }
            let sql = format!(
                "ANALYZE {} ({})",
                dialect.quote_name(table),
                names.join(", ")
            );
            first.push(Piece {
                step: Step::new(ObjectId::table(table), sql),
                apart: true,
            });
        }
        self.parts.late.splice(0..0, first);
    }

    fn step(&mut self, step: &Step, told: &Told) {
        let step = Step {
            facts: told.facts.clone(),
            ..step.clone()
        };
        let Some(statement) = &told.statement else {
            return self.stays(step);
        };
        if adds_value(Some(statement), &self.types) {
            return self.parts.early.push(Piece { step, apart: false });
        }
        if self.drops_beneath(statement) {
            return self.parts.late.push(Piece { step, apart: true });
        }
        if self.is_late(&step, statement) {
            return self.parts.late.push(Piece { step, apart: false });
        }
        let done = match statement {
            Statement::Create {
                object: Object::Index(relation, found),
                ..
            } => index::create(self, &step, relation, found),
            Statement::Create {
                object: Object::Table(found),
                ..
            } => partition::create(self, &step, found),
            Statement::Drop { targets, .. } => match &targets[..] {
                [one] if one.kind == ObjectKind::Index => index::drop(self, &step, &one.name),
                [one] if one.kind == ObjectKind::Table => partition::drop(self, &step, &one.name),
                _ => false,
            },
            Statement::Alter {
                target, actions, ..
            } => match (target.kind, &actions[..]) {
                (ObjectKind::Table, [AlterAction::AttachPartition { partition, .. }]) => {
                    partition::attach(self, &step, &target.name, partition)
                }
                (ObjectKind::Table, [AlterAction::DetachPartition { partition, .. }]) => {
                    partition::detach(self, &step, &target.name, partition)
                }
                // It reads the table, which nothing else may keep from others meanwhile.
                (ObjectKind::Table, [AlterAction::ValidateConstraint(_)])
                    if !self.is_offline(&target.name) =>
                {
                    self.late(&step.object, step.sql.clone(), true, true);
                    true
                }
                (ObjectKind::Table, _) => self.alter(&step, target, actions),
                (ObjectKind::Domain, [action]) => domain::alter(self, &step, action),
                _ => false,
            },
            _ => false,
        };
        match done {
            true => {}
            false if self.rests_on_late(statement) => {
                self.parts.late.push(Piece { step, apart: true });
            }
            false => self.stays(step),
        }
    }

    pub(super) fn stays(&mut self, step: Step) {
        self.parts.main.push(Piece { step, apart: false });
    }

    /// In its place, and outside of a transaction.
    pub(super) fn alone(&mut self, mut step: Step) {
        step.facts.transactional = false;
        self.parts.main.push(Piece { step, apart: true });
    }

    /// Whether a step speaks of what is made late.
    fn is_late(&self, step: &Step, statement: &Statement) -> bool {
        // Constraints of several tables may have one name.
        let makes = |name: &Ident| match statement {
            Statement::Alter { actions, .. } => actions
                .iter()
                .any(|a| matches!(a, AlterAction::AddConstraint(c) if c.name == *name)),
            _ => false,
        };
        let own = match step.object.kind {
            ObjectKind::Index => Some(&step.object.name.name),
            ObjectKind::Constraint => step.object.member.as_ref(),
            _ => None,
        };
        let mut late = self.late.iter();
        own.is_some_and(|name| self.late.contains(name) && !makes(name))
            || late.any(|name| mentions(&step.sql, name, self.dialect()) && !makes(name))
    }

    /// Whether it drops what an index rests on that is dropped late: its function or type, or an
    /// extension, which may have its operator class.
    fn drops_beneath(&self, statement: &Statement) -> bool {
        let Statement::Drop { targets, .. } = statement else {
            return false;
        };
        targets.iter().any(|target| match target.kind {
            ObjectKind::Extension => !self.dropped_late.is_empty(),
            ObjectKind::Function | ObjectKind::Collation | ObjectKind::OperatorClass => {
                // What takes its name cannot wait for it.
                let mut routines = self.pair.after.routines.keys();
                let again = routines.any(|(name, _)| *name == target.name);
                let mut texts = self.dropped_late.iter();
                !again && texts.any(|text| mentions(text, &target.name.name, self.dialect()))
            }
            _ => false,
        })
    }

    /// Whether it needs a key or a column that is made late.
    fn rests_on_late(&self, statement: &Statement) -> bool {
        let Statement::Alter {
            target, actions, ..
        } = statement
        else {
            return false;
        };
        actions.iter().any(|action| match action {
            AlterAction::AddConstraint(found) => {
                let fk = found.as_foreign_key();
                fk.is_some_and(|fk| fk.target != target.name && self.late_keys.contains(&fk.target))
            }
            AlterAction::ReplicaIdentity(ReplicaIdentity::Index(_)) => self
                .late_columns
                .get(&target.name)
                .is_some_and(|c| !c.is_empty()),
            _ => false,
        })
    }

    // -- for the recipes -----------------------------------------------------------------------

    /// Whether the table was there before, stays in use meanwhile, and wants the longer forms.
    pub(super) fn is_online(&self, facts: &Facts, relation: &QualifiedName) -> bool {
        let in_use = facts.locks.iter().any(|l| l.relation == *relation);
        in_use && !self.is_offline(relation)
    }

    /// Whether it is to have the short forms.
    pub(super) fn is_offline(&self, relation: &QualifiedName) -> bool {
        self.options.offline.contains(relation)
    }

    pub(super) fn is_partitioned(&self, relation: &QualifiedName) -> bool {
        let found = self.pair.after.tables.get(relation);
        found.is_some_and(|t| t.partition_by.is_some())
    }

    pub(super) fn after(&self, relation: &QualifiedName) -> Option<&'a Table> {
        self.pair.after.tables.get(relation)
    }

    /// Whether the main part drops or retypes one of the columns.
    pub(super) fn is_hard(&self, relation: &QualifiedName, uses: impl Fn(&Ident) -> bool) -> bool {
        self.hard
            .get(relation)
            .is_some_and(|columns| columns.iter().any(uses))
    }

    /// Whether a text calls a routine that is dropped and made again.
    pub(super) fn calls_replaced(&self, text: &str) -> bool {
        let mut replaced = self.replaced.iter();
        replaced.any(|name| mentions(text, &name.name, self.dialect()))
    }

    pub(super) fn mark_late(&mut self, name: &Ident) {
        self.late.insert(name.clone());
    }

    /// A late statement; `apart` begins a transaction.
    pub(super) fn late(
        &mut self,
        object: &ObjectId,
        sql: String,
        transactional: bool,
        apart: bool,
    ) {
        let mut step = Step::new(object.clone(), sql);
        step.facts.transactional = transactional;
        self.parts.late.push(Piece { step, apart });
    }

    /// A statement before everything else, in a transaction of its own.
    pub(super) fn early(&mut self, object: &ObjectId, sql: String) {
        let step = Step::new(object.clone(), sql);
        self.parts.early.push(Piece { step, apart: true });
    }

    /// The same, outside of a transaction.
    pub(super) fn early_alone(&mut self, object: &ObjectId, sql: String) {
        let mut step = Step::new(object.clone(), sql);
        step.facts.transactional = false;
        self.parts.early.push(Piece { step, apart: true });
    }

    /// The partitions of a table, by their names.
    pub(super) fn partitions(&self, relation: &QualifiedName) -> Vec<&'a Table> {
        let tables = self.pair.after.tables.values();
        let of = |t: &&Table| {
            t.partition_of
                .as_ref()
                .is_some_and(|of| of.parent == *relation)
        };
        tables.filter(of).collect()
    }

    /// A name that nothing has, before or after.
    pub(super) fn temporary(
        &mut self,
        relation: &QualifiedName,
        base: &str,
        ending: &str,
    ) -> Ident {
        let short: String = base.chars().take(40).collect();
        let mut number = 0;
        loop {
            let name = match number {
                0 => format!("{short}_{ending}"),
                n => format!("{short}_{ending}{n}"),
            };
            let full = relation.sibling(name);
            if self.take_name(&full) {
                return full.name;
            }
            number += 1;
        }
    }

    /// Takes a name, unless something has it before or after.
    pub(super) fn take_name(&mut self, name: &QualifiedName) -> bool {
        let among = |catalog: &Catalog| {
            let mut tables = catalog
                .tables
                .values()
                .filter(|t| t.name.schema == name.schema);
            catalog.tables.contains_key(name)
                || catalog.views.contains_key(name)
                || catalog.sequences.contains_key(name)
                || tables
                    .any(|t| t.index(&name.name).is_some() || t.constraint(&name.name).is_some())
        };
        let taken = among(self.pair.before) || among(self.pair.after);
        !taken && self.temporary.insert(name.clone())
    }
}
