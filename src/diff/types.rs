//! Types and sequences.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::differ::{Differ, Differences};
use crate::model::{
    CompositeType, DataType, Domain, DomainCheck, EnumType, Ident, ObjectId, ObjectKind, Property,
    QualifiedName, SequenceOptions,
};

impl<'a> Differ<'a> {
    pub(super) fn types(&mut self) {
        self.objects(
            |c| &c.collations,
            |o| ObjectId::new(ObjectKind::Collation, o.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.keyed(Property::Parameter, &before.options, &after.options);
                d.compare(Property::From, &before.from, &after.from);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.shell_types,
            |o| ObjectId::new(ObjectKind::ShellType, o.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.keyed(Property::Parameter, &before.options, &after.options);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.enums,
            |o| ObjectId::new(ObjectKind::Enum, o.name.clone()),
            Self::enum_type,
        );
        self.objects(
            |c| &c.domains,
            |o| ObjectId::new(ObjectKind::Domain, o.name.clone()),
            Self::domain,
        );
        self.objects(
            |c| &c.composites,
            |o| ObjectId::new(ObjectKind::Composite, o.name.clone()),
            Self::composite,
        );
        self.objects(
            |c| &c.ranges,
            |o| ObjectId::new(ObjectKind::Range, o.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Type, &before.subtype, &after.subtype);
                d.keyed(Property::Parameter, &before.options, &after.options);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.sequences();
    }

    fn sequences(&mut self) {
        self.objects(
            |c| &c.sequences,
            |o| ObjectId::new(ObjectKind::Sequence, o.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                sequence_options(&mut d, &before.options, &after.options);
                let owned = |by: &Option<(QualifiedName, Ident)>| {
                    let (table, column) = by.as_ref()?;
                    Some(ObjectId::column(table, column).path().into_boxed_str())
                };
                d.compare(
                    Property::OwnedBy,
                    &owned(&before.owned_by),
                    &owned(&after.owned_by),
                );
                d.compare(
                    Property::Persistence,
                    &before.persistence,
                    &after.persistence,
                );
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
    }

    /// A value is a thing of its own; the order is the type's.
    fn enum_type(&mut self, id: &ObjectId, before: &'a EnumType, after: &'a EnumType) {
        let mut d = self.differences();
        let order = |this: &EnumType, other: &EnumType| -> Vec<Box<str>> {
            let other: HashSet<&Box<str>> = other.values.iter().collect();
            let common = this.values.iter().filter(|v| other.contains(v));
            common.cloned().collect()
        };
        d.compare(
            Property::ValueOrder,
            &order(before, after),
            &order(after, before),
        );
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
        let value = |value: &str| ObjectId::member(ObjectKind::Enum, id.name.clone(), value);
        let (old, new): (HashSet<&Box<str>>, HashSet<&Box<str>>) = (
            before.values.iter().collect(),
            after.values.iter().collect(),
        );
        for gone in before.values.iter().filter(|v| !new.contains(v)) {
            self.dropped(value(gone));
        }
        for added in after.values.iter().filter(|v| !old.contains(v)) {
            self.created(value(added));
        }
    }

    fn domain(&mut self, id: &ObjectId, before: &'a Domain, after: &'a Domain) {
        let mut d = self.differences();
        d.compare(Property::Type, &before.base, &after.base);
        d.compare(Property::Collation, &before.collation, &after.collation);
        d.compare(Property::Default, &before.default, &after.default);
        d.compare(Property::NotNull, &before.not_null, &after.not_null);
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
        self.parts(
            (&before.checks, &after.checks),
            |check: &DomainCheck| &check.name,
            |check| ObjectId::constraint(&id.name, &check.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Expression, &before.expression, &after.expression);
                d.compare(Property::Validated, &!before.not_valid, &!after.not_valid);
                d.compare(Property::Comment, &before.comment, &after.comment);
                differ.altered(id, d);
            },
        );
    }

    /// An attribute is a thing of its own; the order is the type's, where dropping and appending does
    /// not lead to it.
    fn composite(&mut self, id: &ObjectId, before: &'a CompositeType, after: &'a CompositeType) {
        let mut d = self.differences();
        let names = |o: &'a CompositeType| -> Vec<&'a Ident> {
            o.attributes.iter().map(|(name, ..)| name).collect()
        };
        let (old, new) = (names(before), names(after));
        let known: HashSet<&Ident> = old.iter().copied().collect();
        let wanted: HashSet<&Ident> = new.iter().copied().collect();
        let mut reached: Vec<&Ident> = old.iter().copied().filter(|n| wanted.contains(n)).collect();
        reached.extend(new.iter().filter(|n| !known.contains(*n)));
        if reached != new {
            d.compare(Property::AttributeOrder, &old, &new);
        }
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
        type Attribute<'a> = (
            &'a DataType,
            Option<&'a QualifiedName>,
            Option<&'a Box<str>>,
        );
        let of = |o: &'a CompositeType| -> HashMap<&'a Ident, Attribute<'a>> {
            let said = o.attributes.iter().map(|(name, data_type, collation)| {
                let comment = o.attribute_comments.get(name);
                (name, (data_type, collation.as_ref(), comment))
            });
            said.collect()
        };
        let (before, after) = (of(before), of(after));
        let attribute =
            |name: &Ident| ObjectId::member(ObjectKind::Composite, id.name.clone(), name.clone());
        for name in old.into_iter().filter(|n| !after.contains_key(n)) {
            self.dropped(attribute(name));
        }
        for name in new {
            match (before.get(name), after.get(name)) {
                (None, _) => self.created(attribute(name)),
                (Some(before), Some(after)) => {
                    let mut d = self.differences();
                    d.compare(Property::Type, before.0, after.0);
                    d.compare(Property::Collation, &before.1, &after.1);
                    d.compare(Property::Comment, &before.2, &after.2);
                    self.altered(&attribute(name), d);
                }
                (Some(_), None) => {}
            }
        }
    }

    /// Compares the named parts of an object, which are sorted or not.
    pub(super) fn parts<T: PartialEq>(
        &mut self,
        (before, after): (&'a [T], &'a [T]),
        name: impl Fn(&T) -> &Ident,
        id: impl Fn(&T) -> ObjectId,
        alter: impl Fn(&mut Self, &ObjectId, &'a T, &'a T),
    ) {
        if before == after {
            return;
        }
        let sorted = |list: &'a [T]| -> BTreeMap<Ident, &'a T> {
            list.iter().map(|part| (name(part).clone(), part)).collect()
        };
        let (before, after) = (sorted(before), sorted(after));
        for (_, before, after) in super::matched::matched(&before, &after) {
            match (before, after) {
                (Some(before), None) => self.dropped(id(before)),
                (None, Some(after)) => self.created(id(after)),
                (Some(before), Some(after)) if before != after => {
                    alter(self, &id(after), before, after);
                }
                _ => {}
            }
        }
    }
}

/// The options that sequences and identity columns share.
pub(super) fn sequence_options(
    d: &mut Differences,
    before: &SequenceOptions,
    after: &SequenceOptions,
) {
    d.compare(Property::SequenceType, &before.data_type, &after.data_type);
    d.compare(Property::Start, &before.start, &after.start);
    d.compare(Property::Increment, &before.increment, &after.increment);
    d.compare(Property::MinValue, &before.min_value, &after.min_value);
    d.compare(Property::MaxValue, &before.max_value, &after.max_value);
    d.compare(Property::Cache, &before.cache, &after.cache);
    d.compare(Property::Cycle, &before.cycle, &after.cycle);
}
