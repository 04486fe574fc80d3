//! Names: their form, their length, and what the database makes of them.

pub(in crate::check) mod case;
pub(in crate::check) mod identifier_collision;
pub(in crate::check) mod identifier_too_long;
pub(in crate::check) mod reserved_word;

use crate::check::Context;
use crate::model::{Catalog, Ident, ObjectId, ObjectKind};

/// Every object with a name that its author chose or the server made, columns included; those of
/// external schemas are left out.
fn named_objects<'a>(cx: &Context<'a>) -> impl Iterator<Item = (ObjectId, Ident)> + use<'a> {
    let catalog = cx.catalog;
    let objects = catalog.objects().into_iter().map(|(id, _)| id);
    let named = objects.filter(|id| !has_no_name(id.kind) && !is_external(catalog, id));
    let named = named.map(|id| {
        let name = id.member.as_ref().unwrap_or(&id.name.name).clone();
        (id, name)
    });
    let columns = cx.columns().map(|(table, column)| {
        let id = ObjectId::column(&table.name, &column.name);
        (id, column.name.clone())
    });
    named.chain(columns)
}

/// Kinds whose identity is no name, or a name that somebody else gave.
fn has_no_name(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Extension
            | ObjectKind::Language
            | ObjectKind::Operator
            | ObjectKind::Cast
            | ObjectKind::UserMapping
            | ObjectKind::DefaultPrivileges
            | ObjectKind::Opaque
            | ObjectKind::Kept
    )
}

fn is_external(catalog: &Catalog, id: &ObjectId) -> bool {
    if id.kind == ObjectKind::Schema {
        let schema = catalog.schemas.get(&id.name.name);
        return schema.is_some_and(|s| s.external);
    }
    catalog.is_external(&id.name)
}
