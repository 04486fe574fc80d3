//! Third normal form from dependencies.

use std::collections::BTreeMap;

use super::{AttributeSet, Dependencies, Dependency, minimal_cover, minimise};

/// One table of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    pub attributes: AttributeSet,
    /// Its keys; the first one is to be the primary key.
    pub keys: Vec<AttributeSet>,
}

/// A foreign key between two tables of a proposal, by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub from: usize,
    pub to: usize,
    /// The key of `to` that `from` contains.
    pub attributes: AttributeSet,
}

/// A decomposition into third normal form that loses neither information nor dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synthesis {
    /// The first one contains a key of the whole table.
    pub components: Vec<Component>,
    pub references: Vec<Reference>,
}

impl Synthesis {
    pub fn attribute_sets(&self) -> Vec<AttributeSet> {
        self.components
            .iter()
            .map(|c| c.attributes.clone())
            .collect()
    }
}

/// Synthesises tables from a minimal cover: one for each class of equivalent left sides (Bernstein
/// 1976), one more for a key where none has it (Biskup, Dayal and Bernstein 1979), none that
/// another one contains. `preferred` is a superkey (the primary key); a key within it leads.
pub fn synthesise(
    dependencies: &Dependencies,
    width: usize,
    preferred: &AttributeSet,
) -> Synthesis {
    let cover = minimal_cover(dependencies);
    let mut components: Vec<Component> = classes(&cover)
        .into_iter()
        .map(|class| class.into_component(preferred))
        .collect();
    let all = AttributeSet::all(width);
    let is_whole = |c: &Component| all.is_subset(&cover.closure(&c.attributes));
    if !components.iter().any(is_whole) {
        let key = minimise(&cover, width, preferred);
        components.push(Component {
            attributes: key.clone(),
            keys: vec![key],
        });
    }
    drop_contained(&mut components);
    components.sort_by(|a, b| a.attributes.cmp(&b.attributes));
    if let Some(root) = components.iter().position(is_whole) {
        components[..=root].rotate_right(1);
    }
    let references = references(&components);
    Synthesis {
        components,
        references,
    }
}

/// Left sides that determine each other, and what else they determine.
struct Class {
    keys: Vec<AttributeSet>,
    /// By key, what it determines outside the keys.
    others: Vec<AttributeSet>,
}

impl Class {
    fn into_component(self, preferred: &AttributeSet) -> Component {
        let mut attributes = AttributeSet::new();
        for part in self.keys.iter().chain(&self.others) {
            attributes.extend_from(part);
        }
        let mut keys = self.keys;
        // A key of the table's own primary key comes first; sorting is stable.
        keys.sort_by_key(|key| !key.is_subset(preferred));
        Component { attributes, keys }
    }
}

/// Merges equivalent left sides, then drops what has become transitive by the merge.
fn classes(cover: &Dependencies) -> Vec<Class> {
    let mut by_closure: BTreeMap<AttributeSet, Class> = BTreeMap::new();
    for dependency in cover.list() {
        let class = by_closure
            .entry(cover.closure(&dependency.from))
            .or_insert_with(|| Class {
                keys: Vec::new(),
                others: Vec::new(),
            });
        class.keys.push(dependency.from.clone());
        class.others.push(dependency.to.clone());
    }
    let mut classes: Vec<Class> = by_closure.into_values().collect();
    // The keys of a class imply each other: once by themselves, so the cover need not say it.
    let mut list = Vec::new();
    for class in &mut classes {
        for (n, key) in class
            .keys
            .iter()
            .enumerate()
            .filter(|_| class.keys.len() > 1)
        {
            let next = &class.keys[(n + 1) % class.keys.len()];
            list.push(Dependency {
                from: key.clone(),
                to: next.clone(),
            });
        }
        for key in &class.keys {
            for other in &mut class.others {
                *other = other.difference(key);
            }
        }
    }
    drop_transitive(&mut classes, list);
    classes
}

