//! How dangerous a change is, and what of it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::hazard::{Found, Hazard, hazards};
use crate::model::{Change, ObjectId, ObjectKind};
use crate::plan::{Plan, Step};

/// How much somebody has to know about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    #[default]
    None,
    /// Worth knowing.
    Note,
    /// It may fail, or keep others waiting.
    Careful,
    /// Data is gone or cut.
    Loss,
}

pub(super) fn level(hazard: Hazard) -> Level {
    match hazard {
        Hazard::DeletesData | Hazard::NarrowsData => Level::Loss,
        Hazard::BlocksReadsAndWrites
        | Hazard::BlocksWrites
        | Hazard::BreaksRunningClients
        | Hazard::BreaksReplication
        | Hazard::ExposesData
        | Hazard::RowDependent => Level::Careful,
        _ => Level::Note,
    }
}

/// The hazards of a plan, each once, the worst first.
pub(super) fn of_plan(plan: &Plan) -> Vec<Found> {
    let all = plan.steps.iter().flat_map(|step| hazards(&step.facts));
    let once: BTreeSet<Found> = all.collect();
    let mut sorted: Vec<Found> = once.into_iter().collect();
    sorted.sort_by_key(|found| std::cmp::Reverse(level(found.hazard)));
    sorted
}

/// The hazards of a plan by what they are about.
#[derive(Default)]
pub(super) struct Hazards {
    /// Of each change, in the order of the changes.
    pub(super) of: Vec<BTreeSet<Hazard>>,
    /// Of what does not change itself, by its path: a table that is locked for its parts.
    pub(super) around: BTreeMap<String, BTreeSet<Hazard>>,
}

pub(super) fn of_changes(plan: &Plan, changes: &[Change]) -> Hazards {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, change) in changes.iter().enumerate() {
        // Between the two renames a part has its old name in the new table.
        let between = change.was.as_ref().map(|was| ObjectId {
            name: change.id.name.clone(),
            ..was.clone()
        });
        let ids = [Some(&change.id), change.was.as_ref(), between.as_ref()];
        let named: BTreeSet<String> = ids.into_iter().flatten().flat_map(paths).collect();
        for path in named {
            places.entry(path).or_default().push(n);
        }
    }
    let mut all = Hazards {
        of: vec![BTreeSet::new(); changes.len()],
        ..Hazards::default()
    };
    let steps = plan.steps.iter();
    let found = steps.flat_map(|step| hazards(&step.facts).into_iter().map(move |f| (step, f)));
    for (step, found) in found {
        if found.hazard == Hazard::RowDependent {
            for n in of_rows(step, &found, changes) {
                all.of[n].insert(found.hazard);
            }
            continue;
        }
        // An index is built of a table's rows, and it is the index that is new.
        let own = match found.hazard {
            Hazard::IndexBuild => places.get(&step.object.path()),
            _ => None,
        };
        match own.or_else(|| places.get(&found.object)) {
            Some(places) => places.iter().for_each(|n| {
                all.of[*n].insert(found.hazard);
            }),
            None if found.object.is_empty() || level(found.hazard) < Level::Careful => {}
            None => {
                all.around
                    .entry(found.object)
                    .or_default()
                    .insert(found.hazard);
            }
        }
    }
    all
}

/// The changes that rows may not satisfy: what rows decide is said in words, and these name a part
/// of the table, or else speak of a key.
fn of_rows(step: &Step, found: &Found, changes: &[Change]) -> Vec<usize> {
    let is_in_words = |name: &str| {
        let mut words = found.what.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| word == name)
    };
    let matching = |wanted: &dyn Fn(&ObjectId) -> bool| -> Vec<usize> {
        let matches = |n: &usize| wanted(&changes[*n].id);
        (0..changes.len()).filter(matches).collect()
    };
    let of_step = |id: &ObjectId| id.name == step.object.name;
    let named = matching(&|id| match &id.member {
        // A key whose index is built before the key is there.
        Some(_) if step.object.kind == ObjectKind::Index => {
            id.kind == ObjectKind::Constraint && paths(id).contains(&step.object.path())
        }
        Some(member) => of_step(id) && is_in_words(member),
        None => *id == step.object && id.kind != ObjectKind::Table,
    });
    match named.is_empty() {
        true => matching(&|id| of_step(id) && id.kind == ObjectKind::Constraint),
        false => named,
    }
}

/// The names that hazards have for a thing: a function goes without its arguments, a constraint by
/// the name of its index.
fn paths(id: &ObjectId) -> BTreeSet<String> {
    let mut paths = BTreeSet::from([id.path()]);
    if id.signature.is_some() {
        paths.insert(id.name.to_string());
    }
    if let (ObjectKind::Constraint, Some(name)) = (id.kind, &id.member) {
        paths.insert(id.name.sibling(name.clone()).to_string());
    }
    paths
}
