//! Constraints: added without looking at the rows, which are looked at later.

use super::index::concurrently;
use super::online::Work;
use super::partitioned;
use crate::ddl;
use crate::dialect::{Dialect, object_name};
use crate::facts::is_proved;
use crate::model::{
    Constraint, ConstraintKind, Deferral, ForeignKey, Ident, Index, IndexElement, ObjectId,
    QualifiedName, Table,
};
use crate::plan::step::Step;

/// Partitioned tables take foreign keys NOT VALID from this version on.
const FOREIGN_KEYS_NOT_VALID: u16 = 18;

/// NOT NULL can be NOT VALID by itself from this version on.
const NOT_NULL_NOT_VALID: u16 = 18;

/// ADD CONSTRAINT on a table in use. What has to happen in place goes to `stays`.
pub(super) fn add(
    work: &mut Work<'_>,
    step: &Step,
    table: &QualifiedName,
    constraint: &Constraint,
    (head, text): (&str, &str),
    stays: &mut Vec<String>,
) -> bool {
    if constraint.not_valid || constraint.name.is_empty() {
        return false;
    }
    let id = ObjectId::constraint(table, &constraint.name);
    match &constraint.kind {
        ConstraintKind::Check { .. } => {
            stays.push(format!("{text} NOT VALID"));
            validate(work, &id, head, &constraint.name);
            true
        }
        ConstraintKind::ForeignKey(_)
            if work.is_partitioned(table) && work.version.major < FOREIGN_KEYS_NOT_VALID =>
        {
            partitioned::foreign_key(work, table, constraint, (head, text))
        }
        ConstraintKind::ForeignKey(_) => {
            // What it takes the place of goes in the statement that brings it: rows are looked at
            // by one of the two at any time.
            let key = (table.clone(), constraint.name.clone());
            let sql = match work.dropped.remove(&key) {
                Some(_) => {
                    let name = work.dialect().quote(&constraint.name);
                    format!("{head}\n    DROP CONSTRAINT {name},\n    {text} NOT VALID")
                }
                None => format!("{head} {text} NOT VALID"),
            };
            work.late(&id, sql, true, true);
            validate(work, &id, head, &constraint.name);
            work.constraint_is_late(table, constraint);
            true
        }
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } => {
            key(work, step, table, constraint)
        }
        _ => false,
    }
}

fn validate(work: &mut Work<'_>, id: &ObjectId, head: &str, name: &Ident) {
    let name = work.dialect().quote(name);
    work.late(id, format!("{head} VALIDATE CONSTRAINT {name}"), true, true);
}

/// A key's index is built first, and made the constraint's.
fn key(work: &mut Work<'_>, step: &Step, table: &QualifiedName, constraint: &Constraint) -> bool {
    let key = (table.clone(), constraint.name.clone());
    let old = work.dropped.remove(&key);
    let plain = constraint.is_plain_key();
    if plain && work.is_partitioned(table) && !is_grouped_by(work, table, constraint) {
        return partitioned::key(work, step, table, constraint);
    }
    let found = work.after(table).filter(|t| t.partition_by.is_none());
    let (Some(found), true) = (found, plain && !is_grouped_by(work, table, constraint)) else {
        if let Some(old) = old {
            work.parts.main.push(super::Piece {
                step: old,
                apart: false,
            });
        }
        return false;
    };
    if constraint.is_primary_key() {
        let nullable = nullable_columns(work, table, constraint);
        not_null(work, &step.object, table, &nullable);
    }
    let dialect = work.dialect();
    if let Some(index) = work.adopted.remove(&key) {
        let add = using_index(constraint, &constraint.name, &index, dialect);
        let sql = format!("{} {add}", ddl::alter_table(found, dialect));
        let id = ObjectId::constraint(table, &constraint.name);
        work.late(&id, sql, true, true);
        work.constraint_is_late(table, constraint);
        work.late_keys.insert(table.clone());
        return true;
    }
    let name = match &old {
        Some(_) => work.temporary(table, &constraint.name, "new"),
        None => constraint.name.clone(),
    };
    let index = index_of(constraint, name.clone());
    let build = ddl::create_index(table, &index, dialect);
    let index_id = ObjectId::index(&table.sibling(name.clone()));
    work.late(&index_id, concurrently(&build), false, true);
    let add = using_index(constraint, &constraint.name, &name, dialect);
    let alter = ddl::alter_table(found, dialect);
    // The old key goes in the statement that brings the new one.
    let sql = match old {
        Some(_) => format!(
            "{alter}\n    DROP CONSTRAINT {},\n    {add}",
            dialect.quote(&constraint.name)
        ),
        None => format!("{alter} {add}"),
    };
    let id = ObjectId::constraint(table, &constraint.name);
    work.late(&id, sql, true, true);
    work.constraint_is_late(table, constraint);
    work.late_keys.insert(table.clone());
    true
}

