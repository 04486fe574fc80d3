//! A whole database schema, resolved.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Every object of a database schema, by name.
///
/// Invariants once resolved: every name is qualified (PostgreSQL), every implicit name is made,
/// every list whose order means nothing is sorted. Equality ignores [`Catalog::notes`] and
/// [`Catalog::kept`], which the database does not hold as schema, and [`Catalog::external`].
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// What times without a zone are of, where a server has said so.
    pub zone: Option<Zone>,
    /// Whether `extract` is `date_part` and gives floats, as before version 14.
    pub extracts_floats: bool,
    pub schemas: BTreeMap<Ident, Schema>,
    pub extensions: BTreeMap<Ident, Extension>,
    pub languages: BTreeMap<Ident, Language>,
    pub collations: BTreeMap<QualifiedName, Collation>,
    pub shell_types: BTreeMap<QualifiedName, ShellType>,
    pub enums: BTreeMap<QualifiedName, EnumType>,
    pub domains: BTreeMap<QualifiedName, Domain>,
    pub composites: BTreeMap<QualifiedName, CompositeType>,
    pub ranges: BTreeMap<QualifiedName, RangeType>,
    pub sequences: BTreeMap<QualifiedName, Sequence>,
    /// By name and [`Routine::signature`].
    pub routines: BTreeMap<(QualifiedName, Box<str>), Routine>,
    pub aggregates: BTreeMap<(QualifiedName, Box<str>), Aggregate>,
    pub operators: BTreeMap<(QualifiedName, Box<str>), Operator>,
    /// By name and access method.
    pub operator_families: BTreeMap<(QualifiedName, Ident), OperatorFamily>,
    pub operator_classes: BTreeMap<(QualifiedName, Ident), OperatorClass>,
    pub access_methods: BTreeMap<Ident, AccessMethod>,
    /// By source and target type.
    pub casts: BTreeMap<(DataType, DataType), Cast>,
    pub conversions: BTreeMap<QualifiedName, Conversion>,
    pub text_search: BTreeMap<(TextSearchKind, QualifiedName), TextSearch>,
    pub foreign_data_wrappers: BTreeMap<Ident, ForeignDataWrapper>,
    pub foreign_servers: BTreeMap<Ident, ForeignServer>,
    /// By server and user.
    pub user_mappings: BTreeMap<(Ident, Grantee), UserMapping>,
    pub tables: BTreeMap<QualifiedName, Table>,
    pub virtual_tables: BTreeMap<QualifiedName, VirtualTable>,
    /// Views and materialized views.
    pub views: BTreeMap<QualifiedName, View>,
    pub statistics: BTreeMap<QualifiedName, Statistics>,
    pub event_triggers: BTreeMap<Ident, EventTrigger>,
    pub publications: BTreeMap<Ident, Publication>,
    pub subscriptions: BTreeMap<Ident, Subscription>,
    /// By role, schema and kind.
    pub default_privileges: BTreeMap<(Option<Ident>, Option<Ident>, ObjectKind), DefaultPrivileges>,
    /// By kind (as SQL words) and name.
    pub opaque: BTreeMap<(Box<str>, QualifiedName), Opaque>,
    /// Names of objects that exist already and belong to others, though their schema is ours.
    pub external: BTreeSet<QualifiedName>,
    /// Tables that hold a check of a table that they inherit from, which is NOT VALID there: they were
    /// made later, or validated for themselves. Not compared: a schema has no words for it, and what
    /// pg_dump writes forgets it.
    pub holding: BTreeSet<(QualifiedName, Ident)>,
    /// Reference data and DO blocks, in source order.
    pub kept: Vec<KeptStatement>,
    /// What authors say that the database does not store.
    pub notes: BTreeMap<ObjectId, Notes>,
}

