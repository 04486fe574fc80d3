//! Partitions that come and go.
//!
//! Source: `ATExecAttachPartition` and `ATExecDetachPartition` in
//! `src/backend/commands/tablecmds.c`, `DefineRelation` for PARTITION OF.

use super::LockMode as L;
use super::ScanKind;
use super::scene::Scene;
use std::collections::BTreeSet;

use crate::dialect::Dialect;
use crate::expr::{Lexer, Token, TokenKind, mentions, partition_condition};
use crate::model::{
    Constraint, ConstraintKind, Ident, Index, PartitionBound, QualifiedName, Table,
};

pub(super) fn attach(
    scene: &mut Scene<'_>,
    parent: &QualifiedName,
    partition: &QualifiedName,
    bound: Option<&PartitionBound>,
) {
    let partition = scene.relation(partition);
    scene.lock(parent, L::ShareUpdateExclusive);
    scene.lock_tree(&partition, L::AccessExclusive);
    let (Some(table), Some(new)) = (scene.table(parent), scene.table(&partition)) else {
        return scene.scan(&partition, ScanKind::Verify);
    };
    if !is_proved(table, new, scene) {
        for relation in scene.tree(&partition) {
            scene.scan(&relation, ScanKind::Verify);
        }
        let how = format!("rows of {partition} outside of the bound make it fail");
        scene.depends_on_rows(&partition, how);
    }
    let wants = |c: &Constraint| c.has_index() && !has_key_like(new, c);
    let lacks = |i: &Index| !i.only && !has_index_like(new, i);
    if table.constraints.iter().any(wants) || table.indexes.iter().any(lacks) {
        for relation in scene.tree(&partition) {
            scene.scan(&relation, ScanKind::BuildIndex);
        }
    }
    for constraint in table
        .constraints
        .iter()
        .filter(|c| c.as_foreign_key().is_some())
    {
        let Some(fk) = constraint.as_foreign_key() else {
            continue;
        };
        let mode = match has_key(Some(new), constraint) {
            true => L::AccessExclusive,
            false => {
                scene.scan(&partition, ScanKind::Verify);
                L::ShareRowExclusive
            }
        };
        scene.lock_tree(&fk.target, mode);
    }
    let of = bound.zip(table.partition_by.as_ref());
    let condition = of.and_then(|(b, by)| partition_condition(by, b, scene.version.dialect));
    default_partition(scene, parent, condition.as_deref());
}

/// A key with an index: children do not inherit it, partitions do, and where one has such a key of its
/// own that becomes a part of it, unless it is a part of another one.
pub(super) fn add_key(scene: &mut Scene<'_>, table: &QualifiedName, key: &Constraint) {
    let known = scene.table(table);
    let all = match known.is_some_and(|t| t.partition_by.is_some()) {
        true => scene.tree(table),
        false => vec![table.clone()],
    };
    let is_second = known.is_some_and(|t| has_key_like(t, key));
    scene.lock(table, L::AccessExclusive);
    for name in &all {
        scene.lock(name, L::Share);
        let part = scene.table(name).filter(|_| name != table && !is_second);
        if !part.is_some_and(|part| has_key_like(part, key)) {
            scene.scan(name, ScanKind::BuildIndex);
        }
    }
}

/// Whether a partition has a key with an index that becomes a part of its parent's key: a primary key
/// serves a unique constraint as well.
fn has_key_like(partition: &Table, key: &Constraint) -> bool {
    let parts = |c: &Constraint| match &c.kind {
        ConstraintKind::PrimaryKey {
            include,
            without_overlaps,
            ..
        } => Some((include.clone(), *without_overlaps, false)),
        ConstraintKind::Unique {
            include,
            without_overlaps,
            nulls_not_distinct,
            ..
        } => Some((include.clone(), *without_overlaps, *nulls_not_distinct)),
        _ => None,
    };
    partition.constraints.iter().any(|own| match parts(key) {
        Some(wanted) => parts(own) == Some(wanted) && own.columns() == key.columns(),
        None => own.kind == key.kind,
    })
}

/// Whether a partition has an index that becomes a part of its parent's: one of a key serves as well.
pub(super) fn has_index_like(partition: &Table, index: &Index) -> bool {
    let columns = index.plain_columns();
    let serves = |c: &Constraint| {
        let own: Vec<&Ident> = c.columns().iter().collect();
        c.has_index() && index.unique && columns.as_ref() == Some(&own)
    };
    partition.indexes.iter().any(|own| own.does_the_same(index))
        || partition.constraints.iter().any(serves)
}

/// Whether a partition has a foreign key that becomes its parent's.
pub(super) fn has_key(partition: Option<&Table>, key: &Constraint) -> bool {
    let Some((table, wanted)) = partition.zip(key.as_foreign_key()) else {
        return false;
    };
    table.partition_by.is_none()
        && table.constraints.iter().any(|c| {
            let own = c.as_foreign_key();
            !c.not_valid
                && own.is_some_and(|own| {
                    own.target == wanted.target
                        && own.columns == wanted.columns
                        && own.target_columns == wanted.target_columns
                })
        })
}

