//! PostgreSQL's types as Rust's.
//!
//! Invariants: no type is unmapped: what has no Rust type of its own travels as text, by a cast on
//! each side; a type is the same wherever it stands, so that equal [`RustType`]s can be compared in
//! place of SQL's.

use super::names::Names;
use crate::dialect::Dialect;
use crate::model::{Catalog, CompositeType, DataType, QualifiedName};

/// Domains over domains, and composites in composites, deeper than any schema has them.
const DEPTH: usize = 32;

/// A Rust type and how its values get to the server and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RustType {
    /// As it is written: `Vec<DateTime<Utc>>`.
    pub(super) name: String,
    /// What it needs from elsewhere.
    pub(super) uses: Vec<Use>,
    pub(super) copy: bool,
    /// Whether it has `Eq` and `Hash`.
    pub(super) hash: bool,
    pub(super) ord: bool,
    /// The type that a column is cast to where it is read: `text`.
    pub(super) read: Option<String>,
    /// The type, or types, that a parameter is cast to: `text::inet`.
    pub(super) write: Option<String>,
    pub(super) shape: Shape,
}

/// A name that a module has to import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    /// A crate, or `super`.
    pub(super) path: &'static str,
    pub(super) name: String,
}

/// What kind of value it is, as far as arguments and rules care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// `i16`, `i32`, `i64`.
    Integer(&'static str),
    /// `f32`, `f64`.
    Float(&'static str),
    Decimal,
    /// A vector: passed as a slice.
    List,
    Other,
}

impl RustType {
    fn plain(name: &str, shape: Shape) -> Self {
        Self {
            name: name.to_owned(),
            uses: Vec::new(),
            copy: true,
            hash: true,
            ord: true,
            read: None,
            write: None,
            shape,
        }
    }

    fn from_crate(path: &'static str, name: &str) -> Self {
        Self {
            uses: vec![Use {
                path,
                name: name.to_owned(),
            }],
            ..Self::plain(name, Shape::Other)
        }
    }

    fn owned(name: &str, shape: Shape) -> Self {
        Self {
            copy: false,
            ..Self::plain(name, shape)
        }
    }

    /// A type of the generated modules.
    pub(super) fn of_models(name: &str) -> Self {
        Self::from_crate("super", name)
    }

    /// A value that travels as text; `sql` is its type without modifiers.
    fn text_bridge(sql: String) -> Self {
        Self {
            read: Some("text".to_owned()),
            write: Some(format!("text::{sql}")),
            ..Self::owned("String", Shape::Text)
        }
    }

    /// How a function takes it: what is not `Copy` by reference.
    pub(super) fn argument(&self) -> String {
        match self.shape {
            _ if self.copy => self.name.clone(),
            Shape::Text if self.name == "String" => "&str".to_owned(),
            Shape::List => match self
                .name
                .strip_prefix("Vec<")
                .and_then(|n| n.strip_suffix('>'))
            {
                Some(element) => format!("&[{element}]"),
                None => format!("&{}", self.name),
            },
            _ => format!("&{}", self.name),
        }
    }

    /// Wraps the name; what it needs stays the same.
    pub(super) fn renamed(&self, name: String) -> Self {
        Self {
            name,
            ..self.clone()
        }
    }
}

/// Resolves types against one catalog.
pub(super) struct Types<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) names: &'a Names<'a>,
    pub(super) dialect: Dialect,
}

