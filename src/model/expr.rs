//! Expressions and queries: the author's text for printing, a normal form for equality.

use std::hash::{Hash, Hasher};

macro_rules! text_with_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Equality, order and hash see the key only.
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            text: Box<str>,
            key: Box<str>,
        }

        impl $name {
            /// `text` as its author wrote it, `key` its normal form.
            pub fn new(text: impl Into<Box<str>>, key: impl Into<Box<str>>) -> Self {
                Self { text: text.into(), key: key.into() }
            }

            /// As its author wrote it: what documents and DDL print.
            pub fn text(&self) -> &str {
                &self.text
            }

            /// The normal form: what equality compares.
            pub fn key(&self) -> &str {
                &self.key
            }

            /// The text stays as its author wrote it.
            pub fn set_key(&mut self, key: impl Into<Box<str>>) {
                self.key = key.into();
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.key == other.key
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.key.cmp(&other.key)
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.key.hash(state);
            }
        }
    };
}

text_with_key! {
    /// A scalar expression: a default, a check, a predicate, an index expression.
    Expr
}

text_with_key! {
    /// A query: the body of a view or materialized view.
    Query
}
