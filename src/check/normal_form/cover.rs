//! Minimal covers, and the dependencies that others imply.

use std::collections::BTreeMap;

use super::{AttributeSet, Dependencies, Dependency};

/// An equivalent set of dependencies without a superfluous attribute on either side.
///
/// Left sides are distinct; `X -> {A, B}` stands for two dependencies with a single attribute on
/// the right. Attributes are tried in column order, so that of the several minimal covers that
/// can exist it is always the same one (Maier 1980).
pub fn minimal_cover(dependencies: &Dependencies) -> Dependencies {
    let mut cover = Dependencies::new(left_reduced(dependencies));
    for number in 0..cover.list().len() {
        let from = cover.list()[number].from.clone();
        let candidates: Vec<usize> = cover.list()[number].to.iter().collect();
        for attribute in candidates {
            cover.right_side_mut(number).remove(attribute);
            if !cover.closure(&from).contains(attribute) {
                cover.right_side_mut(number).insert(attribute);
            }
        }
    }
    let mut list = cover.into_list();
    list.retain(|d| !d.to.is_empty());
    Dependencies::new(list)
}

/// The dependencies with minimal left sides, grouped by left side.
fn left_reduced(dependencies: &Dependencies) -> Vec<Dependency> {
    let mut groups: BTreeMap<AttributeSet, AttributeSet> = BTreeMap::new();
    for dependency in dependencies.list() {
        for attribute in dependency.to.difference(&dependency.from).iter() {
            let from = reduced(dependencies, &dependency.from, attribute);
            groups.entry(from).or_default().insert(attribute);
        }
    }
    groups
        .into_iter()
        .map(|(from, to)| Dependency { from, to })
        .collect()
}

/// A minimal subset of `from` that still determines `attribute`.
///
/// The closure may be taken under the original dependencies: every step leaves an equivalent set.
/// Later columns go first, so that what is left names the earlier ones.
pub(super) fn reduced(
    dependencies: &Dependencies,
    from: &AttributeSet,
    attribute: usize,
) -> AttributeSet {
    let mut left = from.clone();
    let members: Vec<usize> = from.iter().collect();
    for candidate in members.into_iter().rev() {
        let smaller = left.without(candidate);
        if dependencies.closure(&smaller).contains(attribute) {
            left = smaller;
        }
    }
    left
}

/// The numbers of those of `declared` that the others and `given` imply, trivial ones included.
///
/// Later ones go first: of two that say the same, the first declared one stays.
pub fn redundant(declared: &[Dependency], given: &[Dependency]) -> Vec<usize> {
    let mut all: Vec<Dependency> = declared.to_vec();
    all.extend_from_slice(given);
    let mut all = Dependencies::new(all);
    let mut found = Vec::new();
    for (number, dependency) in declared.iter().enumerate().rev() {
        let taken = std::mem::take(all.right_side_mut(number));
        if all.implies(dependency) {
            found.push(number);
        } else {
            *all.right_side_mut(number) = taken;
        }
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superfluous_attributes_go_from_both_sides() {
        // A -> B, AB -> C, A -> C: what is left is A -> B, C.
        let d = Dependencies::new(vec![
            Dependency::new([0], [1]),
            Dependency::new([0, 1], [2]),
            Dependency::new([0], [2]),
        ]);
        let cover = minimal_cover(&d);
        assert_eq!(cover.list(), [Dependency::new([0], [1, 2])]);
    }

    #[test]
    fn of_two_that_say_the_same_the_first_stays() {
        let declared = [
            Dependency::new([0], [1]),
            Dependency::new([1], [1]),
            Dependency::new([0, 2], [1]),
        ];
        assert_eq!(redundant(&declared, &[]), [1, 2]);
        assert_eq!(
            redundant(&declared, &[Dependency::new([0], [1, 2])]),
            [0, 1, 2]
        );
    }
}
