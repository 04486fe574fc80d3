//! Where transactions end: strong locks on different tables do not share one, unless they must.
//!
//! Steps must share a transaction with all that stands between the first and the last step about one
//! object, or with strong locks on one table: so nothing is gone between two commits that is there in
//! both ends, and no table is locked twice for what can be done at once.

use std::collections::{BTreeSet, HashMap};

use super::Piece;
use crate::model::{Catalog, ObjectId, ObjectKind, QualifiedName};

/// What steps have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Tie {
    Object(QualifiedName),
    Lock(QualifiedName),
    /// Settings of the transaction are for the routines behind them.
    Bodies,
}

/// Begins transactions where strong locks on other tables follow; views hold nobody up for long.
pub(in crate::plan) fn separate(pieces: &mut [Piece], before: &Catalog) {
    let mut start = 0;
    for at in 1..=pieces.len() {
        let ends = at == pieces.len() || pieces[at].apart || is_alone(&pieces[at]);
        if ends || is_alone(&pieces[at - 1]) {
            separate_one(&mut pieces[start..at], before);
            start = at;
        }
    }
}

fn is_alone(piece: &Piece) -> bool {
    !piece.step.facts.transactional
}

/// What was one transaction.
fn separate_one(pieces: &mut [Piece], before: &Catalog) {
    let mut last: HashMap<Tie, usize> = HashMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        for tie in ties(piece) {
            last.insert(tie, at);
        }
    }
    let mut held = BTreeSet::new();
    let mut begin = 0;
    while begin < pieces.len() {
        let mut end = begin;
        let mut locks = BTreeSet::new();
        let mut at = begin;
        while at <= end {
            for tie in ties(&pieces[at]) {
                end = end.max(last.get(&tie).copied().unwrap_or(at));
            }
            let held_up = strong(&pieces[at]).filter(|name| before.tables.contains_key(name));
            locks.extend(held_up);
            at += 1;
        }
        if begin > 0 && !held.is_empty() && !locks.is_empty() && held.is_disjoint(&locks) {
            pieces[begin].apart = true;
            held.clear();
        }
        held.extend(locks);
        begin = end + 1;
    }
}

fn strong(piece: &Piece) -> impl Iterator<Item = QualifiedName> {
    let locks = piece.step.facts.locks.iter();
    let strong = locks.filter(|l| l.mode.blocks_writes());
    strong.map(|l| l.relation.clone())
}

fn ties(piece: &Piece) -> Vec<Tie> {
    let ObjectId { kind, name, .. } = &piece.step.object;
    let mut ties: Vec<Tie> = strong(piece).map(Tie::Lock).collect();
    if matches!(
        kind,
        ObjectKind::Kept | ObjectKind::Function | ObjectKind::Procedure
    ) {
        ties.push(Tie::Bodies);
    }
    if *kind != ObjectKind::Kept {
        ties.push(Tie::Object(name.clone()));
    }
    ties
}