/// Takes from every class what still follows without it, given the equivalences of the keys.
fn drop_transitive(classes: &mut [Class], mut list: Vec<Dependency>) {
    let mut number = list.len();
    for class in classes.iter() {
        for (from, to) in class.keys.iter().zip(&class.others) {
            list.push(Dependency {
                from: from.clone(),
                to: to.clone(),
            });
        }
    }
    let mut all = Dependencies::new(list);
    for class in classes.iter_mut() {
        for (from, to) in class.keys.iter().zip(&mut class.others) {
            let candidates: Vec<usize> = to.iter().collect();
            for attribute in candidates {
                all.right_side_mut(number).remove(attribute);
                if all.closure(from).contains(attribute) {
                    to.remove(attribute);
                } else {
                    all.right_side_mut(number).insert(attribute);
                }
            }
            number += 1;
        }
    }
}

/// Drops every component whose attributes are all in another one.
fn drop_contained(components: &mut Vec<Component>) {
    let mut kept: Vec<Component> = Vec::with_capacity(components.len());
    // Larger ones first, so that one pass is enough; sorting is stable.
    components.sort_by_key(|c| std::cmp::Reverse(c.attributes.len()));
    for component in components.drain(..) {
        if !kept
            .iter()
            .any(|k| component.attributes.is_subset(&k.attributes))
        {
            kept.push(component);
        }
    }
    *components = kept;
}

/// A foreign key wherever a component contains the key of another one, but for those that another
/// foreign key already implies.
fn references(components: &[Component]) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    for (from, component) in components.iter().enumerate() {
        let first = found.len();
        for (to, target) in components.iter().enumerate().filter(|(to, _)| *to != from) {
            let contained = target
                .keys
                .iter()
                .find(|k| k.is_subset(&component.attributes));
            if let Some(key) = contained {
                found.push(Reference {
                    from,
                    to,
                    attributes: key.clone(),
                });
            }
        }
        let own = found.split_off(first);
        let longer = |r: &Reference| {
            own.iter()
                .any(|o| o.attributes != r.attributes && r.attributes.is_subset(&o.attributes))
        };
        found.extend(own.iter().filter(|r| !longer(r)).cloned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::is_lossless;
    use super::*;

    fn set(list: &[usize]) -> AttributeSet {
        list.iter().copied().collect()
    }

    #[test]
    fn a_transitive_chain_becomes_two_tables_with_a_foreign_key() {
        // order 0 -> customer 1, customer -> name 2.
        let d = Dependencies::new(vec![
            Dependency::new([0], [1, 2]),
            Dependency::new([1], [2]),
        ]);
        let s = synthesise(&d, 3, &set(&[0]));
        assert_eq!(s.attribute_sets(), [set(&[0, 1]), set(&[1, 2])]);
        assert_eq!(
            s.references,
            [Reference {
                from: 0,
                to: 1,
                attributes: set(&[1])
            }]
        );
    }

    #[test]
    fn equivalent_left_sides_share_a_table() {
        // id 0 <-> email 1, id -> name 2, email -> city 3.
        let d = Dependencies::new(vec![
            Dependency::new([0], [1, 2]),
            Dependency::new([1], [0, 3]),
        ]);
        let s = synthesise(&d, 4, &set(&[1]));
        assert_eq!(s.components.len(), 1);
        assert_eq!(s.components[0].keys, [set(&[1]), set(&[0])]);
    }

    #[test]
    fn a_key_table_is_added_where_no_table_has_a_key() {
        // student, course, teacher of student, room of course: the key is student and course.
        let d = Dependencies::new(vec![Dependency::new([0], [2]), Dependency::new([1], [3])]);
        let s = synthesise(&d, 4, &AttributeSet::all(4));
        assert_eq!(
            s.attribute_sets(),
            [set(&[0, 1]), set(&[0, 2]), set(&[1, 3])]
        );
        assert!(is_lossless(4, &d, &s.attribute_sets()));
        assert_eq!(s.references.len(), 2);
    }
}
