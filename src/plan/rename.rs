//! Renames, which come before everything else: what is planned then has one name on both sides.

use super::Step;
use crate::dialect::Dialect;
use crate::model::{Catalog, Ident, ObjectId, ObjectKind, QualifiedName, Table};

/// The renames that the authors of the catalog after ask for, and those that follow from them.
pub(super) fn steps(before: &Catalog, after: &Catalog, dialect: Dialect) -> Vec<Step> {
    let mut out = Vec::new();
    for (id, notes) in &after.notes {
        let Some(old) = &notes.renamed_from else {
            continue;
        };
        match id.kind {
            ObjectKind::Column => out.extend(column(before, after, id, old, dialect)),
            _ => out.extend(object(before, after, id, old, dialect)),
        }
    }
    out
}

/// A column of a table that is there before, under its name of then.
fn column(
    before: &Catalog,
    after: &Catalog,
    id: &ObjectId,
    old: &Ident,
    dialect: Dialect,
) -> Option<Step> {
    let new = id.member.as_ref()?;
    let table_id = ObjectId::table(&id.name);
    let was = after
        .notes(&table_id)
        .and_then(|n| n.renamed_from.as_ref())
        .map(|name| id.name.sibling(name.clone()))
        .filter(|name| before.tables.contains_key(name) && !before.tables.contains_key(&id.name));
    let table = before.tables.get(was.as_ref().unwrap_or(&id.name))?;
    if table.column(old).is_none() || table.column(new).is_some() {
        return None;
    }
    let now = after.tables.get(&id.name)?;
    if now.column(old).is_some() {
        return None;
    }
    // Notes come in the order of kinds, and tables stand before columns there.
    let name = dialect.quote_name(&id.name);
    let (old, new) = (dialect.quote(old), dialect.quote(new));
    Some(Step::new(
        id.clone(),
        format!("ALTER TABLE {name} RENAME COLUMN {old} TO {new}"),
    ))
}

/// An object that lives in a schema.
fn object(
    before: &Catalog,
    after: &Catalog,
    id: &ObjectId,
    old: &Ident,
    dialect: Dialect,
) -> Vec<Step> {
    let was = id.name.sibling(old.clone());
    let find = |catalog: &Catalog, name: &QualifiedName| -> bool {
        match id.kind {
            ObjectKind::Table => catalog.tables.contains_key(name),
            ObjectKind::View | ObjectKind::MaterializedView => catalog.views.contains_key(name),
            ObjectKind::Sequence => catalog.sequences.contains_key(name),
            ObjectKind::Enum => catalog.enums.contains_key(name),
            ObjectKind::Domain => catalog.domains.contains_key(name),
            ObjectKind::Composite => catalog.composites.contains_key(name),
            _ => false,
        }
    };
    if !find(before, &was) || find(before, &id.name) || find(after, &was) {
        return Vec::new();
    }
    let word = match id.kind {
        ObjectKind::Table => "TABLE",
        ObjectKind::View => "VIEW",
        ObjectKind::MaterializedView => "MATERIALIZED VIEW",
        ObjectKind::Sequence => "SEQUENCE",
        ObjectKind::Domain => "DOMAIN",
        _ => "TYPE",
    };
    let (from, to) = (dialect.quote_name(&was), dialect.quote(&id.name.name));
    vec![Step::new(
        id.clone(),
        format!("ALTER {word} {from} RENAME TO {to}"),
    )]
}

/// Parts of a table that are the same but for their names: they are renamed, not made again.
fn parts(before: &Table, after: &Table, dialect: Dialect) -> Vec<Step> {
    let mut out = Vec::new();
    let table = dialect.quote_name(&after.name);
    for old in before
        .constraints
        .iter()
        .filter(|c| after.constraint(&c.name).is_none())
    {
        let mut same = after.constraints.iter().filter(|new| {
            let mut named = (*new).clone();
            named.name = old.name.clone();
            before.constraint(&new.name).is_none() && named == *old
        });
        let (Some(new), None) = (same.next(), same.next()) else {
            continue;
        };
        let (from, to) = (dialect.quote(&old.name), dialect.quote(&new.name));
        out.push(Step::new(
            ObjectId::constraint(&after.name, &new.name),
            format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to}"),
        ));
    }
    for old in before
        .indexes
        .iter()
        .filter(|i| after.index(&i.name).is_none())
    {
        let mut same = after.indexes.iter().filter(|new| {
            let mut named = (*new).clone();
            named.name = old.name.clone();
            before.index(&new.name).is_none() && named == *old
        });
        let (Some(new), None) = (same.next(), same.next()) else {
            continue;
        };
        let from = dialect.quote_name(&after.name.sibling(old.name.clone()));
        let to = dialect.quote(&new.name);
        out.push(Step::new(
            ObjectId::index(&after.name.sibling(new.name.clone())),
            format!("ALTER INDEX {from} RENAME TO {to}"),
        ));
    }
    out
}

/// Tables that are there on both sides, for [`parts`].
pub(super) fn of_tables(before: &Catalog, after: &Catalog, dialect: Dialect) -> Vec<Step> {
    if dialect != Dialect::Postgres {
        return Vec::new();
    }
    let both = before
        .tables
        .iter()
        .filter_map(|(name, old)| Some((old, after.tables.get(name)?)));
    let differ =
        both.filter(|(old, new)| old.constraints != new.constraints || old.indexes != new.indexes);
    let steps: Vec<Step> = differ
        .flat_map(|(old, new)| parts(old, new, dialect))
        .collect();
    steps
}