/// `ADD CONSTRAINT name PRIMARY KEY USING INDEX index`.
pub(in crate::plan) fn using_index(
    constraint: &Constraint,
    name: &Ident,
    index: &Ident,
    dialect: Dialect,
) -> String {
    let kind = match constraint.is_primary_key() {
        true => "PRIMARY KEY",
        false => "UNIQUE",
    };
    let deferral = match constraint.deferral {
        Deferral::NotDeferrable => "",
        Deferral::Immediate => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    };
    let (name, index) = (dialect.quote(name), dialect.quote(index));
    format!("ADD CONSTRAINT {name} {kind} USING INDEX {index}{deferral}")
}

/// The columns of a primary key whose rows have to be looked at.
pub(super) fn nullable_columns(
    work: &Work<'_>,
    table: &QualifiedName,
    constraint: &Constraint,
) -> Vec<Ident> {
    let columns = constraint.columns().iter();
    let nullable =
        columns.filter(|c| constraint.is_primary_key() && becomes_not_null(work, table, c));
    nullable.cloned().collect()
}

/// The index that the server would make of a key.
pub(in crate::plan) fn index_of(constraint: &Constraint, name: Ident) -> Index {
    let columns = constraint.columns().iter().cloned();
    let mut index = Index {
        name,
        unique: true,
        method: Ident::new("btree"),
        elements: columns.map(IndexElement::column).collect(),
        ..Index::default()
    };
    match &constraint.kind {
        ConstraintKind::PrimaryKey {
            include,
            storage,
            tablespace,
            ..
        } => {
            index.include = include.clone();
            index.storage = storage.clone();
            index.tablespace = tablespace.clone();
        }
        ConstraintKind::Unique {
            include,
            nulls_not_distinct,
            storage,
            tablespace,
            ..
        } => {
            index.include = include.clone();
            index.nulls_not_distinct = *nulls_not_distinct;
            index.storage = storage.clone();
            index.tablespace = tablespace.clone();
        }
        _ => {}
    }
    index
}

/// A view that groups by a primary key rests on it, and cannot be made before it.
fn is_grouped_by(work: &Work<'_>, table: &QualifiedName, constraint: &Constraint) -> bool {
    use crate::expr::mentions;
    let dialect = work.dialect();
    let mut views = work.pair.after.views.values();
    constraint.is_primary_key()
        && views.any(|v| {
            let text = v.query.text();
            mentions(text, "group", dialect) && mentions(text, &table.name, dialect)
        })
}

fn becomes_not_null(work: &Work<'_>, table: &QualifiedName, column: &Ident) -> bool {
    let before = work.pair.before.tables.get(table);
    // A new column that is NOT NULL comes that way; one that is not has to be looked at.
    before.is_some_and(|t| {
        t.column(column).is_some_and(|c| !c.not_null) && !is_proved(t, column, work.dialect())
    })
}

/// DROP CONSTRAINT: keys and foreign keys wait for the one that takes their place.
pub(super) fn drop(work: &mut Work<'_>, step: &Step, table: &QualifiedName, name: &Ident) -> bool {
    let find = |t: Option<&Table>| t.and_then(|t| t.constraint(name).cloned());
    let old = find(work.pair.before.tables.get(table));
    let new = find(work.after(table));
    let (old, new) = match (old, new) {
        (Some(old), None) if !work.goes(table) => return gives_way(work, (step, table), &old),
        (Some(old), Some(new)) if !work.goes(table) => (old, new),
        _ => return false,
    };
    if let (Some(from), Some(to)) = (old.as_foreign_key(), new.as_foreign_key()) {
        let stays = !new.not_valid && is_untouched(work, table, &old, from) && {
            let uses = |c: &Ident| new.columns().contains(c);
            !work.is_hard(table, uses)
                && !work.is_hard(&to.target, |c| to.target_columns.contains(c))
                && !work.is_partitioned(table)
                && !work.goes(&to.target)
        };
        if stays {
            let key = (table.clone(), name.clone());
            work.dropped.insert(key, step.clone());
        }
        return stays;
    }
    let is_key = |c: &Constraint| c.is_primary_key() || c.is_unique();
    let hard = work.is_hard(table, |c| {
        old.columns().contains(c) || new.columns().contains(c)
    });
    let partitions = work.is_partitioned(table);
    // A column that leaves the primary key may become nullable only when that is gone.
    let nullable = |c: &Ident| {
        let column = work.after(table).and_then(|t| t.column(c));
        column.is_none_or(|c| !c.not_null)
    };
    let freed = old.is_primary_key() && old.columns().iter().any(nullable);
    if !is_key(&old) || !new.is_plain_key() || hard || partitions || freed {
        return false;
    }
    let key = (table.clone(), name.clone());
    work.dropped.insert(key, step.clone());
    true
}

