//! Rules about what a migration does to those who use the database while it runs, and afterwards.

pub(in crate::check) mod add_required_column;
pub(in crate::check) mod data_narrowing;
pub(in crate::check) mod dml_without_where;
pub(in crate::check) mod drop_column;
pub(in crate::check) mod drop_schema;
pub(in crate::check) mod drop_table;
pub(in crate::check) mod index_not_concurrent;
pub(in crate::check) mod lock_timeout;
pub(in crate::check) mod set_not_null;
pub(in crate::check) mod truncate;

use crate::model::{Column, ObjectId, QualifiedName};

/// How a loss is allowed, as the end of a help.
fn allow_loss(object: &ObjectId) -> String {
    format!(
        "then allow it by name: `--allow deletes-data:{}`",
        object.path()
    )
}

/// Whether a column has a sequence of its own, as `serial` makes it.
fn is_serial(column: &Column) -> bool {
    let name = &column.data_type.name;
    let serial = [
        "serial",
        "bigserial",
        "smallserial",
        "serial2",
        "serial4",
        "serial8",
    ];
    name.schema.is_none() && serial.contains(&name.name.as_str())
}

/// The names of relations in a sentence.
fn listed(names: &[QualifiedName]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
