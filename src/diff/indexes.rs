//! Indexes that stand on their own.

use super::differ::Differ;
use crate::model::{Index, ObjectId, Property, QualifiedName};

impl<'a> Differ<'a> {
    pub(super) fn indexes(&mut self, relation: &QualifiedName, lists: (&'a [Index], &'a [Index])) {
        self.parts(
            lists,
            |index| &index.name,
            |index| ObjectId::index(&relation.sibling(index.name.clone())),
            Self::index,
        );
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
