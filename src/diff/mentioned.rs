//! What a declared schema says something about: owners, privileges, tablespaces.
//!
//! What nobody mentions is not managed: against a database it is neither compared nor changed.

use super::Managed;
use crate::model::{Catalog, ConstraintKind, Facets, ObjectRef};

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
        if let Some(facets) = facets(object) {
            managed.owners |= facets.owner.is_some();
            managed.privileges |= !facets.acl.is_empty();
        }
        managed.tablespaces |= has_tablespace(object);
    }
    managed
}

fn facets<'a>(object: ObjectRef<'a>) -> Option<&'a Facets> {
    Some(match object {
        ObjectRef::Schema(o) => &o.facets,
        ObjectRef::Language(o) => &o.facets,
        ObjectRef::Collation(o) => &o.facets,
        ObjectRef::ShellType(o) => &o.facets,
        ObjectRef::Enum(o) => &o.facets,
        ObjectRef::Domain(o) => &o.facets,
        ObjectRef::Composite(o) => &o.facets,
        ObjectRef::Range(o) => &o.facets,
        ObjectRef::Sequence(o) => &o.facets,
        ObjectRef::Routine(o) => &o.facets,
        ObjectRef::Aggregate(o) => &o.facets,
        ObjectRef::Operator(o) => &o.facets,
        ObjectRef::OperatorFamily(o) => &o.facets,
        ObjectRef::OperatorClass(o) => &o.facets,
        ObjectRef::Conversion(o) => &o.facets,
        ObjectRef::TextSearch(o) => &o.facets,
        ObjectRef::ForeignDataWrapper(o) => &o.facets,
        ObjectRef::ForeignServer(o) => &o.facets,
        ObjectRef::Table(o) => &o.facets,
        ObjectRef::View(o) => &o.facets,
        ObjectRef::Statistics(o) => &o.facets,
        ObjectRef::EventTrigger(o) => &o.facets,
        ObjectRef::Publication(o) => &o.facets,
        ObjectRef::Subscription(o) => &o.facets,
        ObjectRef::Extension(_)
        | ObjectRef::AccessMethod(_)
        | ObjectRef::Cast(_)
        | ObjectRef::UserMapping(_)
        | ObjectRef::VirtualTable(_)
        | ObjectRef::Constraint(..)
        | ObjectRef::Index(..)
        | ObjectRef::Rule(..)
        | ObjectRef::Trigger(..)
        | ObjectRef::Policy(..)
        | ObjectRef::DefaultPrivileges(_)
        | ObjectRef::Opaque(_) => return None,
    })
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
