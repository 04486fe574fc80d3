//! An analysed expression: its key, its type, and what is left to decide about it.

use super::World;
use super::types::{Given, Type};
use super::value;
use crate::dialect::Dialect;
use crate::expr::tree::At;
use crate::model::{ObjectId, ObjectKind, QualifiedName, TextSearchKind};

/// An analysed expression.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) key: String,
    pub(super) data_type: Option<Type>,
    pub(super) shape: Shape,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Plain,
    /// A string (or NULL) whose type its surroundings say.
    Literal(Option<String>, At),
    /// A value of a type, in the form of its output function.
    Constant(String),
    /// `ARRAY[...]`: a cast of it is one of its elements.
    Array(Vec<Typed>),
    /// Conditions joined by AND or OR, which are one list with those around them.
    Chain(&'static str, Vec<String>),
}

impl Typed {
    pub(super) fn new(key: impl Into<String>, data_type: Option<Type>) -> Self {
        Self {
            key: key.into(),
            data_type,
            shape: Shape::Plain,
        }
    }

    pub(super) fn of(key: impl Into<String>, data_type: &str) -> Self {
        Self::new(key, Some(Type::new(data_type)))
    }

    pub(super) fn literal(value: Option<String>) -> Self {
        Self::literal_at(value, At::NOWHERE)
    }

    pub(super) fn literal_at(value: Option<String>, at: At) -> Self {
        let key = match &value {
            Some(value) => Dialect::Postgres.literal(value),
            None => "null".to_owned(),
        };
        Self {
            key,
            data_type: None,
            shape: Shape::Literal(value, at),
        }
    }

    /// A value in its canonical form.
    pub(super) fn constant(value: String, of: Type) -> Self {
        let key = match of.name.as_str() {
            "integer" => value.clone(),
            "boolean" => value.clone(),
            _ => format!("{}::{}", Dialect::Postgres.literal(&value), of.name),
        };
        Self {
            key,
            data_type: Some(of.without_modifier()),
            shape: Shape::Constant(value),
        }
    }

    /// `(a and b and c)`
    pub(super) fn chain(word: &'static str, parts: Vec<String>) -> Self {
        let key = format!("({})", parts.join(&format!(" {word} ")));
        Self {
            key,
            data_type: Some(Type::new("boolean")),
            shape: Shape::Chain(word, parts),
        }
    }

    pub(super) fn array(elements: Vec<Typed>, element: Option<Type>) -> Self {
        let keys: Vec<&str> = elements.iter().map(|e| e.key.as_str()).collect();
        let data_type = element.map(|e| e.array());
        let key = match (&data_type, elements.is_empty()) {
            (Some(found), true) => format!("ARRAY[]::{}", found.name),
            _ => format!("ARRAY[{}]", keys.join(", ")),
        };
        Self {
            key,
            data_type,
            shape: Shape::Array(elements),
        }
    }

    pub(super) fn given(&self) -> Given {
        match (&self.data_type, &self.shape) {
            (Some(found), _) => Given::Known(found.clone()),
            (None, Shape::Literal(..)) => Given::Literal,
            (None, _) => Given::Unclear,
        }
    }
}

