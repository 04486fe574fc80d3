//! Schemas and extensions, operators and their kin, foreign data, and what stands at the end.

use std::collections::BTreeMap;

use super::differ::Differ;
use crate::model::{
    Cast, CastMethod, Grantee, Ident, ObjectId, ObjectKind, Property, Publication, QualifiedName,
    Subscription, UserMapping, Value,
};

fn bare(kind: ObjectKind, name: &Ident) -> ObjectId {
    ObjectId::new(kind, QualifiedName::bare(name.clone()))
}

impl<'a> Differ<'a> {
    pub(super) fn namespaces(&mut self) {
        self.objects(
            |c| &c.schemas,
            |o| bare(ObjectKind::Schema, &o.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                // Of schema public, which nobody has to declare, a database may have lost the comment.
                let live = differ.options.executor.is_some();
                let [before, after] = [before, after].map(|schema| {
                    let mut facets = schema.facets.clone();
                    facets.comment = facets.comment.filter(|c| !(live && c.is_empty()));
                    facets
                });
                differ.facets(&mut d, &before, &after);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.extensions,
            |o| bare(ObjectKind::Extension, &o.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Schema, &before.schema, &after.schema);
                // A database has some version, whether or not the schema wants a certain one.
                let unsaid = before.version.is_none() || after.version.is_none();
                if differ.options.executor.is_none() || !unsaid {
                    d.compare(Property::Version, &before.version, &after.version);
                }
                d.compare(Property::Comment, &before.comment, &after.comment);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.languages,
            |o| bare(ObjectKind::Language, &o.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Trusted, &before.trusted, &after.trusted);
                d.keyed(Property::LanguageHandler, &before.handlers, &after.handlers);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.access_methods,
            |o| bare(ObjectKind::AccessMethod, &o.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Kind, &before.kind, &after.kind);
                d.compare(Property::Handler, &before.handler, &after.handler);
                d.compare(Property::Comment, &before.comment, &after.comment);
                differ.altered(id, d);
            },
        );
    }

    pub(super) fn operators(&mut self) {
        self.objects(
            |c| &c.operators,
            |o| ObjectId::overload(ObjectKind::Operator, o.name.clone(), o.signature()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.keyed(Property::Parameter, &before.options, &after.options);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.operator_families,
            |o| {
                ObjectId::overload(
                    ObjectKind::OperatorFamily,
                    o.name.clone(),
                    o.method.as_str(),
                )
            },
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Items, &before.items, &after.items);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.operator_classes,
            |o| ObjectId::overload(ObjectKind::OperatorClass, o.name.clone(), o.method.as_str()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::DefaultForType, &before.default, &after.default);
                d.compare(Property::Type, &before.data_type, &after.data_type);
                d.compare(Property::Family, &before.family, &after.family);
                d.compare(Property::Items, &before.items, &after.items);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(|c| &c.casts, cast_id, Self::cast);
        self.conversions_and_text_search();
    }

    fn cast(&mut self, id: &ObjectId, before: &'a Cast, after: &'a Cast) {
        let mut d = self.differences();
        let method = |cast: &Cast| -> Box<str> {
            match &cast.method {
                CastMethod::Function(name, arguments) => {
                    let types: Vec<String> = arguments.iter().map(|t| t.signature_text()).collect();
                    format!("function {name}({})", types.join(", ")).into()
                }
                CastMethod::WithoutFunction => "without function".into(),
                CastMethod::InOut => "with inout".into(),
            }
        };
        d.compare(Property::Method, &method(before), &method(after));
        d.compare(Property::Context, &before.context, &after.context);
        d.compare(Property::Comment, &before.comment, &after.comment);
        self.altered(id, d);
    }

    fn conversions_and_text_search(&mut self) {
        self.objects(
            |c| &c.conversions,
            |o| ObjectId::new(ObjectKind::Conversion, o.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::DefaultForType, &before.default, &after.default);
                d.compare(Property::SourceEncoding, &before.source, &after.source);
                d.compare(Property::TargetEncoding, &before.target, &after.target);
                d.compare(Property::Function, &before.function, &after.function);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.text_search,
            |o| {
                let kind = o.kind.as_sql().to_ascii_lowercase();
                ObjectId::overload(ObjectKind::TextSearch, o.name.clone(), kind)
            },
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.keyed(Property::Parameter, &before.options, &after.options);
                d.keyed(Property::Mapping, &before.mappings, &after.mappings);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
    }

    pub(super) fn foreign(&mut self) {
        self.objects(
            |c| &c.foreign_data_wrappers,
            |o| bare(ObjectKind::ForeignDataWrapper, &o.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Handler, &before.handler, &after.handler);
                d.compare(Property::Validator, &before.validator, &after.validator);
                d.parameters(Property::ForeignOption, &before.options, &after.options);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.foreign_servers,
            |o| bare(ObjectKind::ForeignServer, &o.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Type, &before.server_type, &after.server_type);
                d.compare(Property::Version, &before.version, &after.version);
                d.compare(Property::Wrapper, &before.wrapper, &after.wrapper);
                d.parameters(Property::ForeignOption, &before.options, &after.options);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.user_mappings,
            user_mapping_id,
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.parameters(Property::ForeignOption, &before.options, &after.options);
                // The user and the password of the other server are told to nobody.
                d.hide();
                differ.altered(id, d);
            },
        );
    }

    pub(super) fn rest(&mut self) {
        self.objects(
            |c| &c.statistics,
            |o| ObjectId::new(ObjectKind::Statistics, o.name.clone()),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Table, &before.table, &after.table);
                d.compare(Property::Kinds, &before.kinds, &after.kinds);
                d.compare(Property::Elements, &before.elements, &after.elements);
                d.compare(Property::StatisticsTarget, &before.target, &after.target);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.event_triggers,
            |o| bare(ObjectKind::EventTrigger, &o.name),
            |differ, id, before, after| {
                let mut d = differ.differences();
                d.compare(Property::Events, &before.event, &after.event);
                d.compare(Property::Tags, &before.tags, &after.tags);
                d.compare(Property::Function, &before.function, &after.function);
                d.compare(Property::Enabled, &before.enabled, &after.enabled);
                differ.facets(&mut d, &before.facets, &after.facets);
                differ.altered(id, d);
            },
        );
        self.objects(
            |c| &c.publications,
            |o| bare(ObjectKind::Publication, &o.name),
            Self::publication,
        );
        self.objects(
            |c| &c.subscriptions,
            |o| bare(ObjectKind::Subscription, &o.name),
            Self::subscription,
        );
        self.default_privileges();
        self.opaque();
        self.kept();
    }

