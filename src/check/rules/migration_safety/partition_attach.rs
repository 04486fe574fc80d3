//! # migration-safety/partition-attach
//!
//! A table becomes a partition, and all of its rows are read.
//!
//! ## Why
//!
//! ATTACH PARTITION takes ACCESS EXCLUSIVE on the new partition and verifies that its rows fit the bound. It skips that where a valid
//! check says so, and the check has to say that the key is not null. Rows of a default partition are read too, and
//! indexes that the partition lacks are built. CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE on the partitioned
//! table itself.
//!
//! ## Fix
//!
//! Add `CHECK (key IS NOT NULL AND key >= ... AND key < ...) NOT VALID` to the table, validate it in a later transaction,
//! create its indexes concurrently, attach it, and drop the check.
//!
//! ```sql bad
//! CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
//! CREATE TABLE logs_2026 (at date NOT NULL);
//! -- migration:
//! ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
//! ```
//!
//! ```sql good
//! CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
//! CREATE TABLE logs_2026 (
//!     at date NOT NULL,
//!     CONSTRAINT bound CHECK (at >= '2026-01-01' AND at < '2027-01-01')
//! );
//! -- migration:
//! ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::ScanKind;
use crate::model::{Object, ObjectId};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/partition-attach",
    level: Level::Warning,
    docs: include_str!("partition_attach.rs"),
    options: &[],
};

pub(in crate::check) struct PartitionAttach;

impl Rule for PartitionAttach {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        out.extend(created(cx, at));
        for (table, action) in at.actions() {
            let AlterAction::AttachPartition { partition, .. } = action else {
                continue;
            };
            let partition = at.scene.relation(partition);
            let scans = &at.facts().scans;
            let Some(scan) = scans
                .iter()
                .find(|s| s.relation == partition)
                .or(scans.first())
            else {
                continue;
            };
            let what = match scan.kind {
                ScanKind::Verify => "to verify that its rows fit",
                ScanKind::BuildIndex => "to build the indexes that it lacks",
            };
            let headline = format!(
                "{} is read whole {what} as a part of {table}",
                scan.relation
            );
            let finding = at.finding(cx, ObjectId::table(&partition), headline);
            let note = "nobody reads or writes it meanwhile";
            let help = "add a check of the bound NOT VALID, validate it in a later transaction, build \
                        its indexes concurrently, attach, and drop the check";
            out.push(finding.note(note).help(help));
        }
    }
}

/// CREATE TABLE ... PARTITION OF: the parent is locked, and a default partition read.
fn created(cx: &Ruling<'_>, at: &At<'_>) -> Option<Diagnostic> {
    let Some(Statement::Create {
        object: Object::Table(table),
        ..
    }) = &at.act.told.statement
    else {
        return None;
    };
    let parent = at.scene.relation(&table.partition_of.as_ref()?.parent);
    let facts = at.facts();
    facts.locks.iter().find(|l| l.relation == parent)?;
    let help = "CREATE TABLE (LIKE ...), and ATTACH PARTITION, which lets others use the table";
    let id = ObjectId::table(&at.act.qualified(&table.name));
    if let Some(scan) = facts.scans.first() {
        let read = &scan.relation;
        let headline = format!("{read} is read whole while {parent} gets another partition");
        let finding = at.finding(cx, id, headline);
        let note = "nobody reads or writes either meanwhile: rows of the default partition may \
                    belong into the new one";
        return Some(finding.note(note).help(help));
    }
    if at.act.timeouts.lock.is_some() {
        return None;
    }
    let headline = format!("{parent} waits for all who use it to get another partition");
    let mut finding = at.finding(cx, id, headline);
    finding.severity = finding.severity.min(Severity::Info);
    let note = "PARTITION OF takes ACCESS EXCLUSIVE on the partitioned table";
    Some(finding.note(note).help(help))
}