impl World<'_> {
    /// The expression as a value of a type, whether a cast was written or only meant: a cast of a thing to
    /// its own type is nothing, one of a literal is a literal of that type.
    pub(super) fn coerce(&self, typed: Typed, to: &Type) -> Typed {
        let base = self.base(to);
        if base != *to {
            return self.coerce_to_domain(typed, to, &base);
        }
        let plain = self.coerce_plain(typed, to);
        let same_modifier = match (&to.modifier, plain.data_type.as_ref()) {
            (None, _) => true,
            (Some(modifier), Some(found)) => found.modifier.as_ref() == Some(modifier),
            (Some(_), None) => false,
        };
        if same_modifier {
            return plain;
        }
        if let Shape::Constant(value) = &plain.shape
            && keeps_value(value, to)
        {
            return Typed {
                data_type: Some(to.clone()),
                ..plain
            };
        }
        Typed::new(format!("({})::{}", plain.key, to.full()), Some(to.clone()))
    }

    fn coerce_to_domain(&self, typed: Typed, to: &Type, base: &Type) -> Typed {
        if typed.data_type.as_ref() == Some(to) {
            return typed;
        }
        let inner = self.coerce(typed, base);
        Typed::new(format!("({})::{}", inner.key, to.name), Some(to.clone()))
    }

    fn coerce_plain(&self, typed: Typed, to: &Type) -> Typed {
        if typed.data_type.as_ref() == Some(to) {
            return typed;
        }
        if let (Some(from), Shape::Plain | Shape::Constant(_) | Shape::Chain(..)) =
            (&typed.data_type, &typed.shape)
        {
            self.note_cast(from, to);
        }
        match typed.shape {
            Shape::Literal(..) if to.name == "unknown" => typed,
            Shape::Literal(None, _) => {
                Typed::new(format!("null::{}", to.name), Some(to.without_modifier()))
            }
            Shape::Literal(Some(value), at) => {
                self.respell_value(&value, to, at);
                self.literal_of(&value, to)
            }
            Shape::Array(elements) if to.element().is_some() => {
                let element = to.element().unwrap_or_else(|| Type::new("text"));
                let elements = elements.into_iter();
                let elements = elements.map(|e| match &e.shape {
                    // An array of arrays is an array of the same type.
                    Shape::Array(_) => self.coerce(e, to),
                    _ => self.coerce(e, &element),
                });
                Typed::array(elements.collect(), Some(element))
            }
            Shape::Constant(ref value) => {
                let from = typed.data_type.as_ref().map_or("", |t| t.name.as_str());
                match folded(value, from, &to.name) {
                    Some(value) => Typed::constant(value, to.without_modifier()),
                    None => Typed::new(
                        format!("({})::{}", typed.key, to.name),
                        Some(to.without_modifier()),
                    ),
                }
            }
            Shape::Plain | Shape::Array(_) | Shape::Chain(..) => Typed::new(
                format!("({})::{}", typed.key, to.name),
                Some(to.without_modifier()),
            ),
        }
    }

    /// A literal of a type; one that names an object of the schema does so in one way.
    fn literal_of(&self, value: &str, to: &Type) -> Typed {
        self.note_value(value, to);
        let value = match to.name.as_str() {
            "regclass" => self.object_name(value, |w, parts| w.relation_key(parts)),
            "regtype" => match crate::expr::tree::type_name(value) {
                Some(name) => self.written_type(&name).full(),
                None => value.to_owned(),
            },
            "regproc" => self.object_name(value, |w, parts| match w.routines(parts) {
                Some((name, _)) => name,
                None => parts.last().cloned().unwrap_or_default(),
            }),
            "regconfig" => self.text_search_name(value, TextSearchKind::Configuration),
            "regdictionary" => self.text_search_name(value, TextSearchKind::Dictionary),
            _ => value::canonical(value, to, self.catalog.zone),
        };
        Typed::constant(value, to.without_modifier())
    }

    /// A configuration or dictionary of the schema by its full name; one of the server by its own.
    fn text_search_name(&self, value: &str, kind: TextSearchKind) -> String {
        let bare = value.strip_prefix("pg_catalog.").unwrap_or(value);
        let named = crate::expr::name_of(value, Dialect::Postgres);
        let full = named.map(|name| QualifiedName {
            schema: name.schema.or_else(|| Some("public".into())),
            name: name.name,
        });
        let objects = &self.catalog.text_search;
        match full.filter(|full| objects.contains_key(&(kind, full.clone()))) {
            Some(full) => {
                let word = kind.as_sql().to_lowercase();
                let id = ObjectId::overload(ObjectKind::TextSearch, full.clone(), word);
                self.record_other(id);
                full.to_string()
            }
            None => bare.to_owned(),
        }
    }

    fn object_name(&self, value: &str, key: impl Fn(&Self, &[String]) -> String) -> String {
        match crate::expr::name_of(value, Dialect::Postgres) {
            Some(name) => {
                let parts: Vec<String> = name
                    .schema
                    .iter()
                    .chain([&name.name])
                    .map(ToString::to_string)
                    .collect();
                key(self, &parts)
            }
            None => value.to_owned(),
        }
    }
}

/// A value converted where the conversion loses nothing and every server makes the same of it.
fn folded(value: &str, from: &str, to: &str) -> Option<String> {
    let whole = matches!(from, "smallint" | "integer" | "bigint");
    match to {
        "smallint" if whole => value.parse::<i16>().ok().map(|n| n.to_string()),
        "integer" if whole => value.parse::<i32>().ok().map(|n| n.to_string()),
        "bigint" if whole => value.parse::<i64>().ok().map(|n| n.to_string()),
        "numeric" if whole => Some(value.to_owned()),
        "real" | "double precision" if whole || from == "numeric" => value::float(value),
        "text" if from == "character varying" => Some(value.to_owned()),
        "character varying" if from == "text" => Some(value.to_owned()),
        "regclass" if from == "oid" => None,
        _ => None,
    }
}

/// Whether the modifier changes nothing about a value: the string is short enough.
fn keeps_value(value: &str, of: &Type) -> bool {
    let length = of.modifier.as_deref().and_then(|m| m.parse::<usize>().ok());
    of.name == "character varying" && length.is_some_and(|n| value.chars().count() <= n)
}
