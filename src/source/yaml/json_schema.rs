//! The JSON Schema of the format, for completion and checking in editors.
//!
//! Invariant: printed from the tables that files are held against, so the two cannot drift.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::keys::{FILE, Key, ROOT, Shape, Value};

/// The JSON Schema (draft 2020-12) of a YAML schema file.
pub fn json_schema() -> Json {
    let mut definitions = BTreeMap::new();
    collect(&ROOT, &mut definitions);
    let mut root = Map::new();
    root.insert(
        "$schema".into(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    root.insert("title".into(), "schemagen schema file".into());
    root.extend(object(&FILE));
    root.insert(
        "$defs".into(),
        Json::Object(definitions.into_iter().collect()),
    );
    Json::Object(root)
}

/// The definitions of all shapes that can be reached, but for the file's own.
fn collect(value: &'static Value, definitions: &mut BTreeMap<String, Json>) {
    match value {
        Value::List(inner) | Value::Map(inner) => collect(inner, definitions),
        Value::Either(options) => options.iter().for_each(|o| collect(o, definitions)),
        Value::Object(shape) => {
            let id = definition_id(shape);
            if definitions.contains_key(&id) {
                return;
            }
            if shape.name != FILE.name {
                definitions.insert(id, Json::Object(object(shape)));
            }
            for key in shape.all_keys() {
                collect(&key.value, definitions);
            }
        }
        _ => {}
    }
}

fn definition_id(shape: &Shape) -> String {
    shape.name.replace(' ', "_")
}

fn object(shape: &'static Shape) -> Map<String, Json> {
    let properties: Map<String, Json> = shape
        .all_keys()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required: Vec<Json> = shape
        .all_keys()
        .filter(|k| k.required)
        .map(|k| k.name.into())
        .collect();
    let mut object = Map::new();
    object.insert("description".into(), shape.doc.into());
    object.insert("type".into(), "object".into());
    object.insert("properties".into(), Json::Object(properties));
    if !required.is_empty() {
        object.insert("required".into(), Json::Array(required));
    }
    object.insert("additionalProperties".into(), false.into());
    object
}

fn property(key: &'static Key) -> Json {
    let mut schema = match of_value(&key.value) {
        Json::Object(map) => map,
        other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    schema.insert("description".into(), key.doc.into());
    Json::Object(schema)
}

fn of_value(value: &'static Value) -> Json {
    match value {
        // A number or boolean is a text too where a text is wanted: `version: 1.6`.
        Value::Text | Value::Sql => json!({ "type": ["string", "number", "boolean"] }),
        Value::Name => json!({ "type": ["string", "number", "boolean"], "minLength": 1 }),
        Value::Boolean => json!({ "type": "boolean" }),
        Value::Integer => json!({ "type": "integer" }),
        Value::Word(words) => json!({ "enum": words_of(words) }),
        Value::Date => json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" }),
        Value::Json => json!({}),
        Value::Null => json!({ "type": "null" }),
        Value::List(inner) => json!({ "type": "array", "items": of_value(inner) }),
        Value::Map(inner) => {
            json!({ "type": "object", "propertyNames": { "minLength": 1 }, "additionalProperties": of_value(inner) })
        }
        Value::Object(shape) => json!({ "$ref": format!("#/$defs/{}", definition_id(shape)) }),
        Value::Either(options) => {
            json!({ "anyOf": options.iter().map(of_value).collect::<Vec<_>>() })
        }
    }
}

/// The words as they can be written: `true` and `false` as booleans too.
fn words_of(words: &[&str]) -> Vec<Json> {
    let mut all = Vec::new();
    for word in words {
        match *word {
            "true" => all.push(true.into()),
            "false" => all.push(false.into()),
            word => {
                all.push(word.into());
                if word.contains(' ') {
                    all.push(word.replace(' ', "_").into());
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a document is valid, by the keywords that the schema uses.
    fn accepts(schema: &Json, root: &Json, value: &Json) -> bool {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = &root["$defs"][reference.trim_start_matches("#/$defs/")];
            assert!(target.is_object(), "{reference} is not defined");
            if !accepts(target, root, value) {
                return false;
            }
        }
        if let Some(options) = schema["anyOf"].as_array()
            && !options.iter().any(|o| accepts(o, root, value))
        {
            return false;
        }
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            return false;
        }
        let kind_fits = match &schema["type"] {
            Json::String(one) => is_kind(one, value),
            Json::Array(all) => all.iter().any(|k| is_kind(k.as_str().unwrap_or(""), value)),
            _ => true,
        };
        kind_fits && contents_fit(schema, root, value)
    }

    fn is_kind(kind: &str, value: &Json) -> bool {
        match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64(),
            "number" => value.is_number(),
            "null" => value.is_null(),
            other => panic!("unknown type {other}"),
        }
    }

    fn contents_fit(schema: &Json, root: &Json, value: &Json) -> bool {
        let items = value.as_array().is_none_or(|items| {
            schema
                .get("items")
                .is_none_or(|s| items.iter().all(|i| accepts(s, root, i)))
        });
        let members = value.as_object().is_none_or(|members| {
            members.iter().all(|(name, member)| {
                match (
                    schema["properties"].get(name),
                    &schema["additionalProperties"],
                ) {
                    (Some(property), _) => accepts(property, root, member),
                    (None, Json::Bool(allowed)) => *allowed,
                    (None, Json::Null) => true,
                    (None, rest) => accepts(rest, root, member),
                }
            })
        });
        let required = schema["required"].as_array().is_none_or(|names| {
            names
                .iter()
                .all(|n| value.get(n.as_str().unwrap_or("")).is_some())
        });
        items && members && required
    }

    #[test]
    fn good_and_bad_documents_are_told_apart() {
        let schema = json_schema();
        let valid = |document: Json| accepts(&schema, &schema, &document);
        assert!(valid(
            json!({ "tables": { "t": { "columns": { "id": "bigint primary key" } } } })
        ));
        assert!(valid(
            json!({ "tables": { "t": { "columns": { "a": { "type": "int", "default": 3, "on_delete": "set_null" } } } } })
        ));
        assert!(valid(
            json!({ "enums": { "e": ["a", { "name": "b", "renamed_from": "c" }] } })
        ));
        assert!(valid(
            json!({ "schemas": { "auth": { "external": true }, "app": null } })
        ));
        assert!(!valid(json!({ "tabels": {} })));
        assert!(!valid(json!({ "tables": { "t": { "columns": ["id"] } } })));
        assert!(!valid(json!({ "domains": { "d": { "check": "x" } } })));
        assert!(!valid(
            json!({ "tables": { "t": { "columns": { "a": { "on_delete": "explode" } } } } })
        ));
    }

    #[test]
    fn every_key_of_the_parser_is_in_the_schema() {
        let schema = json_schema();
        let mut missing = Vec::new();
        let mut count = 0;
        super::super::keys::each_shape(&mut |shape| {
            let properties = if shape.name == FILE.name {
                &schema["properties"]
            } else {
                &schema["$defs"][definition_id(shape)]["properties"]
            };
            for key in shape.all_keys() {
                count += 1;
                if properties[key.name]["description"] != key.doc {
                    missing.push(format!("{}.{}", shape.name, key.name));
                }
            }
        });
        assert!(missing.is_empty(), "{missing:?}");
        assert!(count > 150, "only {count} keys");
    }

    #[test]
    fn the_example_is_valid() {
        let schema = json_schema();
        let mut count = 0;
        for folder in ["schema", "schema-sqlite", "tests/fixtures/yaml_print"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(folder).expect("the example") {
                let path = entry.expect("an entry").path();
                let name = path.display().to_string();
                if !name.ends_with(".yaml") {
                    continue;
                }
                let file = crate::source::SourceFile {
                    id: crate::diagnostic::FileId(0),
                    text: std::fs::read_to_string(&path).expect("a text"),
                    path: name.clone(),
                    kind: crate::source::SourceKind::Yaml,
                    external: false,
                };
                let (documents, _) = super::super::parse::parse(&file);
                for document in documents {
                    count += 1;
                    assert!(accepts(&schema, &schema, &document.to_json()), "{name}");
                }
            }
        }
        assert!(count >= 18, "only {count} documents");
    }

    #[test]
    fn every_reference_is_defined() {
        fn visit(root: &Json, value: &Json) {
            match value {
                Json::Object(map) => {
                    if let Some(Json::String(reference)) = map.get("$ref") {
                        let id = reference.trim_start_matches("#/$defs/");
                        assert!(root["$defs"].get(id).is_some(), "{reference}");
                    }
                    map.values().for_each(|v| visit(root, v));
                }
                Json::Array(items) => items.iter().for_each(|v| visit(root, v)),
                _ => {}
            }
        }
        let schema = json_schema();
        visit(&schema, &schema);
    }
}
