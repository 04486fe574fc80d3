//! Columns as rows of a box.

use std::collections::BTreeSet;

use super::Row;
use crate::dialect::Dialect;
use crate::model::{Column, Ident, Table};
use crate::prose;
use crate::render::relations::unique_sets;

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
}

pub(super) fn column_row(column: &Column, keys: &Keys<'_>, dialect: Dialect) -> Row {
    let primary = keys.primary.contains(&column.name);
    let text = dialect.short_type(&column.data_type);
    // A type of another schema by its last part: in a diagram the schema is noise.
    let short = match &column.data_type.name.schema {
        Some(schema) => text.strip_prefix(&format!("{schema}.")).unwrap_or(&text),
        None => &text,
    };
    Row {
        name: column.name.to_string(),
        type_text: short.to_owned(),
        primary,
        foreign: keys.foreign.contains(&column.name),
        unique: keys.unique.contains(&column.name) && !(primary && keys.primary.len() == 1),
        nullable: !column.not_null && !primary,
        comment: column.comment.as_deref().map(remark),
        references: Vec::new(),
    }
}

/// What a diagram shows of a comment: its words, as far as anybody reads them there.
pub(super) fn remark(comment: &str) -> String {
    const MOST: usize = 1_000;
    prose::shortened(&prose::plain(comment), MOST).into_owned()
}

/// A column of a table that is not declared here.
pub(super) fn ghost_row(name: &Ident) -> Row {
    Row {
        name: name.to_string(),
        ..Row::default()
    }
}
