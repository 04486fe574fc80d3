//! Sets of attributes as bitsets.

use std::cmp::Ordering;
use std::fmt;

/// A set of attributes (column numbers from 0) of any width.
///
/// Invariant: no trailing zero word, so that equal sets are equal values whatever made them.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct AttributeSet {
    words: Vec<u64>,
}

impl AttributeSet {
    pub fn new() -> Self {
        Self::default()
    }

    /// The attributes 0 to `width - 1`.
    pub fn all(width: usize) -> Self {
        (0..width).collect()
    }

    pub fn contains(&self, attribute: usize) -> bool {
        self.words
            .get(attribute / 64)
            .is_some_and(|word| word >> (attribute % 64) & 1 == 1)
    }

    /// Whether the attribute is new to the set.
    pub fn insert(&mut self, attribute: usize) -> bool {
        let (at, bit) = (attribute / 64, 1_u64 << (attribute % 64));
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        let new = self.words[at] & bit == 0;
        self.words[at] |= bit;
        new
    }

    pub fn remove(&mut self, attribute: usize) {
        if let Some(word) = self.words.get_mut(attribute / 64) {
            *word &= !(1_u64 << (attribute % 64));
            self.trim();
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub fn len(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    pub fn is_subset(&self, other: &Self) -> bool {
        self.words.len() <= other.words.len()
            && self
                .words
                .iter()
                .zip(&other.words)
                .all(|(a, b)| a & !b == 0)
    }

    pub fn intersects(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.extend_from(other);
        all
    }

    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        for (word, taken) in rest.words.iter_mut().zip(&other.words) {
            *word &= !taken;
        }
        rest.trim();
        rest
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(a, b)| a & b);
        let mut shared = Self {
            words: words.collect(),
        };
        shared.trim();
        shared
    }

    #[must_use]
    pub fn with(&self, attribute: usize) -> Self {
        let mut set = self.clone();
        set.insert(attribute);
        set
    }

    #[must_use]
    pub fn without(&self, attribute: usize) -> Self {
        let mut set = self.clone();
        set.remove(attribute);
        set
    }

    pub fn extend_from(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    /// The attributes in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    at * 64 + bit
                })
            })
        })
    }

    fn trim(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }
}

impl FromIterator<usize> for AttributeSet {
    fn from_iter<I: IntoIterator<Item = usize>>(attributes: I) -> Self {
        let mut set = Self::new();
        for attribute in attributes {
            set.insert(attribute);
        }
        set
    }
}

/// The order in which a person would list the sets: by their first attributes.
impl Ord for AttributeSet {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl PartialOrd for AttributeSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for AttributeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_sets_equal_narrow_ones_with_the_same_members() {
        let mut wide: AttributeSet = [3, 1_500].into_iter().collect();
        assert_eq!(wide.len(), 2);
        assert!(wide.contains(1_500) && !wide.contains(1_499));
        wide.remove(1_500);
        assert_eq!(wide, [3].into_iter().collect());
        wide.remove(3);
        assert!(wide.is_empty());
    }

    #[test]
    fn subset_looks_at_every_word() {
        let small: AttributeSet = [1, 64].into_iter().collect();
        let large: AttributeSet = [0, 1, 64, 130].into_iter().collect();
        assert!(small.is_subset(&large) && !large.is_subset(&small));
        assert_eq!(large.difference(&small), [0, 130].into_iter().collect());
        assert_eq!(large.intersection(&small), small);
        assert_eq!(large.iter().collect::<Vec<_>>(), [0, 1, 64, 130]);
    }

    #[test]
    fn sets_are_ordered_by_their_first_attributes() {
        let set = |list: &[usize]| list.iter().copied().collect::<AttributeSet>();
        assert!(set(&[0, 5]) < set(&[1]));
        assert!(set(&[0]) < set(&[0, 5]));
    }
}
