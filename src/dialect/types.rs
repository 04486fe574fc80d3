//! Type names: aliases, printing, SQLite's affinities.

use super::Dialect;
use crate::model::DataType;

/// The name that `format_type` prints for a built-in type's alias: `int8` is `bigint`.
///
/// Source: PostgreSQL manual, table 8.1 (data types) and 8.2 (aliases).
pub fn canonical_type_name(name: &str) -> &str {
    match name {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "float4" => "real",
        "float8" | "float" => "double precision",
        "decimal" | "dec" => "numeric",
        "varchar"
        | "char varying"
        | "nvarchar"
        | "national character varying"
        | "national char varying"
        | "nchar varying" => "character varying",
        "char" | "bpchar" | "nchar" | "national character" | "national char" => "character",
        "varbit" => "bit varying",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        other => other,
    }
}

/// Every type of `pg_catalog` that a column can have, by its `format_type` name; sorted.
static BUILTIN: &[&str] = &[
    "\"any\"",
    "\"char\"",
    "aclitem",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bytea",
    "character",
    "character varying",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "double precision",
    "event_trigger",
    "fdw_handler",
    "gtsvector",
    "index_am_handler",
    "inet",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "integer",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_node_tree",
    "pg_snapshot",
    "point",
    "polygon",
    "real",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "smallint",
    "table_am_handler",
    "text",
    "tid",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "void",
    "xid",
    "xid8",
    "xml",
];

/// How the server stores a type unless told otherwise; the word DEFAULT is not known before
/// PostgreSQL 16.
///
/// Source: `typstorage` in pg_type.dat.
pub fn default_storage(data_type: &DataType) -> &'static str {
    let name = canonical_type_name(&data_type.name.name);
    let fixed = matches!(
        name,
        "smallint"
            | "integer"
            | "bigint"
            | "real"
            | "double precision"
            | "boolean"
            | "uuid"
            | "date"
            | "oid"
            | "money"
            | "interval"
            | "name"
            | "point"
            | "box"
            | "line"
            | "lseg"
            | "circle"
            | "macaddr"
            | "macaddr8"
    ) || name.starts_with("time");
    match name {
        _ if data_type.is_array() => "extended",
        "numeric" | "inet" | "cidr" => "main",
        _ if fixed => "plain",
        _ => "extended",
    }
}

/// The types of PostgreSQL itself, by their `format_type` names.
pub fn builtin_types() -> &'static [&'static str] {
    BUILTIN
}

/// The integer type that a serial type is, beside its sequence (PostgreSQL manual, section 8.1.4).
pub fn serial_integer(data_type: &DataType) -> Option<&'static str> {
    match data_type.name.name.as_str() {
        _ if data_type.name.schema.is_some() => None,
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        "smallserial" | "serial2" => Some("smallint"),
        _ => None,
    }
}

/// Whether `name` (canonical) is a type of PostgreSQL itself.
pub fn is_builtin_type(name: &str) -> bool {
    BUILTIN.binary_search(&name).is_ok()
}

impl Dialect {
    /// A type as SQL: built-in names as they are, others quoted, with modifiers and brackets.
    pub fn print_type(self, data_type: &DataType) -> String {
        let mut text = self.print_type_name(data_type);
        if data_type.dimensions > 0 && self == Self::Postgres {
            for _ in 0..data_type.dimensions {
                text.push_str("[]");
            }
        }
        text
    }

