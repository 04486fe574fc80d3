//! # migration-safety/partition-detach
//!
//! A partition is detached without CONCURRENTLY.
//!
//! ## Why
//!
//! DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table, so it waits for everyone who uses any partition, and everyone
//! who comes later waits behind it.
//!
//! ## Fix
//!
//! `DETACH PARTITION ... CONCURRENTLY`, outside of a transaction (PostgreSQL 14 and later). The server refuses it where the
//! table has a default partition.
//!
//! ```sql bad
//! CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
//! CREATE TABLE logs_2026 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
//! -- migration:
//! ALTER TABLE logs DETACH PARTITION logs_2026;
//! ```
//!
//! ```sql good
//! CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);
//! CREATE TABLE logs_2026 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
//! -- migration, outside of a transaction:
//! ALTER TABLE logs DETACH PARTITION logs_2026 CONCURRENTLY;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::model::{ObjectId, PartitionBound, QualifiedName};
use crate::source::AlterAction;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/partition-detach",
    level: Level::Warning,
    docs: include_str!("partition_detach.rs"),
    options: &[],
};

pub(in crate::check) struct PartitionDetach;

impl Rule for PartitionDetach {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        for (table, action) in at.actions() {
            let AlterAction::DetachPartition { partition, .. } = action else {
                continue;
            };
            if !at.facts().transactional || at.act.has_word("finalize") {
                continue;
            }
            let partition = at.scene.relation(partition);
            let headline =
                format!("{table} waits for all who use it while {partition} is detached");
            let finding = at.finding(cx, ObjectId::table(&partition), headline);
            let note = "it takes ACCESS EXCLUSIVE on the partitioned table";
            let help = match has_default(at, &table) {
                true => "set a lock_timeout: CONCURRENTLY is refused with a default partition",
                false => "DETACH PARTITION ... CONCURRENTLY, outside of a transaction",
            };
            out.push(finding.note(note).help(help));
        }
    }
}

fn has_default(at: &At<'_>, table: &QualifiedName) -> bool {
    at.scene.catalog.tables.values().any(|t| {
        let of = t.partition_of.as_ref();
        of.is_some_and(|of| of.parent == *table && of.bound == PartitionBound::Default)
    })
}
