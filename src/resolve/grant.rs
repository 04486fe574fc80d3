//! GRANT, REVOKE and default privileges.

use super::fold::Fold;
use crate::model::{
    Acl, AclItem, DefaultPrivileges, Grantee, Ident, ObjectId, ObjectKind, QualifiedName,
};
use crate::source::Target;

/// The privileges that ALL stands for.
///
/// Source: PostgreSQL manual, table 5.2 (summary of access privileges), version 15.
fn all_privileges(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Table
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::VirtualTable => &[
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
        ],
        ObjectKind::Column => &["SELECT", "INSERT", "UPDATE", "REFERENCES"],
        ObjectKind::Sequence => &["SELECT", "UPDATE", "USAGE"],
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => &["EXECUTE"],
        ObjectKind::Schema => &["CREATE", "USAGE"],
        _ => &["USAGE"],
    }
}

impl Fold {
    pub(super) fn grant(
        &mut self,
        targets: &[Target],
        items: &[AclItem],
        revoke: bool,
        only_option: bool,
        all_in_schemas: &[Ident],
    ) {
        if all_in_schemas.is_empty() {
            for target in targets {
                if self.locate(target).is_none() {
                    self.keep_for_others("grant", target);
                }
            }
        }
        let ids: Vec<ObjectId> = if all_in_schemas.is_empty() {
            targets.iter().filter_map(|t| self.locate(t)).collect()
        } else {
            let kinds: Vec<ObjectKind> = targets.iter().map(|t| t.kind).collect();
            self.all_in(all_in_schemas, &kinds)
        };
        for id in ids {
            self.grant_one(&id, items, revoke, only_option);
        }
    }

    /// Every object of the kinds in the schemas, as far as it is declared by now.
    fn all_in(&self, schemas: &[Ident], kinds: &[ObjectKind]) -> Vec<ObjectId> {
        let inside =
            |name: &QualifiedName| name.schema.as_ref().is_some_and(|s| schemas.contains(s));
        let mut ids = Vec::new();
        for kind in kinds {
            match kind {
                ObjectKind::Table => {
                    ids.extend(
                        self.catalog
                            .tables
                            .keys()
                            .filter(|n| inside(n))
                            .map(ObjectId::table),
                    );
                    for view in self.catalog.views.values().filter(|v| inside(&v.name)) {
                        let kind = if view.materialized {
                            ObjectKind::MaterializedView
                        } else {
                            ObjectKind::View
                        };
                        ids.push(ObjectId::new(kind, view.name.clone()));
                    }
                }
                ObjectKind::Sequence => {
                    let names = self.catalog.sequences.keys().filter(|n| inside(n));
                    ids.extend(names.map(|n| ObjectId::new(ObjectKind::Sequence, n.clone())));
                }
                _ => {
                    let routines = self.catalog.routines.iter().filter(|((n, _), _)| inside(n));
                    ids.extend(routines.map(|((n, s), _)| {
                        ObjectId::overload(ObjectKind::Function, n.clone(), s.clone())
                    }));
                }
            }
        }
        ids
    }

    fn grant_one(&mut self, id: &ObjectId, items: &[AclItem], revoke: bool, only_option: bool) {
        let owner = self.catalog.facets_mut(id).and_then(|f| f.owner.clone());
        let public_has: &[&str] = match id.kind {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => &["EXECUTE"],
            k if k.is_type() => &["USAGE"],
            ObjectKind::Language => &["USAGE"],
            // What initdb gives everybody on the schema that every database begins with.
            ObjectKind::Schema if Some(&*id.name.name) == self.dialect().default_schema() => {
                let open = self.version.major < 15;
                if open {
                    &["CREATE", "USAGE"]
                } else {
                    &["USAGE"]
                }
            }
            _ => &[],
        };
        let Some(facets) = self.catalog.facets_mut(id) else {
            return;
        };
        change_acl(
            &mut facets.acl,
            id.kind,
            items,
            revoke,
            only_option,
            owner.as_ref(),
            public_has,
        );
    }

