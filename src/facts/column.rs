//! Columns that go or get another type.

use super::LockMode as L;
use super::retype::{self, Retype};
use super::scene::Scene;
use super::table::retyping;
use super::{Effect, ScanKind};
use crate::dialect::canonical_type_name;
use crate::expr::key_of;
use crate::expr::mentions;
use crate::model::{
    Column, Constraint, ConstraintKind, DataType, Expr, Ident, Index, ObjectId, QualifiedName,
    Table,
};

pub(super) fn drop(scene: &mut Scene<'_>, table: &QualifiedName, column: &Ident) {
    scene.lock_tree(table, L::AccessExclusive);
    if scene.is_assumed(table) {
        scene.destroy(ObjectId::column(table, column));
        return scene.breaks_clients(ObjectId::column(table, column));
    }
    let Some(found) = scene.table(table) else {
        return;
    };
    let Some(old) = found.column(column) else {
        return;
    };
    for (_, fk) in found
        .foreign_keys()
        .filter(|(_, fk)| fk.columns.contains(column))
    {
        scene.lock(&fk.target, L::AccessExclusive);
    }
    for (other, constraint) in scene.references_to(table) {
        let fk = constraint.as_foreign_key();
        if fk.is_some_and(|fk| fk.target_columns.contains(column)) {
            scene.lock(&other.name, L::AccessExclusive);
        }
    }
    for index in indexes_of(found, column, scene.version.dialect) {
        scene.effect(Effect::DropsIndex(table.sibling(index)));
    }
    // What is computed of other columns is not lost.
    if old.generated.is_none() {
        scene.destroy(ObjectId::column(table, column));
    }
    scene.breaks_clients(ObjectId::column(table, column));
}

/// Indexes that have the column among their keys, and those of constraints.
fn indexes_of(table: &Table, column: &Ident, dialect: crate::dialect::Dialect) -> Vec<Ident> {
    let named = table.indexes.iter().filter(|i| {
        uses_plainly(i, column) || { i.expressions() }.any(|e| mentions(e.text(), column, dialect))
    });
    let keys = table
        .constraints
        .iter()
        .filter(|c| c.has_index() && c.columns().contains(column));
    let keys = keys.map(|c| c.name.clone());
    named.map(|i| i.name.clone()).chain(keys).collect()
}

fn uses_plainly(index: &Index, column: &Ident) -> bool {
    index.include.contains(column)
        || index
            .elements
            .iter()
            .any(|e| e.column.as_ref() == Some(column))
}

/// ALTER COLUMN TYPE.
pub(super) fn retyped(
    scene: &mut Scene<'_>,
    table: &QualifiedName,
    column: &Ident,
    (data_type, collation): (&DataType, Option<&QualifiedName>),
    using: Option<&Expr>,
) {
    scene.lock_tree(table, L::AccessExclusive);
    let Some(old) = scene.table(table).and_then(|t| t.column(column)) else {
        if scene.is_assumed(table) && !retype::is_widest(data_type) {
            scene.rewrite(table);
        }
        return;
    };
    let result = retype_of(scene, old, data_type, using);
    let collated = old.collation.as_ref() != collation;
    let object = ObjectId::column(table, column);
    if old.data_type != *data_type {
        let narrows = retype::narrows(&old.data_type, data_type);
        if narrows && !keeps_every_value(scene, old, data_type, using) {
            scene.effect(Effect::Narrows(object.clone()));
            let how = format!("values of {table}.{column} that do not fit make it fail");
            scene.depends_on_rows(table, how);
            if !scene.is_fresh(table) {
                let what = format!("what the values of {table}.{column} lose by the cast");
                scene.facts.reverse = super::Reverse::Loses(what);
            }
        }
        scene.breaks_clients(object);
    }
    for relation in scene.tree(table) {
        if result == Retype::Rewrite {
            scene.rewrite(&relation);
            continue;
        }
        let Some(found) = scene.table(&relation) else {
            continue;
        };
        let anew = collated || result == Retype::Reindexed;
        if old.data_type != *data_type || collated {
            follow(scene, found, column, anew);
        }
    }
    let anew = result != Retype::InPlace || collated;
    follow_keys(scene, table, column, anew);
}

