//! Views and materialized views.

use super::differ::{Differ, Differences};
use crate::model::{ObjectId, ObjectKind, Property, View};

impl<'a> Differ<'a> {
    pub(super) fn views(&mut self) {
        self.objects(
            |c| &c.views,
            |o| {
                let kind = match o.materialized {
                    true => ObjectKind::MaterializedView,
                    false => ObjectKind::View,
                };
                ObjectId::new(kind, o.name.clone())
            },
            Self::view,
        );
    }

    fn view(&mut self, id: &ObjectId, before: &'a View, after: &'a View) {
        let mut d = self.differences();
        definition(&mut d, before, after);
        d.parameters(Property::Parameter, &before.options, &after.options);
        d.compare(
            Property::AccessMethod,
            &before.access_method,
            &after.access_method,
        );
        self.tablespace(
            &mut d,
            before.tablespace.as_ref(),
            after.tablespace.as_ref(),
        );
        d.keyed(Property::ColumnDefault, &before.defaults, &after.defaults);
        d.keyed(
            Property::ColumnStatistics,
            &before.column_statistics,
            &after.column_statistics,
        );
        d.keyed(
            Property::ColumnComment,
            &before.column_comments,
            &after.column_comments,
        );
        d.compare(Property::ClusterOn, &before.cluster_on, &after.cluster_on);
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
        self.indexes(&after.name, (&before.indexes, &after.indexes));
        self.triggers(&after.name, (&before.triggers, &after.triggers));
        self.rules(&after.name, (&before.rules, &after.rules));
    }
}

fn definition(d: &mut Differences, before: &View, after: &View) {
    // The key of the query holds the names of the columns, and whether it is recursive: where the author
    // says them makes no other view.
    if before.query != after.query {
        // The key begins with the names, in parentheses.
        let names = |v: &'_ View| {
            v.query
                .key()
                .split_once(')')
                .map(|(names, _)| names.to_owned())
        };
        if names(before) != names(after) {
            d.compare(Property::Columns, &before.columns, &after.columns);
        }
        d.compare(Property::Query, &before.query, &after.query);
        d.compare(Property::Recursive, &before.recursive, &after.recursive);
    }
    d.compare(
        Property::CheckOption,
        &before.check_option,
        &after.check_option,
    );
    d.compare(Property::NoData, &before.no_data, &after.no_data);
}