impl Types<'_> {
    pub(super) fn resolve(&self, data_type: &DataType) -> RustType {
        self.at_depth(data_type, DEPTH)
    }

    fn at_depth(&self, data_type: &DataType, depth: usize) -> RustType {
        let sql = self.sql_name(&data_type.name);
        match data_type.dimensions {
            0 => self.scalar(&data_type.name, depth),
            1 => self.list(&data_type.name, &sql, depth),
            // The server does not hold a column to its number of dimensions, and a `Vec` has one.
            dimensions => RustType::text_bridge(sql + &"[]".repeat(usize::from(dimensions))),
        }
    }

    fn list(&self, name: &QualifiedName, sql: &str, depth: usize) -> RustType {
        let element = self.scalar(name, depth);
        if element.shape == Shape::List && self.catalog.domains.contains_key(name) {
            return RustType::text_bridge(format!("{sql}[]"));
        }
        let domain = self.catalog.domains.contains_key(name);
        let bridged = element.read.is_some();
        let write = element.write.as_ref().map(|write| {
            let steps: Vec<String> = write.split("::").map(|s| format!("{s}[]")).collect();
            let cast = steps.join("::");
            // The server knows no assignment from an array of the base type to one of the domain.
            if domain {
                format!("{cast}::{sql}[]")
            } else {
                cast
            }
        });
        let read = match (&element.read, &element.write) {
            (Some(read), _) => Some(format!("{read}[]")),
            (None, Some(base)) if domain && !bridged => Some(format!("{base}[]")),
            (None, _) => None,
        };
        RustType {
            name: format!("Vec<{}>", element.name),
            uses: element.uses,
            copy: false,
            hash: element.hash,
            ord: element.ord,
            read,
            write,
            shape: Shape::List,
        }
    }

    fn scalar(&self, name: &QualifiedName, depth: usize) -> RustType {
        if let Some(rust) = self.names.enums.get(name) {
            return RustType::of_models(rust);
        }
        if let Some(domain) = self.catalog.domains.get(name) {
            let Some(depth) = depth.checked_sub(1) else {
                return RustType::text_bridge(self.sql_name(name));
            };
            let base = self.at_depth(&domain.base, depth);
            // A parameter is sent as the base type: clients do not know the domain's.
            let write = base.write.clone().unwrap_or_else(|| {
                let brackets = "[]".repeat(usize::from(domain.base.dimensions.min(1)));
                self.sql_name(&domain.base.name) + &brackets
            });
            return RustType {
                write: Some(write),
                ..base
            };
        }
        if let Some(composite) = self.catalog.composites.get(name)
            && let Some(rust) = self.composite(composite, depth)
        {
            return rust;
        }
        let builtin = name.schema.is_none() || name.schema_str() == "pg_catalog";
        if builtin && let Some(rust) = builtin_type(&name.name) {
            return rust;
        }
        if self.is_of_extension(name)
            && let Some(rust) = extension_type(&name.name)
        {
            return rust;
        }
        RustType::text_bridge(self.cast_name(name))
    }

    /// A composite has a struct when every attribute can be sent as it is: its fields cannot be
    /// cast one by one.
    pub(super) fn composite(&self, composite: &CompositeType, depth: usize) -> Option<RustType> {
        let name = self.names.composites.get(&composite.name)?;
        let depth = depth.checked_sub(1)?;
        let mut whole = RustType {
            copy: false,
            ord: false,
            ..RustType::of_models(name)
        };
        for (_, data_type, _) in &composite.attributes {
            let attribute = self.at_depth(data_type, depth);
            if attribute.read.is_some() || attribute.write.is_some() {
                return None;
            }
            whole.hash &= attribute.hash;
        }
        (!composite.attributes.is_empty()).then_some(whole)
    }

    pub(super) fn composite_struct(&self, composite: &CompositeType) -> Option<RustType> {
        self.composite(composite, DEPTH)
    }

    fn is_of_extension(&self, name: &QualifiedName) -> bool {
        let ours = self.catalog.relation(name).is_some()
            || self.catalog.ranges.contains_key(name)
            || self.catalog.shell_types.contains_key(name)
            || self.catalog.enums.contains_key(name);
        !ours
    }

    /// The type to cast text to. Without modifiers, and `bit` as what has none: a cast would cut
    /// what is too long, an assignment refuses it.
    fn cast_name(&self, name: &QualifiedName) -> String {
        match name.name.as_str() {
            "bit" if name.schema.is_none() => "bit varying".to_owned(),
            _ => self.sql_name(name),
        }
    }

    /// A type without its modifiers, as SQL.
    fn sql_name(&self, name: &QualifiedName) -> String {
        self.print(&DataType {
            name: name.clone(),
            ..DataType::default()
        })
    }

    /// A type as SQL. The default schema goes without saying, but for a type whose name a built-in
    /// type has.
    pub(super) fn print(&self, data_type: &DataType) -> String {
        let default = self.dialect.default_schema();
        let unsaid = data_type.name.schema.as_deref() == default
            && !crate::dialect::is_builtin_type(&data_type.name.name);
        let mut printed = data_type.clone();
        if unsaid {
            printed.name.schema = None;
        }
        self.dialect.print_type(&printed)
    }

    /// Whether no value of the type is NULL, by a domain's word.
    pub(super) fn is_not_null_domain(&self, data_type: &DataType) -> bool {
        let mut data_type = data_type;
        for _ in 0..DEPTH {
            match self.catalog.domains.get(&data_type.name) {
                Some(_) if data_type.dimensions > 0 => return false,
                Some(domain) if domain.not_null => return true,
                Some(domain) => data_type = &domain.base,
                None => return false,
            }
        }
        false
    }

    /// The built-in type under any domains, for rules.
    pub(super) fn base<'b>(&'b self, data_type: &'b DataType) -> &'b DataType {
        let mut data_type = data_type;
        for _ in 0..DEPTH {
            match self.catalog.domains.get(&data_type.name) {
                Some(domain) if data_type.dimensions == 0 => data_type = &domain.base,
                _ => break,
            }
        }
        data_type
    }
}