    fn print_type_name(self, data_type: &DataType) -> String {
        let name = &data_type.name;
        if self == Self::Sqlite {
            return match data_type.modifiers.as_slice() {
                [] => name.name.to_string(),
                modifiers => format!("{}({})", name.name, modifiers.join(", ")),
            };
        }
        let modifiers = &data_type.modifiers;
        if name.schema.is_some() || !is_builtin_type(&name.name) {
            let base = self.quote_name(name);
            return match modifiers.as_slice() {
                [] => base,
                modifiers => format!("{base}({})", modifiers.join(",")),
            };
        }
        match name.name.as_str() {
            "interval" => print_interval(modifiers),
            // The precision stands inside: timestamp(3) with time zone.
            base if base.contains(" time zone") && !modifiers.is_empty() => {
                let (head, tail) = base.split_once(' ').unwrap_or((base, ""));
                format!("{head}({}) {tail}", modifiers.join(","))
            }
            base => match modifiers.as_slice() {
                [] => base.to_owned(),
                modifiers => format!("{base}({})", modifiers.join(",")),
            },
        }
    }
}

/// The alias by which people know a built-in type that `format_type` spells at length.
fn short_name(name: &str) -> &str {
    match name {
        "character varying" => "varchar",
        "character" => "char",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        other => other,
    }
}

impl Dialect {
    /// A type as documents and diagrams print it, unquoted: short aliases (`varchar(255)`,
    /// `timestamptz`), and no schema where it is the default one.
    pub fn short_type(self, data_type: &DataType) -> String {
        let name = &data_type.name;
        let mut text = match name.schema.as_deref() {
            None if name.name == "interval" => print_interval(&data_type.modifiers),
            None => with_modifiers(short_name(&name.name), &data_type.modifiers),
            schema if schema == self.default_schema() => {
                with_modifiers(&name.name, &data_type.modifiers)
            }
            Some(schema) => {
                with_modifiers(&format!("{schema}.{}", name.name), &data_type.modifiers)
            }
        };
        for _ in 0..data_type.dimensions {
            text.push_str("[]");
        }
        text
    }
}

fn with_modifiers(base: &str, modifiers: &[Box<str>]) -> String {
    match modifiers {
        [] => base.to_owned(),
        modifiers => format!("{base}({})", modifiers.join(",")),
    }
}

/// `interval year to month`, `interval second(3)`, `interval(3)`.
fn print_interval(modifiers: &[Box<str>]) -> String {
    let mut text = String::from("interval");
    for modifier in modifiers {
        if modifier.bytes().all(|b| b.is_ascii_digit()) {
            text.push_str(&format!("({modifier})"));
        } else {
            text.push(' ');
            text.push_str(modifier);
        }
    }
    text
}

/// The affinity of a declared type.
///
/// Source: SQLite, "Datatypes In SQLite", section 3.1.
pub fn sqlite_affinity(declared: &str) -> &'static str {
    let upper = declared.to_ascii_uppercase();
    if upper.contains("INT") {
        "INTEGER"
    } else if ["CHAR", "CLOB", "TEXT"].iter().any(|w| upper.contains(w)) {
        "TEXT"
    } else if upper.is_empty() || upper.contains("BLOB") {
        "BLOB"
    } else if ["REAL", "FLOA", "DOUB"].iter().any(|w| upper.contains(w)) {
        "REAL"
    } else {
        "NUMERIC"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_list_is_sorted() {
        assert!(BUILTIN.is_sorted());
    }

    #[test]
    fn short_types_read_as_people_write_them() {
        let mut t = DataType::builtin("character varying");
        t.modifiers.push("255".into());
        assert_eq!(Dialect::Postgres.short_type(&t), "varchar(255)");
        let mut t = DataType::builtin("timestamp with time zone");
        t.dimensions = 1;
        assert_eq!(Dialect::Postgres.short_type(&t), "timestamptz[]");
        let mut t = DataType::builtin("x");
        t.name.schema = Some("public".into());
        assert_eq!(Dialect::Postgres.short_type(&t), "x");
        t.name.schema = Some("auth".into());
        assert_eq!(Dialect::Postgres.short_type(&t), "auth.x");
    }

    #[test]
    fn precision_stands_inside_time_types() {
        let mut t = DataType::builtin("timestamp with time zone");
        t.modifiers.push("3".into());
        assert_eq!(
            Dialect::Postgres.print_type(&t),
            "timestamp(3) with time zone"
        );
    }
}