/// A reference to one object of a catalog.
#[derive(Clone, Copy, Debug)]
pub enum ObjectRef<'a> {
    Schema(&'a Schema),
    Extension(&'a Extension),
    Language(&'a Language),
    Collation(&'a Collation),
    ShellType(&'a ShellType),
    Enum(&'a EnumType),
    Domain(&'a Domain),
    Composite(&'a CompositeType),
    Range(&'a RangeType),
    Sequence(&'a Sequence),
    Routine(&'a Routine),
    Aggregate(&'a Aggregate),
    Operator(&'a Operator),
    OperatorFamily(&'a OperatorFamily),
    OperatorClass(&'a OperatorClass),
    AccessMethod(&'a AccessMethod),
    Cast(&'a Cast),
    Conversion(&'a Conversion),
    TextSearch(&'a TextSearch),
    ForeignDataWrapper(&'a ForeignDataWrapper),
    ForeignServer(&'a ForeignServer),
    UserMapping(&'a UserMapping),
    Table(&'a Table),
    VirtualTable(&'a VirtualTable),
    View(&'a View),
    Constraint(&'a Table, &'a Constraint),
    /// The relation's name and the index.
    Index(&'a QualifiedName, &'a Index),
    Statistics(&'a Statistics),
    Rule(&'a QualifiedName, &'a Rule),
    Trigger(&'a QualifiedName, &'a Trigger),
    Policy(&'a QualifiedName, &'a Policy),
    EventTrigger(&'a EventTrigger),
    Publication(&'a Publication),
    Subscription(&'a Subscription),
    DefaultPrivileges(&'a DefaultPrivileges),
    Opaque(&'a Opaque),
}

macro_rules! compare {
    ($a:expr, $b:expr, $($field:ident),+ $(,)?) => { $( $a.$field == $b.$field )&&+ };
}

impl PartialEq for Catalog {
    fn eq(&self, other: &Self) -> bool {
        compare!(
            self,
            other,
            schemas,
            extensions,
            languages,
            collations,
            shell_types,
            enums,
            domains,
            composites,
            ranges,
            sequences,
            routines,
            aggregates,
            operators,
            operator_families,
            operator_classes,
            access_methods,
            casts,
            conversions,
            text_search,
            foreign_data_wrappers,
            foreign_servers,
            user_mappings,
            tables,
            virtual_tables,
            views,
            statistics,
            event_triggers,
            publications,
            subscriptions,
            default_privileges,
            opaque,
        )
    }
}

impl Eq for Catalog {}

impl Catalog {
    /// Every object with its identity: constraints, indexes, triggers, rules and policies are
    /// objects of their own here; columns are part of their table. In a fixed order.
    pub fn objects(&self) -> Vec<(ObjectId, ObjectRef<'_>)> {
        // A table comes with its constraints and indexes.
        let mut all = Vec::with_capacity(8 * self.tables.len());
        self.push_namespaces(&mut all);
        self.push_types(&mut all);
        self.push_code(&mut all);
        self.push_foreign(&mut all);
        self.push_relations(&mut all);
        self.push_cluster_wide(&mut all);
        all
    }

    /// The notes of an object, if its author left any.
    pub fn notes(&self, id: &ObjectId) -> Option<&Notes> {
        self.notes.get(id)
    }

    /// The relation, whatever its kind, that a name stands for.
    pub fn relation(&self, name: &QualifiedName) -> Option<ObjectRef<'_>> {
        None.or_else(|| self.tables.get(name).map(ObjectRef::Table))
            .or_else(|| self.views.get(name).map(ObjectRef::View))
            .or_else(|| self.virtual_tables.get(name).map(ObjectRef::VirtualTable))
            .or_else(|| self.sequences.get(name).map(ObjectRef::Sequence))
            .or_else(|| self.composites.get(name).map(ObjectRef::Composite))
    }

    /// Whether somebody else owns the object: it stands in an external schema, or in a `--setup` file.
    pub fn is_external(&self, name: &QualifiedName) -> bool {
        let schema = name.schema.as_ref().and_then(|s| self.schemas.get(s));
        schema.is_some_and(|s| s.external) || self.external.contains(name)
    }

    fn push_namespaces<'a>(&'a self, all: &mut Vec<(ObjectId, ObjectRef<'a>)>) {
        let bare = |kind, name: &Ident| ObjectId::new(kind, QualifiedName::bare(name.clone()));
        for (name, o) in &self.schemas {
            all.push((bare(ObjectKind::Schema, name), ObjectRef::Schema(o)));
        }
        for (name, o) in &self.extensions {
            all.push((bare(ObjectKind::Extension, name), ObjectRef::Extension(o)));
        }
        for (name, o) in &self.languages {
            all.push((bare(ObjectKind::Language, name), ObjectRef::Language(o)));
        }
        for (name, o) in &self.access_methods {
            all.push((
                bare(ObjectKind::AccessMethod, name),
                ObjectRef::AccessMethod(o),
            ));
        }
    }

    fn push_types<'a>(&'a self, all: &mut Vec<(ObjectId, ObjectRef<'a>)>) {
        let id = |kind, name: &QualifiedName| ObjectId::new(kind, name.clone());
        for (name, o) in &self.collations {
            all.push((id(ObjectKind::Collation, name), ObjectRef::Collation(o)));
        }
        for (name, o) in &self.shell_types {
            all.push((id(ObjectKind::ShellType, name), ObjectRef::ShellType(o)));
        }
        for (name, o) in &self.enums {
            all.push((id(ObjectKind::Enum, name), ObjectRef::Enum(o)));
        }
        for (name, o) in &self.domains {
            all.push((id(ObjectKind::Domain, name), ObjectRef::Domain(o)));
        }
        for (name, o) in &self.composites {
            all.push((id(ObjectKind::Composite, name), ObjectRef::Composite(o)));
        }
        for (name, o) in &self.ranges {
            all.push((id(ObjectKind::Range, name), ObjectRef::Range(o)));
        }
        for (name, o) in &self.sequences {
            all.push((id(ObjectKind::Sequence, name), ObjectRef::Sequence(o)));
        }
    }

    fn push_code<'a>(&'a self, all: &mut Vec<(ObjectId, ObjectRef<'a>)>) {
        for ((name, signature), o) in &self.routines {
            let kind = match o.kind {
                RoutineKind::Function => ObjectKind::Function,
                RoutineKind::Procedure => ObjectKind::Procedure,
            };
            let id = ObjectId::overload(kind, name.clone(), signature.clone());
            all.push((id, ObjectRef::Routine(o)));
        }
        for ((name, signature), o) in &self.aggregates {
            let id = ObjectId::overload(ObjectKind::Aggregate, name.clone(), signature.clone());
            all.push((id, ObjectRef::Aggregate(o)));
        }
        for ((name, signature), o) in &self.operators {
            let id = ObjectId::overload(ObjectKind::Operator, name.clone(), signature.clone());
            all.push((id, ObjectRef::Operator(o)));
        }
        for ((name, method), o) in &self.operator_families {
            let id = ObjectId::overload(ObjectKind::OperatorFamily, name.clone(), method.as_str());
            all.push((id, ObjectRef::OperatorFamily(o)));
        }
        for ((name, method), o) in &self.operator_classes {
            let id = ObjectId::overload(ObjectKind::OperatorClass, name.clone(), method.as_str());
            all.push((id, ObjectRef::OperatorClass(o)));
        }
        for ((source, target), o) in &self.casts {
            let signature = format!("{} AS {}", source.signature_text(), target.signature_text());
            let id = ObjectId::overload(ObjectKind::Cast, QualifiedName::default(), signature);
            all.push((id, ObjectRef::Cast(o)));
        }
        for (name, o) in &self.conversions {
            let id = ObjectId::new(ObjectKind::Conversion, name.clone());
            all.push((id, ObjectRef::Conversion(o)));
        }
        for ((kind, name), o) in &self.text_search {
            let id = ObjectId::overload(
                ObjectKind::TextSearch,
                name.clone(),
                kind.as_sql().to_ascii_lowercase(),
            );
            all.push((id, ObjectRef::TextSearch(o)));
        }
    }

    fn push_foreign<'a>(&'a self, all: &mut Vec<(ObjectId, ObjectRef<'a>)>) {
        let bare = |kind, name: &Ident| ObjectId::new(kind, QualifiedName::bare(name.clone()));
        for (name, o) in &self.foreign_data_wrappers {
            let id = bare(ObjectKind::ForeignDataWrapper, name);
            all.push((id, ObjectRef::ForeignDataWrapper(o)));
        }
        for (name, o) in &self.foreign_servers {
            all.push((
                bare(ObjectKind::ForeignServer, name),
                ObjectRef::ForeignServer(o),
            ));
        }
        for ((server, user), o) in &self.user_mappings {
            let mut id = bare(ObjectKind::UserMapping, server);
            id.member = Some(match user {
                Grantee::Public => Ident::new("public"),
                Grantee::Role(role) => role.clone(),
            });
            all.push((id, ObjectRef::UserMapping(o)));
        }
    }

    fn push_relations<'a>(&'a self, all: &mut Vec<(ObjectId, ObjectRef<'a>)>) {
        for (name, table) in &self.tables {
            all.push((ObjectId::table(name), ObjectRef::Table(table)));
            for c in &table.constraints {
                let id = ObjectId::constraint(name, &c.name);
                all.push((id, ObjectRef::Constraint(table, c)));
            }
            push_members(
                name,
                &table.indexes,
                &table.triggers,
                &table.rules,
                &table.policies,
                all,
            );
        }
        for (name, o) in &self.virtual_tables {
            let id = ObjectId::new(ObjectKind::VirtualTable, name.clone());
            all.push((id, ObjectRef::VirtualTable(o)));
        }
        for (name, view) in &self.views {
            let kind = if view.materialized {
                ObjectKind::MaterializedView
            } else {
                ObjectKind::View
            };
            all.push((ObjectId::new(kind, name.clone()), ObjectRef::View(view)));
            push_members(name, &view.indexes, &view.triggers, &view.rules, &[], all);
        }
        for (name, o) in &self.statistics {
            let id = ObjectId::new(ObjectKind::Statistics, name.clone());
            all.push((id, ObjectRef::Statistics(o)));
        }
    }

    fn push_cluster_wide<'a>(&'a self, all: &mut Vec<(ObjectId, ObjectRef<'a>)>) {
        let bare = |kind, name: &Ident| ObjectId::new(kind, QualifiedName::bare(name.clone()));
        for (name, o) in &self.event_triggers {
            all.push((
                bare(ObjectKind::EventTrigger, name),
                ObjectRef::EventTrigger(o),
            ));
        }
        for (name, o) in &self.publications {
            all.push((
                bare(ObjectKind::Publication, name),
                ObjectRef::Publication(o),
            ));
        }
        for (name, o) in &self.subscriptions {
            all.push((
                bare(ObjectKind::Subscription, name),
                ObjectRef::Subscription(o),
            ));
        }
        for ((role, schema, kind), o) in &self.default_privileges {
            let name = QualifiedName {
                schema: schema.clone(),
                name: role.clone().unwrap_or_default(),
            };
            let id = ObjectId::overload(ObjectKind::DefaultPrivileges, name, kind.as_str());
            all.push((id, ObjectRef::DefaultPrivileges(o)));
        }
        for ((kind, name), o) in &self.opaque {
            let id = ObjectId::overload(ObjectKind::Opaque, name.clone(), kind.clone());
            all.push((id, ObjectRef::Opaque(o)));
        }
    }
}

fn push_members<'a>(
    relation: &'a QualifiedName,
    indexes: &'a [Index],
    triggers: &'a [Trigger],
    rules: &'a [Rule],
    policies: &'a [Policy],
    all: &mut Vec<(ObjectId, ObjectRef<'a>)>,
) {
    for index in indexes {
        let id = ObjectId::index(&relation.sibling(index.name.clone()));
        all.push((id, ObjectRef::Index(relation, index)));
    }
    for trigger in triggers {
        let id = ObjectId::member(ObjectKind::Trigger, relation.clone(), trigger.name.clone());
        all.push((id, ObjectRef::Trigger(relation, trigger)));
    }
    for rule in rules {
        let id = ObjectId::member(ObjectKind::Rule, relation.clone(), rule.name.clone());
        all.push((id, ObjectRef::Rule(relation, rule)));
    }
    for policy in policies {
        let id = ObjectId::member(ObjectKind::Policy, relation.clone(), policy.name.clone());
        all.push((id, ObjectRef::Policy(relation, policy)));
    }
}