/// A unique constraint whose name a unique index gets: it goes when that is built.
fn gives_way(
    work: &mut Work<'_>,
    (step, table): (&Step, &QualifiedName),
    old: &Constraint,
) -> bool {
    let index = work.after(table).and_then(|t| t.index(&old.name));
    let hard = work.is_hard(table, |c| old.columns().contains(c));
    let waits = index.is_some_and(|i| i.unique) && old.is_unique() && !hard;
    let Some(found) = work
        .after(table)
        .filter(|t| waits && t.partition_by.is_none())
    else {
        return false;
    };
    let dialect = work.dialect();
    let head = ddl::alter_table(found, dialect);
    let sql = format!("{head} DROP CONSTRAINT {}", dialect.quote(&old.name));
    let drop = Step {
        sql,
        ..step.clone()
    };
    let key = (table.clone(), old.name.clone());
    work.dropped.insert(key, drop);
    true
}

/// Whether nothing of what a foreign key rests on changes: its columns, those that it refers to, and
/// the keys there.
fn is_untouched(
    work: &Work<'_>,
    table: &QualifiedName,
    constraint: &Constraint,
    fk: &ForeignKey,
) -> bool {
    let stays = |before: &Table, after: &Table| {
        let is_key = |c: &&Constraint| c.is_primary_key() || c.is_unique();
        let mut keys = before.constraints.iter().filter(is_key);
        let mut indexes = before.indexes.iter().filter(|i| i.unique);
        keys.all(|key| after.constraints.contains(key))
            && indexes.all(|index| after.indexes.contains(index))
    };
    let target = (
        work.pair.before.tables.get(&fk.target),
        work.after(&fk.target),
    );
    matches!(target, (Some(before), Some(after)) if stays(before, after))
        && !work.is_hard(table, |c| constraint.columns().contains(c))
        && !work.is_hard(&fk.target, |c| fk.target_columns.contains(c))
}

/// NOT NULL by a check that is added unlooked, validated, and dropped again.
pub(super) fn not_null(
    work: &mut Work<'_>,
    object: &ObjectId,
    table: &QualifiedName,
    columns: &[Ident],
) {
    let known = work.late_columns.entry(table.clone()).or_default();
    let columns: Vec<Ident> = columns
        .iter()
        .filter(|c| known.insert((*c).clone()))
        .cloned()
        .collect();
    let Some(found) = work.after(table).filter(|_| !columns.is_empty()) else {
        return;
    };
    let dialect = work.dialect();
    let head = ddl::alter_table(found, dialect);
    if work.version.major >= NOT_NULL_NOT_VALID {
        return not_null_not_valid(work, object, (table, &head), &columns);
    }
    let names: Vec<Ident> = columns
        .iter()
        .map(|c| work.temporary(table, &format!("{}_{c}", table.name), "not_null"))
        .collect();
    let each = |print: &dyn Fn(&str, &str) -> String| -> Vec<String> {
        let pairs = columns.iter().zip(&names);
        pairs
            .map(|(c, n)| print(&dialect.quote(c), &dialect.quote(n)))
            .collect()
    };
    let add = each(&|c, n| format!("ADD CONSTRAINT {n} CHECK ({c} IS NOT NULL) NOT VALID"));
    work.late(object, super::actions::join(&head, &add), true, true);
    for (at, check) in each(&|_, n| format!("VALIDATE CONSTRAINT {n}"))
        .into_iter()
        .enumerate()
    {
        work.late(object, format!("{head} {check}"), true, at == 0);
    }
    let set = each(&|c, _| format!("ALTER COLUMN {c} SET NOT NULL"));
    work.late(object, super::actions::join(&head, &set), true, true);
    // In one statement the check would be gone before it could prove anything.
    let drop = each(&|_, n| format!("DROP CONSTRAINT {n}"));
    work.late(object, super::actions::join(&head, &drop), true, false);
}

/// The constraint of a column by itself, which the server names so.
fn not_null_not_valid(
    work: &mut Work<'_>,
    object: &ObjectId,
    (table, head): (&QualifiedName, &str),
    columns: &[Ident],
) {
    let dialect = work.dialect();
    let name = |column: &Ident| object_name(&table.name, column, "not_null");
    let add = columns.iter().map(|c| {
        let (name, column) = (name(c), dialect.quote(c));
        format!(
            "ADD CONSTRAINT {} NOT NULL {column} NOT VALID",
            dialect.quote(&name)
        )
    });
    let add: Vec<String> = add.collect();
    work.late(object, super::actions::join(head, &add), true, true);
    for (at, column) in columns.iter().enumerate() {
        let name = name(column);
        let sql = format!("{head} VALIDATE CONSTRAINT {}", dialect.quote(&name));
        work.late(object, sql, true, at == 0);
    }
}
