//! Partitions that come and go.
//!
//! Source: `ATExecAttachPartition` and `ATExecDetachPartition` in
//! `src/backend/commands/tablecmds.c`, `DefineRelation` for PARTITION OF.

use super::LockMode as L;
use super::ScanKind;
use super::scene::Scene;
use crate::expr::mentions;
use crate::model::{Ident, PartitionBound, QualifiedName, Table};

pub(super) fn attach(scene: &mut Scene<'_>, parent: &QualifiedName, partition: &QualifiedName) {
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
    let keys = table.constraints.iter().filter(|c| c.has_index()).count();
    let has = new.constraints.iter().filter(|c| c.has_index()).count();
    if keys > has || table.indexes.len() > new.indexes.len() {
        scene.scan(&partition, ScanKind::BuildIndex);
    }
    if table.foreign_keys().count() > new.foreign_keys().count() {
        scene.scan(&partition, ScanKind::Verify);
        for (_, fk) in table.foreign_keys() {
            scene.lock(&fk.target, L::ShareRowExclusive);
        }
    }
    default_partition(scene, parent);
}

/// A new partition may take rows that the default one holds.
pub(super) fn default_partition(scene: &mut Scene<'_>, parent: &QualifiedName) {
    let is_default = |t: &&Table| {
        let of = t.partition_of.as_ref();
        of.is_some_and(|p| p.parent == *parent && p.bound == PartitionBound::Default)
    };
    let Some(table) = scene.catalog.tables.values().find(is_default) else {
        return;
    };
    scene.lock(&table.name, L::AccessExclusive);
    scene.scan(&table.name, ScanKind::Verify);
    let how = format!("rows of {} that belong into it make it fail", table.name);
    scene.depends_on_rows(&table.name, how);
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
    scene.lock(&partition, L::AccessExclusive);
    scene.breaks_clients(crate::model::ObjectId::table(&partition));
}
