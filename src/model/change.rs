//! What differs between two catalogs, one value for each thing that has an identity.
//!
//! Invariants: a change names things, it holds none of them: their definitions stand in the two
//! catalogs, under [`Change::before`] and [`Change::after`]. What is created or dropped comes with all
//! its parts, which have no changes of their own then.

use super::{Ident, ObjectId, Property, Value};

/// The same thing on both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair<T> {
    pub before: T,
    pub after: T,
}

impl<T> Pair<T> {
    pub fn new(before: T, after: T) -> Self {
        Self { before, after }
    }

    /// The way back.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self::new(self.after, self.before)
    }

    /// Both sides of a part.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Pair<U> {
        Pair::new(f(self.before), f(self.after))
    }
}

/// A change of one thing: of an object, or of a part of one (a column, a constraint, an index, a
/// trigger, a rule, a policy, a value of an enum, an attribute of a composite type, a check of a
/// domain).
///
/// A thing that is renamed and altered has two changes, the rename first. Parts of a renamed object
/// are not renamed by that: only their identity has the new name in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its identity after the change; before it, where it is dropped.
    pub id: ObjectId,
    /// Its identity before, where that is another: it, or the object that it is a part of, is renamed.
    pub was: Option<ObjectId>,
    pub kind: ChangeKind,
}

/// What becomes of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Create,
    Drop,
    /// `because` is the renamed object whose name this name was made from: nobody asked for the
    /// rename itself (`users_pkey` of a table that is now `accounts`).
    Rename {
        because: Option<ObjectId>,
    },
    /// Never empty; in the order of [`Property`].
    Alter(Vec<Difference>),
}

/// One property that is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub property: Property,
    /// For people and programs to read; what plans need of it stands in the catalogs.
    pub before: Value,
    pub after: Value,
}

impl Change {
    pub fn new(id: ObjectId, kind: ChangeKind) -> Self {
        Self {
            id,
            was: None,
            kind,
        }
    }

    /// What it is in the catalog before; `None` for what is created.
    pub fn before(&self) -> Option<&ObjectId> {
        match self.kind {
            ChangeKind::Create => None,
            _ => Some(self.was.as_ref().unwrap_or(&self.id)),
        }
    }

    /// What it is in the catalog after; `None` for what is dropped.
    pub fn after(&self) -> Option<&ObjectId> {
        match self.kind {
            ChangeKind::Drop => None,
            _ => Some(&self.id),
        }
    }

    /// The differences of what is altered; none of any other change.
    pub fn differences(&self) -> &[Difference] {
        match &self.kind {
            ChangeKind::Alter(differences) => differences,
            _ => &[],
        }
    }

    /// The difference of one property, where it has one.
    pub fn difference(&self, property: &Property) -> Option<&Difference> {
        let mut differences = self.differences().iter();
        differences.find(|d| d.property == *property)
    }
}

/// A drop and a creation that look like a rename. They are a drop and a creation all the same, until
/// the author says which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub dropped: ObjectId,
    pub created: ObjectId,
}

impl Question {
    /// What the author writes at the created object: `renamed_from: OLD` where it is a rename, and
    /// `replaces: OLD` where it is not.
    pub fn old(&self) -> &Ident {
        self.dropped
            .member
            .as_ref()
            .unwrap_or(&self.dropped.name.name)
    }
}
