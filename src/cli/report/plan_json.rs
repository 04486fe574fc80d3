//! A plan for programs: its transactions, and all that is known of each statement; `docs/diff.md` has the
//! shape.

use serde_json::{Value as Json, json};

use super::changes_json::identity;
use crate::facts::hazard::hazards;
use crate::facts::{Facts, Reverse, ScanKind};
use crate::model::QualifiedName;
use crate::plan::{Group, Plan, Step};

/// The plan, from the one schema to the other or back.
pub(super) fn json(plan: &Plan, down: bool) -> Json {
    let errors = plan.diagnostics.iter().map(|d| d.headline.as_str());
    let obstacles = plan.obstacles.iter().map(|o| {
        let said = &o.said;
        json!({
            "rule": said.rule,
            "object": said.object.as_ref().map(identity),
            "message": said.headline,
            "note": said.note,
            "help": said.help,
        })
    });
    json!({
        "direction": if down { "down" } else { "up" },
        "proved": plan.is_proved(),
        "remaining": plan.remaining.iter().map(identity).collect::<Vec<_>>(),
        "errors": errors.collect::<Vec<_>>(),
        "obstacles": obstacles.collect::<Vec<_>>(),
        "short_because": plan.short_because,
        "opens_transactions": plan.self_contained,
        "transactions": plan.groups().iter().map(transaction).collect::<Vec<_>>(),
    })
}

fn transaction(group: &Group<'_>) -> Json {
    json!({
        "transactional": group.transactional,
        "lock_timeout_ms": group.lock_timeout(),
        "retry": group.retry(),
        "steps": group.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &Step) -> Json {
    let facts = &step.facts;
    let names = |list: &[QualifiedName]| -> Vec<String> {
        list.iter().map(QualifiedName::to_string).collect()
    };
    let locks = facts
        .locks
        .iter()
        .map(|lock| json!({ "relation": lock.relation.to_string(), "mode": lock.mode.as_str() }));
    let scans = facts.scans.iter().map(|scan| {
        let kind = match scan.kind {
            ScanKind::Verify => "verify",
            ScanKind::BuildIndex => "build-index",
        };
        json!({ "relation": scan.relation.to_string(), "kind": kind })
    });
    let found = hazards(facts).into_iter().map(|found| {
        let object = Some(found.object).filter(|o| !o.is_empty());
        json!({ "hazard": found.hazard.as_str(), "object": object, "what": found.what })
    });
    json!({
        "object": identity(&step.object),
        "sql": step.sql,
        "transactional": facts.transactional,
        "locks": locks.collect::<Vec<_>>(),
        "rewrites": names(&facts.rewrites),
        "scans": scans.collect::<Vec<_>>(),
        "destroys": facts.destroys.iter().map(identity).collect::<Vec<_>>(),
        "hazards": found.collect::<Vec<_>>(),
        "lock_timeout_ms": facts.lock_timeout,
        "statement_timeout_ms": facts.statement_timeout,
        "retry": facts.retry,
        "precondition": facts.precondition,
        "leftover": facts.leftover,
        "reverse": reverse(facts),
        "note": facts.note,
    })
}

fn reverse(facts: &Facts) -> Json {
    match &facts.reverse {
        Reverse::Lossless => json!({ "kind": "lossless" }),
        Reverse::Loses(what) => json!({ "kind": "loses", "what": what }),
        Reverse::Impossible(why) => json!({ "kind": "impossible", "what": why }),
    }
}
