//! Two sorted collections, side by side.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter::Peekable;

/// The keys of both, in order, each with what either side has.
pub(super) fn matched<'a, K: Ord, V>(
    before: &'a BTreeMap<K, V>,
    after: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (&'a K, Option<&'a V>, Option<&'a V>)> {
    Matched {
        before: before.iter().peekable(),
        after: after.iter().peekable(),
    }
}

struct Matched<B: Iterator, A: Iterator> {
    before: Peekable<B>,
    after: Peekable<A>,
}

impl<'a, K: Ord + 'a, V: 'a, I: Iterator<Item = (&'a K, &'a V)>> Iterator for Matched<I, I> {
    type Item = (&'a K, Option<&'a V>, Option<&'a V>);

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.before.peek(), self.after.peek()) {
            (Some((b, _)), Some((a, _))) => b.cmp(a),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        let before = match order {
            Ordering::Greater => None,
            _ => self.before.next(),
        };
        let after = match order {
            Ordering::Less => None,
            _ => self.after.next(),
        };
        let (key, _) = before.or(after)?;
        Some((key, before.map(|(_, v)| v), after.map(|(_, v)| v)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_once_and_in_order() {
        let before = BTreeMap::from([(1, 'a'), (2, 'b'), (5, 'e')]);
        let after = BTreeMap::from([(0, 'z'), (2, 'B'), (7, 'g')]);
        let all: Vec<_> = matched(&before, &after).collect();
        assert_eq!(
            all,
            [
                (&0, None, Some(&'z')),
                (&1, Some(&'a'), None),
                (&2, Some(&'b'), Some(&'B')),
                (&5, Some(&'e'), None),
                (&7, None, Some(&'g')),
            ]
        );
    }
}
