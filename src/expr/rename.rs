//! Names within texts, written anew after a rename.

use super::{ReferenceKind, references_of_query};
use crate::dialect::Dialect;
use crate::model::{Ident, QualifiedName};

/// The text with a relation or type renamed; `None` where it does not name it.
pub fn rename_in_text(
    text: &str,
    old: &QualifiedName,
    new: &QualifiedName,
    dialect: Dialect,
) -> Option<String> {
    replace_references(text, dialect, |kind, name| {
        let same_schema = name.schema.is_none() || name.schema == old.schema;
        let matches = kind != ReferenceKind::Column
            && kind != ReferenceKind::Function
            && name.name == old.name
            && same_schema;
        matches.then(|| match name.schema {
            Some(_) => dialect.quote_name(new),
            None if new.schema == old.schema => dialect.quote(&new.name).into_owned(),
            None => dialect.quote_name(new),
        })
    })
}

pub fn rename_column_in_text(
    text: &str,
    from: &Ident,
    to: &Ident,
    dialect: Dialect,
) -> Option<String> {
    replace_references(text, dialect, |kind, name| {
        (kind == ReferenceKind::Column && name.name == *from).then(|| match &name.schema {
            Some(table) => format!("{}.{}", dialect.quote(table), dialect.quote(to)),
            None => dialect.quote(to).into_owned(),
        })
    })
}

/// The text with names written anew; `None` where `with` has a new spelling for none of them.
pub fn replace_references(
    text: &str,
    dialect: Dialect,
    with: impl Fn(ReferenceKind, &QualifiedName) -> Option<String>,
) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    for reference in references_of_query(text, dialect) {
        let Some(replacement) = with(reference.kind, &reference.name) else {
            continue;
        };
        let (start, end) = (reference.start as usize, reference.end as usize);
        out.push_str(&text[copied..start]);
        if text[start..].starts_with('\'') {
            out.push_str(&dialect.literal(&replacement));
        } else {
            out.push_str(&replacement);
        }
        copied = end;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}
