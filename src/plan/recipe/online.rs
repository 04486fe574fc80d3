//! Which recipe a step gets, and in what order the parts stand.

use std::collections::{BTreeMap, BTreeSet};

use super::short::{adds_value, made_type};
use super::{Parts, Piece, actions, constraint, index};
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::mentions;
use crate::facts::{Facts, ScanKind, Told};
use crate::model::{
    Catalog, Ident, Object, ObjectId, ObjectKind, Pair, QualifiedName, ReplicaIdentity, Table,
};
use crate::plan::Options;
use crate::plan::step::Step;
use crate::source::{AlterAction, ColumnAction, Statement, Target};

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
        dropped: BTreeMap::new(),
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
    /// Indexes and constraints that were to be dropped and wait for the one that takes their place.
    pub(super) dropped: BTreeMap<QualifiedName, Step>,
    types: BTreeSet<QualifiedName>,
    temporary: BTreeSet<QualifiedName>,
}

impl<'a> Work<'a> {
    pub(super) fn dialect(&self) -> Dialect {
        self.version.dialect
    }

    /// Takes note of the columns that go or are retyped, before anything is decided.
    fn note(&mut self, told: &Told) {
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
        }
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
        if self.is_late(&step) {
            return self.parts.late.push(Piece { step, apart: false });
        }
        let done = match statement {
            Statement::Create {
                object: Object::Index(relation, found),
                ..
            } => index::create(self, &step, relation, found),
            Statement::Drop { targets, .. } => match &targets[..] {
                [one] if one.kind == ObjectKind::Index => self.drop_index(&step, one),
                _ => false,
            },
            Statement::Alter {
                target, actions, ..
            } if target.kind == ObjectKind::Table => self.alter(&step, target, actions),
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

    fn stays(&mut self, step: Step) {
        self.parts.main.push(Piece { step, apart: false });
    }

    /// Whether a step speaks of what is made late.
    fn is_late(&self, step: &Step) -> bool {
        let own = match step.object.kind {
            ObjectKind::Index => Some(&step.object.name.name),
            ObjectKind::Constraint => step.object.member.as_ref(),
            _ => None,
        };
        let mut late = self.late.iter();
        own.is_some_and(|name| self.late.contains(name))
            || late.any(|name| mentions(&step.sql, name, self.dialect()))
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
        in_use && !self.options.offline.contains(relation)
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

    /// A name that nothing has, before or after.
    pub(super) fn temporary(
        &mut self,
        relation: &QualifiedName,
        base: &str,
        ending: &str,
    ) -> Ident {
        let taken = |name: &QualifiedName, work: &Self| {
            let among = |catalog: &Catalog| {
                let mut tables = catalog
                    .tables
                    .values()
                    .filter(|t| t.name.schema == name.schema);
                catalog.tables.contains_key(name)
                    || catalog.views.contains_key(name)
                    || catalog.sequences.contains_key(name)
                    || tables.any(|t| {
                        t.index(&name.name).is_some() || t.constraint(&name.name).is_some()
                    })
            };
            among(work.pair.before) || among(work.pair.after) || work.temporary.contains(name)
        };
        let short: String = base.chars().take(40).collect();
        let mut number = 0;
        loop {
            let name = match number {
                0 => format!("{short}_{ending}"),
                n => format!("{short}_{ending}{n}"),
            };
            let full = relation.sibling(name);
            if !taken(&full, self) {
                self.temporary.insert(full.clone());
                return full.name;
            }
            number += 1;
        }
    }

    // -- ALTER TABLE ---------------------------------------------------------------------------

    fn drop_index(&mut self, step: &Step, target: &Target) -> bool {
        index::drop(self, step, &target.name)
    }

    fn alter(&mut self, step: &Step, target: &Target, all: &[AlterAction]) -> bool {
        let table = &target.name;
        if !self.is_online(&step.facts, table) {
            return false;
        }
        let Some((head, texts)) = actions::split(&step.sql, all.len(), self.dialect()) else {
            return false;
        };
        let mut stays = Vec::new();
        let mut not_null = Vec::new();
        let mut changed = false;
        for (action, text) in all.iter().zip(texts) {
            let taken = match action {
                AlterAction::Column {
                    name,
                    action: ColumnAction::NotNull(true),
                } if self.can_wait(step, table, name, all) => {
                    not_null.push(name.clone());
                    true
                }
                AlterAction::AddConstraint(found) => {
                    constraint::add(self, step, table, found, (&head, &text), &mut stays)
                }
                AlterAction::DropConstraint { name, .. } => {
                    constraint::drop(self, step, table, name)
                }
                _ => false,
            };
            changed |= taken;
            if !taken {
                stays.push(text);
            }
        }
        if !changed {
            return false;
        }
        if !stays.is_empty() {
            let mut rest = step.clone();
            rest.sql = actions::join(&head, &stays);
            self.stays(rest);
        }
        constraint::not_null(self, &step.object, table, &not_null);
        true
    }

    /// Whether a column may become NOT NULL when everything else is done.
    fn can_wait(
        &self,
        step: &Step,
        table: &QualifiedName,
        column: &Ident,
        all: &[AlterAction],
    ) -> bool {
        // Where rows are written again anyhow, they are looked at on the way.
        let scans = step.facts.scans.iter().any(|s| s.kind == ScanKind::Verify);
        let of_column = |action: &AlterAction| match action {
            AlterAction::Column { name, action } => {
                name == column && matches!(action, ColumnAction::AddIdentity(_))
            }
            _ => false,
        };
        let before = self.pair.before.tables.get(table);
        let proved = before.is_some_and(|t| crate::facts::is_proved(t, column, self.dialect()));
        let inherited = self.after(table).is_some_and(|t| t.partition_of.is_some());
        scans && !proved && !inherited && !all.iter().any(of_column)
    }
}
