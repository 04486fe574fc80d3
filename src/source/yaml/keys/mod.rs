//! Every key of the format, with what it takes and what it means.
//!
//! Invariant: these tables are the only list of keys. [`super::validate`] holds files against
//! them, [`super::json_schema`] prints them, and the lowering reads nothing that is not in them.

mod columns;
mod constraints;
mod file;
mod indexes;
mod partition;
mod parts;
mod table;
mod triggers;
mod types;

use crate::dialect::Capability;

pub(super) use file::FILE;
pub(super) use parts::ACTIONS;

/// What a key takes.
#[derive(Debug)]
pub(crate) enum Value {
    /// Any scalar, as text.
    Text,
    /// A scalar that names something: not empty.
    Name,
    /// SQL text; plain booleans and numbers are SQL literals.
    Sql,
    Boolean,
    Integer,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `YYYY-MM-DD`.
    Date,
    /// Whatever JSON can say.
    Json,
    /// Nothing: the key alone says it.
    Null,
    List(&'static Value),
    /// Keys of the author's choosing, none of them empty, in order.
    Map(&'static Value),
    Object(&'static Shape),
    /// The first that a value's kind (scalar, list, mapping) fits.
    Either(&'static [Value]),
}

/// A mapping with known keys.
#[derive(Debug)]
pub(crate) struct Shape {
    /// For messages ("a column") and the JSON Schema's definitions.
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) keys: &'static [&'static [Key]],
}

#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) value: Value,
    pub(crate) doc: &'static str,
    pub(crate) required: bool,
    /// What the target must be able to do for the key to be of use.
    pub(crate) needs: Option<Capability>,
}

pub(crate) const fn key(name: &'static str, value: Value, doc: &'static str) -> Key {
    Key {
        name,
        value,
        doc,
        required: false,
        needs: None,
    }
}

impl Key {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn needs(mut self, capability: Capability) -> Self {
        self.needs = Some(capability);
        self
    }
}

impl Shape {
    pub(crate) fn all_keys(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().flat_map(|group| group.iter())
    }

    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.all_keys().find(|k| k.name == name)
    }
}

/// A whole document.
pub(crate) static ROOT: Value = Value::Object(&FILE);

/// One name, or several.
const NAMES: Value = Value::Either(&[Value::Name, Value::List(&Value::Name)]);

const TEXTS: Value = Value::Map(&Value::Text);

/// Visits every shape of the format once.
#[cfg(test)]
pub(super) fn each_shape(visit: &mut impl FnMut(&'static Shape)) {
    fn walk(
        value: &'static Value,
        seen: &mut std::collections::BTreeSet<&'static str>,
        visit: &mut impl FnMut(&'static Shape),
    ) {
        match value {
            Value::List(inner) | Value::Map(inner) => walk(inner, seen, visit),
            Value::Either(options) => options.iter().for_each(|o| walk(o, seen, visit)),
            Value::Object(shape) if seen.insert(shape.name) => {
                visit(shape);
                for key in shape.all_keys() {
                    walk(&key.value, seen, visit);
                }
            }
            _ => {}
        }
    }
    walk(&ROOT, &mut std::collections::BTreeSet::new(), visit);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn keys_are_unique_and_documented() {
        super::each_shape(&mut |shape| {
            let mut names = BTreeSet::new();
            for key in shape.all_keys() {
                assert!(
                    names.insert(key.name),
                    "{} twice in {}",
                    key.name,
                    shape.name
                );
                assert!(
                    key.doc.ends_with('.'),
                    "{}.{} has no sentence",
                    shape.name,
                    key.name
                );
            }
        });
    }
}
