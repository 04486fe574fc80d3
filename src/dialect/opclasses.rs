//! The operator classes that an index takes by itself.

use crate::model::DataType;

/// Method, class, types: a line each.
static DEFAULTS: &str = include_str!("opclasses.txt");

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
