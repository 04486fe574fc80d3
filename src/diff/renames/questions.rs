//! Drops and creations that look like renames: the same type, and a similar name or the same place.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Catalog, Change, ChangeKind, DataType, Ident, Notes, ObjectId, ObjectKind, Pair, Question,
    Table,
};

/// So many pairs of names are compared; a change of more is no rename.
const MOST_PAIRS: usize = 40_000;

/// What is asked about changes. `pair` is what was compared: the renames asked for are done in it.
pub(in crate::diff) fn questions(pair: Pair<&Catalog>, changes: &[Change]) -> Vec<Question> {
    let mut places: BTreeMap<_, (Vec<&ObjectId>, Vec<&ObjectId>)> = BTreeMap::new();
    for change in changes {
        let id = &change.id;
        let place = match id.member {
            Some(_) => (id.kind, Some(&id.name), None),
            None => (id.kind, None, id.name.schema.as_ref()),
        };
        let (dropped, created) = places.entry(place).or_default();
        match change.kind {
            ChangeKind::Drop => dropped.push(id),
            ChangeKind::Create => created.push(id),
            _ => {}
        }
    }
    let mut questions = Vec::new();
    for (dropped, created) in places.into_values() {
        if dropped.len().saturating_mul(created.len()) <= MOST_PAIRS {
            ask(pair, &dropped, &created, &mut questions);
        }
    }
    questions
}

/// One question a created thing, about the first dropped one that it may have been.
fn ask(
    pair: Pair<&Catalog>,
    dropped: &[&ObjectId],
    created: &[&ObjectId],
    questions: &mut Vec<Question>,
) {
    let mut asked: BTreeSet<&ObjectId> = BTreeSet::new();
    for new in created {
        let notes = notes(pair.after, new);
        let answered = |old: &ObjectId| {
            let name = old.member.as_ref().unwrap_or(&old.name.name);
            notes.is_some_and(|n| n.replaces.as_ref() == Some(name))
        };
        let old = dropped
            .iter()
            .find(|old| !asked.contains(*old) && !answered(old) && alike(pair, old, new));
        if let Some(old) = old {
            asked.insert(old);
            questions.push(Question {
                dropped: (*old).clone(),
                created: (*new).clone(),
            });
        }
    }
}

/// Notes about a part of a type are kept as those of a column.
fn notes<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Notes> {
    let as_column = || {
        let member = id.member.as_ref()?;
        catalog.notes(&ObjectId::column(&id.name, member))
    };
    catalog.notes(id).or_else(as_column)
}

fn alike(pair: Pair<&Catalog>, old: &ObjectId, new: &ObjectId) -> bool {
    let similar = |old: &Ident, new: &Ident| similar(old, new);
    match (&old.member, &new.member) {
        (Some(a), Some(b)) => match old.kind {
            ObjectKind::Column => {
                let tables = (
                    pair.before.tables.get(&old.name),
                    pair.after.tables.get(&new.name),
                );
                let (Some(before), Some(after)) = tables else {
                    return false;
                };
                let of = |t: &Table, name: &Ident| -> Option<DataType> {
                    Some(t.column(name)?.data_type.clone())
                };
                let places = |t: &Table| -> Vec<Ident> {
                    t.columns.iter().map(|c| c.name.clone()).collect()
                };
                of(before, a) == of(after, b)
                    && (similar(a, b) || same_place(&places(before), a, &places(after), b))
            }
            ObjectKind::Enum => {
                let values = |c: &Catalog, id: &ObjectId| -> Vec<Ident> {
                    let o = c.enums.get(&id.name);
                    o.map_or_else(Vec::new, |o| o.values.iter().map(Ident::new).collect())
                };
                let (before, after) = (values(pair.before, old), values(pair.after, new));
                similar(a, b) || same_place(&before, a, &after, b)
            }
            ObjectKind::Composite => attributes_alike(pair, old, new),
            _ => false,
        },
        (None, None) => objects_alike(pair, old, new),
        _ => false,
    }
}

