//! What makes statements a plan: their facts, their transactions, and the proof.

use super::recipe::{self, Piece};
use super::{Options, Plan, fate};
use crate::dialect::{Dialect, TargetVersion};
use crate::facts::tell;
use crate::model::{Catalog, Pair};
use crate::plan::step::Step;

/// Settles facts and groups. Where the longer forms are wanted and do not end where they should, the
/// short ones stay.
pub(super) fn settle(
    plan: Plan,
    pair: Pair<&Catalog>,
    version: TargetVersion,
    options: &Options,
) -> Plan {
    let told = tell_steps(pair.before, &plan.steps, version);
    let statements = plan.steps.clone();
    let short = Plan {
        steps: grouped(recipe::short(&statements, &told)),
        ..plan
    };
    if !options.online || version.dialect != Dialect::Postgres || !short.is_proved() {
        return short;
    }
    let mut pieces = recipe::online(&statements, &told, pair, version, options);
    let (found, resolved) = tell(
        pair.before,
        &text_of(pieces.iter().map(|p| &p.step)),
        version,
    );
    let failed = resolved
        .diagnostics
        .iter()
        .any(|d| d.severity == crate::diagnostic::Severity::Error);
    let ends = fate::differing(&resolved.catalog, pair.after).is_empty();
    if failed || !ends || found.len() != pieces.len() {
        return Plan {
            short_because: Some("the online forms do not end in the schema that was asked for"),
            ..short
        };
    }
    for (piece, told) in pieces.iter_mut().zip(found) {
        piece.step.facts = told.facts;
    }
    recipe::separate(&mut pieces, pair.before);
    Plan {
        steps: grouped(pieces),
        ..short
    }
}

fn text_of<'s>(steps: impl IntoIterator<Item = &'s Step>) -> String {
    let mut text = String::new();
    for step in steps {
        text.push_str(&step.sql);
        text.push_str(";\n");
    }
    text
}

/// The facts of steps, one each: several where a step's text has several statements, taken together.
pub(super) fn tell_steps(
    before: &Catalog,
    steps: &[Step],
    version: TargetVersion,
) -> Vec<crate::facts::Told> {
    let (told, _) = tell(before, &text_of(steps), version);
    let mut told = told.into_iter().peekable();
    let mut end = 0;
    let mut all = Vec::with_capacity(steps.len());
    for step in steps {
        end += step.sql.len() + 2;
        let Some(first) = told.next_if(|t| t.start < end) else {
            continue;
        };
        // What follows within the same step says nothing of its own.
        while told.next_if(|t| t.start < end).is_some() {}
        all.push(first);
    }
    all
}

/// Numbers the transactions.
fn grouped(pieces: Vec<Piece>) -> Vec<Step> {
    let mut group = 0;
    let mut steps: Vec<Step> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let alone = !piece.step.facts.transactional;
        let behind = steps.last().is_some_and(|s| !s.facts.transactional);
        if !steps.is_empty() && (piece.apart || alone || behind) {
            group += 1;
        }
        steps.push(Step {
            group,
            ..piece.step
        });
    }
    steps
}
