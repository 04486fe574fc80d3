//! Which recipe a step gets, and in what order the parts stand.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::gather;
use super::join::joined;
use super::short::{adds_value, made_type};
use super::{Parts, Piece, domain, index, partition};
use crate::dialect::{Dialect, TargetVersion};
use crate::facts::{Facts, Told};
use crate::model::{Catalog, Ident, Object, ObjectId, ObjectKind, Pair, QualifiedName, Table};
use crate::plan::step::Step;
use crate::plan::{Draft, Options};
use crate::source::{AlterAction, ColumnAction, Statement};

/// The steps in their online forms, those about one table together where they are to be gathered.
pub(in crate::plan) fn online(
    draft: &Draft,
    told: &[Told],
    pair: Pair<&Catalog>,
    version: TargetVersion,
    options: &Options,
    gathered: bool,
) -> Vec<Piece> {
    let mut work = Work {
        pair,
        version,
        options,
        parts: Parts::default(),
        late_indexes: BTreeSet::new(),
        late_constraints: BTreeSet::new(),
        late_keys: BTreeSet::new(),
        late_columns: BTreeMap::new(),
        hard: BTreeMap::new(),
        retyped: BTreeMap::new(),
        dropped: BTreeMap::new(),
        dropped_late: Vec::new(),
        adopted: BTreeMap::new(),
        replaced: BTreeSet::new(),
        gone: BTreeSet::new(),
        types: BTreeSet::new(),
        temporary: BTreeSet::new(),
    };
    for told in told {
        work.note(told);
    }
    let mut first = None;
    for (at, (step, told)) in draft.steps.iter().zip(told).enumerate() {
        if at == draft.first {
            first = Some(work.parts.main.len());
        }
        work.step(step, told);
        work.types
            .extend(told.statement.as_ref().and_then(made_type));
    }
    work.analyze();
    if gathered {
        let first = first.unwrap_or(work.parts.main.len());
        let rest = work.parts.main.split_off(first);
        let rest = gather(rest, pair.before, &draft.rests);
        work.parts.main.extend(rest);
        return joined(work.parts.into_pieces(), version);
    }
    work.parts.into_pieces()
}

/// The state of the pass.
pub(super) struct Work<'a> {
    pub(super) pair: Pair<&'a Catalog>,
    pub(super) version: TargetVersion,
    options: &'a Options,
    pub(super) parts: Parts,
    /// Indexes and constraints that are made late: what speaks of them is late as well.
    pub(super) late_indexes: BTreeSet<Ident>,
    pub(super) late_constraints: BTreeSet<(QualifiedName, Ident)>,
    /// Tables whose keys are made late.
    pub(super) late_keys: BTreeSet<QualifiedName>,
    /// Tables whose columns become NOT NULL late.
    pub(super) late_columns: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// Columns that go, or change their type and with it their rows or indexes.
    hard: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// Columns that stay, with another type.
    retyped: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// Indexes and constraints that were to be dropped and wait for the one that takes their place.
    pub(super) dropped: BTreeMap<(QualifiedName, Ident), Step>,
    /// The indexes that are dropped late, as they are created.
    pub(super) dropped_late: Vec<String>,
    /// Indexes that become those of constraints, by the constraints.
    pub(super) adopted: BTreeMap<(QualifiedName, Ident), Ident>,
    /// Routines that are dropped, and whose names others take at once: what is made of them cannot stay.
    pub(super) replaced: BTreeSet<QualifiedName>,
    /// Tables that go, or are made anew.
    gone: BTreeSet<QualifiedName>,
    types: BTreeSet<QualifiedName>,
    temporary: BTreeSet<QualifiedName>,
}

impl<'a> Work<'a> {
    pub(super) fn dialect(&self) -> Dialect {
        self.version.dialect
    }

    /// Takes note of the tables and columns that go or are retyped, before anything is decided.
    fn note(&mut self, told: &Told) {
        if let Some(Statement::Drop { targets, .. }) = &told.statement {
            let routines = || self.pair.after.routines.keys();
            let again = targets.iter().filter(|target| {
                target.kind == ObjectKind::Function
                    && routines().any(|(name, _)| *name == target.name)
            });
            self.replaced
                .extend(again.map(|target| target.name.clone()));
            let tables = targets.iter().filter(|t| t.kind == ObjectKind::Table);
            self.gone.extend(tables.map(|t| t.name.clone()));
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
            let retypes = matches!(action, AlterAction::Column { .. });
            // An index is kept where the rows are, and need not go before.
            if !retypes || !told.facts.rewrites.is_empty() || !told.facts.scans.is_empty() {
                let of = self.hard.entry(target.name.clone()).or_default();
                of.insert(column.clone());
            }
            if retypes {
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

    /// Whether the table goes, or is made anew.
    pub(super) fn goes(&self, table: &QualifiedName) -> bool {
        self.gone.contains(table)
    }

    pub(super) fn is_partitioned(&self, relation: &QualifiedName) -> bool {
        let found = self.pair.after.tables.get(relation);
        found.is_some_and(|t| t.partition_by.is_some())
    }

    pub(super) fn after(&self, relation: &QualifiedName) -> Option<&'a Table> {
        self.pair.after.tables.get(relation)
    }

    /// Whether the main part drops or retypes one of the columns, which may be a parent's.
    pub(super) fn is_hard(&self, relation: &QualifiedName, uses: impl Fn(&Ident) -> bool) -> bool {
        let parents = self.pair.before.ancestors(relation);
        let mut of = parents.into_iter().chain([relation]);
        of.any(|name| {
            let found = self.hard.get(name);
            found.is_some_and(|columns| columns.iter().any(&uses))
        })
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