fn attributes_alike(pair: Pair<&Catalog>, old: &ObjectId, new: &ObjectId) -> bool {
    let of = |c: &Catalog, id: &ObjectId| -> Option<(Vec<Ident>, DataType)> {
        let o = c.composites.get(&id.name)?;
        let (_, data_type, _) = o
            .attributes
            .iter()
            .find(|(n, ..)| Some(n) == id.member.as_ref())?;
        let names = o.attributes.iter().map(|(name, ..)| name.clone());
        Some((names.collect(), data_type.clone()))
    };
    let (Some(before), Some(after)) = (of(pair.before, old), of(pair.after, new)) else {
        return false;
    };
    let (Some(a), Some(b)) = (&old.member, &new.member) else {
        return false;
    };
    before.1 == after.1 && (similar(a, b) || same_place(&before.0, a, &after.0, b))
}

/// Tables that have the same columns, or most of them and a similar name; types of the same values.
fn objects_alike(pair: Pair<&Catalog>, old: &ObjectId, new: &ObjectId) -> bool {
    match old.kind {
        ObjectKind::Table => {
            let of = |c: &Catalog, id: &ObjectId| -> BTreeSet<(Ident, DataType)> {
                let columns = c.tables.get(&id.name).map(|t| t.columns.iter());
                let columns = columns.into_iter().flatten();
                columns
                    .map(|c| (c.name.clone(), c.data_type.clone()))
                    .collect()
            };
            let (before, after) = (of(pair.before, old), of(pair.after, new));
            let common = before.intersection(&after).count();
            let most = common * 2 >= before.len().max(after.len());
            !before.is_empty()
                && (before == after || most && similar(&old.name.name, &new.name.name))
        }
        ObjectKind::Enum => {
            let of = |c: &Catalog, id: &ObjectId| c.enums.get(&id.name).map(|o| o.values.clone());
            of(pair.before, old) == of(pair.after, new)
        }
        ObjectKind::Sequence => {
            // What a column owns comes and goes with what the column says.
            let free = |c: &Catalog, id: &ObjectId| {
                c.sequences
                    .get(&id.name)
                    .is_some_and(|s| s.owned_by.is_none())
            };
            free(pair.before, old)
                && free(pair.after, new)
                && similar(&old.name.name, &new.name.name)
        }
        _ => false,
    }
}

/// Between the same neighbours.
fn same_place(before: &[Ident], old: &Ident, after: &[Ident], new: &Ident) -> bool {
    let around = |list: &[Ident], name: &Ident| -> Option<(Option<Ident>, Option<Ident>)> {
        let at = list.iter().position(|n| n == name)?;
        let left = at.checked_sub(1).and_then(|n| list.get(n)).cloned();
        Some((left, list.get(at + 1).cloned()))
    };
    let (before, after) = (around(before, old), around(after, new));
    before.is_some() && before == after && before != Some((None, None))
}

/// Names that share a word of three letters or more, or that differ in a third of their letters.
fn similar(old: &str, new: &str) -> bool {
    let words = |name: &str| -> BTreeSet<String> {
        let words = name.split(|c: char| !c.is_alphanumeric());
        let long = words.filter(|w| w.chars().count() >= 3);
        long.map(str::to_lowercase).collect()
    };
    if !words(old).is_disjoint(&words(new)) {
        return true;
    }
    let (old, new) = (old.to_lowercase(), new.to_lowercase());
    let (short, long) = if old.len() < new.len() {
        (&old, &new)
    } else {
        (&new, &old)
    };
    (short.len() >= 3 && long.contains(short.as_str())) || 3 * distance(&old, &new) <= long.len()
}

/// The number of insertions, deletions and substitutions between two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names() {
        for (old, new) in [
            ("email", "mail"),
            ("user_id", "owner_user_id"),
            ("colour", "color"),
        ] {
            assert!(similar(old, new), "{old} {new}");
        }
        for (old, new) in [
            ("id", "at"),
            ("born", "email"),
            ("created_at", "deleted_by"),
        ] {
            assert!(!similar(old, new), "{old} {new}");
        }
    }
}
