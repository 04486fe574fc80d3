//! # migration-safety/refresh-matview
//!
//! A materialized view is filled again in a way that keeps others from reading it, or that fails.
//!
//! ## Why
//!
//! REFRESH MATERIALIZED VIEW takes ACCESS EXCLUSIVE while its query runs: nobody reads the view. CONCURRENTLY lets them, and
//! needs a unique index of plain columns, without WHERE.
//!
//! ## Fix
//!
//! Create such an index once, and `REFRESH MATERIALIZED VIEW CONCURRENTLY`.
//!
//! ```sql bad
//! CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id;
//! -- migration:
//! REFRESH MATERIALIZED VIEW totals;
//! ```
//!
//! ```sql bad
//! CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id;
//! -- migration:
//! REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
//! ```
//!
//! ```sql good
//! CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id;
//! CREATE UNIQUE INDEX totals_id_key ON totals (id);
//! -- migration:
//! REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
//! ```

use crate::check::migration::At;
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::facts::LockMode;
use crate::model::{Index, ObjectId, ObjectKind};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/refresh-matview",
    level: Level::Warning,
    docs: include_str!("refresh_matview.rs"),
    options: &[],
};

pub(in crate::check) struct RefreshMatview;

impl Rule for RefreshMatview {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        if !at.act.begins(&["refresh", "materialized", "view"]) {
            return;
        }
        let Some(lock) = at.facts().locks.first() else {
            return;
        };
        let view = &lock.relation;
        let id = ObjectId::new(ObjectKind::MaterializedView, view.clone());
        let help = "create a unique index of plain columns on it once, and REFRESH MATERIALIZED VIEW \
                    CONCURRENTLY";
        if lock.mode == LockMode::AccessExclusive {
            let headline = format!("nobody reads {view} while it is filled again");
            let note = "it takes ACCESS EXCLUSIVE for as long as the query runs";
            out.push(at.finding(cx, id, headline).note(note).help(help));
            return;
        }
        let known = at.scene.catalog.views.get(view);
        if known.is_some_and(|v| !v.indexes.iter().any(fits)) {
            let headline = format!("{view} has no unique index to refresh it by");
            let note = "the server refuses CONCURRENTLY without one";
            let mut finding = at.finding(cx, id, headline).note(note).help(help);
            finding.discriminator = "no-index".to_owned();
            out.push(finding);
        }
    }
}

/// Whether rows can be told apart by it.
fn fits(index: &Index) -> bool {
    index.unique && index.predicate.is_none() && index.plain_columns().is_some()
}
