//! Schemas, extensions, types and sequences.

use super::columns::put_options;
use super::names::Names;
use super::said;
use super::value::{Map, Value, texts};
use crate::model::{
    CompositeType, Domain, EnumType, Extension, ObjectId, ObjectKind, Persistence, RangeType,
    Schema, Sequence,
};

/// The options of a range type that have a key.
const RANGE_KEYS: [&str; 5] = [
    "subtype_opclass",
    "subtype_diff",
    "collation",
    "canonical",
    "multirange_type_name",
];

/// An empty mapping is no value at all.
fn or_null(map: Map) -> Value {
    if map.is_empty() {
        Value::Null
    } else {
        map.into()
    }
}

impl Names<'_> {
    pub(super) fn schema(&self, schema: &Schema) -> Value {
        let mut map = Map::block();
        map.put_flag("external", schema.external);
        said::facets(&mut map, &schema.facets);
        said::privileges(&mut map, &schema.facets.acl, "SCHEMA");
        or_null(map)
    }

    pub(super) fn extension(&self, extension: &Extension) -> Value {
        let mut map = Map::inline();
        map.put("name", &*extension.name);
        map.put_some("schema", extension.schema.as_deref());
        map.put_some("version", extension.version.as_deref());
        said::describe(&mut map, extension.comment.as_deref());
        if map.entries.len() == 1 {
            return (&*extension.name).into();
        }
        map.into()
    }

    pub(super) fn enumeration(&self, enumeration: &EnumType) -> Value {
        let mut map = Map::block();
        said::facets(&mut map, &enumeration.facets);
        self.notes(
            &mut map,
            &ObjectId::new(ObjectKind::Enum, enumeration.name.clone()),
        );
        let values = texts(&enumeration.values);
        let mut privileges = Map::block();
        said::privileges(&mut privileges, &enumeration.facets.acl, "TYPE");
        if map.is_empty() && privileges.is_empty() {
            return values;
        }
        map.put("values", values);
        map.entries.extend(privileges.entries);
        map.into()
    }

    pub(super) fn domain(&self, domain: &Domain) -> Value {
        let mut map = Map::block();
        said::facets(&mut map, &domain.facets);
        self.notes(
            &mut map,
            &ObjectId::new(ObjectKind::Domain, domain.name.clone()),
        );
        map.put("type", self.data_type(&domain.base));
        map.put_some("collation", domain.collation.as_ref().map(|c| self.full(c)));
        if domain.not_null {
            map.put("nullable", Value::Boolean(false));
        }
        let default = domain.default.as_ref().map(|d| d.text().to_owned());
        map.put_some("default", default.map(Value::Literal));
        let made = crate::dialect::object_name(&domain.name.name, "", "check");
        match domain.checks.as_slice() {
            [only] if *only.name == *made && !only.not_valid && only.comment.is_none() => {
                map.put("check", Value::Literal(only.expression.text().to_owned()));
            }
            checks => {
                let mut named = Map::block();
                for check in checks {
                    let expression = Value::Literal(check.expression.text().to_owned());
                    let mut inner = Map::inline();
                    inner.put_flag("not_valid", check.not_valid);
                    said::describe(&mut inner, check.comment.as_deref());
                    if inner.is_empty() {
                        named.put(&*check.name, expression);
                    } else {
                        inner
                            .entries
                            .insert(0, ("expression".to_owned(), expression));
                        named.put(&*check.name, inner);
                    }
                }
                map.put_filled("checks", named);
            }
        }
        said::privileges(&mut map, &domain.facets.acl, "DOMAIN");
        map.inline = true;
        map.into()
    }

    pub(super) fn composite(&self, composite: &CompositeType) -> Value {
        let mut map = Map::block();
        said::facets(&mut map, &composite.facets);
        self.notes(
            &mut map,
            &ObjectId::new(ObjectKind::Composite, composite.name.clone()),
        );
        let mut attributes = Map::block();
        for (name, data_type, collation) in &composite.attributes {
            let data_type = self.data_type(data_type);
            let mut inner = Map::inline();
            inner.put("type", data_type.as_str());
            inner.put_some("collation", collation.as_ref().map(|c| self.full(c)));
            said::describe(
                &mut inner,
                composite.attribute_comments.get(name).map(|c| &**c),
            );
            if inner.entries.len() == 1 {
                attributes.put(&**name, data_type);
            } else {
                attributes.put(&**name, inner);
            }
        }
        attributes.inline = attributes.is_empty();
        map.put("attributes", attributes);
        said::privileges(&mut map, &composite.facets.acl, "TYPE");
        map.into()
    }

    /// Whether a range type has nothing that only SQL can say.
    pub(super) fn is_plain_range(&self, range: &RangeType) -> bool {
        range
            .options
            .iter()
            .filter(|(k, _)| &***k != "subtype")
            .all(|(key, value)| {
                let part = |p: &str| self.dialect.quote(p) == p && !p.is_empty();
                RANGE_KEYS.contains(&&**key) && value.text().split('.').all(part)
            })
    }

    pub(super) fn range(&self, range: &RangeType) -> Value {
        let mut map = Map::block();
        said::facets(&mut map, &range.facets);
        self.notes(
            &mut map,
            &ObjectId::new(ObjectKind::Range, range.name.clone()),
        );
        map.put("subtype", self.data_type(&range.subtype));
        for key in RANGE_KEYS {
            map.put_some(key, range.options.get(key).map(|v| v.text()));
        }
        said::privileges(&mut map, &range.facets.acl, "TYPE");
        map.inline = true;
        map.into()
    }

    pub(super) fn sequence(&self, sequence: &Sequence) -> Value {
        let mut map = Map::inline();
        said::facets(&mut map, &sequence.facets);
        self.notes(
            &mut map,
            &ObjectId::new(ObjectKind::Sequence, sequence.name.clone()),
        );
        let data_type = sequence.options.data_type.as_ref();
        map.put_some("type", data_type.map(|t| self.data_type(t)));
        put_options(&mut map, &sequence.options);
        match sequence.persistence {
            Persistence::Permanent => {}
            Persistence::Unlogged => map.put_flag("unlogged", true),
            Persistence::Temporary => map.put_flag("temporary", true),
        }
        if let Some((table, column)) = &sequence.owned_by {
            map.put("owned_by", self.target(table, std::slice::from_ref(column)));
        }
        said::privileges(&mut map, &sequence.facets.acl, "SEQUENCE");
        or_null(map)
    }
}
