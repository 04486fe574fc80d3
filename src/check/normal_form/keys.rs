//! Candidate keys.

use super::{AttributeSet, Dependencies};

/// How many candidate keys are looked for before the answer is "unknown".
pub const MAX_KEYS: usize = 1_000;

/// How many tests of sets the search may make: a second bound, for many dependencies on many keys.
const MAX_STEPS: usize = 5_000_000;

/// A minimal subset of `superkey` that determines all `width` attributes.
///
/// Later columns go first, so that the leading columns of a table stay in its key.
pub fn minimise(
    dependencies: &Dependencies,
    width: usize,
    superkey: &AttributeSet,
) -> AttributeSet {
    let all = AttributeSet::all(width);
    let mut key = superkey.clone();
    let members: Vec<usize> = superkey.iter().collect();
    for candidate in members.into_iter().rev() {
        let smaller = key.without(candidate);
        if all.is_subset(&dependencies.closure(&smaller)) {
            key = smaller;
        }
    }
    key
}

/// Every candidate key, in column order; `None` beyond [`MAX_KEYS`].
///
/// From one key, each dependency `X -> Y` leads to the superkey `X + (K - Y)`; when no new key
/// comes of any, all are known (Lucchesi and Osborn 1978).
pub fn candidate_keys(dependencies: &Dependencies, width: usize) -> Option<Vec<AttributeSet>> {
    let mut keys = vec![minimise(dependencies, width, &AttributeSet::all(width))];
    let mut steps = 0;
    let mut next = 0;
    while next < keys.len() {
        for dependency in dependencies.list() {
            // A dependency whose right side shares nothing with the key leads to a superset of it.
            if !dependency.to.intersects(&keys[next]) {
                continue;
            }
            let superkey = dependency
                .from
                .union(&keys[next].difference(&dependency.to));
            steps += keys.len();
            if keys.iter().any(|known| known.is_subset(&superkey)) {
                continue;
            }
            if keys.len() == MAX_KEYS || steps > MAX_STEPS {
                return None;
            }
            steps += superkey.len() * dependencies.list().len();
            keys.push(minimise(dependencies, width, &superkey));
        }
        next += 1;
    }
    keys.sort();
    Some(keys)
}

#[cfg(test)]
mod tests {
    use super::super::Dependency;
    use super::*;

    #[test]
    fn all_keys_of_a_ring_are_found() {
        let d = Dependencies::new(
            (0..5)
                .map(|a| Dependency::new([a], [(a + 1) % 5]))
                .collect(),
        );
        let keys = candidate_keys(&d, 5).expect("five keys are within the bound");
        assert_eq!(
            keys,
            (0..5)
                .map(|a| [a].into_iter().collect())
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn exponentially_many_keys_are_unknown_and_not_a_wait() {
        // Twenty pairs of equivalent attributes have 2^20 keys.
        let pairs = (0..20).flat_map(|n| {
            [
                Dependency::new([2 * n], [2 * n + 1]),
                Dependency::new([2 * n + 1], [2 * n]),
            ]
        });
        assert_eq!(
            candidate_keys(&Dependencies::new(pairs.collect()), 40),
            None
        );
    }

    #[test]
    fn without_dependencies_the_key_is_everything() {
        let keys = candidate_keys(&Dependencies::default(), 3);
        assert_eq!(keys, Some(vec![AttributeSet::all(3)]));
    }
}