    fn publication(&mut self, id: &ObjectId, before: &'a Publication, after: &'a Publication) {
        let mut d = self.differences();
        d.compare(Property::AllTables, &before.all_tables, &after.all_tables);
        let schemas = |o: &Publication| -> BTreeMap<Ident, bool> {
            o.schemas.iter().map(|s| (s.clone(), true)).collect()
        };
        d.keyed(Property::PublishedSchema, &schemas(before), &schemas(after));
        let tables = |o: &Publication| -> BTreeMap<QualifiedName, _> {
            let tables = o.tables.iter();
            tables.map(|t| (t.name.clone(), t.clone())).collect()
        };
        d.keyed(Property::PublishedTable, &tables(before), &tables(after));
        d.parameters(Property::Parameter, &before.options, &after.options);
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
    }

    fn subscription(&mut self, id: &ObjectId, before: &'a Subscription, after: &'a Subscription) {
        let mut d = self.differences();
        if before.connection != after.connection {
            d.push(Property::Connection, Value::Hidden, Value::Hidden);
        }
        d.compare(
            Property::Publications,
            &before.publications,
            &after.publications,
        );
        d.parameters(Property::Parameter, &before.options, &after.options);
        self.facets(&mut d, &before.facets, &after.facets);
        self.altered(id, d);
    }

    /// A database holds what these statements did, and not the statements.
    fn kept(&mut self) {
        let count = |list: &[crate::model::KeptStatement]| -> BTreeMap<Box<str>, usize> {
            let mut count = BTreeMap::new();
            for statement in list {
                *count.entry(statement.text.clone()).or_default() += 1;
            }
            count
        };
        let (before, after) = (count(&self.pair.before.kept), count(&self.pair.after.kept));
        for (_, before, after) in super::matched::matched(&before, &after) {
            let (before, after) = (before.copied(), after.copied());
            self.left_out.kept += before.unwrap_or(0).abs_diff(after.unwrap_or(0));
        }
    }
}

fn cast_id(cast: &Cast) -> ObjectId {
    let (source, target) = (cast.source.signature_text(), cast.target.signature_text());
    let text = format!("{source} AS {target}");
    ObjectId::overload(ObjectKind::Cast, QualifiedName::default(), text)
}

fn user_mapping_id(mapping: &UserMapping) -> ObjectId {
    let user = match &mapping.user {
        Grantee::Public => Ident::new("public"),
        Grantee::Role(role) => role.clone(),
    };
    ObjectId::member(
        ObjectKind::UserMapping,
        QualifiedName::bare(mapping.server.clone()),
        user,
    )
}
