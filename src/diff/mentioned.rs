//! What a declared schema says something about: owners, privileges, tablespaces.
//!
//! What nobody mentions is not managed: against a database it is neither compared nor changed.

use super::Managed;
use crate::model::{Catalog, ConstraintKind, ObjectRef};

pub(super) fn mentioned(catalog: &Catalog) -> Managed {
    let mut managed = Managed {
        owners: false,
        privileges: !catalog.default_privileges.is_empty(),
        tablespaces: false,
    };
    for (id, object) in catalog.objects() {
        if catalog.is_external(&id.name) {
            continue;
        }
        if let Some(facets) = object.facets() {
            managed.owners |= facets.owner.is_some();
            managed.privileges |= !facets.acl.is_empty();
        }
        managed.tablespaces |= has_tablespace(object);
    }
    managed
}

fn has_tablespace(object: ObjectRef<'_>) -> bool {
    match object {
        ObjectRef::Table(o) => o.tablespace.is_some(),
        ObjectRef::View(o) => o.tablespace.is_some(),
        ObjectRef::Index(_, o) => o.tablespace.is_some(),
        ObjectRef::Constraint(_, o) => match &o.kind {
            ConstraintKind::PrimaryKey { tablespace, .. }
            | ConstraintKind::Unique { tablespace, .. }
            | ConstraintKind::Exclusion { tablespace, .. } => tablespace.is_some(),
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } => false,
        },
        _ => false,
    }
}
