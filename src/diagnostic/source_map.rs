//! Where in the sources each object, and each facet of it, was declared.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::model::{Ident, ObjectId};

/// A source file, by its number in the run's list of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    /// First byte, from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            file,
            start: clamp(start),
            end: clamp(end),
        }
    }
}

/// A part of an object that has a place of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// The whole declaration.
    Whole,
    /// Its name.
    Name,
    Type,
    Default,
    Comment,
    /// The n-th entry of `Notes::allow`.
    Allow(u16),
    /// The n-th entry of `Notes::dependencies`.
    Dependency(u16),
    /// A named part without an identity of its own.
    Part(Ident),
}

/// Positions by object and facet. Lookup only: nothing iterates it.
///
/// A schema of 10,000 tables has half a million positions, so the map keeps a hash of each key in
/// place of the key. Should two of them ever meet (once in a hundred million such schemas), a
/// diagnostic points at the wrong line; nothing else reads positions.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    spans: HashMap<u64, Span>,
}

impl SourceMap {
    /// The first position given for a facet stays.
    pub fn insert(&mut self, id: ObjectId, facet: Facet, span: Span) {
        self.spans.entry(key(&id, &facet)).or_insert(span);
    }

    pub fn get(&self, id: &ObjectId, facet: Facet) -> Option<Span> {
        self.spans.get(&key(id, &facet)).copied()
    }

    /// The best position for an object: its name, else its declaration.
    pub fn of(&self, id: &ObjectId) -> Option<Span> {
        self.get(id, Facet::Name)
            .or_else(|| self.get(id, Facet::Whole))
    }

    /// The position of a facet, else of the object.
    pub fn facet_or_object(&self, id: &ObjectId, facet: Facet) -> Option<Span> {
        self.get(id, facet).or_else(|| self.of(id))
    }
}

fn key(id: &ObjectId, facet: &Facet) -> u64 {
    let mut hasher = DefaultHasher::new();
    (id, facet).hash(&mut hasher);
    hasher.finish()
}
