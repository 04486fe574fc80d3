//! What makes statements a plan: their facts, their transactions, and the proof.

use super::recipe::{self, Piece};
use super::{Draft, Options, Plan, again, exposure, fate};
use crate::diagnostic::FileId;
use crate::dialect::{Dialect, TargetVersion};
use crate::facts::{Effect, Reading, Told, tell, tell_each};
use crate::model::{Catalog, Pair};
use crate::plan::step::Step;
use crate::resolve::Resolved;
use crate::source::{SourceFile, SourceKind};

/// Settles facts and groups. Where the longer forms are wanted and do not end where they should, the
/// short ones stay.
pub(super) fn settle(
    draft: Draft,
    pair: Pair<&Catalog>,
    version: TargetVersion,
    options: &Options,
) -> Plan {
    let mut plan = settled(draft, pair, version, options);
    again::tell(&mut plan.steps, pair, version);
    plan
}

fn settled(
    mut draft: Draft,
    pair: Pair<&Catalog>,
    version: TargetVersion,
    options: &Options,
) -> Plan {
    let told = tell_steps(pair.before, &draft.steps, version);
    let short = Plan {
        steps: grouped(recipe::short(&draft.steps, &told)),
        ..std::mem::take(&mut draft.plan)
    };
    if !options.online || version.dialect != Dialect::Postgres || !short.is_proved() {
        return short;
    }
    let online = |gather| {
        let pieces = recipe::online(&draft, &told, pair, version, options, gather);
        online_steps(pieces, &told, pair, version)
    };
    // Where the order mattered after all, or lets out what neither end does, it stays as it was.
    let gathered = online(true).filter(|(_, shows)| !shows);
    match gathered.or_else(|| online(false)) {
        Some((steps, _)) => Plan { steps, ..short },
        None => Plan {
            short_because: Some("the online forms do not end in the schema that was asked for"),
            ..short
        },
    }
}

/// Steps with their facts in their transactions, and whether the state between two of them shows what
/// neither end does; `None` where they do not end where they should.
fn online_steps(
    mut pieces: Vec<Piece>,
    planned: &[Told],
    pair: Pair<&Catalog>,
    version: TargetVersion,
) -> Option<(Vec<Step>, bool)> {
    let (found, shown, resolved) = tell_pieces(&pieces, planned, pair, version);
    let mut errors = resolved.diagnostics.iter();
    let failed = errors.any(|d| d.severity == crate::diagnostic::Severity::Error);
    let ends = fate::differing(&resolved.catalog, pair.after).is_empty();
    if failed || !ends || found.len() != pieces.len() {
        return None;
    }
    for (piece, told) in pieces.iter_mut().zip(found) {
        piece.step.facts = told.facts;
    }
    recipe::separate(&mut pieces, pair.before);
    let mut steps = grouped(pieces);
    let mut shows = false;
    for at in 1..steps.len() {
        if steps[at - 1].group != steps[at].group {
            let found = shown.get(at).cloned().unwrap_or_default();
            shows |= !found.is_empty();
            steps[at - 1].facts.effects.extend(found);
        }
    }
    Some((steps, shows))
}

/// The facts of pieces, and what the state before each of them shows.
fn tell_pieces(
    pieces: &[Piece],
    planned: &[Told],
    pair: Pair<&Catalog>,
    version: TargetVersion,
) -> (Vec<Told>, Vec<Vec<Effect>>, Resolved) {
    let file = SourceFile {
        id: FileId(0),
        path: "plan.sql".to_owned(),
        kind: SourceKind::Sql,
        text: text_of(pieces.iter().map(|p| &p.step)),
        external: false,
    };
    let touched = exposure::touched(planned);
    let (mut all, mut shown) = (Vec::new(), Vec::new());
    let mut reading = Reading::new(version);
    let resolved = tell_each(pair.before.clone(), &file, &mut reading, |scene, told| {
        shown.push(exposure::exposed(scene.catalog, pair, &touched));
        all.push(told);
    });
    (all, shown, resolved)
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
pub(super) fn tell_steps(before: &Catalog, steps: &[Step], version: TargetVersion) -> Vec<Told> {
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

/// Numbers the transactions anew, where steps that are not transactional came in.
pub(super) fn renumber(steps: &mut [Step]) {
    let (mut group, mut previous) = (0, None::<(usize, bool)>);
    for step in steps {
        let now = (step.group, step.facts.transactional);
        let apart = previous.is_some_and(|p| p.0 != now.0 || !p.1 || !now.1);
        group += usize::from(apart);
        step.group = group;
        previous = Some(now);
    }
}
