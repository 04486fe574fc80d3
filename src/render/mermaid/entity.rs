//! Tables as entities: their columns as decided words, at three levels of detail.

use std::collections::BTreeSet;

use super::text::{label, word};
use crate::dialect::Dialect;
use crate::model::{Column, Ident, QualifiedName, Table};
use crate::render::relations::unique_sets;

/// How much of a table is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Detail {
    Columns,
    Keys,
    Names,
}

impl Detail {
    /// The next level down.
    pub(super) fn less(self) -> Option<Self> {
        match self {
            Self::Columns => Some(Self::Keys),
            Self::Keys => Some(Self::Names),
            Self::Names => None,
        }
    }
}

/// The name as diagrams show it: without the schema where it is the default one.
pub(super) fn title(name: &QualifiedName, dialect: Dialect) -> String {
    match name.schema.as_deref() {
        schema if schema == dialect.default_schema() => label(&name.name),
        _ => label(&name.to_string()),
    }
}

/// What the keys of a table say about its columns.
pub(super) struct Keys<'a> {
    primary: &'a [Ident],
    foreign: BTreeSet<&'a Ident>,
    unique: BTreeSet<&'a Ident>,
}

impl<'a> Keys<'a> {
    pub(super) fn of(table: &'a Table) -> Self {
        let alone = |set: Vec<&'a Ident>| match set.as_slice() {
            [column] => Some(*column),
            _ => None,
        };
        Self {
            primary: table.primary_key_columns(),
            foreign: table.foreign_keys().flat_map(|(_, k)| &k.columns).collect(),
            unique: unique_sets(table).filter_map(alone).collect(),
        }
    }

    /// `PK, FK`, or nothing.
    fn words(&self, column: &Ident) -> String {
        let primary = self.primary.contains(column);
        let mut words = Vec::new();
        if primary {
            words.push("PK");
        }
        if self.foreign.contains(column) {
            words.push("FK");
        }
        if self.unique.contains(column) && !(primary && self.primary.len() == 1) {
            words.push("UK");
        }
        words.join(", ")
    }
}

/// The attribute lines of a table.
pub(super) fn attributes(
    table: &Table,
    detail: Detail,
    comments: bool,
    dialect: Dialect,
) -> Vec<String> {
    if detail == Detail::Names {
        return Vec::new();
    }
    let keys = Keys::of(table);
    let shown = table.columns.iter().filter_map(|column| {
        let key_words = keys.words(&column.name);
        let wanted = detail == Detail::Columns || !key_words.is_empty();
        wanted.then(|| attribute(column, &key_words, comments, dialect))
    });
    shown.collect()
}

fn attribute(column: &Column, key_words: &str, comments: bool, dialect: Dialect) -> String {
    let type_text = dialect.short_type(&column.data_type);
    let type_word = match type_text.as_str() {
        "" => "any".to_owned(),
        // Diagrams name a type of another schema by its last part: the schema is noise there.
        _ => match &column.data_type.name.schema {
            Some(schema) => word(
                type_text
                    .strip_prefix(&format!("{schema}."))
                    .unwrap_or(&type_text),
            ),
            None => word(&type_text),
        },
    };
    let name = word(&column.name);
    let mut line = format!("{type_word} {name}");
    if !key_words.is_empty() {
        line.push(' ');
        line.push_str(key_words);
    }
    let mut comment = String::new();
    if name != column.name.as_str() {
        comment.push_str(&column.name);
    }
    if let Some(text) = column.comment.as_deref().filter(|_| comments) {
        if !comment.is_empty() {
            comment.push_str(": ");
        }
        comment.push_str(text);
    }
    if !comment.trim().is_empty() {
        line.push_str(&format!(" \"{}\"", label(&comment)));
    }
    line
}
