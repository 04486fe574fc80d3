//! A catalog after renames alone: what refers to a renamed thing by identity follows, as it does in the
//! server. Bodies of functions that are strings do not.

use std::collections::BTreeMap;

use super::Renames;
use super::relations::ColumnsOf;
use super::spelling::{Columns, Spelling};
use crate::dialect::Dialect;
use crate::model::{
    Argument, Catalog, CompositeType, Domain, EnumType, EventTrigger, Ident, ObjectId, ObjectKind,
    Publication, QualifiedName, Returns, Routine, RoutineBody, Sequence, Statistics, Subscription,
};

pub(super) fn follow(before: &Catalog, renames: &Renames, dialect: Dialect) -> Catalog {
    let mut catalog = before.clone();
    let spelling = Spelling::new(renames, dialect);
    let all = renamed_columns(before, renames);
    spelling.namespaces(&mut catalog);
    spelling.types(&mut catalog);
    spelling.code(&mut catalog);
    rekeyed(
        &mut catalog.tables,
        |o| spelling.table(o, &all),
        |o| &o.name,
    );
    rekeyed(&mut catalog.views, |o| spelling.view(o), |o| &o.name);
    rekeyed(
        &mut catalog.sequences,
        |o| spelling.sequence(o, &all),
        |o| &o.name,
    );
    rekeyed(
        &mut catalog.statistics,
        |o| spelling.statistics(o, &all),
        |o| &o.name,
    );
    for publication in catalog.publications.values_mut() {
        spelling.publication(publication, &all);
    }
    for trigger in catalog.event_triggers.values_mut() {
        spelling.routine(&mut trigger.function);
    }
    spelling.cluster_wide(&mut catalog);
    catalog
}

/// The map with every object changed, under its new key.
fn rekeyed<K: Ord + Clone, V>(
    map: &mut BTreeMap<K, V>,
    change: impl Fn(&mut V),
    key: impl Fn(&V) -> &K,
) {
    let old = std::mem::take(map);
    map.extend(old.into_values().map(|mut object| {
        change(&mut object);
        (key(&object).clone(), object)
    }));
}

/// The columns that are renamed, also where they are inherited.
fn renamed_columns(before: &Catalog, renames: &Renames) -> ColumnsOf {
    let mut all = ColumnsOf::new();
    for (id, new) in &renames.members {
        if id.kind == ObjectKind::Column
            && let Some(old) = &id.member
        {
            let columns = all.entry(id.name.clone()).or_default();
            columns.insert(old.clone(), new.clone());
        }
    }
    // Each round goes one level of inheritance down.
    let mut known = usize::MAX;
    while !all.is_empty() && known != all.len() {
        known = all.len();
        for table in before.tables.values() {
            let partitioned = table.partition_of.iter().map(|p| &p.parent);
            let mut inherited = Columns::new();
            for parent in table.inherits.iter().chain(partitioned) {
                inherited.extend(all.get(parent).cloned().unwrap_or_default());
            }
            if !inherited.is_empty() {
                let columns = all.entry(table.name.clone()).or_default();
                for (old, new) in inherited {
                    columns.entry(old).or_insert(new);
                }
            }
        }
    }
    all
}

