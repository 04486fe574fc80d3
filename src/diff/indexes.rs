//! Indexes that stand on their own.

use std::collections::BTreeMap;

use super::differ::Differ;
use super::matched::matched;
use crate::dialect::constraint_name;
use crate::model::{Catalog, Ident, Index, ObjectId, Property, QualifiedName, Table};

impl<'a> Differ<'a> {
    pub(super) fn indexes(&mut self, relation: &QualifiedName, lists: (&'a [Index], &'a [Index])) {
        self.parts(
            lists,
            |index| &index.name,
            |index| ObjectId::index(&relation.sibling(index.name.clone())),
            Self::index,
        );
    }

    /// The indexes of a table; those that a partition has because its parent has them follow the parent's.
    pub(super) fn indexes_of_table(&mut self, before: &'a Table, after: &'a Table) {
        if before.indexes == after.indexes {
            return;
        }
        let by_name = |table: &'a Table| -> BTreeMap<&'a Ident, &'a Index> {
            table.indexes.iter().map(|i| (&i.name, i)).collect()
        };
        let (old, new) = (by_name(before), by_name(after));
        let catalogs = self.pair;
        let stays = before.partition_of.as_ref().map(|p| &p.parent)
            == after.partition_of.as_ref().map(|p| &p.parent);
        let id = |index: &Index| ObjectId::index(&after.name.sibling(index.name.clone()));
        for (_, gone, made) in matched(&old, &new) {
            match (gone, made) {
                (Some(gone), None) if stays && follows_parent(catalogs.before, before, gone) => {}
                (None, Some(made)) if follows_parent(catalogs.after, after, made) => {}
                (Some(gone), None) => self.dropped(id(gone)),
                (None, Some(made)) => self.created(id(made)),
                (Some(gone), Some(made)) if gone != made => self.index(&id(made), gone, made),
                _ => {}
            }
        }
    }

    fn index(&mut self, id: &ObjectId, before: &'a Index, after: &'a Index) {
        let mut d = self.differences();
        d.compare(Property::Unique, &before.unique, &after.unique);
        d.compare(Property::Method, &before.method, &after.method);
        d.compare(Property::Elements, &before.elements, &after.elements);
        d.compare(Property::Include, &before.include, &after.include);
        d.compare(
            Property::NullsNotDistinct,
            &before.nulls_not_distinct,
            &after.nulls_not_distinct,
        );
        d.compare(Property::Predicate, &before.predicate, &after.predicate);
        d.parameters(Property::Parameter, &before.storage, &after.storage);
        self.tablespace(
            &mut d,
            before.tablespace.as_ref(),
            after.tablespace.as_ref(),
        );
        d.compare(Property::Only, &before.only, &after.only);
        d.compare(Property::AttachedTo, &before.parent, &after.parent);
        d.keyed(
            Property::ExpressionStatistics,
            &before.statistics,
            &after.statistics,
        );
        d.compare(Property::Comment, &before.comment, &after.comment);
        self.altered(id, d);
    }
}

/// Whether the server has made the index of a partition because its parent has one: attached to it, the
/// same in everything, under the name that the server makes. Then nothing is said by naming it.
fn follows_parent(catalog: &Catalog, table: &Table, index: &Index) -> bool {
    let parent = table.partition_of.as_ref().map(|p| &p.parent);
    let parent = parent.and_then(|name| catalog.tables.get(name));
    let (Some(parent), Some(attached)) = (parent, &index.parent) else {
        return false;
    };
    let of_parent = |i: &&Index| parent.name.sibling(i.name.clone()) == *attached;
    let Some(model) = parent.indexes.iter().find(of_parent) else {
        return false;
    };
    let made = Index {
        name: index.name.clone(),
        parent: index.parent.clone(),
        only: index.only,
        comment: None,
        statistics: BTreeMap::new(),
        ..model.clone()
    };
    *index == made && has_made_name(table, index)
}

/// Whether the server would name the index so (indexcmds.c, `ChooseIndexName`). Names of expressions are
/// not made here, so any will do.
fn has_made_name(table: &Table, index: &Index) -> bool {
    let Some(mut columns) = index.plain_columns() else {
        return true;
    };
    columns.extend(&index.include);
    let columns: Vec<&str> = columns.iter().map(|c| c.as_str()).collect();
    let made = constraint_name(&table.name.name, &columns, "idx", |_| false);
    let number = index.name.strip_prefix(made.as_str());
    number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}
