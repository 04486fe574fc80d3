//! Tables that change their parents, and keep columns that both have.
//!
//! Invariant: a column that is only inherited stays so. The server makes a column local when the last parent
//! that has it is left, and never takes that back (`RemoveInheritance` in `src/backend/commands/tablecmds.c`
//! counts `attinhcount` down), so such a table joins its new parents before it leaves the old ones. Those
//! that are new are made for it first.

use super::recipe::Rests;
use super::step::Step;
use super::{round, simulate, table};
use crate::dialect::TargetVersion;
use crate::model::{Catalog, Column, Pair, QualifiedName, Table};

/// The statements by which such tables join; none where the server would not take them yet.
pub(super) fn early(before: &Catalog, after: &Catalog, version: TargetVersion) -> Vec<Step> {
    let mut goal = None;
    for new in after.tables.values() {
        let Some(old) = before.tables.get(&new.name) else {
            continue;
        };
        let joins: Vec<&QualifiedName> = new
            .inherits
            .iter()
            .filter(|p| !old.inherits.contains(p))
            .collect();
        if joins.is_empty() || old.inherits.iter().all(|p| new.inherits.contains(p)) {
            continue;
        }
        for parent in joins {
            let mut found = ready(before, after, parent).into_iter();
            if let Some(found) = found.find(|parent| fits(old, new, parent)) {
                let goal = goal.get_or_insert_with(|| before.clone());
                join(goal, after, &new.name, found);
            }
        }
    }
    let Some(goal) = goal else { return Vec::new() };
    let pair = Pair::new(before, &goal);
    let steps = round::steps(pair, version, true, &mut Rests::new());
    let (_, said) = simulate::run(before.clone(), &steps, version);
    match said.is_empty() {
        true => steps,
        false => Vec::new(),
    }
}

/// The parent as the table may find it: as it is, or as it is made.
fn ready(before: &Catalog, after: &Catalog, name: &QualifiedName) -> Vec<Table> {
    let is = before.tables.get(name);
    let made = after.tables.get(name).filter(|made| {
        let alone = |t: &Table| t.inherits.is_empty() && t.partition_of.is_none();
        alone(made) && is.is_none_or(|is| alone(is) && table::can_alter(is, made))
    });
    let made = made.map(|made| {
        let mut made = made.clone();
        // What reads other objects comes with them.
        let as_is = is.cloned().unwrap_or_default();
        let keys = as_is.constraints.into_iter();
        made.constraints.retain(|c| c.as_foreign_key().is_none());
        made.constraints
            .extend(keys.filter(|c| c.as_foreign_key().is_some()));
        made.triggers = as_is.triggers;
        made.rules = as_is.rules;
        made.policies = as_is.policies;
        made
    });
    is.cloned().into_iter().chain(made).collect()
}

/// Whether the table could join, and would otherwise keep as its own what it is to inherit.
fn fits(old: &Table, new: &Table, parent: &Table) -> bool {
    let same = |c: &Column| {
        old.column(&c.name).is_some_and(|own| {
            own.data_type == c.data_type
                && own.collation == c.collation
                && own.generated == c.generated
                && (own.not_null || !c.not_null)
        })
    };
    let inherited = |t: &Table, c: &Column| t.column(&c.name).is_some_and(|own| own.inherited);
    let mut checks = parent.constraints.iter().filter(|c| c.as_check().is_some());
    parent.columns.iter().all(same)
        && checks.all(|c| c.no_inherit || old.constraint(&c.name).is_some())
        && parent
            .columns
            .iter()
            .any(|c| inherited(old, c) && inherited(new, c))
}

fn join(goal: &mut Catalog, after: &Catalog, child: &QualifiedName, parent: Table) {
    let name = parent.name.clone();
    if let Some(table) = goal.tables.get_mut(child) {
        for column in &mut table.columns {
            column.inherited |= parent.column(&column.name).is_some();
        }
        table.inherits.push(name.clone());
    }
    if goal.tables.get(&name) == Some(&parent) {
        return;
    }
    goal.sequences.retain(|_, s| match &s.owned_by {
        Some((table, column)) => *table != name || parent.column(column).is_some(),
        None => true,
    });
    let owned = after.sequences.values().filter(|s| {
        let of = s.owned_by.as_ref();
        of.is_some_and(|(table, _)| *table == name)
    });
    for sequence in owned {
        goal.sequences
            .insert(sequence.name.clone(), sequence.clone());
    }
    if let (Some(schema), Some(declared)) = (
        name.schema.as_ref(),
        name.schema.as_ref().and_then(|s| after.schemas.get(s)),
    ) {
        let schemas = &mut goal.schemas;
        schemas
            .entry(schema.clone())
            .or_insert_with(|| declared.clone());
    }
    goal.tables.insert(name, parent);
}
