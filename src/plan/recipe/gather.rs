//! Brings together what is about one table, so that strong locks on different tables need not share a
//! transaction.
//!
//! Steps change places only where neither speaks of what the other changes: they keep their order where
//! they lock one relation, or where one is about what the other one's object rests on, before or after.
//! What must not be seen half done stays together, with all that has to stand between: steps about one
//! object, and those that keep one table from its users.

use std::collections::{BTreeSet, HashMap};

use super::Piece;
use crate::graph::arrange;
use crate::model::{Catalog, ObjectId, ObjectKind, QualifiedName};
use crate::plan::step::{BODIES_UNCHECKED, Step};

/// What objects rest on, in the catalog before or after.
pub(in crate::plan) type Rests = HashMap<ObjectId, Vec<ObjectId>>;

/// Orders steps, and begins transactions where strong locks on other tables follow.
pub(super) fn gather(pieces: Vec<Piece>, before: &Catalog, rests: &Rests) -> Vec<Piece> {
    let mut all = Vec::with_capacity(pieces.len());
    let mut open = Vec::new();
    let mut setting = None;
    let mut begins = false;
    for mut piece in pieces {
        if is_setting(&piece) {
            begins |= piece.apart;
            setting = Some(piece.step);
            continue;
        }
        piece.apart |= std::mem::take(&mut begins);
        let fixed = !piece.step.facts.transactional || reaches_far(&piece.step.object);
        if fixed || piece.apart {
            all.extend(gathered(std::mem::take(&mut open), before, rests));
        }
        match fixed {
            true => all.push(piece),
            false => open.push(piece),
        }
    }
    all.extend(gathered(open, before, rests));
    match setting {
        Some(step) => set_before_bodies(all, &step),
        None => all,
    }
}

/// Bodies may speak of what comes behind them.
fn is_setting(piece: &Piece) -> bool {
    let object = &piece.step.object;
    object.kind == ObjectKind::Kept && piece.step.sql == BODIES_UNCHECKED
}

/// A setting is its transaction's: each one that makes routines has it before the first of them.
fn set_before_bodies(pieces: Vec<Piece>, setting: &Step) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut set = false;
    for mut piece in pieces {
        set &= !piece.apart && piece.step.facts.transactional;
        let kind = piece.step.object.kind;
        let makes = matches!(kind, ObjectKind::Function | ObjectKind::Procedure)
            && piece.step.sql.starts_with("CREATE ");
        if makes && !set {
            all.push(Piece {
                step: setting.clone(),
                apart: std::mem::take(&mut piece.apart),
            });
            set = true;
        }
        all.push(piece);
    }
    all
}

/// What changes things that nothing names.
fn reaches_far(object: &ObjectId) -> bool {
    use ObjectKind as K;
    matches!(
        object.kind,
        K::Extension | K::Language | K::EventTrigger | K::DefaultPrivileges | K::Opaque | K::Kept
    )
}

fn gathered(mut pieces: Vec<Piece>, before: &Catalog, rests: &Rests) -> Vec<Piece> {
    let strong: Vec<BTreeSet<QualifiedName>> = pieces
        .iter()
        .map(|piece| strong_locks(piece, before))
        .collect();
    let tables: BTreeSet<&QualifiedName> = strong.iter().flatten().collect();
    if tables.len() < 2 {
        return pieces;
    }
    let mut edges = together(&pieces, &strong);
    edges.extend(in_order(&pieces, rests));
    let begins = pieces[0].apart;
    pieces[0].apart = false;
    let mut held: BTreeSet<&QualifiedName> = BTreeSet::new();
    let mut left: Vec<Option<Piece>> = pieces.into_iter().map(Some).collect();
    let mut all = Vec::with_capacity(left.len());
    for group in arrange(left.len(), &edges) {
        let locks: BTreeSet<_> = group.iter().flat_map(|at| &strong[*at]).collect();
        let apart = !held.is_empty() && !locks.is_subset(&held);
        if apart {
            held.clear();
        }
        held.extend(locks);
        let from = all.len();
        all.extend(group.iter().filter_map(|at| left[*at].take()));
        all[from].apart = apart;
    }
    all[0].apart = begins;
    all
}

/// The tables in use that a step keeps others from.
fn strong_locks(piece: &Piece, before: &Catalog) -> BTreeSet<QualifiedName> {
    let locks = piece.step.facts.locks.iter();
    let strong = locks.filter(|l| l.mode.blocks_writes());
    let names = strong.map(|l| &l.relation);
    let in_use = names.filter(|name| before.tables.contains_key(*name));
    in_use.cloned().collect()
}

/// What steps have in common that must not be seen half done.
#[derive(PartialEq, Eq, Hash)]
enum Tie<'p> {
    Object(&'p ObjectId),
    Table(&'p QualifiedName),
}

/// Edges to and fro between steps that share a transaction.
fn together(pieces: &[Piece], strong: &[BTreeSet<QualifiedName>]) -> Vec<(usize, usize)> {
    let mut last = HashMap::new();
    let mut edges = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let object = &piece.step.object;
        let mut ties = vec![Tie::Object(object)];
        // A foreign key keeps the table that it refers to from others as well, and may do so when that
        // has what it needs.
        let refers =
            |table: &QualifiedName| object.kind == ObjectKind::Constraint && object.name != *table;
        if !strong[at].iter().any(refers) {
            ties.extend(strong[at].iter().map(Tie::Table));
        }
        for tie in ties {
            if let Some(other) = last.insert(tie, at) {
                edges.extend([(other, at), (at, other)]);
            }
        }
    }
    edges
}

/// Edges between steps that keep their order.
fn in_order(pieces: &[Piece], rests: &Rests) -> Vec<(usize, usize)> {
    #[derive(Default)]
    struct Seen {
        changed: Option<usize>,
        read: Vec<usize>,
    }
    let mut seen: HashMap<&QualifiedName, Seen> = HashMap::new();
    let mut edges = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let step = &piece.step;
        let locked = step.facts.locks.iter().map(|l| &l.relation);
        let changed: BTreeSet<_> = locked.chain([&step.object.name]).collect();
        let read = rests.get(&step.object).into_iter().flatten();
        for name in read.map(|id| &id.name).filter(|n| !changed.contains(n)) {
            let seen = seen.entry(name).or_default();
            edges.extend(seen.changed.map(|before| (before, at)));
            seen.read.push(at);
        }
        for name in changed {
            let seen = seen.entry(name).or_default();
            edges.extend(seen.changed.map(|before| (before, at)));
            edges.extend(seen.read.drain(..).map(|before| (before, at)));
            seen.changed = Some(at);
        }
    }
    edges
}
