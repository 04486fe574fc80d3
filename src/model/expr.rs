//! Expressions and queries: the author's text for printing, a normal form for equality.

macro_rules! text_with_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
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

    };
}

text_with_key! {
    /// A scalar expression: a default, a check, a predicate, an index expression.
    ///
    /// Equality sees the key. One text in two schemas is one expression, though the types of the columns
    /// that it names may have changed, and its key with them: that is the columns' change.
    Expr
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key || self.text == other.text
    }
}

impl Eq for Expr {}

text_with_key! {
    /// A query: the body of a view or materialized view.
    ///
    /// Equality sees the key alone: `SELECT *` is another view once the table has another column.
    Query
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Query {}
