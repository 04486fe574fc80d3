//! The `use` lines of a module, in rustfmt's order.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Insert;
use super::functions::Functions;
use super::layout;
use super::table::Context;
use super::validate::Rules;

/// The `use` lines, in rustfmt's order.
pub(super) fn imports(
    context: &Context<'_>,
    rules: &Rules,
    functions: &Functions,
    has_new: bool,
) -> String {
    let mut paths: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut add = |path: &'static str, name: &str| {
        paths.entry(path).or_default().insert(name.to_owned());
    };
    let own = [&context.names.key, &context.names.row];
    for name in ["Deserialize", "Serialize"] {
        add("serde", name);
    }
    add("tokio_postgres", "Row");
    let key_type = context
        .key()
        .first()
        .filter(|_| context.declares_key())
        .map(|f| {
            let single = context.table.primary_key_columns().len() == 1;
            (single, context.models.types.resolve(&f.column.data_type))
        });
    if let Some((true, inner)) = &key_type {
        add("postgres_types", "FromSql");
        add("postgres_types", "ToSql");
        inner.uses.iter().for_each(|u| add(u.path, &u.name));
    }
    for used in context.fields.iter().flat_map(|f| &f.data_type.uses) {
        if used.path != "super" || !own.contains(&&used.name) {
            add(used.path, &used.name);
        }
    }
    functions
        .uses
        .iter()
        .filter(|u| !own.contains(&&u.name))
        .for_each(|u| add(u.path, &u.name));
    rules.uses.iter().for_each(|u| add(u.path, &u.name));
    if has_new {
        add("super::support", "Cell");
        for field in context.inserted() {
            let defaulted = field.insert == Insert::Defaulted;
            add(
                "super::support",
                match (&field.data_type.write, defaulted) {
                    (None, false) => "value",
                    (None, true) => "or_default",
                    (Some(_), false) => "value_as",
                    (Some(_), true) => "or_default_as",
                },
            );
            if defaulted && field.nullable {
                add("super::support", "present");
            }
        }
    }
    if context.has_patch {
        add("super::support", "Assignments");
        if context.patched().any(|f| f.nullable) {
            add("super::support", "present");
        }
    }
    if context.key().len() > 1 {
        add("super::support", "Param");
    }
    layout_imports(paths)
}

/// Groups: the standard library, other crates, our own modules.
pub(super) fn layout_imports(mut paths: BTreeMap<&str, BTreeSet<String>>) -> String {
    let group = |path: &str| match path {
        p if p.starts_with("std") => 0,
        p if p.starts_with("super") => 2,
        _ => 1,
    };
    let mut groups = [String::new(), String::new(), String::new()];
    // A single name stands before a path of lower case, a list after it.
    let own = paths.remove("super").unwrap_or_default();
    let single = own.len() == 1;
    let own = layout::use_list("use super", own);
    if single {
        groups[2].push_str(&own);
    }
    for (path, names) in paths {
        groups[group(path)].push_str(&layout::use_list(&format!("use {path}"), names));
    }
    if !single {
        groups[2].push_str(&own);
    }
    let groups: Vec<&str> = groups
        .iter()
        .map(String::as_str)
        .filter(|g| !g.is_empty())
        .collect();
    groups.join("\n").trim_end().to_owned()
}