/// What another type, and the expression that makes it of the old one, do to the rows of a column.
pub fn retype_of(
    scene: &Scene<'_>,
    old: &Column,
    data_type: &DataType,
    using: Option<&Expr>,
) -> Retype {
    match using {
        Some(using) if !is_plain(using, old, data_type, scene) => Retype::Rewrite,
        _ => retyping(scene, old, data_type),
    }
}

/// Whether the values of one enum become those of the same name of another, which has all of them.
fn keeps_every_value(
    scene: &Scene<'_>,
    old: &Column,
    new: &DataType,
    using: Option<&Expr>,
) -> bool {
    let values = |data_type: &DataType| {
        let found = scene.catalog.enums.get(&data_type.name);
        found.map(|e| &e.values)
    };
    let (Some(from), Some(to), Some(using)) = (values(&old.data_type), values(new), using) else {
        return false;
    };
    let dialect = scene.version.dialect;
    let array = if new.is_array() { "[]" } else { "" };
    let column = dialect.quote(&old.name);
    let by_name = format!("{column}::text{array}::{}", dialect.print_type(new));
    old.data_type.is_array() == new.is_array()
        && key_of(using.text(), dialect) == key_of(&by_name, dialect)
        && from.iter().all(|value| to.contains(value))
}

/// The column itself, or its cast to the type that it has or gets, is what the server does anyhow.
fn is_plain(using: &Expr, old: &Column, new: &DataType, scene: &Scene<'_>) -> bool {
    let dialect = scene.version.dialect;
    let key = key_of(using.text(), dialect);
    let bare = key_of(&old.name, dialect);
    let Some(rest) = key.strip_prefix(&bare).map(str::trim) else {
        return false;
    };
    let Some(cast) = rest.strip_prefix("::") else {
        return rest.is_empty();
    };
    let same = |cast: &DataType, other: &DataType| {
        let name = |t: &DataType| canonical_type_name(&t.name.name).to_owned();
        name(cast) == name(other)
            && cast.modifiers == other.modifiers
            && cast.is_array() == other.is_array()
    };
    let cast = crate::source::sql::data_type(cast.trim(), scene.version);
    cast.is_ok_and(|cast| same(&cast, new) || same(&cast, &old.data_type))
}

/// Without a rewrite, checks of the column are verified again, and what is computed of it indexed.
fn follow(scene: &mut Scene<'_>, table: &Table, column: &Ident, anew: bool) {
    let dialect = scene.version.dialect;
    let checked = table.constraints.iter().any(|c| {
        !c.not_valid
            && c.as_check()
                .is_some_and(|e| mentions(e.text(), column, dialect))
    });
    if checked {
        scene.scan(&table.name, ScanKind::Verify);
    }
    let key = |c: &Constraint| match &c.kind {
        ConstraintKind::Exclusion { .. } => true,
        _ => c.has_index() && c.columns().contains(column),
    };
    let computed = table.indexes.iter().any(|i| {
        (anew && uses_plainly(i, column)) || { i.expressions() }
            .any(|e| mentions(e.text(), column, dialect))
    });
    if computed || (anew && table.constraints.iter().any(key)) {
        scene.scan(&table.name, ScanKind::BuildIndex);
    }
}

/// Foreign keys from and to the column are made again.
fn follow_keys(scene: &mut Scene<'_>, table: &QualifiedName, column: &Ident, anew: bool) {
    for (other, constraint) in scene.references_to(table) {
        let fk = constraint.as_foreign_key();
        if fk.is_some_and(|fk| fk.target_columns.contains(column)) {
            scene.lock(&other.name, L::AccessExclusive);
            if anew && !constraint.not_valid {
                scene.scan(&other.name, ScanKind::Verify);
            }
        }
    }
    let Some(found) = scene.table(table) else {
        return;
    };
    for (constraint, fk) in found.foreign_keys() {
        if fk.columns.contains(column) {
            scene.lock(&fk.target, L::AccessExclusive);
            if anew && !constraint.not_valid {
                scene.scan(table, ScanKind::Verify);
            }
        }
    }
}
