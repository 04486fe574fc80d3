//! The renames that annotations ask for, as far as they mean something.
//!
//! An annotation stays in the schema when its rename is long done, so one whose old name is not there
//! before, or is there after as well, says nothing. Two that swap their names say nothing either: whether
//! they are done cannot be told.

use std::collections::{BTreeMap, HashSet};

use super::{Rename, Renames};
use crate::model::{Catalog, Ident, ObjectId, ObjectKind, Pair, QualifiedName};

pub(super) fn asked(pair: Pair<&Catalog>) -> Vec<Rename> {
    let notes = pair.after.notes.iter();
    let said: Vec<(&ObjectId, &Ident)> = notes
        .filter_map(|(id, notes)| Some((id, notes.renamed_from.as_ref()?)))
        .collect();
    if said.is_empty() {
        return Vec::new();
    }
    let there = Pair::new(identities(pair.before), identities(pair.after));
    let mut renames = Renames::default();
    // Schemas first, then what is in them, then its members: each is looked up under old names.
    for round in 0..3 {
        let of_round = said.iter().filter(|(id, _)| round_of(id) == round);
        let candidates = of_round.filter_map(|(id, old)| candidate(id, old, &renames, &there));
        for rename in valid(candidates.collect(), &renames, &there) {
            renames.add(rename);
        }
    }
    renames.list
}

fn round_of(id: &ObjectId) -> u8 {
    match id {
        ObjectId {
            member: Some(_), ..
        } => 2,
        id if id.kind == ObjectKind::Schema => 0,
        _ => 1,
    }
}

/// Everything that can be renamed, by identity.
pub(super) fn identities(catalog: &Catalog) -> HashSet<ObjectId> {
    let mut all: HashSet<ObjectId> = catalog.objects().into_iter().map(|(id, _)| id).collect();
    for table in catalog.tables.values() {
        all.extend(
            table
                .columns
                .iter()
                .map(|c| ObjectId::column(&table.name, &c.name)),
        );
    }
    for o in catalog.enums.values() {
        let values = o.values.iter();
        all.extend(values.map(|v| ObjectId::member(ObjectKind::Enum, o.name.clone(), &**v)));
    }
    for o in catalog.composites.values() {
        let names = o.attributes.iter().map(|(name, ..)| name.clone());
        all.extend(names.map(|n| ObjectId::member(ObjectKind::Composite, o.name.clone(), n)));
    }
    for o in catalog.domains.values() {
        all.extend(
            o.checks
                .iter()
                .map(|c| ObjectId::constraint(&o.name, &c.name)),
        );
    }
    all
}

/// The rename that an annotation means, where both of its ends exist.
fn candidate(
    noted: &ObjectId,
    old: &Ident,
    renames: &Renames,
    there: &Pair<HashSet<ObjectId>>,
) -> Option<Rename> {
    let id = exact(noted, &there.after).filter(can_be_renamed)?;
    let mut was = was_of(&id, old, renames).into_iter();
    let was = was.find(|was| there.before.contains(was))?;
    (was != id).then_some(Rename {
        was,
        id,
        because: None,
    })
}

/// Whether what mentions an object of the kind is known to follow its name.
pub(super) fn can_be_renamed(id: &ObjectId) -> bool {
    use ObjectKind as K;
    !matches!(
        id.kind,
        K::Extension
            | K::Language
            | K::ShellType
            // Its multirange type has a name of its own, which stays.
            | K::Range
            | K::Operator
            | K::OperatorFamily
            | K::OperatorClass
            | K::AccessMethod
            | K::Cast
            | K::Conversion
            | K::TextSearch
            | K::ForeignDataWrapper
            | K::ForeignServer
            | K::UserMapping
            | K::DefaultPrivileges
            | K::Opaque
            | K::Kept
    )
}

/// What an identity may have been under its old name.
pub(super) fn was_of(id: &ObjectId, old: &Ident, renames: &Renames) -> Vec<ObjectId> {
    let name = renames.old_name(&id.name, id.member.is_some());
    match &id.member {
        Some(_) => vec![ObjectId {
            name,
            member: Some(old.clone()),
            ..id.clone()
        }],
        None => {
            let mut names = vec![name.sibling(old.clone())];
            // `renamed_from: old_schema.name` is an object that moved.
            if let Some((schema, name)) = old.split_once('.') {
                names.push(QualifiedName::new(schema, name));
            }
            let ids = names
                .into_iter()
                .map(|name| ObjectId { name, ..id.clone() });
            ids.collect()
        }
    }
}

/// Annotations of parts are kept as those of columns: of an enum they are about a value.
pub(super) fn exact(noted: &ObjectId, there: &HashSet<ObjectId>) -> Option<ObjectId> {
    if there.contains(noted) {
        return Some(noted.clone());
    }
    let kinds = [ObjectKind::Enum, ObjectKind::Composite];
    let others = kinds.into_iter().map(|kind| ObjectId {
        kind,
        ..noted.clone()
    });
    others
        .filter(|_| noted.kind == ObjectKind::Column)
        .find(|id| there.contains(id))
}

/// Without those whose old name stays, or whose new name was taken; of two that want the same thing,
/// the first.
fn valid(
    candidates: Vec<Rename>,
    renames: &Renames,
    there: &Pair<HashSet<ObjectId>>,
) -> Vec<Rename> {
    let mut by_old: BTreeMap<ObjectId, Rename> = BTreeMap::new();
    for rename in candidates {
        by_old.entry(rename.was.clone()).or_insert(rename);
    }
    loop {
        let news: HashSet<ObjectId> = by_old.values().map(|r| r.id.clone()).collect();
        let refused: Vec<ObjectId> = by_old
            .values()
            .filter(|rename| {
                // Where the old name would be found after, and the new one before.
                let kept = ObjectId {
                    name: match rename.was.member {
                        Some(_) => rename.id.name.clone(),
                        None => renames.in_new_schema(&rename.was.name),
                    },
                    ..rename.was.clone()
                };
                let taken = ObjectId {
                    name: renames.old_name(&rename.id.name, rename.id.member.is_some()),
                    ..rename.id.clone()
                };
                let stays = there.after.contains(&kept) && !news.contains(&kept);
                let was_taken = there.before.contains(&taken) && !by_old.contains_key(&taken);
                stays || was_taken
            })
            .map(|rename| rename.was.clone())
            .collect();
        if refused.is_empty() {
            return without_circles(by_old);
        }
        for was in refused {
            by_old.remove(&was);
        }
    }
}

/// Without those that give their names to one another in a circle.
fn without_circles(by_old: BTreeMap<ObjectId, Rename>) -> Vec<Rename> {
    let is_circular = |rename: &&Rename| {
        let mut at = &rename.id;
        for _ in 0..by_old.len() {
            match by_old.get(at) {
                Some(next) if next.id == rename.id => return true,
                Some(next) => at = &next.id,
                None => return false,
            }
        }
        false
    };
    let straight = by_old.values().filter(|r| !is_circular(r));
    straight.cloned().collect()
}
