//! The sequences of identity columns: they come with their column, and have comments and privileges of
//! their own.

use std::collections::BTreeMap;

use super::acl;
use super::subject::comment_statement;
use crate::dialect::{Dialect, identity_sequence};
use crate::model::{Acl, Facets, ObjectRef, QualifiedName, Sequence, Table};

fn described(table: &Table) -> BTreeMap<QualifiedName, &Facets> {
    let columns = table.columns.iter();
    let named = columns.filter_map(|column| {
        let identity = column.identity.as_ref()?;
        Some((identity_sequence(&table.name, column), &identity.facets))
    });
    named.collect()
}

/// What is said of fresh sequences.
pub fn statements(table: &Table, dialect: Dialect) -> Vec<String> {
    changes(&Table::default(), table, dialect)
}

/// What leads from the one to the other.
pub(super) fn changes(before: &Table, after: &Table, dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    let old = described(before);
    for (name, facets) in described(after) {
        let none = Facets::default();
        let was = old.get(&name).copied().unwrap_or(&none);
        if was == facets {
            continue;
        }
        let sequence = Sequence {
            name,
            ..Sequence::default()
        };
        let object = ObjectRef::Sequence(&sequence);
        if was.comment != facets.comment {
            out.extend(comment_statement(
                object,
                facets.comment.as_deref(),
                dialect,
            ));
        }
        let acl: Acl = super::alter::acl_difference(&was.acl, &facets.acl);
        out.extend(acl::privileges(object, &acl, dialect));
    }
    out
}