/// Types of PostgreSQL itself that the driver and the usual crates have a type for.
fn builtin_type(name: &str) -> Option<RustType> {
    Some(match name {
        "boolean" => RustType::plain("bool", Shape::Other),
        "smallint" => RustType::plain("i16", Shape::Integer("i16")),
        "integer" => RustType::plain("i32", Shape::Integer("i32")),
        "bigint" => RustType::plain("i64", Shape::Integer("i64")),
        "oid" => RustType::plain("u32", Shape::Other),
        "\"char\"" => RustType::plain("i8", Shape::Other),
        "real" => float("f32"),
        "double precision" => float("f64"),
        "numeric" => RustType {
            shape: Shape::Decimal,
            ..RustType::from_crate("rust_decimal", "Decimal")
        },
        "text" | "character varying" | "character" | "name" => {
            RustType::owned("String", Shape::Text)
        }
        "bytea" => RustType::owned("Vec<u8>", Shape::List),
        "date" => RustType::from_crate("chrono", "NaiveDate"),
        "time without time zone" => RustType::from_crate("chrono", "NaiveTime"),
        "timestamp without time zone" => RustType::from_crate("chrono", "NaiveDateTime"),
        "timestamp with time zone" => {
            let uses = ["DateTime", "Utc"].map(|name| Use {
                path: "chrono",
                name: name.to_owned(),
            });
            RustType {
                uses: uses.to_vec(),
                ..RustType::plain("DateTime<Utc>", Shape::Other)
            }
        }
        "uuid" => RustType::from_crate("uuid", "Uuid"),
        "json" | "jsonb" => RustType {
            copy: false,
            hash: false,
            ord: false,
            ..RustType::from_crate("serde_json", "Value")
        },
        _ => return None,
    })
}

fn float(name: &'static str) -> RustType {
    RustType {
        hash: false,
        ord: false,
        ..RustType::plain(name, Shape::Float(name))
    }
}

/// Types of extensions that the driver knows by name.
fn extension_type(name: &str) -> Option<RustType> {
    Some(match name {
        "citext" | "ltree" | "lquery" | "ltxtquery" => RustType::owned("String", Shape::Text),
        "hstore" => RustType {
            hash: false,
            ord: false,
            copy: false,
            ..RustType {
                name: "HashMap<String, Option<String>>".to_owned(),
                ..RustType::from_crate("std::collections", "HashMap")
            }
        },
        _ => return None,
    })
}
