//! ALTER TABLE: its actions are taken apart, each gets its recipe, and those that stay are joined again.

use super::online::Work;
use super::{actions, constraint};
use crate::facts::{ScanKind, is_proved};
use crate::model::{Ident, QualifiedName, Table};
use crate::plan::step::Step;
use crate::source::{AlterAction, ColumnAction, Target};

impl Work<'_> {
    pub(super) fn alter(&mut self, step: &Step, target: &Target, all: &[AlterAction]) -> bool {
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
                } if self.comes_from_the_parent(table, name) => true,
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

    /// Whether the parent of a partition becomes NOT NULL in the same plan, with all of its partitions.
    fn comes_from_the_parent(&self, table: &QualifiedName, column: &Ident) -> bool {
        let of = self.after(table).and_then(|t| t.partition_of.as_ref());
        let ends = of.map(|of| {
            (
                self.pair.before.tables.get(&of.parent),
                self.after(&of.parent),
            )
        });
        let Some((Some(before), Some(after))) = ends else {
            return false;
        };
        let set = |t: &Table| t.column(column).map(|c| c.not_null);
        set(before) == Some(false) && set(after) == Some(true) && !self.is_offline(&after.name)
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
        let proved = before.is_some_and(|t| is_proved(t, column, self.dialect()));
        let inherited = self.after(table).is_some_and(|t| t.partition_of.is_some());
        scans && !proved && !inherited && !all.iter().any(of_column)
    }
}
