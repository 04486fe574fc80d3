//! `schemagen diff --format sql`: a plan as text.

use super::diff::Compared;
use crate::diagnostic::Diagnostic;
use crate::dialect::TargetVersion;
use crate::diff::Managed;
use crate::migration;
use crate::model::{Acl, Catalog, ObjectId, Pair, Question};
use crate::plan::{self, Plan};

/// The text of a plan, and what it does not reach.
pub(super) struct Migration {
    pub(super) text: String,
    /// What its author has to decide first.
    pub(super) obstacles: Vec<Diagnostic>,
    /// What still differs when all of it has run, or cannot run.
    pub(super) unproved: Vec<String>,
}

/// The statements from the one catalog to the other, or back.
pub(super) fn migration(
    compared: &Compared,
    version: TargetVersion,
    down: bool,
    online: bool,
) -> Migration {
    let plan = plan_of(compared, version, down, online);
    let mut text = String::new();
    for question in compared.comparison.questions.iter().filter(|_| !down) {
        text.push_str(&asked(question));
    }
    for obstacle in &plan.obstacles {
        text.push_str(&format!("-- {}\n", obstacle.said.headline));
    }
    text.push_str(&plan.sql());
    let refused = plan.diagnostics.iter().map(|d| d.headline.clone());
    let differs = |id: &ObjectId| format!("{id} would still differ");
    Migration {
        text,
        obstacles: plan.obstacles.into_iter().map(|o| o.said).collect(),
        unproved: refused.chain(plan.remaining.iter().map(differs)).collect(),
    }
}

/// The plan from the one catalog to the other, or back.
pub(super) fn plan_of(
    compared: &Compared,
    version: TargetVersion,
    down: bool,
    online: bool,
) -> Plan {
    let catalogs = &compared.catalogs;
    let sides = Pair::new(&catalogs.before, &catalogs.after)
        .map(|catalog| managed_part(catalog, compared.managed));
    let pair = Pair::new(&sides.before, &sides.after);
    let options = plan::Options {
        online,
        ..plan::Options::default()
    };
    if !down {
        return plan::plan_with(pair, version, &options);
    }
    let back = migration::with_notes_back(pair, pair.after, version);
    plan::plan_with(Pair::new(pair.after, &back), version, &options)
}

fn asked(question: &Question) -> String {
    let (dropped, created) = (&question.dropped, &question.created);
    let old = question.old();
    format!(
        "-- Is {created} another name for {dropped}? Then say `renamed_from: {old}` there, and its data stays;\n\
         -- `replaces: {old}` where it is not.\n"
    )
}

/// The catalog without the properties that nobody manages.
pub(super) fn managed_part(catalog: &Catalog, managed: Managed) -> Catalog {
    let mut catalog = catalog.clone();
    if managed == Managed::default() {
        return catalog;
    }
    let ids: Vec<ObjectId> = catalog.objects().into_iter().map(|(id, _)| id).collect();
    for id in ids.iter().filter(|id| id.member.is_none()) {
        let Some(facets) = catalog.facets_mut(id) else {
            continue;
        };
        if !managed.owners {
            facets.owner = None;
        }
        if !managed.privileges {
            facets.acl = Acl::default();
        }
    }
    if !managed.privileges {
        catalog.default_privileges.clear();
    }
    if !managed.tablespaces {
        for table in catalog.tables.values_mut() {
            table.tablespace = None;
            for index in &mut table.indexes {
                index.tablespace = None;
            }
        }
    }
    catalog
}