    pub(super) fn default_privileges(
        &mut self,
        roles: &[Ident],
        schemas: &[Ident],
        kind: ObjectKind,
        items: &[AclItem],
        (revoke, only_option): (bool, bool),
    ) {
        let or_none = |list: &[Ident]| -> Vec<Option<Ident>> {
            if list.is_empty() {
                vec![None]
            } else {
                list.iter().cloned().map(Some).collect()
            }
        };
        let public_has: &[&str] = match kind {
            ObjectKind::Function => &["EXECUTE"],
            ObjectKind::ShellType => &["USAGE"],
            _ => &[],
        };
        for role in or_none(roles) {
            for schema in or_none(schemas) {
                let key = (role.clone(), schema.clone(), kind);
                let entry = self
                    .catalog
                    .default_privileges
                    .entry(key.clone())
                    .or_insert_with(|| DefaultPrivileges {
                        role: role.clone(),
                        schema: schema.clone(),
                        kind,
                        acl: Acl::default(),
                    });
                let public = if schema.is_none() { public_has } else { &[] };
                change_acl(
                    &mut entry.acl,
                    kind,
                    items,
                    revoke,
                    only_option,
                    role.as_ref(),
                    public,
                );
                if entry.acl.is_empty() {
                    self.catalog.default_privileges.remove(&key);
                }
            }
        }
    }

    /// What default privileges give a fresh object, as GRANT statements would.
    pub(super) fn apply_default_privileges(&mut self, id: &ObjectId) {
        let kind = match id.kind {
            ObjectKind::View | ObjectKind::MaterializedView => ObjectKind::Table,
            ObjectKind::Procedure | ObjectKind::Aggregate => ObjectKind::Function,
            k if k.is_type() => ObjectKind::ShellType,
            k => k,
        };
        let mut acls: Vec<Acl> = Vec::new();
        for schema in [None, id.name.schema.clone()] {
            if let Some(found) = self.catalog.default_privileges.get(&(None, schema, kind)) {
                acls.push(found.acl.clone());
            }
        }
        if let Some(facets) = self.catalog.facets_mut(id) {
            for acl in acls {
                for item in acl.granted {
                    grant_one(&mut facets.acl, item);
                }
                facets.acl.revoked.extend(acl.revoked);
            }
        }
    }
}

/// Applies privileges to an access control list.
fn change_acl(
    acl: &mut Acl,
    kind: ObjectKind,
    items: &[AclItem],
    revoke: bool,
    only_option: bool,
    owner: Option<&Ident>,
    public_has: &[&str],
) {
    for item in items {
        let kind = if item.column.is_some() {
            ObjectKind::Column
        } else {
            kind
        };
        let expanded: Vec<Box<str>> = if &*item.privilege == "ALL" {
            all_privileges(kind).iter().map(|p| Box::from(*p)).collect()
        } else {
            vec![item.privilege.clone()]
        };
        for privilege in expanded {
            let one = AclItem {
                privilege,
                ..item.clone()
            };
            if revoke {
                revoke_one(acl, one, only_option, owner, public_has);
            } else {
                grant_one(acl, one);
            }
        }
    }
}

fn grant_one(acl: &mut Acl, item: AclItem) {
    let other = AclItem {
        grant_option: !item.grant_option,
        ..item.clone()
    };
    let plain = AclItem {
        grant_option: false,
        ..item.clone()
    };
    let was_revoked = acl.revoked.remove(&plain);
    // What everybody has from the start needs no grant again.
    if was_revoked && item.grantee == Grantee::Public {
        return;
    }
    if item.grant_option {
        acl.granted.remove(&other);
    } else if acl.granted.contains(&other) {
        return;
    }
    acl.granted.insert(item);
}

fn revoke_one(
    acl: &mut Acl,
    item: AclItem,
    only_option: bool,
    owner: Option<&Ident>,
    public_has: &[&str],
) {
    let with_option = AclItem {
        grant_option: true,
        ..item.clone()
    };
    let plain = AclItem {
        grant_option: false,
        ..item.clone()
    };
    if only_option {
        if acl.granted.remove(&with_option) {
            acl.granted.insert(plain);
        }
        return;
    }
    let had = acl.granted.remove(&with_option) | acl.granted.remove(&plain);
    let by_default = match &plain.grantee {
        Grantee::Public => public_has.contains(&&*plain.privilege),
        Grantee::Role(role) => owner.is_some_and(|o| o == role),
    };
    if !had && by_default {
        acl.revoked.insert(plain);
    }
}
