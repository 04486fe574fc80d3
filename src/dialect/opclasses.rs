//! The operator classes that an index takes by itself.

use crate::model::DataType;

/// Method, class, types: a line each.
static DEFAULTS: &str = include_str!("opclasses.txt");

/// The classes that have to be named.
static NAMED: &str = include_str!("opclasses_named.txt");

/// Whether an operator class takes the values of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassFit {
    /// It does, or it is not known.
    Fits,
    /// The method has none for the type by itself.
    NoDefault,
    /// The class is for other types.
    Unfit,
}

/// Types that are a class's own or nobody's: none is taken for another one, but `character varying` for `text`.
const PLAIN: [&str; 28] = [
    "bigint",
    "boolean",
    "box",
    "bytea",
    "character",
    "character varying",
    "circle",
    "date",
    "double precision",
    "inet",
    "integer",
    "interval",
    "json",
    "jsonb",
    "line",
    "lseg",
    "numeric",
    "path",
    "point",
    "polygon",
    "real",
    "smallint",
    "text",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "uuid",
    "xml",
];

/// Whether an index of the server's own methods takes a type, by the class that is named or by itself.
///
/// Source: src/backend/commands/indexcmds.c (`ResolveOpClass`).
pub fn fit_of_class(method: &str, class: Option<&str>, of: &DataType) -> ClassFit {
    const METHODS: [&str; 6] = ["btree", "hash", "gist", "spgist", "gin", "brin"];
    let lines = DEFAULTS.lines().chain(NAMED.lines());
    let mut classes = lines.filter_map(|line| {
        let (by, rest) = line.split_once(' ')?;
        let (name, types) = rest.split_once(' ')?;
        (by == method).then_some((name, types))
    });
    if let Some(class) = class
        && METHODS.contains(&method)
        && !classes.clone().any(|(name, _)| name == class)
    {
        return ClassFit::Fits;
    }
    let name = of.name.name.as_str();
    if of.name.schema.is_some()
        || of.is_array()
        || !PLAIN.contains(&name)
        || !METHODS.contains(&method)
    {
        return ClassFit::Fits;
    }
    let name = match name {
        "character varying" => "text",
        name => name,
    };
    let takes = |types: &str| types.split(", ").any(|t| t == name);
    // A string of one kind is one of the other.
    let takes =
        |types: &str| takes(types) || class.is_some() && name == "text" && types == "character";
    match class {
        // Numbers of objects are numbers.
        Some("oid_ops" | "oid_minmax_ops") if name == "integer" => ClassFit::Fits,
        Some(class) if !classes.any(|(n, types)| n == class && takes(types)) => ClassFit::Unfit,
        None if !DEFAULTS.lines().any(|line| {
            let mut words = line.splitn(3, ' ');
            words.next() == Some(method) && words.nth(1).is_some_and(takes)
        }) =>
        {
            ClassFit::NoDefault
        }
        _ => ClassFit::Fits,
    }
}

/// Whether the server would take this class for a column of the type, so that naming it says nothing.
///
/// Source: src/backend/commands/indexcmds.c (`GetDefaultOpClass`). Types of extensions, enums and domains
/// are not known here: theirs stay named.
pub fn is_default_operator_class(method: &str, class: &str, of: &DataType) -> bool {
    if of.name.schema.is_some() {
        return false;
    }
    let name = match (of.is_array(), of.name.name.as_str()) {
        (true, _) => "anyarray",
        (false, "character varying") => "text",
        (false, name) => name,
    };
    let name = match name.strip_suffix("multirange") {
        Some(_) => "anymultirange",
        None if name.ends_with("range") => "anyrange",
        None => name,
    };
    DEFAULTS.lines().any(|line| {
        let mut words = line.splitn(3, ' ');
        words.next() == Some(method)
            && words.next() == Some(class)
            && words
                .next()
                .unwrap_or_default()
                .split(", ")
                .any(|t| t == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_fit_types_or_do_not() {
        let of = DataType::builtin;
        for (method, class, data_type, fit) in [
            ("btree", None, "text", ClassFit::Fits),
            ("btree", None, "json", ClassFit::NoDefault),
            ("gin", None, "text", ClassFit::NoDefault),
            ("gin", None, "tsvector", ClassFit::Fits),
            (
                "btree",
                Some("text_pattern_ops"),
                "character varying",
                ClassFit::Fits,
            ),
            (
                "btree",
                Some("text_pattern_ops"),
                "integer",
                ClassFit::Unfit,
            ),
            ("btree", Some("no_ops"), "integer", ClassFit::Fits),
            ("bloom", Some("no_ops"), "integer", ClassFit::Fits),
        ] {
            let found = fit_of_class(method, class, &of(data_type));
            assert_eq!(found, fit, "{method} {class:?} {data_type}");
        }
    }

    #[test]
    fn defaults_go_by_method_and_type() {
        let text = DataType::builtin("text");
        let varchar = DataType::builtin("character varying");
        let mut list = DataType::builtin("text");
        list.dimensions = 1;
        for (method, class, of, is) in [
            ("btree", "text_ops", &text, true),
            ("btree", "text_ops", &varchar, true),
            ("btree", "text_pattern_ops", &text, false),
            ("gin", "array_ops", &list, true),
            ("btree", "array_ops", &list, true),
            ("gin", "jsonb_ops", &DataType::builtin("jsonb"), true),
            ("gin", "jsonb_path_ops", &DataType::builtin("jsonb"), false),
            ("gist", "range_ops", &DataType::builtin("tstzrange"), true),
        ] {
            assert_eq!(
                is_default_operator_class(method, class, of),
                is,
                "{method} {class}"
            );
        }
    }
}
