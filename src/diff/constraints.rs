//! Constraints of tables. Where constraints may be without names (SQLite), they go by what they are
//! about.

use std::collections::BTreeMap;

use super::differ::{Differ, Differences};
use super::matched::matched;
use super::shown::names;
use crate::dialect::constraint_name;
use crate::model::{
    Catalog, Constraint, ConstraintKind, ForeignKey, Ident, ObjectId, Pair, Parameters, Property,
    QualifiedName, Table,
};

fn parent_of(table: &Table) -> Option<&QualifiedName> {
    table.partition_of.as_ref().map(|p| &p.parent)
}

/// What tells the constraints of a table apart: the name, else kind and columns, then a number.
type Key<'a> = (&'a Ident, u8, &'a [Ident], usize);

impl<'a> Differ<'a> {
    pub(super) fn constraints(&mut self, before: &'a Table, after: &'a Table) {
        if before.constraints == after.constraints {
            return;
        }
        let pair = Pair::new(before, after);
        // Equal ones without a name go first, so that checks are not compared by their number.
        let mut rest = after.constraints.iter().collect::<Vec<_>>();
        let mut old = Vec::new();
        for constraint in &before.constraints {
            let same = |c: &&Constraint| *c == constraint;
            let found = match constraint.name.is_empty() {
                true => rest.iter().position(same),
                false => None,
            };
            match found {
                Some(n) => drop(rest.remove(n)),
                None => old.push(constraint),
            }
        }
        let (old, new) = (keyed(&old), keyed(&rest));
        for (_, before, after_one) in matched(&old, &new) {
            match (before, after_one) {
                (Some(c), None) if self.is_of_parent(pair, c, true) => {}
                (None, Some(c)) if self.is_of_parent(pair, c, false) => {}
                (Some(gone), None) => self.dropped(id(&after.name, gone)),
                (None, Some(created)) => self.created(id(&after.name, created)),
                (Some(before), Some(now)) if before != now => {
                    let mut d = self.differences();
                    self.constraint(&mut d, before, now);
                    self.altered(&id(&after.name, now), d);
                }
                _ => {}
            }
        }
    }

    /// Whether a partition has the constraint from its parent, under the name that the server makes: then it
    /// comes, stays or goes with the parent's, and it means nothing whether the partition repeats it.
    fn is_of_parent(&self, tables: Pair<&Table>, constraint: &Constraint, gone: bool) -> bool {
        let gives = |catalog: &Catalog, parent: Option<&QualifiedName>| {
            let table = parent.and_then(|name| catalog.tables.get(name));
            let mut constraints = table.iter().flat_map(|t| &t.constraints);
            let same = |c: &Constraint| {
                c.kind == constraint.kind && c.deferral == constraint.deferral && !c.only
            };
            constraints.any(same)
        };
        let parents = tables.map(parent_of);
        let goes =
            gone && parents.before == parents.after && gives(self.pair.before, parents.before);
        if !(gives(self.pair.after, parents.after) || goes) {
            return false;
        }
        let label = match constraint.kind {
            ConstraintKind::PrimaryKey { .. } => "pkey",
            ConstraintKind::Unique { .. } => "key",
            ConstraintKind::ForeignKey(_) => "fkey",
            ConstraintKind::Exclusion { .. } | ConstraintKind::Check { .. } => return false,
        };
        let columns = match constraint.is_primary_key() {
            true => Vec::new(),
            false => constraint.columns().iter().map(Ident::as_str).collect(),
        };
        let made = constraint_name(&tables.after.name.name, &columns, label, |_| false);
        constraint.name == *made.as_str()
    }

    fn constraint(&mut self, d: &mut Differences, before: &Constraint, after: &Constraint) {
        d.compare(Property::Deferral, &before.deferral, &after.deferral);
        d.compare(Property::Validated, &!before.not_valid, &!after.not_valid);
        d.compare(
            Property::Enforced,
            &!before.not_enforced,
            &!after.not_enforced,
        );
        d.compare(Property::NoInherit, &before.no_inherit, &after.no_inherit);
        d.compare(Property::Only, &before.only, &after.only);
        d.compare(Property::Comment, &before.comment, &after.comment);
        d.compare(
            Property::IndexComment,
            &before.index_comment,
            &after.index_comment,
        );
        if before.rank() != after.rank() {
            let kind = |c: &Constraint| Ident::from(kind_text(c));
            return d.compare(Property::Kind, &kind(before), &kind(after));
        }
        match (&before.kind, &after.kind) {
            (ConstraintKind::ForeignKey(before), ConstraintKind::ForeignKey(after)) => {
                foreign_key(d, before, after);
            }
            (
                ConstraintKind::Check { expression: before },
                ConstraintKind::Check { expression: after },
            ) => d.compare(Property::Expression, before, after),
            _ => self.with_index(d, before, after),
        }
    }

