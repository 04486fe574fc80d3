//! What keeps a table from second, third and Boyce-Codd normal form.

use std::collections::BTreeMap;

use super::cover::reduced;
use super::{AttributeSet, Dependencies, Dependency, candidate_keys, minimal_cover};

/// What follows from the dependencies of one table.
#[derive(Clone, Debug)]
pub struct Analysis {
    pub width: usize,
    pub cover: Dependencies,
    /// In column order; `None` where there are too many to know.
    pub keys: Option<Vec<AttributeSet>>,
    /// Attributes of some candidate key; empty where the keys are unknown.
    pub prime: AttributeSet,
    /// Attributes about which nothing is reported (generated columns).
    exempt: AttributeSet,
}

impl Analysis {
    pub fn new(width: usize, dependencies: &Dependencies, exempt: AttributeSet) -> Self {
        let cover = minimal_cover(dependencies);
        let keys = candidate_keys(&cover, width);
        let mut prime = AttributeSet::new();
        for key in keys.iter().flatten() {
            prime.extend_from(key);
        }
        Self {
            width,
            cover,
            keys,
            prime,
            exempt,
        }
    }

    pub fn is_superkey(&self, attributes: &AttributeSet) -> bool {
        AttributeSet::all(self.width).is_subset(&self.cover.closure(attributes))
    }

    /// Second normal form: what depends on a proper part of a candidate key without belonging to
    /// a key itself (Codd 1971). Empty where the keys are unknown.
    pub fn partial_dependencies(&self) -> Vec<Dependency> {
        let mut found = Groups::default();
        let mut seen = AttributeSet::new();
        for key in self.keys.iter().flatten() {
            for left_out in key.iter() {
                let part = key.without(left_out);
                let determined = self.cover.closure(&part).difference(&self.prime);
                for attribute in determined.difference(&self.exempt).iter() {
                    if seen.insert(attribute) {
                        found.add(reduced(&self.cover, &part, attribute), attribute);
                    }
                }
            }
        }
        found.into_list()
    }

    /// Third normal form: what depends on something that is no superkey, without belonging to a
    /// key (Zaniolo 1982), and is no partial dependency. Empty where the keys are unknown.
    pub fn transitive_dependencies(&self) -> Vec<Dependency> {
        if self.keys.is_none() {
            return Vec::new();
        }
        let mut partial = AttributeSet::new();
        for dependency in self.partial_dependencies() {
            partial.extend_from(&dependency.to);
        }
        self.not_from_a_superkey(|a| !self.prime.contains(a) && !partial.contains(a))
    }

    /// Boyce-Codd normal form: what depends on something that is no superkey though third normal
    /// form allows it. Where the keys are unknown, everything that does.
    pub fn boyce_codd_violations(&self) -> Vec<Dependency> {
        self.not_from_a_superkey(|a| self.keys.is_none() || self.prime.contains(a))
    }

    fn not_from_a_superkey(&self, wanted: impl Fn(usize) -> bool) -> Vec<Dependency> {
        let mut found = Groups::default();
        for dependency in self.cover.list() {
            if self.is_superkey(&dependency.from) {
                continue;
            }
            for attribute in dependency.to.difference(&self.exempt).iter() {
                if wanted(attribute) {
                    found.add(dependency.from.clone(), attribute);
                }
            }
        }
        found.into_list()
    }
}

/// Right sides by left side.
#[derive(Default)]
struct Groups(BTreeMap<AttributeSet, AttributeSet>);

impl Groups {
    fn add(&mut self, from: AttributeSet, attribute: usize) {
        self.0.entry(from).or_default().insert(attribute);
    }

    fn into_list(self) -> Vec<Dependency> {
        let groups = self.0.into_iter();
        groups.map(|(from, to)| Dependency { from, to }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysis(width: usize, list: Vec<Dependency>) -> Analysis {
        Analysis::new(width, &Dependencies::new(list), AttributeSet::new())
    }

    #[test]
    fn a_part_of_the_key_is_partial() {
        // order_id, line, product, order_date: the date follows from the order alone.
        let a = analysis(
            4,
            vec![Dependency::new([0, 1], [2, 3]), Dependency::new([0], [3])],
        );
        assert_eq!(a.partial_dependencies(), [Dependency::new([0], [3])]);
        assert!(a.transitive_dependencies().is_empty());
    }

    #[test]
    fn a_chain_from_the_key_is_transitive() {
        let a = analysis(
            3,
            vec![Dependency::new([0], [1]), Dependency::new([1], [2])],
        );
        assert!(a.partial_dependencies().is_empty());
        assert_eq!(a.transitive_dependencies(), [Dependency::new([1], [2])]);
    }

    #[test]
    fn street_city_zip_is_third_but_not_boyce_codd() {
        let a = analysis(
            3,
            vec![Dependency::new([0, 1], [2]), Dependency::new([2], [1])],
        );
        assert!(a.partial_dependencies().is_empty() && a.transitive_dependencies().is_empty());
        assert_eq!(a.boyce_codd_violations(), [Dependency::new([2], [1])]);
    }

    #[test]
    fn exempt_attributes_are_never_reported() {
        let d = vec![Dependency::new([0], [1, 2]), Dependency::new([1], [2])];
        let exempt = [2].into_iter().collect();
        let a = Analysis::new(3, &Dependencies::new(d), exempt);
        assert!(a.transitive_dependencies().is_empty());
    }
}