/// The bound of a default partition changes with those of the others.
pub(super) fn lock_default<'a>(scene: &mut Scene<'a>, parent: &QualifiedName) -> Option<&'a Table> {
    let is_default = |t: &&Table| {
        let of = t.partition_of.as_ref();
        of.is_some_and(|p| p.parent == *parent && p.bound == PartitionBound::Default)
    };
    let table = scene.catalog.tables.values().find(is_default)?;
    scene.lock(&table.name, L::AccessExclusive);
    Some(table)
}

/// A new partition may take rows that the default one holds, unless a check of that one says that there
/// are none.
pub(super) fn default_partition(
    scene: &mut Scene<'_>,
    parent: &QualifiedName,
    condition: Option<&str>,
) {
    let Some(table) = lock_default(scene, parent) else {
        return;
    };
    let dialect = scene.version.dialect;
    let says_so = |text: &str, condition: &str| {
        let negated = text.trim_start_matches('(').get(..3);
        let said = texts(text, dialect);
        negated.is_some_and(|word| word.eq_ignore_ascii_case("not"))
            && texts(condition, dialect).iter().all(|t| said.contains(t))
    };
    let excluded = condition.is_some_and(|condition| {
        let mut checks = table.constraints.iter().filter(|c| !c.not_valid);
        checks.any(|c| c.as_check().is_some_and(|e| says_so(e.text(), condition)))
    });
    if excluded {
        return;
    }
    scene.scan(&table.name, ScanKind::Verify);
    let how = format!("rows of {} that belong into it make it fail", table.name);
    scene.depends_on_rows(&table.name, how);
}

/// The names and constants of a condition.
fn texts(condition: &str, dialect: Dialect) -> BTreeSet<String> {
    let tokens = Lexer::tokens(condition, dialect).unwrap_or_default();
    let worth = |t: &&Token| {
        matches!(
            t.kind,
            TokenKind::Word | TokenKind::Number | TokenKind::String
        )
    };
    let tokens = tokens.iter().filter(worth);
    tokens.map(|t| t.text(condition).to_lowercase()).collect()
}

/// Whether a valid check speaks of every column of the partition key, and of their nulls. That it
/// implies the bound is the server's to find.
fn is_proved(parent: &Table, partition: &Table, scene: &Scene<'_>) -> bool {
    let dialect = scene.version.dialect;
    let Some(by) = &parent.partition_by else {
        return true;
    };
    let keys: Option<Vec<&Ident>> = by.keys.iter().map(|k| k.column.as_ref()).collect();
    let Some(keys) = keys.filter(|_| &*by.strategy != "hash") else {
        return false;
    };
    let checks = partition.constraints.iter().filter(|c| !c.not_valid);
    let texts: Vec<&str> = checks
        .filter_map(|c| c.as_check().map(|e| e.text()))
        .collect();
    keys.into_iter().all(|key| {
        let bounded = texts.iter().any(|text| {
            mentions(text, key, dialect)
                && (text.contains('<') || text.contains('=') || mentions(text, "in", dialect))
        });
        let column = partition.column(key);
        let no_null =
            column.is_some_and(|c| c.not_null) || super::table::is_proved(partition, key, dialect);
        bounded && no_null
    })
}

pub(super) fn detach(scene: &mut Scene<'_>, parent: &QualifiedName, partition: &QualifiedName) {
    let partition = scene.relation(partition);
    let mode = match scene.facts.transactional {
        true => L::AccessExclusive,
        // CONCURRENTLY waits for those who use the parent, twice.
        false => L::ShareUpdateExclusive,
    };
    scene.lock(parent, mode);
    if !scene.facts.transactional {
        let dialect = scene.version.dialect;
        let (parent, partition) = (dialect.quote_name(parent), dialect.quote_name(&partition));
        scene.facts.leftover = Some(format!(
            "ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE"
        ));
    }
    if scene.facts.transactional {
        lock_default(scene, parent);
    }
    scene.lock_tree(&partition, L::AccessExclusive);
    detach_keys(scene, parent, &partition);
    scene.breaks_clients(crate::model::ObjectId::table(&partition));
}

/// The keys of a partition become its own, with triggers of their own at their targets; those of others
/// to its parent lose their triggers at it, and its rows are looked for among theirs (`DetachPartitionFinalize`,
/// `ATDetachCheckNoForeignKeyRefs`).
fn detach_keys(scene: &mut Scene<'_>, parent: &QualifiedName, partition: &QualifiedName) {
    let own = scene.table(partition).and_then(|t| t.partition_of.as_ref());
    let mut above = vec![partition.clone(), parent.clone()];
    let mut of = own.map_or(parent, |p| &p.parent).clone();
    while let Some(next) = scene.table(&of).and_then(|t| t.partition_of.as_ref()) {
        if above.contains(&next.parent) {
            break;
        }
        of = next.parent.clone();
        above.push(of.clone());
    }
    for name in &above {
        let keys = scene
            .table(name)
            .map(|t| &*t.constraints)
            .unwrap_or_default();
        for key in keys.iter().filter_map(|c| c.as_foreign_key()) {
            scene.lock_tree(&key.target, L::ShareRowExclusive);
        }
        let others = scene.references_to(name);
        for (other, _) in others.into_iter().filter(|_| name != partition) {
            scene.lock(&other.name, L::AccessExclusive);
        }
    }
}