    /// Keys and exclusions.
    fn with_index(&mut self, d: &mut Differences, before: &Constraint, after: &Constraint) {
        d.compare(Property::Columns, before.columns(), after.columns());
        let (old, new) = (Backing::of(before), Backing::of(after));
        d.compare(Property::Include, &old.include, &new.include);
        d.compare(
            Property::NullsNotDistinct,
            &old.nulls_not_distinct,
            &new.nulls_not_distinct,
        );
        d.compare(
            Property::WithoutOverlaps,
            &old.without_overlaps,
            &new.without_overlaps,
        );
        if let (Some(before), Some(after)) = (old.storage, new.storage) {
            d.parameters(Property::Parameter, before, after);
        }
        self.tablespace(d, old.tablespace, new.tablespace);
        if let (
            ConstraintKind::Exclusion {
                method: old_method,
                elements: old_elements,
                predicate: old_predicate,
                ..
            },
            ConstraintKind::Exclusion {
                method,
                elements,
                predicate,
                ..
            },
        ) = (&before.kind, &after.kind)
        {
            d.compare(Property::Method, old_method, method);
            d.compare(Property::Elements, old_elements, elements);
            d.compare(Property::Predicate, old_predicate, predicate);
        }
    }
}

fn keyed<'a>(list: &[&'a Constraint]) -> BTreeMap<Key<'a>, &'a Constraint> {
    let mut all = BTreeMap::new();
    for constraint in list {
        let (rank, columns): (u8, &[Ident]) = match constraint.name.is_empty() {
            true => (constraint.rank(), constraint.columns()),
            false => (0, &[]),
        };
        let mut key: Key<'a> = (&constraint.name, rank, columns, 0);
        while all.contains_key(&key) {
            key.3 += 1;
        }
        all.insert(key, *constraint);
    }
    all
}

/// One without a name is told apart by what it says.
fn id(table: &QualifiedName, constraint: &Constraint) -> ObjectId {
    let mut id = ObjectId::constraint(table, &constraint.name);
    if constraint.name.is_empty() {
        let about = match constraint.as_check() {
            Some(expression) => expression.text().to_owned(),
            None => names(constraint.columns()),
        };
        id.signature = Some(format!("{} {about}", kind_text(constraint)).into());
    }
    id
}

fn kind_text(constraint: &Constraint) -> &'static str {
    match constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "primary key",
        ConstraintKind::Unique { .. } => "unique",
        ConstraintKind::Exclusion { .. } => "exclude",
        ConstraintKind::ForeignKey(_) => "foreign key",
        ConstraintKind::Check { .. } => "check",
    }
}

fn foreign_key(d: &mut Differences, before: &ForeignKey, after: &ForeignKey) {
    d.compare(Property::Columns, &before.columns, &after.columns);
    d.compare(Property::Target, &before.target, &after.target);
    d.compare(
        Property::TargetColumns,
        &before.target_columns,
        &after.target_columns,
    );
    d.compare(Property::Match, &before.match_type, &after.match_type);
    d.compare(Property::OnDelete, &before.on_delete, &after.on_delete);
    d.compare(
        Property::OnDeleteColumns,
        &before.on_delete_columns,
        &after.on_delete_columns,
    );
    d.compare(Property::OnUpdate, &before.on_update, &after.on_update);
    d.compare(Property::Period, &before.period, &after.period);
}

/// What a constraint says about the index that the server keeps for it.
#[derive(Default)]
struct Backing<'a> {
    include: Option<&'a Vec<Ident>>,
    nulls_not_distinct: bool,
    without_overlaps: bool,
    storage: Option<&'a Parameters>,
    tablespace: Option<&'a Ident>,
}

impl<'a> Backing<'a> {
    fn of(constraint: &'a Constraint) -> Self {
        match &constraint.kind {
            ConstraintKind::PrimaryKey {
                include,
                storage,
                tablespace,
                without_overlaps,
                ..
            } => Self {
                include: Some(include),
                nulls_not_distinct: false,
                without_overlaps: *without_overlaps,
                storage: Some(storage),
                tablespace: tablespace.as_ref(),
            },
            ConstraintKind::Unique {
                include,
                nulls_not_distinct,
                storage,
                tablespace,
                without_overlaps,
                ..
            } => Self {
                include: Some(include),
                nulls_not_distinct: *nulls_not_distinct,
                without_overlaps: *without_overlaps,
                storage: Some(storage),
                tablespace: tablespace.as_ref(),
            },
            ConstraintKind::Exclusion {
                include,
                storage,
                tablespace,
                ..
            } => Self {
                include: Some(include),
                storage: Some(storage),
                tablespace: tablespace.as_ref(),
                ..Self::default()
            },
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } => Self::default(),
        }
    }
}
