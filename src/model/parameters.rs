//! Names with values, as storage parameters and options have them.

use std::fmt;

/// Named values in the order in which they were given.
///
/// The server keeps the order (`pg_class.reloptions`), so printing does; what they mean does not
/// depend on it, so equality does not.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(Box<str>, Box<str>)>);

impl Parameters {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value; one that was there is replaced in its place and returned.
    pub fn insert(&mut self, name: Box<str>, value: Box<str>) -> Option<Box<str>> {
        match self.0.iter_mut().find(|(n, _)| *n == name) {
            Some((_, old)) => Some(std::mem::replace(old, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| **n == *name).map(|(_, v)| &**v)
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn remove(&mut self, name: &str) -> Option<Box<str>> {
        let at = self.0.iter().position(|(n, _)| **n == *name)?;
        Some(self.0.remove(at).1)
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&Box<str>, &mut Box<str>) -> bool) {
        self.0.retain_mut(|(name, value)| keep(name, value));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Box<str>, &Box<str>)> {
        self.0.iter().map(|(n, v)| (n, v))
    }

    pub fn keys(&self) -> impl Iterator<Item = &Box<str>> {
        self.0.iter().map(|(n, _)| n)
    }

    pub fn values(&self) -> impl Iterator<Item = &Box<str>> {
        self.0.iter().map(|(_, v)| v)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Parameters {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0.iter().all(|(n, v)| other.get(n) == Some(v))
    }
}

impl Eq for Parameters {}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl FromIterator<(Box<str>, Box<str>)> for Parameters {
    fn from_iter<T: IntoIterator<Item = (Box<str>, Box<str>)>>(pairs: T) -> Self {
        let mut parameters = Self::new();
        parameters.extend(pairs);
        parameters
    }
}

impl<const N: usize> From<[(Box<str>, Box<str>); N]> for Parameters {
    fn from(pairs: [(Box<str>, Box<str>); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl Extend<(Box<str>, Box<str>)> for Parameters {
    fn extend<T: IntoIterator<Item = (Box<str>, Box<str>)>>(&mut self, pairs: T) {
        for (name, value) in pairs {
            self.insert(name, value);
        }
    }
}

impl IntoIterator for Parameters {
    type Item = (Box<str>, Box<str>);
    type IntoIter = std::vec::IntoIter<(Box<str>, Box<str>)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Parameters {
    type Item = (&'a Box<str>, &'a Box<str>);
    type IntoIter = std::iter::Map<
        std::slice::Iter<'a, (Box<str>, Box<str>)>,
        fn(&'a (Box<str>, Box<str>)) -> (&'a Box<str>, &'a Box<str>),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(n, v)| (n, v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_not_compared() {
        let of = |pairs: &[(&str, &str)]| -> Parameters {
            pairs
                .iter()
                .map(|(n, v)| (Box::from(*n), Box::from(*v)))
                .collect()
        };
        let (a, b) = (of(&[("x", "1"), ("a", "2")]), of(&[("a", "2"), ("x", "1")]));
        assert_eq!(a, b);
        assert_eq!(a.keys().map(|k| &**k).collect::<Vec<_>>(), ["x", "a"]);
        assert_ne!(a, of(&[("x", "1")]));
        assert_ne!(a, of(&[("x", "1"), ("a", "3")]));
    }
}
