//! The functions that base types and ranges are made of, and that are made of them in turn.
//!
//! Source: `findTypeInputFunction` and its neighbours in src/backend/commands/typecmds.c.

use super::name_of;
use crate::dialect::Dialect;
use crate::model::{Catalog, Expr, ObjectId, ObjectKind, RangeType, ShellType};

/// The base types and ranges that a function is part of.
pub fn types_made_of(catalog: &Catalog, function: &ObjectId) -> Vec<ObjectId> {
    let arguments = function.signature.as_deref().unwrap_or_default();
    let named = |e: &Expr| name_of(e.text(), Dialect::Postgres).as_ref() == Some(&function.name);
    let range = |range: &&RangeType| {
        let own = range.subtype.signature_text();
        let of = |option: &str, takes: String| {
            takes == arguments && range.options.get(option).is_some_and(named)
        };
        of("subtype_diff", format!("{own}, {own}")) || of("canonical", range.name.to_string())
    };
    let ranges = { catalog.ranges.values() }
        .filter(range)
        .map(|r| ObjectId::new(ObjectKind::Range, r.name.clone()));
    let base = |base: &&ShellType| {
        let own = base.name.to_string();
        let mut options = base.options.iter();
        options.any(|(option, function)| takes(option, arguments, &own) && named(function))
    };
    let bases = { catalog.shell_types.values() }
        .filter(base)
        .map(|b| ObjectId::new(ObjectKind::ShellType, b.name.clone()));
    ranges.chain(bases).collect()
}

/// Whether an option of a base type is a function.
pub fn is_support_option(option: &str) -> bool {
    matches!(
        option,
        "input"
            | "output"
            | "receive"
            | "send"
            | "typmod_in"
            | "typmod_out"
            | "analyze"
            | "subscript"
    )
}

/// Whether a function of the arguments is what an option of a base type asks for.
fn takes(option: &str, arguments: &str, own: &str) -> bool {
    match option {
        "input" => matches!(arguments, "cstring" | "cstring, oid, integer"),
        "receive" => matches!(arguments, "internal" | "internal, oid, integer"),
        "output" | "send" => arguments == own,
        "typmod_in" => arguments == "cstring[]",
        "typmod_out" => arguments == "integer",
        "analyze" | "subscript" => arguments == "internal",
        _ => false,
    }
}
