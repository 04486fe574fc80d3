//! Columns of tables. Their order is not compared: a column that comes back stands last.

use std::collections::HashMap;

use super::differ::{Differ, Differences};
use super::types::sequence_options;
use crate::expr::value_key;
use crate::model::{Column, Facets, Ident, ObjectId, Property, QualifiedName, Table};

impl<'a> Differ<'a> {
    pub(super) fn columns(&mut self, before: &'a Table, after: &'a Table) {
        if before.columns == after.columns {
            return;
        }
        let by_name = |table: &'a Table| -> HashMap<&'a Ident, &'a Column> {
            table.columns.iter().map(|c| (&c.name, c)).collect()
        };
        let (old, new) = (by_name(before), by_name(after));
        let new_owner = after.facets.owner.as_ref();
        for column in &before.columns {
            if !new.contains_key(&column.name) && !self.follows_drop(before, column) {
                self.dropped(ObjectId::column(&after.name, &column.name));
            }
        }
        for column in &after.columns {
            let id = ObjectId::column(&after.name, &column.name);
            match old.get(&column.name) {
                None if self.follows_creation(after, column) => {}
                None => self.created(id),
                Some(before) if *before == column => {}
                Some(former) => {
                    let mut d = self.differences();
                    compare(&mut d, former, column);
                    if let Some((before, after)) = identity_facets(former, column, new_owner) {
                        self.facets(&mut d, &before, &after);
                    }
                    self.leave_unchanged_default(&mut d, former, column);
                    self.leave_inherited(&mut d, after, column);
                    self.altered(&id, d);
                }
            }
        }
    }

    /// Whether a column comes with that of a table it inherits from.
    fn follows_creation(&self, table: &Table, column: &Column) -> bool {
        let is_new = |parent: &QualifiedName| {
            let catalogs = self.pair.map(|c| c.tables.get(parent));
            let has = |t: &Table| t.column(&column.name).is_some();
            catalogs.after.is_some_and(has) && !catalogs.before.is_some_and(has)
        };
        column.inherited && self.same_parents(table) && parents(table).any(is_new)
    }

    /// Whether a column goes with that of a table it inherits from.
    fn follows_drop(&self, table: &Table, column: &Column) -> bool {
        let is_gone = |parent: &QualifiedName| {
            let catalogs = self.pair.map(|c| c.tables.get(parent));
            let has = |t: &Table| t.column(&column.name).is_some();
            catalogs.before.is_some_and(has) && catalogs.after.is_some_and(|t| !has(t))
        };
        column.inherited && self.same_parents(table) && parents(table).any(is_gone)
    }

    /// Whether a table inherits from the same tables on both sides.
    fn same_parents(&self, table: &Table) -> bool {
        let of = |t: &'a Table| -> Vec<&'a QualifiedName> { parents(t).collect() };
        let both = self.pair.map(|c| c.tables.get(&table.name).map(of));
        both.before == both.after
    }

    /// Leaves out a default that is another expression only because the column is of another type: the
    /// same value, read as one of the new type.
    fn leave_unchanged_default(&self, d: &mut Differences, before: &Column, after: &Column) {
        let (Some(old), Some(new)) = (&before.default, &after.default) else {
            return;
        };
        if before.data_type == after.data_type || old == new {
            return;
        }
        let key = value_key(self.pair.after, old.text(), &after.data_type);
        if key.as_deref() == Some(new.key()) {
            d.retain(|difference| difference.property != Property::Default);
        }
    }

    /// Leaves out what a column only inherits: the change of its parent's column makes it.
    fn leave_inherited(&self, d: &mut Differences, table: &Table, column: &Column) {
        if d.is_empty() || !column.inherited {
            return;
        }
        for parent in parents(table) {
            let columns = self.pair.map(|c| {
                let table = c.tables.get(parent)?;
                table.column(&column.name)
            });
            if let (Some(before), Some(after)) = (columns.before, columns.after) {
                let mut of_parent = self.differences();
                compare(&mut of_parent, before, after);
                d.retain(|difference| !of_parent.contains(difference));
            }
        }
    }
}

/// The tables that a table takes columns from.
fn parents(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    let partitioned = table.partition_of.iter().map(|p| &p.parent);
    table.inherits.iter().chain(partitioned)
}

fn compare(d: &mut Differences, before: &Column, after: &Column) {
    d.compare(Property::Type, &before.data_type, &after.data_type);
    d.compare(Property::Collation, &before.collation, &after.collation);
    d.compare(Property::NotNull, &before.not_null, &after.not_null);
    d.compare(Property::Default, &before.default, &after.default);
    identity(d, before, after);
    let generated = |c: &Column| c.generated.as_ref().map(|g| g.expression.clone());
    d.compare(Property::Generated, &generated(before), &generated(after));
    let kind = |c: &Column| {
        let generated = c.generated.as_ref();
        generated.map(|g| Ident::from(if g.stored { "stored" } else { "virtual" }))
    };
    d.compare(Property::GeneratedKind, &kind(before), &kind(after));
    d.compare(Property::Storage, &before.storage, &after.storage);
    d.compare(
        Property::Compression,
        &before.compression,
        &after.compression,
    );
    d.compare(
        Property::StatisticsTarget,
        &before.statistics_target,
        &after.statistics_target,
    );
    d.parameters(Property::Parameter, &before.options, &after.options);
    d.parameters(
        Property::ForeignOption,
        &before.foreign_options,
        &after.foreign_options,
    );
    d.compare(Property::Inherited, &before.inherited, &after.inherited);
    d.compare(
        Property::Autoincrement,
        &before.autoincrement,
        &after.autoincrement,
    );
    d.compare(Property::Comment, &before.comment, &after.comment);
}

fn identity(d: &mut Differences, before: &Column, after: &Column) {
    let kind = |c: &Column| {
        let identity = c.identity.as_ref();
        identity.map(|i| Ident::from(if i.always { "always" } else { "by default" }))
    };
    d.compare(Property::Identity, &kind(before), &kind(after));
    // The options of one that comes or goes come and go with it.
    if let (Some(before), Some(after)) = (&before.identity, &after.identity) {
        d.compare(
            Property::IdentitySequence,
            &before.sequence,
            &after.sequence,
        );
        sequence_options(d, &before.options, &after.options);
    }
}

/// Comment and privileges of the sequence of one that stays.
///
/// The owner is the table's, which holds everything.
fn identity_facets(
    before: &Column,
    after: &Column,
    owner: Option<&Ident>,
) -> Option<(Facets, Facets)> {
    let facets = |column: &Column| {
        let facets = &column.identity.as_ref()?.facets;
        let owner = owner.cloned();
        Some(Facets {
            owner,
            ..facets.clone()
        })
    };
    Some((facets(before)?, facets(after)?))
}
