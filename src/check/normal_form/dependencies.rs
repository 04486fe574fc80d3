//! Functional dependencies and the closure of attributes under them.

use super::AttributeSet;

/// `from -> to`: equal values in `from` mean equal values in `to`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    pub from: AttributeSet,
    pub to: AttributeSet,
}

impl Dependency {
    pub fn new(from: impl IntoIterator<Item = usize>, to: impl IntoIterator<Item = usize>) -> Self {
        Self {
            from: from.into_iter().collect(),
            to: to.into_iter().collect(),
        }
    }

    /// Whether it holds in every relation.
    pub fn is_trivial(&self) -> bool {
        self.to.is_subset(&self.from)
    }
}

/// A list of dependencies, indexed for closures.
///
/// Right sides may shrink and grow in place; left sides are fixed, since the index is over them.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    list: Vec<Dependency>,
    /// By attribute: the dependencies whose left side has it.
    uses: Vec<Vec<u32>>,
}

impl Dependencies {
    pub fn new(list: Vec<Dependency>) -> Self {
        let mut uses: Vec<Vec<u32>> = Vec::new();
        for (number, dependency) in (0_u32..).zip(&list) {
            for attribute in dependency.from.iter() {
                if attribute >= uses.len() {
                    uses.resize_with(attribute + 1, Vec::new);
                }
                uses[attribute].push(number);
            }
        }
        Self { list, uses }
    }

    pub fn list(&self) -> &[Dependency] {
        &self.list
    }

    pub fn into_list(self) -> Vec<Dependency> {
        self.list
    }

    pub(super) fn right_side_mut(&mut self, number: usize) -> &mut AttributeSet {
        &mut self.list[number].to
    }

    /// Every attribute that `start` determines, `start` included.
    ///
    /// Each dependency counts the attributes of its left side that are still missing and fires at
    /// zero, so the cost is linear in the size of the dependencies (Beeri and Bernstein 1979).
    pub fn closure(&self, start: &AttributeSet) -> AttributeSet {
        let mut closed = start.clone();
        let mut queue: Vec<usize> = start.iter().collect();
        let mut missing: Vec<usize> = Vec::with_capacity(self.list.len());
        for dependency in &self.list {
            missing.push(dependency.from.len());
            if dependency.from.is_empty() {
                fire(dependency, &mut closed, &mut queue);
            }
        }
        while let Some(attribute) = queue.pop() {
            for &number in self.uses.get(attribute).map_or(&[][..], Vec::as_slice) {
                let number = number as usize;
                missing[number] -= 1;
                if missing[number] == 0 {
                    fire(&self.list[number], &mut closed, &mut queue);
                }
            }
        }
        closed
    }

    /// Whether `from -> to` follows.
    pub fn implies(&self, dependency: &Dependency) -> bool {
        dependency.to.is_subset(&self.closure(&dependency.from))
    }
}

/// Adds what a satisfied dependency determines; only new attributes are queued, each once.
fn fire(dependency: &Dependency, closed: &mut AttributeSet, queue: &mut Vec<usize>) {
    let new = dependency.to.difference(closed);
    queue.extend(new.iter());
    closed.extend_from(&new);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closure_follows_chains_and_waits_for_whole_left_sides() {
        let d = Dependencies::new(vec![
            Dependency::new([0], [1]),
            Dependency::new([1, 2], [3]),
            Dependency::new([3], [4]),
        ]);
        assert_eq!(
            d.closure(&[0].into_iter().collect()),
            [0, 1].into_iter().collect()
        );
        assert_eq!(
            d.closure(&[0, 2].into_iter().collect()),
            AttributeSet::all(5)
        );
    }

    #[test]
    fn an_empty_left_side_is_a_constant() {
        let d = Dependencies::new(vec![Dependency::new([], [7]), Dependency::new([7], [9])]);
        assert_eq!(
            d.closure(&AttributeSet::new()),
            [7, 9].into_iter().collect()
        );
    }
}