impl Spelling<'_> {
    fn namespaces(&self, catalog: &mut Catalog) {
        let schemas = &self.renames.schemas;
        if schemas.is_empty() {
            return;
        }
        let new = |schema: &mut Ident| {
            if let Some(new) = schemas.get(schema) {
                *schema = new.clone();
            }
        };
        rekeyed(&mut catalog.schemas, |o| new(&mut o.name), |o| &o.name);
        for extension in catalog.extensions.values_mut() {
            extension.schema.iter_mut().for_each(new);
        }
        let old = std::mem::take(&mut catalog.default_privileges);
        for ((role, _, kind), mut o) in old {
            o.schema.iter_mut().for_each(new);
            let key = (role, o.schema.clone(), kind);
            catalog.default_privileges.insert(key, o);
        }
        self.others_in_schemas(catalog);
    }

    /// Kinds that nobody renames on their own, but that move with their schema.
    fn others_in_schemas(&self, catalog: &mut Catalog) {
        let moved = |name: &mut QualifiedName| *name = self.renames.in_new_schema(name);
        rekeyed(
            &mut catalog.shell_types,
            |o| moved(&mut o.name),
            |o| &o.name,
        );
        rekeyed(
            &mut catalog.conversions,
            |o| moved(&mut o.name),
            |o| &o.name,
        );
        let old = std::mem::take(&mut catalog.text_search);
        for ((kind, _), mut o) in old {
            moved(&mut o.name);
            for names in o.mappings.values_mut() {
                names.iter_mut().for_each(moved);
            }
            catalog.text_search.insert((kind, o.name.clone()), o);
        }
        let old = std::mem::take(&mut catalog.operators);
        for ((_, signature), mut o) in old {
            moved(&mut o.name);
            catalog.operators.insert((o.name.clone(), signature), o);
        }
        let old = std::mem::take(&mut catalog.operator_families);
        for ((_, method), mut o) in old {
            moved(&mut o.name);
            catalog
                .operator_families
                .insert((o.name.clone(), method), o);
        }
        let old = std::mem::take(&mut catalog.operator_classes);
        for ((_, method), mut o) in old {
            moved(&mut o.name);
            self.data_type(&mut o.data_type);
            o.family.iter_mut().for_each(moved);
            catalog.operator_classes.insert((o.name.clone(), method), o);
        }
    }

    /// What lives outside of schemas.
    fn cluster_wide(&self, catalog: &mut Catalog) {
        let new = |kind: ObjectKind, name: &mut Ident| {
            let now = self
                .renames
                .new_name(kind, &QualifiedName::bare(name.clone()));
            *name = now.name;
        };
        let publication = |o: &mut Publication| new(ObjectKind::Publication, &mut o.name);
        rekeyed(&mut catalog.publications, publication, |o| &o.name);
        let trigger = |o: &mut EventTrigger| new(ObjectKind::EventTrigger, &mut o.name);
        rekeyed(&mut catalog.event_triggers, trigger, |o| &o.name);
        let subscription = |o: &mut Subscription| new(ObjectKind::Subscription, &mut o.name);
        rekeyed(&mut catalog.subscriptions, subscription, |o| &o.name);
    }

    fn types(&self, catalog: &mut Catalog) {
        rekeyed(
            &mut catalog.collations,
            |o| self.name(&mut o.name),
            |o| &o.name,
        );
        rekeyed(&mut catalog.enums, |o| self.enum_type(o), |o| &o.name);
        rekeyed(&mut catalog.domains, |o| self.domain(o), |o| &o.name);
        rekeyed(&mut catalog.composites, |o| self.composite(o), |o| &o.name);
        let range = |o: &mut crate::model::RangeType| {
            self.name(&mut o.name);
            self.data_type(&mut o.subtype);
        };
        rekeyed(&mut catalog.ranges, range, |o| &o.name);
        let old = std::mem::take(&mut catalog.casts);
        for (_, mut o) in old {
            self.data_type(&mut o.source);
            self.data_type(&mut o.target);
            if let crate::model::CastMethod::Function(name, types) = &mut o.method {
                self.routine(name);
                types.iter_mut().for_each(|t| self.data_type(t));
            }
            catalog
                .casts
                .insert((o.source.clone(), o.target.clone()), o);
        }
    }

    fn enum_type(&self, o: &mut EnumType) {
        for value in &mut o.values {
            let id = ObjectId::member(ObjectKind::Enum, o.name.clone(), &**value);
            if let Some(new) = self.renames.new_member(&id) {
                *value = new.as_str().into();
            }
        }
        self.name(&mut o.name);
    }

    fn domain(&self, o: &mut Domain) {
        let none = Columns::new();
        for check in &mut o.checks {
            let id = ObjectId::constraint(&o.name, &check.name);
            if let Some(new) = self.renames.new_member(&id) {
                check.name = new.clone();
            }
            self.expression(&mut check.expression, &none);
        }
        self.name(&mut o.name);
        self.data_type(&mut o.base);
        o.default.iter_mut().for_each(|e| self.expression(e, &none));
        o.collation.iter_mut().for_each(|n| self.name(n));
    }

    fn composite(&self, o: &mut CompositeType) {
        let comments = std::mem::take(&mut o.attribute_comments);
        let new = |name: &Ident| {
            let id = ObjectId::member(ObjectKind::Composite, o.name.clone(), name.clone());
            self.renames.new_member(&id).unwrap_or(name).clone()
        };
        o.attribute_comments = comments.into_iter().map(|(n, c)| (new(&n), c)).collect();
        let names: Vec<Ident> = o.attributes.iter().map(|(name, ..)| new(name)).collect();
        for ((name, data_type, collation), new) in o.attributes.iter_mut().zip(names) {
            *name = new;
            self.data_type(data_type);
            collation.iter_mut().for_each(|n| self.name(n));
        }
        self.name(&mut o.name);
    }

    fn code(&self, catalog: &mut Catalog) {
        let old = std::mem::take(&mut catalog.routines);
        for (_, mut o) in old {
            self.routine_object(&mut o);
            let key = (o.name.clone(), o.signature().into());
            catalog.routines.insert(key, o);
        }
        let old = std::mem::take(&mut catalog.aggregates);
        for (_, mut o) in old {
            self.routine(&mut o.name);
            self.arguments(&mut o.arguments);
            let key = (o.name.clone(), o.signature().into());
            catalog.aggregates.insert(key, o);
        }
    }

    fn routine_object(&self, o: &mut Routine) {
        self.routine(&mut o.name);
        self.arguments(&mut o.arguments);
        if let Some(Returns::Type(t) | Returns::SetOf(t)) = &mut o.returns {
            self.data_type(t);
        }
        o.transforms.iter_mut().for_each(|t| self.data_type(t));
        if let RoutineBody::Standard(body) = &mut o.body {
            self.expression(body, &Columns::new());
        }
    }

    fn arguments(&self, arguments: &mut [Argument]) {
        for argument in arguments {
            self.data_type(&mut argument.data_type);
            let default = argument.default.iter_mut();
            default.for_each(|e| self.expression(e, &Columns::new()));
        }
    }

    fn sequence(&self, o: &mut Sequence, all: &ColumnsOf) {
        let moves_with = o.owned_by.as_ref().map(|(table, _)| table.clone());
        self.name(&mut o.name);
        let Some((table, column)) = &mut o.owned_by else {
            return;
        };
        if let Some(columns) = all.get(table) {
            super::spelling::rename(column, columns);
        }
        self.name(table);
        // An owned sequence goes into the schema of its table.
        if moves_with.is_some_and(|old| old.schema != table.schema) {
            o.name.schema.clone_from(&table.schema);
        }
    }

    fn statistics(&self, o: &mut Statistics, all: &ColumnsOf) {
        let none = Columns::new();
        let columns = all.get(&o.table).unwrap_or(&none);
        o.elements
            .iter_mut()
            .for_each(|e| self.expression(e, columns));
        self.name(&mut o.table);
        o.name = self.renames.new_name(ObjectKind::Statistics, &o.name);
    }

    fn publication(&self, o: &mut Publication, all: &ColumnsOf) {
        let none = Columns::new();
        for table in &mut o.tables {
            let columns = all.get(&table.name).unwrap_or(&none);
            for column in &mut table.columns {
                super::spelling::rename(column, columns);
            }
            table
                .filter
                .iter_mut()
                .for_each(|e| self.expression(e, columns));
            self.name(&mut table.name);
        }
        for schema in &mut o.schemas {
            if let Some(new) = self.renames.schemas.get(schema) {
                *schema = new.clone();
            }
        }
        o.tables.sort_by(|a, b| a.name.cmp(&b.name));
        o.schemas.sort();
    }
}
